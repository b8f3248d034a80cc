using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using Npgsql;
using Pipeline.Jobs.Scheduling;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Store;
using Pipeline.Models.Complaints;
using Pipeline.Models.Text;

namespace Pipeline.Benchmarks.Scheduling;

/// <summary>
/// Real nodes on a real server, disturbed at random moments from a stated seed: killed, stopped and woken, their sessions ended, the server
/// crashed; and a drop folder filled by three writers while nodes die. Each round is compared with an undisturbed run: one run, one alert,
/// the same bytes. Prints one line a round and a sum.
/// </summary>
[UnsupportedOSPlatform("windows")]
internal sealed class ChaosBenchmark(string home, PrivateCluster cluster, string server, string samples)
{
    private static readonly ReportingMonth Month = new(2024, 11);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly List<Process> nodes = [];
    private int started;

    public static int Run(string[] arguments)
    {
        if (arguments is not [("kill" or "stop" or "sessions" or "crash" or "drop") and string kind, .. string[] rest] || OperatingSystem.IsWindows())
        {
            Console.Error.WriteLine("chaos kill|stop|sessions|crash [rounds=10] [nodes=2] [seed=1] | chaos drop [files=1000] [kills=10] [seed=1]");
            return 2;
        }
        int Value(int index, int otherwise) => rest.Length > index ? int.Parse(rest[index], CultureInfo.InvariantCulture) : otherwise;
        return RunAsync(kind, Value(0, kind == "drop" ? 1000 : 10), Value(1, kind == "drop" ? 10 : 2), Value(2, 1)).GetAwaiter().GetResult();
    }

