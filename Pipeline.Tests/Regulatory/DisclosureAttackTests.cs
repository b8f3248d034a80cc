using Pipeline.Jobs.Rules;
using Pipeline.Models.Complaints;
using Pipeline.Models.Measures;
using Pipeline.Models.Taxonomy;
using Pipeline.Models.Text;
using Pipeline.Reports;
using Pipeline.Tests.Measures;
using Pipeline.Tests.Reports;

namespace Pipeline.Tests.Regulatory;

/// <summary>
/// Attacks the disclosures of successive months of random banks as somebody does who has nothing but the files: subtracts within a table,
/// across the tables that share the total, and from one month to the next.
/// </summary>
public sealed class DisclosureAttackTests
{
    private static readonly string[] Tables = ["DisclosedRegions", "DisclosedChannels", "DisclosedBusiness", "DisclosedCauses"];
    private static readonly string[] Channels = ["FRONT_SITE", "FRONT_SELF", "FRONT_E_WEB", "FRONT_E_APP", "FRONT_3RD", "BACK"];
    private static readonly string[] Businesses = ["CREDIT", "LOAN", "DEBIT", "PAY", "GOLD"];
    private static readonly string[] Causes = ["RULE", "PRICE", "SERV", "COLL", "INFO"];
    private static readonly MonthReport Template = InventedMonth.Report(perMonth: 24, months: 2);
    private static readonly ComplaintTaxonomy Taxonomy = RuleFiles.Taxonomy("/nowhere", "cn-jrt0169").Value;

    [Theory]
    [InlineData(1, 31)]
    [InlineData(2, 31)]
    [InlineData(3, 31)]
    [InlineData(4, 75)] // more regions than are listed: the rest stands in a line of its own
    [InlineData(5, 75)]
    public void No_number_that_is_kept_back_can_be_told_from_the_disclosures_of_the_year(int seed, int regions)
    {
        int below = Template.Rules.SmallCellBelow;
        List<ComplaintFact> facts = Bank(seed, regions, months: 4);
        Dictionary<string, (long Least, long Most)> known = new(StringComparer.Ordinal);
        Dictionary<string, long> printed = new(StringComparer.Ordinal);
        (int hidden, int shown) = (0, 0);
        for (int month = 1; month <= 4; month++)
        {
            Spreadsheet book = new(WorkbookWriter.Write(Month(facts, new(2026, month)), [WorkbookKinds.Disclosure], Language.En)[0].Bytes);
            Dictionary<string, (long Least, long Most)> cells = new(StringComparer.Ordinal);
            List<(string Total, List<string> Parts)> sums = [];
            long total = (long)(decimal)Assert.Single(book.Table("DisclosedTotal"), r => r[0] is "Complaints")[1]!;
            cells["total"] = (total, total);
            foreach (string table in Tables)
            {
                Read(book, table, cells, sums);
            }
            // Counts of a year to date never fall: what a cell was at least, it is now. What is left of the listed ones holds others each month.
            foreach ((string cell, (long least, long most)) in cells.Where(c => !c.Key.EndsWith("(not listed)", StringComparison.Ordinal)).ToArray())
            {
                cells[cell] = least == most ? (least, most) : (Math.Max(least, known.GetValueOrDefault(cell).Least), most);
            }
            HashSet<string> starred = [.. cells.Where(c => c.Value.Least != c.Value.Most).Select(c => c.Key)];
            hidden += starred.Count;
            shown += cells.Count - starred.Count;
            Narrow(cells, sums);
            Assert.All(starred, s => Assert.True(cells[s].Least < cells[s].Most, $"seed {seed}, month {month}: {s} can only be {cells[s].Least}"));
            foreach ((string cell, (long least, long most)) in cells)
            {
                if (least == most)
                {
                    Assert.False(least > 0 && least < below, $"seed {seed}, month {month}: {cell} is {least}");
                    long grown = least - printed.GetValueOrDefault(cell, least);
                    Assert.False(grown > 0 && grown < below && printed[cell] > 0, $"seed {seed}, month {month}: {cell} grew by {grown}");
                    printed[cell] = least;
                }
                known[cell] = (least, most);
            }
        }
        Assert.True(hidden > 5 && shown > 20, $"{hidden} numbers were kept back, {shown} printed");
    }

    [Fact]
    public void What_the_listed_regions_leave_is_kept_back_like_any_number()
    {
        // 60 regions of 20 each are listed; the 61st has two, which the total would tell.
        List<ComplaintFact> facts = [];
        for (int i = 0; i < 1_202; i++)
        {
            facts.Add(Facts.Plain(i + 1, new DateOnly(2026, 1, 1).AddDays(i % 28)) with { Region = i < 1_200 ? $"R{i % 60:00}" : "Z", Business = Facts.Coded(i % 2 == 0 ? "CREDIT" : "LOAN") });
        }
        IReadOnlyList<IReadOnlyList<object?>> rows = new Spreadsheet(WorkbookWriter.Write(Month(facts, new(2026, 1)), [WorkbookKinds.Disclosure], Language.En)[0].Bytes).Table("DisclosedRegions");
        IReadOnlyList<object?> left = Assert.Single(rows, r => r[0] is "Others (not listed)");
        Assert.Equal(("*", "*"), (left[1], left[2]));
        Assert.True(rows.Count(r => r[1] is "*") > 1, "the total less the listed regions tells what is left");
    }

