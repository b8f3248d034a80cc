using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text;
using Npgsql;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Store;
using Pipeline.Models.Text;

namespace Pipeline.Benchmarks.Scheduling;

/// <summary>A server of its own, a home, and node processes that can be struck; everything is gone at its end.</summary>
[UnsupportedOSPlatform("windows")]
internal sealed class ChaosStage : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private readonly string root;
    private readonly PrivateCluster cluster;
    private int started;

    private ChaosStage(string root, PrivateCluster cluster)
    {
        this.root = root;
        this.cluster = cluster;
        Home = Path.Combine(root, "home");
        Directory.CreateDirectory(Home);
        Server = cluster.ConnectionString(cluster.SocketFolder);
        Source = Connections.Source(Server);
    }

    public string Root => root;

    public string Home { get; }

    public string Server { get; }

    public NpgsqlDataSource Source { get; }

    public List<Process> Nodes { get; } = [];

    /// <value>Cores that a node believes to have; null: all.</value>
    public int? CoresOfNode { get; set; }

    public static async Task<ChaosStage> OpenAsync()
    {
        string root = Directory.CreateTempSubdirectory("pipeline-chaos-").FullName;
        File.SetUnixFileMode(root, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        PrivateCluster cluster = new(Path.Combine(root, "server"));
        await (await cluster.OpenAsync(Quiet(cluster.Home))).DisposeAsync();
        ChaosStage stage = new(root, cluster);
        await Migrations.ApplyAsync(stage.Source, TimeProvider.System, default);
        return stage;
    }

    public async Task KillNodesAsync()
    {
        foreach (Process process in Nodes.Where(p => !p.HasExited))
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
        Nodes.Clear();
    }

    /// <summary>Told to leave, in good order.</summary>
    public async Task StopNodesAsync()
    {
        foreach (Process process in Nodes)
        {
            Signal(process, "TERM");
            await process.WaitForExitAsync();
        }
        Nodes.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        await KillNodesAsync();
        await Source.DisposeAsync();
        await cluster.StopAsync(Quiet(cluster.Home));
        Directory.Delete(root, recursive: true);
    }

    /// <summary>The first complaints of a month of the invented bank, as an export of its own.</summary>
    public string SmallExport(string month, int complaints)
    {
        (string head, List<string> records) = Records(Path.Combine(Samples(), "exports", $"{month}.csv"));
        string path = Path.Combine(root, $"{month}.csv");
        File.WriteAllBytes(path, Encoding.Latin1.GetBytes(head + string.Concat(records.Take(complaints))));
        return path;
    }

    /// <summary>The three lines of an export's head, and its records with their line ends; byte for byte, in whatever encoding.</summary>
    public static (string Head, List<string> Records) Records(string path)
    {
        string[] lines = Encoding.Latin1.GetString(File.ReadAllBytes(path)).Split('\n');
        List<string> records = [];
        StringBuilder record = new();
        foreach (string line in lines[3..])
        {
            record.Append(line).Append('\n');
            if (record.ToString().Count(c => c == '"') % 2 == 0)
            {
                records.Add(record.ToString());
                record.Clear();
            }
        }
        return (string.Join('\n', lines[..3]) + "\n", [.. records.Where(r => r.Trim().Length > 0)]);
    }

    /// <summary>Starts a node and waits until it has joined the others.</summary>
    public async Task StartNodeAsync()
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"chaos{++started}");
        Process process = Tool("serve", "--urls", "http://127.0.0.1:0", "--node", name);
        process.StartInfo.Environment["CHAOS_NODE"] = name;
        if (CoresOfNode is { } cores)
        {
            process.StartInfo.Environment["DOTNET_PROCESSOR_COUNT"] = cores.ToString(CultureInfo.InvariantCulture);
        }
        process.Start();
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += (_, line) => Told(name, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        Nodes.Add(process);
        await UntilAsync($"select exists (select from node where node = '{name}')");
    }

    /// <summary>Again as many nodes as there were.</summary>
    public async Task ReplenishAsync(int count)
    {
        Nodes.RemoveAll(p => p.HasExited);
        while (Nodes.Count < count)
        {
            await StartNodeAsync();
        }
    }

    public Process? NodeOf(string name) => Nodes.FirstOrDefault(p => p.StartInfo.Environment["CHAOS_NODE"] == name);

    public static void Signal(Process? process, string signal)
    {
        if (process is { HasExited: false })
        {
            Signal(process.Id, signal);
        }
    }

    /// <summary>As by a power cut of the server: its processes go without a word, and a second later it is started again.</summary>
    /// <param name="signal">QUIT: an immediate stop of all its processes. KILL: of the first one only, which the others then notice.</param>
    public async Task CrashServerAsync(string signal)
    {
        Signal(int.Parse(File.ReadLines(Path.Combine(cluster.DataFolder, "postmaster.pid")).First(), CultureInfo.InvariantCulture), signal);
        await Task.Delay(1_000);
        long begun = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                await (await new PrivateCluster(cluster.Home).OpenAsync(Quiet(cluster.Home))).DisposeAsync();
                return;
            }
            catch (Exception notYet) when (notYet is PipelineFault or NpgsqlException && Stopwatch.GetElapsedTime(begun) < TimeSpan.FromMinutes(1))
            {
                await Task.Delay(500); // processes of the old server are still on their way out
            }
        }
    }

    /// <summary>A command of the program; its standard error where it fails.</summary>
    public async Task ToolAsync(params string[] arguments)
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

    public string Workbooks()
    {
        string folder = Path.Combine(Home, "workbooks");
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string file in Directory.Exists(folder) ? Directory.GetFiles(folder).Order(StringComparer.Ordinal).ToArray() : [])
        {
            hash.AppendData(Encoding.UTF8.GetBytes(Path.GetFileName(file)));
            hash.AppendData(File.ReadAllBytes(file));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public async Task UntilAsync(string condition)
    {
        long begun = Stopwatch.GetTimestamp();
        while (await TextAsync(condition) is not ("t" or "true" or "True"))
        {
            if (Stopwatch.GetElapsedTime(begun) > Patience)
            {
                throw new TimeoutException($"never became true: {condition}");
            }
            await Task.Delay(50);
        }
    }

    /// <summary>The answer as text; while the server is away, again.</summary>
    public Task<string> TextAsync(string sql) => AnswerAsync($"select ({sql})::text", async command => await command.ExecuteScalarAsync() as string ?? "");

    public Task ExecuteAsync(string sql) => AnswerAsync(sql, command => command.ExecuteNonQueryAsync());

    private async Task<T> AnswerAsync<T>(string sql, Func<NpgsqlCommand, Task<T>> ask)
    {
        long begun = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                await using NpgsqlCommand command = Source.CreateCommand(sql);
                command.CommandTimeout = 0;
                return await ask(command);
            }
            catch (NpgsqlException away) when (away is not PostgresException { SqlState: "42601" or "42703" or "42P01" } && Stopwatch.GetElapsedTime(begun) < Patience)
            {
                await Task.Delay(50); // the server is being disturbed
            }
        }
    }

    /// <summary>Faults of the program are what the disturbance is for: they are shown.</summary>
    private static void Told(string node, string? line)
    {
        if (line is not null && line.Contains("\"EventId\":1107", StringComparison.Ordinal))
        {
            Console.WriteLine($"{node}: {line}");
        }
    }

    private Process Tool(params string[] arguments)
    {
        ProcessStartInfo start = new("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in (string[])[typeof(ExitCodes).Assembly.Location, .. arguments, "--home", Home, "--lang", "en"])
        {
            start.ArgumentList.Add(argument);
        }
        start.Environment["PIPELINE_DATABASE"] = Server;
        return new Process { StartInfo = start };
    }

    private static void Signal(int process, string signal)
    {
        using Process kill = Process.Start("kill", ["-" + signal, process.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    private static CommandSession Quiet(string home) => new(home, Language.En, false, TimeProvider.System, TextWriter.Null, TextWriter.Null, default);

    public static string Samples()
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
