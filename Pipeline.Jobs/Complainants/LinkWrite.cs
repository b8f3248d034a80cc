using Npgsql;
using NpgsqlTypes;
using Pipeline.Jobs.Store;
using Pipeline.Models.Complainants;

namespace Pipeline.Jobs.Complainants;

/// <summary>What was written of a plan.</summary>
/// <param name="Keys">Of each person.</param>
/// <param name="ChangedLinks">Links written or removed.</param>
/// <param name="Events">Numbers of the merges and splits, in order.</param>
internal sealed record LinkWritten(IReadOnlyList<long> Keys, int ChangedLinks, IReadOnlyList<long> Events);

/// <summary>Writes a plan into the ledger: keys of new persons, the links that changed, events, effects of words, pairs held apart.</summary>
internal static class LinkWrite
{
    internal static async Task<LinkWritten> ApplyAsync(
        NpgsqlConnection connection, string source, LinkPlan plan, KeyHistory history, IdentityDecision decision, CancellationToken cancellation)
    {
        long[] keys = await GiveKeysAsync(connection, plan, cancellation);
        int changed = await WriteLinksAsync(connection, plan, keys, cancellation);
        IReadOnlyList<long> events = await IdentityEvents.WriteAsync(connection, source, plan, keys, decision, cancellation);
        await FollowMergedKeysAsync(connection, history, cancellation);
        await WriteEffectsAsync(connection, plan, cancellation);
        await WriteHeldAsync(connection, plan, cancellation);
        return new LinkWritten(keys, changed, events);
    }

    /// <summary>The key of each person: the one that stands, or a new one, in the order of first receipt.</summary>
    private static async Task<long[]> GiveKeysAsync(NpgsqlConnection connection, LinkPlan plan, CancellationToken cancellation)
    {
        (IReadOnlyList<PersonCluster> persons, KeyAssignment assignment) = (plan.Recognised.Clusters.Persons, plan.Assignment);
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

    private static async Task<int> WriteLinksAsync(NpgsqlConnection connection, LinkPlan plan, long[] keys, CancellationToken cancellation)
    {
        HashSet<long> linked = [];
        int changed = 0;
        await using (NpgsqlCommand stage = new(Sql.Get("Complainants/stage_links"), connection))
        {
            await stage.ExecuteNonQueryAsync(cancellation);
        }
        await using (NpgsqlBinaryImporter import = await connection.BeginBinaryImportAsync(
            "copy changed_link (complaint_id, person_key, revision, evidence) from stdin (format binary)", cancellation))
        {
            foreach (PersonLink link in plan.Recognised.Clusters.Links)
            {
                linked.Add(link.ComplaintId);
                StandingLink before = plan.Row(link.ComplaintId);
                LinkEvidence evidence = plan.Evidence(link);
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
        await using (NpgsqlCommand done = new("drop table changed_link", connection))
        {
            await done.ExecuteNonQueryAsync(cancellation);
        }
        long[] gone = [.. plan.Rows.Where(r => r.Person is not null && !linked.Contains(r.Evidence.ComplaintId)).Select(r => r.Evidence.ComplaintId)];
        if (gone.Length > 0)
        {
            await using NpgsqlCommand remove = new("delete from complainant_link where complaint_id = any($1)", connection) { Parameters = { new() { Value = gone } } };
            await remove.ExecuteNonQueryAsync(cancellation);
        }
        return changed + gone.Length;
    }

    private static async Task FollowMergedKeysAsync(NpgsqlConnection connection, KeyHistory history, CancellationToken cancellation)
    {
        if (history.Merged.Count == 0)
        {
            return;
        }
        await using NpgsqlCommand follow = new(Sql.Get("Complainants/follow_merged_keys"), connection)
        {
            Parameters = { new() { Value = history.Merged.Values.ToArray() }, new() { Value = history.Merged.Keys.ToArray() } },
        };
        await follow.ExecuteNonQueryAsync(cancellation);
    }

    private static async Task WriteEffectsAsync(NpgsqlConnection connection, LinkPlan plan, CancellationToken cancellation)
    {
        await using NpgsqlCommand apply = new(Sql.Get("Complainants/apply_effects"), connection)
        {
            Parameters = { new() { Value = plan.Judged() }, new() { Value = plan.Recognised.ByWord.Order().ToArray() } },
        };
        await apply.ExecuteNonQueryAsync(cancellation);
    }

    private static async Task WriteHeldAsync(NpgsqlConnection connection, LinkPlan plan, CancellationToken cancellation)
    {
        await using (NpgsqlCommand stage = new("create temporary table held_now (like held_apart) on commit drop", connection))
        {
            await stage.ExecuteNonQueryAsync(cancellation);
        }
        await using (NpgsqlBinaryImporter import = await connection.BeginBinaryImportAsync(
            "copy held_now (complaint_id, other_complaint_id, kind, reason, field, evidence) from stdin (format binary)", cancellation))
        {
            foreach (HeldPair pair in plan.Recognised.Held)
            {
                await import.StartRowAsync(cancellation);
                await import.WriteAsync(pair.ComplaintId, NpgsqlDbType.Bigint, cancellation);
                await import.WriteAsync(pair.With, NpgsqlDbType.Bigint, cancellation);
                await import.WriteAsync(pair.Kind, NpgsqlDbType.Text, cancellation);
                await import.WriteAsync(pair.Reason, NpgsqlDbType.Text, cancellation);
                await OptionalAsync(import, pair.Field, NpgsqlDbType.Text);
                await OptionalAsync(
                    import,
                    pair.Why is { } why
                        ? System.Text.Json.JsonSerializer.Serialize(
                            MatchWeights.Of(new MatchEvidence(pair.ComplaintId, pair.With, why), plan.CaseNumber), StoredJson.Evidence)
                        : null,
                    NpgsqlDbType.Jsonb);
            }
            await import.CompleteAsync(cancellation);
        }
        await using (NpgsqlCommand apply = new(Sql.Get("Complainants/apply_held"), connection) { Parameters = { new() { Value = plan.Judged() } } })
        {
            await apply.ExecuteNonQueryAsync(cancellation);
        }
        await using NpgsqlCommand done = new("drop table held_now", connection);
        await done.ExecuteNonQueryAsync(cancellation);

        Task OptionalAsync(NpgsqlBinaryImporter import, string? value, NpgsqlDbType type) =>
            value is null ? import.WriteNullAsync(cancellation) : import.WriteAsync(value, type, cancellation);
    }
}
