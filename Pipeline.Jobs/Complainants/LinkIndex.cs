using Npgsql;
using NpgsqlTypes;
using Pipeline.Jobs.Store;
using Pipeline.Models.Complainants;

namespace Pipeline.Jobs.Complainants;

/// <summary>What is known of a complaint as it was judged.</summary>
internal sealed record KnownRecord(long ComplaintId, long Component, byte[] Digest, long[] Keys);

/// <summary>A complaint as it is known from now on.</summary>
internal sealed record NewRecord(long ComplaintId, byte[] ContentHash, byte[] Digest, long Component, long NameSound, long[] Keys);

/// <summary>Finds, by what complaints have in common, those that a new or changed one may concern. Keys are signs, see <see cref="LinkSigns"/>.</summary>
internal sealed class LinkIndex(NpgsqlConnection connection, string source, CancellationToken cancellation)
{
    /// <summary>Complaints that are new or differ from what was judged, and those that are gone.</summary>
    internal async Task<(List<long> Changed, List<long> Gone)> ChangesAsync()
    {
        (List<long> changed, List<long> gone) = ([], []);
        await ReadAsync(Sql.Get("Complainants/match_changes"), row => (row.GetBoolean(1) ? gone : changed).Add(row.GetInt64(0)), source);
        return (changed, gone);
    }

    internal async Task<HashSet<long>> CommonAsync()
    {
        HashSet<long> common = [];
        await ReadAsync("select key from match_common where source = $1", row => common.Add(row.GetInt64(0)), source);
        return common;
    }

    internal async Task<Dictionary<long, KnownRecord>> RecordsAsync(IEnumerable<long> complaints)
    {
        Dictionary<long, KnownRecord> records = [];
        await ReadAsync(
            Sql.Get("Complainants/match_records_of"),
            row => records.Add(
                row.GetInt64(0), new KnownRecord(row.GetInt64(0), row.GetInt64(1), row.GetFieldValue<byte[]>(2), row.GetFieldValue<long[]>(3))),
            complaints.ToArray());
        return records;
    }

    /// <summary>Complaints by key.</summary>
    /// <param name="most">By key: how many are given at most.</param>
    internal async Task<Dictionary<long, List<long>>> MembersAsync(IReadOnlyCollection<long> keys, Func<long, int> most)
    {
        Dictionary<long, List<long>> members = [];
        await ReadAsync(
            Sql.Get("Complainants/match_members"),
            row =>
            {
                if (!members.TryGetValue(row.GetInt64(0), out List<long>? of))
                {
                    members.Add(row.GetInt64(0), of = []);
                }
                of.Add(row.GetInt64(1));
            },
            keys.ToArray(), keys.Select(most).ToArray());
        return members;
    }

    /// <summary>Who uses contacts and values: by key the name, identity number and sound of the name of each differently named user.</summary>
    internal async Task<Dictionary<long, List<(EvidenceToken Name, EvidenceToken Identity, long Sound)>>> UsersAsync(IEnumerable<long> keys)
    {
        Dictionary<long, List<(EvidenceToken, EvidenceToken, long)>> users = [];
        await ReadAsync(
            Sql.Get("Complainants/match_users"),
            row =>
            {
                if (!users.TryGetValue(row.GetInt64(0), out List<(EvidenceToken, EvidenceToken, long)>? of))
                {
                    users.Add(row.GetInt64(0), of = []);
                }
                of.Add((LinkRows.Token(row, 1), LinkRows.Token(row, 2), row.GetInt64(3)));
            },
            keys.ToArray());
        return users;
    }

    /// <summary>The complaints of components, those that are gone left out.</summary>
    internal async Task<List<long>> OfComponentsAsync(IEnumerable<long> components)
    {
        List<long> complaints = [];
        await ReadAsync(Sql.Get("Complainants/match_components"), row => complaints.Add(row.GetInt64(0)), components.ToArray());
        return complaints;
    }

    /// <summary>The complaints of case numbers, and their components as far as they were judged.</summary>
    internal async Task<List<(long ComplaintId, long? Component)>> OfCasesAsync(IEnumerable<string> cases)
    {
        List<(long, long?)> complaints = [];
        await ReadAsync(
            Sql.Get("Complainants/match_cases"), row => complaints.Add((row.GetInt64(0), row.IsDBNull(1) ? null : row.GetInt64(1))), source, cases.ToArray());
        return complaints;
    }

    /// <summary>What a complaint shows of its person is what it showed.</summary>
    internal async Task NoteSameAsync(IReadOnlyCollection<(long ComplaintId, byte[] ContentHash)> same)
    {
        await WriteAsync(
            """
            update match_record
            set content_hash = now.content_hash
            from unnest($1::bigint[], $2::bytea[]) as now (complaint_id, content_hash)
            where match_record.complaint_id = now.complaint_id
            """,
            same.Select(s => s.ComplaintId).ToArray(), same.Select(s => s.ContentHash).ToArray());
        await WriteAsync(Sql.Get("Complainants/note_revisions"), same.Select(s => s.ComplaintId).ToArray());
    }

