namespace Pipeline.Models.Measures;

/// <summary>Whether a count differs from what came before by more than chance.</summary>
public enum ChanceKind
{
    /// <summary>Fewer than five are expected, or too few earlier months stand: no judgement.</summary>
    TooFew,
    WithinChance,
    Higher,
    Lower,
}

/// <param name="PValue">Two-sided, 0 to 1; 1 where there is no judgement.</param>
/// <param name="Expected">What the earlier months let one expect.</param>
public readonly record struct ChanceVerdict(ChanceKind Kind, double PValue, double Expected);

/// <summary>The binomial tail and the level that single questions are judged at; series are judged by <see cref="Series.SeriesTest"/>.</summary>
public static class Chance
{
    /// <summary>Below this two-sided p-value a change is called real.</summary>
    public const double Level = 0.01;

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
