using System.Globalization;
using System.Runtime.Versioning;
using Npgsql;
using Pipeline.Jobs.Shell;

namespace Pipeline.Jobs.Store;

/// <summary>
/// Copies of the database by pg_dump and pg_restore: the schema of the program, in PostgreSQL's own archive format. Keys are never in
/// them.
/// </summary>
[UnsupportedOSPlatform("windows")]
internal static class DatabaseBackup
{
    /// <summary>
    /// One transaction from the first drop to the commit, which is sent only after the archive was read to its end: whatever fails,
    /// the old content stays.
    /// </summary>
    private const string RestoreScript = """
        { echo 'begin; drop schema if exists pipeline cascade;' && "$1/pg_restore" --no-owner --no-privileges -f - "$2" && echo 'commit;'; } \
            | "$1/psql" -X -q -v ON_ERROR_STOP=1 -o /dev/null
        """;

    /// <summary>Writes <paramref name="file"/> whole or not at all, readable by its owner alone.</summary>
    /// <returns>Bytes written.</returns>
    /// <exception cref="PipelineFault">The file is there and <paramref name="isForced"/> is false, or it cannot be written.</exception>
    public static async Task<long> WriteAsync(CommandSession session, string file, bool isForced = false)
    {
        string target = Path.GetFullPath(file);
        if (File.Exists(target) && !isForced)
        {
            throw InTheWay(target);
        }
        await using Database database = await Database.OpenAsync(session);
        PostgresBinaries binaries = await BinariesAsync(session);
        AtomicFile.RemoveLeftBehind(target);
        string staging = AtomicFile.PartialName(target);
        try
        {
            await using FileStream made = new(staging, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            });
        }
        catch (Exception denied) when (denied is IOException or UnauthorizedAccessException)
        {
            throw PipelineFault.Environment(
                $"无法写入 {target}：{SystemWords.Of(denied).Zh}。请换一个已存在且有写权限的文件夹。",
                $"{target} cannot be written: {SystemWords.Of(denied).En}. Choose a folder that exists and where you may write.",
                denied);
        }
        try
        {
            await RunAsync(
                session, binaries, [binaries.Program("pg_dump"), "--format=custom", $"--schema={Connections.Schema}", "--no-owner", "--no-privileges", $"--file={staging}"]);
            try
            {
                File.Move(staging, target, isForced);
            }
            catch (IOException) when (!isForced && File.Exists(target))
            {
                throw InTheWay(target); // it came while the copy was made
            }
        }
        finally
        {
            File.Delete(staging);
        }
        return new FileInfo(target).Length;
    }

    private static PipelineFault InTheWay(string target) => PipelineFault.Usage(
        $"{target} 已存在，备份会替换它。什么都没有改动；请另取文件名，确认要替换请加 --force。",
        $"{target} is there, and a backup would replace it. Nothing was changed; choose another name, or add --force to replace it.");

    /// <summary>Puts the content of <paramref name="file"/> in place of the database's, then migrates it to this program's schema.</summary>
    /// <returns>Complaints in the database afterwards.</returns>
    /// <exception cref="PipelineFault">The file is no backup, or the database is not empty and <paramref name="isForced"/> is false.</exception>
    public static async Task<long> ReadAsync(CommandSession session, string file, bool isForced)
    {
        string from = Path.GetFullPath(file);
        RequireArchive(from);
        await using (NpgsqlDataSource source = await Database.ConnectAsync(session))
        {
            long present = await ComplaintsAsync(source, session.Cancellation);
            if (present > 0 && !isForced)
            {
                throw PipelineFault.Usage(
                    $"数据库中已有 {present} 件投诉，恢复会替换全部内容。什么都没有改动；确认要替换请加 --force（建议先 db backup）。",
                    $"The database holds {present} complaints, and a restore replaces everything. Nothing was changed; add --force to replace it (take a 'db backup' first).");
            }
        }
        PostgresBinaries binaries = await BinariesAsync(session);
        await RunAsync(session, binaries, ["bash", "-o", "pipefail", "-c", RestoreScript, "bash", binaries.Folder, from]);
        await using Database database = await Database.OpenAsync(session);
        return await ComplaintsAsync(database.Source, session.Cancellation);
    }

    /// <summary>Reads a backup to its end and throws away what it holds: a truncated or damaged one is found now and not on the day it is needed.</summary>
    public static async Task VerifyAsync(CommandSession session, string file)
    {
        RequireArchive(file);
        PostgresBinaries binaries = await BinariesAsync(session);
        await RunAsync(session, binaries, [binaries.Program("pg_restore"), "--no-owner", "--no-privileges", "--file=/dev/null", file]);
    }

    private static void RequireArchive(string file)
    {
        if (!File.Exists(file))
        {
            throw PipelineFault.Usage($"没有文件 {file}。请给出 'db backup' 写出的文件。", $"There is no file {file}. Name a file that 'db backup' wrote.");
        }
        using FileStream stream = File.OpenRead(file);
        byte[] magic = new byte[5];
        int read = stream.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false);
        if (!magic.AsSpan(0, read).SequenceEqual("PGDMP"u8))
        {
            throw PipelineFault.Usage(
                $"{file} 不是数据库备份（应以 PGDMP 开头）。什么都没有改动；请给出 'db backup' 写出的文件。",
                $"{file} is no backup of the database (it should begin with PGDMP). Nothing was changed; name a file that 'db backup' wrote.");
        }
    }

    private static async Task<long> ComplaintsAsync(NpgsqlDataSource source, CancellationToken cancellation)
    {
        try
        {
            await using NpgsqlCommand command = source.CreateCommand("select count(*) from complaint");
            return (long)(await command.ExecuteScalarAsync(cancellation))!;
        }
        catch (PostgresException missing) when (missing.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            return 0;
        }
    }

    private static async Task<PostgresBinaries> BinariesAsync(CommandSession session)
    {
        PrivateCluster cluster = new(session.Home);
        return await PostgresBinaries.FindOrInstallAsync(session, cluster.Home, session.Server is null ? cluster.DataMajor : null);
    }

    private static async Task RunAsync(CommandSession session, PostgresBinaries binaries, IReadOnlyList<string> command)
    {
        PrivateCluster cluster = new(session.Home);
        NpgsqlConnectionStringBuilder where = new(session.Server ?? cluster.ConnectionString(cluster.RunningSocketFolder));
        Dictionary<string, string> environment = new(binaries.Environment)
        {
            ["PGHOST"] = where.Host ?? "",
            ["PGPORT"] = where.Port.ToString(CultureInfo.InvariantCulture),
            ["PGUSER"] = where.Username ?? "",
            ["PGPASSWORD"] = where.Password ?? "",
            ["PGDATABASE"] = where.Database ?? "",
            ["PGSSLMODE"] = where.SslMode switch
            {
                SslMode.VerifyCA => "verify-ca",
                SslMode.VerifyFull => "verify-full",
                SslMode other => other.ToString().ToLowerInvariant(),
            },
        };
        ProgramResult result = await ExternalProgram.RunAsync(command, environment, session.Cancellation);
        if (result.ExitCode != 0)
        {
            throw PipelineFault.Environment(
                $"备份程序失败，数据库未变：{result.LastLine}",
                $"The backup program failed and the database is unchanged: {result.LastLine}");
        }
    }
}
