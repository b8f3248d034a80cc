using Pipeline.Models.Complaints;
using Pipeline.Models.Measures;
using Pipeline.Reports.Sheets;

namespace Pipeline.Reports.Workbooks.Regulatory;

/// <summary>The table of a dimension: count, share, and both against the month before and the same month last year.</summary>
internal static class ClassTable
{
    private const string Complaints = "complaints";

    public static TablePlace Add(Composer c, Sheet sheet, string name, Breakdown breakdown)
    {
        List<IReadOnlyList<Cell>> rows = [];
        List<long> counts = [.. breakdown.Members.Select(m => breakdown.Count(Complaints, m))];
        long rest = (long)(breakdown.Rest(Complaints, c.Month) ?? 0);
        bool hasRest = HasRestEver(c, breakdown);
        if (hasRest)
        {
            counts.Add(rest);
        }
        IReadOnlyList<Cell> shares = c.Shares(counts);
        for (int i = 0; i < breakdown.Members.Count; i++)
        {
            FilterTerm term = breakdown.Term(breakdown.Members[i]);
            rows.Add(
            [
                Cell.Of(breakdown.Label(breakdown.Members[i])), c.Cell(Complaints, c.Month, term), shares[i],
                .. Compared(c, c.Value(Complaints, c.Month, term), c.Previous, c.Cell(Complaints, c.Previous, term)),
                .. Compared(c, c.Value(Complaints, c.Month, term), c.YearAgo, c.Cell(Complaints, c.YearAgo, term)),
            ]);
        }
        if (hasRest)
        {
            rows.Add(
            [
                Cell.Of(breakdown.RestLabel), Composer.Derived(rest), shares[^1],
                .. Compared(c, rest, c.Previous, Composer.Derived(breakdown.Rest(Complaints, c.Previous))),
                .. Compared(c, rest, c.YearAgo, Composer.Derived(breakdown.Rest(Complaints, c.YearAgo))),
            ]);
        }
        decimal? total = c.Value(Complaints, c.Month);
        return sheet.Table(SheetTable.Of(name, Columns(c, c.DimensionName(breakdown.Dimension)), rows,
        [
            Cell.Of(c.T("合计", "Total")), c.Cell(Complaints, c.Month), total > 0 ? Cell.Of(1m, c.ShareStyle) : Cell.Undefined(c.ShareStyle),
            .. Compared(c, total, c.Previous, c.Cell(Complaints, c.Previous)),
            .. Compared(c, total, c.YearAgo, c.Cell(Complaints, c.YearAgo)),
        ]));
    }

    /// <summary>Rows of a total whose listed parts fall short of it in the month or in one that it is compared with.</summary>
    private static bool HasRestEver(Composer c, Breakdown breakdown) =>
        breakdown.HasRest || breakdown.Rest(Complaints, c.Previous) > 0 || breakdown.Rest(Complaints, c.YearAgo) > 0;

    private static TableColumn[] Columns(Composer c, string dimension) =>
    [
        new(dimension, 0, true), new(c.T("投诉量", "Complaints"), 12), new(c.T("占比", "Share"), 10),
        new(c.T("上月", "Month before"), 11), new(c.T("环比增减", "Change on month"), 12), new(c.T("环比", "Change on month %"), 12),
        new(c.T("去年同月", "Same month last year"), 12), new(c.T("同比增减", "Change on year"), 12), new(c.T("同比", "Change on year %"), 12),
    ];

    private static IEnumerable<Cell> Compared(Composer c, decimal? now, ReportingMonth month, Cell before)
    {
        decimal? value = c.Has(month) && before.Kind == CellKind.Number ? before.Number : null;
        return [before, Composer.Change(now, value, Units.Complaints), c.Relative(now, value)];
    }
}
