using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using Pipeline.Jobs.Ingest.Ledger;
using Pipeline.Jobs.Privacy;
using Pipeline.Jobs.Store;

namespace Pipeline.Jobs.Ingest.Quarantine;

/// <summary>A row that could not be taken, as the ledger keeps it.</summary>
/// <param name="ColumnNumber">1-based, or null where the whole row is meant.</param>
/// <param name="ValueMasked">The offending value; only dates and system numbers are shown as they are.</param>
/// <param name="State"><c>open</c>, <c>released</c> or <c>dismissed</c>.</param>
/// <param name="ArrivedIn">The file that its case's standing state came from, or null where the case is not in the ledger.</param>
/// <param name="ArrivedLater">That file is of a later export than this row's.</param>
/// <param name="Header">The header rows of its table.</param>
/// <param name="Columns">The column names of its table.</param>
/// <param name="SlashFormat">Day or month first, as the rows of its table proved it; null where they proved nothing or nobody asked.</param>
public sealed record QuarantinedRow(
    long Id,
    long FileId,
    string File,
    string Sheet,
    long Line,
    string? CaseNumber,
    string? Column,
    int? ColumnNumber,
    string Reason,
    string? ValueMasked,
    string State,
    string? DecidedReason,
    int KeyId,
    byte[] Sealed,
    string FileSha256,
    string Source,
    string Profile,
    DateOnly AsOf,
    string? ArrivedIn,
    bool ArrivedLater,
    IReadOnlyList<string[]> Header,
    IReadOnlyList<string> Columns,
    string? SlashFormat)
{
    /// <summary>Reads quarantined rows in the order of file, sheet and line.</summary>
    /// <param name="state">Null: of any state.</param>
    /// <param name="fileId">Null: of any file.</param>
    /// <param name="ids">Null: all.</param>
    public static async Task<IReadOnlyList<QuarantinedRow>> ReadAsync(
        NpgsqlConnection connection, string? state, long? fileId, long[]? ids, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = new(Sql.Get("Ingest/list_quarantine"), connection);
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)state ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)fileId ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint });
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)ids ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint });
        List<QuarantinedRow> rows = [];
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            rows.Add(new QuarantinedRow(
                reader.GetInt64(0),
                reader.GetInt64(1),
                reader.GetString(2),
                reader.GetString(3),
                reader.GetInt64(4),
                Text(reader, 5),
                Text(reader, 6),
                reader.IsDBNull(7) ? null : reader.GetInt32(7),
                reader.GetString(8),
                Text(reader, 9),
                reader.GetString(10),
                Text(reader, 11),
                reader.GetInt32(12),
                reader.GetFieldValue<byte[]>(13),
                reader.GetString(14),
                reader.GetString(15),
                reader.GetString(16),
                reader.GetFieldValue<DateOnly>(17),
                Text(reader, 18),
                reader.GetBoolean(19),
                reader.IsDBNull(20) ? [] : JsonSerializer.Deserialize<string[][]>(reader.GetString(20)) ?? [],
                reader.IsDBNull(21) ? [] : reader.GetFieldValue<string[]>(21),
                Text(reader, 22)));
        }
        return rows;
    }

    /// <summary>The cells as they came: at least as many as the table has columns, more where the row was too long.</summary>
    public string[] Cells(KeyRing keys)
    {
        SealedRow row = SealedRow.Read(keys.Open(Sealed, KeyId, LedgerLoad.QuarantinePlace(FileSha256, Sheet, Line)));
        List<string> cells = [.. Columns.Select(_ => "")];
        foreach ((string name, string value) in row)
        {
            int number = SealedRow.ColumnNumber(name);
            while (cells.Count < number)
            {
                cells.Add("");
            }
            cells[number - 1] = value;
        }
        return [.. cells];
    }

    private static string? Text(NpgsqlDataReader reader, int ordinal) => reader.IsDBNull(ordinal) ? null : reader.GetString(ordinal);
}
