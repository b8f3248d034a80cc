using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using Pipeline.Models.Complainants;

namespace Pipeline.Jobs.Complainants;

/// <summary>Writes merges and splits of persons: the key that gives way points to the key that stays, and each is an event with its evidence.</summary>
internal static class IdentityEvents
{
    /// <summary>Case numbers named in the evidence of a split; the rest is counted.</summary>
    private const int CasesNamed = 20;

    internal static async Task WriteAsync(
        NpgsqlConnection connection, KeyAssignment assignment, RecognisedPersons recognised, long[] keys, Dictionary<long, string> caseNumbers,
        string decidedBy, DateTimeOffset decidedAt, CancellationToken cancellation)
    {
        if (assignment.Merges.Count + assignment.Splits.Count == 0)
        {
            return;
        }
        Dictionary<long, PersonLink> links = recognised.Clusters.Links.ToDictionary(l => l.ComplaintId);
        await using (NpgsqlBinaryImporter import = await connection.BeginBinaryImportAsync(
            "copy identity_event (kind, person_key, other_key, complaint_id, evidence, decided_by, decided_at) from stdin (format binary)", cancellation))
        {
            foreach (PersonMerge merge in assignment.Merges)
            {
                PersonLink link = links[merge.ComplaintId];
                string? joined = link.JoinedTo is long other ? caseNumbers[other] : null;
                string evidence = new LinkEvidence(link.Basis, joined, link.Token.IsShown ? link.Token.ToString() : null,
                    recognised.Matches.TryGetValue(merge.ComplaintId, out MatchEvidence? match) ? MatchWeights.Of(match, id => caseNumbers[id]) : null).Json();
                await RowAsync(import, "merge", merge.Into, merge.From, merge.ComplaintId, evidence);
            }
            foreach (PersonSplit split in assignment.Splits)
            {
                string evidence = JsonSerializer.Serialize(
                    new SplitEvidence(split.ComplaintIds.Count, [.. split.ComplaintIds.Take(CasesNamed).Select(id => caseNumbers[id])]), LinkEvidence.Options);
                await RowAsync(import, "split", split.From, keys[split.Person], split.ComplaintIds[0], evidence);
            }
            await import.CompleteAsync(cancellation);
        }
        await using NpgsqlCommand merged = new(
            "update complainant c set merged_into = m.into_key from unnest($1, $2) as m (from_key, into_key) where c.person_key = m.from_key", connection)
        {
            Parameters =
            {
                new() { Value = assignment.Merges.Select(m => m.From).ToArray() },
                new() { Value = assignment.Merges.Select(m => m.Into).ToArray() },
            },
        };
        await merged.ExecuteNonQueryAsync(cancellation);

        async Task RowAsync(NpgsqlBinaryImporter import, string kind, long key, long other, long complaint, string evidence)
        {
            await import.StartRowAsync(cancellation);
            await import.WriteAsync(kind, NpgsqlDbType.Text, cancellation);
            await import.WriteAsync(key, NpgsqlDbType.Bigint, cancellation);
            await import.WriteAsync(other, NpgsqlDbType.Bigint, cancellation);
            await import.WriteAsync(complaint, NpgsqlDbType.Bigint, cancellation);
            await import.WriteAsync(evidence, NpgsqlDbType.Jsonb, cancellation);
            await import.WriteAsync(decidedBy, NpgsqlDbType.Text, cancellation);
            await import.WriteAsync(decidedAt, NpgsqlDbType.TimestampTz, cancellation);
        }
    }

    private sealed record SplitEvidence(int Complaints, IReadOnlyList<string> Cases);
}
