using System.Collections.Concurrent;
using Pipeline.Models.Complaints;
using Pipeline.Models.Regulatory;
using Pipeline.Models.Taxonomy;

namespace Pipeline.Models.Measures;

/// <summary>
/// The one place where complaints become figures. Sheets, JSON, the console and comparisons all ask here, so two places cannot
/// disagree, and a figure knows the complaints behind it.
/// </summary>
/// <remarks>A class that has sub-classes counts its own complaints and theirs: the sum is made of complaints, never of printed numbers.</remarks>
public sealed class FigureEngine
{
    /// <summary>Every dimension of a complaint that counts, beside its tags: a condition is looked up, so that one that is missing here would count nothing.</summary>
    private static readonly string[] CountedDimensions = [.. FigurePlan.MonthDimensions, Dimensions.Response];

    /// <summary>Shares are kept to ten decimals: enough for any printed precision, and the same on every machine.</summary>
    private const int ShareDecimals = 10;

    /// <summary>Complaints of customers are some hundred thousandths: as many significant digits take more.</summary>
    private const int RateDecimals = 16;

    private readonly Dictionary<ReportingMonth, List<ComplaintFact>> byMonth = [];
    private readonly Dictionary<(ReportingMonth Month, string Dimension, string Member), List<ComplaintFact>> byMember = [];
    private readonly Dictionary<ReportingMonth, List<ComplaintFact>> excluded = [];
    private readonly ConcurrentDictionary<(string Dimension, string Member), IReadOnlyList<string>> lineages = [];
    private readonly ReportingMonth earliest = new(9999, 12);
    private readonly ComplaintTaxonomy taxonomy;
    private readonly MeasureContext pinned;
    private readonly KnownEvidence known;

    /// <param name="facts">Every case of the periods that figures are asked for; more does no harm.</param>
    /// <param name="asOf">The day the newest export in the ledger was made.</param>
    /// <param name="book">Calendar, switches and denominators; null where no figure needs them.</param>
    /// <param name="known">What the source states; null: found from <paramref name="facts"/> as if all came in tables of one layout.</param>
    public FigureEngine(
        IReadOnlyList<ComplaintFact> facts, ComplaintTaxonomy taxonomy, RuleBook rules, DateOnly asOf, RegulatoryBook? book = null, KnownEvidence? known = null)
    {
        this.taxonomy = taxonomy;
        this.known = known ?? KnownEvidence.Of(facts.Select(f => (f, "")));
        pinned = new MeasureContext(asOf, rules.TimeLimitCalendarDays) { Book = book };
        foreach (ComplaintFact fact in facts)
        {
            ReportingMonth month = ReportingMonth.Of(fact.Received);
            if (fact.Exclusion is not null)
            {
                Bucket(excluded, month).Add(fact);
                continue;
            }
            earliest = month < earliest ? month : earliest;
            Bucket(byMonth, month).Add(fact);
            foreach (string dimension in CountedDimensions)
            {
                foreach (string member in Lineage(dimension, FigurePlan.MemberOf(fact, dimension)))
                {
                    Bucket(byMember, (month, dimension, member)).Add(fact);
                }
            }
            foreach (string tag in fact.Tags)
            {
                Bucket(byMember, (month, Dimensions.Tag, tag)).Add(fact);
            }
        }
    }

    /// <summary>The figure, and nothing else, that <paramref name="key"/> asks for.</summary>
    public Figure Evaluate(FigureKey key)
    {
        Measure measure = MeasureCatalog.Find(key.Measure);
        return Evaluate(key, measure, [.. Selected(key, measure.Basis)]);
    }

    /// <summary>
    /// The figures of a plan, in its order. Keys that differ in the measure alone count the same complaints: those are looked up once.
    /// </summary>
    /// <param name="threads">Changes nothing but the time.</param>
    public Figure[] EvaluateAll(IReadOnlyList<FigureKey> keys, int threads)
    {
        Measure[] measures = [.. keys.Select(k => MeasureCatalog.Find(k.Measure))];
        int[][] alike = [.. Enumerable.Range(0, keys.Count)
            .GroupBy(i => (keys[i].Text[keys[i].Measure.Length..], measures[i].Basis))
            .Select(g => g.ToArray())];
        Figure[] figures = new Figure[keys.Count];
        Parallel.For(0, alike.Length, new ParallelOptions { MaxDegreeOfParallelism = threads }, number =>
        {
            int[] own = alike[number];
            List<ComplaintFact> rows = [.. Selected(keys[own[0]], measures[own[0]].Basis)];
            foreach (int i in own)
            {
                figures[i] = Evaluate(keys[i], measures[i], rows);
            }
        });
        return figures;
    }

