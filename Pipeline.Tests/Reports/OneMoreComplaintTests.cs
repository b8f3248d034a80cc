using System.Xml.Linq;
using Pipeline.Models.Complaints;
using Pipeline.Models.Measures;
using Pipeline.Models.Text;
using Pipeline.Reports;

namespace Pipeline.Tests.Reports;

/// <summary>Two workbooks are written that differ by one complaint, and compared cell by cell.</summary>
public sealed class OneMoreComplaintTests
{
    private static readonly (MonthReport Before, MonthReport After, ComplaintFact Added) Month = InventedMonth.WithOneMore();

    [Theory]
    [InlineData(WorkbookKinds.Regulatory)]
    [InlineData(WorkbookKinds.RootCause)]
    [InlineData(WorkbookKinds.Trend)]
    public void One_more_complaint_moves_the_counts_that_hold_it_by_one_and_no_figure_that_does_not(string kind)
    {
        ILookup<string, decimal?> was = Printed(Month.Before, kind);
        ILookup<string, decimal?> now = Printed(Month.After, kind);
        FigureEngine alone = Month.After.Engine([Month.Added]);
        (int moved, int kept) = (0, 0);
        foreach (string text in was.Select(g => g.Key).Where(now.Contains))
        {
            FigureKey key = FigureKey.Parse(text);
            decimal? before = Assert.Single(was[text].Distinct());
            decimal? after = Assert.Single(now[text].Distinct());
            bool holds = alone.Evaluate(new FigureKey("complaints", key.Period, key.Terms)).Value == 1;
            if (!holds)
            {
                Assert.True(before == after, $"{kind}: {text} does not hold the complaint and moved from {before} to {after}");
                kept++;
            }
            else if (key.Measure == "complaints")
            {
                Assert.True(before + 1 == after, $"{kind}: {text} holds one more complaint and moved from {before} to {after}");
                moved++;
            }
        }
        Assert.True(moved > 5 && kept > 200, $"{kind}: {moved} counts moved, {kept} figures did not");
    }

    /// <summary>Each number that links to its figure, by the figure's key; null for a dash.</summary>
    private static ILookup<string, decimal?> Printed(MonthReport report, string kind)
    {
        Spreadsheet book = new(WorkbookWriter.Write(report, [kind], Language.En)[0].Bytes);
        return (from sheet in book.Names
                where sheet is not "Figures" and not "Rows"
                let cells = book.Cells(sheet)
                from link in book.Sheet(sheet).Descendants(Spreadsheet.Main + "hyperlink")
                where link.Attribute("tooltip") is not null
                let value = book.Value(cells[link.Attribute("ref")!.Value])
                where value is decimal or "–"
                select (Key: link.Attribute("tooltip")!.Value, Value: value as decimal?)).ToLookup(p => p.Key, p => p.Value);
    }
}