    private static async Task<int> RunAsync(string kind, int count, int second, int seed)
    {
        string root = Directory.CreateTempSubdirectory("pipeline-chaos-").FullName;
        File.SetUnixFileMode(root, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        string home = Path.Combine(root, "home");
        string serverHome = Path.Combine(root, "server");
        Directory.CreateDirectory(home);
        PrivateCluster cluster = new(serverHome);
        CommandSession quiet = new(serverHome, Language.En, false, TimeProvider.System, TextWriter.Null, TextWriter.Null, default);
        await (await cluster.OpenAsync(quiet)).DisposeAsync();
        ChaosBenchmark chaos = new(home, cluster, cluster.ConnectionString(cluster.SocketFolder), Samples());
        try
        {
            Console.WriteLine($"chaos {kind} {count} {second} seed {seed}; load {File.ReadAllText("/proc/loadavg").Split(' ')[0]}");
            return kind == "drop" ? await chaos.DropAsync(count, second, seed) : await chaos.RoundsAsync(kind, count, second, seed);
        }
        finally
        {
            chaos.KillAll();
            await cluster.StopAsync(quiet);
            Directory.Delete(root, recursive: true);
        }
    }

    private async Task<int> RoundsAsync(string kind, int rounds, int nodeCount, int seed)
    {
        await ToolAsync("ingest", Path.Combine(samples, "exports", "2024-11.csv"));
        await using NpgsqlDataSource source = Connections.Source(server);
        Random random = new(seed);
        for (int i = 0; i < nodeCount; i++)
        {
            StartNode();
        }
        // The first one trains the model; the second is the undisturbed one.
        await ResetAsync(source);
        await AskAndWaitAsync(source);
        await ResetAsync(source);
        long begun = Stopwatch.GetTimestamp();
        await AskAndWaitAsync(source);
        TimeSpan whole = Stopwatch.GetElapsedTime(begun);
        string expected = Workbooks();
        Console.WriteLine($"undisturbed {whole.TotalSeconds:0.0} s, workbooks {expected[..12]}");

        int hits = 0, wrong = 0;
        List<double> takeovers = [];
        for (int round = 1; round <= rounds; round++)
        {
            await ResetAsync(source);
            long task = await AskAsync(source);
            await UntilAsync(source, $"select state <> 'waiting' from task where task_id = {task}");
            await Task.Delay(whole * (random.NextDouble() * 0.8));
            (string node, long fence, bool isOpen) = await HolderAsync(source, task);
            hits += isOpen ? 1 : 0;
            long struck = Stopwatch.GetTimestamp();
            Process? hit = nodes.FirstOrDefault(p => NameOf(p) == node);
            switch (kind)
            {
                case "kill":
                    hit?.Kill();
                    break;
                case "stop":
                    Signal(hit, "STOP");
                    break;
                case "sessions":
                    await TryAsync(source, "select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()");
                    break;
                case "crash":
                    await CrashAsync();
                    break;
            }
            if (isOpen && kind is "kill" or "stop")
            {
                await UntilAsync(source, $"select fence > {fence} or state = 'done' from task where task_id = {task}");
                if ((await HolderAsync(source, task)).Fence > fence)
                {
                    takeovers.Add(Stopwatch.GetElapsedTime(struck).TotalSeconds);
                }
            }
            if (kind == "stop")
            {
                TimeSpan rest = TimeSpan.FromSeconds(30) - Stopwatch.GetElapsedTime(struck);
                await Task.Delay(rest > TimeSpan.Zero ? rest : TimeSpan.Zero);
                Signal(hit, "CONT");
                await Task.Delay(2_000);
            }
            await UntilAsync(source, $"select state in ('done', 'failed', 'gave_up') from task where task_id = {task}");
            nodes.RemoveAll(p => p.HasExited);
            while (nodes.Count < nodeCount)
            {
                StartNode();
            }
            string state = await TextAsync(source, $"select concat_ws(' ', state, 'attempt', attempt, 'deaths', deaths) from task where task_id = {task}");
            string effects = await TextAsync(source, "select concat_ws('/', (select count(*) from run), (select count(*) from outbox where kind = 'run_finished'))");
            bool isRight = state.StartsWith("done", StringComparison.Ordinal) && effects == "1/1" && Workbooks() == expected;
            wrong += isRight ? 0 : 1;
            Console.WriteLine($"{round,3} {(isOpen ? "hit " : "late")} {state}; runs/alerts {effects}; bytes {(Workbooks() == expected ? "equal" : "DIFFER")}; {Stopwatch.GetElapsedTime(struck).TotalSeconds:0.0} s");
        }
        takeovers.Sort();
        string times = takeovers.Count == 0 ? "" : $"; takeover median {takeovers[takeovers.Count / 2]:0.0} s, longest {takeovers[^1]:0.0} s";
        Console.WriteLine($"{kind}: {rounds} rounds, {hits} in mid-run, {wrong} wrong{times}; load {File.ReadAllText("/proc/loadavg").Split(' ')[0]}");
        return wrong == 0 ? 0 : 1;
    }

    private async Task<int> DropAsync(int files, int kills, int seed)
    {
        await File.WriteAllTextAsync(
            Path.Combine(home, "schedule.json"),
            """{ "time_zone": "UTC", "jobs": [ { "name": "exports", "kind": "watch", "when": "every 2 seconds", "folder": "drop", "stable_seconds": 2 } ] }""");
        string drop = Path.Combine(home, "drop");
        Directory.CreateDirectory(drop);
        string[] lines = [.. File.ReadAllText(Path.Combine(samples, "exports", "2024-11.csv"), System.Text.Encoding.Latin1).Split('\n').Where(l => l.Count(c => c == '"') % 2 == 0)];
        await using NpgsqlDataSource source = Connections.Source(server);
        StartNode();
        StartNode();
        await UntilAsync(source, "select count(*) = 2 from node where stopped_at is null");
        long begun = Stopwatch.GetTimestamp();
        Task[] writers =
        [
            .. Enumerable.Range(0, 3).Select(writer => Task.Run(async () =>
            {
                for (int i = writer; i < files; i += 3)
                {
                    string content = string.Join('\n', lines[..3]) + "\n" + lines[3 + (i % (lines.Length - 4))].Replace("\r", "", StringComparison.Ordinal) + "\n" + new string(',', i / (lines.Length - 4)) + "\n";
                    // In two pieces, as over a slow line.
                    string path = Path.Combine(drop, string.Create(CultureInfo.InvariantCulture, $"part-{i:0000}-2024-11-30.csv"));
                    await using StreamWriter writing = new(path, false, System.Text.Encoding.Latin1);
                    await writing.WriteAsync(content[..(content.Length / 2)]);
                    await writing.FlushAsync();
                    await Task.Delay(20);
                    await writing.WriteAsync(content[(content.Length / 2)..]);
                }
            })),
        ];
        Random random = new(seed);
        for (int kill = 0; kill < kills; kill++)
        {
            await Task.Delay(TimeSpan.FromSeconds(2 + (random.NextDouble() * 6)));
            nodes[random.Next(nodes.Count)].Kill();
            await Task.Delay(500);
            nodes.RemoveAll(p => p.HasExited);
            StartNode();
        }
        await Task.WhenAll(writers);
        while (Directory.GetFiles(drop).Length > 0 || long.Parse(await TextAsync(source, "select count(*) from dropped_file"), CultureInfo.InvariantCulture) < files)
        {
            if (Stopwatch.GetElapsedTime(begun) > TimeSpan.FromMinutes(20))
            {
                break;
            }
            await Task.Delay(1_000);
        }
        string counts = await TextAsync(source, "select concat_ws(' ', count(*) filter (where outcome = 'ingested'), 'ingested,', count(*) filter (where outcome = 'known'), 'known,', count(*) filter (where outcome = 'refused'), 'refused,', count(distinct kept_as), 'different;') from dropped_file");
        string loads = await TextAsync(source, "select concat_ws(' ', count(*), 'loads,', count(distinct sha256), 'contents,', sum(read_count), 'rows') from source_file");
        int left = Directory.GetFiles(drop).Length;
        Console.WriteLine($"drop: {files} files by 3 writers, {kills} kills: {counts} {loads}; {left} left; {Stopwatch.GetElapsedTime(begun).TotalSeconds:0} s");
        return left == 0 && loads.StartsWith(files.ToString(CultureInfo.InvariantCulture) + " ", StringComparison.Ordinal) ? 0 : 1;
    }

    private async Task<long> AskAsync(NpgsqlDataSource source)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync();
        JobSpec spec = new("request", JobKind.Run, "", "UTC") { Folder = "workbooks", Attempts = 20 };
        return (await TaskLedger.AddAsync(
            connection, new NewTask(TaskOrigins.Request, TaskKinds.Run, $"round {++started}", "cn-bank", Month, spec, null, 5, DateTimeOffset.UnixEpoch, null), default))!.Value;
    }

