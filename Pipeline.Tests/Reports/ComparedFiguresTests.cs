using System.Xml.Linq;
using Pipeline.Models.Complaints;
using Pipeline.Models.Measures;
using Pipeline.Models.Regulatory;
using Pipeline.Models.Text;
using Pipeline.Reports;
using Pipeline.Reports.Workbooks;

namespace Pipeline.Tests.Reports;

/// <summary>What still moves, or looks back to before the ledger begins, is printed and not set beside what is whole.</summary>
public sealed class ComparedFiguresTests
{
    private const string Dash = "–";
    private static readonly MonthReport Report = InventedMonth.Report(perMonth: 120);

    private static Spreadsheet Book(MonthReport report, string kind) => new(WorkbookWriter.Write(report, [kind], Language.En).Single().Bytes);

    /// <summary>The row of a table that begins with a name.</summary>
    private static IReadOnlyList<object?> Row(Spreadsheet book, string table, string name) => book.Table(table).Single(r => r[0] is string text && text == name);

    [Theory]
    [InlineData("Closure rate")]
    [InlineData("On-time rate")]
    [InlineData("Satisfaction rate")]
    public void The_disclosure_prints_measures_of_a_year_that_still_mature_and_sets_them_beside_no_other_year(string measure)
    {
        IReadOnlyList<object?> row = Row(Book(Report, WorkbookKinds.Regulatory), "DisclosedTotal", measure);
        Assert.IsType<decimal>(row[1]);
        Assert.IsType<decimal>(row[2]);
        Assert.Equal(Dash, row[3]);
    }

    [Fact]
    public void A_report_kept_before_measures_were_planned_still_becomes_workbooks_without_them()
    {
        MonthReport whole = InventedMonth.Report(perMonth: 60, views: [RegulatoryViews.China, RegulatoryViews.UnitedStates, RegulatoryViews.UnitedKingdom]);
        MonthReport kept = whole with
        {
            Figures = [.. whole.Figures.Where(f => FigureKey.Parse(f.Key).Measure is not ("withdrawn_in_period" or "ended_day_unknown"))],
            LedgerBegins = null,
        };
        Assert.True(kept.Figures.Count < whole.Figures.Count);
        foreach (Language language in (Language[])[Language.Zh, Language.En])
        {
            Assert.Equal(WorkbookKinds.All.Count, WorkbookWriter.Write(kept, WorkbookKinds.All, language).Count);
        }
    }

    [Fact]
    public void Once_the_limits_of_the_last_month_have_run_out_the_disclosure_compares_them()
    {
        MonthReport later = InventedMonth.Report(perMonth: 120, asOf: new DateOnly(2027, 3, 1));
        IReadOnlyList<object?> row = Row(Book(later, WorkbookKinds.Regulatory), "DisclosedTotal", "Closure rate");
        Assert.Equal(((decimal)row[1]! - (decimal)row[2]!) * 100, row[3]);
    }

    /// <summary>A ledger of 14 months: those of the year before whose window of 90 days is not covered are the first three.</summary>
    private static readonly MonthReport Young = InventedMonth.Report(perMonth: 120, months: 14) is var report ? report with { LedgerBegins = report.History.FirstDay } : null!;

    [Fact]
    public void A_month_is_covered_once_the_window_of_its_first_day_lies_within_the_ledger()
    {
        DateOnly begins = new(2024, 11, 1);
        string[] Covered(int year, int month) => [.. ((string[])["complaints", "repeat_7", "repeat_30", "repeat_90", "opening_open"]).Where(m => Coverage.IsCovered(m, FigurePeriod.Of(new(year, month)), begins, Report.Rules.TimeLimitCalendarDays))];
        Assert.Equal(["complaints"], Covered(2024, 11));
        Assert.Equal(["complaints", "repeat_7", "repeat_30"], Covered(2024, 12));
        Assert.Equal(["complaints", "repeat_7", "repeat_30", "opening_open"], Covered(2025, 1));
        Assert.Equal(["complaints", "repeat_7", "repeat_30", "repeat_90", "opening_open"], Covered(2025, 2));
        Assert.False(Coverage.IsCovered("repeat_90", new FigurePeriod(new(2025, 1), new(2025, 10)), begins, Report.Rules.TimeLimitCalendarDays));
        Assert.True(Coverage.IsCovered("repeat_90", FigurePeriod.Of(new(2024, 11)), null, Report.Rules.TimeLimitCalendarDays));
    }

