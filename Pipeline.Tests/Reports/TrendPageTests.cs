using System.Globalization;
using System.Xml.Linq;
using Pipeline.Models.Measures;
using Pipeline.Models.Text;
using Pipeline.Reports;

namespace Pipeline.Tests.Reports;

/// <summary>What the page for management says, beside the sheets that it sends its readers to.</summary>
public sealed class TrendPageTests
{
    private static readonly Lazy<Spreadsheet> Rise = new(() => Trend(InventedMonth.Report(), Language.En));

    [Fact]
    public void The_page_the_note_of_the_tests_and_their_columns_tell_one_rule_and_one_count()
    {
        IReadOnlyList<IReadOnlyList<object?>> tests = Rise.Value.Table("Tests");
        int At(string head) => tests[0].ToList().IndexOf(head);
        decimal Number(IReadOnlyList<object?> row, string head) => (decimal)row[At(head)]!;
        List<IReadOnlyList<object?>> rows = [.. tests.Skip(1)];
        Assert.All(rows, r =>
        {
            bool isUnusual = Number(r, "p-value") < 0.01m;
            Assert.Equal(isUnusual, Number(r, "Exceedance") > 1);
            Assert.Equal(isUnusual, (string)r[At("By itself")]! is not "within usual range");
            Assert.True(isUnusual || (string)r[At("After control")]! == "–");
        });
        int unusual = rows.Count(r => Number(r, "p-value") < 0.01m);
        int standing = rows.Count(r => (string)r[At("After control")]! != "–");
        string chance = rows.Sum(r => Number(r, "False alarm")).ToString("0.0", CultureInfo.InvariantCulture);
        string page = Assert.Single(Texts(Rise.Value, "Summary"), t => t.Contains("series moved by more than chance", StringComparison.Ordinal));
        Assert.StartsWith($"{standing} of {rows.Count} series moved", page, StringComparison.Ordinal);
        Assert.Contains($"{unusual} have a p-value below 0.01, where chance alone gives about {chance}; ", page, StringComparison.Ordinal);
        string note = Assert.Single(Texts(Rise.Value, "Tests"), t => t.Contains("p-value is below 0.01", StringComparison.Ordinal));
        Assert.Contains($"(exceedance above 1): {unusual}; chance alone is expected to make {chance} so", note, StringComparison.Ordinal);
        string Probability(decimal p) => p.ToString("0.####", CultureInfo.InvariantCulture);
        Assert.Contains($"({Probability(rows.Min(r => Number(r, "False alarm")))} to {Probability(rows.Max(r => Number(r, "False alarm")))})", note, StringComparison.Ordinal);
        Assert.Contains($"{standing} stand (p-value", note, StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_sends_its_readers_for_drifts_to_the_sheet_of_drifts()
    {
        string page = Assert.Single(Texts(Rise.Value, "Summary"), t => t.Contains("charts of slow drift", StringComparison.Ordinal));
        Assert.Contains("(sheet Slow drift)", page, StringComparison.Ordinal);
        Assert.Contains("Slow drift", Rise.Value.Names);
    }

    [Fact]
    public void A_drift_says_from_when_its_start_is_and_on_which_side_of_it_the_month_lies()
    {
        IReadOnlyList<IReadOnlyList<object?>> drifts = Rise.Value.Table("Drifts");
        int At(string head) => drifts[0].ToList().IndexOf(head);
        Assert.All(drifts.Skip(1), r =>
        {
            Assert.Contains(r[At("Watches for")], (object[])["rise", "fall"]);
            if (r[At("This month")] is decimal now && r[At("Baseline level")] is decimal start)
            {
                Assert.Equal(now > start ? "above" : now < start ? "below" : "level", r[At("Month against baseline")]);
            }
        });
        string[] from = [.. drifts.Skip(1).Select(r => (string)r[At("Baseline from")]!).Distinct()];
        Assert.Contains(InventedMonth.Report().History.ToString(), from);
    }

    [Theory]
    [InlineData(5, "Against 4 months before", "Mean of 4 months before")]
    [InlineData(25, "Against 12 months before", "Mean of 12 months before")]
    public void Heads_name_the_months_that_a_count_is_set_against(int months, string against, string mean)
    {
        MonthReport report = InventedMonth.Report(perMonth: 60, months: months);
        Spreadsheet causes = new(WorkbookWriter.Write(report, [WorkbookKinds.RootCause], Language.En)[0].Bytes);
        Assert.Contains(against, causes.Table("Pareto")[0]);
        Assert.Contains(against, causes.Table("ChangeParts")[0]);
        Spreadsheet trend = Trend(report, Language.En);
        Assert.Contains(mean, trend.Table("KeyNumbers")[0]);
        Assert.Contains(mean, trend.Table("BusinessMonths")[0]);
    }

    [Fact]
    public void A_mean_leaves_out_months_that_still_mature_and_says_how_many_are_in_it()
    {
        string note = Assert.Single(Texts(Rise.Value, "Summary"), t => t.Contains("Means leave out months", StringComparison.Ordinal));
        Assert.Contains("Closure rate 11", note, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_number_that_a_source_never_states_is_named_once_and_has_no_row()
    {
        MonthReport known = InventedMonth.Report(perMonth: 60, months: 14);
        Spreadsheet book = Trend(known with { Figures = [.. known.Figures.Select(f => FigureKey.Parse(f.Key).Measure == "satisfaction_rate" ? f with { Value = null, Numerator = null } : f)] }, Language.En);
        Assert.DoesNotContain(book.Table("KeyNumbers").Skip(1), r => (string)r[0]! == "Satisfaction rate");
        Assert.Contains(Texts(book, "Summary"), t => t.Contains("Not known from this source and not listed: Satisfaction rate.", StringComparison.Ordinal));
        Assert.Contains(Trend(known, Language.En).Table("KeyNumbers").Skip(1), r => (string)r[0]! == "Satisfaction rate");
    }

    private static Spreadsheet Trend(MonthReport report, Language language) => new(WorkbookWriter.Write(report, [WorkbookKinds.Trend], language)[0].Bytes);

    private static List<string> Texts(Spreadsheet book, string sheet) => [.. book.Sheet(sheet).Descendants(Spreadsheet.Main + "c").Select(book.Value).OfType<string>()];
}
