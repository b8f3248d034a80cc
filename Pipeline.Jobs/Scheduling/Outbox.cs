using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using Pipeline.Jobs.Store;
using Pipeline.Models.Text;

namespace Pipeline.Jobs.Scheduling;

/// <summary>Kinds of events that somebody is told of.</summary>
public static class EventKinds
{
    public const string RunFinished = "run_finished";
    public const string GaveUp = "gave_up";
    public const string DeadlinePassed = "deadline_passed";
    public const string FileMissing = "file_missing";
    public const string FileRefused = "file_refused";
    public const string QuarantineAboveLimit = "quarantine_above_limit";
    public const string FileNoticed = "file_noticed";
    public const string UrgentSignal = "urgent_signal";
    public const string QualityCheck = "quality_check";
    public const string Test = "test";
}

/// <summary>Something that somebody must be told. Holds no personal data: months, counts, file names, ids.</summary>
/// <param name="Key">The receiver's idempotency key: the same event has the same key whoever makes it.</param>
/// <param name="Data">For programs.</param>
public sealed record AlertEvent(string Key, string Kind, bool IsUrgent, Bilingual Subject, Bilingual Body, object Data);

/// <summary>Events leave in the transaction of what they tell of, and are delivered after it.</summary>
public static class Outbox
{
    /// <summary>Adds an event to the caller's transaction; an event of the same key stands already and stays.</summary>
    /// <returns>False where it stood already.</returns>
    public static async Task<bool> AddAsync(NpgsqlConnection connection, AlertEvent told, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = new(Sql.Get("Scheduling/add_event"), connection);
        foreach (object value in (object[])[told.Key, told.Kind, told.IsUrgent, told.Subject.Zh, told.Subject.En, told.Body.Zh, told.Body.En])
        {
            command.Parameters.Add(new() { Value = value });
        }
        command.Parameters.Add(new() { Value = JsonSerializer.Serialize(told.Data, StoredJson.Values), NpgsqlDbType = NpgsqlDbType.Jsonb });
        return await command.ExecuteNonQueryAsync(cancellation) == 1;
    }
}
