using Pipeline.Models.Complaints;
using Pipeline.Models.Text;
using Pipeline.Reports.Sheets;

namespace Pipeline.Reports.Workbooks.Quality;

/// <summary>Rows that could not be counted, each with where it stands and why.</summary>
internal static class QuarantineSheet
{
    public static void Add(Composer c)
    {
        Sheet sheet = c.Page(c.T("隔离清单", "Quarantine"), c.T("隔离清单", "Quarantined rows"), c.T("哪些行不能计数、为什么、在文件的哪一行", "Which rows cannot be counted, why, and where they stand"));
        IReadOnlyList<QuarantineLine> lines = c.Report.Quality.Quarantine;
        if (lines.Count == 0)
        {
            sheet.Width(1, 60);
            sheet.Row(Cell.Of(c.T("没有被隔离的行。", "No row is in quarantine."), Styles.Finding));
            return;
        }
        string reasons = string.Join(c.T("；", "; "), lines
            .GroupBy(l => l.Reason, StringComparer.Ordinal).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => c.T($"{QualityCodes.Sentence(g.Key, c.Language).TrimEnd('。')}（{g.Count()} 行）", $"{QualityCodes.Sentence(g.Key, c.Language).TrimEnd('.')} ({g.Count()})")));
        TableColumn[] columns =
        [
            new(c.T("编号", "Id"), 9), new(c.T("文件", "File"), 26, true), new(c.T("工作表", "Sheet"), 12, true), new(c.T("行号", "Line"), 9), new(c.T("工单号", "Case number"), 20, true),
            new(c.T("列", "Column"), 16, true), new(c.T("值（脱敏）", "Value (masked)"), 22, true), new(c.T("原因", "Reason"), 62, true), new(c.T("代码", "Code"), 24, true), new(c.T("状态", "State"), 16),
        ];
        for (int i = 0; i < columns.Length; i++)
        {
            sheet.Width(i + 1, columns[i].Width);
        }
        sheet.Paragraph(c.T($"共 {lines.Count} 行：{reasons}。", $"{English.Count(lines.Count, "row")}: {reasons}."), Styles.Finding, 1, columns.Length);
        sheet.Skip();
        TablePlace place = sheet.Table(new SheetTable("Quarantine", columns, lines.Count, lines.Select(l => (IReadOnlyList<Cell>)
        [
            Cell.Of(l.Id), Cell.Of(l.File), Cell.Of(l.Sheet), Cell.Of(l.Line), Cell.Of(l.CaseNumber), Cell.Of(Words.Field(c, l.Column)), Cell.Of(l.ValueMasked, Styles.TextWrapped),
            Cell.Of(QualityCodes.Sentence(l.Reason, c.Language), Styles.TextWrapped), Cell.Of(l.Reason, Styles.Code), Cell.Of(l is { State: "open", CameAgain: true } ? c.T("待处理；另已入账", "Open; came again") : Words.QuarantineState(c, l.State), Styles.Text with { Align = CellAlign.Center }),
        ])));
        sheet.FreezeBelow(place);
    }
}
