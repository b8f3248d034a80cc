using System.Text;
using Pipeline.Jobs.Regulatory;
using Pipeline.Jobs.Rules;
using Pipeline.Jobs.Shell;
using Pipeline.Models.Complaints;
using Pipeline.Models.Measures;
using Pipeline.Models.Regulatory;
using Pipeline.Models.Taxonomy;
using Pipeline.Tests.Measures;

namespace Pipeline.Tests.Regulatory;

public sealed class DenominatorsTests
{
    private static readonly ReportingMonth October = new(2026, 10);

    [Fact]
    public void The_sample_file_is_read_and_an_entry_holds_for_its_quarter()
    {
        string path = Path.Combine(SampleData.Bank, "denominators.csv");
        Denominators read = DenominatorFiles.Read(path, File.ReadAllBytes(path));
        Assert.Equal(1, read.Entries.Count(e => e.Branch == "西安分行" && e.From == new ReportingMonth(2026, 8)));
        Assert.Equal(43, read.Of(Denominators.Outlets, "西安分行", October));
        Assert.Equal(1_794_324, read.Of(Denominators.PersonalCustomers, "西安分行", October));
        Assert.Null(read.Of(Denominators.Outlets, "西安分行", new ReportingMonth(2026, 11))); // its quarter is over
        Assert.Null(read.Of(Denominators.Outlets, null, new ReportingMonth(2026, 11)));
        Assert.Equal(read.Branches, read.Missing(new ReportingMonth(2026, 11)));
        Assert.Equal(read.Branches.Sum(b => read.Of(Denominators.Outlets, b, October)), read.Of(Denominators.Outlets, null, October));
    }

    [Theory]
    [InlineData("month,branch,outlets,personal_customers\n", "line 1")]
    [InlineData("from_month,branch,outlets,personal_customers\n2026-13,A,1,1\n", "line 2, from_month: found '2026-13'")]
    [InlineData("from_month,branch,outlets,personal_customers\n2026-08,A,0,1\n", "line 2, outlets: found '0'")]
    [InlineData("from_month,branch,outlets,personal_customers\n2026-08,A,3,\n", "personal_customers: found ''")]
    [InlineData("from_month,branch,outlets,personal_customers\n2026-08,A,3,9\n2026-08,A,4,9\n", "line 3, branch")]
    [InlineData("from_month,branch,outlets,personal_customers\n", "line 2")]
    public void What_is_wrong_in_a_file_is_named_with_its_line(string text, string expected)
    {
        PipelineFault fault = Assert.Throws<PipelineFault>(() => DenominatorFiles.Read("d.csv", Encoding.UTF8.GetBytes(text)));
        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_in_the_encoding_of_a_Chinese_Excel_is_refused_with_what_to_do()
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        byte[] bytes = Encoding.GetEncoding("gb18030").GetBytes($"{DenominatorFiles.Header}\n2026-08,Perth,1,1\n2026-08,南京分行,1,1\n");
        PipelineFault fault = Assert.Throws<PipelineFault>(() => DenominatorFiles.Read("d.csv", bytes));
        Assert.Equal(3, fault.Place!.Line);
        Assert.Contains("CSV UTF-8", fault.Text.Zh, StringComparison.Ordinal);
        Assert.Contains("CSV UTF-8", fault.Text.En, StringComparison.Ordinal);
    }

    [Fact]
    public void Months_between_the_first_and_the_last_entry_that_a_branch_lacks_are_gaps()
    {
        static Denominators Of(params (int Year, int Month, string Branch)[] entries) =>
            new([.. entries.Select(e => new DenominatorEntry(new(e.Year, e.Month), e.Branch, 1, 1))], "x");
        Assert.Empty(Of((2026, 2, "甲"), (2026, 5, "甲"), (2026, 2, "乙"), (2026, 5, "乙")).Gaps());
        Assert.Empty(Denominators.None.Gaps());
        DenominatorGap[] gaps = [.. Of((2025, 11, "甲"), (2026, 5, "甲"), (2025, 11, "乙"), (2026, 2, "乙"), (2026, 5, "乙"), (2026, 8, "乙")).Gaps()];
        Assert.Equal(
            ["2026-02 2026-04 甲", "2026-08 2026-10 甲"], gaps.Select(g => $"{g.From} {g.Through} {string.Join(',', g.Branches)}"));
    }

