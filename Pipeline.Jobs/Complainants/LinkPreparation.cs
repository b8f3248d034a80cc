using Npgsql;
using NpgsqlTypes;
using Pipeline.Jobs.Privacy;
using Pipeline.Jobs.Store;
using Pipeline.Models.Complainants.Matching;

namespace Pipeline.Jobs.Complainants;

/// <summary>
/// What of linking can be done by parts of a source on several nodes: opening new and changed complaints and making their keys, which follow from each
/// complaint alone. Linking takes what stands here and makes the rest itself, so that the persons are the same whoever prepared which part, or none.
/// </summary>
internal sealed class LinkPreparation(NpgsqlDataSource database, KeyRing keys, string source, LinkRules matching, int sharedMinPersons)
{
    private const int BatchRows = 4096;

    private readonly string rules = LinkModel.RulesHash(matching, sharedMinPersons);

    /// <summary>Complaints that linking would read anew: new or changed ones, all where the rules are others.</summary>
    internal async Task<long> CountAsync(CancellationToken cancellation)
    {
        await using NpgsqlCommand command = database.CreateCommand(Sql.Get("Complainants/count_read_anew"));
        command.Parameters.Add(new() { Value = source });
        command.Parameters.Add(new() { Value = rules });
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }

    /// <summary>Prepares one part. What is prepared already is left; a part that is repeated goes on where it stopped.</summary>
    /// <param name="keeping">Called inside the transaction of each batch before it is committed; may refuse.</param>
    /// <returns>Complaints that were prepared now.</returns>
    internal async Task<long> RunAsync(SourcePart part, Func<NpgsqlConnection, Task> keeping, CancellationToken cancellation)
    {
        await using NpgsqlConnection reading = await database.OpenConnectionAsync(cancellation);
        await using NpgsqlConnection writing = await database.OpenConnectionAsync(cancellation);
        await using NpgsqlCommand command = new(Sql.Get("Complainants/unprepared"), reading)
        {
            Parameters = { new() { Value = source }, new() { Value = rules }, new() { Value = part.Parts }, new() { Value = part.Part } },
            CommandTimeout = 0,
        };
        MatchSchema schema = matching.Schema.Value;
        LinkKeys make = new(new LinkSigns(keys, source), schema.WithSharedMinPersons(sharedMinPersons), matching.Names.Value, cancellation);
        long prepared = 0;
        await foreach (List<StandingLink> rows in LinkRows.BatchesAsync(command, keys, source, schema, BatchRows, cancellation))
        {
            await WriteAsync(writing, rows, make.Of(rows, null), keeping, cancellation);
            prepared += rows.Count;
        }
        return prepared;
    }

    /// <summary>What was prepared of complaints as they stand, by complaint.</summary>
    /// <param name="rules">See <see cref="LinkModel.RulesHash"/>.</param>
    internal static async Task<Dictionary<long, SignedKeys>> PreparedAsync(NpgsqlConnection connection, string source, string rules, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = new(Sql.Get("Complainants/prepared"), connection) { Parameters = { new() { Value = source }, new() { Value = rules } } };
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation);
        Dictionary<long, SignedKeys> prepared = [];
        while (await row.ReadAsync(cancellation))
        {
            prepared.Add(row.GetInt64(0), new SignedKeys(
                row.GetInt64(0), row.GetFieldValue<byte[]>(1), row.GetFieldValue<long[]>(2), row.GetFieldValue<long[]>(3), row.GetInt64(4)));
        }
        return prepared;
    }

    /// <summary>What was prepared has been taken over, or is out of date.</summary>
    internal static async Task ForgetAsync(NpgsqlConnection connection, string source, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = new("delete from match_prepared where source = $1", connection) { Parameters = { new() { Value = source } } };
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private async Task WriteAsync(
        NpgsqlConnection connection, List<StandingLink> rows, SignedKeys[] made, Func<NpgsqlConnection, Task> keeping, CancellationToken cancellation)
    {
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellation);
        await ExecuteAsync(connection, Sql.Get("Complainants/stage_prepared"), cancellation);
        await using (NpgsqlBinaryImporter import = await connection.BeginBinaryImportAsync(
            "copy staged_prepared (complaint_id, source, content_hash, rules_sha256, digest, name_sound, own_keys, rule_keys) from stdin (format binary)", cancellation))
        {
            for (int i = 0; i < made.Length; i++)
            {
                await import.StartRowAsync(cancellation);
                await import.WriteAsync(made[i].ComplaintId, NpgsqlDbType.Bigint, cancellation);
                await import.WriteAsync(source, NpgsqlDbType.Text, cancellation);
                await import.WriteAsync(rows[i].ContentHash, NpgsqlDbType.Bytea, cancellation);
                await import.WriteAsync(rules, NpgsqlDbType.Text, cancellation);
                await import.WriteAsync(made[i].Digest, NpgsqlDbType.Bytea, cancellation);
                await import.WriteAsync(made[i].NameSound, NpgsqlDbType.Bigint, cancellation);
                await import.WriteAsync(made[i].Own, NpgsqlDbType.Array | NpgsqlDbType.Bigint, cancellation);
                await import.WriteAsync(made[i].Rules, NpgsqlDbType.Array | NpgsqlDbType.Bigint, cancellation);
            }
            await import.CompleteAsync(cancellation);
        }
        await ExecuteAsync(connection, Sql.Get("Complainants/apply_prepared"), cancellation);
        await keeping(connection);
        await transaction.CommitAsync(cancellation);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = new(sql, connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