    [Fact]
    public void The_same_month_last_year_is_printed_with_a_mark_and_not_compared_where_its_window_reaches_before_the_ledger()
    {
        Spreadsheet book = Book(Young, WorkbookKinds.Regulatory);
        IReadOnlyList<object?> Indicator(string name) => book.Table("Indicators").Single(r => r[1] is string text && text == name);
        Assert.All((string[])["Repeats within 90 days", "Complaints after merging repeats", "Bypass"], name =>
        {
            IReadOnlyList<object?> row = Indicator(name);
            Assert.IsType<decimal>(row[6]);
            Assert.Equal([Dash, Dash], row.Skip(7).Take(2));
            Assert.IsType<decimal>(row[4]);
        });
        Assert.IsType<decimal>(Indicator("Complaints")[7]);
        Assert.Contains(Texts(book, "Indicators"), t => t.Contains("Window not covered: the ledger begins on 2025-09-01", StringComparison.Ordinal) && t.Contains("from 2025-12", StringComparison.Ordinal));
        Assert.Contains(book.Styles.Descendants(Spreadsheet.Main + "numFmt"), f => f.Attribute("formatCode")!.Value == $"#,##0\"{Uncovered.Mark}\"");
    }

    [Fact]
    public void The_year_before_is_printed_and_not_compared_where_its_window_reaches_before_the_ledger()
    {
        // Of 22 months: January of the year before is the first.
        MonthReport report = InventedMonth.Report(perMonth: 120, months: 22);
        foreach ((DateOnly? begins, bool isCovered) in ((DateOnly?, bool)[])[(report.History.FirstDay, false), (report.History.FirstDay.AddDays(-90), true)])
        {
            Spreadsheet book = Book(report with { LedgerBegins = begins }, WorkbookKinds.Regulatory);
            IReadOnlyList<object?> toDate = Row(book, "ToDate", "Repeats within 90 days");
            Assert.Equal((true, isCovered), (toDate[8] is decimal, toDate[9] is decimal));
            Assert.Equal(isCovered, Row(book, "ToDate", "Repeat rate, 90 days")[9] is decimal);
            Assert.IsType<decimal>(Row(book, "ToDate", "Complaints")[9]);
            // Quarters of this year are covered whatever the ledger's first day.
            Assert.IsType<decimal>(toDate[3]);
            IReadOnlyList<object?> disclosed = Row(book, "DisclosedTotal", "Complaints after merging repeats");
            Assert.IsType<decimal>(disclosed[2]);
            Assert.Equal(isCovered, disclosed[3] is decimal);
        }
    }

    [Fact]
    public void Lines_of_rates_begin_in_the_first_month_whose_window_is_covered()
    {
        XElement[] lines = [.. Book(Young, WorkbookKinds.Trend).Parts.Where(p => p.Key.Contains("/charts/", StringComparison.Ordinal))
            .SelectMany(p => p.Value.Descendants().Where(e => e.Name.LocalName == "ser"))];
        (string Name, int First)[] drawn = [.. lines.Select(s => (
            string.Concat(s.Descendants().First(e => e.Name.LocalName == "tx").Descendants().Where(e => e.Name.LocalName == "v").Select(v => v.Value)),
            s.Elements().Single(e => e.Name.LocalName == "val").Descendants().Where(e => e.Name.LocalName == "pt").Min(p => (int)p.Attribute("idx")!)))];
        Assert.Equal([2, 3], drawn.Where(d => d.Name == "Repeat rate, 90 days").Select(d => d.First).Order());
        Assert.Equal([0, 0], drawn.Where(d => d.Name == "Regulator share").Select(d => d.First));
    }

    [Fact]
    public void The_first_month_of_a_ledger_prints_its_repeats_with_a_mark_and_says_that_they_are_not_compared()
    {
        MonthReport report = InventedMonth.Report(perMonth: 120, months: 1);
        Spreadsheet book = Book(report with { LedgerBegins = report.History.FirstDay }, WorkbookKinds.Trend);
        IReadOnlyList<object?> row = Row(book, "KeyNumbers", "Repeat rate, 90 days");
        Assert.IsType<decimal>(row[1]);
        Assert.Equal("window not covered, not compared", row[6]);
        Assert.Contains(Texts(book, "Summary"), t => t.StartsWith(Uncovered.Mark, StringComparison.Ordinal));
    }

    [Fact]
    public void The_mean_of_the_months_before_is_of_those_that_are_covered_and_of_shares_the_share_of_all_their_complaints()
    {
        FigureSet figures = new(Young.Figures);
        Figure[] covered = [.. Enumerable.Range(3, 10).Select(i => figures.Of("repeat_rate_90", Young.History.Add(i)))];
        IReadOnlyList<object?> row = Row(Book(Young, WorkbookKinds.Trend), "KeyNumbers", "Repeat rate, 90 days");
        Assert.Equal(Math.Round(covered.Sum(f => f.Numerator!.Value) / covered.Sum(f => f.Denominator!.Value), 6, MidpointRounding.AwayFromZero), row[4]);
        Assert.NotEqual(Math.Round(covered.Average(f => f.Value!.Value), 6, MidpointRounding.AwayFromZero), row[4]);
    }

    private static IEnumerable<string> Texts(Spreadsheet book, string sheet) => book.Cells(sheet).Values.Select(book.Value).OfType<string>();
}