    [Fact]
    public void Relative_figures_are_of_the_bank_and_its_branches_and_not_defined_where_a_quarter_is_missing()
    {
        ComplaintFact[] facts = [.. Enumerable.Range(1, 30).Select(i => Facts.Plain(i, October.FirstDay.AddDays(i % 28)) with { Branch = i <= 10 ? "甲" : "乙", Channel = i % 3 == 0 ? "regulator" : "hotline" })];
        RegulatoryBook book = RegulatoryRuleFiles.Load("/nowhere", "cn-jrt0169", null).Book with
        {
            Denominators = new([new(new(2026, 10), "甲", 40, 2_000_000), new(new(2026, 10), "乙", 60, 3_000_000), new(new(2026, 7), "甲", 39, 1_900_000)], "x"),
        };
        FigureEngine engine = new(facts, RuleFiles.Taxonomy("/nowhere", "cn-jrt0169").Value, RuleFiles.Rules("/nowhere").Value, new DateOnly(2026, 11, 5), book);
        decimal? Value(string measure, FigurePeriod period, params FilterTerm[] terms) => engine.Evaluate(new FigureKey(measure, period, terms)).Value;
        FigurePeriod month = FigurePeriod.Of(October);

        Assert.Equal(300, Value("per_1000_outlets", month)); // 30 / 100 × 1000
        Assert.Equal(60, Value("per_10m_customers", month)); // 30 / 5,000,000 × 10⁷
        Assert.Equal(0.06m, Value("per_10k_customers", month));
        Assert.Equal(250, Value("per_1000_outlets", month, new FilterTerm(Dimensions.Branch, "甲")));
        Assert.Equal(100, Value("transfers_per_1000_outlets", month));
        Assert.Equal(0.1m, Value("per_outlet_month", new FigurePeriod(new(2026, 8), October)));
        Assert.Null(Value("per_1000_outlets", FigurePeriod.Of(new(2026, 9)))); // 乙 has no entry for the third quarter
        Assert.Equal(0, Value("per_1000_outlets", FigurePeriod.Of(new(2026, 9)), new FilterTerm(Dimensions.Branch, "甲")));
        Assert.Null(Value("per_1000_outlets", month, new FilterTerm(Dimensions.Business, "CREDIT")));
    }

    [Fact]
    public void Stock_and_flow_add_up_from_month_to_month()
    {
        // Some are withdrawn, some ended on a day that nobody wrote down.
        IReadOnlyList<ComplaintFact> facts = [.. Facts.Random(seed: 31, perMonth: 80, October, months: 8).Select((f, i) => f.Closed is null ? f : f with
        {
            Status = i % 7 == 0 ? "withdrawn" : f.Status,
            Closed = i % 11 == 0 ? null : f.Closed,
        })];
        FigureEngine engine = new(facts, RuleFiles.Taxonomy("/nowhere", "cn-jrt0169").Value, RuleFiles.Rules("/nowhere").Value, new DateOnly(2026, 12, 31));
        decimal Value(string measure, ReportingMonth month) => engine.Evaluate(new FigureKey(measure, FigurePeriod.Of(month))).Value!.Value;
        for (ReportingMonth month = October.Add(-6); month < October; month = month.Add(1))
        {
            Assert.Equal(
                Value("opening_open", month) + Value("complaints", month) - Value("closed_in_period", month) - Value("withdrawn_in_period", month) - Value("ended_day_unknown", month),
                Value("opening_open", month.Add(1)));
            Assert.True(Value("withdrawn_in_period", month) > 0 && Value("ended_day_unknown", month) > 0, month.ToString());
        }
    }
}
