using Npgsql;
using NpgsqlTypes;
using Pipeline.Jobs.Ingest;
using Pipeline.Jobs.Privacy;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Store;
using Pipeline.Models.Complainants;
using Pipeline.Models.Complainants.Matching;
using Pipeline.Models.Taxonomy;

namespace Pipeline.Jobs.Complainants;

/// <summary>
/// Links the complaints of a source to persons, by exact keys and then by probability. Every run judges all evidence of the source again and writes only what changed, so it
/// may be run after each file or once for all: the same complaints give the same persons. A key that stands never changes its person;
/// merges and splits are identity events. One transaction under a lock of its own.
/// </summary>
public static class LinkStep
{
    private const long Lock = 0x70656F706C65; // 'people'

    /// <param name="keys">Opens names, numbers and addresses, which are compared in memory and written nowhere.</param>
    /// <param name="source">For example <c>cn-bank</c>. Persons are not joined across sources.</param>
    public static async Task<LinkResult> RunAsync(
        Database database, KeyRing keys, string source, RuleBook rules, LinkRules matching, CommandSession session)
    {
        CancellationToken cancellation = session.Cancellation;
        await using NpgsqlConnection connection = await database.Source.OpenConnectionAsync(cancellation);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellation);
        await using (NpgsqlCommand hold = new("select pg_advisory_xact_lock($1)", connection) { Parameters = { new() { Value = Lock } } })
        {
            await hold.ExecuteNonQueryAsync(cancellation);
        }
        List<StandingLink> rows = await ReadAsync(connection, keys, source, matching.Schema.Value, cancellation);
        RecognisedPersons recognised = Recognise(rows, rules, matching, cancellation);
        PersonClusters persons = recognised.Clusters;
        Dictionary<long, long> standing = rows.Where(r => r.Person is not null).ToDictionary(r => r.Evidence.ComplaintId, r => r.Person!.Value);
        KeyAssignment assignment = PersonKeys.Assign(persons.Persons, standing);
        long[] personKeys = await GiveKeysAsync(connection, persons.Persons, assignment, cancellation);
        int changed = await WriteLinksAsync(connection, rows, recognised, personKeys, cancellation);
        await IdentityEvents.WriteAsync(
            connection, assignment, recognised, personKeys, rows.ToDictionary(r => r.Evidence.ComplaintId, r => r.Evidence.CaseNumber),
            $"rules {rules.Version}", session.Time.GetUtcNow(), cancellation);
        await MatchModels.WriteAsync(connection, source, recognised, matching, session.Time.GetUtcNow(), cancellation);
        await transaction.CommitAsync(cancellation);
        return new LinkResult(
            rows.Count, persons.Links.Count, persons.Persons.Count, assignment.KeyOfPerson.Count(k => k is null), recognised.Matches.Count,
            assignment.Merges.Count, assignment.Splits.Count, changed, persons.SharedContacts, persons.Refused);
    }

    private static RecognisedPersons Recognise(List<StandingLink> rows, RuleBook rules, LinkRules matching, CancellationToken cancellation)
    {
        Dictionary<long, string[]> shown = rows.ToDictionary(r => r.Evidence.ComplaintId, r => r.Shown);
        return PersonRecognition.Recognise(
            [.. rows.Select(r => r.Evidence)], complaint => shown[complaint.ComplaintId], matching.Schema.Value, matching.Names.Value,
            rules.SharedPhoneMinPersons, Environment.ProcessorCount, cancellation);
    }

    private static async Task<List<StandingLink>> ReadAsync(
        NpgsqlConnection connection, KeyRing keys, string source, MatchSchema schema, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = new(Sql.Get("Complainants/evidence"), connection) { Parameters = { new() { Value = source } } };
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellation);
        List<StandingLink> rows = [];
        while (await reader.ReadAsync(cancellation))
        {
            ComplainantEvidence evidence = new()
            {
                ComplaintId = reader.GetInt64(0),
                CaseNumber = reader.GetString(1),
                Received = reader.GetFieldValue<DateOnly>(2),
                Name = Token(reader, 4),
                Identity = Token(reader, 5),
                Phones = [.. reader.GetFieldValue<byte[][]>(6).Select(t => EvidenceToken.Of(t))],
                Email = Token(reader, 7),
                Account = Token(reader, 8),
                BirthYear = reader.IsDBNull(9) ? null : reader.GetInt32(9),
                Gender = Text(reader, 10),
            };
            rows.Add(new StandingLink(
                evidence, reader.GetInt32(3), reader.IsDBNull(11) ? null : reader.GetInt64(11), reader.IsDBNull(12) ? null : reader.GetInt32(12),
                Text(reader, 13) is string why ? LinkEvidence.Parse(why) : new LinkEvidence(PersonBases.Alone, null, null),
                evidence.ShowsSomebody
                    ? ShownDetails.Open(
                        keys, schema, reader.GetFieldValue<byte[]>(15), reader.GetInt32(14), SealedRow.Place(source, evidence.CaseNumber), evidence.BirthYear, evidence.Gender)
                    : []));
        }
        return rows;
    }

    /// <summary>The key of each person: the one that stands, or a new one, in the order of first receipt.</summary>
    private static async Task<long[]> GiveKeysAsync(
        NpgsqlConnection connection, IReadOnlyList<PersonCluster> persons, KeyAssignment assignment, CancellationToken cancellation)
    {
        List<long> fresh = [];
        await using (NpgsqlCommand next = new(Sql.Get("Complainants/new_keys"), connection)
        {
            Parameters = { new() { Value = assignment.KeyOfPerson.Count(k => k is null) } },
        })
        await using (NpgsqlDataReader reader = await next.ExecuteReaderAsync(cancellation))
        {
            while (await reader.ReadAsync(cancellation))
            {
                fresh.Add(reader.GetInt64(0));
            }
        }
        long[] keys = new long[persons.Count];
        int used = 0;
        await using (NpgsqlBinaryImporter import = await connection.BeginBinaryImportAsync(
            "copy complainant (person_key, first_seen_date) from stdin (format binary)", cancellation))
        {
            for (int person = 0; person < keys.Length; person++)
            {
                if (assignment.KeyOfPerson[person] is long key)
                {
                    keys[person] = key;
                    continue;
                }
                keys[person] = fresh[used++];
                await import.StartRowAsync(cancellation);
                await import.WriteAsync(keys[person], NpgsqlDbType.Bigint, cancellation);
                await import.WriteAsync(persons[person].FirstSeen, NpgsqlDbType.Date, cancellation);
            }
            await import.CompleteAsync(cancellation);
        }
        return keys;
    }

    private static async Task<int> WriteLinksAsync(
        NpgsqlConnection connection, List<StandingLink> rows, RecognisedPersons recognised, long[] keys, CancellationToken cancellation)
    {
        PersonClusters persons = recognised.Clusters;
        Dictionary<long, StandingLink> byComplaint = rows.ToDictionary(r => r.Evidence.ComplaintId);
        HashSet<long> linked = [];
        int changed = 0;
        await using (NpgsqlCommand stage = new(Sql.Get("Complainants/stage_links"), connection))
        {
            await stage.ExecuteNonQueryAsync(cancellation);
        }
        await using (NpgsqlBinaryImporter import = await connection.BeginBinaryImportAsync(
            "copy changed_link (complaint_id, person_key, revision, evidence) from stdin (format binary)", cancellation))
        {
            foreach (PersonLink link in persons.Links)
            {
                linked.Add(link.ComplaintId);
                StandingLink before = byComplaint[link.ComplaintId];
                LinkEvidence evidence = new(
                    link.Basis, link.JoinedTo is long other ? byComplaint[other].Evidence.CaseNumber : null, link.Token.IsShown ? link.Token.ToString() : null,
                    recognised.Matches.TryGetValue(link.ComplaintId, out MatchEvidence? match) ? MatchWeights.Of(match, id => byComplaint[id].Evidence.CaseNumber) : null);
                if (before.Person == keys[link.Person] && before.LinkedRevision == before.Revision && before.Why.IsSameReason(evidence))
                {
                    continue;
                }
                changed++;
                await import.StartRowAsync(cancellation);
                await import.WriteAsync(link.ComplaintId, NpgsqlDbType.Bigint, cancellation);
                await import.WriteAsync(keys[link.Person], NpgsqlDbType.Bigint, cancellation);
                await import.WriteAsync(before.Revision, NpgsqlDbType.Integer, cancellation);
                await import.WriteAsync(evidence.Json(), NpgsqlDbType.Jsonb, cancellation);
            }
            await import.CompleteAsync(cancellation);
        }
        if (changed > 0)
        {
            await using NpgsqlCommand apply = new(Sql.Get("Complainants/apply_links"), connection);
            await apply.ExecuteNonQueryAsync(cancellation);
        }
        long[] gone = [.. rows.Where(r => r.Person is not null && !linked.Contains(r.Evidence.ComplaintId)).Select(r => r.Evidence.ComplaintId)];
        if (gone.Length > 0)
        {
            await using NpgsqlCommand remove = new("delete from complainant_link where complaint_id = any($1)", connection) { Parameters = { new() { Value = gone } } };
            await remove.ExecuteNonQueryAsync(cancellation);
        }
        return changed + gone.Length;
    }

    private static EvidenceToken Token(NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? default : EvidenceToken.Of(reader.GetFieldValue<byte[]>(column));

    private static string? Text(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    /// <param name="Shown">Cells of the matching schema; personal data.</param>
    private sealed record StandingLink(ComplainantEvidence Evidence, int Revision, long? Person, int? LinkedRevision, LinkEvidence Why, string[] Shown);
}
