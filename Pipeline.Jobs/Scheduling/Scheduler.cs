using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Store;
using Quartz;

namespace Pipeline.Jobs.Scheduling;

/// <summary>How fast nodes notice each other's death.</summary>
/// <param name="CheckIn">How often a node says that it lives. Default 2 s.</param>
/// <param name="Threshold">Silence beyond the next check-in after which it counts as dead; above the longest pause of a healthy node. Default 5 s.</param>
/// <param name="Threads">Tasks that a node does at a time. Default 1: a month uses all cores of a machine.</param>
public sealed record ClusterSettings(TimeSpan CheckIn, TimeSpan Threshold, int Threads)
{
    public static ClusterSettings Default { get; } = new(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(5), 1);
}

/// <summary>
/// The seam to the scheduler, and the only file (beside <see cref="QuartzCron"/>) that knows which one it is: Quartz.NET 4, clustered on
/// the program's own database. Another scheduler is another file with these members.
/// </summary>
public sealed class Scheduler(IScheduler quartz)
{
    internal const string ClusterName = "pipeline";
    private const string TaskGroup = "task";
    private const string WatchGroup = "watch";
    private const string Prefix = "qrtz_";

    /// <summary>Adds the scheduler to a host: tables <c>qrtz_*</c> beside the program's own, made where they are missing, never altered or dropped.</summary>
    public static void AddTo(IServiceCollection services, NpgsqlDataSource source, string node, ClusterSettings settings)
    {
        services.AddQuartz(q =>
        {
            q.ConfigureScheduler(o =>
            {
                o.InstanceName = ClusterName;
                o.InstanceId = node;
                o.IdleWaitTime = TimeSpan.FromSeconds(1);
                o.ShutdownJobInterruption = ShutdownJobInterruption.Always;
            });
            q.UseDefaultThreadPool(settings.Threads + 1); // one thread is for drop folders, so that a long run does not hold files up
            q.UsePersistentStore(s =>
            {
                s.UsePostgres(o => o.DataSourceFactory = _ => source);
                s.UseSystemTextJsonSerializer();
                s.ProvisionSchema();
                s.UseClustering(c =>
                {
                    c.CheckinInterval = settings.CheckIn;
                    c.CheckinMisfireThreshold = settings.Threshold;
                });
                s.ConfigureStore(o =>
                {
                    o.TablePrefix = Prefix;
                    o.StoreJobDataAsStrings = true;
                    o.CommandTimeout = TimeSpan.FromSeconds(10);
                    o.DbRetryInterval = TimeSpan.FromSeconds(1);
                    // A task that waited longer for a free node than the threshold is found by this look only.
                    o.MisfireHandlerFrequency = TimeSpan.FromSeconds(2);
                    o.RecoverFiringsCancelledByShutdown = true;
                });
            });
        });
        services.AddQuartzHostedService(o =>
        {
            o.WaitForJobsToComplete = true;
            o.AutoStart = false; // the node starts it once it has made sure that it may work with the others
        });
        services.AddTransient<TaskJob>();
        services.AddTransient<WatchJob>();
    }

    /// <summary>Looks whether the scheduler's tables, where there are any, are those of this version: it would make missing ones, but never mends others.</summary>
    /// <exception cref="PipelineFault">They are not; exit code 5.</exception>
    public static async Task RequireTablesAsync(NpgsqlDataSource source, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = source.CreateCommand(Sql.Get("Scheduling/scheduler_tables"));
        if (await command.ExecuteScalarAsync(cancellation) is string missing)
        {
            throw OtherVersion($"missing: {missing}.", null);
        }
    }

    /// <exception cref="PipelineFault">The scheduler's tables are of another version, or cannot be made; exit code 5.</exception>
    public static async Task<Scheduler> OpenAsync(IServiceProvider services, ClusterSettings settings, CancellationToken cancellation)
    {
        try
        {
            IScheduler quartz = await services.GetRequiredService<ISchedulerFactory>().GetScheduler(cancellation);
            await quartz.SetExecutionLimits(
                ExecutionLimitsBuilder.Create().ForGroup(TaskGroup, settings.Threads, ExecutionLimitScope.Node).Build(), cancellation);
            return new Scheduler(quartz);
        }
        catch (SchedulerException wrong)
        {
            throw OtherVersion(wrong.Message, wrong);
        }
    }