    /// <summary>The rows behind a figure that cannot be known stay what they are: the complaints that it would be of.</summary>
    private Figure Evaluate(FigureKey key, Measure measure, List<ComplaintFact> rows)
    {
        Figure figure = Counted(key, measure, rows);
        return IsKnown(measure, key.Period) ? figure : figure with { Value = null, Numerator = null, Denominator = null };
    }

    private bool IsKnown(Measure measure, FigurePeriod period) =>
        known.Covers(measure.Needs | (measure.NeedsByRules?.Invoke(pinned.Book) ?? Evidence.None), period);

    private Figure Counted(FigureKey key, Measure measure, List<ComplaintFact> rows)
    {
        MeasureContext context = pinned with { Period = key.Period };
        switch (measure.Kind)
        {
            case MeasureKind.Count:
                {
                    int count = rows.Count(f => measure.Counted(f, context));
                    return new Figure(key.Text, count, measure.Unit, null, null, count);
                }
            case MeasureKind.Share:
                {
                    int below = rows.Count(f => measure.Base!(f, context));
                    int above = rows.Count(f => measure.Base!(f, context) && measure.Counted(f, context));
                    return new Figure(key.Text, below == 0 ? null : Round((decimal)above / below), measure.Unit, above, below, below);
                }
            case MeasureKind.Sum:
                {
                    List<decimal> values = Values(measure, rows, context);
                    return new Figure(key.Text, values.Sum(), measure.Unit, null, null, values.Count);
                }
            case MeasureKind.Median:
                {
                    List<decimal> values = Values(measure, rows, context);
                    values.Sort();
                    decimal? median = values.Count == 0 ? null
                        : values.Count % 2 == 1 ? values[values.Count / 2]
                        : (values[(values.Count / 2) - 1] + values[values.Count / 2]) / 2;
                    return new Figure(key.Text, median, measure.Unit, null, null, values.Count);
                }
            case MeasureKind.DistinctPersons:
                {
                    int persons = rows.Where(f => f.PersonKey is not null).Select(f => f.PersonKey).Distinct().Count()
                        + rows.Count(f => f.PersonKey is null);
                    return new Figure(key.Text, persons, measure.Unit, null, null, rows.Count);
                }
            case MeasureKind.PerBase:
                {
                    int count = rows.Count(f => measure.Counted(f, context));
                    decimal? below = Below(measure.Per!, key);
                    return new Figure(key.Text, below is { } b ? HalfUp.Round(count * measure.Per!.Multiplier / b, measure.Unit == Units.Rate ? RateDecimals : ShareDecimals) : null, measure.Unit, count, below, count);
                }
            default:
                throw new InvalidOperationException($"the measure {measure.Key} is of no known kind");
        }
    }

    /// <summary>The complaints behind a figure as it was made, see <see cref="Rows(FigureKey)"/>: none is above the line of one without a value.</summary>
    public IReadOnlyList<(ComplaintFact Fact, bool Counted)> Rows(Figure figure) =>
        [.. Rows(FigureKey.Parse(figure.Key)).Select(r => (r.Fact, figure.Value is not null && r.Counted))];

    /// <summary>The complaints behind a figure: those counted, and for a share those of the denominator with whether each is in the numerator.</summary>
    public IReadOnlyList<(ComplaintFact Fact, bool Counted)> Rows(FigureKey key)
    {
        Measure measure = MeasureCatalog.Find(key.Measure);
        MeasureContext context = pinned with { Period = key.Period };
        return
        [
            .. Selected(key, measure.Basis)
                .Where(f => measure.Kind switch
                {
                    MeasureKind.Share => measure.Base!(f, context),
                    MeasureKind.Sum or MeasureKind.Median => measure.Counted(f, context) && measure.Value!(f) is not null,
                    _ => measure.Counted(f, context),
                })
                .Select(f => (f, measure.Counted(f, context))),
        ];
    }

