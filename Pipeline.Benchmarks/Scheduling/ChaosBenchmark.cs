using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using Npgsql;
using Pipeline.Jobs.Scheduling;
using Pipeline.Models.Complaints;

namespace Pipeline.Benchmarks.Scheduling;

/// <summary>
/// Real nodes on a real server, disturbed at random moments from a stated seed while they run three small months: killed, stopped and woken,
/// their sessions ended, the server crashed. Each round is compared with an undisturbed one: one run and one alert a month, the same
/// bytes. Prints one line a round, and at the end what was hit and how long takeovers took.
/// </summary>
[UnsupportedOSPlatform("windows")]
internal sealed class ChaosBenchmark(ChaosStage stage, Random random)
{
    private const int Complaints = 40;
    private static readonly ReportingMonth[] Months = [new(2024, 11), new(2024, 12), new(2025, 1)];

    private readonly List<double> takeovers = [];
    private readonly SortedDictionary<string, int> hits = new(StringComparer.Ordinal);
    private int asked;

    /// <summary>A task in the hands of a node.</summary>
    private readonly record struct Held(long Task, string Node, long Fence, string Step);

    public static int Run(string[] arguments)
    {
        if (arguments is not [("kill" or "stop" or "sessions" or "crash" or "drop" or "shards" or "outage") and string kind, .. string[] rest] || OperatingSystem.IsWindows())
        {
            Console.Error.WriteLine("chaos kill|stop|sessions|crash [rounds=10] [nodes=2] [seed=1] | chaos drop [files=1000] [kills=10] [seed=1] | chaos shards [rounds=10] [nodes=2] [seed=1] | chaos outage [rounds=5] [nodes=2] [seed=1]");
            return 2;
        }
        int Value(int index, int otherwise) => rest.Length > index ? int.Parse(rest[index], CultureInfo.InvariantCulture) : otherwise;
        return RunAsync(kind, Value(0, kind == "drop" ? 1000 : 10), Value(1, kind == "drop" ? 10 : 2), Value(2, 1)).GetAwaiter().GetResult();
    }

    private static async Task<int> RunAsync(string kind, int count, int second, int seed)
    {
        await using ChaosStage stage = await ChaosStage.OpenAsync();
        Console.WriteLine($"chaos {kind} {count} {second} seed {seed}; {Environment.ProcessorCount} cores, load {Load()}");
        return kind switch
        {
            "drop" => await new ChaosDrop(stage, new Random(seed)).RunAsync(count, second),
            "shards" => await new ChaosShards(stage, new Random(seed)).RunAsync(count, second),
            "outage" => await new ChaosOutage(stage, new Random(seed)).RunAsync(count, second),
            _ => await new ChaosBenchmark(stage, new Random(seed)).RoundsAsync(kind, count, second),
        };
    }

    private async Task<int> RoundsAsync(string kind, int rounds, int nodeCount)
    {
        await File.WriteAllTextAsync(Path.Combine(stage.Home, "schedule.json"), """{ "jobs": [] }""");
        await stage.ToolAsync(["ingest", .. Months.Select(m => stage.SmallExport(m.ToString(), Complaints))]);
        await stage.ReplenishAsync(nodeCount);
        // The first round trains the model and gives persons their keys; the second is the undisturbed one.
        await UndisturbedAsync();
        await ResetAsync();
        TimeSpan whole = await UndisturbedAsync();
        TimeSpan one = TimeSpan.FromSeconds(double.Parse(await stage.TextAsync("select avg(extract(epoch from finished_at - started_at)) from task"), CultureInfo.InvariantCulture));
        string expected = stage.Workbooks();
        Console.WriteLine($"undisturbed: {Months.Length} months of {Complaints} complaints in {whole.TotalSeconds:0.0} s, each {one.TotalSeconds:0.0} s, workbooks {expected[..12]}");

        int wrong = 0, late = 0;
        for (int round = 1; round <= rounds; round++)
        {
            await ResetAsync();
            await AskAsync();
            // A random moment of the run of a random month.
            await stage.UntilAsync($"select state <> 'waiting' from task where month = '{Months[random.Next(Months.Length)].FirstDay:yyyy-MM-dd}'");
            await Task.Delay(one * random.NextDouble());
            Held? held = await HolderAsync();
            long struck = Stopwatch.GetTimestamp();
            late += held is null ? 1 : 0;
            if (held is { } by)
            {
                hits[by.Step] = hits.GetValueOrDefault(by.Step) + 1;
            }
            await StrikeAsync(kind, nodeCount, held, struck);
            await stage.UntilAsync("select not exists (select from task where state in ('waiting', 'running', 'retrying'))");
            double took = Stopwatch.GetElapsedTime(struck).TotalSeconds;
            await stage.ReplenishAsync(nodeCount);
            string state = await stage.TextAsync("select string_agg(distinct state, ',') || ' attempts ' || max(attempt) || ' deaths ' || sum(deaths) from task");
            string effects = await stage.TextAsync(
                "select concat_ws('/', (select count(*) from run), (select count(*) from outbox where kind = 'run_finished'), (select count(*) from outbox where kind <> 'run_finished'))");
            bool areEqual = stage.Workbooks() == expected;
            bool isRight = state.StartsWith("done ", StringComparison.Ordinal) && effects == $"{Months.Length}/{Months.Length}/0" && areEqual;
            wrong += isRight ? 0 : 1;
            Console.WriteLine($"{round,3} {held?.Step ?? "-",-9} {state}; runs/finished/other alerts {effects}; bytes {(areEqual ? "equal" : "DIFFER")}; {took:0.0} s{(isRight ? "" : " WRONG")}");
        }
        Console.WriteLine($"{kind}: {rounds} rounds with {nodeCount} nodes, {rounds - late} in mid-run, {wrong} wrong; hit in {string.Join(", ", hits.Select(h => $"{h.Key} {h.Value}"))}; load {Load()}");
        if (takeovers.Count > 0)
        {
            takeovers.Sort();
            double At(double share) => takeovers[(int)Math.Ceiling(share * takeovers.Count) - 1];
            Console.WriteLine($"takeover of {takeovers.Count}: least {takeovers[0]:0.0} s, median {At(0.5):0.0} s, 90 % {At(0.9):0.0} s, longest {takeovers[^1]:0.0} s; above 12 s: {takeovers.Count(t => t > 12)}");
        }
        return wrong == 0 ? 0 : 1;
    }

