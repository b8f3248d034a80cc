using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using Pipeline.Jobs.Privacy;
using Pipeline.Jobs.Rules;
using Pipeline.Jobs.Store;
using Pipeline.Models.Complaints;
using Pipeline.Models.Flags;
using Pipeline.Models.Taxonomy;

namespace Pipeline.Jobs.Flags;

/// <summary>
/// Flags complaints: opens the narratives that are needed, lets <see cref="FlagEngine"/> judge, writes the flags of the month. A judgement looks only
/// back, so that one made over all months holds for each month of them.
/// </summary>
public static class FlagStep
{
    private const string LexiconName = "lexicon.threats.json";

    /// <summary>The lexicon of threats and stages with the hash that pins it among the inputs of a run.</summary>
    public static PinnedRule<ThreatLexicon> Lexicon(string home) => RuleFiles.Load(home, LexiconName, ThreatLexicon.Parse);

    /// <summary>
    /// Judges complaints whose labels and persons are decided. Opened are the texts of persons with several cases, some persons at a time, and those
    /// that <see cref="TextReadings"/> has not read.
    /// </summary>
    /// <param name="facts">All complaints of some persons, in any order, with those that the source links with them: see <see cref="Steps.LedgerReach"/>.</param>
    /// <returns>By complaint id.</returns>
    public static async Task<IReadOnlyDictionary<long, CaseFlags>> JudgeAsync(
        NpgsqlConnection connection, KeyRing keys, string source, IReadOnlyList<ComplaintFact> facts, RuleBook rules, PinnedRule<ThreatLexicon> lexicon,
        CancellationToken cancellation)
    {
        long[] complaints = [.. facts.Select(f => f.ComplaintId)];
        FlagInput[] inputs = Inputs(facts, await LinksAsync(connection, complaints, cancellation));
        Dictionary<long, TextReading?> readings = await TextReadings.LoadAsync(connection, complaints, lexicon, cancellation);
        FlagRules thresholds = FlagRules.Of(rules);
        CaseFlags[] flags = new CaseFlags[inputs.Length];
        List<IReadOnlyList<int>> waiting = [];
        List<long> wanted = [];
        foreach (IReadOnlyList<int> person in FlagEngine.ByPerson(inputs))
        {
            waiting.Add(person);
            wanted.AddRange(person.Where(i => person.Count > 1 || !readings.ContainsKey(inputs[i].ComplaintId)).Select(i => inputs[i].ComplaintId));
            if (wanted.Count >= SealedTexts.BatchCases)
            {
                await JudgeBatchAsync();
            }
        }
        await JudgeBatchAsync();
        return flags.ToDictionary(f => f.ComplaintId);

        async Task JudgeBatchAsync()
        {
            Dictionary<long, string?> open = wanted.Count == 0
                ? []
                : (await SealedTexts.OpenAsync(connection, keys, source, [.. wanted], cancellation)).ToDictionary(t => t.ComplaintId, t => t.Text);
            foreach (IReadOnlyList<int> person in waiting)
            {
                FlagEngine.JudgePerson(person, inputs, [.. person.Select(i => TextOf(inputs[i].ComplaintId, person.Count > 1))], thresholds, flags);
            }
            waiting.Clear();
            wanted.Clear();

            CaseText TextOf(long complaint, bool isCompared)
            {
                string? text = open.GetValueOrDefault(complaint);
                return readings.TryGetValue(complaint, out TextReading? reading)
                    ? new CaseText(reading, isCompared && text is { Length: > 0 } ? MatterText.Of(text) : null)
                    : CaseText.Of(text, lexicon.Value, isCompared);
            }
        }
    }

    private static FlagInput[] Inputs(IReadOnlyList<ComplaintFact> facts, Dictionary<long, string> links) => [.. facts.Select(fact => new FlagInput
    {
        ComplaintId = fact.ComplaintId,
        CaseNumber = fact.CaseNumber,
        Received = fact.Received,
        PersonKey = fact.PersonKey,
        PersonBasis = fact.PersonBasis,
        Channel = fact.Channel,
        Level = fact.Level,
        Business = fact.Business.Class,
        Cause = fact.Cause.Class,
        LinkedCaseNumber = links.GetValueOrDefault(fact.ComplaintId),
    })];

    /// <summary>The cases that complaints continue by their source's word.</summary>
    private static async Task<Dictionary<long, string>> LinksAsync(NpgsqlConnection connection, long[] complaints, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = new(Sql.Get("Flags/links"), connection)
        {
            Parameters = { new() { Value = complaints, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint } },
        };
        Dictionary<long, string> links = [];
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            links.Add(row.GetInt64(0), row.GetString(1));
        }
        return links;
    }

    /// <summary>The fact with its flags.</summary>
    public static ComplaintFact With(ComplaintFact fact, CaseFlags flags) => fact with
    {
        ChainNumber = flags.ChainNumber,
        RepeatOf = flags.RepeatOf,
        RepeatOfCaseNumber = flags.RepeatOfCaseNumber,
        RepeatGapDays = flags.RepeatGapDays,
        IsEscalation = flags.IsEscalation,
        IsBypass = flags.IsBypass,
        Stage = flags.Stage,
        HasThreat = flags.HasThreat,
    };

    /// <summary>Writes the flags of a run, one row per complaint and kind; those that the run had give way.</summary>
    /// <param name="flags">Of the month's complaints: complaint id and evidence.</param>
    /// <returns>Rows written.</returns>
    public static async Task<long> WriteAsync(
        NpgsqlConnection connection, string runId, IEnumerable<(long ComplaintId, IReadOnlyList<FlagEvidence> Evidence)> flags, CancellationToken cancellation)
    {
        await using (NpgsqlCommand clear = new("delete from flag where run_id = $1", connection)
        {
            Parameters = { new() { Value = runId } },
        })
        {
            await clear.ExecuteNonQueryAsync(cancellation);
        }
        long rows = 0;
        await using NpgsqlBinaryImporter import = await connection.BeginBinaryImportAsync(
            "copy flag (run_id, complaint_id, kind, score, evidence) from stdin (format binary)", cancellation);
        foreach ((long complaintId, IReadOnlyList<FlagEvidence> all) in flags)
        {
            foreach (FlagEvidence evidence in all)
            {
                await import.StartRowAsync(cancellation);
                await import.WriteAsync(runId, NpgsqlDbType.Text, cancellation);
                await import.WriteAsync(complaintId, NpgsqlDbType.Bigint, cancellation);
                await import.WriteAsync(evidence.Kind, NpgsqlDbType.Text, cancellation);
                await import.WriteAsync(evidence.Score, NpgsqlDbType.Double, cancellation);
                await import.WriteAsync(JsonSerializer.Serialize(evidence, StoredJson.Evidence), NpgsqlDbType.Jsonb, cancellation);
                rows++;
            }
        }
        await import.CompleteAsync(cancellation);
        return rows;
    }
}
