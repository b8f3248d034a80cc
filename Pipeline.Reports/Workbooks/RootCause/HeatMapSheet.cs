using Pipeline.Models.Measures;
using Pipeline.Models.Taxonomy;
using Pipeline.Models.Text;
using Pipeline.Reports.Sheets;

namespace Pipeline.Reports.Workbooks.RootCause;

/// <summary>Cause by business line: the darker, the more complaints.</summary>
internal static class HeatMapSheet
{
    private const int MostRows = 30;
    private const int MostColumns = 15;

    public static void Add(Composer c)
    {
        Breakdown causes = new(c, Dimensions.Cause);
        Breakdown businesses = new(c, Dimensions.Business);
        Sheet sheet = c.Page(
            c.T("热力图", "Heat map"), c.T($"{c.DimensionName(Dimensions.Cause)} × {c.DimensionName(Dimensions.Business)}", $"{c.DimensionName(Dimensions.Cause)} by {c.Noun(Dimensions.Business)}"),
            c.T($"哪个{c.Noun(Dimensions.Cause)}集中在哪个{c.Noun(Dimensions.Business)}；颜色越深件数越多", $"Which {c.Noun(Dimensions.Cause)} gathers at which {c.Noun(Dimensions.Business)}; darker is more"), isOnOnePage: true);
        List<string> rows = [.. causes.Ranked().Take(MostRows)];
        List<string> columns = [.. businesses.Ranked().Take(MostColumns)];
        TablePlace place = CrossTable.Add(c, sheet, "HeatMap", causes, rows, businesses, columns);
        if (!place.IsEmpty)
        {
            sheet.Conditions.Add(ConditionalRule.Heat(CellRef.Range(place.FirstRow, 2, place.FirstRow + rows.Count - 1, columns.Count + 1)));
            sheet.FreezeBelow(place);
            sheet.Skip();
            (string cause, string business, long count) = rows.SelectMany(r => columns.Select(k => (r, k, c.Count("complaints", causes.Term(r), businesses.Term(k))))).OrderBy(x => x.r == FigurePlan.NoMember || x.k == FigurePlan.NoMember).ThenByDescending(x => x.Item3).First();
            sheet.Paragraph(
                c.T($"最集中的是“{businesses.Label(business)}”的“{causes.Label(cause)}”，{count} 件，占本月的 {Composer.Percentage((decimal)count / c.Count("complaints"))}。",
                    $"Densest: {causes.Label(cause)} at {businesses.Label(business)}, {English.Count(count, "complaint")}, {Composer.Percentage((decimal)count / c.Count("complaints"))} of the month."),
                Styles.Finding, 1, Math.Min(place.LastColumn, 10));
        }
    }
}
