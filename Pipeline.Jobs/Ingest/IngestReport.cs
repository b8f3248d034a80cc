using Pipeline.Jobs.Ingest.Ledger;
using Pipeline.Jobs.Shell;
using Pipeline.Models.Text;
using Spectre.Console;

namespace Pipeline.Jobs.Ingest;

/// <summary>What an ingest says: progress while it runs, then a table or a JSON document.</summary>
public static class IngestReport
{
    private const int PlainWidth = 160;

    /// <summary>Runs <paramref name="work"/> with a progress bar on standard error where that is a terminal.</summary>
    public static async Task<IngestResult> WithProgressAsync(CommandSession session, Func<Action<IngestProgress>?, Task<IngestResult>> work)
    {
        IAnsiConsole console = session.Console;
        if (!console.Profile.Capabilities.Interactive)
        {
            return await work(null);
        }
        return await console.Progress().AutoClear(true).StartAsync(async context =>
        {
            ProgressTask task = context.AddTask(session.Say("导入", "ingest"));
            return await work(progress =>
            {
                // How many rows a file has is not known before its end: of one file only the rows done can be told.
                task.IsIndeterminate = progress.Files == 1;
                task.MaxValue = progress.Files;
                task.Value = progress.Index;
                task.Description = Markup.Escape($"{progress.Index + 1}/{progress.Files} {Path.GetFileName(progress.Path)} {progress.Rows:N0}");
            });
        });
    }

    public static void Print(CommandSession session, IngestResult result)
    {
        if (session.Json)
        {
            Dictionary<string, object> document = new() { ["files"] = result.Files.Select(f => Row(f, session.Language)) };
            if (result.Files.FirstOrDefault(f => f.Outcome == FileOutcome.Failed) is { } first)
            {
                int failed = result.Files.Count(f => f.Outcome == FileOutcome.Failed);
                document["error"] = FaultReport.Body(
                    PipelineFault.Failed(
                        $"{result.Files.Count} 个文件中有 {failed} 个未能导入。{first.Path}：{first.Error?.Zh}",
                        $"{failed} of {result.Files.Count} files could not be taken. {first.Path}: {first.Error?.En}",
                        place: new FaultPlace(first.Path)),
                    session.Language);
            }
            session.Document(document);
        }
        else
        {
            PrintTable(session, result);
        }
        Notices(session, result);
    }

    /// <summary>What a person should know of each file, on standard error.</summary>
    public static void Notices(CommandSession session, IngestResult result)
    {
        foreach (FileResult file in result.Files)
        {
            if (file.Error is Bilingual error)
            {
                session.Notice($"{file.Path}：{error.Zh}", $"{file.Path}: {error.En}");
            }
            foreach (Bilingual notice in file.Notices)
            {
                session.Notice($"{file.Path}：{notice.Zh}", $"{file.Path}: {notice.En}");
            }
            if (file.Outcome != FileOutcome.AlreadyIngested && file.RejectedShare > result.MaxRejectedShare)
            {
                bool trial = file.Outcome == FileOutcome.DryRun;
                session.Notice(
                    $"{file.Path}：{file.Counts.Rejected} 行{(trial ? "将被" : "被")}隔离（{file.RejectedShare:P1}，允许 {result.MaxRejectedShare:P1}）。{(trial ? "什么都没有写入" : "运行 pipeline quarantine list 查看")}。",
                    $"{file.Path}: {English.Count(file.Counts.Rejected, "row")} {(trial ? "would be" : file.Counts.Rejected == 1 ? "is" : "are")} in quarantine ({file.RejectedShare:P1}, allowed {result.MaxRejectedShare:P1}). {(trial ? "Nothing was written." : "Run 'pipeline quarantine list' to see them.")}");
            }
        }
    }

