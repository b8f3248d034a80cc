using System.Globalization;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text;
using Npgsql;
using Pipeline.Jobs.Shell;

namespace Pipeline.Jobs.Store;

/// <summary>What is known of the private cluster without starting it.</summary>
public enum ClusterState
{
    /// <summary>Never created, or its creation was broken off.</summary>
    Absent,
    Stopped,

    /// <summary>A server process holds the data folder; it may still be recovering.</summary>
    Running,
}

/// <summary>
/// The PostgreSQL cluster of one home folder: created on first use, reached through a Unix socket only, left running when the command
/// ends. Whether it runs is told by a file lock that every server process inherits, not by process numbers: a zombie, a reused number
/// or another container cannot be mistaken for it.
/// </summary>
/// <remarks>
/// In <c>cluster/</c>: <c>data</c> (appears whole, by a rename), <c>password</c> (0600), <c>server.log</c>, <c>start.lock</c> (held by who
/// creates, starts or stops), <c>alive.lock</c> (held by the server), <c>reserve</c> (given up when the disk is full).
/// </remarks>
[UnsupportedOSPlatform("windows")]
public sealed partial class PrivateCluster
{
    public const string Owner = "pipeline";

    /// <summary>Made by initdb; what is the program's is in its own schema.</summary>
    public const string DatabaseName = "postgres";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode SearchByAll = UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly ServerSettings _settings;

    public PrivateCluster(string home, ServerSettings? settings = null)
    {
        Home = Canonical(home);
        _settings = settings ?? new ServerSettings();
        Folder = File.Exists(LocationFile) ? File.ReadAllText(LocationFile).Trim() : Path.Combine(Home, "cluster");
    }

    /// <summary>Without symbolic links, so that one folder has one name.</summary>
    public string Home { get; }

    /// <value><c>cluster</c> under the home folder; elsewhere where the server account cannot reach the home folder of root.</value>
    public string Folder { get; private set; }

    public string DataFolder => Path.Combine(Folder, "data");

