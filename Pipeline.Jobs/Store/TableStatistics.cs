using Npgsql;

namespace Pipeline.Jobs.Store;

/// <summary>
/// What the planner knows of the tables. The server's own collector wakes once a minute, and until it did a table that has just been filled
/// counts as empty: a join over it is then planned as if for a few rows and takes minutes.
/// </summary>
internal static class TableStatistics
{
    /// <summary>Fewer changed rows do not move a plan.</summary>
    private const long Worthwhile = 1_000;

    /// <param name="changed">Rows written to the tables since they were last looked at.</param>
    /// <param name="tables">Names of our own tables.</param>
    public static async Task RefreshAsync(NpgsqlConnection connection, long changed, string tables, CancellationToken cancellation)
    {
        if (changed < Worthwhile)
        {
            return;
        }
        // A sample of 3,000 rows tells full from empty; the default of 30,000 is a fifth of the time of a load.
        await using NpgsqlCommand command = new($"set default_statistics_target = 10; analyze {tables}; reset default_statistics_target", connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
