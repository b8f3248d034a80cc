using Pipeline.Models.Complaints;
using Pipeline.Models.Taxonomy;
using Pipeline.Reports.Charts;
using Pipeline.Reports.Sheets;

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
                new(c.MeasureName("on_time_rate"), [.. months.Select(m => c.Value("on_time_rate", m))], SeriesShape.Line, Palette.Series[0], c.ShareStyle),
                new(c.MeasureName("satisfaction_rate"), [.. months.Select(m => c.Value("satisfaction_rate", m))], SeriesShape.Line, Palette.Lines[1], c.ShareStyle),
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
            [.. months.Reverse().Select(m => (IReadOnlyList<Cell>)
            [
                Cell.Of(c.Head(m)), c.Cell("complaints", m), .. parts.Select(p => Composer.Derived(p.Value(m))),
                .. measures.Select(k => c.Cell(k, m)),
            ])]));
        sheet.Skip();
        sheet.Paragraph(
            c.T("最近两个月的投诉多在时限之内办理，图中“未办结”不等于超期。", "Most cases of the last two months are still within their limits: open does not mean overdue."), Styles.Note, 1, 11);
    }
}
