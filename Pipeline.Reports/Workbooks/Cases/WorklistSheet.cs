using Pipeline.Models.Complaints;
using Pipeline.Models.Regulatory;
using Pipeline.Models.Taxonomy;
using Pipeline.Reports.Sheets;

namespace Pipeline.Reports.Workbooks.Cases;

/// <summary>Open cases, of the month and older, by the days left to the limits that bind their source (<see cref="Composer.Limits"/>: calendar days, the day of receipt not counted).</summary>
internal static class WorklistSheet
{
    public static string Name(Composer c) => c.T("待办清单", "Worklist");

    public static void Add(Composer c, CaseLinks links)
    {
        IReadOnlyList<int> limits = c.Limits;
        DateOnly asOf = c.Report.Lineage.AsOf;
        Sheet sheet = c.Page(Name(c), c.T("未办结投诉：剩余天数", "Open cases by days left"), c.T($"哪些未办结件快到或已过 {ListZh(limits)} 日时限", $"Which open cases are near or past {ListEn(limits)} days"));
        // What is over a limit first, the most limits first; of each of these what runs out next.
        List<CaseRow> rows = [.. Open(c)
            .OrderByDescending(r => Passed(r.Fact, asOf, limits).Count)
            .ThenBy(r => LeftToNext(r.Fact, asOf, limits))
            .ThenBy(r => r.Fact.Received)
            .ThenBy(r => r.Fact.CaseNumber, StringComparer.Ordinal)];
        (int[] passed, int within) = Standing(rows, asOf, limits);
        // Where an answer in time meets the first limit, a case can be over the last and not over the first.
        bool isPart = rows.All(r => Binds(r.Fact, limits[0], limits));
        if (rows.Count > 0)
        {
            sheet.Paragraph(
                c.T($"已超 {limits[0]} 日 {passed[0]} 件，{(isPart ? "其中" : "")}{string.Join("、", limits.Skip(1).Select((l, i) => $"已超 {l} 日 {passed[i + 1]} 件"))}；未超任何时限 {within} 件。",
                    $"Over {limits[0]} days: {passed[0]}, {(isPart ? "of them " : "")}{string.Join(" and ", limits.Skip(1).Select((l, i) => $"over {l} days: {passed[i + 1]}"))}. Within all limits: {within}."),
                Styles.Finding, 1, 12);
        }
        sheet.Row(Cell.Of(c.T($"天数计至数据日 {Composer.Iso(asOf)}。本清单为报告月末前受理且截至数据日未办结的全部投诉，含以前月份受理的；已超时限多的在前，其次按距下一时限的天数。", $"Days are counted to the data date {Composer.Iso(asOf)}. The list holds every case received up to the end of the month and open on the data date, older months included: those over most limits first, then by the days left to the next limit.") + Applies(c, limits), Styles.Note with { Wrap = false }));
        CaseCells.List(
            c, sheet, "Worklist",
            [
                CaseCells.CaseNumberColumn(c), new(c.T("受理日期", "Received"), 11.5), new(c.T("已历天数", "Days open"), 8.5), new(c.T("已超时限", "Limits passed"), 12, true),
                .. limits.Select(l => new TableColumn(c.T($"{l} 日时限", $"Limit of {l} days"), 11)),
                new(c.T("来源给定期限", "Due (source)"), 12), new(c.T("标记", "Marks"), 12, true), new(c.DimensionName(Dimensions.Severity), 10, true),
                CaseCells.BranchColumn(c), CaseCells.BusinessColumn(c), CaseCells.CauseColumn(c), CaseCells.ChannelColumn(c), CaseCells.PersonColumn(c), CaseCells.TextColumn(c),
            ],
            rows,
            r =>
            [
                CaseCells.CaseNumber(r), Cell.Of(r.Fact.Received), Cell.Of(asOf.DayNumber - r.Fact.Received.DayNumber), Cell.Of(PassedWords(c, Passed(r.Fact, asOf, limits))),
                .. limits.Select(l => Binds(r.Fact, l, limits) ? Cell.Of(Left(r.Fact, asOf, l), DaysToLimit(c)) : Cell.Of(c.T("已及时答复", "answered"), CaseCells.Centered)),
                CaseCells.Stated(r.Fact.Due), Cell.Of(CaseCells.Marks(c, r)), CaseCells.Class(c, Dimensions.Severity, r.Fact.Severity),
                CaseCells.Branch(r), CaseCells.Business(c, r), CaseCells.Cause(c, r), CaseCells.Channel(c, r), CaseCells.Person(r, links), CaseCells.Text(r),
            ],
            c.T("截至报告月末受理的投诉已全部办结。", "All cases received up to the end of the month are closed."));
        if (rows.Count > 0)
        {
            TablePlace place = sheet.Tables[0].Place;
            sheet.Conditions.Add(ConditionalRule.AlertBelow(place.Columns(4, 3 + limits.Count), 0));
        }
    }

