using System.Globalization;
using System.Runtime.Versioning;
using Pipeline.Jobs.Shell;

namespace Pipeline.Jobs.Store;

/// <summary>The programs of one PostgreSQL version.</summary>
/// <param name="Folder">Holds initdb, postgres, pg_ctl, pg_dump, pg_restore.</param>
/// <param name="Major">Major version, for example 15.</param>
[UnsupportedOSPlatform("windows")]
public sealed record PostgresBinaries(string Folder, int Major)
{
    private const string Override = "PIPELINE_PG_BIN";
    private const string SystemRoot = "/";

    public string Program(string name) => Path.Combine(Folder, name);

    /// <summary>Where packages unpacked beside the data are found again.</summary>
    public static string UnpackedRoot(string home) => Path.Combine(home, "postgresql");

    /// <summary>Unpacked packages find their own libraries through this; installed ones need nothing.</summary>
    public IReadOnlyDictionary<string, string> Environment => Libraries(Folder);

    /// <param name="wantedMajor">The version that an existing data folder asks for; null: the newest.</param>
    /// <returns>Null where the machine has none.</returns>
    /// <exception cref="PipelineFault">PIPELINE_PG_BIN names a folder without the server's programs.</exception>
    public static async Task<PostgresBinaries?> FindAsync(string home, int? wantedMajor, CancellationToken cancellation)
    {
        if (System.Environment.GetEnvironmentVariable(Override) is { Length: > 0 } chosen)
        {
            return HasServer(chosen)
                ? await AtAsync(chosen, cancellation)
                : throw PipelineFault.Environment(
                    $"{Override} 指向 {chosen}，但其中没有 initdb 与 postgres。请改为类似 /usr/lib/postgresql/15/bin 的文件夹，或取消该变量。",
                    $"{Override} names {chosen}, which holds no initdb and postgres. Set it to a folder such as /usr/lib/postgresql/15/bin, or unset it.");
        }
        List<PostgresBinaries> found = [];
        foreach (string folder in Candidates(home).Where(HasServer))
        {
            found.Add(await AtAsync(folder, cancellation));
        }
        return found.FirstOrDefault(binaries => binaries.Major == wantedMajor) ?? found.MaxBy(binaries => binaries.Major);
    }

    /// <summary>As <see cref="FindAsync"/>, and where there is none, installs it from the Debian packages.</summary>
    public static async Task<PostgresBinaries> FindOrInstallAsync(CommandSession session, string home, int? wantedMajor)
    {
        if (await FindAsync(home, wantedMajor, session.Cancellation) is { } present)
        {
            return present;
        }
        session.Notice("本机没有 PostgreSQL，正在从 Debian 软件源安装（只需一次）……", "This machine has no PostgreSQL: installing it from Debian's packages (once) ...");
        string script = await PostgresInstall.ScriptAsync();
        ProgramResult result = await ExternalProgram.RunAsync(
            ["sh", "-s", "--", UnpackedRoot(home)], new Dictionary<string, string>(), session.Cancellation, script, session.Error.WriteLine);
        return result.ExitCode == 0 && await FindAsync(home, wantedMajor, session.Cancellation) is { } installed
            ? installed
            : throw PipelineFault.Environment(
                $"没有 PostgreSQL，自动安装也未成功：{result.LastLine}。请安装软件包 postgresql（Debian：sudo apt-get install postgresql），或把 {Override} 指向它的 bin 文件夹，或把 PIPELINE_DATABASE 指向一台服务器。",
                $"There is no PostgreSQL here and installing it failed: {result.LastLine}. Install the package postgresql (Debian: sudo apt-get install postgresql), or set {Override} to its bin folder, or PIPELINE_DATABASE to a server.");
    }

    private static bool HasServer(string folder) =>
        File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "postgres"));

    private static IEnumerable<string> Candidates(string home)
    {
        foreach (string versions in (string[])["/usr/lib/postgresql", Path.Combine(UnpackedRoot(home), "usr/lib/postgresql")])
        {
            if (Directory.Exists(versions))
            {
                foreach (string version in Directory.GetDirectories(versions).Order(StringComparer.Ordinal))
                {
                    yield return Path.Combine(version, "bin");
                }
            }
        }
        foreach (string folder in (System.Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries))
        {
            yield return folder;
        }
    }

    private static async Task<PostgresBinaries> AtAsync(string folder, CancellationToken cancellation)
    {
        // /usr/lib/postgresql/15/bin says its version itself; asking the program costs some milliseconds.
        string named = Path.GetFileName(Path.GetDirectoryName(folder) ?? "");
        if (int.TryParse(named, NumberStyles.None, CultureInfo.InvariantCulture, out int major))
        {
            return new PostgresBinaries(folder, major);
        }
        ProgramResult result = await ExternalProgram.RunAsync([Path.Combine(folder, "postgres"), "--version"], Libraries(folder), cancellation);
        // "postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)"
        string version = result.Text.Split(' ').ElementAtOrDefault(2) ?? "";
        return int.TryParse(version.Split('.')[0].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out major)
            ? new PostgresBinaries(folder, major)
            : throw PipelineFault.Environment(
                $"{folder}/postgres 无法运行：{result.LastLine}。请重新安装软件包 postgresql。",
                $"{folder}/postgres does not run: {result.LastLine}. Install the package postgresql again.");
    }

    private static Dictionary<string, string> Libraries(string folder)
    {
        int at = folder.IndexOf("/usr/lib/postgresql/", StringComparison.Ordinal);
        string root = at > 0 ? folder[..at] : SystemRoot;
        if (root == SystemRoot)
        {
            return [];
        }
        IEnumerable<string> folders = ((string[])["usr/lib", "lib"])
            .Select(part => Path.Combine(root, part))
            .Where(Directory.Exists)
            .SelectMany(part => Directory.GetDirectories(part, "*-linux-gnu*"));
        return new Dictionary<string, string> { ["LD_LIBRARY_PATH"] = string.Join(':', folders) };
    }
}
