using System.CommandLine;
using Npgsql;
using Pipeline.Jobs.Privacy;
using Pipeline.Jobs.Shell;
using Pipeline.Models.Text;

namespace Pipeline.Jobs.Store;

/// <summary>How a check ended.</summary>
public enum Health
{
    Ok,
    Warn,
    Fail,
}

/// <summary>One line of <c>doctor</c>.</summary>
/// <param name="Mend">What to do; null where nothing is to be done.</param>
public sealed record Finding(string Check, Health Health, Bilingual Found, Bilingual? Mend = null);

/// <summary><c>doctor</c>: looks at everything that the program stands on, changes nothing, and says how to mend what is wrong.</summary>
public static class Doctor
{
    /// <summary>Below this much free disk a run may not end.</summary>
    private const long ScarceBytes = 2L << 30;
    private const long ExhaustedBytes = 128L << 20;

    /// <summary>The program's first day: a clock before it is wrong.</summary>
    private static readonly DateTimeOffset Earliest = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(2);

    public static Command Create() =>
        new Command("doctor", "Checks database, disk, rights, schema, keys, own rules and clock, and says how to mend what is wrong / 检查运行环境并说明如何修复\nExample: pipeline doctor")
            .Runs((_, session) => RunAsync(session));

    /// <returns>0 where nothing failed, else 5.</returns>
    public static async Task<int> RunAsync(CommandSession session)
    {
        IReadOnlyList<Finding> findings = await ExamineAsync(session);
        foreach (Finding finding in findings)
        {
            string state = Word(finding.Health);
            session.Line($"{state,-5} {finding.Check,-10} {finding.Found.Zh}", $"{state,-5} {finding.Check,-10} {finding.Found.En}");
            if (finding.Mend is { } mend)
            {
                session.Line($"{"",16} → {mend.Zh}", $"{"",16} → {mend.En}");
            }
        }
        Dictionary<string, object> document = new()
        {
            ["home"] = session.Home,
            ["healthy"] = findings.All(finding => finding.Health != Health.Fail),
            ["checks"] = findings.Select(finding => new
            {
                finding.Check,
                Health = Word(finding.Health),
                Found = finding.Found.In(session.Language),
                Mend = finding.Mend?.In(session.Language),
            }),
        };
        if (findings.FirstOrDefault(finding => finding.Health == Health.Fail) is { } failed)
        {
            document["error"] = FaultReport.Body(PipelineFault.Environment(failed.Found.Zh, failed.Found.En), session.Language);
        }
        session.Document(document);
        return findings.Any(finding => finding.Health == Health.Fail) ? ExitCodes.EnvironmentFailed : ExitCodes.Done;
    }

    public static async Task<IReadOnlyList<Finding>> ExamineAsync(CommandSession session)
    {
        List<Finding> findings = [HomeFolder(session), FreeSpace(session)];
        bool canConnect = true;
        if (session.Server is null && !OperatingSystem.IsWindows())
        {
            findings.Add(await ProgramsAsync(session));
            Finding cluster = ClusterOf(session, out canConnect);
            findings.Add(cluster);
        }
        findings.Add(Keys(session));
        findings.AddRange(HomeFilesCheck.Examine(session.Home));
        findings.AddRange(canConnect ? await ServerAsync(session) : [Clock(session, null)]);
        return findings;
    }

    private static Finding HomeFolder(CommandSession session)
    {
        string home = session.Home;
        if (!Directory.Exists(home))
        {
            return new Finding("home", Health.Ok, new($"{home} 尚不存在，首次使用时建立", $"{home} is not there yet; it is made on first use"));
        }
        try
        {
            string probe = Path.Combine(home, $".doctor-{Environment.ProcessId}");
            using (File.Create(probe, 1, FileOptions.DeleteOnClose))
            {
            }
            return new Finding("home", Health.Ok, new($"{home} 可写", $"{home} can be written"));
        }
        catch (Exception denied) when (denied is IOException or UnauthorizedAccessException)
        {
            return new Finding("home", Health.Fail, new($"{home} 不可写：{SystemWords.Of(denied).Zh}", $"{home} cannot be written: {SystemWords.Of(denied).En}"),
                new("给当前用户写权限，或用 --home 换一个文件夹", "give this user the right to write there, or choose another folder with --home"));
        }
    }

