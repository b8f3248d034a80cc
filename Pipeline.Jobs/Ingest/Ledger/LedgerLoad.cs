using System.Buffers.Binary;
using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using Pipeline.Jobs.Ingest.Mapping;
using Pipeline.Jobs.Ingest.Reading;
using Pipeline.Jobs.Privacy;
using Pipeline.Jobs.Store;
using Pipeline.Models.Complaints;

namespace Pipeline.Jobs.Ingest.Ledger;

/// <summary>
/// One file on its way into the ledger, inside the caller's transaction: gives each row its verdict and writes it. Nothing of it can
/// be seen before the transaction is committed, and nothing of it is there afterwards if it is not.
/// </summary>
/// <remarks>
/// Two states of one case: the later export date stands; on one day the later place (by the file's own name, then its content;
/// corrections behind all exports); in one file the later row. A row that is not the latest never replaces the state that is: it becomes
/// an earlier revision, so that the ledger is the same whatever the order of arrival.
/// </remarks>
public sealed partial class LedgerLoad
{
    private const int IdentifiersAhead = 20_000;
    private const int WarningsHeldBack = 20_000;

    private readonly NpgsqlConnection connection;
    private readonly OfferedFile file;
    private readonly KeyRing keys;
    private readonly CancellationToken cancellation;
    private readonly PendingWrites pending = new();
    private readonly Queue<long> identifiers = [];
    private readonly List<PendingWarning> warnings = [];
    private LoadCounts counts;
    private int lateStates;
    private long identifiersReserved;
    private bool hasIncomingTable;

    /// <value>The COPY of the last batch's new rows, which goes on while the next batch is judged.</value>
    private Task copying = Task.CompletedTask;

    /// <value>The case numbers met so far, while the source had no complaint before this file; null where it had.</value>
    private readonly SeenCases? seen;

    private LedgerLoad(NpgsqlConnection connection, OfferedFile file, long fileId, KeyRing keys, bool isFirstOfSource, CancellationToken cancellation)
    {
        seen = isFirstOfSource ? new SeenCases() : null;
        this.connection = connection;
        this.file = file;
        this.keys = keys;
        this.cancellation = cancellation;
        FileId = fileId;
    }

    public long FileId { get; }

    public LoadCounts Counts => counts;

