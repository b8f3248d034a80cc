using Pipeline.Models.Complaints;
using Pipeline.Models.Measures;
using Pipeline.Models.Measures.Series;
using Pipeline.Models.Text;
using Pipeline.Reports.Charts;
using Pipeline.Reports.Sheets;

namespace Pipeline.Reports.Workbooks.Trend;

/// <summary>The classes of one dimension: a chart over as many months as figures reach back to, up to 25, and a table of 13 with months across.</summary>
internal static class SeriesSheet
{
    private const string Complaints = "complaints";

    /// <summary>Months of the table at most, this one with them.</summary>
    public const int Months = 13;

    private const int Listed = 25;

    /// <param name="isStacked">Stacked columns of all; otherwise lines of the largest.</param>
    public static void Add(Composer c, string dimension, string name, string title, string answers, string table, int charted, bool isStacked, bool isHeat = false)
    {
        Sheet sheet = c.Page(name, title, answers, isOnOnePage: true);
        Breakdown breakdown = new(c, dimension);
        IReadOnlyList<ReportingMonth> months = c.Months(Months);
        long Weight(string member) => months.Sum(m => (long)(c.Value(Complaints, m, breakdown.Term(member)) ?? 0));
        List<string> ranked = [.. breakdown.Members.Where(m => Weight(m) > 0).OrderByDescending(m => breakdown.Count(Complaints, m)).ThenByDescending(Weight)];
        List<string> shown = [.. breakdown.Members.Where(m => m != FigurePlan.NoMember && Weight(m) > 0).OrderByDescending(Weight).Take(charted)];
        if (shown.Count > 0)
        {
            sheet.Chart(Chart(c, breakdown, title, c.Months(TotalSheet.Longest), shown, Math.Max(breakdown.Classes, ranked.Count(m => m != FigurePlan.NoMember)), isStacked), 1, months.Count + 4, 19);
        }
        TablePlace place = Table(c, sheet, table, breakdown, months, [.. ranked.Take(Listed)]);
        if (ranked.Take(Listed).Any(m => Drifting(c, breakdown.Term(m)) is not null))
        {
            sheet.Skip();
            sheet.Paragraph(DriftNote(c), Styles.Note, 1, 10);
        }
        if (isHeat && !place.IsEmpty)
        {
            for (int i = 0; i < Math.Min(ranked.Count, Listed); i++)
            {
                int row = place.FirstRow + i;
                decimal usual = Math.Max(1, HalfUp.Round((decimal)Weight(ranked[i]) / months.Count, 2));
                sheet.Conditions.Add(ConditionalRule.HeatAbove(CellRef.Range(row, 2, row, months.Count + 1), usual));
            }
            sheet.Skip();
            sheet.Paragraph(
                c.T("颜色按行比较：白色为不超过本行各月平均，橙色最深为平均的两倍及以上。", "Colours compare within a row: white up to the row's mean, full orange at twice the mean and more."), Styles.Note, 1, 10);
        }
    }

    private static ChartSpec? Chart(Composer c, Breakdown breakdown, string title, IReadOnlyList<ReportingMonth> months, List<string> shown, int all, bool isStacked)
    {
        List<Plotted> series = [.. shown.Select((m, i) => new Plotted(
            breakdown.Label(m), [.. months.Select(x => c.Value(Complaints, x, breakdown.Term(m)))], isStacked ? SeriesShape.Bar : SeriesShape.Line, isStacked ? Palette.Series[i] : Palette.Lines[i], Styles.Count))];
        if (isStacked && months.Any(x => c.Value(Complaints, x) > shown.Sum(m => c.Value(Complaints, x, breakdown.Term(m)) ?? 0)))
        {
            series.Add(new Plotted(
                OthersLabel(c, breakdown, months, all - shown.Count), [.. months.Select(x => c.Value(Complaints, x) - shown.Sum(m => c.Value(Complaints, x, breakdown.Term(m)) ?? 0))], SeriesShape.Bar, Palette.Rest, Styles.Count));
        }
        return c.Charts.Chart(
            ChartData.Shape(
                $"{title} · {c.T($"近 {months.Count} 个月", English.Count(months.Count, "month"))}{(isStacked ? "" : ChartData.Largest(c, shown.Count, all, dimension: breakdown.Dimension))}",
                c.T($"图：{title}，{months.Count} 个月；最多的是{breakdown.Label(shown[0])}。", $"Chart: {title}, {months.Count} months; most: {breakdown.Label(shown[0])}."))
                with
            { Grouping = isStacked ? BarGrouping.Stacked : BarGrouping.Beside, HasLevelLabels = true },
            [.. months.Select(c.Head)],
            series);
    }

    /// <summary>Not to be taken for a class that is called “other”.</summary>
    private static string OthersLabel(Composer c, Breakdown breakdown, IReadOnlyList<ReportingMonth> months, int classes)
    {
        string unstated = breakdown.Label(FigurePlan.NoMember);
        bool hasUnstated = breakdown.Members.Contains(FigurePlan.NoMember) && months.Any(m => c.Value(Complaints, m, breakdown.Term(FigurePlan.NoMember)) > 0);
        return classes == 0
            ? hasUnstated ? unstated : breakdown.RestLabel
            : c.T($"其余 {classes} 类{(hasUnstated ? $"及{unstated}" : "")}", $"{English.Count(classes, $"other {c.Noun(breakdown.Dimension)}")}{(hasUnstated ? $" and {unstated.ToLowerInvariant()}" : "")}");
    }

