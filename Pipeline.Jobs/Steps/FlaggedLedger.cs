using Npgsql;
using Pipeline.Jobs.Flags;
using Pipeline.Jobs.Privacy;
using Pipeline.Models.Complaints;
using Pipeline.Models.Flags;

namespace Pipeline.Jobs.Steps;

/// <summary>A complaint with its labels decided and its flags judged.</summary>
public sealed record FlaggedFact(ComplaintFact Fact, IReadOnlyList<FlagEvidence> Flags, string File, long Line);

/// <summary>The complaints of a source as figures count them, in order of receipt.</summary>
public sealed record FlaggedLedger(IReadOnlyList<FlaggedFact> Facts)
{
    /// <summary>Loads every complaint of the source and judges its flags; a chain may begin long before the month.</summary>
    public static async Task<FlaggedLedger> LoadAsync(
        NpgsqlConnection connection, KeyRing keys, string source, string? modelId, RunRules rules, CancellationToken cancellation)
    {
        IReadOnlyList<LedgerFact> ledger = await LedgerFacts.LoadAsync(
            connection, source, modelId, DateOnly.MinValue, rules.Taxonomy.Value, rules.Rules.Value, cancellation);
        IReadOnlyDictionary<long, CaseFlags> flags = await FlagStep.JudgeAsync(
            connection, keys, source, [.. ledger.Select(l => l.Fact)], rules.Rules.Value, rules.Threats, cancellation);
        return new FlaggedLedger([.. ledger.Zip(
            Flagged(ledger, flags, rules), (l, fact) => new FlaggedFact(fact, flags[fact.ComplaintId].Evidence, l.File, l.Line))]);
    }

    /// <summary>The facts with their flags, in the order of <paramref name="ledger"/>.</summary>
    /// <param name="ledger">Whole persons: a complaint that another one repeats is among them.</param>
    internal static IReadOnlyList<ComplaintFact> Flagged(IReadOnlyList<LedgerFact> ledger, IReadOnlyDictionary<long, CaseFlags> flags, RunRules rules)
    {
        Dictionary<long, int> returns = Returns(ledger, flags);
        Dictionary<long, ComplaintFact> byId = ledger.ToDictionary(l => l.Fact.ComplaintId, l => l.Fact);
        return [.. ledger.Select(l => Join(l.Fact, flags[l.Fact.ComplaintId], returns, byId, rules))];
    }

    /// <summary>The ledger with the complaints of major groups marked.</summary>
    public FlaggedLedger WithMajor(IReadOnlySet<long> major) => major.Count == 0
        ? this
        : new([.. Facts.Select(f => major.Contains(f.Fact.ComplaintId) ? f with { Fact = f.Fact with { IsMajorGroup = true } } : f)]);

    private static ComplaintFact Join(
        ComplaintFact fact, CaseFlags flags, Dictionary<long, int> returns, Dictionary<long, ComplaintFact> byId, RunRules rules) => FlagStep.With(fact, flags) with
        {
            ReturnAfterClosingDays = returns.TryGetValue(fact.ComplaintId, out int days) ? days : null,
            RepeatCourse = flags.RepeatOf is { } earlier && flags.Evidence.FirstOrDefault(e => e.EarlierCaseNumber is not null) is { } evidence
                ? Models.Flags.RepeatCourse.Of(evidence, fact, byId[earlier], rules.Rules.Value)
                : null,
            Exclusion = rules.Regulatory.Rules.Value.Population.Exclusion(fact),
        };

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
