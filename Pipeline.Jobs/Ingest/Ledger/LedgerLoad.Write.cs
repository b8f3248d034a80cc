using System.Buffers.Binary;
using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using Pipeline.Jobs.Ingest.Mapping;
using Pipeline.Models.Complaints;

namespace Pipeline.Jobs.Ingest.Ledger;

public sealed partial class LedgerLoad
{
    private const string CopyWarnings = "copy complaint_warning (complaint_id, file_id, line_number, field, code) from stdin (format binary)";
    private const string CopySightings = "copy complaint_sighting (complaint_id, file_id, sheet_name, line_number, content_hash) from stdin (format binary)";

    private const string CopyQuarantine =
        "copy quarantined_row (file_id, sheet_name, line_number, case_number, column_name, column_number, field, reason_code, value_masked, key_id, sealed) from stdin (format binary)";

    /// <value>The column names of the table that is being loaded; quarantined rows name them.</value>
    private IReadOnlyList<string> headers = [];

    private async Task FlushAsync(Dictionary<string, KnownCase> known)
    {
        await SettleAsync();
        warnings.AddRange(pending.Warnings);
        if (!pending.HasOnlyNew || warnings.Count > WarningsHeldBack)
        {
            await FlushAllAsync();
        }
        else if (pending.New.Length > 0)
        {
            copying = CopyRowsAsync("complaint", pending.TakeNew());
        }
        pending.Clear();
        foreach (KnownCase state in known.Values)
        {
            state.IsPending = false;
        }
    }

    private async Task FlushAllAsync()
    {
        await CopyRowsAsync("complaint", pending.New);
        // Before the updates: a state that this file first confirms and then replaces was last seen in it.
        if (pending.SeenAgain.Count > 0)
        {
            await ExecuteAsync(
                connection, "update complaint set as_of_date = $2 where complaint_id = any($1)", cancellation, pending.SeenAgain.ToArray(), file.AsOf);
        }
        if (pending.Updated.Length > 0)
        {
            // Of states that are about to be replaced too: the replacement removes them.
            int earlier = warnings.Count - pending.Warnings.Count;
            await WarningsAsync(connection, FileId, warnings[..earlier], cancellation);
            warnings.RemoveRange(0, earlier);
            if (!hasIncomingTable)
            {
                await ExecuteAsync(connection, "create temp table if not exists incoming_state (like complaint) on commit drop", cancellation);
                hasIncomingTable = true;
            }
            await CopyRowsAsync("incoming_state", pending.Updated);
            await ExecuteAsync(connection, LedgerColumns.Statement("Ingest/apply_updates"), cancellation);
        }
        await CopyRowsAsync("complaint_revision", pending.Late);
        await SightingsAsync();
        await WriteWarningsAsync();
    }

    private async Task WriteWarningsAsync()
    {
        await SettleAsync();
        await WarningsAsync(connection, FileId, warnings, cancellation);
        warnings.Clear();
    }

    private async Task CopyRowsAsync(string table, CopyRowBuffer rows)
    {
        if (rows.Length == 0)
        {
            return;
        }
        await using CopyStream copy = await CopyStream.BeginAsync(connection, LedgerColumns.Copy(table), cancellation);
        await copy.WriteAsync(rows.Slice(0, rows.Length), cancellation);
        await copy.CompleteAsync(cancellation);
    }

    private async Task SightingsAsync()
    {
        if (pending.Sightings.Count == 0)
        {
            return;
        }
        CopyRowBuffer rows = new();
        byte[] hash = new byte[16];
        foreach (PendingSighting sighting in pending.Sightings)
        {
            BinaryPrimitives.WriteUInt128BigEndian(hash, sighting.ContentHash);
            rows.StartRow(5);
            rows.Int64(sighting.ComplaintId);
            rows.Int64(FileId);
            rows.TextOrEmpty(sighting.Sheet);
            rows.Int64(sighting.Line);
            rows.Bytes(hash.AsSpan());
        }
        await using CopyStream copy = await CopyStream.BeginAsync(connection, CopySightings, cancellation);
        await copy.WriteAsync(rows.Slice(0, rows.Length), cancellation);
        await copy.CompleteAsync(cancellation);
    }

    internal static async Task WarningsAsync(NpgsqlConnection connection, long fileId, IReadOnlyList<PendingWarning> warnings, CancellationToken cancellation)
    {
        if (warnings.Count == 0)
        {
            return;
        }
        CopyRowBuffer rows = new();
        foreach (PendingWarning warning in warnings)
        {
            rows.StartRow(5);
            rows.Int64(warning.ComplaintId);
            rows.Int64(fileId);
            rows.Int64(warning.Line);
            rows.TextOrEmpty(QualityCodes.Field(warning.Code));
            rows.Text(warning.Code);
        }
        await using CopyStream copy = await CopyStream.BeginAsync(connection, CopyWarnings, cancellation);
        await copy.WriteAsync(rows.Slice(0, rows.Length), cancellation);
        await copy.CompleteAsync(cancellation);
    }

    private async Task QuarantineAsync(List<RejectedRow> rejected)
    {
        if (rejected.Count == 0)
        {
            return;
        }
        await SettleAsync();
        CopyRowBuffer rows = new();
        foreach (RejectedRow row in rejected)
        {
            rows.StartRow(11);
            rows.Int64(FileId);
            rows.TextOrEmpty(row.Sheet);
            rows.Int64(row.Line);
            rows.Text(row.CaseNumber);
            rows.Text(row.Column >= 0 && row.Column < headers.Count ? headers[row.Column] : null);
            rows.Int32(row.Column >= 0 ? row.Column + 1 : null);
            rows.Text(row.Field);
            rows.Text(row.Reason);
            rows.Text(row.ValueMasked);
            rows.Int32(keys.CurrentKeyId);
            rows.Bytes(keys.Seal(Cells(row.Cells).Write(), QuarantinePlace(file.Sha256, row.Sheet, row.Line)).AsSpan());
        }
        await using CopyStream copy = await CopyStream.BeginAsync(connection, CopyQuarantine, cancellation);
        await copy.WriteAsync(rows.Slice(0, rows.Length), cancellation);
        await copy.CompleteAsync(cancellation);
    }

    /// <summary>What the sealed cells of a quarantined row are bound to.</summary>
    public static string QuarantinePlace(string sha256, string sheet, long line) => $"quarantined_row|{sha256}|{sheet}|{line}";

    /// <summary>The non-empty cells by position; a row that is too long has cells beyond the header.</summary>
    private SealedRow Cells(string[] cells)
    {
        SealedRow row = new();
        for (int i = 0; i < cells.Length; i++)
        {
            row.Add(SealedRow.ColumnName(i + 1, i < headers.Count ? headers[i] : ""), cells[i]);
        }
        return row;
    }
}
