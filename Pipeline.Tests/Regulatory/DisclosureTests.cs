using Pipeline.Models.Complaints;
using Pipeline.Models.Measures;
using Pipeline.Models.Regulatory;
using Pipeline.Models.Taxonomy;
using Pipeline.Models.Text;
using Pipeline.Reports;
using Pipeline.Tests.Reports;

namespace Pipeline.Tests.Regulatory;

/// <summary>The page that may leave the bank, as it is printed: it stands alone, and what it keeps back cannot be told from it.</summary>
public sealed class DisclosureTests
{
    private static readonly (string Table, string Dimension)[] Tables =
        [("DisclosedRegions", Dimensions.Region), ("DisclosedChannels", Dimensions.BusinessChannel), ("DisclosedBusiness", Dimensions.Business), ("DisclosedCauses", Dimensions.Cause)];

    private static Spreadsheet Book(MonthReport report, Language language) => new(WorkbookWriter.Write(report, [WorkbookKinds.Regulatory], language).Single().Bytes);

    public static TheoryData<int, int> Banks => new() { { 3, 12 }, { 5, 20 }, { 11, 30 }, { 13, 45 }, { 17, 70 }, { 0, 0 } };

    [Theory]
    [MemberData(nameof(Banks))]
    public void No_number_that_is_kept_back_has_only_one_value_that_fits_what_is_printed(int seed, int perMonth)
    {
        MonthReport report = seed == 0 ? InventedMonth.ManyRegions() : InventedMonth.Report(seed, perMonth, hasRise: false);
        FigureSet figures = new(report.Figures);
        Spreadsheet book = Book(report, Language.En);
        int attacked = 0;
        FigurePeriod year = new(new(2026, 1), new(2026, 10));
        foreach ((string column, FigurePeriod period) in ((string, FigurePeriod)[])[("Complaints", year), ("Year before", new(new(2025, 1), new(2025, 10)))])
        {
            List<SmallCell> cells = [new((long)figures[new FigureKey("complaints", period)].Value!)];
            List<CellSum> sums = [];
            List<string> labels = ["Total"];
            HashSet<int> hidden = [];
            foreach ((string table, string dimension) in Tables)
            {
                IReadOnlyList<IReadOnlyList<object?>> rows = book.Table(table);
                List<object?> heads = [.. rows[0]];
                Dictionary<string, string> keys = report.Taxonomy.Dimension(dimension)?.Classes.ToDictionary(k => k.En, k => k.Key, StringComparer.Ordinal) ?? [];
                long Of(string member) => (long)(figures.Find(new FigureKey("complaints", period, new FilterTerm(dimension, member)).Text)?.Value ?? 0);
                Dictionary<string, int> subtotals = new(StringComparer.Ordinal);
                List<(string? Parent, int Place, bool IsSubtotal)> placed = [];
                foreach (IReadOnlyList<object?> row in rows.Skip(1))
                {
                    string label = (string)row[0]!;
                    bool isSubtotal = label.EndsWith(": subtotal", StringComparison.Ordinal);
                    bool isOwn = label.EndsWith(" (not detailed)", StringComparison.Ordinal);
                    string name = isSubtotal ? label[..^": subtotal".Length] : isOwn ? label[..^" (not detailed)".Length] : label;
                    string member = name == "Not stated" ? FigurePlan.NoMember : keys.GetValueOrDefault(name, name);
                    string? parent = isOwn ? member : report.Taxonomy.Class(dimension, member)?.Parent;
                    long value = label == "Others (not listed)"
                        ? cells[0].Value - placed.Where(p => p.Parent is null).Sum(p => cells[p.Place].Value)
                        : Of(member) - (isOwn ? report.Taxonomy.Dimension(dimension)!.Classes.Where(k => k.Parent == member).Sum(k => Of(k.Key)) : 0);
                    object? printed = row[heads.IndexOf(column)];
                    placed.Add((parent, cells.Count, isSubtotal));
                    if (isSubtotal)
                    {
                        subtotals.Add(member, cells.Count);
                    }
                    if (printed is "*")
                    {
                        hidden.Add(cells.Count);
                    }
                    else
                    {
                        Assert.Equal((decimal)value, printed);
                        Assert.True(value is 0 or >= 5, $"{table}, {column}, {label}: {value} is printed");
                    }
                    labels.Add(label);
                    cells.Add(new SmallCell(value));
                }
                sums.Add(new CellSum(0, [.. placed.Where(p => p.Parent is null).Select(p => p.Place)]));
                sums.AddRange(subtotals.Select(s => new CellSum(s.Value, [.. placed.Where(p => p.Parent == s.Key).Select(p => p.Place)])));
                Assert.All(rows.Skip(1), r =>
                {
                    bool isHidden = r[heads.IndexOf("Complaints")] is "*";
                    Assert.Equal(isHidden, r[heads.IndexOf("Share of total")] is "*");
                    Assert.Equal(isHidden || r[heads.IndexOf("Year before")] is "*", r[heads.IndexOf("Change")] is "*");
                    Assert.Equal(isHidden || r[heads.IndexOf("Year before")] is "*", r[heads.IndexOf("Change %")] is "*");
                });
            }
            Assert.All(sums, s => Assert.Equal(cells[s.Total].Value, s.Parts.Sum(p => cells[p].Value)));
            foreach ((int cell, HashSet<long> fitting) in SmallCellsTests.Attack(cells, sums, hidden))
            {
                Assert.True(fitting.Count > 1, $"{column}: {labels[cell]} can only be {fitting.First()}: {string.Join("; ", labels.Select((l, i) => $"{l}={(hidden.Contains(i) ? "*" : "")}{cells[i].Value}"))}");
                attacked++;
            }
        }
        Assert.True(attacked > 0 || perMonth > 60, "nothing is hidden");
    }

    [Fact]
    public void A_column_of_shares_of_the_class_above_stands_only_where_a_class_has_one()
    {
        Spreadsheet book = Book(InventedMonth.Report(perMonth: 150), Language.En);
        Assert.Equal(["DisclosedChannels"], Tables.Select(t => t.Table).Where(t => book.Table(t)[0].Contains("Share of parent")));
    }

    [Theory]
    [InlineData(Language.En)]
    [InlineData(Language.Zh)]
    public void The_page_explains_its_star_before_its_first_table_and_names_no_other_sheet_and_no_command(Language language)
    {
        Spreadsheet book = Book(InventedMonth.Report(5, 20), language);
        string sheet = language == Language.En ? "Disclosure" : "信息披露";
        (int Row, string Text)[] texts = [.. book.Cells(sheet).Where(c => book.Value(c.Value) is string).Select(c => (Spreadsheet.Range(c.Key).Row, (string)book.Value(c.Value)!)).OrderBy(t => t.Item1)];
        int star = texts.First(t => t.Text.StartsWith("* ", StringComparison.Ordinal)).Row;
        Assert.True(star < texts.First(t => t.Text is "*").Row && star < texts.First(t => t.Text is "Indicator" or "指标").Row);
        Assert.DoesNotContain(texts, t => t.Text.Contains("pipeline ", StringComparison.Ordinal));
        string[] others = [.. book.Names.Where(n => n != sheet).SelectMany(n => (string[])[$"“{n}”", $"sheet {n}"])];
        Assert.DoesNotContain(texts, t => others.Any(o => t.Text.Contains(o, StringComparison.Ordinal)));
    }
}
