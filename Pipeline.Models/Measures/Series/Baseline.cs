namespace Pipeline.Models.Measures.Series;

/// <summary>What the months before let one expect of a month, before dispersions are shared.</summary>
/// <param name="Expected">Mean for the month, or the share.</param>
/// <param name="Weight">
/// As if so many complaints had been counted before: 1 ÷ the variance of the logarithm of <paramref name="Expected"/> under Poisson
/// variation; the count of the baseline where neither trend nor season is kept. For shares the complaints below the line.
/// </param>
/// <param name="PearsonDispersion">Pearson's χ² ÷ its degrees of freedom; not floored.</param>
/// <param name="MonthlyMean">Mean of a baseline month; of shares n·p·(1 − p), so that a share and what is left of the whole are taken alike.</param>
/// <param name="LeftOut">Indexes of outlying months among the earlier months given.</param>
public sealed record Baseline(
    double Expected, double Weight, double PearsonDispersion, int Degrees, double MonthlyMean, bool HasTrend, bool HasSeason, IReadOnlyList<int> LeftOut)
{
    public bool IsJudged(SeriesRules rules) => Degrees >= rules.LeastMonths - 1 && Expected >= rules.LeastExpected && Weight > 0;

    /// <summary>
    /// The baseline of a count. With <see cref="SeriesRules.SeasonMonths"/> or more earlier months a quasi-Poisson regression is tried
    /// (<see cref="SeasonTrend"/>); where neither trend nor season is significant, and with fewer months, the last
    /// <see cref="SeriesRules.BaselineMonths"/> are pooled. Outlying months (<see cref="Outlying"/>) are left out.
    /// </summary>
    /// <param name="exposure">Of the month that is judged, above 0.</param>
    /// <param name="earlier">Months before, oldest first, without gaps.</param>
    public static Baseline OfCount(double exposure, IReadOnlyList<MonthCount> earlier, SeriesRules rules)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(exposure);
        if (earlier.Count >= rules.SeasonMonths && SeasonTrend.Fit(exposure, earlier, rules) is { } fit)
        {
            return fit;
        }
        int first = Math.Max(0, earlier.Count - rules.BaselineMonths);
        MonthCount[] months = [.. earlier.Skip(first)];
        IReadOnlyList<int> outlying = months.Length < rules.LeastMonths ? [] : Outlying.OfCounts(months, rules);
        MonthCount[] kept = [.. months.Where((_, i) => !outlying.Contains(i))];
        double total = kept.Sum(m => (double)m.Count);
        double exposed = kept.Sum(m => m.Exposure);
        double rate = exposed > 0 ? total / exposed : 0;
        double pearson = rate > 0 ? kept.Sum(m => Square(m.Count - (rate * m.Exposure)) / (rate * m.Exposure)) : 0;
        int degrees = kept.Length - 1;
        return new Baseline(
            rate * exposure, total, degrees > 0 ? pearson / degrees : 1, degrees, kept.Length == 0 ? 0 : total / kept.Length, false, false, [.. outlying.Select(i => first + i)]);
    }

    /// <summary>The pooled share of the last <see cref="SeriesRules.BaselineMonths"/> months that are not outlying.</summary>
    public static Baseline OfShare(IReadOnlyList<MonthShare> earlier, SeriesRules rules)
    {
        int first = Math.Max(0, earlier.Count - rules.BaselineMonths);
        MonthShare[] months = [.. earlier.Skip(first)];
        IReadOnlyList<int> outlying = months.Count(m => m.Below > 0) < rules.LeastMonths ? [] : Outlying.OfShares(months, rules);
        MonthShare[] kept = [.. months.Where((m, i) => m.Below > 0 && !outlying.Contains(i))];
        double above = kept.Sum(m => (double)m.Above);
        double below = kept.Sum(m => (double)m.Below);
        double share = below > 0 ? above / below : 0;
        double pearson = share is > 0 and < 1 ? kept.Sum(m => Square(m.Above - (m.Below * share)) / (m.Below * share * (1 - share))) : 0;
        int degrees = kept.Length - 1;
        return new Baseline(
            share, below, degrees > 0 ? pearson / degrees : 1, degrees, kept.Length == 0 ? 0 : above / kept.Length * (1 - share), false, false, [.. outlying.Select(i => first + i)]);
    }

    internal static double Square(double x) => x * x;
}
