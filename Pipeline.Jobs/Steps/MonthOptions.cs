using System.CommandLine;
using Pipeline.Jobs.Shell;
using Pipeline.Models.Complaints;
using Pipeline.Reports;

namespace Pipeline.Jobs.Steps;

/// <summary>The options that commands about a month share, and how they are read.</summary>
internal static class MonthOptions
{
    public static Option<string> Month() => new("--month")
    {
        Description = "Reporting month, YYYY-MM / 报告月份",
        Required = true,
    };

    public static Option<string?> Source() => new("--source")
    {
        Description = "Source of the complaints, e.g. cn-bank (default: the one with most complaints in the month) / 数据来源",
    };

    public static Option<int?> Edition() => new("--edition")
    {
        Description = "Edition of the month (default: the one that counts what stands in the ledger) / 版次",
    };

    public static Option<string> Out() => new("--out")
    {
        Description = "Folder for the workbooks / 报表输出目录",
        DefaultValueFactory = _ => "out",
    };

    public static Option<string?> Reports() => new("--reports")
    {
        Description = $"Workbooks to write, by commas: {string.Join(',', WorkbookKinds.All)} (default: all of these); {WorkbookKinds.Disclosure}: the disclosure as a file to hand out / 报表种类；{WorkbookKinds.Disclosure} 为可对外的披露文件",
    };

    public static ReportingMonth ParseMonth(string text) => ReportingMonth.TryParse(text, out ReportingMonth month)
        ? month
        : throw PipelineFault.Usage(
            $"月份 '{text}' 无法识别，应为 YYYY-MM，例如 2026-10。", $"'{text}' is not a month; write YYYY-MM, for example 2026-10.");

    public static IReadOnlyList<string> ParseKinds(string? list)
    {
        if (list is null)
        {
            return WorkbookKinds.All;
        }
        string[] kinds = list.Split([',', '，', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        string[] unknown = [.. kinds.Except(WorkbookKinds.Known, StringComparer.Ordinal)];
        return unknown.Length == 0 && kinds.Length > 0
            ? [.. WorkbookKinds.Known.Where(kinds.Contains)]
            : throw PipelineFault.Usage(
                $"没有名为 '{string.Join(", ", unknown)}' 的报表，可选：{string.Join(", ", WorkbookKinds.Known)}。",
                $"There is no workbook called '{string.Join(", ", unknown)}'; choose from {string.Join(", ", WorkbookKinds.Known)}.");
    }
}
