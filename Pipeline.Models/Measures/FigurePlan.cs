using Pipeline.Models.Complaints;
using Pipeline.Models.Taxonomy;

namespace Pipeline.Models.Measures;

/// <summary>Which figures a run publishes: the grid of measures, periods and filters that the workbooks print.</summary>
public static class FigurePlan
{
    /// <summary>The member of a dimension that stands for complaints without a value in it.</summary>
    public const string NoMember = "_none";

    /// <summary>Earlier months that are reported beside the month itself.</summary>
    public const int HistoryMonths = 24;

    /// <summary>Dimensions that every measure of the month is broken down by.</summary>
    public static readonly IReadOnlyList<string> MonthDimensions =
    [
        Dimensions.Nature, Dimensions.Business, Dimensions.Cause, Dimensions.Channel,
        Dimensions.BusinessChannel, Dimensions.Branch, Dimensions.Region, Dimensions.Severity,
    ];

    /// <summary>Dimensions that the counts of every month of the history are broken down by.</summary>
    public static readonly IReadOnlyList<string> HistoryDimensions =
        [Dimensions.Nature, Dimensions.Business, Dimensions.Cause, Dimensions.Channel, Dimensions.Branch];

    public static readonly IReadOnlyList<string> HistoryMeasures = ["complaints", "repeat_90", "escalated"];

    public static readonly IReadOnlyList<string> ToDateMeasures =
        ["complaints", "after_merging", "closure_rate", "on_time_rate", "repeat_90", "repeat_rate_90", "escalated", "escalation_rate", "regulator_transfers"];

    public static readonly IReadOnlyList<string> ToDateDimensions = [Dimensions.Nature, Dimensions.Business, Dimensions.Cause];

    /// <summary>Pairs of dimensions that the month's complaints are crossed by.</summary>
    public static readonly IReadOnlyList<(string First, string Second)> Crossings =
    [
        (Dimensions.Business, Dimensions.Cause),
        (Dimensions.Business, Dimensions.Nature),
        (Dimensions.Cause, Dimensions.Nature),
        (Dimensions.Branch, Dimensions.Business),
        (Dimensions.Business, Dimensions.Channel),
        (Dimensions.Branch, Dimensions.BusinessChannel),
        (Dimensions.Branch, Dimensions.Cause),
        (Dimensions.Cause, Dimensions.Channel),
        (Dimensions.BusinessChannel, Dimensions.Cause),
    ];

    /// <summary>Pairs of dimensions that the complaints of every month of the history are crossed by.</summary>
    public static readonly IReadOnlyList<(string First, string Second)> HistoryCrossings = [(Dimensions.Business, Dimensions.Cause)];

    /// <summary>Measures that the month is broken down by tag with; complaints by tag are counted for every month of the history.</summary>
    public static readonly IReadOnlyList<string> TagMeasures = ["complaints", "persons", "amount_claimed", "repeat_90", "escalated", "regulator_transfers"];

    /// <summary>Measures of the cohort whose returns are complete, see <see cref="Matured"/>.</summary>
    public static readonly IReadOnlyList<string> MaturedMeasures = ["complaints", "returned_90", "return_rate_90", "escalated_after_rate_90"];

    /// <summary>Months before the month that its changes are set against: up to twelve; null where there are none.</summary>
    public static FigurePeriod? Baseline(ReportingMonth month, ReportingMonth history) =>
        history >= month ? null : new FigurePeriod(history > month.Add(-12) ? history : month.Add(-12), month.Add(-1));

    /// <summary>The latest three months whose complaints had 90 days to return by the end of the month; null where there are none.</summary>
    public static FigurePeriod? Matured(ReportingMonth month, ReportingMonth history) =>
        history > month.Add(-3) ? null : new FigurePeriod(history > month.Add(-5) ? history : month.Add(-5), month.Add(-3));

