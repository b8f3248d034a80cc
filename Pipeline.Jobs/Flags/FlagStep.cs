using System.Text.Json;
using System.Text.Json.Serialization;
using Npgsql;
using NpgsqlTypes;
using Pipeline.Jobs.Ingest;
using Pipeline.Jobs.Privacy;
using Pipeline.Jobs.Rules;
using Pipeline.Jobs.Store;
using Pipeline.Models.Complaints;
using Pipeline.Models.Flags;
using Pipeline.Models.Taxonomy;

namespace Pipeline.Jobs.Flags;

/// <summary>What the text and the source's own link of one complaint are; the text leaves memory with the step.</summary>
public readonly record struct ComplaintNarrative(string? Text, string? LinkedCaseNumber);

/// <summary>
/// Flags complaints: opens the narratives, lets <see cref="FlagEngine"/> judge, writes the flags of the month. A judgement looks only
/// back, so that one made over all months holds for each month of them.
/// </summary>
public static class FlagStep
{
    private const string LexiconName = "lexicon.threats.json";

    private static readonly JsonSerializerOptions EvidenceJson = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>The lexicon of threats and stages with the hash that pins it among the inputs of a run.</summary>
    public static PinnedRule<ThreatLexicon> Lexicon(string home) => RuleFiles.Load(home, LexiconName, ThreatLexicon.Parse);

    /// <summary>Narratives and links of the complaints of a source received up to <paramref name="upTo"/>, by complaint id.</summary>
    public static async Task<IReadOnlyDictionary<long, ComplaintNarrative>> NarrativesAsync(
        NpgsqlConnection connection, KeyRing keys, string source, DateOnly upTo, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = new(Sql.Get("Flags/narratives"), connection)
        {
            Parameters = { new() { Value = source }, new() { Value = upTo } },
        };
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellation);
        Dictionary<long, ComplaintNarrative> narratives = [];
        while (await reader.ReadAsync(cancellation))
        {
            byte[] plain = keys.Open(reader.GetFieldValue<byte[]>(4), reader.GetInt32(3), SealedRow.Place(source, reader.GetString(1)));
            narratives.Add(reader.GetInt64(0), new ComplaintNarrative(SealedRow.Read(plain)[SealedRow.Narrative], reader.IsDBNull(2) ? null : reader.GetString(2)));
        }
        return narratives;
    }

    /// <summary>Judges complaints whose labels and persons are decided.</summary>
    /// <param name="facts">All complaints of the source up to the as-of date, in any order.</param>
    /// <param name="narratives">See <see cref="NarrativesAsync"/>; a complaint that is not in it has no text.</param>
    /// <returns>By complaint id.</returns>
    public static IReadOnlyDictionary<long, CaseFlags> Judge(
        IReadOnlyList<ComplaintFact> facts, IReadOnlyDictionary<long, ComplaintNarrative> narratives, RuleBook rules, ThreatLexicon lexicon)
    {
        FlagInput[] inputs = [.. facts.Select(fact =>
        {
            ComplaintNarrative narrative = narratives.GetValueOrDefault(fact.ComplaintId);
            return new FlagInput
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
                LinkedCaseNumber = narrative.LinkedCaseNumber,
                Text = narrative.Text,
            };
        })];
        return FlagEngine.Judge(inputs, FlagRules.Of(rules), lexicon).ToDictionary(f => f.ComplaintId);
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
                await import.WriteAsync(JsonSerializer.Serialize(evidence, EvidenceJson), NpgsqlDbType.Jsonb, cancellation);
                rows++;
            }
        }
        await import.CompleteAsync(cancellation);
        return rows;
    }
}
