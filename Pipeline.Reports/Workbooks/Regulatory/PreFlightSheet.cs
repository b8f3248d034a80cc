using Pipeline.Models.Regulatory;
using Pipeline.Reports.Sheets;

namespace Pipeline.Reports.Workbooks.Regulatory;

/// <summary>What was checked before filing, the worst first: severity, where, how many, what to do.</summary>
internal static class PreFlightSheet
{
    private static readonly CellStyle Blocking = Styles.TextWrapped with { Bold = true, Color = Palette.Alert };
    private static readonly CellStyle Warning = Styles.TextWrapped with { Bold = true };
    private static readonly CellStyle Rows = Styles.Count with { Top = true };

    public static void Add(Composer c)
    {
        if (c.Report.PreFlight is not { } findings || c.Report.Regulatory!.Rules.ViewsOf(c.Report.Taxonomy.Id).Count == 0)
        {
            return;
        }
        Sheet sheet = c.Page(c.T("报送前检查", "Pre-flight"), c.T("报送前检查", "Check before filing"), c.T("能不能报送；有什么要先处理", "Whether the figures can be filed, and what must be done first"));
        int blocking = findings.Count(f => f.Severity == PreFlightSeverity.Blocking);
        int warnings = findings.Count(f => f.Severity == PreFlightSeverity.Warning);
        sheet.Paragraph(
            blocking > 0
                ? c.T($"■ 不得报送：{blocking} 项阻断，{warnings} 项警告。", $"■ Do not file: {blocking} blocking, {warnings} to look at.")
                : c.T($"○ 没有阻断项，{warnings} 项警告。", $"○ Nothing blocks, {warnings} to look at."),
            Styles.Finding with { Bold = true, Color = blocking > 0 ? Palette.Alert : Palette.Good }, 1, 6);
        if (findings.Count > 0)
        {
            sheet.FreezeBelow(Findings(c, sheet, findings), 2);
        }
        Passed(c, sheet);
    }

    private static TablePlace Findings(Composer c, Sheet sheet, IReadOnlyList<PreFlightFinding> findings) => sheet.Table(SheetTable.Of(
        "PreFlight",
        [
            new(c.T("级别", "Severity"), 14, true), new(c.T("位置", "Where"), 22, true), new(c.T("件数", "Cases"), 9), new(c.T("发现", "Found"), 56, true),
            new(c.T("怎么办", "What to do"), 46, true), new(c.T("工单（至多十件）", "Cases (at most ten)"), 40, true), new(c.T("代号", "Code"), 22, true),
        ],
        [.. findings.Select(f => (IReadOnlyList<Cell>)
        [
            Cell.Of(Severity(c, f.Severity), f.Severity switch { PreFlightSeverity.Blocking => Blocking, PreFlightSeverity.Warning => Warning, _ => Styles.TextWrapped }),
            Cell.Of(c.T(f.Where), Styles.TextWrapped), Cell.Of(f.Rows, Rows), Cell.Of(c.T(f.Found), Styles.TextWrapped), Cell.Of(c.T(f.Act), Styles.TextWrapped),
            Cell.Of(string.Join(c.T("、", ", "), f.Cases), Styles.Code with { Wrap = true, Top = true }), Cell.Of(f.Code, Styles.Code with { Top = true }),
        ])]));

    /// <summary>The evidence that the other checks were made.</summary>
    private static void Passed(Composer c, Sheet sheet)
    {
        IReadOnlyList<PreFlightPass> passed = c.Report.PreFlightPassed;
        if (passed.Count == 0)
        {
            return;
        }
        sheet.Skip();
        sheet.Row(Cell.Of(c.T($"已检查，未发现问题（{passed.Count} 项）", $"Checked, nothing found ({passed.Count})"), Styles.Section));
        sheet.Table(SheetTable.Of(
            "PreFlightPassed",
            [
                new(c.T("结果", "Result"), 14, true), new(c.T("位置", "Where"), 22, true), new(c.T("序号", "No."), 9), new(c.T("检查了什么", "What was checked"), 56, true), new(c.T("代号", "Code"), 46, true),
            ],
            [.. passed.Select((p, i) => (IReadOnlyList<Cell>)
            [
                Cell.Of(c.T("✓ 未发现", "✓ nothing found"), Styles.TextWrapped), Cell.Of(c.T(p.Where), Styles.TextWrapped), Cell.Of(i + 1, Rows), Cell.Of(c.T(p.Checked), Styles.TextWrapped), Cell.Of(p.Code, Styles.Code with { Top = true }),
            ])]));
    }

    private static string Severity(Composer c, PreFlightSeverity severity) => severity switch
    {
        PreFlightSeverity.Blocking => c.T("■ 阻断", "■ blocking"),
        PreFlightSeverity.Warning => c.T("▲ 警告", "▲ warning"),
        _ => c.T("· 提示", "· note"),
    };
}
