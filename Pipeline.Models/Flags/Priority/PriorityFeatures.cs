using System.Collections.Frozen;
using System.Runtime.InteropServices;
using Pipeline.Models.Complaints;

namespace Pipeline.Models.Flags.Priority;

/// <summary>What a feature is about: reasons are given by family, in one sentence each.</summary>
public static class PriorityFamilies
{
    public const string SinceClosing = "since_closing";
    public const string DaysOpen = "days_open";
    public const string Handling = "handling";
    public const string Satisfaction = "satisfaction";
    public const string Chain = "chain";
    public const string Gap = "gap";
    public const string Person = "person";
    public const string Stage = "stage";
    public const string Threat = "threat";
    public const string Channel = "channel";
    public const string Business = "business";
    public const string Cause = "cause";
    public const string Branch = "branch";
    public const string Severity = "severity";
    public const string Amount = "amount";
    public const string Compensation = "compensation";
    public const string Liability = "liability";
    public const string Group = "group";
    public const string Organised = "organised";
}

/// <param name="Family">See <see cref="PriorityFamilies"/>.</param>
/// <param name="Member">Which of the family: a class, a span of days; empty for a family of one number.</param>
public readonly record struct PriorityFeature(string Family, string Member);

/// <summary>
/// Turns a complaint as it stood on a day into numbers. Numbers of days are told in spans, so that a weight can be said in words; classes
/// that too few of the learned complaints show are left out.
/// </summary>
public sealed class PriorityFeatures
{
    /// <summary>Begins the member that stands for all channels of a rung of the escalation ladder.</summary>
    internal const string Rung = "level_";

    private const int FewestOfClass = 20;

    /// <summary>Families of many classes, each seen seldom, are held four times as tightly by the penalty: a column of half the size.</summary>
    private const double ManyClassesScale = 0.5;

    private static readonly FrozenSet<string> ManyClasses = FrozenSet.Create(
        StringComparer.Ordinal,
        PriorityFamilies.Business, PriorityFamilies.Cause, PriorityFamilies.Branch, PriorityFamilies.Severity, PriorityFamilies.Amount,
        PriorityFamilies.Compensation, PriorityFamilies.Liability);

    private static readonly Spans ClosingEnds = new(2, 5, 8, 11, 15, 20, 25);
    private static readonly Spans OpenEnds = new(3, 7, 11, 15, 30, 60);
    private static readonly Spans HandlingEnds = new(4, 8, 15, 30, 60);
    private static readonly Spans GapEnds = new(7, 15, 30, 60);

    private readonly Dictionary<PriorityFeature, int> places = [];

    private PriorityFeatures(IEnumerable<PriorityFeature> features)
    {
        foreach (PriorityFeature feature in features)
        {
            places.Add(feature, places.Count);
        }
        All = [.. places.Keys];
    }

    /// <value>In the order of the columns.</value>
    public IReadOnlyList<PriorityFeature> All { get; }

    /// <summary>
    /// The features that enough of the points show, and the points as rows of them: each complaint a group, of which what holds from receipt on is shared.
    /// </summary>
    /// <param name="learned">Complaint by complaint.</param>
    public static (PriorityFeatures Features, FeatureRows Rows) Of(IEnumerable<PriorityPoint> learned)
    {
        CodedFeatures shared = new(keepsValues: true);
        CodedFeatures own = new(keepsValues: false);
        List<int> groupEnds = []; // of the rows
        PriorityCase? last = null;
        foreach (PriorityPoint point in learned)
        {
            if (!ReferenceEquals(point.Case, last))
            {
                last = point.Case;
                shared.AddRow(LastingValues(point));
                groupEnds.Add(own.Count);
            }
            own.AddRow(DayValues(point));
            groupEnds[^1] = own.Count;
        }
        for (int group = 0; group < groupEnds.Count; group++)
        {
            shared.See(group, groupEnds[group] - (group == 0 ? 0 : groupEnds[group - 1]));
        }
        for (int row = 0; row < own.Count; row++)
        {
            own.See(row, 1);
        }
        PriorityFeatures features = new(shared.Often(FewestOfClass).Concat(own.Often(FewestOfClass)).OrderBy(f => f.Family, StringComparer.Ordinal).ThenBy(f => f.Member, StringComparer.Ordinal));
        FeatureRows rows = new([.. features.All.Select(Scale)]);
        int[] sharedPlaces = shared.Places(features.places);
        int[] ownPlaces = own.Places(features.places);
        List<int> columns = [];
        List<double> values = [];
        List<ushort> days = [];
        for (int group = 0; group < groupEnds.Count; group++)
        {
            columns.Clear();
            values.Clear();
            ReadOnlySpan<int> sharedCodes = shared.Row(group);
            ReadOnlySpan<double> sharedValues = shared.Values(group);
            for (int i = 0; i < sharedCodes.Length; i++)
            {
                int place = sharedPlaces[sharedCodes[i]];
                if (place >= 0 && sharedValues[i] != 0)
                {
                    columns.Add(place);
                    values.Add(sharedValues[i] * rows.OwnValue(place));
                }
            }
            rows.Begin(CollectionsMarshal.AsSpan(columns), CollectionsMarshal.AsSpan(values));
            for (int row = group == 0 ? 0 : groupEnds[group - 1]; row < groupEnds[group]; row++)
            {
                days.Clear();
                foreach (int code in own.Row(row))
                {
                    if (ownPlaces[code] >= 0)
                    {
                        days.Add(checked((ushort)ownPlaces[code]));
                    }
                }
                rows.Add(CollectionsMarshal.AsSpan(days));
            }
        }
        return (features, rows);
    }

