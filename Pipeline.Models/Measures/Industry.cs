namespace Pipeline.Models.Measures;

/// <summary>The arithmetic of published statistics (DOMAIN A3.1, A3.7), rounded as they print: half-up.</summary>
public static class Industry
{
    /// <summary>The channel that the regulator's bulletins count: received by the regulator and transferred (DOMAIN A3.1).</summary>
    public const string BulletinChannel = "regulator";

    /// <summary>Percentage of a part in its whole; null where there is no whole.</summary>
    /// <param name="decimals">0 to 8.</param>
    public static decimal? Percentage(decimal part, decimal whole, int decimals) => whole == 0 ? null : HalfUp.Round(part / whole * 100, decimals);

    /// <summary>Relative change in percent; null where there was nothing before.</summary>
    public static decimal? Change(decimal now, decimal before, int decimals) => before == 0 ? null : HalfUp.Round(((now - before) / before) * 100, decimals);

    /// <summary>The statistical median: the mean of the middle two of an even number; null of none.</summary>
    public static decimal? Median(IEnumerable<decimal> values)
    {
        decimal[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? null : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>So many for each <paramref name="multiplier"/> of a base: 1,000 outlets, 10 million customers; null where there is no base.</summary>
    public static decimal? PerBase(decimal complaints, decimal baseNumber, decimal multiplier, int decimals) =>
        baseNumber == 0 ? null : HalfUp.Round(complaints / baseNumber * multiplier, decimals);
}
