using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using Pipeline.Jobs.Store;
using Pipeline.Models.Complainants;

namespace Pipeline.Jobs.Complainants;

/// <summary>Who decided on identities, and when.</summary>
/// <param name="By"><c>rules</c> and their version, or <c>analyst:</c> and who.</param>
/// <param name="WordId">The word, where an analyst decided.</param>
public sealed record IdentityDecision(string By, DateTimeOffset At, long? WordId = null);

/// <summary>A complaint that an event brought from one person's key to another's.</summary>
public sealed record IdentityMove(string CaseNumber, long FromKey, long ToKey);

/// <summary>A merge, a split, or a word that changed nobody.</summary>
/// <param name="PersonKey">Merge: the key that stays. Split: the key that was left.</param>
/// <param name="OtherKey">Merge: the key that was merged away. Split: the key that the complaints went to.</param>
/// <param name="Note">The analyst's reason, where an analyst decided.</param>
/// <param name="Evidence">Json: the rule and tokens that decided, never values.</param>
/// <param name="Figures">The published figures that it moves, or null where they were not looked at.</param>
/// <param name="Moves">The complaints that changed their key.</param>
public sealed record IdentityEvent(
    long EventId, string Kind, long PersonKey, long? OtherKey, string DecidedBy, DateTimeOffset DecidedAt, string? Note, string Evidence,
    MovedFigures? Figures, IReadOnlyList<IdentityMove> Moves);

/// <summary>Merges and splits of persons: the key that gives way points to the key that stays, and each is an event with its evidence.</summary>
public static class IdentityEvents
{
    /// <summary>Case numbers named in the evidence of a split; the rest is counted.</summary>
    private const int CasesNamed = 20;

    /// <summary>The events of a source after one event and up to another, in order.</summary>
    /// <param name="afterEvent">Null: from the first on.</param>
    /// <param name="upToEvent">Null: up to the newest.</param>
    public static Task<IReadOnlyList<IdentityEvent>> BetweenAsync(
        NpgsqlConnection connection, string source, long? afterEvent, long? upToEvent, CancellationToken cancellation) =>
        ReadAsync(connection, source, afterEvent, upToEvent, null, cancellation);

