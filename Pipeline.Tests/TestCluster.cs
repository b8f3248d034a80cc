using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using Npgsql;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Store;
using Pipeline.Models.Text;

namespace Pipeline.Tests;

/// <summary>
/// One private cluster for the whole test run, made by the program's own code but for fsync, and gone when the run ends.
/// </summary>
internal sealed class TestCluster
{
    private const string Template = "pipeline_template";

    private static readonly Lazy<Task<TestCluster>> Shared = new(StartAsync);

    private static readonly SemaphoreSlim Creating = new(1);

    private readonly string _admin;

    private TestCluster(string root, string admin)
    {
        Root = root;
        _admin = admin;
    }

    public string Root { get; }

    public static ServerSettings Settings { get; } = new(IsDurable: false, SharedBuffersMegabytes: 64);

    public static Task<TestCluster> SharedAsync() => Shared.Value;

    /// <summary>A session whose words nobody reads.</summary>
    public static CommandSession Quiet(string home) =>
        new(home, Language.En, Json: false, TimeProvider.System, TextWriter.Null, TextWriter.Null, CancellationToken.None);

    /// <returns>Connection string of a new database with the program's schema.</returns>
    public async Task<string> CreateDatabaseAsync(string name)
    {
        // One at a time: PostgreSQL refuses to copy a template while another session is connected to it.
        await Creating.WaitAsync();
        try
        {
            await ExecuteAsync(_admin, $"create database {name} template {Template}");
        }
        finally
        {
            Creating.Release();
        }
        return new NpgsqlConnectionStringBuilder(_admin) { Database = name }.ConnectionString;
    }

    private static async Task<TestCluster> StartAsync()
    {
        // Not named after the process: where numbers recur, a run that was killed may have left a folder of that name.
        string root = Directory.CreateTempSubdirectory("pipeline-tests-").FullName;
        if (!OperatingSystem.IsWindows())
        {
            // The server account of a run as root passes through.
            File.SetUnixFileMode(root, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        }
        string admin = await AdministratorAsync(root);
        await ExecuteAsync(admin, $"create database {Template}");
        string template = new NpgsqlConnectionStringBuilder(admin) { Database = Template, Pooling = false }.ConnectionString;
        await using (NpgsqlDataSource source = Connections.Source(template))
        {
            await Migrations.ApplyAsync(source, TimeProvider.System, CancellationToken.None);
        }
        return new TestCluster(root, admin);
    }

    private static async Task<string> AdministratorAsync(string root)
    {
        if (OperatingSystem.IsWindows())
        {
            return Environment.GetEnvironmentVariable("PIPELINE_DATABASE")
                ?? throw new InvalidOperationException("on Windows the tests need PIPELINE_DATABASE: a server on which databases may be created");
        }
        string home = Path.Combine(root, "server");
        PrivateCluster cluster = new(home, Settings);
        RemoveAtEnd(root, cluster);
        NpgsqlDataSource source = await cluster.OpenAsync(Quiet(home));
        await source.DisposeAsync();
        return cluster.ConnectionString(cluster.SocketFolder);
    }

    private static async Task ExecuteAsync(string connection, string statement)
    {
        await using NpgsqlDataSource source = Connections.Source(new NpgsqlConnectionStringBuilder(connection) { Pooling = false }.ConnectionString);
        await using NpgsqlCommand command = source.CreateCommand(statement);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>
    /// Waits outside this process for its end, however that comes (the test host is killed rather than ended), then takes the server and
    /// the folder away.
    /// </summary>
    [UnsupportedOSPlatform("windows")]
    private static void RemoveAtEnd(string root, PrivateCluster cluster)
    {
        const string script = """
            while kill -0 "$1" 2>/dev/null; do sleep 0.5; done
            [ -f "$3/postmaster.pid" ] && kill -QUIT "$(head -n 1 "$3/postmaster.pid")" && sleep 1
            rm -rf "$2" "$4"
            """;
        string process = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        // Its output goes nowhere: whoever reads the test host's output would wait for this shell to end.
        string[] arguments = ["-f", "sh", "-c", $"exec </dev/null >/dev/null 2>&1\n{script}", "sh", process, root, cluster.DataFolder, cluster.SocketFolder];
        Process.Start("setsid", arguments).Dispose();
    }
}
