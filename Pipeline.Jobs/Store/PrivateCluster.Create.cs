using System.Security.Cryptography;
using System.Text;
using Pipeline.Jobs.Shell;

namespace Pipeline.Jobs.Store;

// Creation: folders, password, initdb.
public sealed partial class PrivateCluster
{
    /// <summary>Measured with PostgreSQL 15: 39 MB after initdb, and the first segments of WAL.</summary>
    private const long CreationBytes = 300L << 20;

    /// <summary>Enough for the server to come up, recover and be cleaned up after a full disk.</summary>
    private const long ReserveBytes = 48L << 20;

    private static readonly string[] OwnEntries = ["cluster", "keys", "keys.lock", "postgresql", "rules", "profiles", "models", "logs", "out", "demo", "cluster.location"];

    /// <summary>Where root's clusters stand whose home folder the server account cannot reach.</summary>
    private const string Elsewhere = "/var/lib/pipeline/elsewhere";

    private async Task PrepareFolderAsync(ServerAccount account, CommandSession session)
    {
        try
        {
            Directory.CreateDirectory(Home, OwnerOnly);
            Directory.CreateDirectory(Folder, OwnerOnly);
            if (account.IsOther)
            {
                // The server account passes through to its data and can list nothing on the way. Only the folder that is the program's
                // own is opened so: a home folder shared with other things is left as it is, and refused below.
                if (Directory.EnumerateFileSystemEntries(Home).All(entry => OwnEntries.Contains(Path.GetFileName(entry))))
                {
                    File.SetUnixFileMode(Home, File.GetUnixFileMode(Home) | SearchByAll);
                }
                File.SetUnixFileMode(Folder, OwnerOnly | SearchByAll);
            }
        }
        catch (Exception denied) when (denied is UnauthorizedAccessException or IOException)
        {
            throw PipelineFault.Environment(
                $"无法写入数据目录 {Home}：{SystemWords.Of(denied).Zh}。请给当前用户写权限，或用 --home DIR（或 PIPELINE_HOME）换一个。",
                $"The home folder {Home} cannot be written: {SystemWords.Of(denied).En}. Give this user the right to write there, or choose another with --home DIR (or PIPELINE_HOME).",
                denied);
        }
        if (await account.CanSearchAsync(Folder, session.Cancellation))
        {
            return;
        }
        if (!File.Exists(LocationFile) && !Directory.EnumerateFileSystemEntries(Folder).Any())
        {
            MoveElsewhere(session);
        }
        if (!await account.CanSearchAsync(Folder, session.Cancellation))
        {
            throw PipelineFault.Environment(
                $"PostgreSQL 不以 root 运行，而账户 {account.Name} 进不去 {Folder}（它或某个上级文件夹只对 root 开放）。请用 --home 选择它能到达的文件夹，例如默认的 /var/lib/pipeline。",
                $"PostgreSQL does not run as root, and the account {account.Name} cannot reach {Folder} (it, or a folder above it, is open to root alone). Choose a folder that it can reach with --home, for example the default /var/lib/pipeline.");
        }
    }

