using Pipeline.Models.Complaints;
using Pipeline.Models.Measures;
using Pipeline.Models.Taxonomy;
using Pipeline.Reports.Charts;
using Pipeline.Reports.Sheets;
using Pipeline.Reports.Workbooks.Cases;

namespace Pipeline.Reports.Workbooks.Trend;

/// <summary>How quickly complaints are closed, by month of receipt.</summary>
internal static class TimelinessTrendSheet
{
    public static void Add(Composer c)
    {
        TimeLimits limits = c.Report.Rules.TimeLimitCalendarDays;
        Sheet sheet = c.Page(c.T("时效走势", "Timeliness"), c.T("办理时效走势", "Timeliness by month of receipt"), c.T("按受理月看多久办结、多少未办结", "How long closing took, by month of receipt, and how much is open"), isOnOnePage: true);
        IReadOnlyList<ReportingMonth> months = c.Months(13);
        (string Name, Func<ReportingMonth, decimal?> Value, string Color)[] parts =
        [
            (c.T($"{limits.First} 日内", $"Within {limits.First} days"), m => c.Value("closed_on_time_15", m), Palette.Series[0]),
            (c.T($"{limits.First + 1}–{limits.Extended} 日", $"{limits.First + 1}–{limits.Extended} days"), m => c.Value("closed_within_30", m) - c.Value("closed_on_time_15", m), Palette.Series[1]),
            (c.T($"{limits.Extended + 1}–{limits.Final} 日", $"{limits.Extended + 1}–{limits.Final} days"), m => c.Value("closed_within_60", m) - c.Value("closed_within_30", m), Palette.Series[3]),
            (c.T($"{limits.Final} 日后或办结日不明", $"After {limits.Final} days or day not known"), m => c.Value("closed", m) - (c.Value("closed_within_60", m) ?? 0), Palette.Series[2]),
            (c.T("未办结", "Open"), m => c.Value("open", m), Palette.Rest),
        ];
        // Where no closing day is stated nothing tells how long closing took: a chart of what is left would say late.
        ChartSpec? made = !months.Any(m => c.Value("closed_within_60", m) is not null) ? null : c.Charts.Chart(
            ChartData.Shape(c.T("办结用时构成", "How long closing took"), c.T("堆积柱形图：各受理月在 15、30、60 日内办结及未办结的份额。", "Stacked columns: shares closed within 15, 30 and 60 days and still open, by month of receipt.")) with { Grouping = BarGrouping.Shares },
            [.. months.Select(c.Head)],
            [.. parts.Select(p => new Plotted(p.Name, [.. months.Select(p.Value)], SeriesShape.Bar, p.Color, Styles.Count))]);
        ChartSpec? rates = c.Charts.Chart(
            ChartData.Shape(c.T("及时办结率与满意率", "On-time rate and satisfaction"), c.T("折线图：及时办结率与满意率逐月走势。", "Lines: on-time rate and satisfaction rate by month.")) with { Format = "0%", Maximum = 1 },
            [.. months.Select(c.Head)],
            [
                new(c.MeasureName("on_time_rate"), [.. months.Select(m => Settled(c, "on_time_rate", m))], SeriesShape.Line, Palette.Series[0], c.ShareStyle),
                new(c.MeasureName("satisfaction_rate"), [.. months.Select(m => Settled(c, "satisfaction_rate", m))], SeriesShape.Line, Palette.Lines[1], c.ShareStyle),
            ]);
        sheet.ChartsBeside(made, rates, 6, 11, 19);
        // Where an export says nothing of a measure, a column of dashes would not either.
        string[] measures = [.. ((string[])["on_time_rate", "closure_rate", "median_handling_days", "satisfaction_rate"]).Where(k => months.Any(m => c.Value(k, m) is not null))];
        sheet.Table(SheetTable.Of(
            "Timeliness",
            [
                new(c.T("受理月", "Month"), 12, true), new(c.MeasureName("complaints"), 12), .. parts.Select(p => new TableColumn(p.Name, 13)),
                .. measures.Select(k => new TableColumn(c.MeasureName(k), 12)),
            ],
            [.. months.Select(m => (IReadOnlyList<Cell>)
            [
                Cell.Of(c.Head(m)), c.Cell("complaints", m), .. parts.Select(p => Composer.Derived(p.Value(m))),
                .. measures.Select(k => c.Cell(k, m)),
            ])]));
        sheet.Skip();
        foreach (string note in Notes(c, months))
        {
            sheet.Paragraph(note, Styles.Note, 1, 11);
        }
    }

    /// <summary>The rate of a month as a line shows it: none while it still matures.</summary>
    private static decimal? Settled(Composer c, string measure, ReportingMonth month) =>
        c.IsMaturing(measure, FigurePeriod.Of(month)) ? null : c.Value(measure, month);

    private static IEnumerable<string> Notes(Composer c, IReadOnlyList<ReportingMonth> months)
    {
        if (c.Value("open", c.Month) is not null)
        {
            IReadOnlyList<int> limits = c.Limits;
            string asOf = Composer.Iso(c.Report.Lineage.AsOf);
            List<CaseRow> open = WorklistSheet.Open(c);
            (int[] past, int within) = WorklistSheet.Standing(open, c.Report.Lineage.AsOf, limits);
            yield return c.T(
                $"截至报告月末受理、数据日 {asOf} 仍未办结的共 {open.Count} 件（含表外更早月份）：{string.Join("，", limits.Select((l, i) => $"已超 {l} 日 {past[i]} 件"))}（各时限分别计算{(c.HasView(Models.Regulatory.RegulatoryViews.UnitedStates) ? $"；来源注明已及时答复的不算超 {limits[0]} 日" : "")}）；未超任何时限 {within} 件。",
                $"Received up to the end of the month and open on the data date {asOf}: {open.Count} (months before those of the table included). Each limit by itself{(c.HasView(Models.Regulatory.RegulatoryViews.UnitedStates) ? $", a timely response meets that of {limits[0]} days" : "")}: {string.Join(", ", limits.Select((l, i) => $"{past[i]} past {l} days"))}; within all limits: {within}.");
        }
        string[] maturing = [.. ((string[])["on_time_rate", "satisfaction_rate"])
            .Select(k => (Measure: k, Months: months.Where(m => c.Value(k, m) is not null && c.IsMaturing(k, FigurePeriod.Of(m))).ToList()))
            .Where(k => k.Months.Count > 0)
            .Select(k => c.T($"{c.MeasureName(k.Measure)} {string.Join("、", k.Months)}", $"{c.MeasureName(k.Measure)} {string.Join(", ", k.Months)}"))];
        if (maturing.Length > 0)
        {
            yield return c.T($"尚未满期、会随后续数据变动，表中列出、折线不画：{string.Join("；", maturing)}。", $"Still maturing, printed in the table and left out of the lines: {string.Join("; ", maturing)}.");
        }
    }
}
