using Pipeline.Models.Complaints;
using Pipeline.Models.Taxonomy;

namespace Pipeline.Models.Measures.Series;

/// <summary>A series of the month with what its test says.</summary>
/// <param name="Terms">None for the total.</param>
/// <param name="IsShare">The measure is a share; its verdict is of the share.</param>
/// <param name="IsNew">In the baseline there was none, and now there are as many as a test would ask for.</param>
/// <param name="Stands">It stands among all series tested together (<see cref="FalseDiscovery"/>).</param>
/// <param name="Follows">It moved no more than what it is a part of, which stands in the same direction: it tells nothing of its own.</param>
public sealed record Signal(
    string Measure, IReadOnlyList<FilterTerm> Terms, bool IsShare, long Count, SeriesVerdict Verdict, bool IsNew = false, bool Stands = false, bool Follows = false)
{
    public bool IsJudged => Verdict.Kind != ChanceKind.TooFew;

    /// <value>By itself it is beyond chance.</value>
    public bool IsAlarm => Verdict.Kind is ChanceKind.Higher or ChanceKind.Lower;
}

/// <summary>A series with what its chart of slow drift says.</summary>
/// <param name="IsShare">Of the class in all complaints, or the measure itself is a share; otherwise the counts drift.</param>
/// <param name="Stands">It signals, goes on, and stands among all charts together.</param>
public sealed record Drift(string Measure, IReadOnlyList<FilterTerm> Terms, bool IsShare, DriftVerdict Verdict, bool Stands = false)
{
    /// <value>The first month that is watched: the one after the baseline.</value>
    public required ReportingMonth FirstWatched { get; init; }

    public ReportingMonth? SignalSince => Verdict.SignalSince < 0 ? null : FirstWatched.Add(Verdict.SignalSince);

    /// <value>When the rise of the sum began.</value>
    public ReportingMonth? Since => Verdict.Since < 0 ? null : FirstWatched.Add(Verdict.Since);
}

/// <summary>Every series that was tested for a month.</summary>
/// <param name="Signals">By exceedance, the furthest beyond their limits first; then those that were not judged.</param>
/// <param name="ExpectedFalseAlarms">Series that chance alone calls beyond chance by themselves: the sum of what each test can reach.</param>
/// <param name="Dispersion">What was learned from all series of counts together; null from too few.</param>
/// <param name="ShareDispersion">What was learned from all shares together, of classes in all complaints and of rates; null from too few.</param>
public sealed record TrendSignals(IReadOnlyList<Signal> Signals, double ExpectedFalseAlarms, SharedDispersion? Dispersion, SharedDispersion? ShareDispersion = null);

/// <summary>Every chart of slow drift of a month.</summary>
/// <param name="Charts">Those furthest beyond their limit first.</param>
/// <param name="ExpectedFalseSignals">Charts that chance alone has in signal in a month.</param>
public sealed record TrendDrifts(IReadOnlyList<Drift> Charts, double ExpectedFalseSignals);

/// <summary>What a month is judged from.</summary>
/// <param name="History">The first month that figures reach back to.</param>
/// <param name="Figure">The figure of a key, or null where it was not planned.</param>
/// <param name="Members">Of each dimension the classes without parent, in the order of tables.</param>
/// <param name="IsMaturing">A measure of the month still moves because cases are being handled.</param>
public sealed record TrendInput(
    ReportingMonth Month,
    ReportingMonth History,
    Func<FigureKey, Figure?> Figure,
    IReadOnlyDictionary<string, IReadOnlyList<string>> Members,
    SeriesRules Rules,
    Func<string, ReportingMonth, bool> IsMaturing)
{
    /// <value>Whether what a measure looks back on in a month lies within the ledger (<see cref="Coverage"/>); months before are no part of a series.</value>
    public Func<string, ReportingMonth, bool> IsCovered { get; init; } = (_, _) => true;
}

/// <summary>Judges every series of a month at once: levels, drifts, and how many false alarms are to be expected of so many tests.</summary>
public static class TrendJudgement
{
    /// <summary>Shares of all complaints that are judged besides the counts.</summary>
    public static readonly IReadOnlyList<string> Rates =
        ["repeat_rate_90", "escalation_rate", "regulator_share", "on_time_rate", "closure_rate", "first_contact_rate", "satisfaction_rate", "liable_rate"];

    /// <summary>Rates whose slow drift is watched: those that do not mature.</summary>
    private static readonly string[] DriftingRates = ["repeat_rate_90", "escalation_rate", "regulator_share"];

