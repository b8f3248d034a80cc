using Pipeline.Models.Complaints;
using Pipeline.Models.Measures;

namespace Pipeline.Models.RootCauses;

/// <summary>What can be said of an action.</summary>
public enum RemediationState
{
    /// <summary>Not done yet.</summary>
    UnderWay,

    /// <summary>Done, but no whole month has passed since.</summary>
    TooEarly,

    /// <summary>Fewer than three whole months stand before the work began, or nothing was counted in them.</summary>
    NoBaseline,
    Worked,
    NotDistinguishable,
    Worse,
}

/// <summary>Complaints of a scope in a whole month.</summary>
/// <param name="Others">All complaints of the source in the month outside of the scope.</param>
public readonly record struct ScopeMonth(ReportingMonth Month, long Count, long Others);

/// <summary>Before against after.</summary>
/// <param name="Before">Whole months before the work began; null where there are none.</param>
/// <param name="After">Whole months since it was done; null where there are none.</param>
/// <param name="CountBefore">Complaints of the scope.</param>
/// <param name="Rates">Rate after ÷ before with its 95 % interval and two-sided p-value; null where it is not tested.</param>
/// <param name="Dispersion">How much more the months vary than Poisson counts, at least 1; above 1 the test is quasi-Poisson.</param>
/// <param name="IsSeasonal">Months were weighted by the season that the other complaints of 24 months show.</param>
/// <param name="OthersRatio">Other complaints per month, after ÷ before: what changed without the action.</param>
/// <param name="SeenFall">The fall (0 to 1) that these months would have shown with a probability of 80 %; null where none would.</param>
/// <param name="MonthsForThird">Months after that a fall by a third needs to be seen with 80 %; null where more than 36.</param>
public sealed record RemediationEffect(
    RemediationState State, FigurePeriod? Before, FigurePeriod? After, long CountBefore, long CountAfter, RateComparison? Rates, double Dispersion, bool IsSeasonal,
    double? OthersRatio, double? SeenFall, int? MonthsForThird)
{
    /// <summary>Two-sided p-value below which a change is called real.</summary>
    public const double Level = 0.05;

    /// <summary>Probability with which a change should be seen.</summary>
    public const double Power = 0.8;

    private const int FewestMonths = 3;
    private const int SeasonMonths = 24;
    private const int LongestWait = 36;

    /// <summary>
    /// An interrupted series with two levels (Wagner, Soumerai, Zhang and Ross-Degnan, Journal of Clinical Pharmacy and Therapeutics 27,
    /// 2002, without slopes: the months are few): the whole months before the work began against the whole months after it was done;
    /// the months between are left out. Exact conditional test of two Poisson rates; where the months vary more than Poisson counts do,
    /// counts are divided by the dispersion first (quasi-Poisson; Wedderburn, Biometrika 61, 1974). Where 24 months of other complaints
    /// stand, months are weighted by their season.
    /// </summary>
    /// <param name="series">Whole months of the scope, in order, without gaps.</param>
    public static RemediationEffect Of(RemediationEntry entry, IReadOnlyList<ScopeMonth> series)
    {
        ReportingMonth opened = ReportingMonth.Of(entry.Opened);
        ScopeMonth[] before = [.. series.Where(m => m.Month < opened)];
        ScopeMonth[] after = entry.Done is { } done ? [.. series.Where(m => m.Month > ReportingMonth.Of(done))] : [];
        long countBefore = before.Sum(m => m.Count);
        long countAfter = after.Sum(m => m.Count);
        (IReadOnlyDictionary<int, double> season, bool isSeasonal) = Season(series);
        double exposureBefore = before.Sum(m => season[m.Month.Month]);
        double exposureAfter = after.Sum(m => season[m.Month.Month]);
        double dispersion = Overdispersion(before, after, season);
        double? others = before.Length == 0 || after.Length == 0 || before.Sum(m => m.Others) == 0 ? null
            : after.Average(m => m.Others) / before.Average(m => m.Others);
        RemediationEffect effect = new(
            RemediationState.UnderWay, Period(before), Period(after), countBefore, countAfter, null, dispersion, isSeasonal, others, null, null);
        if (entry.Done is null)
        {
            return effect;
        }
        if (before.Length < FewestMonths || countBefore == 0)
        {
            return effect with { State = RemediationState.NoBaseline };
        }
        double mean = countBefore / exposureBefore;
        int? wait = MonthsToSee(1.0 / 3, mean, exposureBefore, dispersion);
        if (after.Length == 0)
        {
            return effect with { State = RemediationState.TooEarly, MonthsForThird = wait };
        }
        RateComparison scaled = PoissonRates.Compare(Scaled(countAfter, dispersion), exposureAfter, Scaled(countBefore, dispersion), exposureBefore);
        RateComparison rates = scaled with { Ratio = countAfter / exposureAfter / mean };
        return effect with
        {
            Rates = rates,
            State = rates.PValue >= Level ? RemediationState.NotDistinguishable : rates.Ratio < 1 ? RemediationState.Worked : RemediationState.Worse,
            SeenFall = SmallestSeenFall(mean, exposureBefore, exposureAfter, dispersion),
            MonthsForThird = wait,
        };
    }

    /// <summary>
    /// Weight of each month of the year, 1 on average: the mean of its share of the twelve months that it stands in, over the last 24
    /// months of the complaints outside of the scope. 1 for all where fewer months stand.
    /// </summary>
    internal static (IReadOnlyDictionary<int, double> Weights, bool IsSeasonal) Season(IReadOnlyList<ScopeMonth> series)
    {
        Dictionary<int, double> weights = Enumerable.Range(1, 12).ToDictionary(m => m, _ => 1.0);
        if (series.Count < SeasonMonths)
        {
            return (weights, false);
        }
        ScopeMonth[] last = [.. series.TakeLast(SeasonMonths)];
        for (int year = 0; year < 2; year++)
        {
            ScopeMonth[] twelve = [.. last.Skip(year * 12).Take(12)];
            double mean = twelve.Average(m => m.Others);
            if (mean == 0)
            {
                return (Enumerable.Range(1, 12).ToDictionary(m => m, _ => 1.0), false);
            }
            foreach (ScopeMonth month in twelve)
            {
                weights[month.Month.Month] = (year == 0 ? 0 : weights[month.Month.Month]) + (month.Others / mean / 2);
            }
        }
        return weights.Values.Any(w => w == 0) ? (Enumerable.Range(1, 12).ToDictionary(m => m, _ => 1.0), false) : (weights, true);
    }

    /// <summary>Pearson's chi-square of the months about the level of their period, by degree of freedom; at least 1.</summary>
    private static double Overdispersion(ScopeMonth[] before, ScopeMonth[] after, IReadOnlyDictionary<int, double> season)
    {
        double squares = 0;
        int freedom = 0;
        foreach (ScopeMonth[] period in (ScopeMonth[][])[before, after])
        {
            double rate = period.Length == 0 ? 0 : period.Sum(m => m.Count) / period.Sum(m => season[m.Month.Month]);
            if (rate > 0 && period.Length > 1)
            {
                squares += period.Sum(m => Math.Pow(m.Count - (rate * season[m.Month.Month]), 2) / (rate * season[m.Month.Month]));
                freedom += period.Length - 1;
            }
        }
        return freedom == 0 ? 1 : Math.Max(1, squares / freedom);
    }

    /// <summary>The smallest fall that would be called real with a probability of <see cref="Power"/>, given what was counted before.</summary>
    private static double? SmallestSeenFall(double mean, double exposureBefore, double exposureAfter, double dispersion)
    {
        if (MostThatIsAFall(mean, exposureBefore, exposureAfter, dispersion) is not { } most)
        {
            return null;
        }
        double low = 0;
        double high = 1;
        for (int i = 0; i < 50; i++)
        {
            double fall = (low + high) / 2;
            (low, high) = PoissonAtMost(most, mean * exposureAfter * (1 - fall) / dispersion) >= Power ? (low, fall) : (fall, high);
        }
        return high;
    }

    /// <summary>The largest scaled count after that is a significant fall; null where not even none is.</summary>
    private static long? MostThatIsAFall(double mean, double exposureBefore, double exposureAfter, double dispersion)
    {
        long before = Scaled((long)Math.Round(mean * exposureBefore), dispersion);
        double expected = mean * exposureAfter / dispersion;
        long? most = null;
        for (long count = 0; count < expected && PoissonRates.Compare(count, exposureAfter, before, exposureBefore).PValue < Level; count++)
        {
            most = count;
        }
        return most;
    }

    private static int? MonthsToSee(double fall, double mean, double exposureBefore, double dispersion)
    {
        for (int months = 1; months <= LongestWait; months++)
        {
            if (MostThatIsAFall(mean, exposureBefore, months, dispersion) is { } most && PoissonAtMost(most, mean * months * (1 - fall) / dispersion) >= Power)
            {
                return months;
            }
        }
        return null;
    }

    internal static double PoissonAtMost(long most, double mean)
    {
        double term = Math.Exp(-mean);
        double sum = term;
        for (long k = 1; k <= most; k++)
        {
            term *= mean / k;
            sum += term;
        }
        return Math.Min(1, sum);
    }

    private static long Scaled(long count, double dispersion) => (long)Math.Round(count / dispersion, MidpointRounding.AwayFromZero);

    private static FigurePeriod? Period(ScopeMonth[] months) => months.Length == 0 ? null : new FigurePeriod(months[0].Month, months[^1].Month);
}
