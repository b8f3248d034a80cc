using System.Diagnostics;
using Npgsql;
using Pipeline.Jobs.Classification;
using Pipeline.Jobs.Complainants;
using Pipeline.Jobs.Flags;
using Pipeline.Jobs.Ingest;
using Pipeline.Jobs.Observability;
using Pipeline.Jobs.Persons;
using Pipeline.Jobs.Privacy;
using Pipeline.Jobs.Publishing;
using Pipeline.Jobs.RootCauses;
using Pipeline.Jobs.Rules;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Store;
using Pipeline.Models.Complaints;
using Pipeline.Models.Flags;
using Pipeline.Models.Measures;
using Pipeline.Models.Taxonomy;
using Pipeline.Models.Text;
using Pipeline.Reports;

namespace Pipeline.Jobs.Steps;

/// <summary>What a run is asked for.</summary>
/// <param name="Source">Null: the source with most complaints in the month.</param>
/// <param name="Out">Folder for the workbooks; null writes none.</param>
/// <param name="Kinds">Workbook kinds, see <see cref="WorkbookKinds"/>.</param>
/// <param name="ReplacesOthers">True: workbooks of another source or language that stand in the folder under the same names are replaced.</param>
public sealed record RunRequest(ReportingMonth Month, string? Source, string? Out, IReadOnlyList<string> Kinds, bool ReplacesOthers = false);

public sealed record PublishedWorkbook(string Kind, string Path, string Sha256);

/// <summary>What a run did.</summary>
/// <param name="Reused">The same inputs were run before: figures are that run's, nothing was counted again.</param>
public sealed record RunResult(
    MonthReport Report, IReadOnlyList<StepRecord> Steps, IReadOnlyList<PublishedWorkbook> Workbooks, bool Reused);

/// <summary>
/// The month's road, and the map of the program: classify, link, flag, measure, report (ingest stands before it). Each step can be run
/// again with the same outcome; a run is for a month, from pinned inputs, never for the hour it happens to run at.
/// </summary>
/// <param name="witness">Null: nobody watches.</param>
public sealed class MonthRun(Database database, KeyRing keys, CommandSession session, IRunWitness? witness = null)
{
    /// <value>Code of the fault that another process runs the month.</value>
    public const string MonthIsRunning = "month_is_running";

    private readonly List<StepRecord> steps = [];

    public async Task<RunResult> ExecuteAsync(RunRequest request)
    {
        DateTimeOffset startedAt = session.Time.GetUtcNow();
        await using NpgsqlConnection connection = await database.Source.OpenConnectionAsync(session.Cancellation);
        string source = await LedgerMonths.SourceAsync(connection, request.Month, request.Source, session);
        if (!await RunLedger.HoldAsync(connection, source, request.Month, session.Cancellation))
        {
            throw new PipelineFault(ExitCodes.Failed, new(
                $"{request.Month}（{source}）正由另一进程运行。等它结束后再运行。",
                $"{request.Month} of {source} is being run by another process. Wait for it to end, then run it again."))
            { Code = MonthIsRunning };
        }
        try
        {
            await (witness?.HeldAsync(connection) ?? Task.CompletedTask);
            using Activity? span = Telemetry.Run(source, request.Month.ToString());
            await RunLedger.KeepOutFilesAsync(connection, source, session.Cancellation);
            RunRules rules = RunRules.Load(session.Home, await LedgerMonths.TaxonomyAsync(connection, source, session), source);

            ClassifyResult classified = await StepAsync("classify", r => r.Judged, () =>
                ClassifyStep.RunAsync(database, keys, rules.Rules.Value, rules.Taxonomy.Value, source, request.Month, session));
            LinkResult linked = await StepAsync("link", r => r.Judged, async () =>
            {
                LinkResult result = await LinkStep.RunAsync(database, keys, source, rules.Rules.Value, rules.Matching, session);
                await EventImpact.DescribeAsync(
                    connection, new IdentityImpact(connection, keys, source, classified.ModelId, rules, session), source, result.Events, session);
                return result;
            });
            await TableStatistics.RefreshAsync(
                connection, classified.Judged + linked.ChangedLinks, "label, complainant, complainant_link", session.Cancellation);

            RootCauseInputs carried = await RootCauseInputs.LoadAsync(connection, source, request.Month, rules.RootCauses.Value, session.Cancellation);
            RunInputs inputs = carried.Pin(await RunInputs.PinAsync(
                connection, request.Month, source, classified.ModelId is { } id ? [id] : [], rules.Hashes, session.Cancellation));
            MonthReport? known = await RunLedger.FindAsync(connection, inputs.RunId, session.Cancellation);
            MonthReport report = known ?? await MeasureAsync(connection, request.Month, inputs, rules, carried, classified.ModelId, startedAt);
            IReadOnlyList<PublishedWorkbook> workbooks = await PublishAsync(connection, report, request);
            span?.SetTag("pipeline.run_id", inputs.RunId).SetTag("pipeline.reused", known is not null);
            return new RunResult(report, steps, workbooks, known is not null);
        }
        finally
        {
            await RunLedger.ReleaseAsync(connection);
        }
    }

