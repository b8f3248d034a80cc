using Pipeline.Models.Complaints;
using Pipeline.Models.Measures;
using Pipeline.Models.RootCauses;

namespace Pipeline.Tests.RootCauses;

public sealed class RemediationEffectTests
{
    private static readonly ReportingMonth January = new(2026, 1);

    private static readonly RemediationEntry Entry = new(
        "R-0001", "FACIL", null, null, "upgrade", "IT", new DateOnly(2026, 6, 10), new DateOnly(2026, 7, 31), new DateOnly(2026, 7, 20), null);

    [Fact]
    public void A_clear_fall_worked_and_the_months_of_the_work_are_left_out()
    {
        RemediationEffect effect = RemediationEffect.Of(Entry, Series(40, 42, 38, 41, 39, 90, 5, 20, 18, 21));
        Assert.Equal(RemediationState.Worked, effect.State);
        Assert.Equal("2026-01..2026-05", effect.Before.ToString());
        Assert.Equal("2026-08..2026-10", effect.After.ToString());
        Assert.Equal((200, 59), (effect.CountBefore, effect.CountAfter));
        Assert.Equal(59 / 3.0 / 40, effect.Rates!.Ratio!.Value, 12);
        Assert.InRange(effect.Rates.High!.Value, effect.Rates.Ratio.Value, 0.7);
        Assert.Equal(1, effect.Dispersion);
    }

    [Fact]
    public void A_clear_rise_is_worse_and_a_small_change_cannot_be_told_from_chance()
    {
        Assert.Equal(RemediationState.Worse, RemediationEffect.Of(Entry, Series(10, 11, 9, 10, 10, 0, 0, 22, 25, 24)).State);
        RemediationEffect small = RemediationEffect.Of(Entry, Series(10, 11, 9, 10, 10, 0, 0, 9, 8, 10));
        Assert.Equal(RemediationState.NotDistinguishable, small.State);
        Assert.NotNull(small.SeenFall);
        Assert.True(small.SeenFall > 0.3, $"{small.SeenFall}");
        Assert.True(small.Rates!.Low < 1 && small.Rates.High > 1);
    }

    [Fact]
    public void Without_a_whole_month_after_or_three_before_nothing_is_claimed()
    {
        Assert.Equal(RemediationState.TooEarly, RemediationEffect.Of(Entry, Series(10, 11, 9, 10, 10, 8, 7)).State);
        Assert.Equal(RemediationState.NoBaseline, RemediationEffect.Of(Entry with { Opened = new DateOnly(2026, 3, 1) }, Series(10, 11, 9, 10, 10, 8, 7, 5)).State);
        Assert.Equal(RemediationState.NoBaseline, RemediationEffect.Of(Entry, Series(0, 0, 0, 0, 0, 8, 7, 5)).State);
        Assert.Equal(RemediationState.UnderWay, RemediationEffect.Of(Entry with { Done = null }, Series(10, 11, 9, 10, 10, 8, 7, 5)).State);
    }

    [Fact]
    public void Restless_months_need_more_than_quiet_ones()
    {
        RemediationEffect quiet = RemediationEffect.Of(Entry, Series(40, 41, 39, 40, 40, 0, 0, 28, 27, 29));
        RemediationEffect restless = RemediationEffect.Of(Entry, Series(10, 80, 20, 75, 15, 0, 0, 40, 10, 34));
        Assert.Equal(RemediationState.Worked, quiet.State);
        Assert.True(restless.Dispersion > 10);
        Assert.Equal(RemediationState.NotDistinguishable, restless.State);
    }

    [Fact]
    public void The_season_of_the_other_complaints_is_allowed_for_where_two_years_stand()
    {
        // Twice as many complaints of every kind from July to December: a fall from December to January is no success.
        ScopeMonth[] series = [.. Enumerable.Range(0, 26).Select(i =>
        {
            ReportingMonth month = new ReportingMonth(2024, 1).Add(i);
            int times = month.Month >= 7 ? 2 : 1;
            return new ScopeMonth(month, 20 * times, 500 * times);
        })];
        RemediationEntry entry = Entry with { Opened = new DateOnly(2025, 12, 1), Done = new DateOnly(2025, 12, 20) };
        RemediationEffect effect = RemediationEffect.Of(entry, series);
        Assert.True(effect.IsSeasonal);
        Assert.Equal(1, effect.Rates!.Ratio!.Value, 1);
        Assert.Equal(RemediationState.NotDistinguishable, effect.State);
        Assert.False(RemediationEffect.Of(entry, [.. series.TakeLast(20)]).IsSeasonal);
    }

    [Fact]
    public void The_fall_that_would_be_seen_is_the_one_that_a_plain_count_of_outcomes_finds()
    {
        // Before: 5 months of 10; after: 3 months. Which counts after are significant falls, and how likely are they under a fall f?
        RemediationEffect effect = RemediationEffect.Of(Entry, Series(10, 10, 10, 10, 10, 0, 0, 9, 8, 10));
        double slow = double.NaN;
        for (int permille = 0; permille <= 1000 && double.IsNaN(slow); permille++)
        {
            double mean = 30 * (1 - (permille / 1000.0));
            double power = 0;
            double term = Math.Exp(-mean);
            for (int after = 0; after <= 30; after++)
            {
                term = after == 0 ? term : term * mean / after;
                if (PoissonRates.Compare(after, 3, 50, 5) is { PValue: < 0.05, Ratio: < 1 })
                {
                    power += term;
                }
            }
            slow = power >= 0.8 ? permille / 1000.0 : double.NaN;
        }
        Assert.Equal(slow, effect.SeenFall!.Value, 2);
    }

    private static ScopeMonth[] Series(params int[] counts) => [.. counts.Select((n, i) => new ScopeMonth(January.Add(i), n, 500))];
}
