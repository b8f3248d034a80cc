using Npgsql;
using Pipeline.Jobs.Shell;

namespace Pipeline.Jobs.Store;

// Starting: whatever a crash left behind is put in order first.
public sealed partial class PrivateCluster
{
    private const long LogLimitBytes = 16L << 20;
    private const int PollMilliseconds = 20;
    private static readonly TimeSpan NoticeAfter = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan PatienceWithSilence = TimeSpan.FromMinutes(10);

    /// <summary>
    /// The server and all its children inherit the descriptor that holds the lock, and the kernel lets go when the last one is gone.
    /// </summary>
    private const string StartScript = """
        exec 9>>"$1" && flock -w 10 9 || exit 75
        log=$2
        shift 2
        exec setsid -f "$@" </dev/null >>"$log" 2>&1
        """;

    private async Task<NpgsqlDataSource> StartAsync(CommandSession session, PostgresBinaries binaries, ServerAccount account)
    {
        if (FileLock.IsHeld(AliveLock))
        {
            if (await AwaitAnswerAsync(session) is { } running)
            {
                return running;
            }
            // It holds its data folder and cannot be reached: a cleaner of /tmp has taken the socket.
            if (FileLock.IsHeld(AliveLock))
            {
                await StopServerAsync(binaries, account, "fast", session.Cancellation);
            }
        }
        RemoveStaleLocks();
        GiveUpReserveWhenFull(session);
        await PrepareSocketFolderAsync(account, session.Cancellation);
        await PrepareServerFileAsync(AliveLock, account, session.Cancellation);
        if (File.Exists(LogFile) && new FileInfo(LogFile).Length > LogLimitBytes)
        {
            File.Move(LogFile, LogFile + ".1", overwrite: true);
        }
        await PrepareServerFileAsync(LogFile, account, session.Cancellation);

        long logStart = new FileInfo(LogFile).Length;
        ProgramResult started = await ExternalProgram.RunAsync(
            account.Runs("sh", "-c", StartScript, "sh", AliveLock, LogFile, binaries.Program("postgres"), "-D", DataFolder).Concat(_settings.Arguments(SocketFolder)).ToArray(),
            binaries.Environment,
            session.Cancellation);
        if (started.ExitCode == 0 && await AwaitAnswerAsync(session) is { } source)
        {
            return source;
        }
        string reason = started.ExitCode == 0 ? LastOfLog(logStart) : started.LastLine;
        throw PipelineFault.Environment(
            $"数据库服务器没有启动：{reason}。日志：{LogFile}。请运行 'pipeline doctor'。",
            $"The database server did not start: {reason}. Its log: {LogFile}. Run 'pipeline doctor'.");
    }

    /// <returns>Null once no server process is left, or where a server that is up has lost its socket.</returns>
    private async Task<NpgsqlDataSource?> AwaitAnswerAsync(CommandSession session)
    {
        long begun = session.Time.GetTimestamp();
        bool isTold = false;
        while (true)
        {
            bool isAlive = FileLock.IsHeld(AliveLock);
            if (await TryAttachAsync(session.Cancellation) is { } source)
            {
                return source;
            }
            if (!isAlive || HasLostSocket())
            {
                return null;
            }
            TimeSpan waited = session.Time.GetElapsedTime(begun);
            if (waited > NoticeAfter && !isTold)
            {
                session.Notice("数据库服务器正在恢复，请稍候……", "The database server is recovering, please wait ...");
                isTold = true;
            }
            if (waited > PatienceWithSilence)
            {
                throw PipelineFault.Environment(
                    $"数据库服务器 {PatienceWithSilence.TotalMinutes} 分钟没有应答。日志：{LogFile}",
                    $"The database server has not answered for {PatienceWithSilence.TotalMinutes} minutes. Its log: {LogFile}");
            }
            await Task.Delay(PollMilliseconds, session.Cancellation);
        }
    }

    /// <summary>The server is up, and the socket is not there.</summary>
    private bool HasLostSocket()
    {
        try
        {
            string[] lines = File.ReadAllLines(PostmasterFile);
            return IsReady(lines)
                && IsPostmaster(lines[0])
                && !File.Exists(Path.Combine(lines[4], $".s.PGSQL.{ServerSettings.Port}"));
        }
        catch (FileNotFoundException)
        {
            return false;
        }
    }

