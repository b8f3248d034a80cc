using System.Collections.Frozen;
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
    private const int FewestOfClass = 20;

    /// <summary>Families of many classes, each seen seldom, are held four times as tightly by the penalty: a column of half the size.</summary>
    private const double ManyClassesScale = 0.5;

    private static readonly FrozenSet<string> ManyClasses = FrozenSet.Create(
        StringComparer.Ordinal,
        PriorityFamilies.Business, PriorityFamilies.Cause, PriorityFamilies.Branch, PriorityFamilies.Severity, PriorityFamilies.Amount,
        PriorityFamilies.Compensation, PriorityFamilies.Liability);

    private static readonly Comparer<(int Place, double Value)> ByPlace = Comparer<(int Place, double Value)>.Create((a, b) => a.Place.CompareTo(b.Place));

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

    /// <summary>The features that enough of the points show, and the points as rows of them.</summary>
    public static (PriorityFeatures Features, FeatureRow[] Rows) Of(IReadOnlyList<PriorityPoint> learned)
    {
        Dictionary<PriorityFeature, int> codes = [];
        // A complaint is shown on several days: what does not change of it is read once.
        Dictionary<PriorityCase, (int Code, double Value)[]> known = new(ReferenceEqualityComparer.Instance);
        (int Code, double Value)[][] coded = new (int, double)[learned.Count][];
        List<(int Code, double Value)> own = [];
        for (int i = 0; i < coded.Length; i++)
        {
            PriorityPoint point = learned[i];
            if (!known.TryGetValue(point.Case, out (int, double)[]? lasting))
            {
                known.Add(point.Case, lasting = [.. LastingValues(point.Case).Select(Coded)]);
            }
            own.Clear();
            own.AddRange(lasting);
            foreach ((PriorityFeature, double) value in DayValues(point))
            {
                own.Add(Coded(value));
            }
            coded[i] = [.. own];
        }
        int[] seen = new int[codes.Count];
        foreach ((int Code, double Value)[] row in coded)
        {
            foreach ((int code, double _) in row)
            {
                seen[code]++;
            }
        }
        PriorityFeatures features = new(codes.Where(c => seen[c.Value] >= FewestOfClass).Select(c => c.Key)
            .OrderBy(f => f.Family, StringComparer.Ordinal).ThenBy(f => f.Member, StringComparer.Ordinal));
        int[] places = [.. codes.Select(c => features.places.GetValueOrDefault(c.Key, -1))];
        double[] scales = [.. codes.Select(c => Scale(c.Key))];
        return (features, [.. coded.Select(Row)]);

        (int, double) Coded((PriorityFeature Feature, double Value) value)
        {
            if (!codes.TryGetValue(value.Feature, out int code))
            {
                codes.Add(value.Feature, code = codes.Count);
            }
            return (code, value.Value);
        }

        FeatureRow Row((int Code, double Value)[] values)
        {
            int count = 0;
            foreach ((int code, double value) in values)
            {
                if (places[code] >= 0 && value != 0)
                {
                    values[count++] = (places[code], value * scales[code]);
                }
            }
            Array.Sort(values, 0, count, ByPlace);
            int[] columns = new int[count];
            double[] filled = new double[count];
            for (int i = 0; i < count; i++)
            {
                (columns[i], filled[i]) = values[i];
            }
            return new FeatureRow(columns, filled);
        }
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
    private static IEnumerable<(PriorityFeature Feature, double Value)> Values(PriorityPoint point) => LastingValues(point.Case).Concat(DayValues(point));

    /// <summary>What depends on the day.</summary>
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
        if (point.EarlierCases > 0)
        {
            yield return (new(PriorityFamilies.Person, "cases"), Math.Log(1 + point.EarlierCases));
        }
        if (point.EarlierReturns > 0)
        {
            yield return (new(PriorityFamilies.Person, "returns"), Math.Log(1 + point.EarlierReturns));
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
    private static IEnumerable<(PriorityFeature Feature, double Value)> LastingValues(PriorityCase one)
    {
        ComplaintFact fact = one.Fact;
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
        foreach (string cue in one.Cues)
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
            yield return (new(PriorityFamilies.Channel, $"level_{fact.Level}"), 1);
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
