namespace Pipeline.Models.Classification.Evaluation;

/// <summary>The exact test of McNemar (1947) for two classifiers on the same texts.</summary>
public static class McNemar
{
    /// <summary>
    /// The two-sided probability of a split at least this uneven when both are equally good: twice the lower tail of the binomial
    /// distribution with <paramref name="onlyFirst"/> + <paramref name="onlySecond"/> tosses of a fair coin, at most 1.
    /// </summary>
    /// <param name="onlyFirst">Texts that only the first answers rightly.</param>
    /// <param name="onlySecond">Texts that only the second answers rightly.</param>
    public static double Exact(int onlyFirst, int onlySecond)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(onlyFirst);
        ArgumentOutOfRangeException.ThrowIfNegative(onlySecond);
        int tosses = onlyFirst + onlySecond;
        double logTerm = -tosses * Math.Log(2); // log of C(n, k) / 2^n, k = 0
        double tail = Math.Exp(logTerm);
        for (int k = 1; k <= Math.Min(onlyFirst, onlySecond); k++)
        {
            logTerm += Math.Log(tosses - k + 1) - Math.Log(k);
            tail += Math.Exp(logTerm);
        }
        return Math.Min(1, 2 * tail);
    }
}
