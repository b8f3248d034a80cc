using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using Pipeline.Jobs.Store;
using Pipeline.Models.Complaints;
using Pipeline.Models.Regulatory;
using Pipeline.Models.Text;

namespace Pipeline.Jobs.Scheduling;

/// <summary>A step of a task or of a run.</summary>
/// <param name="Seconds">Null: it is under way.</param>
public sealed record StepState(string Name, long? Rows, double? Seconds);

/// <summary>A task as people see it.</summary>
/// <param name="IsMadeGood">It failed, and what it was for was done since.</param>
public sealed record TaskState(
    long TaskId, string Job, string Kind, string Slot, string? Source, ReportingMonth? Month, string? Reason, string State, DateTime DueAt, DateTime? DeadlineAt,
    int Attempt, int Deaths, string? Node, DateTime? StartedAt, DateTime? FinishedAt, string? RunId, string? ErrorCode, Bilingual? Error, string? SummaryJson,
    IReadOnlyList<StepState> Steps, bool IsMadeGood)
{
    /// <value>Ended without success, and somebody must look.</value>
    public bool NeedsLook => State is "failed" or "gave_up" && !IsMadeGood;
}

/// <summary>A recurring job with its next slot.</summary>
/// <param name="Next">Null: paused, or none.</param>
public sealed record JobState(JobSpec Spec, DateTimeOffset? Next, DateTimeOffset? PausedAt, string? PausedBy);

/// <summary>A workbook of a run.</summary>
public sealed record WorkbookState(string Kind, string Lang, string Name, string Sha256);

/// <summary>A month of a source: what it holds and how it was last run.</summary>
public sealed record MonthState(
    string Source, ReportingMonth Month, long Complaints, string? RunId, int? Edition, DateTime? CompletedAt, IReadOnlyList<StepState> Steps,
    IReadOnlyList<WorkbookState> Workbooks);

/// <summary>Everything that is going on, read in one go.</summary>
/// <param name="Undelivered">Alerts that wait for a channel, with the last error.</param>
public sealed record StatusView(
    IReadOnlyList<NodeState> Nodes, IReadOnlyList<JobState> Jobs, IReadOnlyList<TaskState> Tasks, IReadOnlyList<MonthState> Months,
    IReadOnlyList<(string Channel, string Subject, int Attempts, string? Error)> Undelivered)
{
    private static readonly JsonSerializerOptions StepJson = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <param name="tasks">At most so many tasks.</param>
    /// <param name="months">At most so many months.</param>
    public static async Task<StatusView> ReadAsync(
        NpgsqlDataSource source, WorkCalendar calendar, DateTimeOffset now, int tasks, int months, CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(cancellation);
        IReadOnlyList<AppliedJob> jobs = await RecurringJobs.ListAsync(connection, cancellation);
        return new StatusView(
            await Scheduling.Nodes.ListAsync(connection, cancellation),
            [.. jobs.Select(j => new JobState(j.Spec, j.PausedAt is null ? RecurringJobs.Resolve(j.Spec).Next(now, calendar) : null, j.PausedAt, j.PausedBy))],
            await TasksAsync(connection, null, tasks, cancellation),
            await MonthsAsync(connection, months, cancellation),
            await UndeliveredAsync(connection, cancellation));
    }

    public static async Task<IReadOnlyList<TaskState>> TasksAsync(NpgsqlConnection connection, long? taskId, int most, CancellationToken cancellation)
    {
        List<TaskState> tasks = [];
        await using NpgsqlCommand command = new(Sql.Get("Scheduling/tasks"), connection)
        {
            Parameters = { new() { Value = (object?)taskId ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint }, new() { Value = most } },
        };
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            tasks.Add(new TaskState(
                row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), Text(row, 4),
                row.IsDBNull(5) ? null : ReportingMonth.Of(row.GetFieldValue<DateOnly>(5)), Text(row, 6), row.GetString(7), row.GetDateTime(8), Time(row, 9),
                row.GetInt32(10), row.GetInt32(11), Text(row, 12), Time(row, 13), Time(row, 14), Text(row, 15), Text(row, 16),
                row.IsDBNull(17) ? null : new Bilingual(row.GetString(17), row.GetString(18)), Text(row, 19), Steps(Text(row, 20)), row.GetBoolean(21)));
        }
        return tasks;
    }

    private static async Task<IReadOnlyList<MonthState>> MonthsAsync(NpgsqlConnection connection, int most, CancellationToken cancellation)
    {
        List<MonthState> months = [];
        await using NpgsqlCommand command = new(Sql.Get("Scheduling/months_overview"), connection) { Parameters = { new() { Value = most } } };
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            months.Add(new MonthState(
                row.GetString(0), ReportingMonth.Of(row.GetFieldValue<DateOnly>(1)), row.GetInt64(2), Text(row, 3), row.IsDBNull(4) ? null : row.GetInt32(4), Time(row, 5),
                Steps(Text(row, 6)), Text(row, 7) is { } books ? JsonSerializer.Deserialize<WorkbookState[]>(books, StepJson)! : []));
        }
        return months;
    }

    private static async Task<IReadOnlyList<(string, string, int, string?)>> UndeliveredAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        List<(string, string, int, string?)> waiting = [];
        await using NpgsqlCommand command = new(
            "select d.channel, o.event_key, d.attempts, d.last_error from outbox_delivery d join outbox o using (outbox_id) where d.state <> 'delivered' and d.attempts > 0 order by d.outbox_id desc limit 20",
            connection);
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            waiting.Add((row.GetString(0), row.GetString(1), row.GetInt32(2), Text(row, 3)));
        }
        return waiting;
    }

    private static StepState[] Steps(string? json) => json is null ? [] : JsonSerializer.Deserialize<StepState[]>(json, StepJson)!;

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static DateTime? Time(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetDateTime(column);
}
