using Pipeline.Models.Measures;
using Pipeline.Models.Taxonomy;
using Pipeline.Models.Text;
using Pipeline.Reports.Charts;
using Pipeline.Reports.Sheets;

namespace Pipeline.Reports.Workbooks.RootCause;

/// <summary>Causes in descending order with their cumulative share: the few that make most of the complaints.</summary>
internal static class ParetoSheet
{
    private const string Complaints = "complaints";
    private const decimal Line = 0.8m;
    private const int Charted = 15;

    /// <summary>So many are named.</summary>
    private const int First = 3;

    /// <summary>What may be called few: at most a third of the classes.</summary>
    private const decimal Few = 1m / 3;

    /// <summary>A longer table would be printed too small together with its chart.</summary>
    private const int MostOnOnePage = 25;

    public static void Add(Composer c)
    {
        Breakdown causes = new(c, Dimensions.Cause);
        List<string> ranked = [.. causes.Ranked()];
        Sheet sheet = c.Page(c.T("帕累托", "Pareto"), Title(c), c.T($"哪几类{c.Noun(Dimensions.Cause)}占了投诉的八成", $"Which {c.Nouns(Dimensions.Cause)} make 80% of the complaints"), isOnOnePage: ranked.Count <= MostOnOnePage);
        long total = c.Count(Complaints);
        if (total == 0)
        {
            sheet.Paragraph(c.T("本月没有投诉。", "There are no complaints this month."), Styles.Finding, 1, 8);
            return;
        }
        List<long> counts = [.. ranked.Select(m => causes.Count(Complaints, m))];
        List<decimal> cumulative = [];
        foreach (long count in counts)
        {
            cumulative.Add((cumulative.Count == 0 ? 0 : cumulative[^1]) + ((decimal)count / total));
        }
        List<string> classes = [.. ranked.Where(m => m != FigurePlan.NoMember)];
        int all = Math.Max(classes.Count, causes.Classes);
        int few = cumulative.FindIndex(s => s >= Line) + 1;
        sheet.Width(1, 36);
        if (few > 0 && few <= classes.Count)
        {
            int first = Math.Min(few, First);
            string list = string.Join(c.T("；", "; "), classes.Take(first).Select(causes.Label));
            string others = few > first ? c.T($"前 {few} 类占 {Composer.Percentage(cumulative[few - 1])}", $"the first {few} make {Composer.Percentage(cumulative[few - 1])}") : "";
            string spread = few <= all * Few ? c.T("投诉集中于少数几类。", "Complaints gather in a few.") : c.T("投诉并不集中于少数几类。", "Complaints do not gather in a few.");
            sheet.Paragraph(
                c.T($"{all} 类{c.Noun(Dimensions.Cause)}中，前 {first} 类占投诉的 {Composer.Percentage(cumulative[first - 1])}：{list}{(others.Length > 0 ? $"。{others}" : "")}。{spread}",
                    $"Of {all} {c.Nouns(Dimensions.Cause)} the first {first} make {Composer.Percentage(cumulative[first - 1])} of the complaints: {list}{(others.Length > 0 ? $". {char.ToUpperInvariant(others[0])}{others[1..]}" : "")}. {spread}"),
                Styles.Finding, 1, 9);
        }
        else if (classes.Count < ranked.Count)
        {
            sheet.Paragraph(
                c.T($"{c.Noun(Dimensions.Cause)}未注明的有 {counts[^1]} 件，占 {Composer.Percentage((decimal)counts[^1] / total)}：已注明的各类合计不到投诉的八成。",
                    $"{English.Count(counts[^1], "complaint")} ({Composer.Percentage((decimal)counts[^1] / total)}) state no {c.Noun(Dimensions.Cause)}: those that are stated make less than 80% together."),
                Styles.Finding, 1, 9);
        }
        sheet.Skip();
        Chart(c, sheet, causes, [.. classes.Take(Charted)], all, cumulative);
        decimal? rest = Rest(c, causes, ranked, c.Month);
        IReadOnlyList<Cell> shares = c.Shares([.. counts, (long)(rest ?? 0)]);
        List<IReadOnlyList<Cell>> rows = [.. ranked.Select((m, i) => (IReadOnlyList<Cell>)
        [
            Cell.Of(causes.Label(m)), c.Cell(Complaints, c.Month, causes.Term(m)), shares[i],
            Cell.Of(HalfUp.Round(cumulative[i], c.Report.Rules.PercentDecimals + 2), c.ShareStyle),
            c.Cell(Complaints, c.Previous, causes.Term(m)), Composer.Change(counts[i], c.Value(Complaints, c.Previous, causes.Term(m)), Units.Complaints),
            c.Cell(Complaints, c.YearAgo, causes.Term(m)), Composer.Change(counts[i], c.Value(Complaints, c.YearAgo, causes.Term(m)), Units.Complaints),
            Judged(c, causes.Term(m)),
        ])];
        if (rest > 0 || Rest(c, causes, ranked, c.Previous) > 0 || Rest(c, causes, ranked, c.YearAgo) > 0)
        {
            rows.Add(RestRow(c, causes, ranked, rest, shares[^1]));
        }
        TablePlace place = sheet.Table(SheetTable.Of(
            "Pareto",
            [
                new(c.DimensionName(Dimensions.Cause), causes.LabelWidth(36), true), new(c.T("投诉量", "Complaints"), 12), new(c.T("占比", "Share"), 10), new(c.T("累计占比", "Cumulative share"), 12),
                new(c.T("上月", "Month before"), 11), new(c.T("环比增减", "Change on month"), 12), new(c.T("去年同月", "Same month last year"), 12), new(c.T("同比增减", "Change on year"), 12),
                new(Judgement.Head(c), 24, true),
            ],
            rows,
            [
                Cell.Of(c.T("合计", "Total")), c.Cell(Complaints, c.Month), Cell.Of(1m, c.ShareStyle), Cell.Blank(Styles.Text),
                c.Cell(Complaints, c.Previous), Composer.Change(total, c.Value(Complaints, c.Previous), Units.Complaints),
                c.Cell(Complaints, c.YearAgo), Composer.Change(total, c.Value(Complaints, c.YearAgo), Units.Complaints), Judged(c),
            ]));
        sheet.Conditions.Add(ConditionalRule.Bar(place.Column(2)));
    }