    /// <summary>Which of the limits applies to a case, by whom it is said.</summary>
    private static string Applies(Composer c, IReadOnlyList<int> limits) => c.IsUnderChineseRules
        ? c.T($"是否属于情况复杂、可否延长至 {limits[1]} 日和 {limits[^1]} 日，由经办机构认定。", $" Whether a case is complex, so that {limits[1]} or {limits[^1]} days apply, is for the office that handles it to say.")
        : !c.HasView(RegulatoryViews.UnitedStates) ? ""
        : c.T($"来源注明已及时答复的，{limits[0]} 日时限已满足；答复为“办理中”的适用 {limits[^1]} 日。", $" Where the source says that the response was timely, the limit of {limits[0]} days is met; that of {limits[^1]} days is of companies that first answered “In progress”.");

    /// <summary>The limits of a sentence: 15/30/60; 15, 30 and 60.</summary>
    internal static string ListZh(IReadOnlyList<int> limits) => string.Join("/", limits);

    /// <inheritdoc cref="ListZh"/>
    internal static string ListEn(IReadOnlyList<int> limits) => $"{string.Join(", ", limits.SkipLast(1))} and {limits[^1]}";

    /// <summary>Days left to a limit, or over it: the cell keeps the number, below nought where it is over.</summary>
    internal static CellStyle DaysToLimit(Composer c) => Styles.Count with
    {
        Format = c.T("\"剩 \"#,##0;\"超 \"#,##0;\"今日到期\"", "#,##0\" left\";#,##0\" over\";\"today\""),
    };

    /// <summary>The limits that have run out, the shortest first.</summary>
    private static IReadOnlyList<int> Passed(ComplaintFact fact, DateOnly asOf, IReadOnlyList<int> limits) => [.. limits.Where(l => Binds(fact, l, limits) && Left(fact, asOf, l) < 0)];

    /// <summary>The first limit is met where the source itself says that the response was timely.</summary>
    private static bool Binds(ComplaintFact fact, int limit, IReadOnlyList<int> limits) => limit != limits[0] || fact.IsTimelyReported != true;

    /// <summary>Of how many cases each limit has run out, and of how many none.</summary>
    internal static (int[] Past, int Within) Standing(IEnumerable<CaseRow> open, DateOnly asOf, IReadOnlyList<int> limits)
    {
        IReadOnlyList<int>[] passed = [.. open.Select(r => Passed(r.Fact, asOf, limits))];
        return ([.. limits.Select(l => passed.Count(p => p.Contains(l)))], passed.Count(p => p.Count == 0));
    }

    private static string PassedWords(Composer c, IReadOnlyList<int> passed) =>
        passed.Count == 0 ? c.T("无", "none") : c.T($"{string.Join("、", passed)} 日", $"{string.Join(", ", passed)} days");

    /// <summary>Every case received up to the end of the month and open on the data date.</summary>
    internal static List<CaseRow> Open(Composer c) => [.. c.Report.OpenEarlier.Concat(c.Report.Cases).Where(r => r.Fact.Status == "open")];

    /// <summary>The first limit that has not run out; null where all have.</summary>
    internal static int? NextLimit(ComplaintFact fact, DateOnly asOf, IReadOnlyList<int> limits) =>
        limits.Where(l => Binds(fact, l, limits) && Left(fact, asOf, l) >= 0).Select(l => (int?)l).FirstOrDefault();

    /// <summary>Days left to the next limit; to the last, and so below nought, where all have run out.</summary>
    internal static int LeftToNext(ComplaintFact fact, DateOnly asOf, IReadOnlyList<int> limits) => Left(fact, asOf, NextLimit(fact, asOf, limits) ?? limits[^1]);

    private static int Left(ComplaintFact fact, DateOnly asOf, int limit) => limit - (asOf.DayNumber - fact.Received.DayNumber);
}
