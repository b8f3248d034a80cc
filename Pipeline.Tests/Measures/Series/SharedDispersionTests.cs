using Pipeline.Models.Measures.Series;

namespace Pipeline.Tests.Measures.Series;

public sealed class SharedDispersionTests
{
    private static readonly SeriesRules Rules = SeriesRules.Default;

    [Fact]
    public void Series_that_vary_as_chance_alone_are_taken_as_such()
    {
        SharedDispersion shared = Of(40, 0);
        Assert.InRange(shared.Moderated(Baseline(new Random(1), 40, 0)).Dispersion, 1, 1.15);
        Assert.True(shared.PriorDegrees > 50, $"{shared.PriorDegrees}");
    }

    [Fact]
    public void A_common_swing_of_all_is_found()
    {
        SharedDispersion shared = Of(200, 0.02);
        Assert.InRange(1 + (shared.Growth * 200), 4, 6);
    }

    [Fact]
    public void One_restless_series_among_quiet_ones_keeps_more_of_its_own()
    {
        SharedDispersion shared = Of(40, 0);
        Baseline restless = Models.Measures.Series.Baseline.OfCount(
            30, [.. new long[] { 20, 70, 35, 60, 15, 65, 40, 55, 30, 58, 44, 25 }.Select(c => new MonthCount(c, 30))], Rules);
        Assert.True(shared.Moderated(restless).Dispersion > shared.Moderated(Baseline(new Random(2), 40, 0)).Dispersion);
    }

    [Fact]
    public void A_series_that_looks_calmer_than_chance_allows_has_the_dispersion_that_is_usual_for_its_size()
    {
        Baseline calm = new(10, 120, 0.2, 11, 10, false, false, []);
        Assert.Equal((1.05, double.PositiveInfinity), new SharedDispersion(0.005, 4).Moderated(calm));
        Assert.Equal((1, double.PositiveInfinity), new SharedDispersion(0, 4).Moderated(calm));
    }

    private static SharedDispersion Of(double mean, double commonVariance)
    {
        Random chance = new(77);
        return SharedDispersion.Of([.. Enumerable.Range(0, 60).Select(_ => Baseline(chance, mean, commonVariance))], Rules)!;
    }

    private static Baseline Baseline(Random chance, double mean, double commonVariance) => Models.Measures.Series.Baseline.OfCount(
        30, [.. Enumerable.Range(0, 12).Select(_ => new MonthCount(Draw.Count(chance, mean, commonVariance), 30))], Rules);
}