    /// <summary>What the listed causes leave of a month: causes that an open taxonomy does not break out, and those without a complaint this month.</summary>
    private static decimal? Rest(Composer c, Breakdown causes, List<string> ranked, Models.Complaints.ReportingMonth month) => c.Has(month)
        ? c.Value(Complaints, month) - ranked.Sum(m => c.Value(Complaints, month, causes.Term(m)) ?? 0)
        : null;

    private static Cell[] RestRow(Composer c, Breakdown causes, List<string> ranked, decimal? rest, Cell share)
    {
        decimal? before = Rest(c, causes, ranked, c.Previous);
        decimal? yearAgo = Rest(c, causes, ranked, c.YearAgo);
        return
        [
            Cell.Of(causes.RestLabel), Composer.Derived(rest), share, Cell.Of(1m, c.ShareStyle),
            Composer.Derived(before), Composer.Change(rest, before, Units.Complaints), Composer.Derived(yearAgo), Composer.Change(rest, yearAgo, Units.Complaints), Cell.Undefined(Styles.Text),
        ];
    }

    private static void Chart(Composer c, Sheet sheet, Breakdown causes, List<string> shown, int all, List<decimal> cumulative)
    {
        ChartSpec? chart = c.Charts.Chart(
            ChartData.Shape(
                Title(c) + ChartData.Largest(c, shown.Count, all),
                c.T($"帕累托图：{shown.Count} 类{c.Noun(Dimensions.Cause)}按件数降序，折线为累计占比，虚线为 80%。最多的是{causes.Label(shown[0])}。",
                    $"Pareto chart: {shown.Count} {c.Nouns(Dimensions.Cause)} in descending order, a line for the cumulative share, dashed at 80%. Most: {causes.Label(shown[0])}."))
                with
            { SecondaryMaximum = 1, AxisTitle = c.T("件", "Complaints"), SecondaryAxisTitle = c.T("累计占比", "Cumulative share") },
            [.. shown.Select(causes.Label)],
            [
                new(c.T("投诉量", "Complaints"), [.. shown.Select(m => (decimal?)causes.Count(Complaints, m))], SeriesShape.Bar, Palette.Series[0], Styles.Count, HasLabels: true),
                new(c.T("累计占比", "Cumulative share"), [.. cumulative.Take(shown.Count).Select(s => (decimal?)HalfUp.Round(s, 4))], SeriesShape.Line, Palette.Series[2], c.ShareStyle, IsSecondary: true),
                new("80%", [.. shown.Select(_ => (decimal?)Line)], SeriesShape.Level, Palette.Series[6], c.ShareStyle, IsSecondary: true),
            ]);
        sheet.Chart(chart, 1, 9, 22);
    }

    private static string Title(Composer c) => c.T($"{c.DimensionName(Dimensions.Cause)}帕累托图", $"Pareto of {c.Nouns(Dimensions.Cause)}");

    private static Cell Judged(Composer c, params IReadOnlyList<FilterTerm> terms) => Words.Verdict(c, Judgement.OfCount(c, Complaints, terms).Kind);
}
