using System.Globalization;
using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using Pipeline.Jobs.Store;
using Pipeline.Models.Complaints;
using Pipeline.Models.Regulatory;

namespace Pipeline.Jobs.Scheduling;

/// <summary>A recurring job as it was applied.</summary>
/// <param name="PlannedThrough">Every slot up to here has its task.</param>
public sealed record AppliedJob(JobSpec Spec, DateTimeOffset PlannedThrough, DateTimeOffset? PausedAt, string? PausedBy);

/// <summary>
/// The recurring jobs in the database, and the tasks that their slots become. A slot has one task, whoever plans it and however often: the
/// next slot of a job always stands as a waiting task, and slots that an outage has passed over are made up once per period: by the slot that was
/// under way when it began, else by the last.
/// </summary>
public static class RecurringJobs
{
    private const long PlanLock = 0x706C616E73; // 'plans'

    /// <summary>A slot that nobody has planned beyond for so long passed in an outage: a node that lives plans every two seconds.</summary>
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(Nodes.SilenceSeconds);

    /// <summary>Sha-256 of the schedule file that was last applied; null where none was.</summary>
    public static async Task<string?> AppliedAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = new("select sha256 from schedule_applied", connection);
        return await command.ExecuteScalarAsync(cancellation) as string;
    }

    public static async Task<AppliedJob?> FindAsync(NpgsqlDataSource source, string name, CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(cancellation);
        return (await ListAsync(connection, cancellation)).FirstOrDefault(j => j.Spec.Name == name);
    }

    public static async Task<IReadOnlyList<AppliedJob>> ListAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        List<AppliedJob> jobs = [];
        await using NpgsqlCommand command = new("select spec::text, planned_through, paused_at, paused_by from schedule_job order by name", connection);
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            jobs.Add(new AppliedJob(
                JsonSerializer.Deserialize<JobSpec>(row.GetString(0), TaskLedger.SpecJson)!, Utc(row.GetDateTime(1)),
                row.IsDBNull(2) ? null : Utc(row.GetDateTime(2)), row.IsDBNull(3) ? null : row.GetString(3)));
        }
        return jobs;
    }

    /// <summary>
    /// Puts a schedule in place of the one that was applied, inside the caller's transaction. A job that is new or changed begins now: what
    /// lies before is a matter of backfill. Slots that wait for a job that is gone or changed are withdrawn.
    /// </summary>
    public static async Task ApplyAsync(NpgsqlConnection connection, SchedulePlan plan, DateTimeOffset now, CancellationToken cancellation)
    {
        await LockAsync(connection, cancellation);
        Dictionary<string, JobSpec> applied = (await ListAsync(connection, cancellation)).ToDictionary(j => j.Spec.Name, j => j.Spec, StringComparer.Ordinal);
        foreach (string gone in applied.Keys.Except(plan.Jobs.Select(j => j.Spec.Name), StringComparer.Ordinal))
        {
            await WithdrawAsync(connection, gone, cancellation);
            await ExecuteAsync(connection, "delete from schedule_job where name = $1", cancellation, gone);
        }
        foreach (JobSpec spec in plan.Jobs.Select(j => j.Spec).Where(s => !applied.TryGetValue(s.Name, out JobSpec? same) || same != s))
        {
            await WithdrawAsync(connection, spec.Name, cancellation);
            await using NpgsqlCommand command = new(
                """
                insert into schedule_job (name, spec, planned_through) values ($1, $2, $3)
                on conflict (name) do update set spec = excluded.spec, planned_through = excluded.planned_through
                """, connection)
            {
                Parameters =
                {
                    new() { Value = spec.Name },
                    new() { Value = JsonSerializer.Serialize(spec, TaskLedger.SpecJson), NpgsqlDbType = NpgsqlDbType.Jsonb },
                    new() { Value = now.UtcDateTime },
                },
            };
            await command.ExecuteNonQueryAsync(cancellation);
        }
        await ExecuteAsync(
            connection, "insert into schedule_applied (sha256, applied_at) values ($1, clock_timestamp()) on conflict (only_one) do update set sha256 = excluded.sha256, applied_at = excluded.applied_at",
            cancellation, plan.Sha256);
    }

    /// <summary>Holds a job: no slot becomes a task until it is resumed. Slots that pass meanwhile are not made up.</summary>
    /// <returns>False where there is no such job.</returns>
    public static async Task<bool> PauseAsync(NpgsqlConnection connection, string name, string actor, CancellationToken cancellation)
    {
        await LockAsync(connection, cancellation);
        await WithdrawAsync(connection, name, cancellation);
        return await ExecuteAsync(
            connection, "update schedule_job set paused_at = clock_timestamp(), paused_by = $2 where name = $1", cancellation, name, actor) == 1;
    }

    public static async Task<bool> ResumeAsync(NpgsqlConnection connection, string name, DateTimeOffset now, CancellationToken cancellation)
    {
        await LockAsync(connection, cancellation);
        return await ExecuteAsync(
            connection, "update schedule_job set paused_at = null, paused_by = null, planned_through = $2 where name = $1", cancellation, name, now.UtcDateTime) == 1;
    }

    /// <summary>Makes tasks of the slots that are due and of each job's next one.</summary>
    /// <returns>The tasks that were added.</returns>
    public static async Task<IReadOnlyList<NewTask>> PlanAsync(
        NpgsqlDataSource source, WorkCalendar calendar, DateTimeOffset now, CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(cancellation);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellation);
        await LockAsync(connection, cancellation);
        List<NewTask> added = [];
        foreach (AppliedJob job in await ListAsync(connection, cancellation))
        {
            if (job.PausedAt is not null || job.Spec.Kind == JobKind.Watch || job.PlannedThrough > now)
            {
                continue;
            }
            PlannedJob planned = Resolve(job.Spec);
            (IReadOnlyList<NewTask> tasks, DateTimeOffset through) = Slots(planned, calendar, job.PlannedThrough, now);
            if (tasks.Count > 1)
            {
                // A slot that waited when the outage began stands for the same as a later one that is made up now: once is enough.
                await WithdrawMadeUpAsync(connection, job.Spec, [.. tasks.Where(t => t.DueAt <= now)], cancellation);
            }
            foreach (NewTask task in tasks)
            {
                if (await TaskLedger.AddAsync(connection, task, cancellation) is not null)
                {
                    added.Add(task);
                }
            }
            if (now - job.PlannedThrough > Outage)
            {
                List<string> withdrawn = await WithdrawUnderWayAsync(connection, job.Spec, now, cancellation);
                added.RemoveAll(t => t.Job == job.Spec.Name && withdrawn.Contains(t.Slot));
            }
            await ExecuteAsync(connection, "update schedule_job set planned_through = $2 where name = $1", cancellation, job.Spec.Name, through.UtcDateTime);
        }
        await transaction.CommitAsync(cancellation);
        return added;
    }

    /// <summary>
    /// The tasks for the slots after <paramref name="after"/>: those that are due, and the next one. Of slots for one month the last counts;
    /// of slots that stand for no month only the last that is due, because a night that was missed is not done twice.
    /// </summary>
    public static (IReadOnlyList<NewTask> Tasks, DateTimeOffset Through) Slots(PlannedJob job, WorkCalendar calendar, DateTimeOffset after, DateTimeOffset now)
    {
        List<DateTimeOffset> due = [];
        DateTimeOffset? slot = job.Next(after, calendar);
        while (slot is { } at && at <= now)
        {
            due.Add(at);
            slot = job.Next(at, calendar);
        }
        IEnumerable<DateTimeOffset> kept = job.Spec.Kind is JobKind.Run or JobKind.Expect
            ? due.GroupBy(at => Period(job, at)).Select(g => g.Max())
            : due.TakeLast(1);
        List<NewTask> tasks = [.. kept.Select(at => TaskOf(job, at))];
        if (slot is { } next)
        {
            tasks.Add(TaskOf(job, next));
        }
        // Without a further slot (a cron expression of a past year) nothing is planned any more.
        return (tasks, slot ?? DateTimeOffset.MaxValue.AddDays(-1));
    }

    /// <summary>The month that a slot is for, by the calendar of its time zone: never by the time of firing.</summary>
    public static ReportingMonth Period(PlannedJob job, DateTimeOffset slot) => ReportingMonth.Of(job.LocalDay(slot)).Add(job.Spec.MonthOffset);

    internal static PlannedJob Resolve(JobSpec spec) => new(
        spec,
        OccurrenceText.Parse(spec.When, QuartzCron.After) ?? throw new InvalidDataException($"the applied job '{spec.Name}' has the unreadable time '{spec.When}'"),
        TimeZoneInfo.FindSystemTimeZoneById(spec.TimeZone));

    internal static string KindOf(JobKind kind) => kind switch
    {
        JobKind.Run => TaskKinds.Run,
        JobKind.Expect => TaskKinds.Expect,
        JobKind.Quality => TaskKinds.Quality,
        JobKind.Maintenance => TaskKinds.Maintenance,
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    private static NewTask TaskOf(PlannedJob job, DateTimeOffset slot) => new(
        job.Spec.Name, KindOf(job.Spec.Kind), slot.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture), job.Spec.Source,
        job.Spec.Kind is JobKind.Run or JobKind.Expect ? Period(job, slot) : null, job.Spec, null, 5, slot,
        job.Spec.DeadlineMinutes is { } minutes ? slot.AddMinutes(minutes) : null);

    private static Task<int> WithdrawAsync(NpgsqlConnection connection, string name, CancellationToken cancellation) =>
        ExecuteAsync(connection, "update task set state = 'withdrawn', slot = slot || ' withdrawn ' || task_id where job = $1 and state = 'waiting'", cancellation, name);

    /// <summary>Withdraws what waits for the same as the tasks that are made up: for the same month, or for no month at all.</summary>
    private static Task<int> WithdrawMadeUpAsync(NpgsqlConnection connection, JobSpec spec, IReadOnlyList<NewTask> madeUp, CancellationToken cancellation) => ExecuteAsync(
        connection,
        "update task set state = 'withdrawn', reason = 'a later slot in the outage does it' where job = $1 and state = 'waiting' and due_at < $2 and (month is null or month = any($3))",
        cancellation, spec.Name, madeUp.Max(t => t.DueAt).UtcDateTime, madeUp.Where(t => t.Month is not null).Select(t => t.Month!.Value.FirstDay).ToArray());

    /// <summary>Withdraws what an outage passed over where a slot for the same was under way when it began; each keeps the reason.</summary>
    /// <returns>The slots that were withdrawn.</returns>
    private static async Task<List<string>> WithdrawUnderWayAsync(NpgsqlConnection connection, JobSpec spec, DateTimeOffset now, CancellationToken cancellation)
    {
        List<string> slots = [];
        await using NpgsqlCommand command = new(Sql.Get("Scheduling/withdraw_under_way"), connection)
        {
            Parameters = { new() { Value = spec.Name }, new() { Value = now.UtcDateTime } },
        };
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            slots.Add(row.GetString(0));
        }
        return slots;
    }

    private static Task<int> LockAsync(NpgsqlConnection connection, CancellationToken cancellation) =>
        ExecuteAsync(connection, "select pg_advisory_xact_lock($1)", cancellation, PlanLock);

    private static async Task<int> ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation, params object[] values)
    {
        await using NpgsqlCommand command = new(sql, connection);
        foreach (object value in values)
        {
            command.Parameters.Add(new() { Value = value });
        }
        return await command.ExecuteNonQueryAsync(cancellation);
    }

    private static DateTimeOffset Utc(DateTime time) => new(DateTime.SpecifyKind(time, DateTimeKind.Utc));
}
