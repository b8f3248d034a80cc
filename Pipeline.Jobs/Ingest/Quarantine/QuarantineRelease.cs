using System.Text;
using Npgsql;
using NpgsqlTypes;
using Pipeline.Jobs.Ingest.Cleaning;
using Pipeline.Jobs.Ingest.Ledger;
using Pipeline.Jobs.Ingest.Mapping;
using Pipeline.Jobs.Ingest.Profiles;
using Pipeline.Jobs.Ingest.Reading;
using Pipeline.Jobs.Rules;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Store;
using Pipeline.Models.Taxonomy;

namespace Pipeline.Jobs.Ingest.Quarantine;

/// <summary>A corrected row that still cannot be counted.</summary>
public sealed record StillRejected(long Id, string Reason, string? Column);

/// <param name="Released">Rows that are in the ledger now.</param>
/// <param name="StillRejected">Rows that stay in quarantine, with what is wrong with them now.</param>
/// <param name="NotOpen">Identifiers that were decided before, or do not exist.</param>
/// <param name="Counts">Verdicts of the released rows.</param>
public sealed record ReleaseResult(
    IReadOnlyList<long> Released, IReadOnlyList<StillRejected> StillRejected, IReadOnlyList<long> NotOpen, LoadCounts Counts);

/// <summary>
/// Takes corrected rows into the ledger. The rows of one original file become a correction: a file of its own that states what was so
/// on the day of the original's export, so that a later export still wins. All in one transaction.
/// </summary>
public sealed class QuarantineRelease
{
    private readonly CommandSession session;
    private readonly Database database;
    private readonly NpgsqlConnection connection;
    private readonly QuarantineTables tables;
    private readonly List<long> released = [];
    private readonly List<StillRejected> stillRejected = [];
    private LoadCounts counts;

    private QuarantineRelease(CommandSession session, Database database, NpgsqlConnection connection)
    {
        this.session = session;
        this.database = database;
        this.connection = connection;
        tables = new QuarantineTables(session.Home);
    }

    /// <summary>Releases the rows of a correction sheet made by <see cref="QuarantineExport"/>.</summary>
    public static Task<ReleaseResult> FromSheetAsync(CommandSession session, Database database, string path) =>
        RunAsync(session, database, Path.GetFileName(path), CorrectionReader.Read(path));

    /// <summary>Releases one row as it is: useful when a profile was mended since.</summary>
    public static Task<ReleaseResult> AsItIsAsync(CommandSession session, Database database, long id) =>
        RunAsync(session, database, $"quarantine {id}", new Dictionary<long, CorrectedLine> { [id] = new CorrectedLine(null, 1, new Dictionary<string, string>()) });

    private static async Task<ReleaseResult> RunAsync(
        CommandSession session, Database database, string name, IReadOnlyDictionary<long, CorrectedLine> lines)
    {
        await using NpgsqlConnection connection = await database.Source.OpenConnectionAsync(session.Cancellation);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(session.Cancellation);
        await LockAsync(connection, [.. lines.Keys], session.Cancellation);
        IReadOnlyList<QuarantinedRow> rows = await QuarantinedRow.ReadAsync(connection, "open", null, [.. lines.Keys], session.Cancellation);
        QuarantineRelease release = new(session, database, connection);
        foreach (IGrouping<long, QuarantinedRow> file in rows.GroupBy(r => r.FileId))
        {
            // As the correction has them: so its rows follow each other if a case stands in it twice.
            List<QuarantinedRow> inOrder = [.. file.OrderBy(r => lines[r.Id].Sheet, StringComparer.Ordinal).ThenBy(r => lines[r.Id].Line)];
            await release.FileAsync(transaction, name, inOrder, lines);
        }
        await transaction.CommitAsync(session.Cancellation);
        return new ReleaseResult(release.released, release.stillRejected, [.. lines.Keys.Except(rows.Select(r => r.Id)).Order()], release.counts);
    }