    public double[] Row(PriorityPoint point)
    {
        double[] row = new double[places.Count];
        foreach ((PriorityFeature feature, double value) in Values(point))
        {
            if (places.TryGetValue(feature, out int place))
            {
                row[place] = value * Scale(feature);
            }
        }
        return row;
    }

    private static double Scale(PriorityFeature feature) => ManyClasses.Contains(feature.Family) ? ManyClassesScale : 1;

    /// <summary>Each feature at most once.</summary>
    private static IEnumerable<(PriorityFeature Feature, double Value)> Values(PriorityPoint point) => LastingValues(point).Concat(DayValues(point));

    /// <summary>What depends on the day; each feature is there or not.</summary>
    private static IEnumerable<(PriorityFeature Feature, double Value)> DayValues(PriorityPoint point)
    {
        if (point.DaysSinceClosing is { } since)
        {
            yield return (new(PriorityFamilies.SinceClosing, Span(since, ClosingEnds)), 1);
            yield return (new(PriorityFamilies.Handling, Span(point.DaysOpen, HandlingEnds)), 1);
            yield return (new(PriorityFamilies.Satisfaction, point.Satisfaction ?? "not_asked"), 1);
            yield return (new(PriorityFamilies.Compensation, Word(point.IsCompensated)), 1);
            yield return (new(PriorityFamilies.Liability, Word(point.IsLiable)), 1);
        }
        else
        {
            yield return (new(PriorityFamilies.DaysOpen, Span(point.DaysOpen, OpenEnds)), 1);
        }
        if (point.Case.GroupSince <= point.Day)
        {
            yield return (new(PriorityFamilies.Group, ""), 1);
        }
        if (point.Case.OrganisedSince <= point.Day)
        {
            yield return (new(PriorityFamilies.Organised, ""), 1);
        }
    }

    /// <summary>What holds from receipt on.</summary>
    private static IEnumerable<(PriorityFeature Feature, double Value)> LastingValues(PriorityPoint point)
    {
        ComplaintFact fact = point.Case.Fact;
        if (point.EarlierCases > 0)
        {
            yield return (new(PriorityFamilies.Person, "cases"), Math.Log(1 + point.EarlierCases));
        }
        if (point.EarlierReturns > 0)
        {
            yield return (new(PriorityFamilies.Person, "returns"), Math.Log(1 + point.EarlierReturns));
        }
        if (fact.ChainNumber > 0)
        {
            yield return (new(PriorityFamilies.Chain, ""), Math.Log(1 + fact.ChainNumber));
            yield return (new(PriorityFamilies.Chain, "any"), 1);
        }
        if (fact.RepeatGapDays is { } gap)
        {
            yield return (new(PriorityFamilies.Gap, Span(gap, GapEnds)), 1);
        }
        if (fact.Stage is { } stage)
        {
            yield return (new(PriorityFamilies.Stage, stage), 1);
        }
        foreach (string cue in point.Case.Cues)
        {
            yield return (new(PriorityFamilies.Threat, cue), 1);
        }
        if (fact.IsEscalation)
        {
            yield return (new(PriorityFamilies.Channel, "escalated"), 1);
        }
        if (fact.Channel is { } channel)
        {
            yield return (new(PriorityFamilies.Channel, channel), 1);
            yield return (new(PriorityFamilies.Channel, $"{Rung}{fact.Level}"), 1);
        }
        if (fact.Business.Class is { } business)
        {
            yield return (new(PriorityFamilies.Business, business), 1);
        }
        if (fact.Cause.Class is { } cause)
        {
            yield return (new(PriorityFamilies.Cause, cause), 1);
        }
        if (fact.Branch is { } branch)
        {
            yield return (new(PriorityFamilies.Branch, branch), 1);
        }
        if (fact.Severity is { } severity)
        {
            yield return (new(PriorityFamilies.Severity, severity), 1);
        }
        if (fact.Amount is { } amount && amount > 0)
        {
            yield return (new(PriorityFamilies.Amount, ""), Math.Log10(1 + (double)amount));
        }
    }

    /// <summary>The span that a number of days falls in, for example <c>03-05</c>; the last one is open.</summary>
    private static string Span(int days, Spans spans)
    {
        int place = 0;
        while (place < spans.Ends.Length && days > spans.Ends[place])
        {
            place++;
        }
        return spans.Names[place];
    }

    private static string Word(bool? flag) => flag switch { true => "yes", false => "no", null => "unknown" };

    /// <summary>Spans of days by their last days, with their names.</summary>
    private sealed class Spans(params int[] ends)
    {
        public int[] Ends { get; } = ends;

        public string[] Names { get; } =
            [.. ends.Select((end, i) => $"{(i == 0 ? 0 : ends[i - 1] + 1):00}-{end:00}"), $"{ends[^1] + 1:00}+"];
    }
}