    private static Finding FreeSpace(CommandSession session)
    {
        long free = DiskSpace.FreeBytes(session.Home);
        Bilingual found = new($"剩余 {DiskSpace.Megabytes(free)} MB", $"{DiskSpace.Megabytes(free)} MB free");
        Bilingual mend = new(
            $"清理 {session.Home} 所在磁盘至少到 {DiskSpace.Megabytes(ScarceBytes)} MB，或用 --home 换一个磁盘",
            $"free at least {DiskSpace.Megabytes(ScarceBytes)} MB on the disk of {session.Home}, or choose another disk with --home");
        return free >= ScarceBytes ? new Finding("disk", Health.Ok, found) : new Finding("disk", free < ExhaustedBytes ? Health.Fail : Health.Warn, found, mend);
    }

    private static async Task<Finding> ProgramsAsync(CommandSession session)
    {
        if (OperatingSystem.IsWindows())
        {
            throw new PlatformNotSupportedException();
        }
        Bilingual install = new(
            "首次使用时会自动安装；也可自行安装：sudo apt-get install postgresql",
            "it is installed by itself on first use; or install it: sudo apt-get install postgresql");
        try
        {
            PrivateCluster cluster = new(session.Home);
            PostgresBinaries? binaries = await PostgresBinaries.FindAsync(cluster.Home, cluster.DataMajor, session.Cancellation);
            if (binaries is null)
            {
                return new Finding("programs", Health.Warn, new("没有找到 PostgreSQL", "no PostgreSQL found"), install);
            }
            Bilingual found = new($"PostgreSQL {binaries.Major}：{binaries.Folder}", $"PostgreSQL {binaries.Major} in {binaries.Folder}");
            return cluster.DataMajor is { } made && made != binaries.Major
                ? new Finding("programs", Health.Fail, found, new(
                    $"数据属于 PostgreSQL {made}：请安装 postgresql-{made}，升级见 'pipeline db backup' 与 'db restore'",
                    $"the data was made by PostgreSQL {made}: install postgresql-{made}; to upgrade use 'pipeline db backup' and 'db restore'"))
                : new Finding("programs", Health.Ok, found);
        }
        catch (PipelineFault fault)
        {
            return new Finding("programs", Health.Fail, fault.Text, install);
        }
    }

    private static Finding ClusterOf(CommandSession session, out bool canConnect)
    {
        if (OperatingSystem.IsWindows())
        {
            throw new PlatformNotSupportedException();
        }
        PrivateCluster cluster = new(session.Home);
        canConnect = cluster.State == ClusterState.Running;
        return cluster.State switch
        {
            ClusterState.Running => new Finding("cluster", Health.Ok, new($"运行中：{cluster.DataFolder}", $"running: {cluster.DataFolder}")),
            ClusterState.Stopped => new Finding("cluster", Health.Ok, new("已停止，下一个命令会启动它", "stopped; the next command starts it")),
            _ when Directory.Exists(cluster.DataFolder) => new Finding("cluster", Health.Fail,
                new($"{cluster.DataFolder} 不是数据文件夹（没有 PG_VERSION）", $"{cluster.DataFolder} is no data folder (there is no PG_VERSION)"),
                new("移走它，或从备份恢复", "move it away, or restore it from your backup")),
            _ => new Finding("cluster", Health.Ok, new("尚未创建，首次使用时建立", "not created yet; it is made on first use")),
        };
    }

    private static Finding Keys(CommandSession session)
    {
        string folder = KeyRing.Folder(session.Home);
        if (!KeyRing.Exists(session.Home))
        {
            return new Finding("keys", Health.Ok, new($"{folder} 中尚无密钥，首次使用时建立", $"no key in {folder} yet; it is made on first use"));
        }
        try
        {
            KeyRing keys = KeyRing.Open(session.Home);
            return new Finding("keys", Health.Ok, new($"{keys.KeyIds.Count} 个密钥，权限正确；请另存一份副本：{folder}", $"{keys.KeyIds.Count} with the right mode; keep a copy elsewhere: {folder}"));
        }
        catch (PipelineFault fault)
        {
            return new Finding("keys", Health.Fail, fault.Text, new($"核对 {folder} 的内容与权限", $"check content and rights of {folder}"));
        }
    }