    /// <summary>
    /// Waits for whoever loads into these sources or decides on these rows, so that the rows are read as they stand then and no other
    /// release takes them too. First the sources, as a load and a rollback do, then the rows.
    /// </summary>
    private static async Task LockAsync(NpgsqlConnection connection, long[] ids, CancellationToken cancellation)
    {
        List<string> sources = [];
        await using (NpgsqlCommand command = new(Sql.Get("Ingest/sources_of_quarantined"), connection))
        {
            command.Parameters.Add(new NpgsqlParameter { Value = ids });
            await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellation);
            while (await reader.ReadAsync(cancellation))
            {
                sources.Add(reader.GetString(0));
            }
        }
        foreach (string source in sources)
        {
            await LedgerLoad.LockSourceAsync(connection, source, cancellation);
        }
        await LedgerLoad.ExecuteAsync(connection, Sql.Get("Ingest/lock_quarantined"), cancellation, ids);
    }

    private async Task FileAsync(NpgsqlTransaction transaction, string name, List<QuarantinedRow> rows, IReadOnlyDictionary<long, CorrectedLine> lines)
    {
        QuarantinedRow first = rows[0];
        PinnedRule<Profile> profile = tables.Map(first).Profile;
        List<string[]> cells = [.. rows.Select(r => Corrected(r, lines[r.Id]))];
        OfferedFile file = new(
            $"{name} → {first.File}", name, Identity(rows, cells), cells.Sum(c => c.Sum(v => (long)v.Length)), first.Source, first.Profile, profile.Sha256,
            null, first.AsOf, first.FileId);
        await transaction.SaveAsync("correction", session.Cancellation);
        LedgerLoad ledger = await LedgerLoad.BeginAsync(connection, file, database.Keys, session.Time.GetUtcNow(), session.Cancellation)
            ?? throw PipelineFault.Failed("这份更正已经导入过。", "This correction was taken before.");
        CellCleaner cleaner = new();
        MappedBatch batch = new();
        List<long> accepted = Map(rows, cells, lines, ledger.FileId, cleaner, batch);
        if (accepted.Count == 0)
        {
            await transaction.RollbackAsync("correction", session.Cancellation);
            return;
        }
        await ledger.ApplyAsync(batch);
        Dictionary<string, long> repairs = cleaner.Counts.Where(c => c.Value > 0)
            .ToDictionary(c => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(c.Key.ToString()), c => c.Value);
        counts += await ledger.FinishAsync(session.Time.GetUtcNow(), Environment.UserName, repairs);
        await DecideAsync(connection, accepted, "released", session.Time.GetUtcNow(), ledger.FileId, null, session.Cancellation);
        released.AddRange(accepted);
    }

    private List<long> Map(
        List<QuarantinedRow> rows, List<string[]> cells, IReadOnlyDictionary<long, CorrectedLine> lines, long fileId, CellCleaner cleaner, MappedBatch batch)
    {
        List<long> accepted = [];
        for (int i = 0; i < rows.Count; i++)
        {
            QuarantinedRow row = rows[i];
            ColumnMap map = tables.Map(row);
            ComplaintTaxonomy taxonomy = RuleFiles.Taxonomy(session.Home, map.Profile.Value.Taxonomy).Value;
            ComplaintMapper mapper = new(map, new MappingFrame(row.Source, row.AsOf, fileId, row.SlashFormat), lines[row.Id].Sheet, taxonomy, database.Keys, cleaner);
            int taken = batch.Rows.Count;
            // Surplus cells that the correction left filled still make the row too long.
            bool isTooLong = cells[i].Skip(map.Headers.Count).Any(c => c.Length > 0);
            string[] own = [.. cells[i].Take(map.Headers.Count)];
            mapper.Map(new TableRow(lines[row.Id].Line, own, isTooLong ? RowFault.TooManyCells : RowFault.None), batch);
            if (batch.Rows.Count > taken)
            {
                accepted.Add(row.Id);
            }
            else if (batch.Rejected is [.., RejectedRow rejected])
            {
                stillRejected.Add(new StillRejected(row.Id, rejected.Reason, rejected.Column >= 0 ? map.Headers[rejected.Column] : null));
                batch.Rejected.Clear();
            }
            batch.Skipped = 0;
        }
        return accepted;
    }

    /// <summary>The original cells, with those replaced that the sheet shows differently from how they were exported.</summary>
    private string[] Corrected(QuarantinedRow row, CorrectedLine line)
    {
        ColumnMap map = tables.Map(row);
        string[] cells = row.Cells(database.Keys);
        string[] masked = CellDisplay.Masked(cells, map, row.Reason);
        for (int i = 0; i < cells.Length; i++)
        {
            string header = i < map.Headers.Count ? map.Headers[i] : $"quarantine_surplus_{i - map.Headers.Count + 1}";
            if (line.Values.TryGetValue(header, out string? typed) && !IsAsExported(typed, masked[i]) && !IsAsExported(typed, cells[i]))
            {
                cells[i] = typed.Length > 1 && typed[0] == '\'' && "=+-@".Contains(typed[1], StringComparison.Ordinal) ? typed[1..] : typed;
            }
        }
        return cells;
    }

    private static bool IsAsExported(string typed, string exported) =>
        Plain(typed) == Plain(CorrectionWorkbook.Storable(exported)) || Plain(typed) == Plain(CorrectionWorkbook.StorableInCsv(exported));

    private static string Plain(string cell) => cell.Replace("\r\n", "\n", StringComparison.Ordinal).Trim();

    /// <summary>A correction is known by what it says, under the installation's key because it says personal things.</summary>
    private string Identity(List<QuarantinedRow> rows, List<string[]> cells)
    {
        StringBuilder text = new();
        for (int i = 0; i < rows.Count; i++)
        {
            text.Append(rows[i].Id).Append('\u001E').AppendJoin('\u001F', cells[i]).Append('\u001D');
        }
        return $"correction!{Convert.ToHexStringLower(database.Keys.Token("content", Encoding.UTF8.GetBytes(text.ToString())))}";
    }

    internal static async Task<int> DecideAsync(
        NpgsqlConnection connection, IReadOnlyList<long> ids, string state, DateTimeOffset now, long? fileId, string? why, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = new(Sql.Get("Ingest/decide_quarantined"), connection);
        command.Parameters.Add(new NpgsqlParameter { Value = ids.ToArray() });
        command.Parameters.Add(new NpgsqlParameter { Value = state });
        command.Parameters.Add(new NpgsqlParameter { Value = now.ToUniversalTime() });
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)fileId ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint });
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)why ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        return await command.ExecuteNonQueryAsync(cancellation);
    }
}
