using Pipeline.Models.Measures;
using Pipeline.Models.RootCauses;
using Pipeline.Models.Taxonomy;
using Pipeline.Models.Text;
using Pipeline.Reports.Charts;
using Pipeline.Reports.Sheets;

namespace Pipeline.Reports.Workbooks.RootCause;

/// <summary>The change of each cause against the months before, in three parts that add up: volume, mix of business lines, rate within them.</summary>
internal static class ChangePartsSheet
{
    private const string Complaints = "complaints";
    private const int Decimals = 1;
    private const int Charted = 8;
    private const int Lines = 15;

    public static void Add(Composer c)
    {
        Breakdown causes = new(c, Dimensions.Cause);
        Breakdown businesses = new(c, Dimensions.Business);
        Sheet sheet = c.Page(c.T("变化分解", "Change in parts"), c.T("变化分解：总量、结构、比率", "Changes in parts: volume, mix, rate"), c.T($"增减是因为投诉总量、{c.Noun(Dimensions.Business)}结构，还是该{c.Noun(Dimensions.Cause)}本身", $"Whether a change comes from volume, from the mix of {c.Nouns(Dimensions.Business)}, or from the {c.Noun(Dimensions.Cause)} itself"));
        if (FigurePlan.Baseline(c.Month, c.Report.History) is not { } baseline || c.Count(Complaints) == 0)
        {
            sheet.Width(1, 100);
            sheet.Paragraph(c.T("没有更早的月份可比，或本月没有投诉。", "There is no earlier month to compare with, or no complaint in the month."), Styles.Finding, 1, 1);
            return;
        }
        Dictionary<string, IReadOnlyList<(string Business, ChangeParts Parts)>> parts = causes.Members
            .ToDictionary(m => m, m => ChangeParts.ByBusiness(Counts(c, businesses, m, baseline), Counts(c, businesses, m, FigurePeriod.Of(c.Month))), StringComparer.Ordinal);
        List<string> ranked = [.. causes.Members
            .Where(m => causes.Count(Complaints, m) > 0 || Before(c, baseline, causes.Term(m)) > 0)
            .OrderByDescending(m => Math.Abs(Sum(parts[m]).Total))];
        sheet.Width(1, 36);
        sheet.Paragraph(Finding(c, causes, ranked, parts, baseline), Styles.Finding, 1, 9);
        sheet.Paragraph(
            c.T($"与 {baseline.Span} 的月均相比。某{c.Noun(Dimensions.Cause)}件数 = 总量 × 各{c.Noun(Dimensions.Business)}所占份额 × 该{c.Noun(Dimensions.Cause)}在其中的比率；三个因素的影响各取全部变动次序的平均（Das Gupta 1993，即 Shapley 值），相加恰为增减数。本期或基期没有投诉的{c.Noun(Dimensions.Business)}，其变动全部计入结构。",
                $"Against the mean month of {baseline.Span}. Count of a class of {c.Noun(Dimensions.Cause)} = volume × share of each {c.Noun(Dimensions.Business)} × its rate within it; each factor's effect is its mean over all orders of change (Das Gupta 1993, the Shapley value), so the parts add up exactly. The change of a {c.Noun(Dimensions.Business)} without complaints in one of the periods is all mix."),
            Styles.Note, 1, 9);
        sheet.Skip();
        Chart(c, sheet, causes, [.. ranked.Take(Charted)], Math.Max(ranked.Count, causes.Classes), parts);
        TablePlace place = sheet.Table(SheetTable.Of(
            "ChangeParts",
            [
                new(c.DimensionName(Dimensions.Cause), causes.LabelWidth(36), true), new(c.T("本月", "This month"), 11), new(c.T($"基期 {baseline.Months} 个月合计", $"Baseline, sum of {English.Count(baseline.Months, "month")}"), 12), new(c.T("基期月均", "Baseline, mean of a month"), 12), new(c.T("增减", "Change"), 11),
                new(c.T("总量", "Volume"), 11), new(c.T("结构", "Mix"), 11), new(c.T("比率", "Rate"), 11), new(Judgement.Head(c), 24, true),
            ],
            [.. ranked.Select(m => (IReadOnlyList<Cell>)
            [
                Cell.Of(causes.Label(m)), c.Cell(Complaints, c.Month, causes.Term(m)), c.Cell(new FigureKey(Complaints, baseline, causes.Term(m))), Cell.Of(Mean(c, baseline, causes.Term(m)), Styles.Days),
                .. Cells(Sum(parts[m])), Words.Verdict(c, Judgement.OfCount(c, Complaints, causes.Term(m)).Kind),
            ])],
            [
                Cell.Of(c.T("合计", "Total")), c.Cell(Complaints, c.Month), c.Cell(new FigureKey(Complaints, baseline)), Cell.Of(Mean(c, baseline), Styles.Days),
                .. Cells(new ChangeParts(c.Count(Complaints) - (Before(c, baseline) / baseline.Months), 0, 0)), Words.Verdict(c, Judgement.OfCount(c, Complaints).Kind),
            ]));
        sheet.FreezeBelow(place);
        sheet.Skip();
        sheet.Row(Cell.Of(c.T($"变动最大的“{c.Noun(Dimensions.Cause)} × {c.Noun(Dimensions.Business)}”", $"Largest changes by {c.Noun(Dimensions.Cause)} and {c.Noun(Dimensions.Business)}"), Styles.Section));
        sheet.Table(SheetTable.Of(
            "ChangePartsByBusiness",
            [
                new(c.T($"{c.DimensionName(Dimensions.Cause)}（变动最大）", $"{c.DimensionName(Dimensions.Cause)} (largest changes)"), causes.LabelWidth(36), true), new(c.T("本月件数", "Complaints"), 11), new(c.T("基期合计件数", "Baseline complaints"), 12), new(c.T("月均", "Mean"), 12), new(c.T("增减件数", "Change in complaints"), 11),
                new(c.T("总量部分", "Volume part"), 11), new(c.T("结构部分", "Mix part"), 11), new(c.T("比率部分", "Rate part"), 11), new(c.DimensionName(Dimensions.Business), new Breakdown(c, Dimensions.Business).LabelWidth(24), true),
            ],
            [.. ranked.SelectMany(m => parts[m].Where(p => p.Business.Length > 0).Select(p => (Cause: m, p.Business, p.Parts)))
                .OrderByDescending(p => Math.Abs(p.Parts.Total)).ThenBy(p => p.Cause, StringComparer.Ordinal).ThenBy(p => p.Business, StringComparer.Ordinal)
                .Take(Lines)
                .Select(p => (IReadOnlyList<Cell>)
                [
                    Cell.Of(causes.Label(p.Cause)), c.Cell(Complaints, c.Month, causes.Term(p.Cause), businesses.Term(p.Business)),
                    c.Cell(new FigureKey(Complaints, baseline, causes.Term(p.Cause), businesses.Term(p.Business))), Cell.Of(Mean(c, baseline, causes.Term(p.Cause), businesses.Term(p.Business)), Styles.Days),
                    .. Cells(p.Parts), Cell.Of(businesses.Label(p.Business)),
                ])]));
    }