    /// <summary>The counts of a file as every JSON document states them; the names are a contract.</summary>
    internal static IEnumerable<KeyValuePair<string, object?>> CountsDocument(LoadCounts counts) =>
    [
        new("read", counts.Read),
        new("new", counts.New),
        new("updated", counts.Updated),
        new("unchanged", counts.Unchanged),
        new("duplicate", counts.Duplicate),
        new("rejected", counts.Rejected),
        new("warnings", counts.Warnings),
        new("late", counts.Late),
        new("skipped", counts.Skipped),
    ];

    /// <summary>A file as the JSON document of an ingest states it; the names are a contract.</summary>
    private static Dictionary<string, object?> Row(FileResult file, Language language) => new(
    [
        new("path", file.Path),
        new("sha256", file.Sha256),
        new("offered_sha256", file.OfferedSha256),
        new("profile", file.Profile),
        new("encoding", file.Encoding),
        .. CountsDocument(file.Counts),
        new("seconds", Math.Round(file.Seconds, 3)),
        new("bytes", file.Bytes),
        new("state", State(file.Outcome)),
        new("file_id", file.Outcome == FileOutcome.DryRun ? null : file.FileId),
        new("as_of", file.AsOf),
        new("cleaned", file.Repairs),
        new("notices", file.Notices.Select(n => n.In(language))),
        new("error", file.Error?.In(language)),
    ]);

    private static string State(FileOutcome outcome) => outcome switch
    {
        FileOutcome.Ingested => "ingested",
        FileOutcome.DryRun => "dry_run",
        FileOutcome.AlreadyIngested => "already_ingested",
        _ => "failed",
    };

    private static void PrintTable(CommandSession session, IngestResult result)
    {
        Table table = new Table().Border(TableBorder.Simple);
        table.AddColumn(session.Say("文件", "File"));
        foreach (string header in (string[])
            [session.Say("导出日", "As of"), session.Say("配置", "Profile"), session.Say("编码", "Encoding")])
        {
            table.AddColumn(header);
        }
        foreach (string header in (string[])
        [
            session.Say("读取", "Read"), session.Say("新增", "New"), session.Say("更新", "Updated"), session.Say("未变", "Unchanged"),
            session.Say("重复", "Duplicate"), session.Say("隔离", "Rejected"), session.Say("警告", "Warnings"), session.Say("秒", "Seconds"),
        ])
        {
            table.AddColumn(new TableColumn(header).RightAligned());
        }
        table.AddColumn(session.Say("结果", "Outcome"));
        LoadCounts total = default;
        foreach (FileResult file in result.Files)
        {
            total += file.Counts;
            table.AddRow(Cells(Path.GetFileName(file.Path), file.AsOf, file.Profile, file.Encoding, file.Counts, file.Seconds, Words(session, file.Outcome)));
        }
        if (result.Files.Count > 1)
        {
            table.AddEmptyRow();
            table.AddRow(Cells(session.Say("合计", "Total"), null, null, null, total, result.Files.Sum(f => f.Seconds), ""));
        }
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(session.Output),
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
        });
        console.Profile.Width = PlainWidth;
        console.Write(table);
    }

    private static Markup[] Cells(string name, DateOnly? asOf, string? profile, string? encoding, LoadCounts counts, double seconds, string outcome) =>
    [
        .. ((string[])
        [
            name, asOf?.ToString("yyyy-MM-dd") ?? "", profile ?? "", encoding ?? "", $"{counts.Read:N0}", $"{counts.New:N0}", $"{counts.Updated:N0}",
            $"{counts.Unchanged:N0}", $"{counts.Duplicate:N0}", $"{counts.Rejected:N0}", $"{counts.Warnings:N0}", $"{seconds:0.00}", outcome,
        ]).Select(text => new Markup(Markup.Escape(text))),
    ];

    private static string Words(CommandSession session, FileOutcome outcome) => outcome switch
    {
        FileOutcome.Ingested => session.Say("已导入", "ingested"),
        FileOutcome.DryRun => session.Say("预演，未写入", "dry run, nothing written"),
        FileOutcome.AlreadyIngested => session.Say("已导入过，未做任何事", "already ingested, nothing done"),
        _ => session.Say("失败", "failed"),
    };
}
