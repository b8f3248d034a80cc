using Npgsql;
using Pipeline.Jobs.Ingest.Ledger;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Store;

namespace Pipeline.Jobs.Ingest.Quarantine;

/// <summary>Rows that somebody dismissed: they count in no figure and can never be released, so that nothing needs their cells.</summary>
internal static class DismissedRows
{
    /// <summary>Erases the cells of rows that were dismissed before a moment; that there was a row, where, why and who decided stays. One transaction, with an audit event.</summary>
    /// <param name="actor">For the audit.</param>
    /// <returns>Rows that were emptied now.</returns>
    internal static async Task<int> EraseAsync(Database database, DateTimeOffset before, string actor, CommandSession session)
    {
        CancellationToken cancellation = session.Cancellation;
        byte[] nothing = new SealedRow().Write();
        List<(long Id, string Place)> rows = [];
        await using NpgsqlConnection connection = await database.Source.OpenConnectionAsync(cancellation);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellation);
        await using (NpgsqlCommand command = new(Sql.Get("Ingest/dismissed_rows"), connection)
        {
            Parameters = { new() { Value = before.UtcDateTime }, new() { Value = database.Keys.Seal(nothing, "").Length } },
        })
        await using (NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation))
        {
            while (await row.ReadAsync(cancellation))
            {
                rows.Add((row.GetInt64(0), LedgerLoad.QuarantinePlace(row.GetString(1), row.GetString(2), row.GetInt64(3))));
            }
        }
        if (rows.Count == 0)
        {
            return 0;
        }
        await LedgerLoad.ExecuteAsync(
            connection,
            """
            update quarantined_row
            set sealed = emptied.sealed, key_id = $3
            from unnest($1::bigint[], $2::bytea[]) as emptied (quarantine_id, sealed)
            where quarantined_row.quarantine_id = emptied.quarantine_id
            """,
            cancellation, rows.Select(r => r.Id).ToArray(), rows.Select(r => database.Keys.Seal(nothing, r.Place)).ToArray(), database.Keys.CurrentKeyId);
        await LedgerLoad.AuditAsync(
            connection, session.Time.GetUtcNow(), actor, "quarantine_erase", new { rows = rows.Count, dismissed_before = before.UtcDateTime }, cancellation);
        await transaction.CommitAsync(cancellation);
        return rows.Count;
    }
}
