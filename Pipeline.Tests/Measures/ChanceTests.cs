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
}
