namespace Pipeline.Models.Measures.Series;

/// <summary>What a cumulative sum says of the months since its baseline.</summary>
/// <param name="IsUp">A rising drift was looked for; otherwise a falling one.</param>
/// <param name="Start">Mean of a month of the baseline per unit of exposure (days), or the share of the baseline.</param>
/// <param name="Drifted">The rate or share that the chart is tuned to find.</param>
/// <param name="Reference">What a month adds is its count less this many per unit of exposure (Lucas's k), 0 or more.</param>
/// <param name="Limit">The sum from which the chart signals, in complaints.</param>
/// <param name="Sums">The sum after each month that is watched, oldest first, in complaints.</param>
/// <param name="RunLength">Months that the chart runs on average before a false signal if its start is known exactly.</param>
/// <param name="PValue">
/// Where the chart signals: of the last three months without the largest, pooled, against the baseline, two-sided; 1 where it does not
/// signal. The window is not chosen, so that no allowance for choosing is needed.
/// </param>
/// <param name="FalseAlarm">That chance alone makes the chart stand in signal this month, the uncertainty of the start included.</param>
/// <param name="IsOngoing">The last three months together stand beyond the reference: the sum is no memory of months long past.</param>
/// <param name="Dispersion">Variance beside that of chance alone, 1 or more.</param>
/// <param name="LeftOut">Indexes of the baseline's months that were left out as outlying.</param>
public sealed record DriftVerdict(
    bool IsUp, double Start, double Drifted, double Reference, double Limit, IReadOnlyList<double> Sums, double RunLength, double PValue, double FalseAlarm,
    bool IsOngoing, double Dispersion, IReadOnlyList<int> LeftOut)
{
    /// <value>The last sum reaches the limit.</value>
    public bool IsSignal => Sums.Count > 0 && Sums[^1] >= Limit;

    /// <value>Index among the watched months from which on the chart has stood in signal without a break; -1 where it does not now.</value>
    public int SignalSince
    {
        get
        {
            int since = -1;
            for (int i = Sums.Count - 1; i >= 0 && Sums[i] >= Limit; i--)
            {
                since = i;
            }
            return since;
        }
    }

    /// <value>Index among the watched months in which the present rise of the sum began: the estimate of when the drift began (Hawkins and Olwell 1998, 1.8).</value>
    public int Since => Sums.Count == 0 || Sums[^1] <= 0 ? -1 : Sums.ToList().FindLastIndex(s => s <= 0) + 1;
}

/// <summary>
/// Cumulative sums for slow drift. Of counts: S = max(0, S + y − k·e) with k = (λ₁ − λ₀) ÷ (ln λ₁ − ln λ₀) (Lucas, Technometrics 27, 1985);
/// of shares: the log-likelihood ratio of two binomials, in units of complaints, k = ln((1 − p₀) ÷ (1 − p₁)) ÷ ln(odds ratio) (Hawkins and
/// Olwell, Cumulative Sum Charts and Charting for Quality Improvement, 1998, ch. 5). The decision limit is the one at which the chart
/// runs as long as the rules ask before a false signal (Markov chain of Brook and Evans, Biometrika 59, 1972), and no lower than one
/// standard deviation of a month.
/// </summary>
/// <remarks>
/// The first <see cref="SeriesRules.BaselineMonths"/> months are the baseline, without those that are outlying. What one month adds is
/// capped (winsorised: Hawkins, Communications in Statistics – Simulation 22, 1993), so that a spike, which the tests of the month name,
/// is no drift. Counts are divided by their dispersion. Twelve months know their rate only roughly, which makes false signals more
/// frequent than the run length says (Jones, Champ and Rigdon, Technometrics 46, 2004): <see cref="DriftVerdict.FalseAlarm"/> counts that in.
/// </remarks>
public static class DriftChart
{
    /// <summary>Standard scores and weights at which the chain is run for the unknown start: Gauss and Hermite's rule of seven points.</summary>
    private static readonly (double Score, double Weight)[] Nodes =
    [
        (-3.750439717725742, 0.000548268858737), (-2.366759410734541, 0.030757123967586), (-1.154405394739968, 0.240123178605013), (0, 0.457142857142857),
        (1.154405394739968, 0.240123178605013), (2.366759410734541, 0.030757123967586), (3.750439717725742, 0.000548268858737),
    ];

