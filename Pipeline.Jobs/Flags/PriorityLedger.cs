using Npgsql;
using NpgsqlTypes;
using Pipeline.Jobs.Store;
using Pipeline.Models.Flags.Priority;

namespace Pipeline.Jobs.Flags;

/// <summary>What the ledger knows of each complaint on each day: the states that its exports reported.</summary>
public static class PriorityLedger
{
    /// <summary>The states of complaints by complaint id, in their order.</summary>
    public static async Task<IReadOnlyDictionary<long, IReadOnlyList<CaseState>>> StatesAsync(
        NpgsqlConnection connection, long[] complaints, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = new(Sql.Get("Flags/states"), connection)
        {
            Parameters = { new() { Value = complaints, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint } },
        };
        Dictionary<long, IReadOnlyList<CaseState>> states = [];
        Dictionary<string, string> words = new(StringComparer.Ordinal);
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            CaseState state = new(
                row.GetFieldValue<DateOnly>(1), Word(2), Date(3), Date(4), row.IsDBNull(5) ? null : Word(5), Flag(6), Flag(7));
            long complaintId = row.GetInt64(0);
            // Most complaints have one state, few more than two.
            states[complaintId] = states.TryGetValue(complaintId, out IReadOnlyList<CaseState>? known) ? [.. known, state] : [state];
        }
        return states;

        // A few words recur: one string each.
        string Word(int column)
        {
            string word = row.GetString(column);
            return words.TryGetValue(word, out string? before) ? before : words[word] = word;
        }

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
