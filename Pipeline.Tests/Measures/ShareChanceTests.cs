using Pipeline.Models.Measures;

namespace Pipeline.Tests.Measures;

public sealed class ShareChanceTests
{
    private static readonly (long, long)[] Steady = [.. Enumerable.Range(0, 12).Select(i => ((long)(80 + (i % 3)), 500L))];

    [Theory]
    [InlineData(83, ChanceKind.WithinChance)]
    [InlineData(140, ChanceKind.Higher)]
    [InlineData(35, ChanceKind.Lower)]
    public void A_share_is_judged_against_the_months_before(long above, ChanceKind kind) =>
        Assert.Equal(kind, ShareChance.Binomial(above, 500, Steady).Kind);

    [Fact]
    public void Months_without_a_denominator_are_left_out() =>
        Assert.Equal(ChanceKind.TooFew, ShareChance.Binomial(10, 50, [(10, 50), (9, 50), (0, 0), (0, 0)]).Kind);

    [Fact]
    public void Fewer_than_five_expected_are_too_few_to_judge() =>
        Assert.Equal(ChanceKind.TooFew, ShareChance.Binomial(20, 40, [(4, 400), (5, 400), (3, 400), (4, 400)]).Kind);

    [Fact]
    public void On_chance_alone_it_speaks_no_more_often_than_its_level()
    {
        Random chance = new(20261101);
        const int Trials = 3000;
        int alarms = 0;
        for (int i = 0; i < Trials; i++)
        {
            (long, long)[] months = [.. Enumerable.Range(0, 13).Select(_ => (Draw(chance, 400, 0.16), 400L))];
            alarms += ShareChance.Binomial(months[0].Item1, months[0].Item2, months[1..]).Kind is ChanceKind.Higher or ChanceKind.Lower ? 1 : 0;
        }
        Assert.InRange((double)alarms / Trials, 0.0005, Chance.Level * 1.3);
    }

    private static long Draw(Random chance, int trials, double share)
    {
        long count = 0;
        for (int i = 0; i < trials; i++)
        {
            count += chance.NextDouble() < share ? 1 : 0;
        }
        return count;
    }
}
