using Pipeline.Models.Taxonomy;
using Pipeline.Reports.Charts;
using Pipeline.Reports.Sheets;

namespace Pipeline.Reports.Workbooks.RootCause;

/// <summary>Which causes bring customers back, and send them higher.</summary>
internal static class CauseChainSheet
{
    /// <summary>Of fewer complaints a rate says little.</summary>
    private const int Fewest = 10;

    private const int Charted = 12;

    private static readonly string[] Measures =
        ["complaints", "repeat_90", "repeat_rate_90", "escalated", "escalation_rate", "bypass", "threats", "on_time_rate", "satisfaction_rate"];

    public static void Add(Composer c)
    {
        Breakdown causes = new(c, Dimensions.Cause);
        Sheet sheet = c.Page(c.T("重复与升级", "Repeat and escalation"), c.T($"重复与升级：{c.By(Dimensions.Cause)}", $"Repeats and escalation by {c.Noun(Dimensions.Cause)}"), c.T($"哪些{c.Noun(Dimensions.Cause)}让客户再次投诉、向上投诉", $"Which {c.Nouns(Dimensions.Cause)} bring customers back, and send them higher"), isOnOnePage: true);
        List<string> ranked = [.. causes.Ranked().Take(30)];
        TablePlace place = sheet.Table(SheetTable.Of(
            "RepeatByCause",
            [new(c.DimensionName(Dimensions.Cause), 36, true), .. Measures.Select(k => new TableColumn(c.MeasureName(k), 13))],
            [.. ranked.Select(m => (IReadOnlyList<Cell>)[Cell.Of(causes.Label(m)), .. Measures.Select(k => c.Cell(k, c.Month, causes.Term(m)))])],
            [Cell.Of(c.T("合计", "Total")), .. Measures.Select(k => c.Cell(k, c.Month))]));
        sheet.FreezeBelow(place);
        if (place.IsEmpty)
        {
            return;
        }
        sheet.Skip();
        int all = Math.Max(causes.Ranked().Count, causes.Classes);
        List<string> shown = [.. causes.Ranked().Where(m => causes.Count("complaints", m) >= Fewest)];
        int large = shown.Count;
        shown = [.. shown.Take(Charted)];
        if (shown.Count > 0)
        {
            ChartSpec? chart = c.Charts.Chart(
                ChartData.Shape(
                    c.T($"重复投诉率与升级率：{(large < all ? $"件数不少于 {Fewest} 的 {large} 类{c.Noun(Dimensions.Cause)}（共 {all} 类）" : $"全部 {all} 类{c.Noun(Dimensions.Cause)}")}", $"Repeat and escalation rates: {(large < all ? $"{large} {c.Nouns(Dimensions.Cause)} with at least {Fewest} complaints, of {all}" : $"all {all} {c.Nouns(Dimensions.Cause)}")}") + ChartData.Largest(c, shown.Count, large),
                    c.T($"条形图：各{c.Noun(Dimensions.Cause)}的 90 日重复投诉率和升级率。", $"Bar chart: repeat rate within 90 days and escalation rate by {c.Noun(Dimensions.Cause)}.")) with
                { Format = "0.0%" },
                [.. shown.Select(causes.Label)],
                [
                    new(c.MeasureName("repeat_rate_90"), [.. shown.Select(m => c.Value("repeat_rate_90", c.Month, causes.Term(m)))], SeriesShape.Bar, Palette.Series[0], c.ShareStyle),
                    new(c.MeasureName("escalation_rate"), [.. shown.Select(m => c.Value("escalation_rate", c.Month, causes.Term(m)))], SeriesShape.Bar, Palette.Series[2], c.ShareStyle),
                    new(c.T("全部投诉的重复率", "Repeat rate of all complaints"), [.. shown.Select(_ => c.Value("repeat_rate_90", c.Month))], SeriesShape.Level, Palette.Series[6], c.ShareStyle),
                ]);
            sheet.Chart(chart, 1, 8, 20);
        }
    }
}
