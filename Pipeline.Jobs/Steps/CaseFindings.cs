using Npgsql;
using Pipeline.Jobs.Flags;
using Pipeline.Jobs.Privacy;
using Pipeline.Models.Complaints;
using Pipeline.Models.Flags;
using Pipeline.Models.Flags.Groups;
using Pipeline.Models.Flags.Organised;
using Pipeline.Models.Flags.Priority;
using Pipeline.Models.Flags.Profiles;
using Pipeline.Models.Taxonomy;
using Pipeline.Models.Text;
using Pipeline.Reports;

namespace Pipeline.Jobs.Steps;

/// <summary>
/// Looks beyond the single case: groups, organised patterns, the course of repeats, the priority list, profiles. Everything looks back from
/// the month's end, so that a later export changes nothing but what it corrects.
/// </summary>
public sealed record CaseFindings(CaseFindingsReport Report, IReadOnlyDictionary<long, IReadOnlyList<FlagEvidence>> Flags)
{
    private const int Trials = 3;

    /// <summary>The letters that were opened for the search; they leave memory with the step.</summary>
    public IReadOnlyList<OrganisedLetter> Letters { get; init; } = [];

    /// <value>Complaints of groups that are major by their number face to face, of every month within reach.</value>
    public IReadOnlySet<long> MajorComplaints { get; init; } = new HashSet<long>();

    /// <summary>The complaints of groups whose persons face to face make them major.</summary>
    public static IReadOnlySet<long> Major(IEnumerable<ComplaintGroup> groups, RuleBook rules) =>
        groups.Where(g => g.IsMajor(rules.Group) == true).SelectMany(g => g.Complaints).ToHashSet();

    public static async Task<CaseFindings> FindAsync(
        NpgsqlConnection connection, KeyRing keys, ReportingMonth month, string source, RunRules rules, FlaggedLedger ledger, CancellationToken cancellation)
    {
        RuleBook book = rules.Rules.Value;
        OrganisedRules organised = rules.Flags.Organised.Value;
        DateOnly day = month.LastDay;
        Dictionary<long, ComplaintFact> facts = ledger.Facts.Where(f => f.Fact.Received <= day).ToDictionary(f => f.Fact.ComplaintId, f => f.Fact);
        IReadOnlyList<OrganisedLetter> letters = await LetterLedger.LoadAsync(
            connection, keys, source, day.AddDays(-organised.LookBackCalendarDays), day, facts, cancellation);
        IReadOnlyList<OrganisedPattern> patterns = OrganisedFinder.Find(letters, organised, Environment.ProcessorCount, cancellation);
        ComplaintFact[] sought = [.. Sought(ledger, month)];
        IReadOnlyList<ComplaintGroup> groups = GroupFinder.Find(sought, book.Group);
        Dictionary<long, KeptText> texts = letters.ToDictionary(l => l.Fact.ComplaintId, l => l.Text);
        WideRise[] rises = [.. WideRiseFinder.Find(
            sought, book.WideRise, patterns.SelectMany(p => p.Letters.Select(l => l.ComplaintId)).ToHashSet(),
            id => texts.TryGetValue(id, out KeptText text) ? text.Value : null)
            .Where(r => r.Last >= month.FirstDay)];
        PriorityHistory history = new(
            Cases(ledger, groups, patterns, await StatesAsync(connection, ledger, cancellation)),
            await PriorityLedger.ExportsAsync(connection, source, cancellation),
            First(ledger));
        PriorityList priority = PriorityList.Make(history, month, book.PriorityCapacity, Trials, Environment.ProcessorCount, cancellation);

        ComplaintGroup[] groupsOfMonth = [.. groups.Where(g => g.Last >= month.FirstDay)];
        OrganisedPattern[] patternsOfMonth = [.. patterns.Where(p => p.Last >= month.FirstDay)];
        Dictionary<long, IReadOnlyList<FlagEvidence>> flags = FlagsOfMonth(ledger, facts, groupsOfMonth, patternsOfMonth, month, book);
        ComplainantProfile[] profiles = Profiles(ledger, facts, letters, patternsOfMonth, priority, flags, month, rules);
        HashSet<long> related = [
            .. groupsOfMonth.SelectMany(g => g.Complaints), .. rises.SelectMany(r => r.Complaints), .. patternsOfMonth.SelectMany(p => p.Letters.Select(l => l.ComplaintId)),
            .. priority.Rows.Select(r => r.ComplaintId), .. profiles.SelectMany(p => p.Timeline)];
        return new CaseFindings(
            new CaseFindingsReport(
                groupsOfMonth, patternsOfMonth, organised.Signals, priority, profiles, rules.Flags.Vulnerable.Value.Cues,
                [.. facts.Values.Where(f => related.Contains(f.ComplaintId)).OrderBy(f => f.Received).ThenBy(f => f.CaseNumber, StringComparer.Ordinal)])
            {
                Rises = rises,
            },
            flags)
        { MajorComplaints = Major(groups, book), Letters = letters };
    }