    /// <summary>
    /// Outlets or customers of the branch that the key names, or of all branches; null where the key filters by anything else, or no entry
    /// holds in the last month of the period.
    /// </summary>
    private decimal? Below(BaseNumber per, FigureKey key)
    {
        string? branch = key.Terms.Count == 1 && key.Terms[0].Dimension == Dimensions.Branch ? key.Terms[0].Member : null;
        return key.Terms.Count > 0 && branch is null
            ? null
            : pinned.Book?.Denominators.Of(per.Name, branch, key.Period.To) * (per.IsPerMonth ? key.Period.Months : 1);
    }

    private IEnumerable<ComplaintFact> Selected(FigureKey key, MeasureBasis basis) => basis switch
    {
        MeasureBasis.Received => Received(key, key.Period.From),
        MeasureBasis.Handled => Received(key, earliest).Where(f => IsHandledSince(f, key.Period.From.FirstDay)),
        _ => Enumerable.Range(0, key.Period.Months)
            .SelectMany(i => excluded.GetValueOrDefault(key.Period.From.Add(i)) ?? [])
            .Where(f => key.Terms.All(t => Lineage(t.Dimension, FigurePlan.MemberOf(f, t.Dimension)).Contains(t.Member))),
    };

    /// <summary>Received on the day or later, or before and not closed before it; a case that ended on a day that is not known is taken as ended.</summary>
    public static bool IsHandledSince(ComplaintFact fact, DateOnly day) =>
        fact.Received >= day || (fact.Closed is { } closed ? closed >= day : fact.Status == "open");

    private IEnumerable<ComplaintFact> Received(FigureKey key, ReportingMonth from)
    {
        for (ReportingMonth month = from; month <= key.Period.To; month = month.Add(1))
        {
            // The rarest condition first: what is left to look at is fewest.
            FilterTerm? rarest = key.Terms.Count == 0 ? null : key.Terms.MinBy(t => byMember.GetValueOrDefault((month, t.Dimension, t.Member))?.Count ?? 0);
            IEnumerable<ComplaintFact> rows = rarest is { } term
                ? byMember.GetValueOrDefault((month, term.Dimension, term.Member)) ?? []
                : byMonth.GetValueOrDefault(month) ?? [];
            foreach (ComplaintFact fact in rows)
            {
                if (key.Terms.Where(t => t != rarest).All(t => Meets(fact, t)))
                {
                    yield return fact;
                }
            }
        }
    }

    private bool Meets(ComplaintFact fact, FilterTerm term) => term.Dimension == Dimensions.Tag
        ? fact.Tags.Contains(term.Member)
        : Lineage(term.Dimension, FigurePlan.MemberOf(fact, term.Dimension)).Contains(term.Member);

    /// <summary>The class and every class that it is added up into.</summary>
    private IReadOnlyList<string> Lineage(string dimension, string member)
    {
        if (!lineages.TryGetValue((dimension, member), out IReadOnlyList<string>? lineage))
        {
            List<string> up = [member];
            while (taxonomy.Class(dimension, up[^1])?.Parent is { } parent)
            {
                up.Add(parent);
            }
            lineages.TryAdd((dimension, member), lineage = up);
        }
        return lineage;
    }

    private static List<decimal> Values(Measure measure, List<ComplaintFact> rows, MeasureContext context) =>
        [.. rows.Where(f => measure.Counted(f, context)).Select(measure.Value!).OfType<decimal>()];

    private static decimal Round(decimal share) => HalfUp.Round(share, ShareDecimals);

    private static List<ComplaintFact> Bucket<TKey>(Dictionary<TKey, List<ComplaintFact>> buckets, TKey key)
        where TKey : notnull
    {
        if (!buckets.TryGetValue(key, out List<ComplaintFact>? bucket))
        {
            buckets.Add(key, bucket = []);
        }
        return bucket;
    }
}
