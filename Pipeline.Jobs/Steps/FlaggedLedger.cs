using Npgsql;
using Pipeline.Jobs.Flags;
using Pipeline.Jobs.Privacy;
using Pipeline.Jobs.RootCauses;
using Pipeline.Models.Complaints;
using Pipeline.Models.Flags;
using Pipeline.Models.RootCauses;
using Pipeline.Models.Taxonomy;

namespace Pipeline.Jobs.Steps;

/// <summary>A complaint with its labels decided and its flags judged.</summary>
/// <param name="Profile">See <see cref="LedgerFact"/>.</param>
public sealed record FlaggedFact(ComplaintFact Fact, IReadOnlyList<FlagEvidence> Flags, string File, long Line, string FileSha256, string Profile);

/// <summary>The complaints of a source within reach as figures count them, in order of receipt.</summary>
/// <param name="From">Of complaints received before this day only some are within reach: see <see cref="LedgerReach"/>.</param>
public sealed record FlaggedLedger(IReadOnlyList<FlaggedFact> Facts, DateOnly From)
{
    /// <value>The complaints of the days of which all are within reach.</value>
    public IEnumerable<ComplaintFact> Near => Facts.Select(f => f.Fact).Where(f => f.Received >= From);

    /// <summary>Loads the complaints that are within reach and judges their flags; a chain may begin long before the month.</summary>
    /// <param name="from">See <see cref="LedgerReach"/>.</param>
    public static async Task<FlaggedLedger> LoadAsync(
        NpgsqlConnection connection, KeyRing keys, string source, string? modelId, RunRules rules, DateOnly from, CancellationToken cancellation)
    {
        long[] reach = await LedgerReach.LoadAsync(connection, source, from, cancellation);
        IReadOnlyList<LedgerFact> ledger = await LedgerFacts.OfAsync(
            connection, source, modelId, reach, rules.Taxonomy.Value, rules.Rules.Value, cancellation);
        IReadOnlyDictionary<long, CaseFlags> flags = await FlagStep.JudgeAsync(
            connection, keys, source, [.. ledger.Select(l => l.Fact)], rules.Rules.Value, rules.Threats, cancellation);
        IReadOnlyDictionary<long, CaseReading> readings = await CaseReadings.LoadAsync(connection, reach, rules.Reading, cancellation);
        return new FlaggedLedger([.. ledger.Zip(Flagged(ledger, flags, rules), (l, fact) =>
        {
            CaseReading reading = readings.GetValueOrDefault(fact.ComplaintId) ?? CaseReading.Nothing;
            IReadOnlyList<FlagEvidence> evidence = flags[fact.ComplaintId].Evidence;
            return new FlaggedFact(fact with { Tags = Tags(fact, evidence, reading, rules.Tags.Value), CauseFound = reading.CauseFound }, evidence, l.File, l.Line, l.FileSha256, l.Profile);
        })], from);
    }

    /// <summary>The facts with their flags, in the order of <paramref name="ledger"/>; tags are not read.</summary>
    /// <param name="ledger">Whole persons: a complaint that another one repeats is among them.</param>
    internal static IReadOnlyList<ComplaintFact> Flagged(IReadOnlyList<LedgerFact> ledger, IReadOnlyDictionary<long, CaseFlags> flags, RunRules rules)
    {
        Dictionary<long, int> returns = Returns(ledger, flags);
        Dictionary<long, (int Days, bool IsEscalation)> next = Next(ledger, flags);
        Dictionary<long, ComplaintFact> byId = ledger.ToDictionary(l => l.Fact.ComplaintId, l => l.Fact);
        return [.. ledger.Select(l => Join(l.Fact, flags[l.Fact.ComplaintId], returns, next, byId, rules))];
    }

    /// <summary>The ledger with the complaints of major groups marked.</summary>
    public FlaggedLedger WithMajor(IReadOnlySet<long> major) => major.Count == 0
        ? this
        : this with { Facts = [.. Facts.Select(f => major.Contains(f.Fact.ComplaintId) ? f with { Fact = f.Fact with { IsMajorGroup = true } } : f)] };

    /// <summary>Tags of the text, of the coded cause and of the threats; each once, in a fixed order.</summary>
    private static string[] Tags(ComplaintFact fact, IReadOnlyList<FlagEvidence> evidence, CaseReading reading, TagLexicon tags)
    {
        IReadOnlyList<string> ofCause = tags.OfCause(fact.Cause);
        IEnumerable<string> risks = evidence.SelectMany(e => e.Cues ?? []).Select(c => CaseReadings.RiskPrefix + c);
        return [.. reading.Tags.Concat(ofCause).Concat(risks).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }

    private static ComplaintFact Join(
        ComplaintFact fact, CaseFlags flags, Dictionary<long, int> returns, Dictionary<long, (int Days, bool IsEscalation)> next,
        Dictionary<long, ComplaintFact> byId, RunRules rules) => FlagStep.With(fact, flags) with
        {
            NextGapDays = next.TryGetValue(fact.ComplaintId, out (int Days, bool IsEscalation) following) ? following.Days : null,
            IsNextEscalation = following.IsEscalation,
            ReturnAfterClosingDays = returns.TryGetValue(fact.ComplaintId, out int days) ? days : null,
            RepeatCourse = flags.RepeatOf is { } earlier && flags.Evidence.FirstOrDefault(e => e.EarlierCaseNumber is not null) is { } evidence
                ? Models.Flags.RepeatCourse.Of(evidence, fact, byId[earlier], rules.Rules.Value)
                : null,
            Exclusion = rules.Regulatory.Rules.Value.Population.Exclusion(fact),
        };

    /// <summary>For each complaint that another one repeats: calendar days to the first of them, and whether that one escalated.</summary>
    private static Dictionary<long, (int Days, bool IsEscalation)> Next(IReadOnlyList<LedgerFact> ledger, IReadOnlyDictionary<long, CaseFlags> flags)
    {
        Dictionary<long, (int Days, bool IsEscalation)> next = [];
        foreach (LedgerFact later in ledger)
        {
            CaseFlags judged = flags[later.Fact.ComplaintId];
            if (judged is { RepeatOf: { } id, RepeatGapDays: { } days } && (!next.TryGetValue(id, out (int Days, bool IsEscalation) sooner) || days < sooner.Days))
            {
                next[id] = (days, judged.IsEscalation);
            }
        }
        return next;
    }

    /// <summary>For each closed complaint that another one repeats: calendar days from its closing to the first of them.</summary>
    private static Dictionary<long, int> Returns(IReadOnlyList<LedgerFact> ledger, IReadOnlyDictionary<long, CaseFlags> flags)
    {
        Dictionary<long, ComplaintFact> byId = ledger.ToDictionary(l => l.Fact.ComplaintId, l => l.Fact);
        Dictionary<long, int> returns = [];
        foreach (CaseFlags later in flags.Values)
        {
            if (later.RepeatOf is { } id && byId[id].Closed is { } closed)
            {
                int days = byId[later.ComplaintId].Received.DayNumber - closed.DayNumber;
                returns[id] = returns.TryGetValue(id, out int sooner) ? Math.Min(sooner, days) : days;
            }
        }
        return returns;
    }
}