    /// <summary>Takes the file up, waiting for any other load of the same source; null where the ledger has it already.</summary>
    /// <param name="now">When it is taken in; stored with it.</param>
    public static async Task<LedgerLoad?> BeginAsync(
        NpgsqlConnection connection, OfferedFile file, KeyRing keys, DateTimeOffset now, CancellationToken cancellation)
    {
        await LockSourceAsync(connection, file.Source, cancellation);
        await using NpgsqlCommand insert = new(Sql.Get("Ingest/insert_file"), connection);
        foreach (object? value in (object?[])
            [file.Sha256, file.Name, file.Source, file.Profile, file.ProfileSha256, file.Encoding, file.AsOf, now.ToUniversalTime(), file.Bytes])
        {
            insert.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value });
        }
        insert.Parameters.Add(new NpgsqlParameter { Value = (object?)file.CorrectsFileId ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint });
        insert.Parameters.Add(new NpgsqlParameter { Value = file.OwnName });
        insert.Parameters.Add(new NpgsqlParameter { Value = file.EarlierIdentity });
        insert.Parameters.Add(new NpgsqlParameter { Value = (object?)file.OfferedSha256 ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        if (await insert.ExecuteScalarAsync(cancellation) is not long fileId)
        {
            return null;
        }
        await using NpgsqlCommand any = new("select not exists (select 1 from complaint where source = $1)", connection);
        any.Parameters.Add(new NpgsqlParameter { Value = file.Source });
        bool isFirst = (bool)(await any.ExecuteScalarAsync(cancellation))!;
        return new LedgerLoad(connection, file, fileId, keys, isFirst, cancellation);
    }

    /// <summary>Gives the rows of a batch their verdicts and writes them. The batch may be used again afterwards.</summary>
    public async Task ApplyAsync(MappedBatch batch)
    {
        counts = counts with
        {
            Read = counts.Read + batch.Rows.Count + batch.Rejected.Count,
            Rejected = counts.Rejected + batch.Rejected.Count,
            Skipped = counts.Skipped + batch.Skipped,
        };
        await QuarantineAsync(batch.Rejected);
        if (batch.Rows.Count == 0)
        {
            return;
        }
        Dictionary<string, KnownCase> known = await KnownAsync(batch.Rows);
        await ReserveAsync(batch.Rows, known);
        foreach (MappedRow row in batch.Rows)
        {
            if (!known.TryGetValue(row.CaseNumber, out KnownCase? state))
            {
                state = new KnownCase(identifiers.Dequeue(), 1, row.ContentHash, file.AsOf, row.ContentHash) { IsPending = true };
                known.Add(row.CaseNumber, state);
                pending.AddNew(batch.Buffer, row, state.ComplaintId);
                counts = counts with { New = counts.New + 1, Warnings = counts.Warnings + row.Warnings.Count };
            }
            else
            {
                await JudgeAsync(batch.Buffer, row, state, known);
            }
        }
        await FlushAsync(known);
    }

    /// <summary>Waits until nothing of this load is on its way to the database. Must be called before the connection is used for anything else.</summary>
    public Task SettleAsync()
    {
        Task last = copying;
        copying = Task.CompletedTask;
        return last;
    }

    /// <summary>Places late states, writes the counts and the audit event. The caller commits.</summary>
    public async Task<LoadCounts> FinishAsync(DateTimeOffset now, string actor, IReadOnlyDictionary<string, long> repairs)
    {
        await WriteWarningsAsync();
        if (lateStates > 0)
        {
            await ExecuteAsync(connection, "create temp table if not exists rebuild_case (complaint_id bigint primary key) on commit drop", cancellation);
            await ExecuteAsync(
                connection, "insert into rebuild_case select distinct complaint_id from complaint_revision where file_id = $1 and revision < 0", cancellation, FileId);
            await CaseHistory.RebuildAsync(connection, cancellation);
        }
        await using NpgsqlCommand finish = new(Sql.Get("Ingest/finish_file"), connection);
        foreach (object value in (object[])
            [FileId, counts.Read, counts.New, counts.Updated, counts.Unchanged, counts.Duplicate, counts.Rejected, counts.Warnings, repairs.Values.Sum(), counts.Late, counts.Skipped])
        {
            finish.Parameters.Add(new NpgsqlParameter { Value = value });
        }
        finish.Parameters.Add(new NpgsqlParameter { Value = JsonSerializer.Serialize(repairs), NpgsqlDbType = NpgsqlDbType.Jsonb });
        await finish.ExecuteNonQueryAsync(cancellation);
        await AuditAsync(connection, now, actor, "ingest", new
        {
            file_id = FileId,
            sha256 = file.Sha256,
            name = file.Name,
            profile = file.Profile,
            read = counts.Read,
            @new = counts.New,
            updated = counts.Updated,
            unchanged = counts.Unchanged,
            duplicate = counts.Duplicate,
            rejected = counts.Rejected,
        }, cancellation);
        return counts;
    }

    /// <summary>Begins a table of the file: keeps its header, by which its quarantined rows can be exported and read again.</summary>
    /// <param name="firstLine">Line of its first row below the header; 0 where it has none.</param>
    /// <param name="slashFormat">Day or month first, where the table's rows proved it; see <see cref="MappingFrame"/>.</param>
    public async Task AddTableAsync(int ordinal, TableShape shape, long firstLine, string? slashFormat)
    {
        headers = shape.Columns;
        await SettleAsync();
        await using NpgsqlCommand insert = new(
            "insert into source_table (file_id, ordinal, sheet_name, first_line, header, columns, slash_format) values ($1, $2, $3, $4, $5, $6, $7)",
            connection);
        insert.Parameters.Add(new NpgsqlParameter { Value = FileId });
        insert.Parameters.Add(new NpgsqlParameter { Value = ordinal });
        insert.Parameters.Add(new NpgsqlParameter { Value = shape.Sheet ?? "" });
        insert.Parameters.Add(new NpgsqlParameter { Value = firstLine });
        insert.Parameters.Add(new NpgsqlParameter { Value = JsonSerializer.Serialize(shape.Header), NpgsqlDbType = NpgsqlDbType.Jsonb });
        insert.Parameters.Add(new NpgsqlParameter { Value = shape.Columns.ToArray() });
        insert.Parameters.Add(new NpgsqlParameter { Value = (object?)slashFormat ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        await insert.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Waits until nobody else changes what a source says, and keeps others waiting until the transaction ends.</summary>
    internal static Task LockSourceAsync(NpgsqlConnection connection, string source, CancellationToken cancellation) =>
        ExecuteAsync(connection, "select pg_advisory_xact_lock(hashtextextended('ingest ' || $1, 0))", cancellation, source);

    internal static async Task AuditAsync(
        NpgsqlConnection connection, DateTimeOffset now, string actor, string action, object detail, CancellationToken cancellation)
    {
        await using NpgsqlCommand audit = new("select audit_append($1, $2, $3, $4)", connection);
        audit.Parameters.Add(new NpgsqlParameter { Value = now.ToUniversalTime() });
        audit.Parameters.Add(new NpgsqlParameter { Value = actor });
        audit.Parameters.Add(new NpgsqlParameter { Value = action });
        audit.Parameters.Add(new NpgsqlParameter { Value = JsonSerializer.Serialize(detail), NpgsqlDbType = NpgsqlDbType.Jsonb });
        await audit.ExecuteNonQueryAsync(cancellation);
    }

    internal static async Task<int> ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation, params object[] values)
    {
        await using NpgsqlCommand command = new(sql, connection);
        foreach (object value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }
        return await command.ExecuteNonQueryAsync(cancellation);
    }

    private async Task JudgeAsync(CopyRowBuffer buffer, MappedRow row, KnownCase state, Dictionary<string, KnownCase> known)
    {
        if (state.LastInFile == row.ContentHash)
        {
            counts = counts with { Duplicate = counts.Duplicate + 1 };
            return;
        }
        bool isRepeated = state.LastInFile is not null;
        state.LastInFile = row.ContentHash;
        if (file.AsOf < state.AsOf || state.IsToldLater)
        {
            lateStates++;
            pending.AddLate(buffer, row, state.ComplaintId, -lateStates, isRepeated);
            pending.AddSighting(state.ComplaintId, row);
            counts = counts with { Unchanged = counts.Unchanged + 1, Late = counts.Late + 1 };
        }
        else if (state.ContentHash == row.ContentHash)
        {
            pending.AddSighting(state.ComplaintId, row);
            if (state.AsOf < file.AsOf)
            {
                state.AsOf = file.AsOf;
                pending.SeenAgain.Add(state.ComplaintId);
            }
            counts = counts with { Unchanged = counts.Unchanged + 1 };
        }
        else
        {
            if (state.IsPending)
            {
                await FlushAsync(known);
            }
            state.Revision++;
            state.ContentHash = row.ContentHash;
            state.AsOf = file.AsOf;
            state.IsPending = true;
            pending.AddUpdate(buffer, row, state.ComplaintId, state.Revision, isRepeated);
            counts = counts with { Updated = counts.Updated + 1, Warnings = counts.Warnings + row.Warnings.Count + (isRepeated ? 1 : 0) };
        }
    }

    private async Task<Dictionary<string, KnownCase>> KnownAsync(List<MappedRow> rows)
    {
        Dictionary<string, KnownCase> known = new(rows.Count, StringComparer.Ordinal);
        List<string> numbers = new(rows.Count);
        foreach (MappedRow row in rows)
        {
            // The first file of a source meets nothing but its own rows: only what it may have met is asked for.
            if (seen is null || seen.Add(row.CaseNumber))
            {
                numbers.Add(row.CaseNumber);
            }
        }
        if (numbers.Count == 0)
        {
            return known;
        }
        await SettleAsync();
        await using NpgsqlCommand command = new(Sql.Get("Ingest/known_cases"), connection);
        command.Parameters.Add(new NpgsqlParameter { Value = file.Source });
        command.Parameters.Add(new NpgsqlParameter { Value = numbers.ToArray() });
        command.Parameters.Add(new NpgsqlParameter { Value = FileId });
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            UInt128 hash = Hash(reader.GetFieldValue<byte[]>(3));
            UInt128? lastInFile = reader.IsDBNull(6) ? null : Hash(reader.GetFieldValue<byte[]>(6));
            known.Add(
                reader.GetString(0),
                new KnownCase(reader.GetInt64(1), reader.GetInt32(2), hash, reader.GetFieldValue<DateOnly>(4), lastInFile, reader.GetBoolean(5)));
        }
        return known;
    }

    /// <summary>Makes sure that there is an identifier for every row that may be new; from the second batch on several batches ahead.</summary>
    private async Task ReserveAsync(List<MappedRow> rows, Dictionary<string, KnownCase> known)
    {
        int wanted = 0;
        foreach (MappedRow row in rows)
        {
            wanted += known.ContainsKey(row.CaseNumber) ? 0 : 1;
        }
        if (wanted > identifiers.Count)
        {
            await SettleAsync();
            bool isFirstBatch = identifiersReserved == 0;
            int reserved = isFirstBatch ? wanted : Math.Max(wanted, IdentifiersAhead);
            identifiersReserved += reserved;
            await using NpgsqlCommand reserve = new(
                Sql.Get("Ingest/reserve_identifiers"), connection);
            reserve.Parameters.Add(new NpgsqlParameter { Value = reserved });
            await using NpgsqlDataReader reader = await reserve.ExecuteReaderAsync(cancellation);
            while (await reader.ReadAsync(cancellation))
            {
                identifiers.Enqueue(reader.GetInt64(0));
            }
        }
    }

    private static UInt128 Hash(byte[] bytes) => BinaryPrimitives.ReadUInt128BigEndian(bytes);
}
