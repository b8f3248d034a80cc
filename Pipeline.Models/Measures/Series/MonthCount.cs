namespace Pipeline.Models.Measures.Series;

/// <summary>A count of one month.</summary>
/// <param name="Count">0 or more.</param>
/// <param name="Exposure">What the count is in proportion to, above 0: the days of the month, or outlets or customers.</param>
public readonly record struct MonthCount(long Count, double Exposure);

/// <summary>A share of one month.</summary>
/// <param name="Above">0 to <paramref name="Below"/>.</param>
/// <param name="Below">0 or more; a month with 0 tells nothing.</param>
public readonly record struct MonthShare(long Above, long Below);

/// <summary>By which method a month was judged.</summary>
public enum SeriesMethod
{
    /// <summary>Too few are expected, or too few earlier months stand: no judgement.</summary>
    TooFew,

    /// <summary>Exact conditional test of two Poisson rates.</summary>
    ExactPoisson,

    /// <summary>Counts that vary more than Poisson's: the same test on counts divided by their dispersion.</summary>
    QuasiPoisson,

    /// <summary>As above, against a regression with trend, season or both.</summary>
    SeasonTrend,

    /// <summary>Test of shares, widened by the measured over-dispersion.</summary>
    Share,
}

/// <summary>The exact conditional test of two Poisson rates: two-sided mid-p, and Clopper and Pearson's 95 % interval of their ratio.</summary>
public sealed record ExactRates(double PValue, double RatioLow, double RatioHigh);

/// <summary>What a test says of one month of a series.</summary>
/// <param name="Observed">The month's count, or its share (0 to 1).</param>
/// <param name="Expected">In the same unit; 0 where nothing could be expected.</param>
/// <param name="RatioLow">Lower end of the 95 % interval of observed ÷ expected (Clopper and Pearson), the baseline's uncertainty included.</param>
/// <param name="PValue">Two-sided mid-p, 0 to 1; 1 where there is no judgement.</param>
/// <param name="FalseAlarm">The probability that chance alone is called higher or lower by this very test: its attainable level, 0 to 1.</param>
/// <param name="LowLimit">Observed values below are called lower; below nought where nothing can be.</param>
/// <param name="HighLimit">Observed values above are called higher.</param>
/// <param name="Dispersion">Variance beside that of chance alone, 1 or more.</param>
/// <param name="LeftOut">Indexes of the earlier months that were left out as outlying, ascending.</param>
public sealed record SeriesVerdict(
    ChanceKind Kind,
    SeriesMethod Method,
    double Observed,
    double Expected,
    double RatioLow,
    double RatioHigh,
    double PValue,
    double FalseAlarm,
    double LowLimit,
    double HighLimit,
    double Dispersion,
    bool HasTrend,
    bool HasSeason,
    IReadOnlyList<int> LeftOut)
{
    /// <value>
    /// What the exact test of two Poisson rates says of a count of few to fifty expected against the pooled months: the verdict itself where
    /// <see cref="Method"/> is that test, else what would hold did the series not vary more than chance alone. Null for every other series.
    /// </value>
    public ExactRates? Exact { get; init; }

    public double Ratio => Expected > 0 ? Observed / Expected : double.NaN;

    /// <summary>
    /// How far the month stands beyond what is expected, in units of the distance to the limit on its side; above 1 beyond it
    /// (exceedance score of Farrington et al., JRSS A 159, 1996).
    /// </summary>
    public double Exceedance => Kind == ChanceKind.TooFew ? 0
        : Observed >= Expected
            ? (Observed - Expected) / Math.Max(1e-12, HighLimit - Expected)
            : (Expected - Observed) / Math.Max(1e-12, Expected - LowLimit);

    internal static SeriesVerdict TooFew(double observed, double expected, IReadOnlyList<int> leftOut) => new(
        ChanceKind.TooFew, SeriesMethod.TooFew, observed, expected, double.NaN, double.NaN, 1, 0, double.NaN, double.NaN, 1, false, false, leftOut);
}
