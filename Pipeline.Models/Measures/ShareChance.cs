namespace Pipeline.Models.Measures;

/// <summary>Tests of shares against chance; see <see cref="Chance"/> for counts.</summary>
public static class ShareChance
{
    /// <summary>
    /// Is the share of one month in line with that of the months before it? Binomial test against the pooled earlier share. Counts are
    /// first divided by how much more the earlier months vary than chance alone would make them (Pearson's dispersion, at least 1) and
    /// by what the pooled share itself is uncertain.
    /// </summary>
    /// <param name="above">Numerator of the month, 0 to <paramref name="below"/>.</param>
    /// <param name="below">Denominator of the month.</param>
    /// <param name="earlier">Numerators and denominators of the months before; months without a denominator are left out.</param>
    /// <returns>The expected value is the pooled earlier share.</returns>
    public static ChanceVerdict Binomial(long above, long below, IReadOnlyList<(long Above, long Below)> earlier)
    {
        List<(long Above, long Below)> months = [.. earlier.Where(m => m.Below > 0)];
        long pooledAbove = months.Sum(m => m.Above);
        long pooledBelow = months.Sum(m => m.Below);
        double share = pooledBelow == 0 ? 0 : (double)pooledAbove / pooledBelow;
        if (months.Count < 3 || below * Math.Min(share, 1 - share) < 5)
        {
            return new ChanceVerdict(ChanceKind.TooFew, 1, share);
        }
        double pearson = months.Sum(m => Math.Pow(m.Above - (m.Below * share), 2) / (m.Below * share * (1 - share)));
        double dispersion = Math.Max(1, pearson / (months.Count - 1)) * (1 + ((double)below / pooledBelow));
        long scaledAbove = (long)Math.Round(above / dispersion);
        long scaledBelow = Math.Max(scaledAbove, (long)Math.Round(below / dispersion));
        double upper = Chance.BinomialTail(scaledAbove, scaledBelow, share);
        double lower = 1 - Chance.BinomialTail(scaledAbove + 1, scaledBelow, share);
        double p = Math.Min(1, 2 * Math.Min(upper, lower));
        ChanceKind kind = p >= Chance.Level ? ChanceKind.WithinChance : above > below * share ? ChanceKind.Higher : ChanceKind.Lower;
        return new ChanceVerdict(kind, p, share);
    }
}