    /// <summary>Counts of a table by label, and its sums: the total, and each subtotal of the lines indented below it.</summary>
    private static void Read(Spreadsheet book, string table, Dictionary<string, (long Least, long Most)> cells, List<(string Total, List<string> Parts)> sums)
    {
        List<IReadOnlyList<object?>> rows = [.. book.Table(table)];
        int change = rows[0].ToList().IndexOf("Change");
        rows.RemoveAt(0);
        List<string> top = [];
        foreach (IReadOnlyList<object?> row in rows)
        {
            string cell = $"{table}/{row[0]}";
            cells.Add(cell, row[1] is decimal count ? ((long)count, (long)count) : (1, cells["total"].Most));
            // A share that is printed tells the count as well.
            Assert.Equal(row[1] is "*", row[2] is "*");
            Assert.True(row[1] is not "*" || row[change] is "*", $"{cell} has a change without its count");
            top.Add(cell);
        }
        if (table == "DisclosedChannels")
        {
            Subtotal("FRONT_E", ["FRONT_E_WEB", "FRONT_E_APP"]);
            Subtotal("FRONT", ["FRONT_SITE", "FRONT_SELF", "FRONT_3RD"], "FRONT_E");
        }
        sums.Add(("total", top));

        void Subtotal(string key, string[] members, string? inner = null)
        {
            string subtotal = $"{table}/{Taxonomy.Label(Dimensions.BusinessChannel, key, Language.En)}: subtotal";
            if (!cells.ContainsKey(subtotal))
            {
                return;
            }
            List<string> parts = [.. members.Select(m => $"{table}/{Taxonomy.Label(Dimensions.BusinessChannel, m, Language.En)}"), .. inner is null ? [] : (string[])[$"{table}/{Taxonomy.Label(Dimensions.BusinessChannel, inner, Language.En)}: subtotal"]];
            parts = [.. parts.Where(cells.ContainsKey)];
            sums.Add((subtotal, parts));
            top.RemoveAll(parts.Contains);
        }
    }

    /// <summary>Each sum bounds its total by its parts, and each part by the total and the other parts, until nothing moves.</summary>
    private static void Narrow(Dictionary<string, (long Least, long Most)> cells, List<(string Total, List<string> Parts)> sums)
    {
        for (bool isMoved = true; isMoved;)
        {
            isMoved = false;
            foreach ((string total, List<string> parts) in sums)
            {
                (long least, long most) = (parts.Sum(p => cells[p].Least), parts.Sum(p => cells[p].Most));
                isMoved |= Bound(total, least, most);
                foreach (string part in parts)
                {
                    isMoved |= Bound(part, cells[total].Least - (most - cells[part].Most), cells[total].Most - (least - cells[part].Least));
                    (least, most) = (parts.Sum(p => cells[p].Least), parts.Sum(p => cells[p].Most));
                }
            }
        }

        bool Bound(string cell, long least, long most)
        {
            (long Least, long Most) now = cells[cell];
            (long Least, long Most) closer = (Math.Max(now.Least, least), Math.Min(now.Most, most));
            Assert.True(closer.Least <= closer.Most, $"{cell}: the disclosures contradict each other");
            cells[cell] = closer;
            return closer != now;
        }
    }

    private static List<ComplaintFact> Bank(int seed, int regions, int months)
    {
        Random chance = new(seed);
        List<ComplaintFact> facts = [];
        for (int month = 1; month <= months; month++)
        {
            int count = chance.Next(25, 120) * (regions > 60 ? 6 : 1);
            for (int i = 0; i < count; i++)
            {
                facts.Add(Facts.Plain(facts.Count + 1, new DateOnly(2026, month, chance.Next(1, 29))) with
                {
                    Region = $"Region {(int)Math.Floor(regions * Math.Pow(chance.NextDouble(), 1.6)):00}",
                    BusinessChannel = chance.Next(40) == 0 ? null : Channels[(int)(Channels.Length * Math.Pow(chance.NextDouble(), 2))],
                    Business = Facts.Coded(Businesses[(int)(Businesses.Length * Math.Pow(chance.NextDouble(), 2))]),
                    Cause = Facts.Coded(Causes[(int)(Causes.Length * Math.Pow(chance.NextDouble(), 2))]),
                });
            }
        }
        return facts;
    }

    /// <summary>The month as it was known at its end, with the figures that the disclosure prints.</summary>
    private static MonthReport Month(IReadOnlyList<ComplaintFact> all, ReportingMonth month)
    {
        List<ComplaintFact> facts = [.. all.Where(f => f.Received <= month.LastDay)];
        ReportingMonth history = new(month.Year, 1);
        FigureEngine engine = new(facts, Taxonomy, Template.Rules, month.LastDay, Template.Regulatory);
        FigureKey[] keys = [.. FigurePlan.For(month, history, FigurePlan.Members(Taxonomy, facts, month), []).Where(k => k.Terms.Count < 2 && (k.Terms.Count == 0 || k.Measure == "complaints"))];
        return Template with { Month = month, History = history, Figures = engine.EvaluateAll(keys, 2), Cases = [], Lineage = Template.Lineage with { AsOf = month.LastDay }, LedgerBegins = null };
    }
}