    /// <remarks>
    /// A socket's path may have 107 bytes, which a deep home folder would exceed: hence a short folder named after the long one. Root's
    /// is in /run, where nobody else can put something in its place.
    /// </remarks>
    public string SocketFolder => string.Concat(
        Environment.IsPrivilegedProcess && Directory.Exists("/run") ? "/run" : "/tmp",
        "/pipeline-",
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Folder)))[..12]);

    /// <summary>Names the cluster's folder where it is not under the home folder.</summary>
    private string LocationFile => Path.Combine(Home, "cluster.location");

    public string LogFile => Path.Combine(Folder, "server.log");

    public string PasswordFile => Path.Combine(Folder, "password");

    public string ReserveFile => Path.Combine(Folder, "reserve");

    private string StartLock => Path.Combine(Folder, "start.lock");

    private string AliveLock => Path.Combine(Folder, "alive.lock");

    private string VersionFile => Path.Combine(DataFolder, "PG_VERSION");

    private string PostmasterFile => Path.Combine(DataFolder, "postmaster.pid");

    /// <summary>The major version that made the data folder; null where there is none yet.</summary>
    public int? DataMajor => File.Exists(VersionFile)
        ? int.Parse(File.ReadAllText(VersionFile).Trim(), CultureInfo.InvariantCulture)
        : null;

    /// <summary>Where the running server listens: what it wrote itself, for it may have been started under another name of this folder.</summary>
    public string RunningSocketFolder => File.Exists(PostmasterFile) && File.ReadAllLines(PostmasterFile) is { Length: >= 8 } lines ? lines[4] : SocketFolder;

    public ClusterState State => !File.Exists(VersionFile) ? ClusterState.Absent : FileLock.IsHeld(AliveLock) ? ClusterState.Running : ClusterState.Stopped;

    /// <summary>Joins the running server, or creates and starts what is missing.</summary>
    /// <returns>A source of connections that the caller disposes; the server stays when it is disposed.</returns>
    /// <exception cref="PipelineFault">The environment does not allow it; says what to do.</exception>
    public async Task<NpgsqlDataSource> OpenAsync(CommandSession session)
    {
        if (await TryAttachAsync(session.Cancellation) is { } running)
        {
            return running;
        }
        ServerAccount account = ServerAccount.Current();
        await PrepareFolderAsync(account, session);
        await using FileStream gate = await FileLock.TakeAsync(StartLock, session.Cancellation);
        PostgresBinaries binaries = await PostgresBinaries.FindOrInstallAsync(session, Home, DataMajor);
        if (!File.Exists(VersionFile))
        {
            await CreateAsync(session, binaries, account);
        }
        RequireSameMajor(binaries);
        return await StartAsync(session, binaries, account);
    }

    /// <summary>Ends the server after the running transactions were rolled back.</summary>
    /// <param name="isImmediate">As if it crashed: the next start recovers. For tests and for a server that does not end.</param>
    /// <returns>False where it did not run.</returns>
    public async Task<bool> StopAsync(CommandSession session, bool isImmediate = false)
    {
        if (State != ClusterState.Running)
        {
            return false;
        }
        await using FileStream gate = await FileLock.TakeAsync(StartLock, session.Cancellation);
        PostgresBinaries binaries = await PostgresBinaries.FindAsync(Home, DataMajor, session.Cancellation)
            ?? throw PipelineFault.Environment("找不到 PostgreSQL 的程序，无法停止服务器。", "The programs of PostgreSQL are gone, so the server cannot be stopped by them.");
        await StopServerAsync(binaries, ServerAccount.Current(), isImmediate ? "immediate" : "fast", session.Cancellation);
        // Else each home that was ever tried leaves one behind.
        if (Directory.Exists(SocketFolder) && !Directory.EnumerateFileSystemEntries(SocketFolder).Any())
        {
            Directory.Delete(SocketFolder);
        }
        return true;
    }

    private async Task StopServerAsync(PostgresBinaries binaries, ServerAccount account, string mode, CancellationToken cancellation)
    {
        ProgramResult result = await ExternalProgram.RunAsync(
            account.Runs(binaries.Program("pg_ctl"), "-D", DataFolder, "-m", mode, "-w", "-t", "120", "stop"), binaries.Environment, cancellation);
        if (result.ExitCode != 0 && FileLock.IsHeld(AliveLock))
        {
            throw PipelineFault.Environment(
                $"服务器没有停止：{result.LastLine}。日志：{LogFile}",
                $"The server did not stop: {result.LastLine}. Its log: {LogFile}");
        }
    }

    /// <summary>The connection of this cluster's owner; holds the password, so it is never shown.</summary>
    public string ConnectionString(string socketFolder) => new NpgsqlConnectionStringBuilder
    {
        Host = socketFolder,
        Port = ServerSettings.Port,
        Username = Owner,
        Password = File.ReadAllText(PasswordFile).Trim(),
        Database = DatabaseName,
        // A stranger's server behind a socket of the same name never sees the password: SCRAM proves both sides.
        RequireAuth = "ScramSHA256",
    }.ConnectionString;

    /// <summary>A source of connections to the running server, or null where none answers yet.</summary>
    private async Task<NpgsqlDataSource?> TryAttachAsync(CancellationToken cancellation)
    {
        string[] postmaster;
        string connection;
        try
        {
            // A copied home folder carries the original's file, hence the comparison.
            postmaster = await File.ReadAllLinesAsync(PostmasterFile, cancellation);
            if (!IsReady(postmaster) || postmaster[1] != DataFolder)
            {
                return null;
            }
            connection = ConnectionString(postmaster[4]);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (UnauthorizedAccessException denied)
        {
            throw PipelineFault.Environment(
                $"当前用户无权进入数据目录 {Home}，它属于别的用户。请用 --home DIR（或 PIPELINE_HOME）选择自己的文件夹。",
                $"This user may not enter the home folder {Home}: it is another user's. Choose a folder of your own with --home DIR (or PIPELINE_HOME).",
                denied);
        }

        NpgsqlDataSource source = Connections.Source(connection);
        try
        {
            await using NpgsqlConnection probe = await source.OpenConnectionAsync(cancellation);
            return source;
        }
        catch (PostgresException refused) when (refused.SqlState is PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification)
        {
            await source.DisposeAsync();
            throw PipelineFault.Environment(
                $"{PasswordFile} 中的密码与数据库不符。请从备份恢复该文件。",
                $"The password in {PasswordFile} is not the database's. Restore that file from your backup.",
                refused);
        }
        catch (NpgsqlException notYet) when (IsNotYet(notYet))
        {
            await source.DisposeAsync();
            return null;
        }
        catch
        {
            await source.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Lines of postmaster.pid: process, data folder, start time, port, socket folder, listen address, shared memory, state
    /// (<c>starting</c>, <c>ready</c>, <c>stopping</c>). Lines are added as the server comes up.
    /// </summary>
    private static bool IsReady(string[] postmaster) => postmaster.Length >= 8 && postmaster[7].Trim() == "ready";

    /// <summary>Nobody listens, or the server is starting, recovering or ending.</summary>
    private static bool IsNotYet(NpgsqlException fault) => fault is PostgresException answer
        ? answer.SqlState is PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown
        : fault.InnerException is SocketException or IOException or TimeoutException;

    private void RequireSameMajor(PostgresBinaries binaries)
    {
        if (DataMajor is { } made && made != binaries.Major)
        {
            throw PipelineFault.Environment(
                $"数据文件夹 {DataFolder} 属于 PostgreSQL {made}，而本机的程序是 {binaries.Major}（{binaries.Folder}）。什么都没有改动。请安装 postgresql-{made}；要升级，先在旧版本下 'pipeline db backup FILE'，再用新的 --home 执行 'pipeline db restore FILE'。",
                $"The data folder {DataFolder} was made by PostgreSQL {made}, and the programs here are {binaries.Major} ({binaries.Folder}). Nothing was changed. Install postgresql-{made}; to move to {binaries.Major}, run 'pipeline db backup FILE' with {made} and 'pipeline db restore FILE' with a new --home.");
        }
    }

    private static string Canonical(string path)
    {
        string whole = "/";
        foreach (string part in Path.GetFullPath(path).Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            string next = Path.Combine(whole, part);
            whole = new DirectoryInfo(next) is { Exists: true, LinkTarget: not null } link
                ? Canonical(link.ResolveLinkTarget(returnFinalTarget: true)!.FullName)
                : next;
        }
        return whole;
    }
}