    /// <summary>Change and its three parts; rounded so that the printed parts add up to the printed change.</summary>
    private static Cell[] Cells(ChangeParts parts)
    {
        ChangeParts rounded = parts.Rounded(Decimals);
        return [Cell.Of(rounded.Total, Styles.Points with { Bold = true }), Cell.Of(rounded.Volume, Styles.Points), Cell.Of(rounded.Mix, Styles.Points), Cell.Of(rounded.Rate, Styles.Points)];
    }

    private static ChangeParts Sum(IReadOnlyList<(string Business, ChangeParts Parts)> parts) =>
        new(parts.Sum(p => p.Parts.Volume), parts.Sum(p => p.Parts.Mix), parts.Sum(p => p.Parts.Rate));

    /// <summary>Per month of the period; what an open taxonomy does not break out stands under an empty name.</summary>
    private static List<BusinessCount> Counts(Composer c, Breakdown businesses, string cause, FigurePeriod period)
    {
        FilterTerm term = Composer.Term(Dimensions.Cause, cause);
        decimal Value(params IEnumerable<FilterTerm> terms) => (c.Value(Complaints, period, terms) ?? 0) / period.Months;
        List<BusinessCount> counts = [.. businesses.Members.Select(b => new BusinessCount(b, Value(businesses.Term(b)), Value(businesses.Term(b), term)))];
        counts.Add(new BusinessCount("", Value() - counts.Sum(x => x.Complaints), Value(term) - counts.Sum(x => x.OfCause)));
        return counts;
    }

    private static decimal Before(Composer c, FigurePeriod baseline, params IEnumerable<FilterTerm> terms) => c.Value(Complaints, baseline, terms) ?? 0;

