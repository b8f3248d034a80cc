using System.CommandLine;
using System.Net;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Store;

namespace Pipeline.Jobs.Scheduling;

/// <summary><c>serve</c>: a node that works by itself until it is stopped.</summary>
internal static class ServeCommand
{
    private const string DefaultUrl = "http://127.0.0.1:8642";

    public static Command Create()
    {
        Option<string[]> urls = new("--urls")
        {
            Description = "Loopback addresses to listen on (default: http://127.0.0.1:8642; port 0: any free one) / 监听地址，仅限本机",
            AllowMultipleArgumentsPerToken = true,
        };
        Option<string?> name = new("--node") { Description = "Name of this node (default: machine, process and a random part) / 节点名称" };
        Option<int> threads = new("--tasks")
        {
            Description = "Tasks that this node does at a time (default 1) / 同时执行的任务数",
            DefaultValueFactory = _ => ClusterSettings.Default.Threads,
        };
        return new Command("serve", """
            Works by itself: schedule, drop folders, recovery, alerts, health, first page. Any number of nodes on one database / 自动运行：定时、投递目录、恢复、告警、首页
            Example: pipeline serve
            Example: pipeline serve --urls http://127.0.0.1:9000
            """)
        {
            urls, name, threads,
        }.Runs(async (parsed, session) =>
        {
            IReadOnlyList<string> listen = parsed.GetValue(urls) is { Length: > 0 } given ? given : [DefaultUrl];
            RequireLoopback(listen);
            int count = parsed.GetValue(threads);
            if (count is < 1 or > 64)
            {
                throw PipelineFault.Usage($"--tasks 应为 1 到 64，收到 {count}。", $"--tasks takes 1 to 64, not {count}.");
            }
            SchedulePlan plan = ScheduleFile.Load(session.Home);
            await using Database database = await Database.OpenAsync(session);
            FirstPage pages = new(database, session, plan);
            await NodeHost.RunAsync(
                session, database, plan,
                new NodeOptions(listen, ClusterSettings.Default with { Threads = count }, parsed.GetValue(name)) { Pages = pages.Map },
                async (addresses, stop) =>
                {
                    foreach (string address in addresses)
                    {
                        session.Line($"首页：{address}/?token={pages.Token}", $"First page: {address}/?token={pages.Token}");
                        session.Line($"健康检查：{address}/health/live {address}/health/ready", $"Health: {address}/health/live {address}/health/ready");
                    }
                    session.Document(new { Urls = addresses, pages.Token });
                    await Task.Delay(Timeout.Infinite, stop);
                });
            return ExitCodes.Done;
        });
    }

    /// <summary>The page has no transport security of its own: from outside it is reached through a proxy that has.</summary>
    private static void RequireLoopback(IReadOnlyList<string> urls)
    {
        foreach (string url in urls)
        {
            if (!Uri.TryCreate(url, UriKind.Absolute, out Uri? parsed) || parsed.Scheme != "http"
                || !(parsed.Host == "localhost" || (IPAddress.TryParse(parsed.Host.Trim('[', ']'), out IPAddress? address) && IPAddress.IsLoopback(address))))
            {
                throw PipelineFault.Usage(
                    $"--urls 只接受本机地址，例如 http://127.0.0.1:8642，收到 '{url}'。要从其他机器访问，请在前面放一个带 TLS 的代理。",
                    $"--urls takes loopback addresses such as http://127.0.0.1:8642, not '{url}'. To reach it from elsewhere put a proxy with TLS before it.");
            }
        }
    }
}