    private async Task AskAndWaitAsync(NpgsqlDataSource source)
    {
        long task = await AskAsync(source);
        await UntilAsync(source, $"select state in ('done', 'failed', 'gave_up') from task where task_id = {task}");
    }

    /// <summary>As before the first run: no run, no labels, no readings; persons keep their keys.</summary>
    private async Task ResetAsync(NpgsqlDataSource source)
    {
        foreach (string sql in (string[])["delete from task", "delete from outbox", "delete from run", "delete from label", "delete from judged_text", "delete from text_reading"])
        {
            await TryAsync(source, sql);
        }
        string folder = Path.Combine(home, "workbooks");
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private string Workbooks()
    {
        string folder = Path.Combine(home, "workbooks");
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string file in Directory.Exists(folder) ? Directory.GetFiles(folder).Order(StringComparer.Ordinal).ToArray() : [])
        {
            hash.AppendData(System.Text.Encoding.UTF8.GetBytes(Path.GetFileName(file)));
            hash.AppendData(File.ReadAllBytes(file));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static async Task<(string Node, long Fence, bool IsOpen)> HolderAsync(NpgsqlDataSource source, long task)
    {
        string[] parts = (await TextAsync(source, $"select concat_ws('|', node, fence, state in ('running', 'retrying')) from task where task_id = {task}")).Split('|');
        return parts.Length == 3 ? (parts[0], long.Parse(parts[1], CultureInfo.InvariantCulture), parts[2] == "t") : ("", 0, false);
    }

    private static async Task UntilAsync(NpgsqlDataSource source, string condition)
    {
        long begun = Stopwatch.GetTimestamp();
        while (await TextAsync(source, condition) is not ("t" or "true" or "True"))
        {
            if (Stopwatch.GetElapsedTime(begun) > Patience)
            {
                throw new TimeoutException($"never became true: {condition}");
            }
            await Task.Delay(100);
        }
    }

    /// <summary>The answer as text; while the server is away, again.</summary>
    private static async Task<string> TextAsync(NpgsqlDataSource source, string sql)
    {
        while (true)
        {
            try
            {
                await using NpgsqlCommand command = source.CreateCommand($"select ({sql.TrimEnd(';')})::text");
                return await command.ExecuteScalarAsync() as string ?? "";
            }
            catch (NpgsqlException)
            {
                await Task.Delay(100); // the server is being disturbed
            }
        }
    }

    private static async Task TryAsync(NpgsqlDataSource source, string sql)
    {
        while (true)
        {
            try
            {
                await using NpgsqlCommand command = source.CreateCommand(sql);
                await command.ExecuteNonQueryAsync();
                return;
            }
            catch (NpgsqlException)
            {
                await Task.Delay(100); // the server is being disturbed
            }
        }
    }

    /// <summary>As by a power cut: the server's processes go without a word, and it is started again.</summary>
    private async Task CrashAsync()
    {
        int postmaster = int.Parse(File.ReadLines(Path.Combine(cluster.DataFolder, "postmaster.pid")).First(), CultureInfo.InvariantCulture);
        using (Process kill = Process.Start("kill", ["-QUIT", postmaster.ToString(CultureInfo.InvariantCulture)]))
        {
            await kill.WaitForExitAsync();
        }
        CommandSession quiet = new(cluster.Home, Language.En, false, TimeProvider.System, TextWriter.Null, TextWriter.Null, default);
        await Task.Delay(1_000);
        await (await new PrivateCluster(cluster.Home).OpenAsync(quiet)).DisposeAsync();
    }

    private void StartNode()
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"chaos{++started}");
        Process process = Tool("serve", "--urls", "http://127.0.0.1:0", "--node", name);
        process.StartInfo.Environment["CHAOS_NODE"] = name;
        process.Start();
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        nodes.Add(process);
    }