    /// <summary>
    /// The complaints among which groups and rises are sought: those of the days of which all are within reach, up to the month's end. Among the few of
    /// earlier days a group would seem smaller than it was.
    /// </summary>
    internal static IEnumerable<ComplaintFact> Sought(FlaggedLedger ledger, ReportingMonth month) => ledger.Near.Where(f => f.Received <= month.LastDay);

    private static ReportingMonth? First(FlaggedLedger ledger) => ledger.Near.FirstOrDefault() is { } first ? ReportingMonth.Of(first.Received) : null;

    private static Task<IReadOnlyDictionary<long, IReadOnlyList<CaseState>>> StatesAsync(NpgsqlConnection connection, FlaggedLedger ledger, CancellationToken cancellation) =>
        PriorityLedger.StatesAsync(connection, [.. ledger.Facts.Select(f => f.Fact.ComplaintId)], cancellation);

    /// <summary>What the priority list of any month of the ledger looks at.</summary>
    /// <param name="ledger">The whole ledger.</param>
    public static async Task<PriorityHistory> HistoryAsync(
        NpgsqlConnection connection, KeyRing keys, string source, RunRules rules, FlaggedLedger ledger, CancellationToken cancellation)
    {
        IReadOnlyList<OrganisedLetter> letters = await LetterLedger.LoadAsync(
            connection, keys, source, DateOnly.MinValue, DateOnly.MaxValue, ledger.Facts.ToDictionary(f => f.Fact.ComplaintId, f => f.Fact), cancellation);
        return new PriorityHistory(
            Cases(
                ledger, GroupFinder.Find(ledger.Facts.Select(f => f.Fact), rules.Rules.Value.Group),
                OrganisedFinder.Find(letters, rules.Flags.Organised.Value, Environment.ProcessorCount, cancellation),
                await StatesAsync(connection, ledger, cancellation)),
            await PriorityLedger.ExportsAsync(connection, source, cancellation),
            First(ledger));
    }

    /// <summary>The report with the findings, and the flags of its cases completed.</summary>
    public MonthReport AddTo(MonthReport report) => report with
    {
        Findings = Report,
        Cases = [.. report.Cases.Select(With)],
        OpenEarlier = [.. report.OpenEarlier.Select(With)],
    };

    private CaseRow With(CaseRow row) => Flags.TryGetValue(row.Fact.ComplaintId, out IReadOnlyList<FlagEvidence>? flags) ? row with { Flags = flags } : row;

    private static PriorityCase[] Cases(
        FlaggedLedger ledger, IReadOnlyList<ComplaintGroup> groups, IReadOnlyList<OrganisedPattern> patterns, IReadOnlyDictionary<long, IReadOnlyList<CaseState>> states)
    {
        Dictionary<long, DateOnly> groupSince = groups.SelectMany(g => g.Complaints.Select(c => (c, g.Reached))).GroupBy(x => x.c).ToDictionary(g => g.Key, g => g.Min(x => x.Reached));
        Dictionary<long, DateOnly> organisedSince = patterns.SelectMany(p => p.Letters.Select(l => (l.ComplaintId, p.Reached))).GroupBy(x => x.ComplaintId).ToDictionary(g => g.Key, g => g.Min(x => x.Reached));
        return [.. ledger.Facts.Select(f => new PriorityCase(
            f.Fact, [.. f.Flags.SelectMany(e => e.Cues ?? []).Distinct(StringComparer.Ordinal)], states[f.Fact.ComplaintId],
            groupSince.TryGetValue(f.Fact.ComplaintId, out DateOnly group) ? group : null,
            organisedSince.TryGetValue(f.Fact.ComplaintId, out DateOnly organised) ? organised : null))];
    }

    /// <summary>The flags of the month's complaints: those of the single case completed, those of groups and patterns added.</summary>
    private static Dictionary<long, IReadOnlyList<FlagEvidence>> FlagsOfMonth(
        FlaggedLedger ledger, Dictionary<long, ComplaintFact> facts, ComplaintGroup[] groups, OrganisedPattern[] patterns, ReportingMonth month, RuleBook rules)
    {
        Dictionary<long, FlagEvidence> grouped = [];
        foreach (ComplaintGroup group in groups)
        {
            foreach (long id in group.Complaints)
            {
                grouped[id] = new FlagEvidence(FlagKinds.Group, 1)
                {
                    Cluster = group.Key,
                    Persons = group.Persons,
                    ClusterFirst = group.First,
                    ClusterLast = group.Last,
                    Place = group.Place,
                    FaceToFacePersons = group.FaceToFacePersons,
                };
            }
        }
        Dictionary<long, FlagEvidence> organised = [];
        foreach (OrganisedPattern pattern in patterns)
        {
            foreach (PatternLetter letter in pattern.Letters)
            {
                organised[letter.ComplaintId] = new FlagEvidence(FlagKinds.Organised, pattern.Score, TextSimilarity: letter.Similarity)
                {
                    Cluster = pattern.Key,
                    Persons = pattern.Persons,
                    ClusterFirst = pattern.First,
                    ClusterLast = pattern.Last,
                    Tie = letter.Tie,
                    SharedContacts = pattern.SharedContacts.Count > 0 ? pattern.SharedContacts : null,
                };
            }
        }
        Dictionary<long, IReadOnlyList<FlagEvidence>> flags = [];
        foreach (FlaggedFact flagged in ledger.Facts.Where(f => month.Contains(f.Fact.Received)))
        {
            long id = flagged.Fact.ComplaintId;
            flags.Add(id, [.. flagged.Flags.Select(e => Completed(e, flagged.Fact, facts, rules)), .. Of(grouped, id), .. Of(organised, id)]);
        }
        return flags;

        static IEnumerable<FlagEvidence> Of(Dictionary<long, FlagEvidence> evidence, long id) => evidence.TryGetValue(id, out FlagEvidence? one) ? [one] : [];
    }