    private static PipelineFault OtherVersion(string why, Exception? cause) => PipelineFault.Environment(
        $"调度器的表（{Prefix}*）与本程序的版本不符或无法建立，未作任何改动：{why} 请使用建立它们的版本，或停止所有节点、备份后删除 {Prefix}* 表，下次启动会重建（定时文件不受影响）。",
        $"The scheduler's tables ({Prefix}*) are a scheduler schema of another version, or cannot be made; nothing was changed: {why} Use the version that made them; or stop all nodes, take a backup, drop the tables {Prefix}* and start again: they are made anew, and the schedule file is untouched.",
        cause);

    public async Task StartAsync(CancellationToken cancellation) => await quartz.Start(cancellation);

    public async Task StopAsync() => await quartz.Shutdown(waitForJobsToComplete: true);

    /// <summary>Has a task done at its time, by whichever node is free. Again for a task that has a trigger: nothing changes.</summary>
    /// <param name="at">A time that has passed is now: the scheduler would take it for one that it missed.</param>
    public async Task PutAsync(long taskId, DateTimeOffset at, DateTimeOffset now, int priority, CancellationToken cancellation)
    {
        string name = taskId.ToString(CultureInfo.InvariantCulture);
        IJobDetail job = JobBuilder.Create<TaskJob>().WithIdentity(name, TaskGroup).RequestRecovery().Build();
        ITrigger trigger = TriggerBuilder.Create().WithIdentity(name, TaskGroup).ForJob(job).StartAt(at < now ? now : at).WithPriority(priority).WithExecutionGroup(TaskGroup)
            .WithSimpleSchedule(s => s.WithMisfireInstruction(SimpleTriggerMisfireInstruction.FireNow)).Build();
        await quartz.ScheduleJob(job, trigger, ScheduleJobOptions.Replacing, cancellation);
    }

    /// <summary>Takes back what was put and has not begun.</summary>
    public async Task TakeBackAsync(long taskId, CancellationToken cancellation) =>
        await quartz.DeleteJob(new JobKey(taskId.ToString(CultureInfo.InvariantCulture), TaskGroup), cancellation);

    /// <summary>A fault of the scheduler's store: the same again may succeed.</summary>
    internal static bool IsPassing(Exception fault) => fault is JobPersistenceException;

    /// <summary>Looks at a drop folder again and again; a pass that is under way keeps further ones out.</summary>
    public async Task WatchAsync(string name, TimeSpan interval, CancellationToken cancellation)
    {
        IJobDetail job = JobBuilder.Create<WatchJob>().WithIdentity(name, WatchGroup).Build();
        ITrigger trigger = TriggerBuilder.Create().WithIdentity(name, WatchGroup).ForJob(job).StartNow()
            .WithSimpleSchedule(s => s.WithInterval(interval).RepeatForever().WithMisfireInstruction(SimpleTriggerMisfireInstruction.NextWithRemainingCount)).Build();
        await quartz.ScheduleJob(job, trigger, ScheduleJobOptions.Replacing, cancellation);
    }

    public async Task UnwatchAsync(string name, CancellationToken cancellation) => await quartz.DeleteJob(new JobKey(name, WatchGroup), cancellation);

    /// <summary>Done by the scheduler: one task.</summary>
    [DisallowConcurrentExecution]
    [RetryPolicy(30, "00:00:02", 2.0, MaxDelay = "00:02:00", Jitter = 0.2)]
    internal sealed class TaskJob(TaskRunner runner) : IJob
    {
        public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
        {
            long taskId = long.Parse(context.JobDetail.Key.Name, CultureInfo.InvariantCulture);
            if (await runner.RunAsync(taskId, cancellationToken) == TaskEnd.TryAgain)
            {
                throw new JobExecutionException($"task {taskId} met a passing fault and is tried again");
            }
        }
    }

    /// <summary>Done by the scheduler: one look at a drop folder.</summary>
    [DisallowConcurrentExecution]
    internal sealed class WatchJob(TaskRunner runner) : IJob
    {
        public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) =>
            await runner.WatchAsync(context.JobDetail.Key.Name, cancellationToken);
    }
}
