namespace Pipeline.Models.Measures.Series;

/// <summary>
/// The distribution that a month's count has where nothing changed, given what was counted before. Counts are divided by the dispersion
/// φ; sums of binomial probabilities are incomplete beta functions, so that neither φ nor the weight of the baseline need be whole.
/// </summary>
internal readonly struct Prediction
{
    private readonly double expected;

    // Of counts: the baseline's weight B, p = expected / (expected + B). Of shares: the widened trials n', p = the share.
    private readonly double weight;
    private readonly double chance;
    private readonly double degrees;
    private readonly double scale;
    private readonly double most;
    private readonly bool isShare;

    private Prediction(double expected, double weight, double chance, double scale, double dispersion, double degrees, double most, bool isShare)
    {
        this.expected = expected;
        this.weight = weight;
        this.chance = chance;
        this.scale = scale;
        this.degrees = degrees;
        this.most = most;
        this.isShare = isShare;
        Dispersion = dispersion;
    }

    public double Dispersion { get; }

    public static Prediction OfCount(double expected, double weight, double dispersion, double degrees) =>
        new(expected, weight, expected / (expected + weight), dispersion, dispersion, degrees, double.PositiveInfinity, false);

    public static Prediction OfShare(double share, double trials, double baselineTrials, double dispersion, double degrees) =>
        new(share * trials, trials, share, dispersion * (1 + (trials / baselineTrials)), dispersion, degrees, trials, true);

    /// <summary>Two-sided mid-p: twice the smaller tail, each with half the probability of the count itself (Lancaster, JASA 56, 1961).</summary>
    public double PValue(double count) => PValue(count, Rest(count));

    /// <summary>
    /// The probability that chance alone gets a p-value below <paramref name="level"/> by this test: the sum over all counts that would,
    /// given the sum of month and baseline. Discrete tests cannot reach their level exactly, and this is what they reach.
    /// </summary>
    public double AttainableLevel(double count, double level)
    {
        // Given the sum N of month and baseline, k and N − k move against each other; of shares the trials are given.
        double sum = isShare ? most : count + weight;
        double usual = chance * sum;
        long high = Search(level, (long)Math.Ceiling(usual), (long)Math.Floor(sum), sum);
        long low = SearchDown(level, (long)Math.Floor(usual), sum);
        double above = high > sum ? 0 : Student(Tail(high, sum));
        double below = low < 0 ? 0 : Student(LowerTail(low, sum));
        return Math.Min(1, above + below);
    }

    /// <summary>Real counts at which the two-sided p-value is <paramref name="level"/>; the lower is −1 where not even nought is low.</summary>
    public (double Low, double High) Limits(double level)
    {
        // In a struct no lambda may hold this.
        Prediction self = this;
        double target = Math.Log(level);
        double Beyond(double count) => target - Math.Log(Math.Max(1e-300, self.PValue(count)));
        double low = PValue(0) < level ? Distributions.Root(x => -Beyond(x), 0, expected) : -1;
        double to = isShare ? most : (expected * 2) + 20;
        while (!isShare && PValue(to) >= level)
        {
            to *= 2;
        }
        return (low, Distributions.Root(Beyond, expected, to));
    }

    /// <summary>Interval of observed ÷ expected (Clopper and Pearson, Biometrika 26, 1934).</summary>
    public (double Low, double High) RatioInterval(double count, double outside)
    {
        double a = count / scale;
        double b = Rest(count) / scale;
        double low = a <= 0 ? 0 : Distributions.BetaQuantile(a, b + 1, outside / 2);
        double high = b <= 0 ? 1 : Distributions.BetaQuantile(a + 1, b, 1 - (outside / 2));
        return isShare ? (low / chance, high / chance) : (Odds(low) * weight / expected, Odds(high) * weight / expected);
    }

    private static double Odds(double share) => share >= 1 ? double.PositiveInfinity : share / (1 - share);

    private double Rest(double count) => isShare ? most - count : weight;

    private double PValue(double count, double rest)
    {
        double upper = Mid(count, rest);
        double lower = MidLower(count, rest);
        return Math.Min(1, 2 * Student(Math.Min(upper, lower)));
    }

    /// <summary>P(more) + ½ P(as many).</summary>
    private double Mid(double count, double rest)
    {
        double a = count / scale;
        double b = rest / scale;
        return (Distributions.Beta(a, b + 1, chance) + Distributions.Beta(a + 1, b, chance)) / 2;
    }

    private double MidLower(double count, double rest)
    {
        double a = count / scale;
        double b = rest / scale;
        return (Distributions.Beta(b, a + 1, 1 - chance) + Distributions.Beta(b + 1, a, 1 - chance)) / 2;
    }

    /// <summary>P(at least <paramref name="least"/>) given the sum.</summary>
    private double Tail(long least, double sum) => scale == 1
        ? Distributions.Beta(least, sum - least + 1, chance)
        : Mid(least - 0.5, sum - least + 0.5);

    /// <summary>P(at most <paramref name="most"/>) given the sum.</summary>
    private double LowerTail(long most, double sum) => scale == 1
        ? Distributions.Beta(sum - most, most + 1, 1 - chance)
        : MidLower(most + 0.5, Math.Max(0, sum - most - 0.5));

    /// <summary>A tail of the normal distribution, as wide as the uncertainty of the dispersion makes it.</summary>
    private double Student(double tail) => double.IsPositiveInfinity(degrees) || tail is <= 1e-290 or >= 0.5
        ? tail
        : Distributions.StudentTail(Distributions.NormalQuantileOfTail(tail), degrees);

    private long Search(double level, long from, long to, double sum)
    {
        long low = from;
        long high = to + 1;
        while (low < high)
        {
            long middle = low + ((high - low) / 2);
            if (PValue(middle, sum - middle) < level)
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }
        return low;
    }

    private long SearchDown(double level, long from, double sum)
    {
        long low = -1;
        long high = from;
        while (low < high)
        {
            long middle = high - ((high - low) / 2);
            if (PValue(middle, sum - middle) < level)
            {
                low = middle;
            }
            else
            {
                high = middle - 1;
            }
        }
        return low;
    }

}
