namespace Pipeline.Models.Measures.Series;

/// <summary>
/// How much more than chance alone series vary, learned from many of them at once. Twelve months tell little of the dispersion of one
/// series; all series together tell what is usual for a series of that size, and how far single series are from it. The dispersion of
/// a series is then drawn towards the usual one (Smyth, Statistical Applications in Genetics and Molecular Biology 3(1), 2004; for
/// counts: Lund, Nettleton, McCarthy and Smyth, ibid. 11(5), 2012).
/// </summary>
/// <param name="Growth">
/// The usual dispersion of a series with mean m is 1 + Growth · m: what a common swing of all complaints, of relative variance Growth,
/// makes of it (negative binomial). 0 or more.
/// </param>
/// <param name="PriorDegrees">How much the usual weighs, in degrees of freedom; infinity where series do not differ among themselves.</param>
public sealed record SharedDispersion(double Growth, double PriorDegrees)
{
    /// <summary>Learned from the baselines that are long and large enough to be judged; null from fewer than five.</summary>
    public static SharedDispersion? Of(IEnumerable<Baseline> baselines, SeriesRules rules)
    {
        Baseline[] known = [.. baselines.Where(b => b.MonthlyMean >= rules.LeastExpected && b.Degrees >= rules.LeastMonths - 1)];
        if (known.Length < 5)
        {
            return null;
        }
        double growth = 0;
        for (int step = 0; step < 30; step++)
        {
            double above = 0;
            double below = 0;
            foreach (Baseline b in known)
            {
                double weight = b.Degrees / Baseline.Square(1 + (growth * b.MonthlyMean));
                above += weight * (b.PearsonDispersion - 1) * b.MonthlyMean;
                below += weight * b.MonthlyMean * b.MonthlyMean;
            }
            growth = Math.Max(0, above / below);
        }
        double[] logs = [.. known.Select(b =>
            Math.Log(Math.Max(b.PearsonDispersion, 1e-3) / (1 + (growth * b.MonthlyMean))) - Distributions.Digamma(b.Degrees / 2.0) + Math.Log(b.Degrees / 2.0))];
        double mean = logs.Average();
        double variance = logs.Sum(e => Baseline.Square(e - mean)) / (logs.Length - 1);
        double excess = variance - known.Average(b => Distributions.Trigamma(b.Degrees / 2.0));
        return new SharedDispersion(growth, excess <= 1e-6 ? double.PositiveInfinity : 2 * Distributions.TrigammaInverse(excess));
    }

    /// <summary>The dispersion that is usual for a series of this size.</summary>
    public double Usual(Baseline baseline) => 1 + (Growth * baseline.MonthlyMean);

    /// <summary>
    /// The dispersion of a series, 1 or more, and the degrees of freedom behind it. A series whose own months look calmer than chance
    /// allows tells nothing by that: it has the dispersion that is usual for its size, as if known (infinite degrees).
    /// </summary>
    public (double Dispersion, double Degrees) Moderated(Baseline baseline)
    {
        double usual = Usual(baseline);
        double dispersion = double.IsPositiveInfinity(PriorDegrees)
            ? usual
            : ((PriorDegrees * usual) + (baseline.Degrees * baseline.PearsonDispersion)) / (PriorDegrees + baseline.Degrees);
        return dispersion <= 1 ? (usual, double.PositiveInfinity) : (dispersion, PriorDegrees + baseline.Degrees);
    }
}