    /// <summary>
    /// The members of each dimension, in the order in which tables print them: the taxonomy's classes, then classes seen beyond it in
    /// ordinal order, then <see cref="NoMember"/> where some complaint of the history has none. Of an open dimension with more than
    /// <see cref="OpenMembers"/> classes those with most complaints in the month are kept.
    /// </summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Members(
        ComplaintTaxonomy taxonomy, IReadOnlyList<ComplaintFact> facts, ReportingMonth month)
    {
        Dictionary<string, IReadOnlyList<string>> members = new(StringComparer.Ordinal);
        foreach (string dimension in MonthDimensions)
        {
            Dictionary<string, int> seen = new(StringComparer.Ordinal);
            foreach (ComplaintFact fact in facts.Where(f => f.Exclusion is null))
            {
                string member = MemberOf(fact, dimension);
                seen[member] = seen.GetValueOrDefault(member) + (month.Contains(fact.Received) ? 1 : 0);
            }
            List<string> ordered = [.. taxonomy.Dimension(dimension)?.Classes.Select(c => c.Key) ?? []];
            HashSet<string> listed = [.. ordered];
            ordered.AddRange(seen.Keys
                .Where(m => m != NoMember && !listed.Contains(m))
                .OrderByDescending(m => seen[m]).ThenBy(m => m, StringComparer.Ordinal)
                .Take(OpenMembers)
                .Order(StringComparer.Ordinal));
            if (seen.ContainsKey(NoMember))
            {
                ordered.Add(NoMember);
            }
            members.Add(dimension, ordered);
        }
        List<string> responses = [.. facts.Where(f => f.Exclusion is null).Select(f => f.Response).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        members.Add(Dimensions.Response, responses.Count <= MostResponses ? responses : []);
        members.Add(Dimensions.Exclusion, [.. facts.Select(f => f.Exclusion).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)]);
        members.Add(Dimensions.Tag, [.. facts.SelectMany(f => f.Tags).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)]);
        return members;
    }

    /// <summary>More different responses than this are free text and no classes.</summary>
    private const int MostResponses = 30;

    /// <summary>So many classes of an open dimension (companies, issues) are broken out; the rest shows in totals only.</summary>
    public const int OpenMembers = 60;

    /// <summary>A crossing with more cells is not followed over the history.</summary>
    private const int MostHistoryCells = 400;

    /// <summary>The periods to date that contain the month: its quarter, half-year and year, from their first month up to it.</summary>
    public static IReadOnlyList<FigurePeriod> PeriodsToDate(ReportingMonth month) =>
    [
        new(new ReportingMonth(month.Year, ((month.Month - 1) / 3 * 3) + 1), month),
        new(new ReportingMonth(month.Year, month.Month <= 6 ? 1 : 7), month),
        new(new ReportingMonth(month.Year, 1), month),
    ];

    /// <summary>The whole plan, without repeats, in a stable order.</summary>
    /// <param name="views">Regulators' views that the taxonomy has.</param>
    /// <param name="history">The first month reported, at most <see cref="HistoryMonths"/> before <paramref name="month"/>.</param>
    public static IReadOnlyList<FigureKey> For(
        ReportingMonth month, ReportingMonth history, IReadOnlyDictionary<string, IReadOnlyList<string>> members, IReadOnlyList<string>? views = null)
    {
        List<FigureKey> keys = [];
        HashSet<string> known = new(StringComparer.Ordinal);
        void Add(FigureKey key)
        {
            if (known.Add(key.Text))
            {
                keys.Add(key);
            }
        }

        FigurePeriod now = FigurePeriod.Of(month);
        foreach (Measure measure in MeasureCatalog.All.Where(m => m.View is null || views?.Contains(m.View) == true))
        {
            for (ReportingMonth m = history; m <= month; m = m.Add(1))
            {
                Add(new FigureKey(measure.Key, FigurePeriod.Of(m)));
            }
            foreach (string dimension in MonthDimensions.Where(d => RegulatoryPlan.IsBrokenDown(measure, d)))
            {
                foreach (string member in members[dimension])
                {
                    Add(new FigureKey(measure.Key, now, new FilterTerm(dimension, member)));
                }
            }
        }
        foreach (string measure in HistoryMeasures)
        {
            foreach (string dimension in HistoryDimensions)
            {
                foreach (string member in members[dimension])
                {
                    for (ReportingMonth m = history; m <= month; m = m.Add(1))
                    {
                        Add(new FigureKey(measure, FigurePeriod.Of(m), new FilterTerm(dimension, member)));
                    }
                }
            }
        }
        foreach ((string first, string second) in HistoryCrossings)
        {
            // Crossing open dimensions would plan thousands of empty figures.
            if (members[first].Count * members[second].Count > MostHistoryCells)
            {
                continue;
            }
            foreach (string a in members[first])
            {
                foreach (string b in members[second])
                {
                    for (ReportingMonth m = history; m <= month; m = m.Add(1))
                    {
                        Add(new FigureKey("complaints", FigurePeriod.Of(m), new FilterTerm(first, a), new FilterTerm(second, b)));
                    }
                }
            }
        }
        foreach (FigurePeriod period in PeriodsToDate(month))
        {
            foreach (string measure in ToDateMeasures)
            {
                Add(new FigureKey(measure, period));
                foreach (string dimension in ToDateDimensions)
                {
                    foreach (string member in members[dimension])
                    {
                        Add(new FigureKey(measure, period, new FilterTerm(dimension, member)));
                    }
                }
                if (RegulatoryPlan.AYearBefore(period, history) is { } before)
                {
                    Add(new FigureKey(measure, before));
                }
            }
        }
        foreach (string tag in members[Dimensions.Tag])
        {
            foreach (string measure in TagMeasures)
            {
                Add(new FigureKey(measure, now, new FilterTerm(Dimensions.Tag, tag)));
            }
            for (ReportingMonth m = history; m <= month; m = m.Add(1))
            {
                Add(new FigureKey("complaints", FigurePeriod.Of(m), new FilterTerm(Dimensions.Tag, tag)));
            }
            foreach (string cause in members[Dimensions.Cause])
            {
                Add(new FigureKey("complaints", now, new FilterTerm(Dimensions.Cause, cause), new FilterTerm(Dimensions.Tag, tag)));
            }
        }
        if (Baseline(month, history) is { } baseline)
        {
            Add(new FigureKey("complaints", baseline));
            foreach (string cause in members[Dimensions.Cause])
            {
                Add(new FigureKey("complaints", baseline, new FilterTerm(Dimensions.Cause, cause)));
            }
            foreach (string business in members[Dimensions.Business])
            {
                Add(new FigureKey("complaints", baseline, new FilterTerm(Dimensions.Business, business)));
                foreach (string cause in members[Dimensions.Cause])
                {
                    Add(new FigureKey("complaints", baseline, new FilterTerm(Dimensions.Business, business), new FilterTerm(Dimensions.Cause, cause)));
                }
            }
        }
        if (Matured(month, history) is { } matured)
        {
            foreach (string measure in MaturedMeasures)
            {
                Add(new FigureKey(measure, matured));
                foreach (string cause in members[Dimensions.Cause])
                {
                    Add(new FigureKey(measure, matured, new FilterTerm(Dimensions.Cause, cause)));
                }
            }
        }
        foreach ((string first, string second) in Crossings)
        {
            foreach (string a in members[first])
            {
                foreach (string b in members[second])
                {
                    Add(new FigureKey("complaints", now, new FilterTerm(first, a), new FilterTerm(second, b)));
                }
            }
        }
        foreach (FigureKey key in RegulatoryPlan.For(month, history, members, views ?? []))
        {
            Add(key);
        }
        return keys;
    }

    /// <summary>The class of a complaint in a dimension; <see cref="NoMember"/> where it has none.</summary>
    public static string MemberOf(ComplaintFact fact, string dimension) => dimension switch
    {
        Dimensions.Nature => fact.Nature.Class,
        Dimensions.Business => fact.Business.Class,
        Dimensions.Cause => fact.Cause.Class,
        Dimensions.Channel => fact.Channel,
        Dimensions.BusinessChannel => fact.BusinessChannel,
        Dimensions.Branch => fact.Branch,
        Dimensions.Region => fact.Region,
        Dimensions.Severity => fact.Severity,
        Dimensions.Exclusion => fact.Exclusion,
        Dimensions.Response => fact.Response,
        _ => throw new ArgumentOutOfRangeException(nameof(dimension), dimension, "not a dimension that complaints are counted by"),
    } ?? NoMember;
}
