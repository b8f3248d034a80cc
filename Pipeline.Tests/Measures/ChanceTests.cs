using Pipeline.Models.Measures;

namespace Pipeline.Tests.Measures;

public sealed class ChanceTests
{
    [Theory]
    [InlineData(0, 10, 0.3)]
    [InlineData(3, 10, 0.3)]
    [InlineData(10, 10, 0.3)]
    [InlineData(40, 500, 0.05)]
    [InlineData(60, 500, 0.05)]
    public void The_binomial_tail_equals_the_plain_sum(int least, int trials, double p)
    {
        double expected = 0;
        for (int k = least; k <= trials; k++)
        {
            double term = 1;
            for (int i = 0; i < k; i++)
            {
                term *= (double)(trials - i) / (i + 1) * p;
                if (i < trials - k)
                {
                    term *= 1 - p;
                }
            }
            expected += term * Math.Pow(1 - p, Math.Max(0, trials - k - k));
        }
        Assert.Equal(expected, Chance.BinomialTail(least, trials, p), 1e-9);
    }

    [Fact]
    public void A_month_like_the_others_is_within_chance() =>
        Assert.Equal(ChanceKind.WithinChance, Chance.Poisson(55, [50, 48, 53, 47, 52, 49, 51, 50, 46, 54, 50, 50]).Kind);

    [Fact]
    public void A_month_of_twice_as_many_is_higher() =>
        Assert.Equal(ChanceKind.Higher, Chance.Poisson(100, [50, 48, 53, 47, 52, 49, 51, 50, 46, 54, 50, 50]).Kind);

    [Fact]
    public void A_month_of_half_as_many_is_lower() =>
        Assert.Equal(ChanceKind.Lower, Chance.Poisson(22, [50, 48, 53, 47, 52, 49, 51, 50, 46, 54, 50, 50]).Kind);

    [Fact]
    public void Fewer_than_five_expected_are_too_few_to_judge() =>
        Assert.Equal(ChanceKind.TooFew, Chance.Poisson(30, [4, 3, 5, 2, 4, 3]).Kind);

    [Fact]
    public void A_restless_series_needs_more_to_stand_out() =>
        Assert.Equal(ChanceKind.WithinChance, Chance.Poisson(80, [20, 90, 35, 70, 15, 85, 40, 60, 30, 75]).Kind);

    [Fact]
    public void On_chance_alone_it_speaks_no_more_often_than_its_level()
    {
        Random chance = new(20261031);
        int alarms = 0;
        const int Trials = 4000;
        for (int i = 0; i < Trials; i++)
        {
            long[] months = [.. Enumerable.Range(0, 13).Select(_ => Poisson(chance, 30))];
            ChanceVerdict verdict = Chance.Poisson(months[0], months[1..]);
            alarms += verdict.Kind is ChanceKind.Higher or ChanceKind.Lower ? 1 : 0;
        }
        Assert.InRange((double)alarms / Trials, 0.0005, Chance.Level * 1.2);
    }

    private static long Poisson(Random chance, double mean)
    {
        double limit = Math.Exp(-mean);
        double product = chance.NextDouble();
        long count = 0;
        while (product > limit)
        {
            product *= chance.NextDouble();
            count++;
        }
        return count;
    }
}
