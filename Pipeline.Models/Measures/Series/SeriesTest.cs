namespace Pipeline.Models.Measures.Series;

/// <summary>
/// Is a month of a series in line with the months before it? The public surface for counts (<see cref="OfCount"/>), shares
/// (<see cref="OfShare"/>) and two spans of time (<see cref="Compare"/>).
/// </summary>
public static class SeriesTest
{
    /// <summary>
    /// Fewer than five expected: no judgement. Up to fifty: exact conditional test of two Poisson rates (Przyborowski and Wilenski,
    /// Biometrika 31, 1940): given the sum N of the month and its baseline, the month's count is binomial with p = its part of the
    /// exposure. Above, or where the series is plainly restless: the same test on counts divided by their dispersion φ, which is measured
    /// from the baseline and floored at 1 (quasi-Poisson), with Student's distribution for the uncertainty of φ. With trend or season
    /// (<see cref="SeasonTrend"/>) the regression takes the place of the pooled baseline.
    /// </summary>
    /// <param name="month">The month that is judged.</param>
    /// <param name="earlier">Months before, oldest first, without gaps; at least <see cref="SeriesRules.LeastMonths"/>.</param>
    /// <param name="shared">Dispersion as learned from all series that are judged together; null to go by this series alone.</param>
    public static SeriesVerdict OfCount(MonthCount month, IReadOnlyList<MonthCount> earlier, SeriesRules rules, SharedDispersion? shared = null) =>
        OfCount(month, Baseline.OfCount(month.Exposure, earlier, rules), rules, shared);

    /// <inheritdoc cref="OfCount(MonthCount, IReadOnlyList{MonthCount}, SeriesRules, SharedDispersion?)"/>
    public static SeriesVerdict OfCount(MonthCount month, Baseline baseline, SeriesRules rules, SharedDispersion? shared = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(month.Count);
        if (!baseline.IsJudged(rules))
        {
            return SeriesVerdict.TooFew(month.Count, baseline.Expected, baseline.LeftOut);
        }
        (double dispersion, double degrees) = shared is null ? Own(baseline, rules) : shared.Moderated(baseline);
        Prediction prediction = Prediction.OfCount(baseline.Expected, baseline.Weight, dispersion, degrees);
        SeriesMethod method = baseline.HasTrend || baseline.HasSeason ? SeriesMethod.SeasonTrend
            : dispersion > 1 ? SeriesMethod.QuasiPoisson : SeriesMethod.ExactPoisson;
        return Verdict(month.Count, baseline, prediction, method, rules, 1);
    }

    /// <summary>
    /// Is the share of one month in line with the pooled share of the months before it? Binomial test whose variance is widened by the
    /// measured over-dispersion, floored at 1 (as Laney's p′ chart does, Quality Engineering 14(4), 2002; measured by Pearson's χ² here,
    /// not by moving ranges), and by the uncertainty of the pooled share (trials n ÷ φ(1 + n ÷ M), as of a beta-binomial count).
    /// </summary>
    /// <param name="shared">
    /// Dispersion as learned from all shares that are judged together: of a share alone a dispersion measured above 1 by chance widens the
    /// test, and one below 1 is not allowed to narrow it, so that it is called less often than it says. A share whose own months vary more
    /// than the shared dispersion lets chance make of it (χ² test) goes by its own.
    /// </param>
    public static SeriesVerdict OfShare(MonthShare month, IReadOnlyList<MonthShare> earlier, SeriesRules rules, SharedDispersion? shared = null) =>
        OfShare(month, Baseline.OfShare(earlier, rules), rules, shared);

    /// <inheritdoc cref="OfShare(MonthShare, IReadOnlyList{MonthShare}, SeriesRules, SharedDispersion?)"/>
    public static SeriesVerdict OfShare(MonthShare month, Baseline baseline, SeriesRules rules, SharedDispersion? shared = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(month.Above);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(month.Above, month.Below);
        double share = baseline.Expected;
        if (baseline.Degrees < rules.LeastMonths - 1 || month.Below * Math.Min(share, 1 - share) < rules.LeastExpected)
        {
            return SeriesVerdict.TooFew(month.Below == 0 ? 0 : (double)month.Above / month.Below, share, baseline.LeftOut);
        }
        (double dispersion, double degrees) = shared is null || IsRestless(baseline, shared.Usual(baseline), rules)
            ? Own(baseline with { Expected = double.MaxValue }, rules)
            : shared.Moderated(baseline);
        Prediction prediction = Prediction.OfShare(share, month.Below, baseline.Weight, dispersion, degrees);
        return Verdict(month.Above, baseline with { Expected = share * month.Below }, prediction, SeriesMethod.Share, rules, month.Below);
    }

    /// <summary>
    /// Two spans of time, for example before and after a remedy: exact conditional test of two Poisson rates with their ratio and its
    /// 95 % interval (Clopper and Pearson on the conditional binomial).
    /// </summary>
    /// <param name="after">Count and exposure (days) of the later span.</param>
    /// <param name="before">Of the earlier span; its count is the baseline.</param>
    /// <param name="dispersion">1 or more: variance of the series beside that of chance alone (<see cref="SeriesVerdict.Dispersion"/>).</param>
    public static SeriesVerdict Compare(MonthCount after, MonthCount before, SeriesRules rules, double dispersion = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dispersion, 1);
        double expected = before.Count / before.Exposure * after.Exposure;
        if (expected < rules.LeastExpected)
        {
            return SeriesVerdict.TooFew(after.Count, expected, []);
        }
        Baseline baseline = new(expected, before.Count, dispersion, 0, expected, false, false, []);
        return Verdict(
            after.Count, baseline, Prediction.OfCount(expected, before.Count, dispersion, double.PositiveInfinity),
            dispersion > 1 ? SeriesMethod.QuasiPoisson : SeriesMethod.ExactPoisson, rules, 1);
    }

    /// <summary>
    /// The dispersion by this series alone. Small counts are taken as Poisson's unless chance alone would make them vary so much only
    /// rarely (χ² test of dispersion): twelve small counts measure it badly.
    /// </summary>
    private static (double Dispersion, double Degrees) Own(Baseline baseline, SeriesRules rules)
    {
        return baseline.PearsonDispersion <= 1 || (baseline.Expected <= rules.ExactUpTo && !IsRestless(baseline, 1, rules))
            ? (1, double.PositiveInfinity)
            : (baseline.PearsonDispersion, baseline.Degrees);
    }

    /// <summary>Chance alone would make a series of this dispersion vary so much only rarely.</summary>
    private static bool IsRestless(Baseline baseline, double usual, SeriesRules rules) =>
        Distributions.ChiSquareTail(baseline.PearsonDispersion / usual * baseline.Degrees, baseline.Degrees) < rules.RestlessLevel;

    private static SeriesVerdict Verdict(long count, Baseline baseline, Prediction prediction, SeriesMethod method, SeriesRules rules, double unit)
    {
        double p = Math.Round(prediction.PValue(count), 12);
        (double low, double high) = prediction.Limits(rules.Level);
        (double ratioLow, double ratioHigh) = prediction.RatioInterval(count, 0.05);
        ChanceKind kind = p >= rules.Level ? ChanceKind.WithinChance : count > baseline.Expected ? ChanceKind.Higher : ChanceKind.Lower;
        return new SeriesVerdict(
            kind, method, count / unit, baseline.Expected / unit, ratioLow, ratioHigh, p, prediction.AttainableLevel(count, rules.Level), low / unit, high / unit,
            prediction.Dispersion, baseline.HasTrend, baseline.HasSeason, baseline.LeftOut);
    }
}
