using Pipeline.Models.Measures.Series;

namespace Pipeline.Tests.Measures.Series;

/// <summary>Reference values by scipy 1.10.1; the call stands beside each.</summary>
public sealed class DistributionsTests
{
    [Theory]
    [InlineData(3.5, 7.25, 0.3, 0.4599498772165032)] // scipy.special.betainc(3.5, 7.25, 0.3)
    [InlineData(500, 500.5, 0.52, 0.8999442028008099)]
    [InlineData(0.5, 12, 0.9, 0.9999999999998308)]
    [InlineData(80, 1000, 0.02, 8.417712050730416e-23)]
    [InlineData(2e5, 8e5, 0.2005, 0.8942990209637145)]
    public void The_incomplete_beta_function_is_that_of_scipy(double a, double b, double x, double expected) =>
        Assert.Equal(1, Distributions.Beta(a, b, x) / expected, 1e-8);

    [Theory]
    [InlineData(5.5, 3.2, 0.8453875368380195)] // scipy.special.gammaincc(5.5, 3.2)
    [InlineData(100, 140, 0.00016105717471255715)]
    [InlineData(50000, 49800, 0.8143741888008564)]
    [InlineData(2, 30, 2.9008631203404573e-12)]
    public void The_incomplete_gamma_function_is_that_of_scipy(double a, double x, double expected) =>
        Assert.Equal(1, Distributions.GammaUpper(a, x) / expected, 1e-8);

    [Fact]
    public void Tails_and_quantiles_are_those_of_scipy()
    {
        Assert.Equal(0.024997895148220435, Distributions.NormalTail(1.96), 1e-14); // scipy.stats.norm.sf(1.96)
        Assert.Equal(1, Distributions.NormalTail(8) / 6.22096057427174e-16, 1e-9);
        Assert.Equal(0.5244005127080409, Distributions.NormalQuantileOfTail(0.3), 1e-12); // norm.isf(0.3)
        Assert.Equal(-1.2815515655446004, Distributions.NormalQuantileOfTail(0.9), 1e-12);
        Assert.Equal(2.3263478740408408, Distributions.NormalQuantileOfTail(0.01), 1e-12);
        Assert.Equal(7.034483825301131, Distributions.NormalQuantileOfTail(1e-12), 1e-10);
        Assert.Equal(21.273453560965322, Distributions.NormalQuantileOfTail(1e-100), 1e-10);
        Assert.Equal(0.005052069456222735, Distributions.StudentTail(3.1, 11), 1e-12); // t.sf(3.1, 11)
        Assert.Equal(0.7407801988441909, Distributions.StudentTail(-0.7, 4.5), 1e-12);
        Assert.Equal(0.029999675437404363, Distributions.FisherTail(4.2, 2, 20), 1e-12); // f.sf(4.2, 2, 20)
        Assert.Equal(0.009116681125526997, Distributions.ChiSquareTail(25, 11), 1e-12); // chi2.sf(25, 11)
        Assert.Equal(0.08976339686840241, Distributions.BetaQuantile(30, 201, 0.025), 1e-10); // beta.ppf(.025, 30, 201)
        Assert.Equal(0.18094102217184868, Distributions.BetaQuantile(31, 200, 0.975), 1e-10);
    }

    [Fact]
    public void The_derivatives_of_the_gamma_function_are_those_of_scipy()
    {
        Assert.Equal(1.611093148581751, Distributions.Digamma(5.5), 1e-10); // scipy.special.digamma(5.5)
        Assert.Equal(-3.502524222200133, Distributions.Digamma(0.3), 1e-10);
        Assert.Equal(0.1993423869896277, Distributions.Trigamma(5.5), 1e-10); // polygamma(1, 5.5)
        Assert.Equal(12.245364546107734, Distributions.Trigamma(0.3), 1e-9);
        Assert.Equal(0.3, Distributions.TrigammaInverse(12.245364546107734), 1e-8);
    }

    [Fact]
    public void At_the_ends_of_their_ranges_they_are_nought_or_one()
    {
        Assert.Equal(1, Distributions.Beta(0, 5, 0.3));
        Assert.Equal(0, Distributions.Beta(5, 0, 0.3));
        Assert.Equal(0, Distributions.Beta(5, 5, 0));
        Assert.Equal(1, Distributions.Beta(5, 5, 1));
        Assert.Equal(0, Distributions.GammaUpper(0, 3));
        Assert.Equal(1, Distributions.GammaUpper(3, 0));
        Assert.Equal(0.5, Distributions.NormalTail(0), 1e-15);
    }
}
