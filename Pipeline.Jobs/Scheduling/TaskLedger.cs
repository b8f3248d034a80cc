using System.Text.Json;
using System.Text.Json.Serialization;
using Npgsql;
using NpgsqlTypes;
using Pipeline.Jobs.Store;
using Pipeline.Models.Complaints;
using Pipeline.Models.Text;

namespace Pipeline.Jobs.Scheduling;

/// <summary>What a task does, as the column <c>kind</c> has it.</summary>
public static class TaskKinds
{
    public const string Run = "run";
    public const string Expect = "expect";
    public const string Quality = "quality";
    public const string Maintenance = "maintenance";

    /// <summary>A part of what a month's run finds done, see <see cref="MonthShards"/>.</summary>
    public const string Shard = "shard";
}

/// <summary>Names in the column <c>job</c> of tasks that no recurring job made.</summary>
public static class TaskOrigins
{
    public const string Backfill = "backfill";
    public const string Request = "request";
}

/// <summary>A task to be added.</summary>
/// <param name="Slot">With <paramref name="Job"/> what makes it one: the same slot is added once.</param>
public sealed record NewTask(
    string Job, string Kind, string Slot, string? Source, ReportingMonth? Month, JobSpec Spec, string? Reason, int Priority, DateTimeOffset DueAt, DateTimeOffset? DeadlineAt);

/// <summary>A task in the hands of one node, with the fence that its commits are checked against.</summary>
/// <param name="Attempt">1 for the first.</param>
/// <param name="Deaths">How many nodes died over it.</param>
public sealed record TaskClaim(
    long TaskId, string Job, string Kind, string Slot, string? Source, ReportingMonth? Month, JobSpec Spec, int Attempt, int Deaths, long Fence,
    string Node, DateTimeOffset DueAt);

/// <summary>A later claim has the task: nothing of this one counts, and nobody need be told.</summary>
public sealed class OvertakenException(long taskId, long fence) : Exception($"task {taskId}: claim {fence} was overtaken by a later one");

/// <summary>
/// The book of tasks: what is to be done for which period, who has it, how it ended. Every change of a claim is checked against its fence,
/// so that a process that slept through its own replacement changes nothing.
/// </summary>
public static class TaskLedger
{
    private static readonly TimeSpan EndOfSession = TimeSpan.FromSeconds(10);

    internal static readonly JsonSerializerOptions SpecJson = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    /// <returns>The task's number; null where its slot has one, or its month is asked for already.</returns>
    public static async Task<long?> AddAsync(NpgsqlConnection connection, NewTask task, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = new(Sql.Get("Scheduling/add_task"), connection);
        Add(command, task.Job, task.Kind, task.Slot, (object?)task.Source, task.Month?.FirstDay);
        command.Parameters.Add(new() { Value = JsonSerializer.Serialize(task.Spec, SpecJson), NpgsqlDbType = NpgsqlDbType.Jsonb });
        Add(command, task.Reason, task.Priority, task.DueAt.UtcDateTime, task.DeadlineAt?.UtcDateTime);
        return await command.ExecuteScalarAsync(cancellation) as long?;
    }

