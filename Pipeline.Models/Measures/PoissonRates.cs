namespace Pipeline.Models.Measures;

/// <summary>Two Poisson rates compared.</summary>
/// <param name="Ratio">Rate now ÷ rate before; null where there was nothing before.</param>
/// <param name="Low">Lower end of the exact interval of the ratio, 0 or more.</param>
/// <param name="High">Upper end; null for unbounded.</param>
/// <param name="PValue">Two-sided, 0 to 1.</param>
public sealed record RateComparison(double? Ratio, double Low, double? High, double PValue);

/// <summary>
/// Exact comparison of two Poisson rates. Given the sum of both counts, the one is binomial (Przyborowski and Wilenski, Biometrika 31,
/// 1940); the interval of its probability after Clopper and Pearson (Biometrika 26, 1934) is turned into one of the ratio.
/// </summary>
public static class PoissonRates
{
    /// <param name="now">Events now, 0 or more.</param>
    /// <param name="exposureNow">Time or size that they were counted in, above 0.</param>
    /// <param name="before">Events before.</param>
    /// <param name="exposureBefore">In the same unit, above 0.</param>
    /// <param name="confidence">Of the interval, above 0, below 1.</param>
    public static RateComparison Compare(long now, double exposureNow, long before, double exposureBefore, double confidence = 0.95)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(exposureNow);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(exposureBefore);
        long total = now + before;
        double probability = exposureNow / (exposureNow + exposureBefore);
        double upper = Chance.BinomialTail(now, total, probability);
        double lower = 1 - Chance.BinomialTail(now + 1, total, probability);
        double tail = (1 - confidence) / 2;
        double scale = exposureBefore / exposureNow;
        double low = now == 0 ? 0 : Root(p => Chance.BinomialTail(now, total, p) - tail);
        double? high = before == 0 ? null : Root(p => tail - (1 - Chance.BinomialTail(now + 1, total, p)));
        return new RateComparison(
            before == 0 ? null : now / exposureNow / (before / exposureBefore),
            low / (1 - low) * scale,
            high is { } h ? h / (1 - h) * scale : null,
            total == 0 ? 1 : Math.Clamp(2 * Math.Min(upper, lower), 0, 1));
    }

    /// <summary>Where a function that rises from below nought at 0 to above it at 1 is nought; to 15 digits.</summary>
    private static double Root(Func<double, double> rising)
    {
        double low = 0;
        double high = 1;
        for (int i = 0; i < 60 && high - low > 1e-15 * high; i++)
        {
            double middle = (low + high) / 2;
            if (rising(middle) < 0)
            {
                low = middle;
            }
            else
            {
                high = middle;
            }
        }
        return (low + high) / 2;
    }
}