    private static string NameOf(Process process) => process.StartInfo.Environment["CHAOS_NODE"] ?? "";

    private async Task ToolAsync(params string[] arguments)
    {
        using Process process = Tool(arguments);
        process.Start();
        process.BeginOutputReadLine();
        string error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException(error);
        }
    }

    private Process Tool(params string[] arguments)
    {
        ProcessStartInfo start = new("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in (string[])[typeof(ExitCodes).Assembly.Location, .. arguments, "--home", home, "--lang", "en"])
        {
            start.ArgumentList.Add(argument);
        }
        start.Environment["PIPELINE_DATABASE"] = server;
        return new Process { StartInfo = start };
    }

    private static void Signal(Process? process, string signal)
    {
        if (process is not null)
        {
            using Process kill = Process.Start("kill", ["-" + signal, process.Id.ToString(CultureInfo.InvariantCulture)]);
            kill.WaitForExit();
        }
    }

    private void KillAll()
    {
        foreach (Process process in nodes.Where(p => !p.HasExited))
        {
            process.Kill();
            process.WaitForExit();
        }
    }

    private static string Samples()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string path = Path.Combine(folder.FullName, "data-samples", "cn-bank");
            if (Directory.Exists(path))
            {
                return path;
            }
        }
        throw new DirectoryNotFoundException("data-samples/cn-bank is missing");
    }
}