    /// <summary>Takes a task; ends the session of whoever had it. Null where it is done.</summary>
    public static async Task<TaskClaim?> ClaimAsync(NpgsqlDataSource source, long taskId, string node, CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(cancellation);
        TaskClaim claim;
        int? pid;
        DateTime? begun;
        await using (NpgsqlCommand command = new(Sql.Get("Scheduling/claim_task"), connection))
        {
            Add(command, taskId, node);
            await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation);
            if (!await row.ReadAsync(cancellation))
            {
                return null;
            }
            claim = new TaskClaim(
                row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), row.IsDBNull(4) ? null : row.GetString(4),
                row.IsDBNull(5) ? null : ReportingMonth.Of(row.GetFieldValue<DateOnly>(5)),
                JsonSerializer.Deserialize<JobSpec>(row.GetString(6), SpecJson)!, row.GetInt32(7), row.GetInt32(8), row.GetInt64(9), node,
                new DateTimeOffset(row.GetDateTime(12), TimeSpan.Zero));
            pid = row.IsDBNull(10) ? null : row.GetInt32(10);
            begun = row.IsDBNull(11) ? null : row.GetDateTime(11);
        }
        if (pid is { } held && begun is { } since)
        {
            await EndSessionAsync(connection, held, since, cancellation);
        }
        return claim;
    }

    /// <summary>Notes that this session holds the month for the claim.</summary>
    /// <exception cref="OvertakenException">A later claim has the task.</exception>
    public static async Task HoldAsync(NpgsqlConnection connection, TaskClaim claim, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = new(Sql.Get("Scheduling/hold_task"), connection);
        Add(command, claim.TaskId, claim.Fence);
        await RequireOneAsync(command, claim, cancellation);
    }

    /// <summary>Stops a commit of a claim that was overtaken. Call it inside the transaction: the row stays locked until its end.</summary>
    /// <exception cref="OvertakenException">A later claim has the task.</exception>
    public static async Task CheckFenceAsync(NpgsqlConnection connection, TaskClaim claim, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = new("select from task where task_id = $1 and fence = $2 and state = 'running' for update", connection);
        Add(command, claim.TaskId, claim.Fence);
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation);
        if (!await row.ReadAsync(cancellation))
        {
            throw new OvertakenException(claim.TaskId, claim.Fence);
        }
    }

    /// <summary>Ends the claim inside the caller's transaction.</summary>
    /// <param name="state">done, failed, gave_up or retrying.</param>
    /// <param name="dueAt">When it is tried again.</param>
    /// <exception cref="OvertakenException">A later claim has the task.</exception>
    public static async Task FinishAsync(
        NpgsqlConnection connection, TaskClaim claim, string state, DateTimeOffset? dueAt, string? runId, object? summary, string? errorCode, Bilingual? error,
        CancellationToken cancellation)
    {
        await using NpgsqlCommand command = new(Sql.Get("Scheduling/finish_task"), connection);
        Add(command, claim.TaskId, claim.Fence, state);
        command.Parameters.Add(new() { Value = (object?)dueAt?.UtcDateTime ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        command.Parameters.Add(Text(runId));
        command.Parameters.Add(new() { Value = summary is null ? DBNull.Value : JsonSerializer.Serialize(summary, SpecJson), NpgsqlDbType = NpgsqlDbType.Jsonb });
        command.Parameters.Add(Text(errorCode));
        command.Parameters.Add(Text(error?.Zh));
        command.Parameters.Add(Text(error?.En));
        await RequireOneAsync(command, claim, cancellation);
    }

    /// <summary>Gives a task back that was stopped in good order.</summary>
    public static async Task HandBackAsync(NpgsqlDataSource source, TaskClaim claim, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = source.CreateCommand(Sql.Get("Scheduling/hand_back_task"));
        Add(command, claim.TaskId, claim.Fence);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Notes the begin (rows null) or the end of a step.</summary>
    public static async Task StepAsync(
        NpgsqlDataSource source, TaskClaim claim, int ordinal, string name, long? rows, double? seconds, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = source.CreateCommand(
            """
            insert into task_step (task_id, fence, ordinal, name, rows, seconds, begun_at) values ($1, $2, $3, $4, $5, $6, clock_timestamp())
            on conflict (task_id, fence, ordinal) do update set rows = excluded.rows, seconds = excluded.seconds
            """);
        Add(command, claim.TaskId, claim.Fence, ordinal, name);
        command.Parameters.Add(new() { Value = (object?)rows ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint });
        command.Parameters.Add(new() { Value = (object?)seconds ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Double });
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static async Task EndSessionAsync(NpgsqlConnection connection, int pid, DateTime begun, CancellationToken cancellation)
    {
        long started = TimeProvider.System.GetTimestamp();
        bool isThere = true;
        while (isThere && TimeProvider.System.GetElapsedTime(started) < EndOfSession)
        {
            await using NpgsqlCommand command = new(Sql.Get("Scheduling/end_session"), connection)
            {
                Parameters = { new() { Value = pid }, new() { Value = DateTime.SpecifyKind(begun, DateTimeKind.Utc) } },
            };
            isThere = await command.ExecuteScalarAsync(cancellation) is not null;
            if (isThere)
            {
                await Task.Delay(100, cancellation);
            }
        }
    }

    private static async Task RequireOneAsync(NpgsqlCommand command, TaskClaim claim, CancellationToken cancellation)
    {
        if (await command.ExecuteNonQueryAsync(cancellation) != 1)
        {
            throw new OvertakenException(claim.TaskId, claim.Fence);
        }
    }

    internal static NpgsqlParameter Text(string? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };

    private static void Add(NpgsqlCommand command, params object?[] values)
    {
        foreach (object? value in values)
        {
            command.Parameters.Add(new() { Value = value ?? DBNull.Value });
        }
    }
}
