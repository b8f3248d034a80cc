using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;
using System.Text.Json;
using Npgsql;
using Pipeline.Jobs.Observability;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Steps;
using Pipeline.Jobs.Store;
using Pipeline.Models.Text;
using Pipeline.Reports;

namespace Pipeline.Jobs.Scheduling;

/// <summary>What the scheduler is to do next with a task.</summary>
public enum TaskEnd
{
    /// <summary>Nothing: it is done, or over.</summary>
    Over,

    /// <summary>A passing fault: once more, later.</summary>
    TryAgain,
}

/// <summary>
/// Does tasks: claims one, does the same steps that the command line calls, and writes down how it ended. A fault that may pass is tried
/// again with back-off; one that will not, or too many of them, ends the task with an alert in the same transaction.
/// </summary>
public sealed class TaskRunner(Database database, CommandSession session, string node, SchedulingLog log)
{
    /// <summary>Nodes that may die over a task before it counts as their killer.</summary>
    public const int MaxDeaths = 12;

    /// <value>Complaints of a part of a month; what comes out does not depend on it.</value>
    internal int ComplaintsPerShard { get; init; } = MonthShards.UsualComplaints;

    /// <value>Told when a month's run has ended, however.</value>
    internal Action? RunEnded { get; set; }

    private readonly ConcurrentDictionary<string, DropFolder> folders = new(StringComparer.Ordinal);

    /// <exception cref="OperationCanceledException">The node stops; the task was handed back.</exception>
    public async Task<TaskEnd> RunAsync(long taskId, CancellationToken cancellation)
    {
        (TaskEnd end, string? kind) = await AttemptAsync(taskId, cancellation);
        if (kind == TaskKinds.Run)
        {
            RunEnded?.Invoke();
        }
        return end;
    }

    private async Task<(TaskEnd End, string? Kind)> AttemptAsync(long taskId, CancellationToken cancellation)
    {
        long started = Stopwatch.GetTimestamp();
        TaskClaim? claim;
        try
        {
            claim = await TaskLedger.ClaimAsync(database.Source, taskId, node, cancellation);
        }
        catch (Exception away) when (IsPassing(away))
        {
            log.DatabaseAway(away.GetType().Name);
            return (TaskEnd.TryAgain, null);
        }
        if (claim is null)
        {
            return (TaskEnd.Over, null);
        }
        using Activity? span = Telemetry.Task(claim.TaskId, claim.Job, claim.Kind, claim.Attempt, claim.Deaths, claim.Fence);
        void Ended(string state, string? code = null) => Telemetry.TaskEnded(span, claim.Kind, state, code, Stopwatch.GetElapsedTime(started));
        log.Claimed(claim.TaskId, claim.Job, claim.Kind, claim.Month?.ToString(), claim.Attempt, claim.Deaths, claim.Fence);
        try
        {
            if (claim.Deaths > MaxDeaths)
            {
                throw new PipelineFault(ExitCodes.Failed, new(
                    $"执行中已有 {claim.Deaths} 个节点停止响应，不再重试。请查看节点所在机器的内存与日志，再用 pipeline schedule trigger 或 backfill 重新运行。",
                    $"{claim.Deaths} nodes died over this task; it is not tried again. Look at memory and logs of those machines, then run it again with 'pipeline schedule trigger' or 'backfill'."))
                { Code = "nodes_died" };
            }
            await DoAsync(claim, cancellation);
            log.Done(claim.TaskId, (long)Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            Ended("done");
            return (TaskEnd.Over, claim.Kind);
        }
        catch (OvertakenException)
        {
            log.Overtaken(claim.TaskId, claim.Fence);
            Ended("overtaken");
            return (TaskEnd.Over, claim.Kind);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            await HandBackAsync(claim);
            Ended("handed_back");
            throw;
        }
        catch (Exception fault)
        {
            return (await EndAsync(claim, fault, Ended, cancellation), claim.Kind);
        }
    }

    /// <summary>One look at a drop folder.</summary>
    public async Task WatchAsync(string name, CancellationToken cancellation)
    {
        try
        {
            if (await RecurringJobs.FindAsync(database.Source, name, cancellation) is not { PausedAt: null } job)
            {
                return;
            }
            DropFolder folder = folders.GetOrAdd($"{name}|{job.Spec.Folder}|{job.Spec.StableSeconds}", _ => new DropFolder(job.Spec, node));
            DropResult result = await folder.PassAsync(database, Quiet(job.Spec, cancellation), await Nodes.LivingAsync(database.Source, cancellation));
            if (result.Files > 0)
            {
                log.Dropped(name, result.Ingested, result.Known, result.Refused);
                Telemetry.FilesTaken("ingested", result.Ingested);
                Telemetry.FilesTaken("known", result.Known);
                Telemetry.FilesTaken("refused", result.Refused);
            }
        }
        catch (Exception fault) when (fault is PipelineFault or IOException or UnauthorizedAccessException || IsPassing(fault))
        {
            // The next look goes on where this one ended.
            log.DropFailed(name, fault.GetType().Name);
        }
    }

    private async Task DoAsync(TaskClaim claim, CancellationToken cancellation)
    {
        CommandSession quiet = Quiet(claim.Spec, cancellation);
        switch (claim.Kind)
        {
            case TaskKinds.Run:
                string folder = Path.GetFullPath(Path.Combine(session.Home, claim.Spec.Folder ?? "workbooks"));
                await new MonthShards(database, node, log, ComplaintsPerShard).TogetherAsync(claim, quiet, async part => await RunAsync(part, cancellation));
                TaskWitness witness = new(database.Source, claim, log, cancellation);
                await new MonthRun(database, database.Keys, quiet, witness)
                    .ExecuteAsync(new RunRequest(claim.Month!.Value, claim.Source, folder, WorkbookKinds.All));
                break;
            case TaskKinds.Shard:
                await new MonthShards(database, node, log, ComplaintsPerShard).DoAsync(claim, quiet);
                break;
            case TaskKinds.Expect:
                await new ExpectedFile(database, log).CheckAsync(claim, cancellation);
                break;
            case TaskKinds.Quality:
                await new QualityCheck(database, log).CheckAsync(claim, quiet);
                break;
            case TaskKinds.Maintenance:
                await new Maintenance(database).DoAsync(claim, quiet);
                break;
            default:
                throw new InvalidOperationException($"task {claim.TaskId} is of the kind '{claim.Kind}', which this program does not know");
        }
    }

    private async Task<TaskEnd> EndAsync(TaskClaim claim, Exception fault, Action<string, string?> ended, CancellationToken cancellation)
    {
        PipelineFault? told = FaultReport.Explain(fault, session.Home, isCancelled: false);
        if (told is null)
        {
            log.Bug(fault, claim.TaskId);
            told = PipelineFault.Failed(
                $"程序错误：{fault.GetType().Name}。详情见节点 {node} 的日志（事件 1107）。", $"A fault of the program: {fault.GetType().Name}. The details are in the log of the node {node} (event 1107).", fault);
        }
        bool isPassing = IsPassing(fault) || told.Code == MonthRun.MonthIsRunning || told.ExitCode == ExitCodes.EnvironmentFailed;
        bool again = isPassing && claim.Attempt < claim.Spec.Attempts;
        string state = again ? "retrying" : isPassing || told.Code == "nodes_died" ? "gave_up" : "failed";
        try
        {
            await using NpgsqlConnection connection = await database.Source.OpenConnectionAsync(cancellation);
            await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellation);
            await TaskLedger.FinishAsync(connection, claim, state, null, null, null, told.Code, told.Text, cancellation);
            if (!again)
            {
                await Outbox.AddAsync(connection, GaveUp(claim, state, told.Text), cancellation);
            }
            await transaction.CommitAsync(cancellation);
        }
        catch (OvertakenException)
        {
            log.Overtaken(claim.TaskId, claim.Fence);
            ended("overtaken", null);
            return TaskEnd.Over;
        }
        catch (Exception away) when (IsPassing(away))
        {
            log.DatabaseAway(away.GetType().Name);
            ended("retrying", told.Code);
            return TaskEnd.TryAgain;
        }
        ended(state, told.Code);
        if (again)
        {
            log.Retrying(claim.TaskId, told.Code, claim.Attempt);
            return TaskEnd.TryAgain;
        }
        log.Ended(claim.TaskId, state, told.Code);
        return TaskEnd.Over;
    }

