using Pipeline.Models.Complaints;
using Pipeline.Models.Measures;
using Pipeline.Models.Measures.Series;
using Pipeline.Models.Text;
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
        Sheet sheet = c.Page(Name(c), c.T("逐月总量与主要指标", "Total and main measures by month"), c.T($"{c.Months(Longest).Count} 个月总量走势与逐月主要指标", $"The total over {English.Count(c.Months(Longest).Count, "month")}, and the main measures month by month"), isOnOnePage: true);
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
        Uncovered.Note(c, sheet, 14);
        sheet.Skip();
        sheet.Chart(TotalChart(c, Longest), 1, Measures.Length + 1, 20);
    }

    private static string Name(Composer c) => c.T("逐月总量", "By month");

    /// <summary>Row of the first month on the sheet; see <see cref="Composer.Begin"/>: four rows stand above, then the heads.</summary>
    private const int FirstRow = 6;

    /// <summary>The last 13 months of a measure, or those whose window back is covered, as a sparkline reads them.</summary>
    public static string SparklineData(Composer c, string measure)
    {
        int column = Array.IndexOf(Measures, measure) + 2;
        IReadOnlyList<ReportingMonth> months = c.Months(Longest);
        int last = FirstRow + months.Count - 1;
        int uncovered = months.Count(m => !c.IsCovered(measure, FigurePeriod.Of(m)));
        return CellRef.Fixed(Name(c), Math.Max(Math.Min(FirstRow + uncovered, last), last - 12), column, last, column);
    }

    /// <summary>Whether some month shown had enough before it to be judged.</summary>
    public static bool HasLimits(Composer c, int months) => c.Months(months).Any(m => c.Judged.Count(m, "complaints").Kind != ChanceKind.TooFew);

    /// <summary>So many of the months shown are beyond their limits and get a diamond.</summary>
    public static int Beyond(Composer c, int months) => c.Months(months).Count(m => c.Judged.Count(m, "complaints").Kind is ChanceKind.Higher or ChanceKind.Lower);

    /// <summary>
    /// The total with the limits that each month was judged by: those made from the months before it. Months with too few before them have
    /// none; months beyond are marked.
    /// </summary>
    public static ChartSpec? TotalChart(Composer c, int months)
    {
        IReadOnlyList<ReportingMonth> shown = c.Months(months);
        SeriesVerdict[] verdicts = [.. shown.Select(m => c.Judged.Count(m, "complaints"))];
        decimal? Limit(SeriesVerdict v, double value) => v.Kind == ChanceKind.TooFew || value < 0 || !double.IsFinite(value) ? null : HalfUp.Round((decimal)value, 1);
        decimal?[] counts = [.. shown.Select(m => c.Value("complaints", m))];
        decimal?[] marks = [.. verdicts.Select((v, i) => v.Kind is ChanceKind.Higher or ChanceKind.Lower ? counts[i] : null)];
        int signals = Beyond(c, months);
        List<Plotted> series =
        [
            new(c.MeasureName("complaints"), counts, SeriesShape.Bar, Palette.Series[0], Styles.Count, HasLabels: true),
            new(c.T("期望", "Expected"), [.. verdicts.Select(v => Limit(v, v.Expected))], SeriesShape.Level, Palette.Series[1], Styles.Days),
            new(c.T("上控制限", "High limit"), [.. verdicts.Select(v => Limit(v, v.HighLimit))], SeriesShape.Level, Palette.Series[2], Styles.Days),
            new(c.T("下控制限", "Low limit"), [.. verdicts.Select(v => Limit(v, v.LowLimit))], SeriesShape.Level, Palette.Series[6], Styles.Days),
        ];
        if (signals > 0)
        {
            series.Add(new(c.T("超出控制限的月份", "Months beyond the limits"), marks, SeriesShape.Marks, Palette.Series[3], Styles.Count));
        }
        if (!HasLimits(c, months))
        {
            return c.Charts.Chart(
                ChartData.Shape(
                    c.T($"投诉量，近 {shown.Count} 个月", $"Complaints, {English.Count(shown.Count, "month")}"),
                    c.T($"柱形图：{shown.Count} 个月的投诉量，本月 {c.Count("complaints")} 件；往月太少，没有控制限。", $"Columns: complaints of {English.Count(shown.Count, "month")}, {c.Count("complaints")} this month; there are too few earlier months for limits.")),
                [.. shown.Select(c.Head)],
                series[..1]);
        }
        return c.Charts.Chart(
            ChartData.Shape(
                c.T($"投诉量与控制限，近 {shown.Count} 个月", $"Complaints and limits, {shown.Count} months"),
                c.T($"柱形图：{shown.Count} 个月的投诉量，本月 {c.Count("complaints")} 件；虚线为各月按其此前月份算得的期望与控制限{(signals == 0 ? "" : $"；菱形为超出控制限的 {signals} 个月")}。",
                    $"Columns: complaints of {shown.Count} months, {c.Count("complaints")} this month; dashed: what each month was expected to be and its limits, from the months before it{(signals == 0 ? "" : $"; diamonds: the {English.Count(signals, "month")} beyond")}.")),
            [.. shown.Select(c.Head)],
            series);
    }
}
