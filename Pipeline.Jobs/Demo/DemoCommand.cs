using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Npgsql;
using Pipeline.Jobs.Ingest;
using Pipeline.Jobs.Privacy;
using Pipeline.Jobs.Regulatory;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Steps;
using Pipeline.Jobs.Store;
using Pipeline.Models.Complaints;
using Pipeline.Models.Measures;
using Pipeline.Reports;

namespace Pipeline.Jobs.Demo;

/// <summary><c>demo</c>: two years of an invented bank and a small US sample, from exports to workbooks.</summary>
internal static class DemoCommand
{
    public static Command Create()
    {
        Option<string> output = new("--out")
        {
            Description = "Folder for the workbooks / 报表输出目录",
            DefaultValueFactory = _ => Path.Combine("out", "demo"),
        };
        return new Command(
            "demo",
            "The whole road on the sample data: exports in, 24 months of figures and the last month's workbooks out / 用样例数据走完全程\n  e.g. pipeline demo --out out/demo --lang en")
        {
            output,
        }.Runs((parsed, session) => RunAsync(parsed.GetValue(output)!, session));
    }

    private static readonly DateOnly EnglishSampleMade = new(2026, 11, 5);

    private static async Task<int> RunAsync(string output, CommandSession session)
    {
        string samples = Samples(session);
        // A ledger of its own: the samples never mix with the office's data.
        CommandSession demo = session with { Home = Path.Combine(session.Home, "demo") };
        long started = Stopwatch.GetTimestamp();
        await using Database database = await Database.OpenAsync(demo);
        KeyRing keys = KeyRing.Open(demo.Home);
        await RefuseForeignLedgerAsync(database, samples, demo);

        await IngestStep.RunAsync(database, [Path.Combine(samples, "cn-bank", "exports")], demo);
        // Its name states no day, and a file without one is of the day on which it is taken: figures would change with the calendar.
        await IngestStep.RunAsync(database, [Path.Combine(samples, "en-sample", "complaints.csv")], demo, EnglishSampleMade);

        await AtomicFile.WriteAsync(
            DenominatorFiles.PathOf(demo.Home, "cn-bank"), await File.ReadAllBytesAsync(Path.Combine(samples, "cn-bank", "denominators.csv"), demo.Cancellation), demo.Cancellation);

        List<LedgerMonth> months;
        await using (NpgsqlConnection connection = await database.Source.OpenConnectionAsync(demo.Cancellation))
        {
            months = [.. await LedgerMonths.ListAsync(connection, null, demo.Cancellation)];
        }
        List<RunResult> last = [];
        await Progress.RunAsync(demo, months, m => $"{m.Month} {m.Source}", async month =>
        {
            bool newest = months.Last(m => m.Source == month.Source) == month;
            string? folder = newest ? Path.Combine(output, month.Source) : null;
            RunResult result = await new MonthRun(database, keys, demo)
                .ExecuteAsync(new RunRequest(month.Month, month.Source, folder, WorkbookKinds.All, ReplacesOthers: true));
            if (newest)
            {
                last.Add(result);
            }
        });
        Tell(months, last, Stopwatch.GetElapsedTime(started), session);
        if (demo.Server is null)
        {
            MonthReport bank = last.OrderByDescending(r => r.Report.Cases.Count).First().Report;
            session.Line(
                $"样例数据在单独的数据目录中，接着查看时请带上它，例如：pipeline figures --month {bank.Month} --source {bank.Source} --home {demo.Home}（停库：pipeline db stop --home {demo.Home}）",
                $"The samples are in a home folder of their own; name it to look further: pipeline figures --month {bank.Month} --source {bank.Source} --home {demo.Home} (and to stop its database: pipeline db stop --home {demo.Home})");
        }
        return ExitCodes.Done;
    }