    private const string Complaints = "complaints";

    /// <param name="input">The month must be over: a month whose data end before it does is not judged.</param>
    public static TrendSignals Signals(TrendInput input)
    {
        List<Tested> counts = [.. Cells(input).Select(c => Tested.Count(input, c.Measure, c.Terms)).OfType<Tested>()];
        List<Tested> rates = [.. Rates.Where(r => !input.IsMaturing(r, input.Month)).Select(r => Tested.Rate(input, r)).OfType<Tested>()];
        SharedDispersion? shared = SharedDispersion.Of(counts.Where(c => c.Terms.Count < 2).Select(c => c.Baseline), input.Rules);
        SharedDispersion? sharedOfShares = SharedDispersion.Of(rates.Select(r => r.Baseline).Concat(ClassShares(input)), input.Rules);
        List<Signal> all = [.. counts.Select(c => c.Judge(input.Rules, shared)), .. rates.Select(r => r.Judge(input.Rules, sharedOfShares))];
        List<Signal> judged = [.. all.Where(s => s.IsJudged)];
        IReadOnlyList<bool> standing = FalseDiscovery.Standing(
            [.. judged.Select(s => s.Verdict.PValue)], input.Rules.FalseDiscoveryRate, input.Rules.Dependence == "any");
        List<Signal> decided = [.. judged.Select((s, i) => s with { Stands = standing[i] && s.IsAlarm })];
        Dictionary<string, Signal> wholes = decided.Where(s => s is { Measure: Complaints, Terms.Count: < 2 }).ToDictionary(s => Name(s.Terms), StringComparer.Ordinal);
        return new TrendSignals(
            [
                .. decided
                    .Select(s => s with { Follows = s.Stands && IsFollowing(input, s, wholes) })
                    .OrderByDescending(s => s.Verdict.Exceedance).ThenBy(s => s.Verdict.PValue),
                .. all.Where(s => !s.IsJudged).OrderByDescending(s => s.IsNew).ThenByDescending(s => s.Count),
            ],
            judged.Sum(s => s.Verdict.FalseAlarm),
            shared,
            sharedOfShares);
    }

    /// <summary>The baselines of the share of each class in all complaints: rates are too few to tell by themselves how shares vary.</summary>
    private static IEnumerable<Baseline> ClassShares(TrendInput input)
    {
        ReportingMonth from = input.Month.Add(-input.Rules.BaselineMonths) is var first && first < input.History ? input.History : first;
        if (from >= input.Month)
        {
            return [];
        }
        IReadOnlyList<MonthCount> totals = Counts(input, Complaints, [], from, input.Month.Add(-1));
        return FigurePlan.HistoryDimensions.SelectMany(dimension => Known(input, dimension).Select(member =>
            Baseline.OfShare([.. Counts(input, Complaints, [new FilterTerm(dimension, member)], from, input.Month.Add(-1)).Zip(totals, (a, b) => new MonthShare(a.Count, b.Count))], input.Rules)));
    }

    /// <summary>The series of counts, in the order of the plan.</summary>
    private static IEnumerable<(string Measure, IReadOnlyList<FilterTerm> Terms)> Cells(TrendInput input)
    {
        foreach (string measure in FigurePlan.HistoryMeasures)
        {
            yield return (measure, []);
            foreach (string dimension in FigurePlan.HistoryDimensions)
            {
                foreach (string member in Known(input, dimension))
                {
                    yield return (measure, [new FilterTerm(dimension, member)]);
                }
            }
        }
        foreach ((string first, string second) in FigurePlan.HistoryCrossings)
        {
            foreach (string a in Known(input, first))
            {
                foreach (string b in Known(input, second))
                {
                    yield return (Complaints, [new FilterTerm(first, a), new FilterTerm(second, b)]);
                }
            }
        }
    }

    private static IEnumerable<string> Known(TrendInput input, string dimension) =>
        (input.Members.GetValueOrDefault(dimension) ?? []).Where(m => m != FigurePlan.NoMember);