    private async Task StrikeAsync(string kind, int nodeCount, Held? held, long struck)
    {
        Process? node = held is { } one ? stage.NodeOf(one.Node) : null;
        switch (kind)
        {
            case "kill":
                node?.Kill();
                if (held is { } killed && await TakenOverAsync(killed, struck) && nodeCount > 2 && random.Next(3) == 0 && await HolderAsync() is { } taker)
                {
                    // In every third round of three nodes the one that took over dies too.
                    await Task.Delay(TimeSpan.FromSeconds(random.NextDouble()));
                    long again = Stopwatch.GetTimestamp();
                    stage.NodeOf(taker.Node)?.Kill();
                    await TakenOverAsync(taker, again);
                }
                break;
            case "stop":
                ChaosStage.Signal(node, "STOP");
                if (held is { } stopped)
                {
                    await TakenOverAsync(stopped, struck);
                }
                TimeSpan rest = TimeSpan.FromSeconds(30) - Stopwatch.GetElapsedTime(struck);
                await Task.Delay(rest > TimeSpan.Zero ? rest : TimeSpan.Zero);
                ChaosStage.Signal(node, "CONT");
                await Task.Delay(2_000);
                break;
            case "sessions":
                // All of them, or one that is at work.
                string which = random.Next(2) == 0 ? "" : " and state <> 'idle'";
                await stage.ExecuteAsync($"select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid(){which}");
                break;
            case "crash":
                await stage.CrashServerAsync(random.Next(2) == 0 ? "QUIT" : "KILL");
                break;
        }
    }

    /// <summary>Waits for the claim that follows; false where the node was done at the very moment.</summary>
    private async Task<bool> TakenOverAsync(Held held, long struck)
    {
        await stage.UntilAsync($"select fence > {held.Fence} or state = 'done' from task where task_id = {held.Task}");
        bool isTaken = await stage.TextAsync($"select fence > {held.Fence} from task where task_id = {held.Task}") is "t" or "true";
        if (isTaken)
        {
            takeovers.Add(Stopwatch.GetElapsedTime(struck).TotalSeconds);
        }
        return isTaken;
    }

    private async Task<Held?> HolderAsync()
    {
        string[] parts = (await stage.TextAsync(
            """
            select concat_ws('|', task_id, node, fence, coalesce((select name from task_step s where s.task_id = t.task_id and s.fence = t.fence order by ordinal desc limit 1), 'begin'))
            from task t where state = 'running' order by task_id limit 1
            """)).Split('|');
        return parts.Length == 4 ? new Held(long.Parse(parts[0], CultureInfo.InvariantCulture), parts[1], long.Parse(parts[2], CultureInfo.InvariantCulture), parts[3]) : null;
    }

    private async Task<TimeSpan> UndisturbedAsync()
    {
        long begun = Stopwatch.GetTimestamp();
        await AskAsync();
        await stage.UntilAsync("select not exists (select from task where state in ('waiting', 'running', 'retrying'))");
        return Stopwatch.GetElapsedTime(begun);
    }

    private async Task AskAsync()
    {
        await using NpgsqlConnection connection = await stage.Source.OpenConnectionAsync();
        foreach (ReportingMonth month in Months)
        {
            JobSpec spec = new("request", JobKind.Run, "", "UTC") { Folder = "workbooks", Attempts = 20 };
            await TaskLedger.AddAsync(
                connection, new NewTask(TaskOrigins.Request, TaskKinds.Run, $"{++asked}", "cn-bank", month, spec, null, 5, DateTimeOffset.UnixEpoch, null), default);
        }
    }

    /// <summary>As before the first run: no run, no labels, no readings; persons keep their keys.</summary>
    private async Task ResetAsync()
    {
        foreach (string sql in (string[])["delete from task", "delete from outbox", "delete from run", "delete from label", "delete from judged_text", "delete from text_reading", "delete from case_reading"])
        {
            await stage.ExecuteAsync(sql);
        }
        string folder = Path.Combine(stage.Home, "workbooks");
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    internal static string Load() => File.ReadAllText("/proc/loadavg").Split(' ')[0];
}
