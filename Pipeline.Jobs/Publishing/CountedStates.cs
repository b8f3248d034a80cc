using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Npgsql;
using NpgsqlTypes;
using Pipeline.Jobs.Steps;
using Pipeline.Jobs.Store;
using Pipeline.Models.Complaints;
using Pipeline.Models.Editions;
using Pipeline.Models.Measures;

namespace Pipeline.Jobs.Publishing;

/// <summary>
/// What each run counted, complaint by complaint. Only what differs from the run before is written, so that a month's later editions can be
/// compared with earlier ones however the ledger has changed since. What stands of complaints beyond a run's reach stays as earlier runs left it.
/// </summary>
public static class CountedStates
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        IgnoreReadOnlyProperties = true,
        Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>Notes what the run that is being saved counts. Inside the transaction that saves it.</summary>
    /// <returns>The run's place among the runs of its source.</returns>
    public static async Task<long> RecordAsync(NpgsqlConnection connection, string source, FlaggedLedger ledger, CancellationToken cancellation)
    {
        // One run of a source at a time: places follow each other, and each is a whole picture of what is within the reach of its month.
        await ExecuteAsync(connection, "select pg_advisory_xact_lock(hashtextextended('counted ' || $1, 0))", cancellation, source);
        await using NpgsqlCommand last = new("select coalesce(max(place), 0) + 1 from run where source = $1", connection) { Parameters = { new() { Value = source } } };
        long place = (long)(await last.ExecuteScalarAsync(cancellation))!;
        Dictionary<string, byte[]> standing = await StandingAsync(connection, source, ledger, cancellation);
        List<string> ended = [];
        // Without their JSON, which is made again when it is written: the first run of a source writes every complaint within reach.
        List<(CountedState State, byte[] Hash)> begun = [];
        foreach (CountedState state in ledger.Facts.Select(f => new CountedState(f.Fact, f.File, f.FileSha256, f.Line)))
        {
            byte[] hash = SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(state, Options))[..16];
            if (standing.Remove(state.Fact.CaseNumber, out byte[]? known))
            {
                if (known.AsSpan().SequenceEqual(hash))
                {
                    continue;
                }
                ended.Add(state.Fact.CaseNumber);
            }
            begun.Add((state, hash));
        }
        ended.AddRange(standing.Keys);
        if (ended.Count > 0)
        {
            await ExecuteAsync(connection, Sql.Get("Publishing/end_states"), cancellation, source, place, ended.ToArray());
        }
        if (begun.Count > 0)
        {
            await using NpgsqlBinaryImporter copy = await connection.BeginBinaryImportAsync(
                "copy counted_state (source, case_number, from_place, received_date, state, hash) from stdin (format binary)", cancellation);
            foreach ((CountedState state, byte[] hash) in begun)
            {
                await copy.StartRowAsync(cancellation);
                await copy.WriteAsync(source, NpgsqlDbType.Text, cancellation);
                await copy.WriteAsync(state.Fact.CaseNumber, NpgsqlDbType.Text, cancellation);
                await copy.WriteAsync(place, NpgsqlDbType.Bigint, cancellation);
                await copy.WriteAsync(state.Fact.Received, NpgsqlDbType.Date, cancellation);
                await copy.WriteAsync(JsonSerializer.Serialize(state, Options), NpgsqlDbType.Jsonb, cancellation);
                await copy.WriteAsync(hash, NpgsqlDbType.Bytea, cancellation);
            }
            await copy.CompleteAsync(cancellation);
        }
        await TableStatistics.RefreshAsync(connection, begun.Count + ended.Count, "counted_state", cancellation);
        return place;
    }

    /// <summary>The states that two places count differently: those of the earlier one, and those of the later one, by case number.</summary>
    public static async Task<(Dictionary<string, CountedState> Before, Dictionary<string, CountedState> After)> DifferingAsync(
        NpgsqlConnection connection, string source, long before, long after, CancellationToken cancellation)
    {
        Dictionary<string, CountedState> old = new(StringComparer.Ordinal);
        Dictionary<string, CountedState> now = new(StringComparer.Ordinal);
        await using NpgsqlCommand command = new(Sql.Get("Publishing/differing_states"), connection)
        {
            Parameters = { new() { Value = source }, new() { Value = before }, new() { Value = after } },
        };
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            (row.GetBoolean(1) ? old : now).Add(row.GetString(0), Read(row.GetString(2)));
        }
        return (old, now);
    }

    /// <summary>
    /// The states that two places count alike, of complaints that a figure of a month can count: received up to its last day, and received or closed in
    /// the months that figures are given for, or still open.
    /// </summary>
    public static async Task<IReadOnlyList<CountedState>> CommonAsync(
        NpgsqlConnection connection, string source, long before, long after, ReportingMonth month, CancellationToken cancellation)
    {
        List<CountedState> states = [];
        await using NpgsqlCommand command = new(Sql.Get("Publishing/common_states"), connection)
        {
            Parameters = { new() { Value = source }, new() { Value = before }, new() { Value = after }, new() { Value = month.LastDay }, new() { Value = month.Add(-FigurePlan.HistoryMonths).FirstDay } },
        };
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            states.Add(Read(row.GetString(1)));
        }
        return states;
    }

    private static async Task<Dictionary<string, byte[]>> StandingAsync(
        NpgsqlConnection connection, string source, FlaggedLedger ledger, CancellationToken cancellation)
    {
        Dictionary<string, byte[]> standing = new(StringComparer.Ordinal);
        await using NpgsqlCommand command = new(Sql.Get("Publishing/standing_hashes"), connection)
        {
            Parameters = { new() { Value = source }, new() { Value = ledger.From }, new() { Value = ledger.Facts.Select(f => f.Fact.CaseNumber).ToArray() } },
        };
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            standing.Add(row.GetString(0), row.GetFieldValue<byte[]>(1));
        }
        return standing;
    }

    private static CountedState Read(string json) => JsonSerializer.Deserialize<CountedState>(json, Options)
        ?? throw new InvalidDataException("a counted state of the ledger is empty");

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation, params object[] values)
    {
        await using NpgsqlCommand command = new(sql, connection);
        foreach (object value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
