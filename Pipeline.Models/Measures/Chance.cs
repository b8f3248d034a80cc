namespace Pipeline.Models.Measures;

/// <summary>Whether a count differs from what came before by more than chance.</summary>
public enum ChanceKind
{
    /// <summary>Fewer than five are expected, or fewer than three earlier months stand: no judgement.</summary>
    TooFew,
    WithinChance,
    Higher,
    Lower,
}

/// <param name="PValue">Two-sided, 0 to 1; 1 where there is no judgement.</param>
/// <param name="Expected">Mean of the earlier months.</param>
public readonly record struct ChanceVerdict(ChanceKind Kind, double PValue, double Expected);

/// <summary>Tests of counts against chance.</summary>
public static class Chance
{
    /// <summary>Below this two-sided p-value a change is called real.</summary>
    public const double Level = 0.01;

    /// <summary>
    /// Is the count of one month in line with the months before it? Exact conditional test of two Poisson rates (Przyborowski and
    /// Wilenski, Biometrika 31, 1940): given the sum, the month's count is binomial with p = 1 / (months + 1). Where the earlier months
    /// vary more than Poisson counts do, the test is done on counts divided by their dispersion (quasi-Poisson), so that a restless
    /// series does not cry wolf.
    /// </summary>
    /// <param name="count">0 or more.</param>
    /// <param name="earlierMonths">Counts of the months before, any order.</param>
    public static ChanceVerdict Poisson(long count, IReadOnlyList<long> earlierMonths)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        int months = earlierMonths.Count;
        double mean = months == 0 ? 0 : earlierMonths.Average();
        if (months < 3 || mean < 5)
        {
            return new ChanceVerdict(ChanceKind.TooFew, 1, mean);
        }
        double squares = earlierMonths.Sum(c => (c - mean) * (c - mean));
        double dispersion = Math.Max(1, squares / (months - 1) / mean);
        long scaledCount = (long)Math.Round(count / dispersion);
        long scaledTotal = scaledCount + (long)Math.Round(earlierMonths.Sum() / dispersion);
        double probability = 1.0 / (months + 1);
        double upper = BinomialTail(scaledCount, scaledTotal, probability);
        double lower = 1 - BinomialTail(scaledCount + 1, scaledTotal, probability);
        double p = Math.Clamp(2 * Math.Min(upper, lower), 0, 1);
        ChanceKind kind = p >= Level ? ChanceKind.WithinChance : count > mean ? ChanceKind.Higher : ChanceKind.Lower;
        return new ChanceVerdict(kind, p, mean);
    }

    /// <summary>P(X ≥ <paramref name="least"/>) for X binomial; summed from the larger terms in logarithms.</summary>
    public static double BinomialTail(long least, long trials, double probability)
    {
        if (least <= 0)
        {
            return 1;
        }
        if (least > trials)
        {
            return 0;
        }
        double sum = 0;
        double logTerm = LogChoose(trials, least) + (least * Math.Log(probability)) + ((trials - least) * Math.Log(1 - probability));
        for (long k = least; k <= trials; k++)
        {
            double term = Math.Exp(logTerm);
            sum += term;
            if (term < sum * 1e-16 && k > trials * probability)
            {
                break;
            }
            if (k < trials)
            {
                logTerm += Math.Log((double)(trials - k) / (k + 1)) + Math.Log(probability / (1 - probability));
            }
        }
        return Math.Min(1, sum);
    }

    private static double LogChoose(long n, long k)
    {
        double sum = 0;
        long shorter = Math.Min(k, n - k);
        for (long i = 1; i <= shorter; i++)
        {
            sum += Math.Log((double)(n - shorter + i) / i);
        }
        return sum;
    }
}