    private static async Task<IReadOnlyList<Finding>> ServerAsync(CommandSession session)
    {
        try
        {
            await using NpgsqlDataSource source = await Database.ConnectAsync(session);
            await using NpgsqlConnection connection = await source.OpenConnectionAsync(session.Cancellation);
            Finding server = new("connection", Health.Ok, new($"PostgreSQL {connection.PostgreSqlVersion} 应答", $"PostgreSQL {connection.PostgreSqlVersion} answers"));
            Finding schema = await SchemaAsync(connection, session.Cancellation);
            await using NpgsqlCommand now = new("select clock_timestamp()", connection);
            DateTime serverTime = (DateTime)(await now.ExecuteScalarAsync(session.Cancellation))!;
            List<Finding> findings = [server, schema];
            if (schema.Health == Health.Ok)
            {
                findings.Add(await KeyCheckAsync(session, source));
            }
            findings.Add(Clock(session, new DateTimeOffset(serverTime, TimeSpan.Zero)));
            return findings;
        }
        catch (PipelineFault fault)
        {
            return [new Finding("connection", Health.Fail, fault.Text), Clock(session, null)];
        }
        catch (NpgsqlException fault)
        {
            return [new Finding("connection", Health.Fail, new($"数据库失败：{fault.Message}", $"the database failed: {fault.Message}")), Clock(session, null)];
        }
    }

    private static async Task<Finding> SchemaAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        IReadOnlyDictionary<int, string> applied = await Migrations.AppliedAsync(connection, cancellation);
        try
        {
            Migrations.Compare(applied, Migrations.All);
        }
        catch (PipelineFault fault)
        {
            return new Finding("schema", Health.Fail, fault.Text);
        }
        int missing = Migrations.All.Count - applied.Count;
        return missing == 0
            ? new Finding("schema", Health.Ok, new($"{applied.Count} 项结构变更均已应用", $"all {applied.Count} changes applied"))
            : new Finding("schema", Health.Warn, new($"缺 {missing} 项结构变更", $"{missing} changes are not applied"), new("下一个命令会应用它们", "the next command applies them"));
    }

    private static async Task<Finding> KeyCheckAsync(CommandSession session, NpgsqlDataSource source)
    {
        try
        {
            await KeyCheck.VerifyAsync(source, session.Home, session.Cancellation);
            return new Finding("key match", Health.Ok, new("密钥与数据库相符", "the keys are this database's"));
        }
        catch (PipelineFault fault)
        {
            return new Finding("key match", Health.Fail, fault.Text);
        }
    }

    private static Finding Clock(CommandSession session, DateTimeOffset? server)
    {
        DateTimeOffset now = session.Time.GetUtcNow();
        Bilingual mend = new("校准系统时钟（timedatectl）", "set the system's clock (timedatectl)");
        string shown = now.ToString("yyyy-MM-dd HH:mm:ss'Z'");
        if (now < Earliest)
        {
            return new Finding("clock", Health.Fail, new($"{shown}，早于本程序的发布", $"{shown} is before this program was made"), mend);
        }
        return server is { } other && (now - other).Duration() > ClockTolerance
            ? new Finding("clock", Health.Warn, new($"与数据库服务器相差 {(now - other).Duration().TotalSeconds:F0} 秒", $"{(now - other).Duration().TotalSeconds:F0} seconds from the database server's"), mend)
            : new Finding("clock", Health.Ok, new(shown, shown));
    }

    private static string Word(Health health) => health switch
    {
        Health.Ok => "ok",
        Health.Warn => "warn",
        Health.Fail => "fail",
        _ => throw new ArgumentOutOfRangeException(nameof(health)),
    };
}
