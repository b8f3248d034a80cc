using Pipeline.Models.Complaints;
using Pipeline.Models.Measures;
using Pipeline.Models.Taxonomy;
using Pipeline.Reports.Sheets;

namespace Pipeline.Reports.Workbooks.Regulatory;

/// <summary>Through whom the complaints came in; transfers of the regulators stand apart from the bank's own channels.</summary>
internal static class SourceSheet
{
    private const string Complaints = "complaints";

    public static void Add(Composer c)
    {
        Breakdown channels = new(c, Dimensions.Channel);
        Sheet sheet = c.Page(c.T("投诉来源", "Source"), c.T("投诉来源（渠道）", "Source of complaints"), c.IsUnderChineseRules ? c.T("从哪里来；监管转办、人行转办、一键呼转与自有渠道分列", "Where they came from; regulators' transfers apart from own channels") : c.T("从哪里来；监管转来与自有渠道分列", "Where they came from; those through a regulator apart from own channels"));
        TablePlace first = default;
        List<(string? Group, List<string> Members)> groups = ChannelGroups.Of(c, channels);
        if (groups.Count > 1)
        {
            sheet.Row(Cell.Of(c.T("按来源类别", "By kind of source"), Styles.Section));
            List<long> counts = [.. groups.Select(g => g.Members.Sum(m => channels.Count(Complaints, m)))];
            IReadOnlyList<Cell> shares = c.Shares(counts);
            first = sheet.Table(SheetTable.Of(
                "SourceGroups",
                [
                    new(c.T("来源类别", "Kind of source"), 0, true), new(c.T("投诉量", "Complaints"), 12), new(c.T("占比", "Share"), 10),
                    new(c.T("上月", "Month before"), 11), new(c.T("环比增减", "Change on month"), 12),
                    new(c.T("去年同月", "Same month last year"), 12), new(c.T("同比增减", "Change on year"), 12),
                ],
                [.. groups.Select((g, i) =>
                {
                    decimal? previous = Sum(c, channels, g.Members, c.Previous);
                    decimal? yearAgo = Sum(c, channels, g.Members, c.YearAgo);
                    return (IReadOnlyList<Cell>)
                    [
                        Cell.Of(ChannelGroups.Label(c, g.Group)), Composer.Derived(counts[i]), shares[i], Composer.Derived(previous),
                        Composer.Change(counts[i], previous, Units.Complaints), Composer.Derived(yearAgo), Composer.Change(counts[i], yearAgo, Units.Complaints),
                    ];
                })]));
            sheet.Skip();
        }
        sheet.Row(Cell.Of(c.T("按渠道", "By channel"), Styles.Section));
        List<long> parts = [.. channels.Members.Select(m => channels.Count(Complaints, m))];
        bool hasRest = channels.HasRest;
        IReadOnlyList<Cell> all = c.Shares(hasRest ? [.. parts, (long)channels.Rest(Complaints, c.Month)!.Value] : parts);
        List<IReadOnlyList<Cell>> rows = [.. channels.Members.Select((m, i) => (IReadOnlyList<Cell>)
        [
            Cell.Of(channels.Label(m)), Cell.Of(ChannelGroups.Label(c, m == FigurePlan.NoMember ? m : c.Report.Taxonomy.Class(Dimensions.Channel, m)?.Group)),
            c.Report.Taxonomy.Class(Dimensions.Channel, m)?.Level is { } level ? Cell.Of(level) : Cell.Blank(Styles.Count),
            c.Cell(Complaints, c.Month, channels.Term(m)), all[i], c.Cell(Complaints, c.Previous, channels.Term(m)), c.Cell(Complaints, c.YearAgo, channels.Term(m)),
            c.Cell("on_time_rate", c.Month, channels.Term(m)), c.Cell("closure_rate", c.Month, channels.Term(m)),
            c.Cell("repeat_90", c.Month, channels.Term(m)), c.Cell("escalated", c.Month, channels.Term(m)), c.Cell("bypass", c.Month, channels.Term(m)),
        ])];
        if (hasRest)
        {
            rows.Add(
            [
                Cell.Of(channels.RestLabel), Cell.Blank(Styles.Text), Cell.Blank(Styles.Count), Composer.Derived(channels.Rest(Complaints, c.Month)), all[^1],
                Composer.Derived(channels.Rest(Complaints, c.Previous)), Composer.Derived(channels.Rest(Complaints, c.YearAgo)), Cell.Undefined(c.ShareStyle), Cell.Undefined(c.ShareStyle),
                Composer.Derived(channels.Rest("repeat_90", c.Month)), Composer.Derived(channels.Rest("escalated", c.Month)), Composer.Derived(channels.Rest("bypass", c.Month)),
            ]);
        }
        TablePlace place = sheet.Table(SheetTable.Of(
            "Sources",
            [
                new(c.DimensionName(Dimensions.Channel), 0, true), new(c.T("来源类别", "Kind of source"), 0, true), new(c.T("层级", "Level"), 9),
                new(c.T("投诉量", "Complaints"), 12), new(c.T("占比", "Share"), 10), new(c.T("上月", "Month before"), 11), new(c.T("去年同月", "Same month last year"), 12),
                new(c.MeasureName("on_time_rate"), 12), new(c.MeasureName("closure_rate"), 11), new(c.MeasureName("repeat_90"), 12),
                new(c.MeasureName("escalated"), 11), new(c.MeasureName("bypass"), 11),
            ],
            rows,
            [
                Cell.Of(c.T("合计", "Total")), Cell.Blank(Styles.Text), Cell.Blank(Styles.Text), c.Cell(Complaints, c.Month),
                c.Count(Complaints) > 0 ? Cell.Of(1m, c.ShareStyle) : Cell.Undefined(c.ShareStyle), c.Cell(Complaints, c.Previous), c.Cell(Complaints, c.YearAgo),
                c.Cell("on_time_rate", c.Month), c.Cell("closure_rate", c.Month), c.Cell("repeat_90", c.Month), c.Cell("escalated", c.Month), c.Cell("bypass", c.Month),
            ]));
        if (first == default)
        {
            sheet.FreezeBelow(place);
        }
        sheet.Skip();
        sheet.Paragraph(
            c.IsUnderChineseRules
                ? c.T("层级为升级阶梯：0 网点与客服，1 信函与分行，2 总行，3 外部平台与政务热线，4 监管与人行，5 信访，6 调解、仲裁、诉讼。",
                    "Levels of the escalation ladder: 0 branch and hotline, 1 letters and regional branch, 2 head office, 3 outside platforms, 4 regulators, 5 petition office, 6 mediation, arbitration, court.")
                : c.T("层级为升级阶梯：0–2 被投诉的公司自己，3 外部平台，4 监管，6 调解、仲裁、诉讼。", "Levels of the escalation ladder: 0 to 2 the company itself, 3 outside platforms, 4 regulators, 6 mediation, arbitration, court."),
            Styles.Note, 1, 12);
    }

    private static decimal? Sum(Composer c, Breakdown channels, List<string> members, ReportingMonth month) =>
        c.Has(month) ? members.Sum(m => c.Value(Complaints, month, channels.Term(m)) ?? 0) : null;
}
