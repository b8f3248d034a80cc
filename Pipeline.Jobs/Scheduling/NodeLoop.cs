using System.Collections.Concurrent;
using Npgsql;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Store;
using Pipeline.Models.Regulatory;

namespace Pipeline.Jobs.Scheduling;

/// <summary>
/// What a node does beside its tasks, every two seconds: a sign of life, a look at the other nodes and an end to what silent ones hold; and
/// beside that planning of slots, putting open tasks to the scheduler, deadlines; and beside both the spreading of alerts and, for each channel by
/// itself, their delivery. Everything is idempotent, so that any number of nodes may do it at once.
/// </summary>
public sealed class NodeLoop(
    Database database, NodeIdentity me, WorkCalendar calendar, Scheduler scheduler, AlertDelivery alerts, CommandSession session, SchedulingLog log)
{
    public static readonly TimeSpan Beat = TimeSpan.FromSeconds(2);

    /// <summary>For what is still to be delivered when a node leaves; the rest waits for the next node.</summary>
    private static readonly TimeSpan LastPatience = TimeSpan.FromSeconds(12);

    private readonly ConcurrentDictionary<string, bool> warned = new(StringComparer.Ordinal);
    private readonly Dictionary<string, JobSpec> watched = new(StringComparer.Ordinal);
    private TaskCompletionSource hurry = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long lastBeat;

    /// <value>The database answered within the last fifteen seconds.</value>
    public bool IsInTouch => Volatile.Read(ref lastBeat) != 0
        && session.Time.GetElapsedTime(Volatile.Read(ref lastBeat)) < TimeSpan.FromSeconds(Nodes.SilenceSeconds);

    /// <summary>
    /// Beats, works and delivers until it is stopped. All of them go apart: a mail server that does not answer must neither make a node look dead, nor keep
    /// what is due from being planned, nor keep new alerts from the other channels.
    /// </summary>
    /// <returns>True where it was stopped; false where other nodes differ and this one must go.</returns>
    public async Task<bool> RunAsync(CancellationToken stop)
    {
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task<bool> beating = RepeatAsync(BeatAsync, hurries: false, end.Token);
        Task<bool>[] loops =
        [
            beating,
            RepeatAsync(WorkAsync, hurries: true, end.Token),
            RepeatAsync(SpreadAsync, hurries: false, end.Token),
            .. alerts.Channels.Select(channel => RepeatAsync(once => DeliverAsync(channel, once), hurries: false, end.Token)),
        ];
        await Task.WhenAny(loops);
        await end.CancelAsync();
        await Task.WhenAll(loops);
        return await beating;
    }

    private async Task<bool> RepeatAsync(Func<CancellationToken, Task<bool>> once, bool hurries, CancellationToken stop)
    {
        while (true)
        {
            try
            {
                if (!await once(stop))
                {
                    return false;
                }
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return true;
            }
            catch (Exception away) when (TaskRunner.IsPassing(away) || Scheduler.IsPassing(away))
            {
                log.DatabaseAway(away.GetType().Name);
            }
            Task pause = Task.Delay(Beat, session.Time, stop);
            TaskCompletionSource early = Volatile.Read(ref hurry);
            await (hurries ? Task.WhenAny(pause, early.Task) : Task.WhenAny(pause));
            if (stop.IsCancellationRequested)
            {
                return true;
            }
            if (hurries && early.Task.IsCompleted)
            {
                Volatile.Write(ref hurry, new(TaskCreationOptions.RunContinuationsAsynchronously));
            }
        }
    }

    /// <summary>Looks at once: a task ended, and another may have waited for it.</summary>
    public void Hurry() => Volatile.Read(ref hurry).TrySetResult();

    /// <summary>A sign of life and a look at the others; false where nodes of another version or other rules work by now.</summary>
    private async Task<bool> BeatAsync(CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await database.Source.OpenConnectionAsync(cancellation);
        int ahead = await Nodes.BeatAsync(connection, me, session.Time, cancellation);
        foreach (NodeState other in (await Nodes.ListAsync(connection, cancellation)).Where(n => n.IsLiving && n.Node != me.Node))
        {
            if (other.ProgramVersion != me.ProgramVersion || other.RulesSha256 != me.RulesSha256)
            {
                // This node slept while others of another kind joined.
                log.OthersDiffer(other.Node);
                return false;
            }
            Warn(other.Node, ahead - other.ClockAheadMilliseconds);
        }
        Warn("the database server", ahead);
        foreach ((string silent, long sessions) in await Nodes.EndSilentSessionsAsync(connection, me, cancellation))
        {
            log.SessionsEnded(silent, sessions);
        }
        Volatile.Write(ref lastBeat, session.Time.GetTimestamp());
        return true;
    }

    /// <summary>Plans slots, puts open tasks to the scheduler, looks at drop folders and deadlines.</summary>
    private async Task<bool> WorkAsync(CancellationToken cancellation)
    {
        foreach (NewTask task in await RecurringJobs.PlanAsync(database.Source, calendar, session.Time.GetUtcNow(), cancellation))
        {
            log.Planned(task.Job, task.Slot);
        }
        await PutAsync(cancellation);
        await WatchAsync(cancellation);
        await DeadlinesAsync(cancellation);
        return true;
    }

    private async Task<bool> SpreadAsync(CancellationToken cancellation)
    {
        await alerts.SpreadAsync(cancellation);
        return true;
    }

    private async Task<bool> DeliverAsync(AlertChannel channel, CancellationToken cancellation)
    {
        await alerts.DeliverAsync(channel, cancellation);
        return true;
    }

    /// <summary>Before the node leaves: what its tasks have to tell goes out now where it can.</summary>
    public async Task LastAsync(CancellationToken cancellation)
    {
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(LastPatience);
        try
        {
            await alerts.DeliverAsync(patience.Token);
        }
        catch (Exception away) when (TaskRunner.IsPassing(away) || (away is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            log.DatabaseAway(away.GetType().Name); // the outbox keeps it for the next node
        }
    }

    private void Warn(string other, int difference)
    {
        if (Math.Abs(difference) > Nodes.ClockToleranceMilliseconds && warned.TryAdd(other, true))
        {
            log.ClocksDiffer(other, difference);
        }
    }

    /// <summary>Puts open tasks that the scheduler does not know to it: new ones, and those that a crash between two commits has left.</summary>
    private async Task PutAsync(CancellationToken cancellation)
    {
        List<(long Id, DateTimeOffset At, int Priority)> open = [];
        await using (NpgsqlCommand command = database.Source.CreateCommand(Sql.Get("Scheduling/unscheduled_tasks")))
        {
            command.Parameters.Add(new() { Value = Scheduler.ClusterName });
            await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation);
            while (await row.ReadAsync(cancellation))
            {
                open.Add((row.GetInt64(0), new DateTimeOffset(row.GetDateTime(1), TimeSpan.Zero), row.GetInt32(2)));
            }
        }
        foreach ((long id, DateTimeOffset at, int priority) in open)
        {
            await scheduler.PutAsync(id, at, session.Time.GetUtcNow(), priority, cancellation);
        }
        if (open.Count > 0)
        {
            log.Put(open.Count);
        }
    }

    private async Task WatchAsync(CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await database.Source.OpenConnectionAsync(cancellation);
        JobSpec[] jobs = [.. (await RecurringJobs.ListAsync(connection, cancellation)).Select(j => j.Spec).Where(s => s.Kind == JobKind.Watch)];
        foreach (JobSpec spec in jobs.Where(s => !watched.TryGetValue(s.Name, out JobSpec? same) || same != s))
        {
            await scheduler.WatchAsync(spec.Name, ((EveryInterval)RecurringJobs.Resolve(spec).When).Interval, cancellation);
            watched[spec.Name] = spec;
        }
        foreach (string gone in watched.Keys.Except(jobs.Select(s => s.Name), StringComparer.Ordinal).ToArray())
        {
            await scheduler.UnwatchAsync(gone, cancellation);
            watched.Remove(gone);
        }
    }

    private async Task DeadlinesAsync(CancellationToken cancellation)
    {
        List<AlertEvent> late = [];
        await using NpgsqlConnection connection = await database.Source.OpenConnectionAsync(cancellation);
        await using (NpgsqlCommand command = new(Sql.Get("Scheduling/overdue_tasks"), connection))
        await using (NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation))
        {
            while (await row.ReadAsync(cancellation))
            {
                (long id, string job, string state) = (row.GetInt64(0), row.GetString(1), row.GetString(5));
                string month = row.IsDBNull(2) ? "" : $"{row.GetFieldValue<DateOnly>(2):yyyy-MM}";
                string deadline = $"{row.GetDateTime(4):yyyy-MM-dd HH:mm}Z";
                late.Add(new AlertEvent(
                    $"{EventKinds.DeadlinePassed}/{id}", EventKinds.DeadlinePassed, IsUrgent: true,
                    new($"{job} {month} 已过期限仍未完成", $"{job} {month} is past its deadline and not done"),
                    new($"期限 {deadline}，目前状态 {state}。运行 pipeline status 查看。", $"The deadline was {deadline}; its state is {state}. Run 'pipeline status' to see why."),
                    new { TaskId = id, Job = job, Month = month, Deadline = deadline, State = state }));
            }
        }
        foreach (AlertEvent told in late)
        {
            if (await Outbox.AddAsync(connection, told, cancellation))
            {
                log.Raised(told.Key);
            }
        }
    }
}
