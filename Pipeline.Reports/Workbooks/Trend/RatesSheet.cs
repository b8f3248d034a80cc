using Pipeline.Models.Complaints;
using Pipeline.Models.Measures;
using Pipeline.Models.Text;
using Pipeline.Reports.Charts;
using Pipeline.Reports.Sheets;

namespace Pipeline.Reports.Workbooks.Trend;

/// <summary>How often customers come back, and go higher.</summary>
internal static class RatesSheet
{
    private static readonly string[] Counts = ["complaints", "repeat_7", "repeat_30", "repeat_90", "escalated", "bypass", "regulator_transfers", "threats"];
    private static readonly string[] Rates = ["repeat_rate_7", "repeat_rate_30", "repeat_rate_90", "escalation_rate", "regulator_share"];

    public static void Add(Composer c)
    {
        Sheet sheet = c.Page(c.T("重复与升级", "Repeat and escalation"), c.T("重复与升级走势", "Repeats and escalation"), c.T("重复投诉率、升级率、监管转办占比的走势", "Repeat rate, escalation rate and share of regulators' transfers over time"), isOnOnePage: true);
        sheet.Chart(RatesChart(c, 25), 1, 14, 19);
        IReadOnlyList<ReportingMonth> months = c.Months(25);
        sheet.Table(SheetTable.Of(
            "Rates",
            [new(c.T("受理月", "Month"), 12, true), .. Counts.Concat(Rates).Select(k => new TableColumn(c.MeasureName(k), 12))],
            [.. months.Select(m => (IReadOnlyList<Cell>)[Cell.Of(c.Head(m)), .. Counts.Concat(Rates).Select(k => c.Cell(k, m))])]));
        Uncovered.Note(c, sheet, 14);
    }

    public static ChartSpec? RatesChart(Composer c, int months)
    {
        IReadOnlyList<ReportingMonth> shown = c.Months(months);
        Plotted Line(string measure, int color) => new(
            c.MeasureName(measure), [.. shown.Select(m => c.Covered(measure, m))], SeriesShape.Line, Palette.Lines[color], c.ShareStyle);
        Plotted[] lines = [Line("repeat_rate_90", 0), Line("escalation_rate", 1), Line("regulator_share", 2)];
        string[] drawn = [.. lines.Where(l => l.Values.Any(v => v is not null)).Select(l => l.Name)];
        return c.Charts.Chart(
            ChartData.Shape(
                c.T($"{string.Join('、', drawn)}，近 {shown.Count} 个月", $"{string.Join(" · ", drawn)}, {English.Count(shown.Count, "month")}"),
                c.T($"折线图：{string.Join('、', drawn)}逐月走势。", $"Lines by month: {string.Join(", ", drawn)}.")) with
            { Format = "0%" },
            [.. shown.Select(c.Head)],
            lines);
    }
}
