using Pipeline.Models.Taxonomy;
using Pipeline.Reports.Sheets;

namespace Pipeline.Reports.Workbooks.Cases;

/// <summary>The open cases of the worklist by branch: how many stand within which limit, and the one that has least time left.</summary>
internal static class WorklistBranchesSheet
{
    public static void Add(Composer c)
    {
        IReadOnlyList<int> limits = c.Limits;
        DateOnly asOf = c.Report.Lineage.AsOf;
        Sheet sheet = c.Page(c.T("待办汇总", "Worklist totals"), c.T($"未办结投诉：按{c.Complained}", $"Open cases by {c.Complained.ToLowerInvariant()}"), c.T($"各{c.Complained}未办结件处于哪一时限之内，谁最急", $"Within which limit the open cases of each {c.Complained.ToLowerInvariant()} stand, and where it is most urgent"));
        List<CaseRow> open = WorklistSheet.Open(c);
        if (open.Count == 0)
        {
            sheet.Width(1, 100);
            sheet.Row(Cell.Of(c.T("截至报告月末受理的投诉已全部办结。", "All cases received up to the end of the month are closed."), Styles.Finding));
            return;
        }
        sheet.Row(Cell.Of(c.T($"与待办清单同一批投诉；每件按其下一时限计入一格，至“超 {limits[^1]} 日”各格相加为该行未办结件数；“已超首个时限”另计；“最急一件”按距下一时限最近、或超最后时限最久的一件计。", $"The same cases as the worklist; each stands in the column of its next limit, so the columns up to “past {limits[^1]} days” add up to the open cases; “past the first limit” counts apart. The most urgent case is the one furthest over the last limit, or else nearest to its next."), Styles.Note with { Wrap = false }));
        var branches = open.GroupBy(r => r.Fact.BranchName ?? r.Fact.Branch)
            .Select(g => (Branch: g.Key, Cells: Counts([.. g], asOf, limits), Past: Past(g, asOf, limits), Least: g.Min(r => WorklistSheet.LeftToNext(r.Fact, asOf, limits)), Oldest: g.Min(r => r.Fact.Received)))
            .OrderByDescending(b => b.Cells[^1]).ThenByDescending(b => b.Cells[^2]).ThenByDescending(b => b.Cells[^3]).ThenByDescending(b => b.Cells[0])
            .ThenBy(b => b.Branch, StringComparer.Ordinal)
            .ToArray();
        TablePlace place = sheet.Table(SheetTable.Of(
            "WorklistBranches",
            [
                CaseCells.BranchColumn(c), new(c.T("未办结", "Open"), 9),
                .. limits.Select((l, i) => new TableColumn(i == 0 ? c.T($"{l} 日内", $"Within {l} days") : c.T($"{limits[i - 1] + 1}–{l} 日", $"Days {limits[i - 1] + 1}–{l}"), 10)),
                new(c.T($"超 {limits[^1]} 日", $"Past {limits[^1]} days"), 10),
                new(c.T("已超首个时限", "Past the first limit"), 11), new(c.T("最急一件", "Most urgent"), 11), new(c.T("最早受理", "Oldest received"), 12),
            ],
            [.. branches.Select(b => (IReadOnlyList<Cell>)
            [
                CaseCells.Stated(b.Branch), .. b.Cells.Select(n => Cell.Of(n)), Cell.Of(b.Past), Cell.Of(b.Least, WorklistSheet.DaysToLimit(c)), Cell.Of(b.Oldest),
            ])],
            [
                Cell.Of(c.T("合计", "Total")), .. Counts(open, asOf, limits).Select(n => Cell.Of(n)), Cell.Of(Past(open, asOf, limits)), Cell.Of((string?)null), Cell.Of((string?)null),
            ]));
        sheet.Conditions.Add(ConditionalRule.AlertBelow(place.Column(limits.Count + 4), 0));
        sheet.FreezeBelow(place);
    }

    private static int Past(IEnumerable<CaseRow> rows, DateOnly asOf, IReadOnlyList<int> limits) => WorklistSheet.Standing(rows, asOf, limits).Past[0];

    /// <summary>All, then those within each limit and past the one before it, then those past all.</summary>
    private static int[] Counts(List<CaseRow> rows, DateOnly asOf, IReadOnlyList<int> limits) =>
    [
        rows.Count,
        .. limits.Select(l => (int?)l).Append(null).Select(limit => rows.Count(r => WorklistSheet.NextLimit(r.Fact, asOf, limits) == limit)),
    ];
}