    /// <param name="months">The baseline and the months watched, oldest first, without gaps.</param>
    /// <param name="shared">Dispersion as learned from all baselines together; null to go by this one.</param>
    /// <returns>Null where no month beyond the baseline stands or too few are expected in a month.</returns>
    public static DriftVerdict? OfCounts(IReadOnlyList<MonthCount> months, bool isUp, SeriesRules rules, SharedDispersion? shared = null)
    {
        int first = rules.BaselineMonths;
        if (months.Count <= first)
        {
            return null;
        }
        Baseline baseline = Baseline.OfCount(months[^1].Exposure, [.. months.Take(first)], rules);
        if (!baseline.IsJudged(rules))
        {
            return null;
        }
        double start = baseline.Expected / months[^1].Exposure;
        (double dispersion, double degrees) = Dispersion(baseline, shared);
        double usual = months.Skip(first).Average(m => m.Exposure);
        double drifted = Drifted(start, Math.Sqrt(dispersion * start * usual) / usual, isUp, rules);
        double k = (drifted - start) / Math.Log(drifted / start);
        double spread = Math.Sqrt(dispersion / baseline.Weight);
        Chain chain = new(isUp, k * usual / dispersion, rules.DriftMonthCap, (rate, y) => PoissonAtMost(y, rate * usual / dispersion, dispersion));
        return Judge(
            isUp, start, drifted, k, dispersion, Math.Sqrt(start * usual / dispersion), chain, [.. months.Skip(first).Select(m => m.Count - (k * m.Exposure))],
            [.. Nodes.Select(n => start * Math.Exp(n.Score * spread))],
            watched => PooledCounts([.. watched.Select(i => months[first + i])], start, baseline, dispersion, degrees), baseline.LeftOut, rules);
    }

    /// <inheritdoc cref="OfCounts"/>
    public static DriftVerdict? OfShares(IReadOnlyList<MonthShare> months, bool isUp, SeriesRules rules, SharedDispersion? shared = null)
    {
        int first = rules.BaselineMonths;
        if (months.Count <= first || months.Skip(first).All(m => m.Below == 0))
        {
            return null;
        }
        Baseline baseline = Baseline.OfShare([.. months.Take(first)], rules);
        double start = baseline.Expected;
        double usual = months.Skip(first).Where(m => m.Below > 0).Average(m => (double)m.Below);
        if (baseline.Degrees < rules.LeastMonths - 1 || usual * Math.Min(start, 1 - start) < rules.LeastExpected)
        {
            return null;
        }
        (double dispersion, double degrees) = Dispersion(baseline, shared);
        double drifted = Drifted(start, Math.Sqrt(dispersion * start * (1 - start) / usual), isUp, rules);
        if (drifted >= 1)
        {
            return null;
        }
        double k = Math.Log((1 - start) / (1 - drifted)) / (Math.Log(drifted / (1 - drifted)) - Math.Log(start / (1 - start)));
        double spread = Math.Sqrt(dispersion / (baseline.Weight * start * (1 - start)));
        double odds = start / (1 - start);
        Chain chain = new(isUp, k * usual / dispersion, rules.DriftMonthCap, (share, y) => BinomialAtMost(y, usual, share, dispersion));
        return Judge(
            isUp, start, drifted, k, dispersion, Math.Sqrt(start * (1 - start) * usual / dispersion), chain, [.. months.Skip(first).Select(m => m.Above - (k * m.Below))],
            [.. Nodes.Select(n => odds * Math.Exp(n.Score * spread)).Select(o => o / (1 + o))],
            watched => PooledShares([.. watched.Select(i => months[first + i])], start, baseline, dispersion, degrees), baseline.LeftOut, rules);
    }

