using Npgsql;
using Pipeline.Jobs.Store;
using Pipeline.Models.Flags.Priority;

namespace Pipeline.Jobs.Flags;

/// <summary>What the ledger knows of each complaint on each day: the states that its exports reported.</summary>
public static class PriorityLedger
{
    /// <summary>The states of the complaints of a source received on or after <paramref name="from"/>, by complaint id, in their order.</summary>
    public static async Task<IReadOnlyDictionary<long, IReadOnlyList<CaseState>>> StatesAsync(
        NpgsqlConnection connection, string source, DateOnly from, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = new(Sql.Get("Flags/states"), connection)
        {
            Parameters = { new() { Value = source }, new() { Value = from } },
        };
        Dictionary<long, IReadOnlyList<CaseState>> states = [];
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            CaseState state = new(
                row.GetFieldValue<DateOnly>(1), row.GetString(2), Date(3), Date(4), row.IsDBNull(5) ? null : row.GetString(5), Flag(6), Flag(7));
            long complaintId = row.GetInt64(0);
            if (!states.TryGetValue(complaintId, out IReadOnlyList<CaseState>? known))
            {
                states.Add(complaintId, known = new List<CaseState>(1));
            }
            ((List<CaseState>)known).Add(state);
        }
        return states;

        DateOnly? Date(int column) => row.IsDBNull(column) ? null : row.GetFieldValue<DateOnly>(column);

        bool? Flag(int column) => row.IsDBNull(column) ? null : row.GetBoolean(column);
    }

    /// <summary>The days on which the files of a source were exported.</summary>
    public static async Task<IReadOnlyList<DateOnly>> ExportsAsync(NpgsqlConnection connection, string source, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = new(
            "select distinct as_of_date from source_file where source = $1 and state = 'ingested' order by 1", connection)
        {
            Parameters = { new() { Value = source } },
        };
        List<DateOnly> exports = [];
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            exports.Add(row.GetFieldValue<DateOnly>(0));
        }
        return exports;
    }
}