    /// <summary>
    /// The events between two runs of one source, in order: what brought complaints to other persons between two editions. Which of the
    /// two was made first does not matter.
    /// </summary>
    public static async Task<IReadOnlyList<IdentityEvent>> BetweenAsync(
        NpgsqlConnection connection, string oneRunId, string otherRunId, CancellationToken cancellation)
    {
        List<(string Source, long Event)> runs = [];
        await using (NpgsqlCommand command = new("select source, coalesce(identity_event_id, 0) from run where run_id in ($1, $2) order by 2", connection)
        {
            Parameters = { new() { Value = oneRunId }, new() { Value = otherRunId } },
        })
        await using (NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation))
        {
            while (await row.ReadAsync(cancellation))
            {
                runs.Add((row.GetString(0), row.GetInt64(1)));
            }
        }
        return runs.Count < 2 ? [] : await BetweenAsync(connection, runs[0].Source, runs[0].Event, runs[1].Event, cancellation);
    }

    /// <summary>The events that name one of the keys, in order.</summary>
    public static Task<IReadOnlyList<IdentityEvent>> OfAsync(
        NpgsqlConnection connection, string source, IEnumerable<long> keys, CancellationToken cancellation) =>
        ReadAsync(connection, source, null, null, [.. keys], cancellation);

    private static async Task<IReadOnlyList<IdentityEvent>> ReadAsync(
        NpgsqlConnection connection, string source, long? after, long? upTo, long[]? keys, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = new(Sql.Get("Complainants/events_between"), connection)
        {
            Parameters =
            {
                new() { Value = source },
                new() { Value = (object?)after ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint },
                new() { Value = (object?)upTo ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint },
                new() { Value = (object?)keys ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint },
            },
        };
        List<IdentityEvent> events = [];
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            string[] cases = row.GetFieldValue<string[]>(9);
            long[] from = row.GetFieldValue<long[]>(10);
            long[] to = row.GetFieldValue<long[]>(11);
            events.Add(new IdentityEvent(
                row.GetInt64(0), row.GetString(1), row.GetInt64(2), row.IsDBNull(3) ? null : row.GetInt64(3), row.GetString(4),
                row.GetFieldValue<DateTimeOffset>(5), row.IsDBNull(8) ? null : row.GetString(8), row.GetString(6),
                row.IsDBNull(7) ? null : MovedFigures.Parse(row.GetString(7)), [.. cases.Select((c, i) => new IdentityMove(c, from[i], to[i]))]));
        }
        return events;
    }

    /// <summary>Writes the merges and splits of a plan whose links are written.</summary>
    /// <returns>Their numbers, in order.</returns>
    internal static async Task<IReadOnlyList<long>> WriteAsync(
        NpgsqlConnection connection, string source, LinkPlan plan, IReadOnlyList<long> keys, IdentityDecision decision, CancellationToken cancellation)
    {
        KeyAssignment assignment = plan.Assignment;
        if (assignment.Merges.Count + assignment.Splits.Count == 0)
        {
            return [];
        }
        Dictionary<long, PersonLink> links = plan.Recognised.Clusters.Links.ToDictionary(l => l.ComplaintId);
        List<long> written = [];
        List<(long Event, IdentityMove Move)> moves = [];
        foreach (PersonMerge merge in assignment.Merges)
        {
            long id = await WriteAsync(
                connection, source, "merge", merge.Into, merge.From, merge.ComplaintId, plan.Evidence(links[merge.ComplaintId]).Json(), decision, cancellation);
            written.Add(id);
            moves.AddRange(merge.ComplaintIds.Select(c => (id, new IdentityMove(plan.CaseNumber(c), merge.From, merge.Into))));
        }
        foreach (PersonSplit split in assignment.Splits)
        {
            string evidence = JsonSerializer.Serialize(
                new SplitEvidence(split.ComplaintIds.Count, [.. split.ComplaintIds.Take(CasesNamed).Select(plan.CaseNumber)]), StoredJson.Evidence);
            long id = await WriteAsync(connection, source, "split", split.From, keys[split.Person], split.ComplaintIds[0], evidence, decision, cancellation);
            written.Add(id);
            moves.AddRange(split.ComplaintIds.Select(c => (id, new IdentityMove(plan.CaseNumber(c), split.From, keys[split.Person]))));
        }
        await WriteMovesAsync(connection, source, moves, cancellation);
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
        return written;
    }

    /// <summary>Writes one event.</summary>
    /// <returns>Its number.</returns>
    internal static async Task<long> WriteAsync(
        NpgsqlConnection connection, string source, string kind, long person, long? other, long? complaint, string evidence, IdentityDecision decision,
        CancellationToken cancellation)
    {
        await using NpgsqlCommand command = new(
            """
            insert into identity_event (kind, person_key, other_key, complaint_id, evidence, decided_by, decided_at, source, word_id)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            returning event_id
            """, connection)
        {
            Parameters =
            {
                new() { Value = kind },
                new() { Value = person },
                new() { Value = (object?)other ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint },
                new() { Value = (object?)complaint ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint },
                new() { Value = evidence, NpgsqlDbType = NpgsqlDbType.Jsonb },
                new() { Value = decision.By },
                new() { Value = decision.At },
                new() { Value = source },
                new() { Value = (object?)decision.WordId ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint },
            },
        };
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }

    private static async Task WriteMovesAsync(
        NpgsqlConnection connection, string source, List<(long Event, IdentityMove Move)> moves, CancellationToken cancellation)
    {
        await using NpgsqlBinaryImporter import = await connection.BeginBinaryImportAsync(
            "copy identity_move (event_id, source, case_number, from_key, to_key) from stdin (format binary)", cancellation);
        foreach ((long id, IdentityMove move) in moves)
        {
            await import.StartRowAsync(cancellation);
            await import.WriteAsync(id, NpgsqlDbType.Bigint, cancellation);
            await import.WriteAsync(source, NpgsqlDbType.Text, cancellation);
            await import.WriteAsync(move.CaseNumber, NpgsqlDbType.Text, cancellation);
            await import.WriteAsync(move.FromKey, NpgsqlDbType.Bigint, cancellation);
            await import.WriteAsync(move.ToKey, NpgsqlDbType.Bigint, cancellation);
        }
        await import.CompleteAsync(cancellation);
    }

    private sealed record SplitEvidence(int Complaints, IReadOnlyList<string> Cases);
}