    /// <summary>
    /// Repeats of a class are a part of its complaints, and a class is a part of the total. A part whose share in a whole that stands in
    /// the same direction is within chance has only moved with it.
    /// </summary>
    private static bool IsFollowing(TrendInput input, Signal part, Dictionary<string, Signal> wholes)
    {
        if (part.IsShare)
        {
            return false;
        }
        IEnumerable<IReadOnlyList<FilterTerm>> candidates = part.Measure != Complaints ? [part.Terms] : part.Terms.Count switch
        {
            0 => [],
            1 => [[]],
            _ => [.. part.Terms.Select(t => (IReadOnlyList<FilterTerm>)[t]), []],
        };
        ReportingMonth from = KnownFrom(input, part.Measure, part.Terms) ?? input.Month;
        return candidates.Any(terms => wholes.TryGetValue(Name(terms), out Signal? whole)
            && whole.Stands && whole.Verdict.Kind == part.Verdict.Kind
            && SeriesTest.OfShare(
                new MonthShare(Math.Min(part.Count, whole.Count), whole.Count),
                [.. Counts(input, part.Measure, part.Terms, from, input.Month.Add(-1)).Zip(Counts(input, Complaints, terms, from, input.Month.Add(-1)), (a, b) => new MonthShare(a.Count, b.Count))],
                input.Rules).Kind != part.Verdict.Kind);
    }

    /// <summary>The charts of the three totals, of the rates, and of each class: its share of all complaints and, of business lines and causes, its count.</summary>
    /// <param name="shared">As <see cref="Signals"/> learned it.</param>
    public static TrendDrifts Drifts(TrendInput input, SharedDispersion? shared)
    {
        SeriesRules rules = input.Rules;
        if (input.Month.MonthsSince(input.History) < rules.BaselineMonths)
        {
            return new TrendDrifts([], 0);
        }
        List<Drift> drifts = [];
        void Add(string measure, IReadOnlyList<FilterTerm> terms, bool isShare, Func<bool, DriftVerdict?> chart, ReportingMonth? from = null)
        {
            foreach (bool isUp in (bool[])[true, false])
            {
                if (chart(isUp) is { } verdict)
                {
                    drifts.Add(new Drift(measure, terms, isShare, verdict) { FirstWatched = (from ?? input.History).Add(rules.BaselineMonths) });
                }
            }
        }
        IReadOnlyList<MonthCount> totals = Counts(input, Complaints, [], input.History, input.Month);
        foreach (string measure in FigurePlan.HistoryMeasures)
        {
            ReportingMonth from = CoveredFrom(input, measure);
            if (KnownFrom(input, measure, []) == from)
            {
                IReadOnlyList<MonthCount> months = Counts(input, measure, [], from, input.Month);
                Add(measure, [], false, isUp => DriftChart.OfCounts(months, isUp, rules, shared), from);
            }
        }
        foreach (string rate in DriftingRates)
        {
            ReportingMonth from = CoveredFrom(input, rate);
            if (from <= input.Month && Months(from, input.Month).All(m => input.Figure(new FigureKey(rate, FigurePeriod.Of(m))) is { IsKnown: true }))
            {
                MonthShare[] months = [.. Months(from, input.Month).Select(m => Share(input, rate, m))];
                Add(rate, [], true, isUp => DriftChart.OfShares(months, isUp, rules), from);
            }
        }
        foreach (string dimension in FigurePlan.HistoryDimensions)
        {
            List<(FilterTerm Term, IReadOnlyList<MonthCount> Counts, MonthShare[] Shares)> classes =
            [
                .. Known(input, dimension).Select(member =>
                {
                    FilterTerm term = new(dimension, member);
                    IReadOnlyList<MonthCount> counts = Counts(input, Complaints, [term], input.History, input.Month);
                    return (term, counts, counts.Zip(totals, (a, b) => new MonthShare(a.Count, b.Count)).ToArray());
                }),
            ];
            SharedDispersion? ofShares = SharedDispersion.Of(classes.Select(k => Baseline.OfShare(k.Shares[..rules.BaselineMonths], rules)), rules);
            foreach ((FilterTerm term, IReadOnlyList<MonthCount> counts, MonthShare[] shares) in classes)
            {
                Add(Complaints, [term], true, isUp => DriftChart.OfShares(shares, isUp, rules, ofShares));
                if (dimension is Dimensions.Business or Dimensions.Cause)
                {
                    Add(Complaints, [term], false, isUp => DriftChart.OfCounts(counts, isUp, rules, shared));
                }
            }
        }
        IReadOnlyList<bool> standing = FalseDiscovery.Standing([.. drifts.Select(d => d.Verdict.PValue)], rules.FalseDiscoveryRate, rules.Dependence == "any");
        return new TrendDrifts(
            [
                .. drifts.Select((d, i) => d with { Stands = standing[i] && d.Verdict is { IsSignal: true, IsOngoing: true } })
                    .OrderByDescending(d => d.Verdict.Sums[^1] / d.Verdict.Limit),
            ],
            drifts.Sum(d => d.Verdict.FalseAlarm));
    }