    private static FlagEvidence Completed(FlagEvidence evidence, ComplaintFact fact, Dictionary<long, ComplaintFact> facts, RuleBook rules)
    {
        if (evidence.EarlierCaseNumber is null || fact.RepeatOf is not { } earlierId || !facts.TryGetValue(earlierId, out ComplaintFact? earlier))
        {
            return evidence;
        }
        bool hadEscalated = false;
        for (ComplaintFact? before = earlier; before is not null && !hadEscalated; before = before.RepeatOf is { } id ? facts.GetValueOrDefault(id) : null)
        {
            hadEscalated = before.IsEscalation && before.Closed <= fact.Received;
        }
        return RepeatCourse.Complete(evidence, fact, earlier, hadEscalated, rules);
    }

    /// <summary>Profiles of the persons who came back, went higher, wrote in a pattern, or stand on the list.</summary>
    private static ComplainantProfile[] Profiles(
        FlaggedLedger ledger, Dictionary<long, ComplaintFact> facts, IReadOnlyList<OrganisedLetter> letters, OrganisedPattern[] patterns, PriorityList priority,
        Dictionary<long, IReadOnlyList<FlagEvidence>> flags, ReportingMonth month, RunRules rules)
    {
        HashSet<long> chosen = [
            .. flags.Where(f => f.Value.Any(e => e.EarlierCaseNumber is not null || e.Kind == FlagKinds.Organised)).Select(f => f.Key),
            .. priority.Rows.Take(rules.Rules.Value.PriorityCapacity).Select(r => r.ComplaintId)];
        HashSet<long> persons = [.. chosen.Where(facts.ContainsKey).Select(id => facts[id].PersonKey).OfType<long>()];
        OrganisedRules organised = rules.Flags.Organised.Value;
        HashSet<string> shared = [.. letters.Where(l => l.Fact.PersonKey is not null).SelectMany(l => l.Contacts.Select(c => (Contact: c, l.Fact.PersonKey))).Distinct()
            .GroupBy(x => x.Contact, StringComparer.Ordinal).Where(g => g.Count() >= organised.ContactMinPersons).Select(g => g.Key)];
        IReadOnlyList<string> agencyTerms = organised.Signals.FirstOrDefault(s => s.Key == AgentCues.AgencyTerms)?.Words ?? [];
        HashSet<long> inPattern = [.. patterns.SelectMany(p => p.Letters.Select(l => l.ComplaintId))];
        ILookup<long, OrganisedLetter> lettersOf = letters.Where(l => l.Fact.PersonKey is { } p && persons.Contains(p)).ToLookup(l => l.Fact.PersonKey!.Value);
        ILookup<long, FlaggedFact> casesOf = ledger.Facts.Where(f => f.Fact.Received <= month.LastDay && f.Fact.PersonKey is { } p && persons.Contains(p)).ToLookup(f => f.Fact.PersonKey!.Value);
        return [.. persons.Select(person =>
        {
            OrganisedLetter[] own = [.. lettersOf[person]];
            List<string> agent = [];
            if (own.Any(l => l.Contacts.Any(shared.Contains)))
            {
                agent.Add(AgentCues.SharedContact);
            }
            if (own.Any(l => inPattern.Contains(l.Fact.ComplaintId)))
            {
                agent.Add(AgentCues.Organised);
            }
            if (own.Any(l => l.Text.Value is { } text && agencyTerms.Any(t => text.Contains(t, StringComparison.OrdinalIgnoreCase))))
            {
                agent.Add(AgentCues.AgencyTerms);
            }
            HashSet<string> vulnerable = [.. own.SelectMany(l => rules.Flags.Vulnerable.Value.Kinds(l.Text.Value))];
            return ComplainantProfile.Of(
                casesOf[person].Select(f => f.Fact), month.LastDay,
                [.. casesOf[person].SelectMany(f => f.Flags.SelectMany(e => e.Cues ?? [])).Distinct(StringComparer.Ordinal)],
                agent, [.. rules.Flags.Vulnerable.Value.Cues.Select(c => c.Key).Where(vulnerable.Contains)]);
        }).OrderByDescending(p => p.Returns).ThenByDescending(p => p.InYear).ThenBy(p => p.PersonKey)];
    }
}
