namespace Pipeline.Models.Measures;

/// <summary>Keeps the share of false alarms among many tests made at once in bounds.</summary>
public static class FalseDiscovery
{
    /// <summary>
    /// Of so many tests, which stand when at most the share <paramref name="rate"/> of those that stand may be false alarms: the step-up
    /// procedure of Benjamini and Hochberg (Journal of the Royal Statistical Society B 57, 1995). It holds for independent and for
    /// positively dependent tests, such as a total and its parts.
    /// </summary>
    /// <param name="pValues">0 to 1 each, any order.</param>
    /// <param name="rate">0 to 1.</param>
    /// <param name="isAnyDependence">
    /// The tests may depend on each other in any way: the rate is divided by 1 + 1/2 + … + 1/n (Benjamini and Yekutieli, Annals of
    /// Statistics 29, 2001).
    /// </param>
    /// <returns>For each test, in the order given, whether it stands.</returns>
    public static IReadOnlyList<bool> Standing(IReadOnlyList<double> pValues, double rate, bool isAnyDependence = false)
    {
        double[] sorted = [.. pValues.Order()];
        rate /= isAnyDependence ? Enumerable.Range(1, Math.Max(1, sorted.Length)).Sum(i => 1.0 / i) : 1;
        int standing = 0;
        for (int i = 0; i < sorted.Length; i++)
        {
            if (sorted[i] <= rate * (i + 1) / sorted.Length)
            {
                standing = i + 1;
            }
        }
        double bar = standing == 0 ? -1 : sorted[standing - 1];
        return [.. pValues.Select(p => p <= bar)];
    }
}
