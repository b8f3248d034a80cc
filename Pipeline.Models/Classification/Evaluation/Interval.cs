namespace Pipeline.Models.Classification.Evaluation;

/// <summary>A 95 % interval; both ends belong to it.</summary>
public readonly record struct Interval(double Low, double High)
{
    /// <summary>The 2.5th and 97.5th percentile of bootstrap draws, linear between neighbours.</summary>
    /// <param name="draws">At least one; is sorted.</param>
    public static Interval Percentile(double[] draws)
    {
        Array.Sort(draws);
        return new Interval(At(draws, 0.025), At(draws, 0.975));
    }

    /// <summary>Wilson's interval for a share: it needs no draws and stays within 0 and 1 for small numbers too.</summary>
    public static Interval Wilson(int hits, int texts)
    {
        if (texts == 0)
        {
            return default;
        }
        const double z = 1.959964;
        double share = (double)hits / texts;
        double centre = share + (z * z / (2 * texts));
        double reach = z * Math.Sqrt((share * (1 - share) / texts) + (z * z / (4.0 * texts * texts)));
        double scale = 1 + (z * z / texts);
        return new Interval((centre - reach) / scale, (centre + reach) / scale);
    }

    private static double At(double[] ascending, double share)
    {
        double position = share * (ascending.Length - 1);
        int below = (int)position;
        return below + 1 < ascending.Length
            ? ascending[below] + ((position - below) * (ascending[below + 1] - ascending[below]))
            : ascending[below];
    }
}
