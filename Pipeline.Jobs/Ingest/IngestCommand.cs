using System.CommandLine;
using System.Globalization;
using Pipeline.Jobs.Ingest.Profiles;
using Pipeline.Jobs.Ingest.Reading;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Store;
using Pipeline.Models.Text;

namespace Pipeline.Jobs.Ingest;

/// <summary><c>ingest PATH…</c>: export files into the complaint ledger.</summary>
public static class IngestCommand
{
    private static readonly Argument<string[]> Paths = new("PATH")
    {
        Description = "Files, folders or patterns: CSV, TSV, XLSX, XLS, and these in ZIP or GZ / 文件、文件夹或通配符",
        Arity = ArgumentArity.OneOrMore,
    };

    private static readonly Option<string?> ProfileOption = new("--profile") { Description = "Profile to read with (default: recognised from the header) / 指定配置" };

    private static readonly Option<string?> EncodingOption = new("--encoding") { Description = "Encoding, for example gb18030 (default: detected) / 指定编码" };

    private static readonly Option<string?> AsOfOption = new("--as-of")
    {
        Description = "Day on which the exports were made, yyyy-MM-dd (default: from each file name, else today) / 导出日",
    };

    private static readonly Option<bool> DryRunOption = new("--dry-run") { Description = "Say what would happen and change nothing / 只预演，不写入" };

    private static readonly Option<string?> MaxRejectedOption = new("--max-rejected")
    {
        Description = "Share of rejected rows above which a person must look (exit code 3), for example 5% or 0.05 / 允许的隔离比例",
    };

    private static readonly Option<bool> SuggestOption = new("--suggest-profile")
    {
        Description = "Write a first profile for the file into the current folder, to be edited / 生成配置初稿",
    };

    public static Command Create() =>
        new Command("ingest", """
            Reads complaint exports into the ledger; the same file again does nothing / 导入投诉导出文件，重复导入不产生任何变化
            Example: pipeline ingest exports/ --max-rejected 2%
            Example: pipeline ingest 2026-10.csv --dry-run --json
            """)
        {
            Paths,
            ProfileOption,
            EncodingOption,
            AsOfOption,
            DryRunOption,
            MaxRejectedOption,
            SuggestOption,
        }.Runs(RunAsync);

    private static async Task<int> RunAsync(ParseResult parsed, CommandSession session)
    {
        IngestOptions options = new(
            parsed.GetValue(Paths) ?? [],
            parsed.GetValue(ProfileOption),
            parsed.GetValue(EncodingOption),
            Day(parsed.GetValue(AsOfOption)),
            parsed.GetValue(DryRunOption),
            Share(parsed.GetValue(MaxRejectedOption)));
        if (parsed.GetValue(SuggestOption))
        {
            return ProfileSuggestion.Run(session, options);
        }
        await using Database database = await Database.OpenAsync(session);
        IngestResult result = await IngestReport.WithProgressAsync(session, tell => IngestFiles.RunAsync(session, database, options, tell));
        IngestReport.Print(session, result);
        return result.ExitCode;
    }

    private static DateOnly? Day(string? text)
    {
        if (text is null)
        {
            return null;
        }
        return DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day)
            ? day
            : throw PipelineFault.Usage($"--as-of 需要形如 2026-11-05 的日期，收到 '{text}'。", $"--as-of takes a date such as 2026-11-05, not '{text}'.");
    }

    /// <summary>5%, 5.5% or a share between 0 and 1.</summary>
    private static double? Share(string? text)
    {
        if (text is null)
        {
            return null;
        }
        bool percent = text.EndsWith('%');
        return double.TryParse(percent ? text[..^1] : text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value)
            && (percent ? value / 100 : value) is >= 0 and <= 1 and double share
            ? share
            : throw PipelineFault.Usage(
                $"--max-rejected 需要 0% 到 100% 之间的比例，例如 5% 或 0.05，收到 '{text}'。",
                $"--max-rejected takes a share from 0% to 100%, such as 5% or 0.05, not '{text}'.");
    }
}
