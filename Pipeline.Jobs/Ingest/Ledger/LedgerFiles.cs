using Npgsql;
using Pipeline.Jobs.Store;

namespace Pipeline.Jobs.Ingest.Ledger;

/// <summary>A file of the ledger.</summary>
/// <param name="State"><c>ingested</c> or <c>rolled_back</c>.</param>
public sealed record LedgerFile(
    long FileId,
    string Name,
    string Sha256,
    string Source,
    string Profile,
    string? Encoding,
    DateOnly AsOf,
    string State,
    DateTimeOffset IngestedAt,
    long Bytes,
    LoadCounts Counts,
    long Cleaned,
    long? CorrectsFileId);

/// <summary>What the ledger knows of files.</summary>
public static class LedgerFiles
{
    /// <summary>All files, in the order in which they were taken.</summary>
    public static async Task<IReadOnlyList<LedgerFile>> ListAsync(NpgsqlDataSource source, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = source.CreateCommand(Sql.Get("Ingest/list_files"));
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellation);
        List<LedgerFile> files = [];
        while (await reader.ReadAsync(cancellation))
        {
            files.Add(Read(reader));
        }
        return files;
    }

    public static async Task<LedgerFile?> FindAsync(NpgsqlConnection connection, long fileId, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = new($"select * from ({Sql.Get("Ingest/list_files")}) as file where file_id = $1", connection);
        command.Parameters.Add(new NpgsqlParameter { Value = fileId });
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) ? Read(reader) : null;
    }

    /// <summary>
    /// The counts of a file that was ingested before, as they are when it comes again: what it brought then is unchanged now, so that
    /// the counts still reconcile and nothing is called new twice.
    /// </summary>
    public static async Task<(long FileId, LoadCounts Counts)> RecordedAsync(NpgsqlConnection connection, OfferedFile offered, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = new($"select * from ({Sql.Get("Ingest/list_files")}) as file where state = 'ingested' and sha256 in ($1, $2)", connection);
        command.Parameters.Add(new NpgsqlParameter { Value = offered.Sha256 });
        command.Parameters.Add(new NpgsqlParameter { Value = offered.EarlierIdentity });
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellation);
        if (!await reader.ReadAsync(cancellation))
        {
            throw new InvalidOperationException($"the ledger refused the file {offered.Sha256} as known but does not have it");
        }
        LedgerFile file = Read(reader);
        LoadCounts then = file.Counts;
        return (file.FileId, then with { New = 0, Updated = 0, Unchanged = then.New + then.Updated + then.Unchanged, Warnings = 0, Late = 0 });
    }

    private static LedgerFile Read(NpgsqlDataReader reader) => new(
        reader.GetInt64(0),
        reader.GetString(1),
        reader.GetString(2),
        reader.GetString(3),
        reader.GetString(4),
        reader.IsDBNull(5) ? null : reader.GetString(5),
        reader.GetFieldValue<DateOnly>(6),
        reader.GetString(7),
        reader.GetFieldValue<DateTimeOffset>(8),
        reader.GetInt64(9),
        new LoadCounts(
            reader.GetInt64(10), reader.GetInt64(11), reader.GetInt64(12), reader.GetInt64(13), reader.GetInt64(14),
            reader.GetInt64(15), reader.GetInt64(16), reader.GetInt64(18), reader.GetInt64(19)),
        reader.GetInt64(17),
        reader.IsDBNull(20) ? null : reader.GetInt64(20));
}