    /// <summary>
    /// Keeps the database where the server account can reach it and notes the place in the home folder; keys, rules and all else stay
    /// there. A place that was used before is never used again: its database has another home's keys.
    /// </summary>
    private void MoveElsewhere(CommandSession session)
    {
        foreach (string folder in (string[])[Path.GetDirectoryName(Elsewhere)!, Elsewhere])
        {
            Directory.CreateDirectory(folder, OwnerOnly);
            File.SetUnixFileMode(folder, File.GetUnixFileMode(folder) | SearchByAll);
        }
        string name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Home)))[..12];
        string place = Path.Combine(Elsewhere, name);
        for (int i = 2; Directory.Exists(place); i++)
        {
            place = Path.Combine(Elsewhere, $"{name}-{i}");
        }
        Directory.CreateDirectory(place, OwnerOnly);
        File.SetUnixFileMode(place, OwnerOnly | SearchByAll);
        try
        {
            using FileStream note = new(LocationFile, FileMode.CreateNew, FileAccess.Write);
            note.Write(Encoding.UTF8.GetBytes(place + "\n"));
        }
        catch (IOException) when (File.Exists(LocationFile))
        {
            // Another starter was faster: its place is the home's.
            Directory.Delete(place);
            place = File.ReadAllText(LocationFile).Trim();
        }
        Directory.Delete(Folder);
        Folder = place;
        session.Notice(
            $"PostgreSQL 不以 root 运行，数据库的账户进不去 {Home}，因此数据库放在 {Folder}；密钥与其余内容仍在 {Home}。",
            $"PostgreSQL does not run as root and its account cannot reach {Home}, so the database is kept in {Folder}; keys and all else stay in {Home}.");
    }

    private async Task CreateAsync(CommandSession session, PostgresBinaries binaries, ServerAccount account)
    {
        if (Directory.Exists(DataFolder))
        {
            throw PipelineFault.Environment(
                $"{DataFolder} 存在，但不是 PostgreSQL 的数据文件夹（没有 PG_VERSION）。为免误删，什么都没有改动；请移走它，或用 --home 换一个数据目录。",
                $"{DataFolder} exists but is no data folder of PostgreSQL (there is no PG_VERSION). Nothing was changed, lest something be lost; move it away, or choose another folder with --home.");
        }
        DiskSpace.Require(Folder, CreationBytes, "创建数据库", "creating the database");
        session.Notice($"首次使用：正在 {Folder} 创建数据库……", $"First use: creating the database in {Folder} ...");
        RemoveLeftovers();

        // Never a name that was used before: an initdb whose starter was killed may still be writing its own folder.
        string mark = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4));
        string staging = $"{DataFolder}.new-{mark}";
        string password = $"{PasswordFile}.new-{mark}";
        await using (FileStream file = new(password, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = OwnerFile,
        }))
        {
            await file.WriteAsync(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24)).Select(digit => (byte)digit).ToArray(), session.Cancellation);
            file.Flush(flushToDisk: true);
        }
        Directory.CreateDirectory(staging, OwnerOnly);
        await account.GiveAsync(password, session.Cancellation);
        await account.GiveAsync(staging, session.Cancellation);
        string[] command =
        [
            binaries.Program("initdb"),
            "-D", staging,
            "-U", Owner,
            "-E", "UTF8",
            "--locale=C.UTF-8",
            "--data-checksums",
            "--auth-local=scram-sha-256",
            "--auth-host=reject",
            $"--pwfile={password}",
            .. _settings.IsDurable ? (string[])[] : ["--no-sync"],
        ];
        ProgramResult result = await ExternalProgram.RunAsync(account.Runs(command), binaries.Environment, session.Cancellation);
        if (result.ExitCode != 0)
        {
            RemoveLeftovers();
            throw PipelineFault.Environment(
                $"无法在 {Folder} 创建数据库：{result.LastLine}。请运行 'pipeline doctor'。",
                $"The database could not be created in {Folder}: {result.LastLine}. Run 'pipeline doctor'.");
        }
        await account.TakeBackAsync(password, session.Cancellation);
        WriteReserve();
        File.Move(password, PasswordFile, overwrite: true);
        Directory.Move(staging, DataFolder);
    }

    private void RemoveLeftovers()
    {
        foreach (string file in Directory.GetFiles(Folder, "password.new-*"))
        {
            File.Delete(file);
        }
        foreach (string folder in Directory.GetDirectories(Folder, "data.new-*"))
        {
            try
            {
                Directory.Delete(folder, recursive: true);
            }
            catch (IOException)
            {
                // An orphaned initdb still writes there; the folder is in nobody's way and goes at the next creation.
            }
        }
    }

    private void WriteReserve()
    {
        using FileStream reserve = new(ReserveFile, new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            UnixCreateMode = OwnerFile,
            PreallocationSize = ReserveBytes,
        });
        reserve.SetLength(ReserveBytes);
    }
}
