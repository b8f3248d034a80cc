using System.CommandLine;
using System.Security.Cryptography;
using System.Text.Json;
using Npgsql;
using Pipeline.Models.Text;

namespace Pipeline.Jobs.Shell;

/// <summary>The options that every command has, and the one way from a parsed command line to a command's work.</summary>
public static class CommandLine
{
    public static readonly Option<string?> Home = new("--home")
    {
        Description = "Folder of the database, keys and logs (default: PIPELINE_HOME, else the user's data folder) / 数据目录",
        Recursive = true,
    };

    public static readonly Option<bool> Json = new("--json")
    {
        Description = "One JSON document on standard output / 以 JSON 输出结果",
        Recursive = true,
    };

    public static readonly Option<string?> Lang = new("--lang")
    {
        Description = "zh or en (default: the locale's) / 语言",
        Recursive = true,
    };

    /// <summary>Binds <paramref name="work"/> to <paramref name="command"/>: faults become messages and exit codes, Ctrl-C becomes cancellation.</summary>
    public static Command Runs(this Command command, Func<ParseResult, CommandSession, Task<int>> work)
    {
        command.SetAction(async (parsed, cancellation) =>
        {
            CommandSession? session = null;
            try
            {
                session = Session(parsed, cancellation);
                return await work(parsed, session);
            }
            catch (PipelineFault fault)
            {
                Language language = session?.Language ?? Locale();
                Console.Error.WriteLine(fault.Text.In(language));
                return fault.ExitCode;
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                Console.Error.WriteLine(session?.Say("已中断，未留下半成品。", "Stopped; nothing is half done."));
                return ExitCodes.Failed;
            }
            catch (NpgsqlException fault)
            {
                string state = (fault as PostgresException)?.SqlState ?? "-";
                Console.Error.WriteLine(session?.Say(
                    $"数据库失败（SQLSTATE {state}）：{fault.Message}。未留下半成品；运行 pipeline doctor 查看原因。",
                    $"The database failed (SQLSTATE {state}): {fault.Message}. Nothing is half done; run 'pipeline doctor' to see why."));
                return ExitCodes.EnvironmentFailed;
            }
            catch (CryptographicException)
            {
                Console.Error.WriteLine(session?.Say(
                    "一个加密的值无法打开：数据被改动，或密钥不对。未留下半成品；运行 pipeline doctor，必要时从备份恢复。",
                    "A sealed value does not open: it was altered, or the key is another one. Nothing is half done; run 'pipeline doctor', and restore a backup if need be."));
                return ExitCodes.Failed;
            }
            catch (Exception fault) when (fault is InvalidDataException or JsonException)
            {
                Console.Error.WriteLine(session?.Say(
                    $"一个规则文件或保存的数据不符合要求：{fault.Message}。改正 {session.Home}/rules 或 profiles 中的文件后重试。",
                    $"A rule file or kept data are not as expected: {fault.Message}. Mend the file in {session.Home}/rules or profiles, then run it again."));
                return ExitCodes.Failed;
            }
            catch (UnauthorizedAccessException fault)
            {
                string reason = fault.Message.TrimEnd('.');
                Console.Error.WriteLine(session?.Say(
                    $"没有权限：{reason}。请给当前用户相应的权限后重试。",
                    $"No right: {reason}. Give this user the right to it, then run it again."));
                return ExitCodes.EnvironmentFailed;
            }
            catch (ArgumentOutOfRangeException fault) when (fault.TargetSite?.DeclaringType == typeof(RandomAccess))
            {
                // So the framework names a file that outgrew its file system (4 GB on many a stick) or this user's limit.
                Console.Error.WriteLine(session?.Say(
                    "写出的文件超过了磁盘格式或用户限额允许的大小。未留下半成品；请换一个文件夹或磁盘后重试。",
                    "A file grew past what the disk's format or this user's limit allows. Nothing is half done; choose another folder or disk, then run it again."));
                return ExitCodes.EnvironmentFailed;
            }
            catch (IOException fault)
            {
                string reason = fault.Message.TrimEnd('.');
                Console.Error.WriteLine(session?.Say(
                    $"读写失败：{reason}。检查权限与磁盘空间后重试。",
                    $"Reading or writing failed: {reason}. Check the rights and the free space, then run it again."));
                return ExitCodes.EnvironmentFailed;
            }
        });
        return command;
    }

    private static CommandSession Session(ParseResult parsed, CancellationToken cancellation)
    {
        Language language = parsed.GetValue(Lang) switch
        {
            null => Locale(),
            "zh" => Language.Zh,
            "en" => Language.En,
            string other => throw PipelineFault.Usage($"--lang 只能是 zh 或 en，收到 '{other}'。", $"--lang takes zh or en, not '{other}'."),
        };
        return new CommandSession(
            HomeFolder(parsed.GetValue(Home)), language, parsed.GetValue(Json), TimeProvider.System, Console.Out, Console.Error, cancellation)
        {
            Server = Environment.GetEnvironmentVariable("PIPELINE_DATABASE") is { } server && !string.IsNullOrWhiteSpace(server) ? server : null,
        };
    }

    /// <summary>
    /// Where the program keeps everything: the option, else PIPELINE_HOME, else the user's data folder. For root that is
    /// /var/lib/pipeline, because the unprivileged server account cannot reach root's own home.
    /// </summary>
    public static string HomeFolder(string? option)
    {
        string? chosen = option ?? Environment.GetEnvironmentVariable("PIPELINE_HOME");
        if (!string.IsNullOrWhiteSpace(chosen))
        {
            return Path.GetFullPath(chosen);
        }
        if (Environment.IsPrivilegedProcess && !OperatingSystem.IsWindows())
        {
            return "/var/lib/pipeline";
        }
        string data = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return Path.Combine(data, "pipeline");
    }

    private static Language Locale()
    {
        foreach (string name in (string[])["LC_ALL", "LC_MESSAGES", "LANG"])
        {
            if (Environment.GetEnvironmentVariable(name) is { Length: > 0 } locale)
            {
                return locale.StartsWith("zh", StringComparison.OrdinalIgnoreCase) ? Language.Zh : Language.En;
            }
        }
        return Language.En;
    }
}