    internal Task RemoveKeysAsync(IReadOnlyCollection<(long Key, long ComplaintId)> keys) => keys.Count == 0 ? Task.CompletedTask : WriteAsync(
        """
        delete from match_key
        using unnest($1::bigint[], $2::bigint[]) as gone (key, complaint_id)
        where match_key.key = gone.key and match_key.complaint_id = gone.complaint_id
        """,
        keys.Select(k => k.Key).ToArray(), keys.Select(k => k.ComplaintId).ToArray());

    internal async Task AddKeysAsync(IEnumerable<(long Key, long ComplaintId)> keys)
    {
        await using NpgsqlBinaryImporter import = await connection.BeginBinaryImportAsync("copy match_key (key, complaint_id) from stdin (format binary)", cancellation);
        foreach ((long key, long complaint) in keys.Order()) // in the order of the index: it is filled page after page
        {
            await import.StartRowAsync(cancellation);
            await import.WriteAsync(key, NpgsqlDbType.Bigint, cancellation);
            await import.WriteAsync(complaint, NpgsqlDbType.Bigint, cancellation);
        }
        await import.CompleteAsync(cancellation);
    }

    /// <summary>The blocking keys that more complaints share than a rule compares.</summary>
    /// <param name="limits">The largest block, by rule.</param>
    internal async Task<HashSet<long>> CrowdedAsync(IEnumerable<int> limits)
    {
        HashSet<long> crowded = [];
        await ReadAsync(Sql.Get("Complainants/crowded_keys"), row => crowded.Add(row.GetInt64(0)), source, limits.ToArray());
        return crowded;
    }

    internal async Task SetCommonAsync(IReadOnlyCollection<long> added, IReadOnlyCollection<long> removed)
    {
        await WriteAsync("insert into match_common (source, key) select $1, unnest($2::bigint[]) on conflict do nothing", source, added.ToArray());
        await WriteAsync("delete from match_common where source = $1 and key = any($2)", source, removed.ToArray());
    }

    /// <param name="gone">Complaints whose records are taken away.</param>
    internal async Task PutAsync(IEnumerable<NewRecord> records, IReadOnlyCollection<long> gone)
    {
        await WriteAsync(Sql.Get("Complainants/stage_records"));
        await using (NpgsqlBinaryImporter import = await connection.BeginBinaryImportAsync(
            "copy staged_record (complaint_id, source, content_hash, digest, component, name_sound, keys) from stdin (format binary)", cancellation))
        {
            foreach (NewRecord record in records)
            {
                await import.StartRowAsync(cancellation);
                await import.WriteAsync(record.ComplaintId, NpgsqlDbType.Bigint, cancellation);
                await import.WriteAsync(source, NpgsqlDbType.Text, cancellation);
                await import.WriteAsync(record.ContentHash, NpgsqlDbType.Bytea, cancellation);
                await import.WriteAsync(record.Digest, NpgsqlDbType.Bytea, cancellation);
                await import.WriteAsync(record.Component, NpgsqlDbType.Bigint, cancellation);
                await import.WriteAsync(record.NameSound, NpgsqlDbType.Bigint, cancellation);
                await import.WriteAsync(record.Keys, NpgsqlDbType.Array | NpgsqlDbType.Bigint, cancellation);
            }
            await import.CompleteAsync(cancellation);
        }
        await WriteAsync(Sql.Get("Complainants/apply_records"), gone.ToArray());
        await WriteAsync("drop table staged_record");
    }

    /// <summary>Notes the components of complaints that were judged.</summary>
    internal Task SetComponentsAsync(IReadOnlyDictionary<long, long> components) => WriteAsync(
        """
        update match_record
        set component = now.component
        from unnest($1::bigint[], $2::bigint[]) as now (complaint_id, component)
        where match_record.complaint_id = now.complaint_id and match_record.component <> now.component
        """,
        components.Keys.ToArray(), components.Values.ToArray());

    /// <summary>Forgets the source: it is judged anew.</summary>
    internal async Task ClearAsync()
    {
        await WriteAsync(Sql.Get("Complainants/clear_matches"), source);
        await WriteAsync("delete from match_common where source = $1", source);
    }

    /// <summary>Lets the planner see what was just filled.</summary>
    internal Task AnalyzeAsync() => WriteAsync("analyze match_record, match_key");

    private async Task ReadAsync(string sql, Action<NpgsqlDataReader> take, params object[] values)
    {
        await using NpgsqlCommand command = new(sql, connection);
        Array.ForEach(values, v => command.Parameters.Add(new NpgsqlParameter { Value = v }));
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            take(row);
        }
    }

    private async Task WriteAsync(string sql, params object[] values)
    {
        await using NpgsqlCommand command = new(sql, connection);
        Array.ForEach(values, v => command.Parameters.Add(new NpgsqlParameter { Value = v }));
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
