namespace Pipeline.Models.Measures;

/// <summary>How the shares of a table are rounded. Both are found in what banks publish (DOMAIN A3.6).</summary>
public enum PercentPolicy
{
    /// <summary>Each share half-up by itself; the printed shares may miss 100 % by a little.</summary>
    Plain,

    /// <summary>The printed shares add up to 100 % exactly: what is left goes to the largest remainders (Hamilton).</summary>
    LargestRemainder,
}

/// <summary>Shares of counts, rounded as they are printed. Subtotals are always made of counts, never of printed shares.</summary>
public static class Percent
{
    /// <param name="name"><c>plain</c> or <c>largest_remainder</c>, as the rule file writes it.</param>
    public static PercentPolicy Policy(string name) => name switch
    {
        "plain" => PercentPolicy.Plain,
        "largest_remainder" => PercentPolicy.LargestRemainder,
        _ => throw new ArgumentException($"percent_policy is '{name}'; expected plain or largest_remainder", nameof(name)),
    };

    /// <summary>The share of <paramref name="part"/> in <paramref name="whole"/>, half-up; null where there is no whole.</summary>
    /// <param name="decimals">Of the percentage: 1 gives 0.131 for 13.1 %.</param>
    public static decimal? Share(long part, long whole, int decimals) =>
        whole == 0 ? null : HalfUp.Round((decimal)part / whole, decimals + 2);

    /// <summary>
    /// Decimals that a percentage is printed with: the usual ones, or more where it would show fewer than <paramref name="minSignificant"/>
    /// significant digits (0.04 % among shares of one decimal, DOMAIN A3.6). 0 switches it off; at most 6.
    /// </summary>
    public static int DecimalsOf(long part, long whole, int decimals, int minSignificant)
    {
        if (minSignificant <= 0 || part <= 0 || whole <= 0)
        {
            return decimals;
        }
        long bound = (long)Math.Pow(10, minSignificant - 1);
        int needed = decimals;
        decimal printed = (decimal)part / whole * 100;
        while (needed < 6 && HalfUp.Round(printed * (decimal)Math.Pow(10, needed)) < bound)
        {
            needed++;
        }
        return needed;
    }

    /// <summary>The share of each part in the sum of all parts; nulls where the sum is nought.</summary>
    /// <param name="parts">0 or more each.</param>
    /// <param name="decimals">Of the percentage, 0 to 8.</param>
    public static IReadOnlyList<decimal?> Shares(IReadOnlyList<long> parts, PercentPolicy policy, int decimals)
    {
        long whole = parts.Sum();
        if (whole == 0)
        {
            return [.. parts.Select(_ => (decimal?)null)];
        }
        if (policy == PercentPolicy.Plain)
        {
            return [.. parts.Select(p => Share(p, whole, decimals))];
        }
        long steps = 100;
        for (int i = 0; i < decimals; i++)
        {
            steps *= 10;
        }
        long[] floors = [.. parts.Select(p => (long)((decimal)p * steps / whole))];
        int left = (int)(steps - floors.Sum());
        // Ties go to the larger part, then to the one that stands first: the outcome may not hang on the order of sorting.
        foreach (int i in Enumerable.Range(0, parts.Count)
            .OrderByDescending(i => ((decimal)parts[i] * steps) % whole)
            .ThenByDescending(i => parts[i])
            .ThenBy(i => i)
            .Take(left))
        {
            floors[i]++;
        }
        return [.. floors.Select(f => (decimal?)((decimal)f / steps))];
    }
}
