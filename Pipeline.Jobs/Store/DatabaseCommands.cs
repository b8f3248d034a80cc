using System.CommandLine;
using Npgsql;
using Pipeline.Jobs.Privacy;
using Pipeline.Jobs.Shell;

namespace Pipeline.Jobs.Store;

/// <summary><c>db start|stop|path|backup|restore</c>.</summary>
public static class DatabaseCommands
{
    public static Command Create()
    {
        Command command = new("db", "The program's own database: start, stop, find, back up, restore / 自带数据库的启停、位置、备份与恢复\nExample: pipeline db backup complaints-2026-11.backup");
        command.Subcommands.Add(new Command("start", "Creates the database where there is none, starts it, brings its schema up to date / 启动\nExample: pipeline db start")
            .Runs((_, session) => StartAsync(session)));
        command.Subcommands.Add(new Command("stop", "Stops the database server; the next command starts it again / 停止\nExample: pipeline db stop")
            .Runs((_, session) => StopAsync(session)));
        command.Subcommands.Add(new Command("path", "Where the database, its socket, log, programs and keys are / 位置\nExample: pipeline db path --json")
            .Runs((_, session) => PathAsync(session)));
        command.Subcommands.Add(Backup());
        command.Subcommands.Add(Restore());
        return command;
    }

    private static Command Backup()
    {
        Argument<string> file = new("file") { Description = "The file to write / 备份文件" };
        Option<bool> force = new("--force") { Description = "Replace a file that is there / 替换已有文件" };
        Command command = new("backup", "Writes the whole database to one file; key files are not in it, keep a copy of them apart / 备份（不含密钥）\nExample: pipeline db backup complaints-2026-11.backup") { file, force };
        return command.Runs((parsed, session) => BackupAsync(session, parsed.GetRequiredValue(file), parsed.GetValue(force)));
    }

    private static Command Restore()
    {
        Argument<string> file = new("file") { Description = "A file that 'db backup' wrote / 备份文件" };
        Option<bool> force = new("--force") { Description = "Replace a database that holds complaints / 替换已有数据" };
        Command command = new("restore", "Puts a backup in place of the database's content, wholly or not at all / 恢复\nExample: pipeline db restore complaints-2026-11.backup") { file, force };
        return command.Runs((parsed, session) => RestoreAsync(session, parsed.GetRequiredValue(file), parsed.GetValue(force)));
    }

    public static async Task<int> StartAsync(CommandSession session)
    {
        await using Database database = await Database.OpenAsync(session);
        session.Line("数据库已就绪。", "The database is ready.");
        session.Document(new { State = "running", Migrations = Migrations.All.Count });
        return ExitCodes.Done;
    }

    public static async Task<int> StopAsync(CommandSession session)
    {
        if (OperatingSystem.IsWindows())
        {
            throw OnWindows();
        }
        if (session.Server is not null)
        {
            throw PipelineFault.Usage(
                "设置了 PIPELINE_DATABASE：该服务器不由本程序启停。要停止自带数据库，请先取消该变量。",
                "PIPELINE_DATABASE is set: that server is not this program's to stop. Unset it to stop the program's own database.");
        }
        bool isStopped = await new PrivateCluster(session.Home).StopAsync(session);
        session.Line(isStopped ? "数据库已停止。" : "数据库没有在运行。", isStopped ? "The database was stopped." : "The database was not running.");
        session.Document(new { State = "stopped", Changed = isStopped });
        return isStopped ? ExitCodes.Done : ExitCodes.NothingToDo;
    }

    public static async Task<int> PathAsync(CommandSession session)
    {
        if (session.Server is not null || OperatingSystem.IsWindows())
        {
            NpgsqlConnectionStringBuilder where = new(session.Server ?? "");
            session.Line($"服务器：{where.Host}:{where.Port}/{where.Database}（PIPELINE_DATABASE）", $"server: {where.Host}:{where.Port}/{where.Database} (PIPELINE_DATABASE)");
            session.Line($"密钥：{KeyRing.Folder(session.Home)}", $"keys: {KeyRing.Folder(session.Home)}");
            session.Document(new { session.Home, where.Host, where.Port, where.Database, User = where.Username, Keys = KeyRing.Folder(session.Home) });
            return ExitCodes.Done;
        }
        PrivateCluster cluster = new(session.Home);
        PostgresBinaries? binaries = await PostgresBinaries.FindAsync(cluster.Home, cluster.DataMajor, session.Cancellation);
        string socket = cluster.RunningSocketFolder;
        string state = StateName(cluster.State);
        session.Line($"状态：{state}", $"state: {state}");
        session.Line($"数据：{cluster.DataFolder}", $"data: {cluster.DataFolder}");
        session.Line($"套接字：{socket}", $"socket: {socket}");
        session.Line($"密码文件：{cluster.PasswordFile}", $"password file: {cluster.PasswordFile}");
        session.Line($"日志：{cluster.LogFile}", $"log: {cluster.LogFile}");
        session.Line($"程序：{binaries?.Folder ?? "无"}", $"programs: {binaries?.Folder ?? "none"}");
        session.Line($"密钥：{KeyRing.Folder(session.Home)}", $"keys: {KeyRing.Folder(session.Home)}");
        session.Document(new
        {
            Home = cluster.Home,
            State = state,
            Data = cluster.DataFolder,
            Socket = socket,
            Host = socket,
            ServerSettings.Port,
            Database = PrivateCluster.DatabaseName,
            User = PrivateCluster.Owner,
            Schema = Connections.Schema,
            PasswordFile = cluster.PasswordFile,
            Log = cluster.LogFile,
            Binaries = binaries?.Folder,
            Major = binaries?.Major,
            Keys = KeyRing.Folder(session.Home),
        });
        return ExitCodes.Done;
    }

    public static async Task<int> BackupAsync(CommandSession session, string file, bool isForced)
    {
        if (OperatingSystem.IsWindows())
        {
            throw OnWindows();
        }
        string target = Path.GetFullPath(file);
        long bytes = await DatabaseBackup.WriteAsync(session, target, isForced);
        session.Line($"已备份到 {target}（{bytes} 字节）。", $"Backed up to {target} ({bytes} bytes).");
        session.Notice(
            $"密钥不在备份中：请把 {KeyRing.Folder(session.Home)} 另行妥善保存，没有它备份中的个人信息无法读出。",
            $"The keys are not in it: keep a copy of {KeyRing.Folder(session.Home)} in another safe place, for without it the personal data in the backup cannot be read.");
        session.Document(new { Path = target, Bytes = bytes, Keys = KeyRing.Folder(session.Home) });
        return ExitCodes.Done;
    }

    public static async Task<int> RestoreAsync(CommandSession session, string file, bool isForced)
    {
        if (OperatingSystem.IsWindows())
        {
            throw OnWindows();
        }
        long complaints = await DatabaseBackup.ReadAsync(session, file, isForced);
        session.Line($"已恢复：{complaints} 件投诉。", $"Restored: {complaints} complaints.");
        session.Document(new { Path = Path.GetFullPath(file), Complaints = complaints });
        return ExitCodes.Done;
    }

    internal static string StateName(ClusterState state) => state switch
    {
        ClusterState.Absent => "absent",
        ClusterState.Stopped => "stopped",
        ClusterState.Running => "running",
        _ => throw new ArgumentOutOfRangeException(nameof(state)),
    };

    private static PipelineFault OnWindows() => PipelineFault.Usage(
        "在 Windows 上数据库由 PIPELINE_DATABASE 指定的服务器管理：请用该服务器自己的工具。",
        "On Windows the database is the server that PIPELINE_DATABASE names: use that server's own tools.");
}
