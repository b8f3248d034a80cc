using System.CommandLine;
using System.CommandLine.Parsing;
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

    /// <value>The options above.</value>
    public static IReadOnlyList<Option> OfEveryCommand => [Home, Json, Lang];

    /// <summary>Binds <paramref name="work"/> to <paramref name="command"/>: faults become messages and exit codes, Ctrl-C becomes cancellation.</summary>
    public static Command Runs(this Command command, Func<ParseResult, CommandSession, Task<int>> work)
    {
        command.SetAction(async (parsed, cancellation) =>
        {
            CommandSession session = Session(parsed, cancellation);
            try
            {
                RequireLanguage(parsed);
                return await work(parsed, session);
            }
            catch (Exception fault) when (FaultReport.Explain(fault, session.Home, cancellation.IsCancellationRequested) is { } told)
            {
                session.Error.WriteLine(told.Text.In(session.Language));
                FaultReport.Document(told, session);
                return told.ExitCode;
            }
            catch (Exception bug)
            {
                // The program's own fault: the trace goes to standard error, and whoever reads the document learns that it failed.
                FaultReport.Document(
                    PipelineFault.Failed($"程序错误：{bug.GetType().Name}。详情见标准错误输出。", $"A fault of the program: {bug.GetType().Name}. The details are on standard error."),
                    session);
                throw;
            }
        });
        return command;
    }

    /// <summary>
    /// Runs the command that <paramref name="arguments"/> name. A call that cannot be parsed is told on standard error, and with
    /// <c>--json</c> in the document.
    /// </summary>
    /// <param name="streams">Where to write; null: the console.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> InvokeAsync(RootCommand root, IReadOnlyList<string> arguments, InvocationConfiguration? streams = null)
    {
        ParseResult parsed = root.Parse(arguments);
        // A node that is told to stop hands its tasks back; what it is in the middle of may take some seconds to end.
        InvocationConfiguration writers = streams ?? new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(30) };
        string[] unknown = [.. UnknownOptions(parsed)];
        if (parsed.Errors.Count == 0 && unknown.Length == 0)
        {
            return await parsed.InvokeAsync(writers);
        }
        bool json = arguments.Contains(Json.Name);
        if (!json && parsed.CommandResult.Command.Action is null && unknown.Length == 0 && parsed.UnmatchedTokens.Count == 0)
        {
            // A command that others stand under, and nothing else: its help is the answer.
            await parsed.InvokeAsync(writers);
            return ExitCodes.WrongUsage;
        }
        int at = arguments.ToList().IndexOf(Lang.Name);
        Language language = LanguageOf(at >= 0 && at + 1 < arguments.Count ? arguments[at + 1] : null) ?? Locale();
        PipelineFault fault = CallFault.Of(parsed, unknown);
        await writers.Error.WriteLineAsync(fault.Text.In(language));
        FaultReport.Document(fault, new CommandSession("", language, json, TimeProvider.System, writers.Output, writers.Error, default));
        return fault.ExitCode;
    }

    /// <summary>
    /// Mistyped options that a command's own argument has swallowed: <c>ingest --dry-rn x.csv</c> must not take a file of that name. After
    /// a bare <c>--</c> everything is an argument.
    /// </summary>
    private static IEnumerable<string> UnknownOptions(ParseResult parsed) => parsed.Tokens.Any(t => t.Type == TokenType.DoubleDash)
        ? []
        : parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(a => a.Tokens).Select(t => t.Value)
            .Where(v => v.StartsWith("--", StringComparison.Ordinal));

    private static CommandSession Session(ParseResult parsed, CancellationToken cancellation) => new(
        HomeFolder(parsed.GetValue(Home)), LanguageOf(parsed.GetValue(Lang)) ?? Locale(), parsed.GetValue(Json), TimeProvider.System,
        parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error, cancellation)
    {
        Server = Environment.GetEnvironmentVariable("PIPELINE_DATABASE") is { } server && !string.IsNullOrWhiteSpace(server) ? server : null,
    };

    private static void RequireLanguage(ParseResult parsed)
    {
        if (parsed.GetValue(Lang) is { } name && LanguageOf(name) is null)
        {
            throw PipelineFault.Usage($"--lang 只能是 zh 或 en，收到 '{name}'。", $"--lang takes zh or en, not '{name}'.");
        }
    }

    private static Language? LanguageOf(string? name) => name switch
    {
        "zh" => Language.Zh,
        "en" => Language.En,
        _ => null,
    };

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
