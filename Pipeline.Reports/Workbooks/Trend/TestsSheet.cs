using Pipeline.Models.Measures;
using Pipeline.Reports.Sheets;

namespace Pipeline.Reports.Workbooks.Trend;

/// <summary>Every series that was tested, with its verdict: what the summary chose its sentences from.</summary>
internal static class TestsSheet
{
    public static void Add(Composer c, IReadOnlyList<Signal> signals)
    {
        Sheet sheet = c.Page(c.T("变动检验", "Tests"), c.T("变动检验", "Tests of change"), c.T("每个序列本月是否超出随机波动，按显著程度排列", "Whether each series moved beyond chance, the least likely first"));
        List<Signal> listed = [.. signals.Where(s => s.IsJudged)];
        TablePlace place = sheet.Table(SheetTable.Of(
            "Tests",
            [
                new(c.T("指标", "Measure"), 22, true), new(c.T("维度", "Dimension"), 16, true), new(c.T("类别", "Class"), 34, true), new(c.T("本月", "This month"), 11),
                new(c.T("往月平均", "Mean before"), 12), new(c.T("比值", "Ratio"), 10), new(c.T("p 值", "p-value"), 11), new(c.T("单独判断", "By itself"), 24, true), new(c.T("控制错误发现率后", "After control"), 24, true),
            ],
            [.. listed.Select(s => (IReadOnlyList<Cell>)
            [
                Cell.Of(c.MeasureName(s.Measure)),
                Cell.Of(s.Term is { } t ? c.DimensionName(t.Dimension) : c.T("全部", "All")),
                Cell.Of(s.Term is { } u ? c.Label(u.Dimension, u.Member) : c.T("合计", "Total")),
                c.Cell(s.Measure, c.Month, s.Terms),
                Cell.Of(Math.Round(s.Verdict.Expected, 1), Styles.Days),
                Cell.Of(Math.Round(s.Count / s.Verdict.Expected, 2), Styles.Score),
                Cell.Of(Math.Round(s.Verdict.PValue, 6), PValue),
                Words.Verdict(c, s.Verdict.Kind),
                Cell.Of(s.Follows ? c.T("成立，随整体变动", "stands, with its whole") : s.Stands ? c.T("成立", "stands") : c.T("不成立", "–"), Styles.Text with { Color = s.Stands ? Palette.Ink : Palette.Muted }),
            ])]));
        sheet.FreezeBelow(place);
        sheet.Skip();
        sheet.Paragraph(
            c.T($"另有 {signals.Count - listed.Count} 个序列期望不足 5 件或往月不足 3 个月，未检验。方法见“{c.Names.Definitions}”。", $"{signals.Count - listed.Count} more series expect fewer than 5, or have fewer than 3 earlier months, and were not tested. Methods: sheet {c.Names.Definitions}."),
            Styles.Note, 1, 9);
    }

    private static readonly CellStyle PValue = Styles.Probability with { Format = "0.0000" };
}