    /// <summary>
    /// Nothing of this cluster is alive here. The lock files that a kill left name a process number, and PostgreSQL would refuse to
    /// start where that number is now a zombie's or another program's.
    /// </summary>
    private void RemoveStaleLocks()
    {
        if (File.Exists(PostmasterFile))
        {
            string process = File.ReadLines(PostmasterFile).FirstOrDefault("").Trim();
            if (IsPostmaster(process))
            {
                throw PipelineFault.Environment(
                    $"数据文件夹 {DataFolder} 正被另行启动的 PostgreSQL（进程 {process}）使用，但它不应答。请先停止它。",
                    $"The data folder {DataFolder} is used by a PostgreSQL that was started by other means (process {process}) and does not answer. Stop it first.");
            }
            if (Directory.Exists($"/proc/{process}"))
            {
                File.Delete(PostmasterFile);
            }
        }
        if (Directory.Exists(SocketFolder) && new DirectoryInfo(SocketFolder).LinkTarget is null)
        {
            File.Delete(Path.Combine(SocketFolder, $".s.PGSQL.{ServerSettings.Port}.lock"));
            File.Delete(Path.Combine(SocketFolder, $".s.PGSQL.{ServerSettings.Port}"));
        }
    }

    /// <summary>A live process that was started with this data folder; not a zombie, not another program with the same number.</summary>
    private bool IsPostmaster(string process)
    {
        if (!int.TryParse(process, out _))
        {
            return false;
        }
        try
        {
            string status = File.ReadAllText($"/proc/{process}/stat");
            char state = status[status.LastIndexOf(')') + 2];
            return state is not ('Z' or 'X') && File.ReadAllText($"/proc/{process}/cmdline").Split('\0').Contains(DataFolder);
        }
        catch (IOException)
        {
            return false;
        }
    }

    private void GiveUpReserveWhenFull(CommandSession session)
    {
        bool isFull = DiskSpace.FreeBytes(DataFolder) < ReserveBytes / 2;
        if (isFull && File.Exists(ReserveFile))
        {
            File.Delete(ReserveFile);
            session.Notice(
                $"磁盘已满：已释放预留的 {DiskSpace.Megabytes(ReserveBytes)} MB，使数据库能够恢复。请尽快清理 {Home} 所在的磁盘。",
                $"The disk is full: the reserve of {DiskSpace.Megabytes(ReserveBytes)} MB was given up so that the database can recover. Free space on the disk of {Home} soon.");
        }
        else if (!File.Exists(ReserveFile) && DiskSpace.FreeBytes(DataFolder) > 20 * ReserveBytes)
        {
            WriteReserve();
        }
    }

    private async Task PrepareSocketFolderAsync(ServerAccount account, CancellationToken cancellation)
    {
        try
        {
            DirectoryInfo folder = Directory.CreateDirectory(SocketFolder, OwnerOnly);
            if (folder.LinkTarget is not null)
            {
                throw new UnauthorizedAccessException($"{SocketFolder} is a symbolic link");
            }
            // Refused by the system where the folder is another user's.
            File.SetUnixFileMode(SocketFolder, OwnerOnly);
        }
        catch (Exception foreign) when (foreign is UnauthorizedAccessException or IOException)
        {
            throw PipelineFault.Environment(
                $"套接字文件夹 {SocketFolder} 不能使用：{foreign.Message}。它可能属于其他用户；请删除它后重试。",
                $"The folder of the socket, {SocketFolder}, cannot be used: {foreign.Message}. It may belong to another user; remove it, then run this again.",
                foreign);
        }
        await account.GiveAsync(SocketFolder, cancellation);
    }

    private static async Task PrepareServerFileAsync(string path, ServerAccount account, CancellationToken cancellation)
    {
        await using (FileStream file = new(path, new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = FileShare.ReadWrite,
            UnixCreateMode = OwnerFile,
        }))
        {
        }
        await account.GiveAsync(path, cancellation);
    }

    private string LastOfLog(long from)
    {
        using FileStream log = new(LogFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        log.Seek(from, SeekOrigin.Begin);
        using StreamReader reader = new(log);
        string[] lines = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        // The cause is the first FATAL or PANIC; what follows it is the shutting down.
        return lines.FirstOrDefault(line => line.Contains("FATAL", StringComparison.Ordinal) || line.Contains("PANIC", StringComparison.Ordinal))
            ?? lines.LastOrDefault() ?? "no word in its log";
    }
}