    /// <summary>The workbooks of a run again, from its kept report.</summary>
    public async Task<IReadOnlyList<PublishedWorkbook>> PublishAsync(NpgsqlConnection connection, MonthReport report, RunRequest request)
    {
        if (request.Out is null)
        {
            return [];
        }
        IReadOnlyList<WorkbookFile> files = await StepAsync(
            "report", f => f.Count, () => PublishedEditions.FilesAsync(connection, report, request.Kinds, session.Language, session.Cancellation));
        if (!request.ReplacesOthers)
        {
            await RefuseToReplaceOthersAsync(connection, files, report, request.Out);
        }
        IReadOnlyList<string> paths = await Publication.WriteAsync(files, request.Out, session.Cancellation);
        await RunLedger.PublishedAsync(
            connection, report.Lineage.RunId, session.Language == Language.Zh ? "zh" : "en", files, steps, session.Cancellation,
            () => witness?.PublishingAsync(connection, report, files) ?? Task.CompletedTask);
        return [.. files.Zip(paths, (file, path) => new PublishedWorkbook(file.Kind, path, file.Sha256))];
    }

    /// <summary>
    /// The names of the workbooks hold neither source nor language, so one folder is for one source and one language. A file is known by
    /// its content; one that the program did not write, or that was edited since, is replaced as before.
    /// </summary>
    private async Task RefuseToReplaceOthersAsync(NpgsqlConnection connection, IReadOnlyList<WorkbookFile> files, MonthReport report, string folder)
    {
        string language = session.Language == Language.Zh ? "zh" : "en";
        Dictionary<string, string> standing = new(StringComparer.Ordinal);
        foreach (string path in files.Select(f => Path.Combine(Path.GetFullPath(folder), f.FileName)).Where(File.Exists))
        {
            standing[await OfferedTables.OfferedHashAsync(path, session.Cancellation)] = path;
        }
        await using NpgsqlCommand command = new(Sql.Get("Steps/published_as"), connection) { Parameters = { new() { Value = standing.Keys.ToArray() } } };
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(session.Cancellation);
        while (await row.ReadAsync(session.Cancellation))
        {
            (string path, string source, string lang) = (standing[row.GetString(0)], row.GetString(2), row.GetString(3));
            if (source != report.Source || lang != language)
            {
                string elsewhere = Path.Combine(folder, $"{report.Source}-{language}");
                throw PipelineFault.Usage(
                    $"{path} 已是 {source} 的{(lang == "zh" ? "中文" : "英文")}报表，{report.Source} 的{(language == "zh" ? "中文" : "英文")}报表文件名相同，未覆盖，什么都没有写。指标已保留；请换一个文件夹：pipeline report --month {report.Month} --source {report.Source} --lang {language} --out {elsewhere}",
                    $"{path} is the workbook of {source} in {(lang == "zh" ? "Chinese" : "English")}, and that of {report.Source} in {(language == "zh" ? "Chinese" : "English")} has the same name. Nothing was written over it or beside it. The figures are kept; choose another folder: pipeline report --month {report.Month} --source {report.Source} --lang {language} --out {elsewhere}",
                    new FaultPlace(path));
            }
        }
    }

    private async Task<MonthReport> MeasureAsync(
        NpgsqlConnection connection, ReportingMonth month, RunInputs inputs, RunRules rules, RootCauseInputs carried, string? modelId, DateTimeOffset startedAt)
    {
        await TextReadings.BringUpAsync(connection, keys, inputs.Source, rules.Threats, session.Cancellation);
        await CaseReadings.BringUpAsync(connection, keys, inputs.Source, rules.Reading, session.Cancellation);
        // One snapshot for everything that is read: rows that arrive meanwhile belong to the next edition.
        await using NpgsqlTransaction snapshot = await connection.BeginTransactionAsync(
            System.Data.IsolationLevel.RepeatableRead, session.Cancellation);
        (FlaggedLedger ledger, CaseFindings findings) = await StepAsync("flag", f => f.Ledger.Facts.Count, async () =>
        {
            FlaggedLedger flagged = await FlaggedLedger.LoadAsync(
                connection, keys, inputs.Source, modelId, rules, LedgerReach.From(month, rules), session.Cancellation);
            CaseFindings found = await CaseFindings.FindAsync(connection, keys, month, inputs.Source, rules, flagged, session.Cancellation);
            return (Ledger: flagged.WithMajor(found.MajorComplaints), Findings: found);
        });
        MonthReport report = await StepAsync("measure", r => r.Figures.Count, async () =>
        {
            RootCauseReport causes = RootCauseStep.Find(findings.Letters, ledger, month, carried.Topics, rules, session.Cancellation);
            MonthReport built = findings.AddTo(await ReportBuilder.BuildAsync(
                connection, keys, month, inputs, await RunLedger.EditionAsync(connection, inputs, month, session.Cancellation),
                rules, ledger, carried.Register, session.Cancellation));
            return built with { RootCauses = causes with { Remediation = RemediationStep.Judge(carried.Register, built) } };
        });
        await snapshot.CommitAsync(session.Cancellation);
        return await RunLedger.SaveAsync(
            connection, inputs, month, report, ledger, steps, startedAt, session.Time.GetUtcNow(), session.Cancellation,
            () => witness?.KeepingAsync(connection) ?? Task.CompletedTask);
    }

    private async Task<T> StepAsync<T>(string name, Func<T, long> rows, Func<Task<T>> work)
    {
        await (witness?.StepBegunAsync(name) ?? Task.CompletedTask);
        using Activity? span = Telemetry.Step(name);
        long started = Stopwatch.GetTimestamp();
        T result = await work();
        steps.Add(new StepRecord(name, rows(result), Math.Round(Stopwatch.GetElapsedTime(started).TotalSeconds, 3)));
        Telemetry.StepDone(span, steps[^1]);
        await (witness?.StepDoneAsync(steps[^1]) ?? Task.CompletedTask);
        return result;
    }
}