    private static void Tell(List<LedgerMonth> months, List<RunResult> last, TimeSpan taken, CommandSession session)
    {
        double seconds = Math.Round(taken.TotalSeconds, 1);
        session.Document(new
        {
            Months = months.Select(m => new { m.Source, Month = m.Month.ToString(), m.Complaints }),
            Seconds = seconds,
            Runs = last.Select(r => new
            {
                r.Report.Source,
                Month = r.Report.Month.ToString(),
                r.Report.Lineage.RunId,
                Figures = r.Report.Figures.Count,
                Quarantined = r.Report.Quality.Quarantine.Count,
                r.Workbooks,
            }),
        });
        string time = seconds.ToString("0.0", CultureInfo.InvariantCulture);
        foreach (RunResult result in last.OrderByDescending(r => r.Report.Cases.Count))
        {
            MonthReport report = result.Report;
            FigureSet figures = new(report.Figures);
            string Value(string measure) => figures.Of(measure, report.Month).Value?.ToString("0", CultureInfo.InvariantCulture) ?? "–";
            string Percent(string measure) =>
                figures.Of(measure, report.Month).Value?.ToString("0.0%", CultureInfo.InvariantCulture) ?? "–";
            int of = months.Count(m => m.Source == report.Source);
            long all = months.Where(m => m.Source == report.Source).Sum(m => m.Complaints);
            session.Line(
                $"\n{report.Source}：{of} 个月、{all:#,##0} 件投诉，每月 {report.Figures.Count:#,##0} 个指标；最近月份 {report.Month}",
                $"\n{report.Source}: {of} months, {all:#,##0} complaints, {report.Figures.Count:#,##0} figures a month; newest month {report.Month}");
            session.Line(
                $"  投诉 {Value("complaints")} 件（合并重复后 {Value("after_merging")}），重复 {Value("repeat_90")}（{Percent("repeat_rate_90")}），升级 {Value("escalated")}，扬言升级 {Value("threats")}，监管转办 {Value("regulator_transfers")}，及时办结率 {Percent("on_time_rate")}",
                $"  {Value("complaints")} complaints ({Value("after_merging")} after merging), {Value("repeat_90")} repeats ({Percent("repeat_rate_90")}), {Value("escalated")} escalated, {Value("threats")} with threats, {Value("regulator_transfers")} from regulators, {Percent("on_time_rate")} closed on time");
            session.Line(
                $"  隔离 {report.Quality.Quarantine.Count} 行，{Value("with_warning")} 件含数据警告，{Value("needs_review")} 件预测待复核",
                $"  {report.Quality.Quarantine.Count} rows in quarantine, {Value("with_warning")} complaints with warnings, {Value("needs_review")} predictions to review");
            foreach (PublishedWorkbook workbook in result.Workbooks)
            {
                session.Line($"  {workbook.Path}", $"  {workbook.Path}");
            }
        }
        PublishedWorkbook? first = last.OrderByDescending(r => months.Where(m => m.Source == r.Report.Source).Sum(m => m.Complaints)).SelectMany(r => r.Workbooks).FirstOrDefault(w => w.Kind == WorkbookKinds.Trend);
        session.Line(
            $"\n两个来源的数字各自独立，互不相加。用时 {time} 秒。先看趋势报表首页：{first?.Path}；每个数字的来路在各簿的“指标”页。",
            $"\nThe figures of each source stand alone and are never added up. Done in {time} s. Open the trend workbook first: {first?.Path}; where each number comes from stands in each workbook's figures sheet.");
    }

    /// <summary>With a server of the user's, the demo only works where nothing but the samples stands: files are known by their content.</summary>
    private static async Task RefuseForeignLedgerAsync(Database database, string samples, CommandSession session)
    {
        HashSet<string> hashes = new(StringComparer.Ordinal);
        foreach (string file in Directory.EnumerateFiles(samples, "*", SearchOption.AllDirectories))
        {
            hashes.Add(await OfferedTables.OfferedHashAsync(file, session.Cancellation));
        }
        await using NpgsqlCommand command = database.Source.CreateCommand("select offered_sha256 from source_file where state = 'ingested' and offered_sha256 is not null");
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(session.Cancellation);
        while (await row.ReadAsync(session.Cancellation))
        {
            if (!hashes.Contains(row.GetString(0)))
            {
                throw PipelineFault.Usage(
                    "该数据库已有正式数据，演示不会混入。取消 PIPELINE_DATABASE 或换一个空库再运行 demo。",
                    "This database holds data of the office; the demo would mix with it. Unset PIPELINE_DATABASE or name an empty database, then run the demo again.");
            }
        }
    }

    /// <summary>The folder data-samples of the checkout that the program was built in.</summary>
    private static string Samples(CommandSession session)
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string samples = Path.Combine(folder.FullName, "data-samples");
            if (Directory.Exists(Path.Combine(samples, "cn-bank", "exports")))
            {
                return samples;
            }
        }
        throw PipelineFault.Failed(
            $"找不到 data-samples 目录（自 {AppContext.BaseDirectory} 向上查找）。请在完整的源码目录中运行 ./pipeline demo。",
            $"The folder data-samples was not found above {AppContext.BaseDirectory}. Run ./pipeline demo from a whole checkout.");
    }
}
