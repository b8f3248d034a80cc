using Pipeline.Models.Complaints;

namespace Pipeline.Models.Measures;

/// <summary>What a source must state for a measure to be known at all.</summary>
[Flags]
public enum Evidence
{
    None = 0,

    /// <summary>Who complains: without it nobody knows whether somebody came back.</summary>
    Persons = 1,

    /// <summary>On which day a case was closed.</summary>
    ClosingDays = 2,

    Amounts = 4,

    Compensation = 8,

    /// <summary>Whether the bank was found liable.</summary>
    Liability = 16,

    /// <summary>How the complaint came in.</summary>
    Channels = 32,

    /// <summary>The bank's own grade, or persons of whom groups are made.</summary>
    Grades = 64,

    /// <summary>A text that can be read.</summary>
    Texts = 128,

    /// <summary>Labels of the source about its customers.</summary>
    SourceTags = 256,

    /// <summary>A coded business line beside a predicted one.</summary>
    ComparedBusiness = 512,

    /// <summary>A coded cause beside a predicted one.</summary>
    ComparedCause = 1024,
}

/// <summary>
/// Whether a figure can be known from what a source states, found from the data themselves and month by month. What no complaint of one
/// layout of tables has ever stated, that layout does not state: nought counted of it is no count. What it states for others is a true
/// nought where a complaint has none of it.
/// </summary>
/// <remarks>
/// A month is known where one of the layouts that its complaints came in states the evidence; a month without complaints, where any layout
/// of the source does; a period, where each of its months is. Without any complaint nothing is denied.
/// </remarks>
public sealed class KnownEvidence
{
    private readonly Dictionary<ReportingMonth, Evidence> byMonth = [];
    private readonly Evidence ofSource;

    private KnownEvidence(Dictionary<ReportingMonth, Evidence> byMonth, Evidence ofSource)
    {
        this.byMonth = byMonth;
        this.ofSource = ofSource;
    }

    /// <param name="facts">Every complaint of the source that figures are made of, each with the layout (profile) of the table that states it.</param>
    public static KnownEvidence Of(IEnumerable<(ComplaintFact Fact, string Layout)> facts)
    {
        Dictionary<string, Layout> layouts = new(StringComparer.Ordinal);
        Dictionary<ReportingMonth, HashSet<Layout>> months = [];
        foreach ((ComplaintFact fact, string name) in facts)
        {
            if (!layouts.TryGetValue(name, out Layout? layout))
            {
                layouts.Add(name, layout = new Layout());
            }
            layout.Add(fact);
            if (fact.Exclusion is null)
            {
                ReportingMonth month = ReportingMonth.Of(fact.Received);
                if (!months.TryGetValue(month, out HashSet<Layout>? own))
                {
                    months.Add(month, own = []);
                }
                own.Add(layout);
            }
        }
        return new KnownEvidence(
            months.ToDictionary(m => m.Key, m => Union(m.Value)),
            layouts.Count == 0 ? (Evidence)~0 : Union(layouts.Values));
    }

    /// <summary>Whether a figure that needs <paramref name="evidence"/> can be known of a period.</summary>
    public bool Covers(Evidence evidence, FigurePeriod period)
    {
        if (evidence == Evidence.None)
        {
            return true;
        }
        bool isAny = false;
        for (ReportingMonth month = period.From; month <= period.To; month = month.Add(1))
        {
            if (byMonth.TryGetValue(month, out Evidence stated))
            {
                isAny = true;
                if ((stated & evidence) != evidence)
                {
                    return false;
                }
            }
        }
        return isAny || (ofSource & evidence) == evidence;
    }

    private static Evidence Union(IEnumerable<Layout> layouts) => layouts.Aggregate(Evidence.None, (all, l) => all | l.Stated);

    /// <summary>What complaints of one layout of tables have stated.</summary>
    private sealed class Layout
    {
        private Evidence seen;
        private bool hasClosed;

        /// <value>Where nothing was closed yet, no closing day can be missing.</value>
        public Evidence Stated => hasClosed ? seen : seen | Evidence.ClosingDays;

        public void Add(ComplaintFact fact)
        {
            hasClosed |= fact.Status == "closed";
            seen |= Of(fact);
        }

        private static Evidence Of(ComplaintFact f) =>
            (f.PersonKey is not null || f.RepeatOf is not null ? Evidence.Persons | Evidence.Grades : 0)
            | (f.Closed is not null ? Evidence.ClosingDays : 0)
            | (f.Amount is not null ? Evidence.Amounts : 0)
            | (f.Compensation is not null ? Evidence.Compensation : 0)
            | (f.IsLiable is not null ? Evidence.Liability : 0)
            | (f.Channel is not null ? Evidence.Channels : 0)
            | (f.Severity is not null || f.IsMajorGroup ? Evidence.Grades : 0)
            | (f.Stage is not null || f.HasThreat ? Evidence.Texts : 0)
            | (f.SourceTags is not null ? Evidence.SourceTags : 0)
            | (f.Business is { Reported: not null, Predicted: not null } ? Evidence.ComparedBusiness : 0)
            | (f.Cause is { Reported: not null, Predicted: not null } ? Evidence.ComparedCause : 0);
    }
}
