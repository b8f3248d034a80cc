using Pipeline.Models.Complaints;
using Pipeline.Models.Taxonomy;
using Pipeline.Models.Text;
using Pipeline.Reports.Sheets;

namespace Pipeline.Reports.Workbooks.Quality;

/// <summary>Predictions that count although the model is not sure: what an analyst should look at first.</summary>
internal static class ReviewSheet
{
    public static void Add(Composer c)
    {
        Sheet sheet = c.Page(c.T("待复核预测", "To review"), c.T("待复核预测", "Predictions to review"), c.T("模型把握不足、但计数所用的标签，最没把握者在前", "Labels that count although the model is not sure, the least sure first"));
        List<(CaseRow Row, string Head, HeadLabel Label)> rows = [.. c.Report.Cases
            .SelectMany(r => ((string, HeadLabel)[])[(Dimensions.Nature, r.Fact.Nature), (Dimensions.Business, r.Fact.Business), (Dimensions.Cause, r.Fact.Cause)],
                (r, h) => (r, h.Item1, h.Item2))
            .Where(x => x.Item3 is { Basis: LabelBasis.Predicted, NeedsReview: true })
            .OrderBy(x => x.Item3.Probability ?? 0).ThenBy(x => x.r.Fact.CaseNumber, StringComparer.Ordinal).ThenBy(x => x.Item2, StringComparer.Ordinal)];
        if (rows.Count == 0)
        {
            sheet.Width(1, 60);
            sheet.Row(Cell.Of(c.T("没有待复核的预测。", "No prediction needs review."), Styles.Finding));
            return;
        }
        sheet.Row(Cell.Of(c.T($"共 {rows.Count} 个标签", English.Count(rows.Count, "label")), Styles.Section));
        TablePlace place = sheet.Table(new SheetTable(
            "ToReview",
            [
                new(c.T("工单号", "Case number"), 20, true), new(c.T("受理日期", "Received"), 12), new(c.T("维度", "Dimension"), 14, true), new(c.T("预测", "Predicted"), 28, true), new(c.T("概率", "Probability"), 11),
                new(c.Complained, 22, true), new(c.T("投诉内容（脱敏）", "Text (masked)"), 90, true),
            ],
            rows.Count,
            rows.Select(x => (IReadOnlyList<Cell>)
            [
                Cell.Of(x.Row.Fact.CaseNumber), Cell.Of(x.Row.Fact.Received), Cell.Of(c.DimensionName(x.Head)), Cell.Of(x.Label.Class is { } k ? c.Label(x.Head, k) : ""),
                x.Label.Probability is { } p ? Cell.Of(Math.Round(p, 3), Styles.Probability) : Cell.Undefined(Styles.Probability),
                Cases.CaseCells.Branch(x.Row), Cases.CaseCells.Text(x.Row),
            ])));
        sheet.FreezeBelow(place);
    }
}
