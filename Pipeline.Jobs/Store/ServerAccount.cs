using System.Runtime.Versioning;
using Pipeline.Jobs.Shell;

namespace Pipeline.Jobs.Store;

/// <summary>
/// The account that the server runs under. PostgreSQL refuses root, so root hands the data folder to <c>postgres</c> where that
/// account exists, else to <c>nobody</c>; every other user runs the server as himself.
/// </summary>
[UnsupportedOSPlatform("windows")]
internal sealed record ServerAccount(string? Name, string Owner)
{
    private static readonly Dictionary<string, string> NoEnvironment = [];

    public static ServerAccount Current()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return new ServerAccount(null, "");
        }
        string[][] accounts = [.. File.ReadLines("/etc/passwd").Select(line => line.Split(':')).Where(fields => fields.Length >= 4)];
        string[] chosen = accounts.FirstOrDefault(fields => fields[0] == "postgres")
            ?? accounts.FirstOrDefault(fields => fields[0] == "nobody")
            ?? throw PipelineFault.Environment(
                "本机没有 postgres 或 nobody 账户，而 PostgreSQL 不能以 root 运行。请用普通用户运行，或先执行 useradd --system postgres。",
                "This machine has neither an account postgres nor nobody, and PostgreSQL refuses to run as root. Run as an ordinary user, or do 'useradd --system postgres' first.");
        return new ServerAccount(chosen[0], $"{chosen[2]}:{chosen[3]}");
    }

    public bool IsOther => Name is not null;

    /// <summary>The command as this account runs it.</summary>
    public IReadOnlyList<string> Runs(params IEnumerable<string> command) => Name is null
        ? [.. command]
        : ["setpriv", $"--reuid={Owner.Split(':')[0]}", $"--regid={Owner.Split(':')[1]}", "--clear-groups", "--", .. command];

    /// <summary>Gives a file or folder (not what is in it) to the account.</summary>
    public Task GiveAsync(string path, CancellationToken cancellation) => ChangeOwnerAsync(path, Owner, cancellation);

    /// <summary>Takes a file back, so that the server account cannot read it.</summary>
    public Task TakeBackAsync(string path, CancellationToken cancellation) => ChangeOwnerAsync(path, "0:0", cancellation);

    public async Task<bool> CanSearchAsync(string folder, CancellationToken cancellation) =>
        !IsOther || (await ExternalProgram.RunAsync(Runs("test", "-x", folder), NoEnvironment, cancellation)).ExitCode == 0;

    private async Task ChangeOwnerAsync(string path, string owner, CancellationToken cancellation)
    {
        if (!IsOther)
        {
            return;
        }
        ProgramResult result = await ExternalProgram.RunAsync(["chown", "-h", owner, path], NoEnvironment, cancellation);
        if (result.ExitCode != 0)
        {
            throw PipelineFault.Environment(
                $"无法把 {path} 交给账户 {owner}：{result.LastLine}。请用 --home 换到本机磁盘上的文件夹。",
                $"{path} could not be given to the account {owner}: {result.LastLine}. Choose a folder on a local disk with --home.");
        }
    }
}
