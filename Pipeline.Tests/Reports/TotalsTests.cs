using System.Xml.Linq;
using Pipeline.Models.Measures;
using Pipeline.Models.Text;
using Pipeline.Reports;

namespace Pipeline.Tests.Reports;

/// <summary>Where a table has a total, its parts add up to it.</summary>
public sealed class TotalsTests
{
    /// <summary>Columns whose cells are no parts of the cell below them: what a month or a class counts once, another counts too (a complainant may have several causes).</summary>
    private static readonly string[] NotAdded = ["%", "per ", "share", "rate", "change", "median", "mean", "days", "low", "high", "level", "cumulative", "expected", "verdict", "complainants"];

    public static TheoryData<string> Kinds => [.. WorkbookKinds.All];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Parts_add_up_to_the_total_on_every_sheet(string kind)
    {
        int totals = 0;
        foreach (MonthReport report in (MonthReport[])[InventedMonth.Report(seed: 7, perMonth: 150)])
        {
            Spreadsheet book = new(WorkbookWriter.Write(report, [kind], Language.En)[0].Bytes);
            foreach ((string sheet, XElement table) in Tables(book))
            {
                (int head, int column, int last, int lastColumn) = Spreadsheet.Range(table.Attribute("ref")!.Value);
                Dictionary<string, XElement> cells = book.Cells(sheet);
                object? At(int row, int col) => cells.TryGetValue(Spreadsheet.Name(row, col), out XElement? cell) ? book.Value(cell) : null;
                // Classes and the classes that they are added up into stand in one table there.
                bool hasSubtotals = table.Attribute("name")!.Value is var title && (title.StartsWith("Periods", StringComparison.Ordinal) || title.StartsWith("Disclosed", StringComparison.Ordinal));
                if (hasSubtotals || !"Total".Equals(At(last + 1, column)))
                {
                    continue;
                }
                for (int c = column + 1; c <= lastColumn; c++)
                {
                    string name = (string)At(head, c)!;
                    if (NotAdded.Any(n => name.Contains(n, StringComparison.OrdinalIgnoreCase)) || At(last + 1, c) is not decimal total)
                    {
                        continue;
                    }
                    decimal[] parts = [.. Enumerable.Range(head + 1, last - head).Select(r => At(r, c)).OfType<decimal>()];
                    if (parts.Length == 0 || parts.Append(total).Any(v => v != decimal.Truncate(v)))
                    {
                        continue; // the plan does not reach back for these classes, or the numbers are rounded and no counts
                    }
                    decimal sum = parts.Sum();
                    // Decimals are printed to one place: each may be off by half of it. Counts add up exactly.
                    decimal rounding = parts.All(p => p == decimal.Truncate(p)) && total == decimal.Truncate(total) ? 0 : 0.05m * (parts.Length + 1);
                    Assert.True(Math.Abs(sum - total) <= rounding, $"{kind}/{sheet}/{table.Attribute("name")!.Value}/{name}: parts {sum}, total {total}");
                    totals++;
                }
            }
        }
        Assert.True(totals > 10 || kind is WorkbookKinds.Cases or WorkbookKinds.Quality or WorkbookKinds.Trend, $"{kind}: {totals} totals were added up");
    }

    [Fact]
    public void The_classes_of_all_branches_and_of_all_regions_add_up_to_the_complaints_of_each_period()
    {
        MonthReport report = InventedMonth.Report(seed: 7, perMonth: 150);
        IReadOnlyList<IReadOnlyList<object?>> rows = new Spreadsheet(WorkbookWriter.Write(report, [WorkbookKinds.Regulatory], Language.En)[0].Bytes).Table("OrganisationClasses");
        string[] keys = ["2026-10", "2026-10..2026-10", "2026-07..2026-10", "2026-01..2026-10"];
        decimal[] totals = [.. keys.Select(k => report.Figures.Single(f => f.Key == $"complaints/{FigureKey.Parse($"complaints/{k}").Period}").Value!.Value)];
        ILookup<(object?, object?), IReadOnlyList<object?>> parts = rows.Skip(1).ToLookup(r => (r[0], r[2]));
        Assert.Equal(6, parts.Count); // branch and region by channel of business, business line and cause
        Assert.All(parts, part => Assert.Equal(totals, Enumerable.Range(4, totals.Length).Select(i => part.Sum(r => (decimal)r[i]!))));
    }

    private static IEnumerable<(string Sheet, XElement Table)> Tables(Spreadsheet book) => book.Names.SelectMany((name, i) =>
        book.Parts.TryGetValue($"xl/worksheets/_rels/sheet{i + 1}.xml.rels", out XDocument? relations)
            ? relations.Descendants().Select(e => e.Attribute("Target")?.Value).OfType<string>().Where(t => t.StartsWith("../tables/", StringComparison.Ordinal))
                .Select(t => (name, book.Parts["xl/" + t[3..]].Root!))
            : []);
}
