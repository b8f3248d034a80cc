using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Pipeline.Jobs.Observability;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Store;

namespace Pipeline.Jobs.Scheduling;

/// <summary>How a node is started.</summary>
/// <param name="Urls">Loopback addresses to listen on; empty: none.</param>
/// <param name="Name">Null: made from machine and process.</param>
public sealed record NodeOptions(IReadOnlyList<string> Urls, ClusterSettings Cluster, string? Name = null)
{
    /// <value>What goes to the log on standard error. Default: everything; a command that waits for an end says that itself.</value>
    public LogLevel LogFrom { get; init; } = LogLevel.Information;

    /// <summary>Adds pages to the node's web application.</summary>
    public Action<WebApplication, NodeLoop, NodeIdentity>? Pages { get; init; }
}

/// <summary>A process that works: joins the nodes, does tasks, serves pages, and stops in good order.</summary>
public static class NodeHost
{
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(20);

    /// <summary>Works until <see cref="CommandSession.Cancellation"/> or until <paramref name="until"/> ends.</summary>
    /// <param name="until">Null: until it is told to stop. Given the addresses that are listened on.</param>
    /// <exception cref="PipelineFault">It may not or cannot work with the others; says why.</exception>
    public static async Task RunAsync(
        CommandSession session, Database database, SchedulePlan plan, NodeOptions options, Func<IReadOnlyList<string>, CancellationToken, Task>? until = null)
    {
        IReadOnlyList<AlertChannel> channels = AlertFile.Load(session.Home);
        NodeIdentity me = NodeIdentity.Of(session.Home, plan.Sha256, options.Name);
        using TelemetryExport? telemetry = TelemetryExport.Open(me.Node);
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "pipeline" });
        builder.Logging.SetMinimumLevel(options.LogFrom)
            .AddFilter("Quartz", LogLevel.Warning).AddFilter("Microsoft", LogLevel.Warning)
            // What the host says of a start that failed is a stack trace; the fault that it throws is told in one sentence.
            .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None)
            .AddJsonConsole(o => o.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'").AddConsole(o => o.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Logging.Services.Configure<Microsoft.Extensions.Logging.Console.JsonConsoleFormatterOptions>(o => o.UseUtcTimestamp = true);
        builder.Services.AddSingleton<SchedulingLog>();
        builder.Services.AddSingleton(s => new TaskRunner(database, session, me.Node, s.GetRequiredService<SchedulingLog>()));
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = StopPatience);
        builder.Services.AddRoutingCore();
        Scheduler.AddTo(builder.Services, database.Source, me.Node, options.Cluster);
        if (options.Urls.Count > 0)
        {
            builder.WebHost.UseKestrelCore().UseUrls([.. options.Urls]);
        }
        else
        {
            // Kestrel without an address takes localhost:5000, where the second such process of a machine fails.
            builder.Services.AddSingleton<IServer, DeafServer>();
        }
        await using WebApplication application = builder.Build();
        SchedulingLog log = application.Services.GetRequiredService<SchedulingLog>();

        await Scheduler.RequireTablesAsync(database.Source, session.Cancellation);
        await Nodes.JoinAsync(database.Source, me, plan, session.Time, session.Cancellation);
        try
        {
            Scheduler scheduler = await Scheduler.OpenAsync(application.Services, options.Cluster, session.Cancellation);
            NodeLoop loop = new(database, me, plan.Calendar, scheduler, new AlertDelivery(database.Source, channels, log), session, log);
            options.Pages?.Invoke(application, loop, me);
            application.Services.GetRequiredService<TaskRunner>().RunEnded = loop.Hurry;
            // Slots that an outage passed over are planned before anything fires, so that each period is made up once.
            foreach (NewTask task in await RecurringJobs.PlanAsync(database.Source, plan.Calendar, session.Time.GetUtcNow(), session.Cancellation))
            {
                log.Planned(task.Job, task.Slot);
            }
            await StartAsync(application, options.Urls, session.Cancellation);
            await scheduler.StartAsync(session.Cancellation);
            log.Joined(me.Node, me.ProgramVersion, me.RulesSha256[..12]);
            using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(session.Cancellation);
            Task<bool> beating = loop.RunAsync(stop.Token);
            Task waiting = until?.Invoke([.. application.Urls], stop.Token) ?? Task.Delay(Timeout.Infinite, stop.Token);
            await Task.WhenAny(beating, waiting);
            await stop.CancelAsync();
            if (waiting.IsCompletedSuccessfully)
            {
                // A loop that still holds a delivery would hide it from the last look.
                await Task.WhenAny(beating, Task.Delay(StopPatience, session.Cancellation));
                await loop.LastAsync(session.Cancellation);
            }
            using (CancellationTokenSource patience = new(StopPatience))
            {
                await application.StopAsync(patience.Token);
            }
            bool isInOrder = await beating;
            await waiting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!isInOrder)
            {
                throw PipelineFault.Failed(
                    "其他版本或其他规则的节点正在此数据库上工作，本节点已停止。请统一版本与规则后重新启动。",
                    "Nodes of another program version or with other rules work on this database now, so this node has stopped. Make versions and rules equal, then start it again.");
            }
            if (waiting.IsFaulted)
            {
                await waiting;
            }
        }
        finally
        {
            await LeaveAsync(database.Source, me, log);
        }
    }

    private static async Task StartAsync(WebApplication application, IReadOnlyList<string> urls, CancellationToken cancellation)
    {
        try
        {
            await application.StartAsync(cancellation);
        }
        catch (IOException taken)
        {
            throw PipelineFault.Environment(
                $"无法监听 {string.Join("、", urls)}：{SystemWords.Of(taken).Zh}。请用 --urls 换一个端口，例如 --urls http://127.0.0.1:0。",
                $"{string.Join(", ", urls)} cannot be listened on: {SystemWords.Of(taken).En}. Choose another port with --urls, for example --urls http://127.0.0.1:0.",
                taken);
        }
    }

    private static async Task LeaveAsync(NpgsqlDataSource source, NodeIdentity me, SchedulingLog log)
    {
        try
        {
            using CancellationTokenSource patience = new(TimeSpan.FromSeconds(5));
            await Nodes.LeaveAsync(source, me, patience.Token);
            log.Left(me.Node);
        }
        catch (Exception away) when (TaskRunner.IsPassing(away) || away is OperationCanceledException)
        {
            log.DatabaseAway(away.GetType().Name); // the others see its silence
        }
    }
}