    private static TablePlace Table(Composer c, Sheet sheet, string name, Breakdown breakdown, IReadOnlyList<ReportingMonth> months, List<string> members)
    {
        List<IReadOnlyList<Cell>> rows = [.. members.Select(m => Row(c, breakdown.Label(m), months, Usual(c, breakdown.Term(m)), breakdown.Term(m)))];
        bool hasRest = months.Any(m => c.Value(Complaints, m) > members.Sum(x => c.Value(Complaints, m, breakdown.Term(x)) ?? 0));
        if (hasRest)
        {
            List<decimal?> rest = [.. months.Select(m => c.Value(Complaints, m) - members.Sum(x => c.Value(Complaints, m, breakdown.Term(x)) ?? 0))];
            rows.Add([Cell.Of(breakdown.RestLabel), .. rest.Select((v, i) => Composer.Derived(v, i == rest.Count - 1 ? Styles.Count.BesideSparkline() : null)), Cell.Blank(Styles.Text), Composer.Derived(rest.Count < 2 ? null : HalfUp.Round(rest.SkipLast(1).Average()!.Value, 1), Styles.Days), Cell.Undefined(Styles.Text)]);
        }
        TablePlace place = sheet.Table(SheetTable.Of(
            name,
            [
                new(c.DimensionName(breakdown.Dimension), 0, true), .. months.Select(m => new TableColumn(c.Head(m), 9.5)), new(c.T("走势", "Trend"), 16),
                new(Judgement.MeanHead(c), 12), new(c.T("与往常相比", "Against the usual"), members.Exists(m => Drifting(c, breakdown.Term(m)) is not null) ? 38 : 25, true),
            ],
            rows,
            Row(c, c.T("合计", "Total"), months, Words.Verdict(c, Judgement.OfCount(c, Complaints).Kind))));
        for (int i = 0; i < rows.Count + 1; i++)
        {
            int row = place.FirstRow + i;
            sheet.Sparklines.Add(new Sparkline(CellRef.Cell(row, months.Count + 2), CellRef.Fixed(sheet.Name, row, 2, row, months.Count + 1)));
        }
        return place;
    }

    /// <summary>New is told apart from too few: none in the months before, and now as many as a test would ask for.</summary>
    internal static Cell Usual(Composer c, FilterTerm term)
    {
        Cell month = c.Judged.Find(Complaints, term) is { IsNew: true }
            ? Cell.Of(c.T("● 新出现", "● new"), Styles.Text with { Bold = true })
            : Words.Verdict(c, Judgement.OfCount(c, Complaints, term).Kind);
        return Drifting(c, term) is not { } drift ? month : month with
        {
            Text = month.Text + (drift.IsShare, drift.Verdict.IsUp) switch
            {
                (true, true) => c.T("；占比缓慢上升", "; share slowly rising"),
                (true, false) => c.T("；占比缓慢下降", "; share slowly falling"),
                (false, true) => c.T("；件数缓慢上升", "; count slowly rising"),
                (false, false) => c.T("；件数缓慢下降", "; count slowly falling"),
            },
        };
    }

    /// <summary>A slow drift of the class that stands, of its share before that of its count; null where there is none.</summary>
    internal static Drift? Drifting(Composer c, FilterTerm term) => c.Judged.Drifts.Charts
        .Where(d => d is { Stands: true, Measure: Complaints, Terms.Count: 1 } && d.Terms[0] == term)
        .OrderByDescending(d => d.IsShare)
        .FirstOrDefault();

    internal static string DriftNote(Composer c) => c.T(
        $"“缓慢上升、缓慢下降”：各月偏离逐月累加后成立的漂移，本月单月可在正常波动范围内，见“{DriftSheet.Name(c)}”。",
        $"Slowly rising or falling: months added up lie off their baseline although this month by itself may be within its range (sheet {DriftSheet.Name(c)}).");

    /// <summary>The month that the workbook is about stands out from those before.</summary>
    private static Cell Current(Cell cell) => cell with { Style = cell.Style.BesideSparkline() with { Bold = true } };

    private static IReadOnlyList<Cell> Row(Composer c, string label, IReadOnlyList<ReportingMonth> months, Cell verdict, params FilterTerm[] terms)
    {
        List<decimal> before = [.. c.Earlier(c.Judged.Baseline).Select(m => c.Value(Complaints, m, terms) ?? 0)];
        return
        [
            Cell.Of(label), .. months.Select(m => c.Cell(Complaints, m, terms) is var cell && m == c.Month ? Current(cell) : cell), Cell.Blank(Styles.Text),
            Composer.Derived(before.Count == 0 ? null : HalfUp.Round(before.Average(), 1), Styles.Days), verdict,
        ];
    }
}