    private static decimal Mean(Composer c, FigurePeriod baseline, params IEnumerable<FilterTerm> terms) =>
        HalfUp.Round(Before(c, baseline, terms) / baseline.Months, Decimals);

    private static string Finding(Composer c, Breakdown causes, List<string> ranked, Dictionary<string, IReadOnlyList<(string Business, ChangeParts Parts)>> parts, FigurePeriod baseline)
    {
        string? most = ranked.FirstOrDefault(m => Judgement.OfCount(c, Complaints, causes.Term(m)).Kind is ChanceKind.Higher or ChanceKind.Lower);
        if (ranked.TrueForAll(m => Judgement.OfCount(c, Complaints, causes.Term(m)).Kind is ChanceKind.TooFew))
        {
            return c.T($"各{c.Noun(Dimensions.Cause)}件数都过少，无法判断是否超出随机波动；下列各部分只说明构成，不宜解读。", $"Every {c.Noun(Dimensions.Cause)} has too few complaints to judge; the parts below are arithmetic and should not be read further.");
        }
        if (most is null)
        {
            return c.T($"没有哪个{c.Noun(Dimensions.Cause)}的件数超出随机波动；下列各部分只说明构成，不宜解读。", $"No {c.Noun(Dimensions.Cause)} moved beyond chance; the parts below are arithmetic and should not be read further.");
        }
        ChangeParts sum = Sum(parts[most]).Rounded(Decimals);
        (string zh, string en) = Math.Abs(sum.Rate) >= Math.Abs(sum.Mix) && Math.Abs(sum.Rate) >= Math.Abs(sum.Volume) ? ("该类本身的比率", $"the rate of the {c.Noun(Dimensions.Cause)} itself")
            : Math.Abs(sum.Mix) >= Math.Abs(sum.Volume) ? ($"{c.Noun(Dimensions.Business)}结构", $"the mix of {c.Nouns(Dimensions.Business)}") : ("投诉总量", "the volume of all complaints");
        return c.T(
            $"“{causes.Label(most)}”较 {baseline.Span} 月均{(sum.Total > 0 ? "增加" : "减少")} {Math.Abs(sum.Total):0.0} 件，超出随机波动；主要来自{zh}（总量 {sum.Volume:+0.0;-0.0;0.0}，结构 {sum.Mix:+0.0;-0.0;0.0}，比率 {sum.Rate:+0.0;-0.0;0.0}）。",
            $"{causes.Label(most)}: {sum.Total:+0.0;-0.0;0.0} against the mean month of {baseline.Span}, more than chance; mostly from {en} (volume {sum.Volume:+0.0;-0.0;0.0}, mix {sum.Mix:+0.0;-0.0;0.0}, rate {sum.Rate:+0.0;-0.0;0.0}).");
    }

    private static void Chart(Composer c, Sheet sheet, Breakdown causes, List<string> shown, int all, Dictionary<string, IReadOnlyList<(string Business, ChangeParts Parts)>> parts)
    {
        List<ChangeParts> sums = [.. shown.Select(m => Sum(parts[m]).Rounded(Decimals))];
        ChartSpec? chart = c.Charts.Chart(
            ChartData.Shape(
                c.T($"各{c.Noun(Dimensions.Cause)}增减的三个部分", "The three parts of each change") + ChartData.Largest(c, shown.Count, all, new("增减", "changes")),
                c.T($"条形图：各{c.Noun(Dimensions.Cause)}较基期月均的增减，分为总量、结构、比率三部分。", $"Bar chart: change of each {c.Noun(Dimensions.Cause)} against the baseline's mean month, in parts of volume, mix and rate.")) with
            { Format = "0.0", AxisTitle = c.T("件", "Complaints") },
            [.. shown.Select(causes.Label)],
            [
                new(c.T("总量", "Volume"), [.. sums.Select(s => (decimal?)s.Volume)], SeriesShape.Bar, Palette.Series[3], Styles.Days),
                new(c.T("结构", "Mix"), [.. sums.Select(s => (decimal?)s.Mix)], SeriesShape.Bar, Palette.Series[1], Styles.Days),
                new(c.T("比率", "Rate"), [.. sums.Select(s => (decimal?)s.Rate)], SeriesShape.Bar, Palette.Series[0], Styles.Days),
            ]);
        sheet.Chart(chart, 1, 9, 19);
    }
}
