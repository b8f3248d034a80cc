using Pipeline.Jobs.Rules;
using Pipeline.Models.Complaints;
using Pipeline.Models.Flags.Groups;
using Pipeline.Models.Flags.Priority;
using Pipeline.Models.Measures;
using Pipeline.Models.Measures.Series;
using Pipeline.Models.Taxonomy;
using Pipeline.Models.Text;
using Pipeline.Reports;
using Pipeline.Reports.Workbooks;
using Pipeline.Reports.Workbooks.Trend;
using Pipeline.Tests.Flags;
using Xunit.Abstractions;

namespace Pipeline.Tests.Reports;

/// <summary>What was planted in the 24 exports of the invented bank (events.csv), month by month as a run knew it, against what the trends say.</summary>
public sealed class TrendTruthTests(ITestOutputHelper output)
{
    private static readonly ReportingMonth First = new(2024, 11);
    private static readonly RuleBook Book = RuleFiles.Rules("/nowhere").Value;
    private static readonly ComplaintTaxonomy Taxonomy = RuleFiles.Taxonomy("/nowhere", "cn-jrt0169").Value;

    [Theory]
    [InlineData("2025-11", "WMP", "YIELD")]
    [InlineData("2026-10", "PAY", "FACIL")]
    public void A_planted_spike_stands_in_its_month_and_is_told_on_the_first_page(string month, string business, string cause)
    {
        if (InventedBank.Open() is not { } bank)
        {
            output.WriteLine("skipped: the data of the invented bank is absent");
            return;
        }
        Composer c = Compose(bank, Month(month));
        foreach (FilterTerm term in (FilterTerm[])[new(Dimensions.Business, business), new(Dimensions.Cause, cause)])
        {
            Signal signal = c.Judged.Find("complaints", term)!;
            Assert.True(signal.Stands, $"{term.Member}: {signal.Verdict}");
            Assert.Equal(ChanceKind.Higher, signal.Verdict.Kind);
        }
        string told = Told(c);
        Assert.DoesNotContain("has run high", told.Replace("Share of Debt collection has run high", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains($"{c.Label(Dimensions.Business, business)} – {c.Label(Dimensions.Cause, cause)}", told, StringComparison.Ordinal);
    }

    [Fact]
    public void The_drift_of_collection_is_signalled_by_September_and_not_before_it_starts()
    {
        if (InventedBank.Open() is not { } bank)
        {
            output.WriteLine("skipped: the data of the invented bank is absent");
            return;
        }
        IReadOnlyList<ComplaintFact> facts = bank.TrendFacts(22);
        MonthShare[] shares = [.. Enumerable.Range(0, 23).Select(First.Add).Select(m => new MonthShare(
            facts.Count(f => m.Contains(f.Received) && f.Business.Class == "DEBT"), facts.Count(f => m.Contains(f.Received))))];
        DriftVerdict chart = DriftChart.OfShares(shares, isUp: true, Book.Trend)!;
        output.WriteLine($"start {chart.Start:P2}, limit {chart.Limit:F1}, sums {string.Join(' ', chart.Sums.Select(s => s.ToString("F1")))}");
        Assert.True(chart.IsSignal);
        Assert.True(chart.PValue < 0.001);
        Assert.InRange(chart.SignalSince, 0, 10);
        double sum = 0;
        foreach (MonthShare month in shares[..12])
        {
            sum = Math.Max(0, sum + month.Above - (chart.Reference * month.Below));
            Assert.True(sum < chart.Limit, $"the baseline itself signals: {sum:F1} of {chart.Limit:F1}");
        }
        // In the months in which the share had only begun to grow by 5 % of its start each, no chart of it falls.
        Assert.False(DriftChart.OfShares(shares, isUp: false, Book.Trend)!.IsSignal);

        // The spikes and groups of wealth management in 2025-11 and 2026-05 are none either.
        Assert.DoesNotContain("has run", Told(Compose(bank, new ReportingMonth(2026, 6))), StringComparison.Ordinal);

        Composer september = Compose(bank, new ReportingMonth(2026, 9));
        Drift drift = september.Judged.Drifts.Charts.Single(d => d.IsShare && d.Verdict.IsUp && d.Terms is [{ Dimension: Dimensions.Business, Member: "DEBT" }]);
        Assert.True(drift.Stands);
        Assert.Contains($"Share of {september.Label(Dimensions.Business, "DEBT")} has run high", Told(september), StringComparison.Ordinal);
    }

    [Fact]
    public void The_first_three_months_of_the_ledger_are_no_start_of_a_chart_of_repeats()
    {
        if (InventedBank.Open() is not { } bank)
        {
            output.WriteLine("skipped: the data of the invented bank is absent");
            return;
        }
        Composer c = Compose(bank, new ReportingMonth(2026, 10));
        Drift[] repeats = [.. c.Judged.Drifts.Charts.Where(d => d.Measure == "repeat_90" && d.Terms.Count == 0)];
        Assert.Equal(2, repeats.Length);
        decimal[] covered = [.. Enumerable.Range(3, 12).Select(i => c.Value("repeat_90", First.Add(i))!.Value)];
        Assert.All(repeats, d =>
        {
            Assert.Equal(First.Add(15), d.FirstWatched);
            Assert.InRange(d.Verdict.Start * 30.4, (double)covered.Average() * 0.97, (double)covered.Average() * 1.03);
        });
        Assert.All(c.Judged.Drifts.Charts.Where(d => d.Measure == "complaints"), d => Assert.Equal(First.Add(12), d.FirstWatched));
    }

    [Theory]
    [InlineData("2025-02", "滨江科技园支行")]
    [InlineData("2025-07", "玄武人民路支行")]
    [InlineData("2025-12", "滨江人民路支行")]
    [InlineData("2026-05", "天河人民路支行")]
    [InlineData("2026-10", "滨江科技园支行")]
    public void Every_planted_group_is_on_the_first_page_of_its_month(string month, string place)
    {
        if (InventedBank.Open() is not { } bank)
        {
            output.WriteLine("skipped: the data of the invented bank is absent");
            return;
        }
        Composer c = Compose(bank, Month(month));
        IReadOnlyList<Sentence> sentences = Sentences.Of(c);
        Assert.Contains(sentences, s => s.Topic == Topic.New && s.Text.Contains(place, StringComparison.Ordinal));
        Assert.InRange(sentences.Count, 1, Sentences.Most);
        output.WriteLine(Told(c));
    }

    private static ReportingMonth Month(string text) => ReportingMonth.TryParse(text, out ReportingMonth month) ? month : throw new FormatException(text);

    private static string Told(Composer c) => string.Join('\n', Sentences.Of(c).Select(s => $"{s.Topic}: {s.Text}"));

    private static Composer Compose(InventedBank bank, ReportingMonth month)
    {
        IReadOnlyList<ComplaintFact> facts = bank.TrendFacts(month.MonthsSince(First));
        DateOnly asOf = month.LastDay.AddDays(5);
        FigureEngine engine = new(facts, Taxonomy, Book, asOf);
        List<Figure> figures = [.. FigurePlan.For(month, First, FigurePlan.Members(Taxonomy, facts, month)).Select(engine.Evaluate)];
        DateOnly from = month.FirstDay.AddDays(-Book.Group.UsualCalendarDays);
        ComplaintGroup[] groups = [.. GroupFinder.Find(facts.Where(f => f.Received >= from && f.Received <= month.LastDay), Book.Group).Where(g => g.Last >= month.FirstDay)];
        MonthReport made = InventedMonth.Report(perMonth: 12, months: 1);
        MonthReport report = made with
        {
            Month = month,
            History = First,
            LedgerBegins = facts.Min(f => f.Received),
            Lineage = made.Lineage with { AsOf = asOf },
            Figures = figures,
            Cases = [.. facts.Where(f => month.Contains(f.Received)).Select(f => new CaseRow(f, null, null, "", "", 1, []))],
            Findings = new CaseFindingsReport(groups, [], [], new PriorityList(month.LastDay, 0, 0, 0, [], []), [], [], []),
        };
        return new Composer(report, new FigureSet(figures), new MemberLists(figures, month), new RowsBehind(report), WorkbookKinds.Trend, Language.En);
    }
}
