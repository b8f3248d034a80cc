using Pipeline.Models.Complaints;
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
        List<CaseRow> rows = [.. Open(c)
            .OrderBy(r => NextLimit(r.Fact, asOf, limits) is { } next ? Left(r.Fact, asOf, next) : int.MinValue)
            .ThenBy(r => r.Fact.Received)
            .ThenBy(r => r.Fact.CaseNumber, StringComparer.Ordinal)];
        sheet.Row(Cell.Of(c.T($"天数计至数据日 {Composer.Iso(asOf)}；剩余天数为负即已超限。本清单为报告月末前受理且截至数据日未办结的全部投诉，含以前月份受理的。", $"Days are counted to the data date {Composer.Iso(asOf)}; a negative number is past the limit. The list holds every case received up to the end of the month and open on the data date, older months included."), Styles.Note with { Wrap = false }));
        CaseCells.List(
            c, sheet, "Worklist",
            [
                CaseCells.CaseNumberColumn(c), new(c.T("受理日期", "Received"), 11.5), new(c.T("已历天数", "Days open"), 8.5), new(c.T("下一时限", "Next limit"), 9.5), new(c.T("剩余天数", "Days left"), 8.5),
                .. limits.Select(l => new TableColumn(c.T($"距 {l} 日", $"To {l} days"), 8.5)),
                new(c.T("来源给定期限", "Due (source)"), 12), new(c.T("标记", "Marks"), 12, true), new(c.DimensionName(Dimensions.Severity), 10, true),
                CaseCells.BranchColumn(c), CaseCells.BusinessColumn(c), CaseCells.CauseColumn(c), CaseCells.ChannelColumn(c), CaseCells.PersonColumn(c), CaseCells.TextColumn(c),
            ],
            rows,
            r =>
            {
                int? next = NextLimit(r.Fact, asOf, limits);
                return
                [
                    CaseCells.CaseNumber(r), Cell.Of(r.Fact.Received), Cell.Of(asOf.DayNumber - r.Fact.Received.DayNumber),
                    Cell.Of(next is { } n ? c.T($"{n} 日", $"{n} days") : c.T("均已超限", "all past"), CaseCells.Centered),
                    Cell.Of(LeftToNext(r.Fact, asOf, limits), Days),
                    .. limits.Select(l => Cell.Of(Left(r.Fact, asOf, l), Days)),
                    CaseCells.Stated(r.Fact.Due), Cell.Of(CaseCells.Marks(c, r)), CaseCells.Class(c, Dimensions.Severity, r.Fact.Severity),
                    CaseCells.Branch(r), CaseCells.Business(c, r), CaseCells.Cause(c, r), CaseCells.Channel(c, r), CaseCells.Person(r, links), CaseCells.Text(r),
                ];
            },
            c.T("截至报告月末受理的投诉已全部办结。", "All cases received up to the end of the month are closed."));
        if (rows.Count > 0)
        {
            TablePlace place = sheet.Tables[0].Place;
            sheet.Conditions.Add(ConditionalRule.AlertBelow(place.Columns(4, 4 + limits.Count), 0));
        }
    }

    /// <summary>The limits of a sentence: 15/30/60; 15, 30 and 60.</summary>
    internal static string ListZh(IReadOnlyList<int> limits) => string.Join("/", limits);

    /// <inheritdoc cref="ListZh"/>
    internal static string ListEn(IReadOnlyList<int> limits) => $"{string.Join(", ", limits.SkipLast(1))} and {limits[^1]}";

    internal static readonly CellStyle Days = Styles.Count with { Format = "#,##0;-#,##0;0" };

    /// <summary>Every case received up to the end of the month and open on the data date.</summary>
    internal static List<CaseRow> Open(Composer c) => [.. c.Report.OpenEarlier.Concat(c.Report.Cases).Where(r => r.Fact.Status == "open")];

    /// <summary>The first limit that has not run out; null where all have.</summary>
    internal static int? NextLimit(ComplaintFact fact, DateOnly asOf, IReadOnlyList<int> limits) =>
        limits.Where(l => Left(fact, asOf, l) >= 0).Select(l => (int?)l).FirstOrDefault();

    /// <summary>Days left to the next limit; to the last, and so below nought, where all have run out.</summary>
    internal static int LeftToNext(ComplaintFact fact, DateOnly asOf, IReadOnlyList<int> limits) => Left(fact, asOf, NextLimit(fact, asOf, limits) ?? limits[^1]);

    private static int Left(ComplaintFact fact, DateOnly asOf, int limit) => limit - (asOf.DayNumber - fact.Received.DayNumber);
}