    private static AlertEvent GaveUp(TaskClaim claim, string state, Bilingual why)
    {
        string of = claim.Month is { } month ? $"{month}" : claim.Slot;
        return new AlertEvent(
            $"{EventKinds.GaveUp}/{claim.TaskId}/{claim.Fence}", EventKinds.GaveUp, IsUrgent: true,
            new($"任务 {claim.Job}（{of}）未能完成", $"The task {claim.Job} ({of}) was given up"),
            new($"第 {claim.Attempt} 次尝试后：{why.Zh}", $"After attempt {claim.Attempt}: {why.En}"),
            new { claim.TaskId, claim.Job, claim.Kind, Month = claim.Month?.ToString(), claim.Source, State = state, claim.Attempt });
    }

    private async Task HandBackAsync(TaskClaim claim)
    {
        try
        {
            using CancellationTokenSource patience = new(TimeSpan.FromSeconds(5));
            await TaskLedger.HandBackAsync(database.Source, claim, patience.Token);
            log.HandedBack(claim.TaskId);
        }
        catch (Exception away) when (IsPassing(away) || away is OperationCanceledException)
        {
            // Its claim stays as that of a dead node: the next one takes it over.
            log.DatabaseAway(away.GetType().Name);
        }
    }

    private CommandSession Quiet(JobSpec spec, CancellationToken cancellation) => session with
    {
        Language = spec.Language == "en" ? Language.En : Language.Zh,
        Json = false,
        Output = TextWriter.Null,
        Error = TextWriter.Null,
        Cancellation = cancellation,
    };

    /// <summary>A fault of the connection or of the moment: the same again may succeed.</summary>
    internal static bool IsPassing(Exception fault) => fault switch
    {
        // 08 connection, 40 rollback, 53 resources, 57 operator intervention, 55P03 lock not available.
        PostgresException refused => refused.IsTransient || refused.SqlState[..2] is "08" or "40" or "53" or "57" || refused.SqlState == PostgresErrorCodes.LockNotAvailable,
        NpgsqlException or SocketException or TimeoutException => true,
        // A connection that breaks in the middle of a COPY or a batch.
        ObjectDisposedException or InvalidOperationException { InnerException: NpgsqlException } => true,
        PipelineFault { InnerException: { } cause } => IsPassing(cause),
        AggregateException { InnerException: { } cause } => IsPassing(cause),
        _ => false,
    };
}
