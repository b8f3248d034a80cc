using Pipeline.Models.Complaints;
using Pipeline.Reports.Charts;
using Pipeline.Reports.Sheets;

namespace Pipeline.Reports.Workbooks.Trend;

/// <summary>All measures that management follows, month by month, as far back as figures reach.</summary>
internal static class TotalSheet
{
    /// <summary>Months shown, this one with them.</summary>
    public const int Longest = 25;

    /// <summary>The measures of the table; a column of each, months downwards, so that sparklines can read them.</summary>
    private static readonly string[] Measures =
    [
        "complaints", "after_merging", "persons", "repeat_90", "repeat_rate_90", "escalated", "escalation_rate", "regulator_transfers", "regulator_share", "bypass", "threats",
        "on_time_rate", "closure_rate", "over_60_days", "median_handling_days", "satisfaction_rate",
    ];

    public static void Add(Composer c)
    {
        Sheet sheet = c.Page(Name(c), c.T("逐月总量与主要指标", "Total and main measures by month"), c.T("25 个月总量走势与逐月主要指标", "The total over 25 months, and the main measures month by month"), isOnOnePage: true);
        IReadOnlyList<ReportingMonth> months = c.Months(Longest);
        TablePlace place = sheet.Table(SheetTable.Of(
            "Months",
            [new(c.T("受理月", "Month"), 12, true), .. Measures.Select(k => new TableColumn(c.MeasureName(k), 11))],
            [.. months.Select(m => (IReadOnlyList<Cell>)[Cell.Of(c.Head(m)), .. Measures.Select(k => c.Cell(k, m))])]));
        sheet.FreezeBelow(place);
        sheet.Skip();
        if (c.IsIncomplete(c.Month))
        {
            sheet.Paragraph(c.T("* 该月数据不完整。", "* The data of this month are incomplete."), Styles.Note, 1, 10);
        }
        sheet.Paragraph(
            c.T("近月的办结率、及时办结率、满意率等尚未满期，会随后续数据变动。", "Closing, timeliness and satisfaction of recent months are still maturing and will move with later data."),
            Styles.Note, 1, 14);
        sheet.Skip();
        sheet.Chart(TotalChart(c, Longest), 1, Measures.Length + 1, 20);
    }

    private static string Name(Composer c) => c.T("逐月总量", "By month");

    /// <summary>Row of the first month on the sheet; see <see cref="Composer.Begin"/>: four rows stand above, then the heads.</summary>
    private const int FirstRow = 6;

    /// <summary>The last 13 months of a measure, as a sparkline reads them.</summary>
    public static string SparklineData(Composer c, string measure)
    {
        int column = Array.IndexOf(Measures, measure) + 2;
        int last = FirstRow + c.Months(Longest).Count - 1;
        return CellRef.Fixed(Name(c), Math.Max(FirstRow, last - 12), column, last, column);
    }

    public static ChartSpec TotalChart(Composer c, int months)
    {
        IReadOnlyList<ReportingMonth> shown = c.Months(months);
        IReadOnlyList<ReportingMonth> earlier = c.Earlier(Judgement.Baseline);
        decimal? mean = earlier.Count == 0 ? null : Math.Round(earlier.Average(m => c.Value("complaints", m) ?? 0), 1);
        List<Plotted> series =
        [
            new(c.MeasureName("complaints"), [.. shown.Select(m => c.Value("complaints", m))], SeriesShape.Bar, Palette.Series[0], Styles.Count, HasLabels: true),
        ];
        if (mean is { } level)
        {
            series.Add(new(c.T($"此前 {earlier.Count} 个月平均", $"Mean of {earlier.Count} months before"), [.. shown.Select(_ => (decimal?)level)], SeriesShape.Level, Palette.Series[2], Styles.Days));
        }
        return c.Charts.Chart(
            ChartData.Shape(
                c.T($"投诉量，近 {shown.Count} 个月", $"Complaints, {shown.Count} months"),
                c.T($"柱形图：{shown.Count} 个月的投诉量，本月 {c.Count("complaints")} 件；虚线为此前 {earlier.Count} 个月平均。", $"Columns: complaints of {shown.Count} months, {c.Count("complaints")} this month; dashed: mean of the {earlier.Count} months before.")),
            [.. shown.Select(c.Head)],
            series);
    }
}
