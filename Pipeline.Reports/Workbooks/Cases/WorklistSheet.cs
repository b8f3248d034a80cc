using Pipeline.Models.Complaints;
using Pipeline.Models.Taxonomy;
using Pipeline.Reports.Sheets;

namespace Pipeline.Reports.Workbooks.Cases;

/// <summary>Open cases, of the month and older, by the days left to their limits (Order 2020 No.3 art. 18: calendar days, the day of receipt not counted).</summary>
internal static class WorklistSheet
{
    public static string Name(Composer c) => c.T("待办清单", "Worklist");

    public static void Add(Composer c, CaseLinks links)
    {
        TimeLimits limits = c.Report.Rules.TimeLimitCalendarDays;
        DateOnly asOf = c.Report.Lineage.AsOf;
        Sheet sheet = c.Page(Name(c), c.T("未办结投诉：剩余天数", "Open cases by days left"), c.T($"哪些未办结件快到或已过 {limits.First}/{limits.Extended}/{limits.Final} 日时限", $"Which open cases are near or past {limits.First}, {limits.Extended} and {limits.Final} days"));
        // What is over a limit first, the most limits first; of each of these what runs out next.
        List<CaseRow> rows = [.. Open(c)
            .OrderByDescending(r => Passed(r.Fact, asOf, limits).Count)
            .ThenBy(r => LeftToNext(r.Fact, asOf, limits))
            .ThenBy(r => r.Fact.Received)
            .ThenBy(r => r.Fact.CaseNumber, StringComparer.Ordinal)];
        int[] passed = [.. All(limits).Select(l => rows.Count(r => Left(r.Fact, asOf, l) < 0))];
        if (rows.Count > 0)
        {
            sheet.Paragraph(
                c.T($"已超 {limits.First} 日 {passed[0]} 件，其中已超 {limits.Extended} 日 {passed[1]} 件、已超 {limits.Final} 日 {passed[2]} 件；未超任何时限 {rows.Count - passed[0]} 件。",
                    $"Over {limits.First} days: {passed[0]}, of them over {limits.Extended} days: {passed[1]} and over {limits.Final} days: {passed[2]}. Within all limits: {rows.Count - passed[0]}."),
                Styles.Finding, 1, 12);
        }
        sheet.Row(Cell.Of(c.T($"天数计至数据日 {Composer.Iso(asOf)}。本清单为报告月末前受理且截至数据日未办结的全部投诉，含以前月份受理的；已超时限多的在前，其次按距下一时限的天数。是否属于情况复杂、可否延长至 {limits.Extended} 日和 {limits.Final} 日，由经办机构认定。", $"Days are counted to the data date {Composer.Iso(asOf)}. The list holds every case received up to the end of the month and open on the data date, older months included: those over most limits first, then by the days left to the next limit. Whether a case is complex, so that {limits.Extended} or {limits.Final} days apply, is for the office that handles it to say."), Styles.Note with { Wrap = false }));
        CaseCells.List(
            c, sheet, "Worklist",
            [
                CaseCells.CaseNumberColumn(c), new(c.T("受理日期", "Received"), 11.5), new(c.T("已历天数", "Days open"), 8.5), new(c.T("已超时限", "Limits passed"), 12, true),
                .. All(limits).Select(l => new TableColumn(c.T($"{l} 日时限", $"Limit of {l} days"), 11)),
                new(c.T("来源给定期限", "Due (source)"), 12), new(c.T("标记", "Marks"), 12, true), new(c.DimensionName(Dimensions.Severity), 10, true),
                CaseCells.BranchColumn(c), CaseCells.BusinessColumn(c), CaseCells.CauseColumn(c), CaseCells.ChannelColumn(c), CaseCells.PersonColumn(c), CaseCells.TextColumn(c),
            ],
            rows,
            r =>
            [
                CaseCells.CaseNumber(r), Cell.Of(r.Fact.Received), Cell.Of(asOf.DayNumber - r.Fact.Received.DayNumber), Cell.Of(PassedWords(c, Passed(r.Fact, asOf, limits))),
                .. All(limits).Select(l => Cell.Of(Left(r.Fact, asOf, l), DaysToLimit(c))),
                Cell.Of(r.Fact.Due), Cell.Of(CaseCells.Marks(c, r)), CaseCells.Class(c, Dimensions.Severity, r.Fact.Severity),
                CaseCells.Branch(r), CaseCells.Business(c, r), CaseCells.Cause(c, r), CaseCells.Channel(c, r), CaseCells.Person(r, links), CaseCells.Text(r),
            ],
            c.T("截至报告月末受理的投诉已全部办结。", "All cases received up to the end of the month are closed."));
        if (rows.Count > 0)
        {
            TablePlace place = sheet.Tables[0].Place;
            sheet.Conditions.Add(ConditionalRule.AlertBelow(place.Columns(4, 6), 0));
        }
    }

    /// <summary>Days left to a limit, or over it: the cell keeps the number, below nought where it is over.</summary>
    internal static CellStyle DaysToLimit(Composer c) => Styles.Count with
    {
        Format = c.T("\"剩 \"#,##0;\"超 \"#,##0;\"今日到期\"", "#,##0\" left\";#,##0\" over\";\"today\""),
    };

    private static int[] All(TimeLimits limits) => [limits.First, limits.Extended, limits.Final];

    /// <summary>The limits that have run out, the shortest first.</summary>
    internal static IReadOnlyList<int> Passed(ComplaintFact fact, DateOnly asOf, TimeLimits limits) => [.. All(limits).Where(l => Left(fact, asOf, l) < 0)];

    private static string PassedWords(Composer c, IReadOnlyList<int> passed) =>
        passed.Count == 0 ? c.T("无", "none") : c.T($"{string.Join("、", passed)} 日", $"{string.Join(", ", passed)} days");

    /// <summary>Every case received up to the end of the month and open on the data date.</summary>
    internal static List<CaseRow> Open(Composer c) => [.. c.Report.OpenEarlier.Concat(c.Report.Cases).Where(r => r.Fact.Status == "open")];

    /// <summary>The first limit that has not run out; null where all have.</summary>
    internal static int? NextLimit(ComplaintFact fact, DateOnly asOf, TimeLimits limits)
    {
        int open = asOf.DayNumber - fact.Received.DayNumber;
        return open <= limits.First ? limits.First : open <= limits.Extended ? limits.Extended : open <= limits.Final ? limits.Final : null;
    }

    /// <summary>Days left to the next limit; to the last, and so below nought, where all have run out.</summary>
    internal static int LeftToNext(ComplaintFact fact, DateOnly asOf, TimeLimits limits) => Left(fact, asOf, NextLimit(fact, asOf, limits) ?? limits.Final);

    private static int Left(ComplaintFact fact, DateOnly asOf, int limit) => limit - (asOf.DayNumber - fact.Received.DayNumber);
}
