using Pipeline.Models.Measures.Series;

namespace Pipeline.Tests.Measures.Series;

public sealed class DriftChartTests
{
    private static readonly SeriesRules Rules = SeriesRules.Default;

    private static MonthShare[] Shares(params long[] above) => [.. above.Select(a => new MonthShare(a, 550))];

    /// <summary>
    /// One-sided normal chart with reference 0.5: average run lengths 336 at limit 4 and 930 at limit 5 (Montgomery, Introduction to
    /// Statistical Quality Control, table 9.3, doubled for one side; Siegmund's approximation gives 338 and 931).
    /// </summary>
    [Theory]
    [InlineData(4, 336)]
    [InlineData(5, 930)]
    public void The_chain_gives_the_published_run_lengths_of_a_normal_chart(double limit, double published)
    {
        Chain chain = new(true, 0.5, 1, (_, y) => 1 - Distributions.NormalTail(y));
        Assert.InRange(chain.RunLength(0, limit), published * 0.97, published * 1.03);
    }

    [Fact]
    public void A_chart_of_counts_runs_as_long_as_it_says()
    {
        const double Mean = 20;
        SeriesRules rules = Rules with { DriftRunLength = 200 };
        Random chance = new(4711);
        MonthCount[] known = [.. Enumerable.Repeat(new MonthCount(20_000_000, 1_000_000), 12), new MonthCount(20, 1)];
        DriftVerdict chart = DriftChart.OfCounts(known, isUp: true, rules)!;
        double cap = rules.DriftMonthCap * chart.Limit;
        double months = 0;
        const int Runs = 1500;
        for (int run = 0; run < Runs; run++)
        {
            for (double sum = 0; sum < chart.Limit; months++)
            {
                sum = Math.Max(0, sum + Math.Min(cap, Draw.Count(chance, Mean) - chart.Reference));
            }
        }
        Assert.InRange(chart.RunLength, 190, 215);
        Assert.InRange(months / Runs, chart.RunLength * 0.85, chart.RunLength * 1.2);
        double drifted = 20 + Math.Sqrt(20);
        Assert.Equal(drifted, chart.Drifted, 1e-6);
        Assert.Equal((drifted - 20) / Math.Log(drifted / 20), chart.Reference, 1e-6);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void On_chance_alone_a_chart_of_shares_signals_as_often_as_it_says(bool isUp)
    {
        Random chance = new(20261129);
        SeriesRules rules = Rules with { DriftRunLength = 100 };
        double said = 0;
        int signals = 0;
        for (int trial = 0; trial < 2000; trial++)
        {
            MonthShare[] months = [.. Enumerable.Range(0, 22).Select(_ => new MonthShare(Draw.Binomial(chance, 300, 0.15), 300))];
            DriftVerdict chart = DriftChart.OfShares(months, isUp, rules, new SharedDispersion(0, double.PositiveInfinity))!;
            said += chart.FalseAlarm;
            signals += chart.IsSignal ? 1 : 0;
        }
        Assert.InRange(signals / said, 0.7, 1.3);
    }

    [Fact]
    public void A_share_that_grows_slowly_signals_and_says_since_when()
    {
        DriftVerdict chart = DriftChart.OfShares(
            Shares(88, 90, 86, 91, 89, 87, 92, 88, 90, 85, 89, 91, 95, 99, 104, 108, 113, 117, 122), isUp: true, Rules)!;
        Assert.True(chart.IsSignal);
        Assert.InRange(chart.SignalSince, 2, 5);
        Assert.True(chart.PValue < 0.001);
        Assert.InRange(chart.Since, 0, 4);
    }

    [Fact]
    public void A_single_spike_is_no_drift()
    {
        DriftVerdict chart = DriftChart.OfShares(Shares(88, 90, 86, 91, 89, 87, 92, 88, 90, 85, 89, 91, 90, 240), isUp: true, Rules)!;
        Assert.False(chart.IsSignal);
        Assert.Equal(Rules.DriftMonthCap * chart.Limit, chart.Sums[^1], 1e-5);
    }

    /// <summary>Two groups in two months, as the invented bank has them, are no drift either; a third month makes one.</summary>
    [Fact]
    public void Two_spikes_in_a_row_are_no_drift_and_three_are()
    {
        long[] two = [88, 90, 86, 91, 89, 87, 92, 88, 90, 85, 89, 91, 140, 140];
        Assert.False(DriftChart.OfShares(Shares(two), isUp: true, Rules)!.IsSignal);
        Assert.True(DriftChart.OfShares(Shares([.. two, 140]), isUp: true, Rules)!.IsSignal);
        Assert.True(DriftChart.OfShares(Shares([.. two, 140]), isUp: true, Rules)!.PValue < 1e-3);
    }

    [Fact]
    public void A_rise_of_long_ago_is_no_longer_going_on()
    {
        DriftVerdict chart = DriftChart.OfShares(Shares(88, 90, 86, 91, 89, 87, 92, 88, 90, 85, 89, 91, 140, 140, 140, 92, 91, 92), isUp: true, Rules)!;
        Assert.True(chart.IsSignal);
        Assert.False(chart.IsOngoing);
    }

    [Fact]
    public void Without_a_month_beyond_the_baseline_there_is_no_chart() =>
        Assert.Null(DriftChart.OfShares(Shares(88, 90, 86, 91, 89, 87, 92, 88, 90, 85, 89, 91), isUp: true, Rules));
}
