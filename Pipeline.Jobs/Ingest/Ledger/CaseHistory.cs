using Npgsql;

namespace Pipeline.Jobs.Ingest.Ledger;

/// <summary>The history of cases, rebuilt from all observations of them.</summary>
public static class CaseHistory
{
    /// <summary>Rebuilds the cases in the temporary table <c>rebuild_case</c> and empties it. Cases that no ingested file reports must be removed before.</summary>
    public static async Task RebuildAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await LedgerLoad.ExecuteAsync(connection, LedgerColumns.Statement("Ingest/rebuild_states"), cancellation);
        await RestoreWarningsAsync(connection, cancellation);
        await LedgerLoad.ExecuteAsync(connection, "truncate rebuild_case", cancellation);
    }

    /// <summary>The warnings of the state that now stands, from the codes that it carries.</summary>
    private static async Task RestoreWarningsAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        Dictionary<long, List<PendingWarning>> byFile = [];
        await using (NpgsqlCommand command = new(
            "select complaint_id, file_id, line_number, unnest(warnings) from complaint join rebuild_case using (complaint_id)", connection))
        await using (NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellation))
        {
            while (await reader.ReadAsync(cancellation))
            {
                long fileId = reader.GetInt64(1);
                if (!byFile.TryGetValue(fileId, out List<PendingWarning>? warnings))
                {
                    byFile.Add(fileId, warnings = []);
                }
                warnings.Add(new PendingWarning(reader.GetInt64(0), reader.GetInt64(2), reader.GetString(3)));
            }
        }
        foreach ((long fileId, List<PendingWarning> warnings) in byFile)
        {
            await LedgerLoad.WarningsAsync(connection, fileId, warnings, cancellation);
        }
    }
}
