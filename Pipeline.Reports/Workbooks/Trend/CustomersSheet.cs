using Pipeline.Models.Complaints;
using Pipeline.Models.Measures;
using Pipeline.Models.Taxonomy;
using Pipeline.Reports.Charts;
using Pipeline.Reports.Sheets;

namespace Pipeline.Reports.Workbooks.Trend;

/// <summary>Complaints per 10 million personal customers, by month, where the ledger knows how many customers the bank has.</summary>
internal static class CustomersSheet
{
    private const string Rate = "per_10m_customers";

    public static void Add(Composer c)
    {
        if (!MeasureCatalog.Has(Rate))
        {
            return;
        }
        IReadOnlyList<ReportingMonth> months = c.Months(TotalSheet.Longest);
        if (!c.IsPlanned(Rate, c.Month) || months.All(m => c.Value(Rate, m) is null))
        {
            return;
        }
        Sheet sheet = c.Page(c.T("客户口径", "Per customer"), c.T("每千万个人客户投诉量", "Complaints per 10 million personal customers"), c.T("按客户规模折算后的走势", "The trend in proportion to the number of customers"), isOnOnePage: true);
        sheet.Chart(
            c.Charts.Chart(
                ChartData.Shape(c.MeasureName(Rate), c.T("折线图：每千万个人客户投诉量逐月走势；没有客户数的月份断开。", "Line: complaints per 10 million personal customers by month; months without a number of customers break the line.")),
                [.. months.Select(c.Head)],
                [new(c.MeasureName(Rate), [.. months.Select(m => c.Value(Rate, m) is { } v ? HalfUp.Round(v, 2) : (decimal?)null)], SeriesShape.Line, Palette.Series[0], Styles.Days)]),
            1, 8, 19);
        sheet.Table(SheetTable.Of(
            "PerCustomer",
            [new(c.T("受理月", "Month"), 14, true), new(c.MeasureName("complaints"), 14), new(c.MeasureName(Rate), 20)],
            [.. months.Select(m => (IReadOnlyList<Cell>)[Cell.Of(c.Head(m)), c.Cell("complaints", m), c.Cell(Rate, m)])]));
        Breakdown branches = new(c, Dimensions.Branch);
        List<string> known = [.. branches.Members.Where(b => c.IsPlanned(Rate, c.Month, branches.Term(b)) && c.Value(Rate, c.Month, branches.Term(b)) is not null).OrderByDescending(b => c.Value(Rate, c.Month, branches.Term(b)))];
        if (known.Count > 0)
        {
            sheet.Skip();
            sheet.Row(Cell.Of(c.T($"各{c.Noun(Dimensions.Branch)}，{c.Month}", $"By {c.Noun(Dimensions.Branch)}, {c.Month}"), Styles.Section));
            sheet.Table(SheetTable.Of(
                "BranchPerCustomer",
                [new(c.DimensionName(Dimensions.Branch), 24, true), new(c.MeasureName("complaints"), 14), new(c.MeasureName(Rate), 20)],
                [.. known.Select(b => (IReadOnlyList<Cell>)[Cell.Of(branches.Label(b)), c.Cell("complaints", c.Month, branches.Term(b)), c.Cell(Rate, c.Month, branches.Term(b))])]));
        }
    }
}