    /// <summary>The first month whose window back lies within the ledger; the month after the last where there is none.</summary>
    private static ReportingMonth CoveredFrom(TrendInput input, string measure)
    {
        ReportingMonth first = input.History;
        while (first <= input.Month && !input.IsCovered(measure, first))
        {
            first = first.Add(1);
        }
        return first;
    }

    /// <summary>The first month from which a count is known and covered without a gap; what is not known is no month without complaints. Null where the month itself is not known.</summary>
    private static ReportingMonth? KnownFrom(TrendInput input, string measure, IReadOnlyList<FilterTerm> terms)
    {
        ReportingMonth? first = null;
        for (ReportingMonth m = input.Month; m >= input.History && input.IsCovered(measure, m) && input.Figure(new FigureKey(measure, FigurePeriod.Of(m), terms))?.Value is not null; m = m.Add(-1))
        {
            first = m;
        }
        return first;
    }

    private static IReadOnlyList<MonthCount> Counts(TrendInput input, string measure, IReadOnlyList<FilterTerm> terms, ReportingMonth from, ReportingMonth to) =>
        [.. Months(from, to).Select(m => new MonthCount((long)(input.Figure(new FigureKey(measure, FigurePeriod.Of(m), terms))?.Value ?? 0), Days(m)))];

    private static MonthShare Share(TrendInput input, string rate, ReportingMonth month) =>
        input.Figure(new FigureKey(rate, FigurePeriod.Of(month))) is { } figure ? new((long)(figure.Numerator ?? 0), (long)(figure.Denominator ?? 0)) : default;

    private static IEnumerable<ReportingMonth> Months(ReportingMonth from, ReportingMonth to) => Enumerable.Range(0, to.MonthsSince(from) + 1).Select(from.Add);

    /// <summary>The exposure of a month.</summary>
    public static double Days(ReportingMonth month) => month.LastDay.Day;

    private static string Name(IReadOnlyList<FilterTerm> terms) => string.Join(',', terms.Select(t => $"{t.Dimension}={t.Member}"));

    /// <summary>A series and its baseline, before dispersions are shared.</summary>
    private sealed record Tested(string Measure, IReadOnlyList<FilterTerm> Terms, MonthCount Now, MonthShare? Share, Baseline Baseline, bool IsNew)
    {
        /// <returns>Null where the figures of the series were not planned, or the month's cannot be known.</returns>
        public static Tested? Count(TrendInput input, string measure, IReadOnlyList<FilterTerm> terms)
        {
            if (input.Figure(new FigureKey(measure, FigurePeriod.Of(input.Month), terms)) is not { Value: { } now }
                || (input.Month > input.History && input.Figure(new FigureKey(measure, FigurePeriod.Of(input.Month.Add(-1)), terms)) is null)
                || KnownFrom(input, measure, terms) is not { } from)
            {
                return null;
            }
            IReadOnlyList<MonthCount> earlier = Counts(input, measure, terms, from, input.Month.Add(-1));
            MonthCount month = new((long)now, Days(input.Month));
            bool isNew = earlier.Count >= input.Rules.LeastMonths && month.Count >= input.Rules.LeastExpected && earlier.TakeLast(input.Rules.BaselineMonths).All(m => m.Count == 0);
            return new Tested(measure, terms, month, null, Baseline.OfCount(month.Exposure, earlier, input.Rules), isNew);
        }

        public static Tested? Rate(TrendInput input, string rate)
        {
            if (input.Figure(new FigureKey(rate, FigurePeriod.Of(input.Month))) is not { IsKnown: true } || !input.IsCovered(rate, input.Month))
            {
                return null;
            }
            MonthShare now = TrendJudgement.Share(input, rate, input.Month);
            MonthShare[] earlier = [.. Months(CoveredFrom(input, rate), input.Month.Add(-1)).Select(m => TrendJudgement.Share(input, rate, m))];
            return new Tested(rate, [], default, now, Baseline.OfShare(earlier, input.Rules), false);
        }

        public Signal Judge(SeriesRules rules, SharedDispersion? shared) => Share is { } share
            ? new Signal(Measure, Terms, true, share.Above, SeriesTest.OfShare(share, Baseline, rules, shared))
            : new Signal(Measure, Terms, false, Now.Count, SeriesTest.OfCount(Now, Baseline, rules, shared), IsNew);
    }
}
