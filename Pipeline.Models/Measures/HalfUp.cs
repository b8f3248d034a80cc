namespace Pipeline.Models.Measures;

/// <summary>How every printed number is rounded: halves away from zero (四舍五入), so that two sheets print one number alike.</summary>
public static class HalfUp
{
    /// <param name="decimals">0 or more.</param>
    public static decimal Round(decimal value, int decimals = 0) => Math.Round(value, decimals, MidpointRounding.AwayFromZero);
}