    private const int Recent = 3;

    private static DriftVerdict Judge(
        bool isUp, double start, double drifted, double k, double dispersion, double deviation, Chain chain, double[] steps, double[] starts, Func<int[], double> pooled, IReadOnlyList<int> leftOut, SeriesRules rules)
    {
        double limit = chain.LimitFor(start, rules.DriftRunLength, deviation);
        double cap = rules.DriftMonthCap * limit * dispersion;
        // A falling chart adds what is missing; both are kept as amounts above nought.
        double[] capped = [.. steps.Select(step => Math.Min(cap, isUp ? step : -step))];
        List<double> sums = [];
        double sum = 0;
        foreach (double step in capped)
        {
            sum = Math.Max(0, sum + step);
            sums.Add(Math.Round(sum, 6));
        }
        double falseAlarm = starts.Select((s, i) => Nodes[i].Weight * chain.Reached(s, steps.Length, limit)).Sum();
        // Without the largest of the last months: neither a spike of today nor one of long ago makes a drift stand.
        int[] lower = [.. Enumerable.Range(Math.Max(0, capped.Length - Recent), Math.Min(Recent, capped.Length)).OrderBy(i => isUp ? steps[i] : -steps[i]).Take(Recent - 1)];
        double p = sum < limit * dispersion || capped.Length < Recent ? 1 : pooled(lower);
        return new DriftVerdict(
            isUp, start, drifted, k, Math.Round(limit * dispersion, 6), sums, chain.RunLength(start, limit), Math.Round(p, 12), falseAlarm,
            capped.TakeLast(Recent).Sum() > 0, dispersion, leftOut);
    }

    private static (double Dispersion, double Degrees) Dispersion(Baseline baseline, SharedDispersion? shared) => shared?.Moderated(baseline)
        ?? (baseline.PearsonDispersion <= 1 ? (1, double.PositiveInfinity) : (baseline.PearsonDispersion, baseline.Degrees));

    private static double PooledCounts(MonthCount[] months, double start, Baseline baseline, double dispersion, double degrees) =>
        Prediction.OfCount(start * months.Sum(m => m.Exposure), baseline.Weight, dispersion, degrees).PValue(months.Sum(m => (double)m.Count));

    private static double PooledShares(MonthShare[] months, double start, Baseline baseline, double dispersion, double degrees) =>
        Prediction.OfShare(start, months.Sum(m => (double)m.Below), baseline.Weight, dispersion, degrees).PValue(months.Sum(m => (double)m.Above));

    private static double Drifted(double start, double deviation, bool isUp, SeriesRules rules) => isUp
        ? Math.Max(start * rules.DriftRatio, start + deviation)
        : Math.Max(start * 0.2, Math.Min(start / rules.DriftRatio, start - deviation));

    /// <summary>P(count ≤ y·φ) of a count with mean m·φ and dispersion φ; y and m are divided by φ.</summary>
    private static double PoissonAtMost(double y, double mean, double dispersion)
    {
        double at = (Math.Floor((y * dispersion) + 1e-9) + (dispersion == 1 ? 0 : 0.5)) / dispersion;
        return at < 0 ? 0 : dispersion == 1 ? Distributions.GammaUpper(at + 1, mean) : (Distributions.GammaUpper(at, mean) + Distributions.GammaUpper(at + 1, mean)) / 2;
    }

    private static double BinomialAtMost(double y, double trials, double share, double dispersion)
    {
        double at = (Math.Floor((y * dispersion) + 1e-9) + (dispersion == 1 ? 0 : 0.5)) / dispersion;
        double n = trials / dispersion;
        return at < 0 ? 0 : at >= n ? 1
            : dispersion == 1 ? Distributions.Beta(n - at, at + 1, 1 - share)
            : (Distributions.Beta(n - at, at + 1, 1 - share) + Distributions.Beta(n - at + 1, at, 1 - share)) / 2;
    }
}
