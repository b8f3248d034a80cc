namespace Pipeline.Models.Measures.Series;

/// <summary>Which months of a baseline are outlying, so that a spike of the past does not hide one of today.</summary>
public static class Outlying
{
    /// <summary>
    /// Modified z-scores (Iglewicz and Hoaglin, How to Detect and Handle Outliers, 1993): each month's residual from the median, over the
    /// median absolute deviation × 1.4826, which is floored at what chance alone makes of it. Residuals of counts are Anscombe's
    /// (1.5 (y^⅔ − m^⅔) / m^⅙, of variance 1 for a Poisson count), so that the score has no skewness of its own.
    /// </summary>
    /// <returns>Indexes, ascending; those with the largest scores where more than the rules allow are outlying.</returns>
    public static IReadOnlyList<int> OfCounts(IReadOnlyList<MonthCount> months, SeriesRules rules)
    {
        double rate = Median([.. months.Select(m => m.Count / m.Exposure)]);
        return Beyond(
            [.. months.Select(m => Anscombe(m.Count, Math.Max(rate * m.Exposure, 0.5)))],
            rules);
    }

    /// <summary>The same for shares, by residuals in standard deviations of a binomial share about the median share.</summary>
    public static IReadOnlyList<int> OfShares(IReadOnlyList<MonthShare> months, SeriesRules rules)
    {
        int[] known = [.. Enumerable.Range(0, months.Count).Where(i => months[i].Below > 0)];
        if (known.Length == 0)
        {
            return [];
        }
        double share = Median([.. known.Select(i => (double)months[i].Above / months[i].Below)]);
        double variance = Math.Max(share * (1 - share), 1e-6);
        return [.. Beyond(
            [.. known.Select(i => (months[i].Above - (months[i].Below * share)) / Math.Sqrt(Math.Max(0.5, months[i].Below * variance)))], rules)
            .Select(i => known[i])];
    }

    /// <summary>Residual of a count about its mean, of about unit variance (McCullagh and Nelder, Generalized Linear Models, 2.4.2).</summary>
    public static double Anscombe(double count, double mean) =>
        1.5 * (Math.Pow(count, 2.0 / 3) - Math.Pow(mean, 2.0 / 3)) / Math.Pow(mean, 1.0 / 6);

    private static IReadOnlyList<int> Beyond(double[] residuals, SeriesRules rules)
    {
        double centre = Median(residuals);
        double spread = Math.Max(1, 1.4826 * Median([.. residuals.Select(r => Math.Abs(r - centre))]));
        return
        [
            .. Enumerable.Range(0, residuals.Length)
                .Where(i => Math.Abs(residuals[i] - centre) / spread > rules.OutlyingScore)
                .OrderByDescending(i => Math.Abs(residuals[i] - centre))
                .Take((int)(residuals.Length * rules.MostLeftOut))
                .Order(),
        ];
    }

    private static double Median(IReadOnlyList<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? 0 : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
