using Pipeline.Models.Taxonomy;
using Pipeline.Reports.Sheets;

namespace Pipeline.Reports.Workbooks.Cases;

/// <summary>The open cases of the worklist by branch: how many stand within which limit, and the one that has least time left.</summary>
internal static class WorklistBranchesSheet
{
    public static void Add(Composer c)
    {
        TimeLimits limits = c.Report.Rules.TimeLimitCalendarDays;
        DateOnly asOf = c.Report.Lineage.AsOf;
        Sheet sheet = c.Page(c.T("待办汇总", "Worklist by branch"), c.T("未办结投诉：按机构", "Open cases by branch"), c.T("各机构未办结件处于哪一时限之内，谁最急", "Within which limit the open cases of each branch stand, and where it is most urgent"));
        List<CaseRow> open = WorklistSheet.Open(c);
        if (open.Count == 0)
        {
            sheet.Width(1, 100);
            sheet.Row(Cell.Of(c.T("截至报告月末受理的投诉已全部办结。", "All cases received up to the end of the month are closed."), Styles.Finding));
            return;
        }
        sheet.Row(Cell.Of(c.T("与待办清单同一批投诉；每件只计入一格，一行各格相加为该机构未办结件数；“最急一件”按距下一时限的天数计，均已超限的按最后时限计。", "The same cases as the worklist; each stands in one column alone, so a row adds up to the open cases of its branch. The most urgent case is the one nearest to its next limit, or furthest over the last where all have passed."), Styles.Note with { Wrap = false }));
        var branches = open.GroupBy(r => r.Fact.BranchName ?? r.Fact.Branch)
            .Select(g => (Branch: g.Key, Cells: Counts([.. g], asOf, limits), Least: g.Min(r => WorklistSheet.LeftToNext(r.Fact, asOf, limits)), Oldest: g.Min(r => r.Fact.Received)))
            .OrderByDescending(b => b.Cells[^1]).ThenByDescending(b => b.Cells[^2]).ThenByDescending(b => b.Cells[^3]).ThenByDescending(b => b.Cells[0])
            .ThenBy(b => b.Branch, StringComparer.Ordinal)
            .ToArray();
        TablePlace place = sheet.Table(SheetTable.Of(
            "WorklistBranches",
            [
                CaseCells.BranchColumn(c), new(c.T("未办结", "Open"), 9),
                new(c.T($"{limits.First} 日内", $"Within {limits.First} days"), 10), new(c.T($"{limits.First + 1}–{limits.Extended} 日", $"Days {limits.First + 1}–{limits.Extended}"), 10),
                new(c.T($"{limits.Extended + 1}–{limits.Final} 日", $"Days {limits.Extended + 1}–{limits.Final}"), 10), new(c.T($"超 {limits.Final} 日", $"Past {limits.Final} days"), 10),
                new(c.T("已超首个时限", "Past the first limit"), 11), new(c.T("最急一件", "Most urgent"), 11), new(c.T("最早受理", "Oldest received"), 12),
            ],
            [.. branches.Select(b => (IReadOnlyList<Cell>)
            [
                Cell.Of(b.Branch), .. b.Cells.Select(n => Cell.Of(n)), Cell.Of(Past(b.Cells)), Cell.Of(b.Least, WorklistSheet.DaysToLimit(c)), Cell.Of(b.Oldest),
            ])],
            [
                Cell.Of(c.T("合计", "Total")), .. Counts(open, asOf, limits).Select(n => Cell.Of(n)), Cell.Of(Past(Counts(open, asOf, limits))), Cell.Of((string?)null), Cell.Of((string?)null),
            ]));
        sheet.Conditions.Add(ConditionalRule.AlertBelow(place.Column(7), 0));
        sheet.FreezeBelow(place);
    }

    /// <summary>Those in any column behind the first limit.</summary>
    private static int Past(int[] counts) => counts[2..].Sum();

    /// <summary>All, then those within the first limit, past it within the second, past that within the last, past all.</summary>
    private static int[] Counts(List<CaseRow> rows, DateOnly asOf, TimeLimits limits) =>
    [
        rows.Count,
        .. ((int?[])[limits.First, limits.Extended, limits.Final, null]).Select(limit => rows.Count(r => WorklistSheet.NextLimit(r.Fact, asOf, limits) == limit)),
    ];
}
