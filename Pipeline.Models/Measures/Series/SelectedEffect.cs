namespace Pipeline.Models.Measures.Series;

/// <summary>
/// What is left of an effect that was kept because it was significant. Of many series tested those are kept whose chance happened to help, so
/// a kept effect is on average estimated too large, the more the nearer it stands to the limit (winner's curse). The estimate is the mean of
/// the likelihood given that the effect was kept, normalised, and its uncertainty the variance of the same (Zhong and Prentice, Biostatistics
/// 9, 2008, 621–634; Ghosh, Zou and Wright, American Journal of Human Genetics 82, 2008, 1064–1074). An effect far beyond the limit stays as it is.
/// </summary>
/// <param name="Share">What remains of the estimate, 0 to 1.</param>
/// <param name="Along">Variance in the direction of the estimate, in variances of an effect that was not selected.</param>
/// <param name="Across">Variance across it; of a single coefficient the same as along.</param>
internal readonly record struct SelectedEffect(double Share, double Along, double Across)
{
    /// <summary>So far beyond the limit the selection tells nothing.</summary>
    private const double FarBeyond = 5;

    private const double Step = 0.1;

    /// <param name="terms">Coefficients of the effect: 1 of a trend, 2 of a yearly wave.</param>
    /// <param name="pValue">Of the test that kept it, below <paramref name="level"/>.</param>
    /// <param name="level">Of that test.</param>
    public static SelectedEffect Of(int terms, double pValue, double level)
    {
        // The test's probability as the length of a vector of standard normal numbers.
        double length = Length(terms, Math.Max(pValue, 1e-290));
        double limit = Length(terms, level);
        return length > limit + FarBeyond ? new(1, 1, 1) : terms == 1 ? OfOne(length, limit) : OfTwo(length, limit);
    }

    private static double Length(int terms, double p) =>
        terms == 1 ? Distributions.NormalQuantileOfTail(p / 2) : Math.Sqrt(-2 * Math.Log(p));

    private static SelectedEffect OfOne(double length, double limit)
    {
        (double sum, double first, double second) = (0, 0, 0);
        for (double effect = length - 8; effect <= length + 8; effect += Step / 4)
        {
            double likelihood = Density(effect - length) / (Distributions.NormalTail(limit - effect) + Distributions.NormalTail(limit + effect));
            sum += likelihood;
            first += likelihood * effect;
            second += likelihood * effect * effect;
        }
        double mean = first / sum;
        double variance = (second / sum) - (mean * mean);
        return new(Math.Clamp(mean / length, 0, 1), variance, variance);
    }

    /// <summary>The estimate lies on the first axis; what is kept does not depend on the direction.</summary>
    private static SelectedEffect OfTwo(double length, double limit)
    {
        double[] kept = KeptTwo(limit, length + 10);
        (double sum, double first, double along, double across) = (0, 0, 0, 0);
        for (double x = length - 7; x <= length + 7; x += Step)
        {
            for (double y = -7; y <= 7; y += Step)
            {
                double likelihood = Density(x - length) * Density(y) / At(kept, Math.Sqrt((x * x) + (y * y)) / Step);
                sum += likelihood;
                first += likelihood * x;
                along += likelihood * x * x;
                across += likelihood * y * y;
            }
        }
        double mean = first / sum;
        return new(Math.Clamp(mean / length, 0, 1), (along / sum) - (mean * mean), across / sum);
    }

    /// <summary>
    /// For effects of length 0, <see cref="Step"/>, 2·<see cref="Step"/> and so on the probability that the estimate is longer than the limit: a
    /// non-central χ² of two degrees as a Poisson mixture of central ones.
    /// </summary>
    private static double[] KeptTwo(double limit, double longest)
    {
        double half = limit * limit / 2;
        double[] kept = new double[(int)(Math.Sqrt((longest * longest) + 50) / Step) + 2];
        for (int i = 0; i < kept.Length; i++)
        {
            double mean = Math.Pow(i * Step, 2) / 2;
            double poisson = Math.Exp(-mean);
            double term = Math.Exp(-half);
            double tail = term;
            double sum = poisson * tail;
            for (int j = 1; j < 60 + (3 * mean); j++)
            {
                poisson *= mean / j;
                term *= half / j;
                tail += term;
                sum += poisson * Math.Min(1, tail);
            }
            kept[i] = sum;
        }
        return kept;
    }

    private static double At(double[] values, double place)
    {
        int below = (int)place;
        return values[below] + ((place - below) * (values[below + 1] - values[below]));
    }

    private static double Density(double z) => Math.Exp(-z * z / 2);
}
