namespace Pipeline.Tests.Measures.Series;

/// <summary>Random counts by a seeded generator.</summary>
internal static class Draw
{
    /// <param name="commonVariance">Relative variance of the mean: 0 for a Poisson count, above 0 for a negative binomial one.</param>
    public static long Count(Random chance, double mean, double commonVariance = 0) =>
        Poisson(chance, commonVariance > 0 ? mean * commonVariance * Gamma(chance, 1 / commonVariance) : mean);

    public static long Binomial(Random chance, long trials, double share)
    {
        long count = 0;
        for (long i = 0; i < trials; i++)
        {
            count += chance.NextDouble() < share ? 1 : 0;
        }
        return count;
    }

    /// <summary>Exponential gaps: exact for any mean.</summary>
    private static long Poisson(Random chance, double mean)
    {
        long count = -1;
        for (double time = 0; time <= mean; count++)
        {
            time -= Math.Log(1 - chance.NextDouble());
        }
        return count;
    }

    /// <summary>Marsaglia and Tsang, ACM TOMS 26, 2000; shape 1 or more.</summary>
    private static double Gamma(Random chance, double shape)
    {
        double d = shape - (1.0 / 3);
        double c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            double normal = Math.Sqrt(-2 * Math.Log(1 - chance.NextDouble())) * Math.Cos(2 * Math.PI * chance.NextDouble());
            double v = Math.Pow(1 + (c * normal), 3);
            if (v > 0 && Math.Log(1 - chance.NextDouble()) < (0.5 * normal * normal) + d - (d * v) + (d * Math.Log(v)))
            {
                return d * v;
            }
        }
    }
}
