using Pipeline.Models.Complaints;
using Pipeline.Models.Measures;
using Pipeline.Models.Taxonomy;
using Pipeline.Reports.Charts;
using Pipeline.Reports.Sheets;

namespace Pipeline.Reports.Workbooks.Quality;

/// <summary>Whose labels count, how often coded and predicted labels disagree, and how much is 'other' or not stated.</summary>
internal static class CoverageSheet
{
    private static readonly string[] Measures =
    [
        "complaints", "with_warning", "needs_review", "reported_business_share", "reported_cause_share", "business_disagreement", "cause_disagreement",
    ];

    public static void Add(Composer c)
    {
        Sheet sheet = c.Page(c.T("数据质量概览", "Overview"), c.T("数据质量概览", "Data quality at a glance"), c.T("标签从哪里来、多少要复核、多少未注明", "Whose labels count, how many need review, how much is not stated"), isOnOnePage: true);
        sheet.Row(Cell.Of(c.T("指标", "Measures"), Styles.Section));
        sheet.Table(SheetTable.Of(
            "QualityMeasures",
            [new(c.T("指标", "Measure"), 34, true), new(c.Head(c.Month), 14), new(c.T("上月", "Month before"), 14), new(c.T("去年同月", "Same month last year"), 14)],
            [.. Measures.Select(k => (IReadOnlyList<Cell>)[Cell.Of(c.MeasureName(k)), c.Cell(k, c.Month), c.Cell(k, c.Previous), c.Cell(k, c.YearAgo)])]));
        sheet.Skip();
        Labels(c, sheet);
        sheet.Skip();
        Gaps(c, sheet);
        sheet.Skip();
        Chart(c, sheet);
    }

    private static void Labels(Composer c, Sheet sheet)
    {
        sheet.Row(Cell.Of(c.T("本月计数所用标签的来源", "Whose label counts, this month"), Styles.Section));
        List<IReadOnlyList<Cell>> rows = [];
        foreach (string head in Dimensions.Heads)
        {
            List<HeadLabel> labels = [.. c.Report.Cases.Select(r => Head(r.Fact, head))];
            long Of(LabelBasis basis) => labels.Count(l => l.Basis == basis);
            long both = labels.Count(l => l is { Reported: not null, Predicted: not null });
            long equal = labels.Count(l => l.Reported is { } r && r == l.Predicted);
            long review = labels.Count(l => l is { Basis: LabelBasis.Predicted, NeedsReview: true });
            rows.Add(
            [
                Cell.Of(c.DimensionName(head)), Cell.Of(Of(LabelBasis.Analyst)), Cell.Of(Of(LabelBasis.Reported)), Cell.Of(Of(LabelBasis.Predicted)), Cell.Of(Of(LabelBasis.None)),
                Cell.Of(labels.Count), c.Share(equal, both), Cell.Of(both), Cell.Of(review),
            ]);
        }
        sheet.Table(SheetTable.Of(
            "LabelBasis",
            [
                new(c.T("维度", "Dimension"), 34, true), new(Words.Basis(c, LabelBasis.Analyst), 14), new(Words.Basis(c, LabelBasis.Reported), 14), new(Words.Basis(c, LabelBasis.Predicted), 14),
                new(c.T("无标签", "No label"), 12), new(c.T("合计", "Total"), 12), new(c.T("编码与预测一致率（含训练文本）", "Reported = predicted (training texts included)"), 14), new(c.T("两者皆有", "Have both"), 12), new(c.T("待复核", "To review"), 12),
            ],
            rows));
        sheet.Paragraph(
            c.T("一致率含模型学过的文本，偏高，不是准确率；模型在留出文本上的准确率见“数据来源”的模型指标。",
                "Texts that the model learned from are among those compared: the agreement is too high and no accuracy. The accuracy on held-out texts stands among the metrics of the models on the sheet Lineage."),
            Styles.Note, 1, 9);
    }

    private static HeadLabel Head(ComplaintFact fact, string head) => head switch
    {
        Dimensions.Nature => fact.Nature,
        Dimensions.Business => fact.Business,
        _ => fact.Cause,
    };

    private static void Gaps(Composer c, Sheet sheet)
    {
        sheet.Row(Cell.Of(c.T("“其他”与未注明的占比（本月）", "'Other' and not stated, this month"), Styles.Section));
        long total = c.Count("complaints");
        List<IReadOnlyList<Cell>> rows = [];
        foreach (string dimension in FigurePlan.MonthDimensions)
        {
            List<string> others = [.. c.Members[dimension].Where(m => IsOther(c, dimension, m))];
            long other = others.Sum(m => c.Count("complaints", Composer.Term(dimension, m)));
            bool hasNone = c.Members[dimension].Contains(FigurePlan.NoMember);
            rows.Add(
            [
                Cell.Of(c.DimensionName(dimension)),
                others.Count == 0 ? Cell.Undefined(Styles.Count) : Cell.Of(other), others.Count == 0 ? Cell.Undefined(c.ShareStyle) : c.Share(other, total),
                hasNone ? c.Cell("complaints", c.Month, Composer.Term(dimension, FigurePlan.NoMember)) : Cell.Of(0),
                c.Share(hasNone ? c.Count("complaints", Composer.Term(dimension, FigurePlan.NoMember)) : 0, total),
            ]);
        }
        sheet.Table(SheetTable.Of(
            "Gaps",
            [
                new(c.T("维度", "Dimension"), 34, true), new(c.T("“其他”件数", "Other"), 14), new(c.T("“其他”占比", "Other, share"), 14),
                new(c.T("未注明件数", "Not stated"), 14), new(c.T("未注明占比", "Not stated, share"), 14),
            ],
            rows));
    }

    /// <summary>Classes whose label begins with 'other' say little, whatever their key.</summary>
    private static bool IsOther(Composer c, string dimension, string member) =>
        c.Report.Taxonomy.Class(dimension, member) is { } found
        && (found.Key.EndsWith("OTH", StringComparison.Ordinal) || found.Key is "OTHER" or "other");

    private static void Chart(Composer c, Sheet sheet)
    {
        IReadOnlyList<ReportingMonth> months = c.Months(13);
        sheet.Chart(
            c.Charts.Chart(
                ChartData.Shape(c.T("编码率与待复核占比", "Coded shares and predictions to review"), c.T($"折线图：{c.Noun(Dimensions.Business)}、{c.Noun(Dimensions.Cause)}编码率与待复核占比逐月走势。", "Lines: shares coded in the export and share of predictions to review, by month.")) with { Format = "0%", HasLevelLabels = true },
                [.. months.Select(c.Head)],
                [
                    new(c.MeasureName("reported_business_share"), [.. months.Select(m => c.Value("reported_business_share", m))], SeriesShape.Line, Palette.Series[0], c.ShareStyle),
                    new(c.MeasureName("reported_cause_share"), [.. months.Select(m => c.Value("reported_cause_share", m))], SeriesShape.Line, Palette.Lines[3], c.ShareStyle),
                    new(c.T("待复核占比", "Share to review"), [.. months.Select(m => c.Value("complaints", m) is > 0 and { } all ? HalfUp.Round((c.Value("needs_review", m) ?? 0) / all, 6) : (decimal?)null)], SeriesShape.Line, Palette.Series[2], c.ShareStyle),
                ]),
            1, 9, 17);
    }
}
