using Pipeline.Models.Measures;

namespace Pipeline.Models.RootCauses;

/// <summary>What one business line brings to a cause in a period.</summary>
/// <param name="Business">Key of the business line.</param>
/// <param name="Complaints">All complaints of the business line; 0 or more; may be a mean.</param>
/// <param name="OfCause">Those of the cause; at most <paramref name="Complaints"/>.</param>
public readonly record struct BusinessCount(string Business, decimal Complaints, decimal OfCause);

/// <summary>A change of a count in three parts that add up to it exactly.</summary>
/// <param name="Volume">Because there were more or fewer complaints in all.</param>
/// <param name="Mix">Because the complaints went to other business lines.</param>
/// <param name="Rate">Because the cause became more or less frequent within business lines.</param>
public readonly record struct ChangeParts(decimal Volume, decimal Mix, decimal Rate)
{
    public decimal Total => Volume + Mix + Rate;

    /// <summary>
    /// Splits the change of a cause's count, n = Σ N · mᵦ · rᵦ over business lines b (N all complaints, m the share of the business line,
    /// r the share of the cause in it), into the effects of N, m and r. Each effect is the mean over all orders in which the three factors
    /// can change, so that none is favoured and nothing is left over: Das Gupta, Standardization and Decomposition of Rates, US Bureau of
    /// the Census P23-186 (1993); the same as Sun, Energy Economics 20 (1998), and as the Shapley value (Shorrocks, Journal of Economic
    /// Inequality 11, 2013). A business line without complaints in one of the periods has no rate there: the other period's is taken, and
    /// its whole change is one of mix.
    /// </summary>
    /// <param name="before">The business lines of the baseline (means per month), those without complaints may be left out.</param>
    /// <param name="now">The business lines of the month.</param>
    /// <returns>For each business line, in the order of first mention.</returns>
    public static IReadOnlyList<(string Business, ChangeParts Parts)> ByBusiness(IReadOnlyList<BusinessCount> before, IReadOnlyList<BusinessCount> now)
    {
        decimal allBefore = before.Sum(b => b.Complaints);
        decimal allNow = now.Sum(b => b.Complaints);
        Dictionary<string, BusinessCount> first = before.ToDictionary(b => b.Business, StringComparer.Ordinal);
        Dictionary<string, BusinessCount> second = now.ToDictionary(b => b.Business, StringComparer.Ordinal);
        List<(string, ChangeParts)> parts = [];
        foreach (string business in before.Select(b => b.Business).Concat(now.Select(b => b.Business)).Distinct(StringComparer.Ordinal))
        {
            BusinessCount old = first.GetValueOrDefault(business);
            BusinessCount young = second.GetValueOrDefault(business);
            decimal mixBefore = allBefore == 0 ? 0 : old.Complaints / allBefore;
            decimal mixNow = allNow == 0 ? 0 : young.Complaints / allNow;
            decimal? rateBefore = old.Complaints == 0 ? null : old.OfCause / old.Complaints;
            decimal? rateNow = young.Complaints == 0 ? null : young.OfCause / young.Complaints;
            decimal r0 = rateBefore ?? rateNow ?? 0;
            decimal r1 = rateNow ?? rateBefore ?? 0;
            decimal volume = Effect(allBefore, allNow, mixBefore, mixNow, r0, r1);
            decimal mix = Effect(mixBefore, mixNow, allBefore, allNow, r0, r1);
            // What is left is the effect of the rate by the same formula; taken as the rest, the parts add up to the last digit.
            parts.Add((business, new ChangeParts(volume, mix, young.OfCause - old.OfCause - volume - mix)));
        }
        return parts;
    }

    /// <summary>The three parts summed over the business lines.</summary>
    public static ChangeParts Of(IReadOnlyList<BusinessCount> before, IReadOnlyList<BusinessCount> now)
    {
        IReadOnlyList<(string Business, ChangeParts Parts)> all = ByBusiness(before, now);
        return new ChangeParts(all.Sum(p => p.Parts.Volume), all.Sum(p => p.Parts.Mix), all.Sum(p => p.Parts.Rate));
    }

    /// <summary>
    /// The parts rounded so that they still add up to the rounded total: each half away from nought, what is missing goes to the part that
    /// was rounded furthest.
    /// </summary>
    public ChangeParts Rounded(int decimals)
    {
        decimal[] exact = [Volume, Mix, Rate];
        decimal[] rounded = [.. exact.Select(e => HalfUp.Round(e, decimals))];
        decimal missing = HalfUp.Round(Total, decimals) - rounded.Sum();
        decimal step = new(1, 0, 0, false, (byte)decimals);
        while (missing != 0)
        {
            decimal toward = Math.Sign(missing) * step;
            int furthest = Enumerable.Range(0, 3).MaxBy(i => (exact[i] - rounded[i]) * Math.Sign(missing));
            rounded[furthest] += toward;
            missing -= toward;
        }
        return new ChangeParts(rounded[0], rounded[1], rounded[2]);
    }

    /// <summary>The effect of the first factor of a product of three: (x₁ − x₀)·[(y₀z₀ + y₁z₁)/3 + (y₀z₁ + y₁z₀)/6].</summary>
    internal static decimal Effect(decimal x0, decimal x1, decimal y0, decimal y1, decimal z0, decimal z1) =>
        (x1 - x0) * ((((y0 * z0) + (y1 * z1)) / 3) + (((y0 * z1) + (y1 * z0)) / 6));
}
