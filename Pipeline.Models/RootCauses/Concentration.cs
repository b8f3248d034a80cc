using Pipeline.Models.Measures;

namespace Pipeline.Models.RootCauses;

/// <summary>A place that has more of a cause than its size explains.</summary>
/// <param name="Count">Complaints of the cause there.</param>
/// <param name="Expected">What its share of all other complaints would bring.</param>
/// <param name="PValue">One-sided, corrected for the number of places (Bonferroni); 0 to 1.</param>
public readonly record struct DensePlace(string Member, long Count, double Expected, double PValue);

/// <summary>Whether the complaints of a cause gather at few places.</summary>
/// <param name="Index">Herfindahl index of the cause over its places: sum of squared shares, 1/places to 1.</param>
/// <param name="UsualIndex">The same of all other complaints.</param>
/// <param name="TopShare">Share of the cause that its <see cref="TopPlaces"/> largest places have; 0 to 1.</param>
/// <param name="UsualTopShare">Share of all other complaints that these places have.</param>
/// <param name="Dense">Places with more than chance, most significant first.</param>
public sealed record Concentration(double Index, double UsualIndex, double TopShare, double UsualTopShare, IReadOnlyList<DensePlace> Dense)
{
    public const int TopPlaces = 3;

    /// <summary>
    /// Sets the places of a cause against those of all other complaints of the month. A place is dense where the exact binomial
    /// probability of so many or more, given its share of the other complaints, is below <see cref="Chance.Level"/> after Bonferroni's
    /// correction for the number of places. The index follows Hirschman (1945) and Herfindahl (1950).
    /// </summary>
    /// <param name="places">For each place the complaints of the cause, and all complaints of the month.</param>
    /// <returns>Null where the cause or the rest has no complaints.</returns>
    public static Concentration? Of(IReadOnlyList<(string Member, long OfCause, long All)> places)
    {
        long cause = places.Sum(p => p.OfCause);
        long others = places.Sum(p => p.All - p.OfCause);
        if (cause == 0 || others == 0)
        {
            return null;
        }
        List<DensePlace> dense = [];
        foreach ((string member, long ofCause, long all) in places)
        {
            // For the test half a complaint is added to each side, so that a place with none of the others does not have a share of nought.
            double share = (all - ofCause + 0.5) / (others + (0.5 * places.Count));
            double p = Math.Min(1, Chance.BinomialTail(ofCause, cause, share) * places.Count);
            if (ofCause > 0 && p < Chance.Level)
            {
                dense.Add(new DensePlace(member, ofCause, (double)cause * (all - ofCause) / others, p));
            }
        }
        (string Member, long OfCause, long All)[] top = [.. places.OrderByDescending(p => p.OfCause).ThenBy(p => p.Member, StringComparer.Ordinal).Take(TopPlaces)];
        return new Concentration(
            places.Sum(p => Square((double)p.OfCause / cause)),
            places.Sum(p => Square((double)(p.All - p.OfCause) / others)),
            (double)top.Sum(p => p.OfCause) / cause,
            (double)top.Sum(p => p.All - p.OfCause) / others,
            [.. dense.OrderBy(d => d.PValue).ThenBy(d => d.Member, StringComparer.Ordinal)]);
    }

    private static double Square(double share) => share * share;
}
