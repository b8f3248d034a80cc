using Pipeline.Models.Complaints;
using Pipeline.Models.Measures;
using Pipeline.Models.Taxonomy;
using Pipeline.Models.Text;
using Pipeline.Reports.Charts;
using Pipeline.Reports.Sheets;

namespace Pipeline.Reports.Workbooks.Trend;

/// <summary>Who sends the complaints, over up to 25 months in the chart and 13 in the table: the bank's own channels, platforms, regulators, petition office, court.</summary>
internal static class ChannelTrendSheet
{
    private const string Complaints = "complaints";

    public static void Add(Composer c)
    {
        Breakdown channels = new(c, Dimensions.Channel);
        List<(string? Group, List<string> Members)> groups = ChannelGroups.Of(c, channels);
        string name = c.T("投诉来源", "Source");
        string title = c.T("投诉来源走势", "Source of complaints");
        string answers = c.IsUnderChineseRules ? c.T("自有渠道、平台、监管、信访来件的走势", "Own channels, platforms, regulators and petition office over time") : c.T("自有渠道、平台、监管来件的走势", "Own channels, platforms and regulators over time");
        if (groups.Count(g => g.Group is not null) < 2)
        {
            SeriesSheet.Add(c, Dimensions.Channel, name, title, answers, "ChannelMonths", charted: 6, isStacked: true);
            return;
        }
        Sheet sheet = c.Page(name, title, answers, isOnOnePage: true);
        IReadOnlyList<ReportingMonth> months = c.Months(SeriesSheet.Months);
        IReadOnlyList<ReportingMonth> charted = c.Months(TotalSheet.Longest);
        decimal? Sum(List<string> members, ReportingMonth month) => members.Sum(m => c.Value(Complaints, month, channels.Term(m)) ?? 0);
        List<(string? Group, List<string> Members)> shown = [.. groups.Where(g => charted.Any(m => Sum(g.Members, m) > 0))];
        // What an open dimension does not break out, so that the parts make the whole.
        decimal?[] rest = [.. charted.Select(m => c.Value(Complaints, m) - shown.Sum(g => Sum(g.Members, m)))];
        sheet.Chart(
            c.Charts.Chart(
                ChartData.Shape($"{title} · {c.T($"近 {charted.Count} 个月", English.Count(charted.Count, "month"))}", c.T("堆积柱形图：各来源类别逐月投诉量。", "Stacked columns: complaints by kind of source and month.")) with { Grouping = BarGrouping.Stacked, HasLevelLabels = true },
                [.. charted.Select(c.Head)],
                [
                    .. shown.Select((g, i) => new Plotted(ChannelGroups.Label(c, g.Group), [.. charted.Select(m => Sum(g.Members, m))], SeriesShape.Bar, Palette.Series[i % Palette.Series.Count], Styles.Count)),
                    .. rest.Any(r => r > 0) ? (Plotted[])[new(channels.RestLabel, rest, SeriesShape.Bar, Palette.Rest, Styles.Count)] : [],
                ]),
            1, months.Count + 4, 19);
        List<IReadOnlyList<Cell>> rows = [];
        foreach ((string? group, List<string> members) in shown)
        {
            foreach (string member in members.Where(m => months.Any(x => c.Value(Complaints, x, channels.Term(m)) > 0)))
            {
                List<decimal> before = [.. c.Earlier(c.Judged.Baseline).Select(m => c.Value(Complaints, m, channels.Term(member)) ?? 0)];
                rows.Add(
                [
                    Cell.Of(channels.Label(member)), Cell.Of(ChannelGroups.Label(c, group)), .. months.Select(m => c.Cell(Complaints, m, channels.Term(member))),
                    Composer.Derived(before.Count == 0 ? null : HalfUp.Round(before.Average(), 1), Styles.Days),
                    SeriesSheet.Usual(c, channels.Term(member)),
                ]);
            }
        }
        bool drifts = shown.SelectMany(g => g.Members).Any(m => SeriesSheet.Drifting(c, channels.Term(m)) is not null);
        sheet.Table(SheetTable.Of(
            "ChannelMonths",
            [
                new(c.DimensionName(Dimensions.Channel), 0, true), new(c.T("来源类别", "Kind of source"), 0, true), .. months.Select(m => new TableColumn(c.Head(m), 9.5)),
                new(Judgement.MeanHead(c), 12), new(c.T("与往常相比", "Against the usual"), drifts ? 38 : 25, true),
            ],
            rows,
            [
                Cell.Of(c.T("合计", "Total")), Cell.Blank(Styles.Text), .. months.Select(m => c.Cell(Complaints, m)),
                Composer.Derived(c.Earlier(12) is { Count: > 0 } e ? HalfUp.Round(e.Average(m => c.Value(Complaints, m) ?? 0), 1) : null, Styles.Days),
                Words.Verdict(c, Judgement.OfCount(c, Complaints).Kind),
            ]));
        if (drifts)
        {
            sheet.Skip();
            sheet.Paragraph(SeriesSheet.DriftNote(c), Styles.Note, 1, 10);
        }
    }
}
