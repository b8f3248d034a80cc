using Pipeline.Models.Measures;

namespace Pipeline.Tests.Measures;

public sealed class PoissonRatesTests
{
    [Fact]
    public void The_ratio_is_that_of_the_rates_and_the_interval_that_of_a_plain_search()
    {
        RateComparison compared = PoissonRates.Compare(11, 800, 6, 1083);
        Assert.Equal(11.0 / 800 / (6.0 / 1083), compared.Ratio!.Value, 12);
        (double low, double high) = SlowInterval(11, 6, 1083.0 / 800);
        Assert.Equal(low, compared.Low, 6);
        Assert.Equal(high, compared.High!.Value, 6);
    }

    [Fact]
    public void Equal_rates_differ_by_chance_and_nothing_before_bounds_nothing_above()
    {
        Assert.Equal(1, PoissonRates.Compare(10, 1, 120, 12).PValue, 1);
        RateComparison none = PoissonRates.Compare(5, 1, 0, 12);
        Assert.Null(none.Ratio);
        Assert.Null(none.High);
        Assert.True(none.Low > 5);
        Assert.Equal(1, PoissonRates.Compare(0, 1, 0, 12).PValue);
    }

    [Fact]
    public void The_interval_holds_one_exactly_where_the_test_is_not_significant()
    {
        Random chance = new(8);
        for (int i = 0; i < 300; i++)
        {
            RateComparison compared = PoissonRates.Compare(chance.Next(40), 1, chance.Next(200), chance.Next(1, 13));
            bool holdsOne = compared.Low <= 1 && (compared.High ?? double.MaxValue) >= 1;
            Assert.True(holdsOne == (compared.PValue >= 0.05) || Math.Abs(compared.PValue - 0.05) < 1e-9, compared.ToString());
        }
    }

    /// <summary>Clopper and Pearson's bounds by a plain sum of binomial terms and a fine search.</summary>
    private static (double Low, double High) SlowInterval(int now, int before, double scale)
    {
        int total = now + before;
        double Tail(double p, int from, int to) => Enumerable.Range(from, to - from + 1).Sum(k => Choose(total, k) * Math.Pow(p, k) * Math.Pow(1 - p, total - k));
        double Find(Func<double, bool> isBelow)
        {
            double low = 0;
            double high = 1;
            for (int i = 0; i < 200; i++)
            {
                double middle = (low + high) / 2;
                (low, high) = isBelow(middle) ? (middle, high) : (low, middle);
            }
            return low;
        }
        double lower = Find(p => Tail(p, now, total) < 0.025);
        double upper = Find(p => Tail(p, 0, now) > 0.025);
        return (lower / (1 - lower) * scale, upper / (1 - upper) * scale);
    }

    private static double Choose(int n, int k) => Enumerable.Range(1, k).Aggregate(1.0, (product, i) => product * (n - k + i) / i);
}
