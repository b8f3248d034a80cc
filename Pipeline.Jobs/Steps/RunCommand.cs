using System.CommandLine;
using System.Globalization;
using Pipeline.Jobs.Ingest;
using Pipeline.Jobs.Observability;
using Pipeline.Jobs.Privacy;
using Pipeline.Jobs.RootCauses;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Store;
using Pipeline.Models.Complaints;
using Pipeline.Models.Flags;
using Pipeline.Models.Measures;
using Pipeline.Models.Regulatory;
using Pipeline.Reports;

namespace Pipeline.Jobs.Steps;

/// <summary><c>run</c>: the whole road for one month.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        Option<string> month = MonthOptions.Month();
        Option<string[]> input = new("--input")
        {
            Description = "Exports to ingest first: files, folders, globs / 先读入的导出文件",
            AllowMultipleArgumentsPerToken = true,
        };
        Option<string?> register = new("--register")
        {
            Description = "Workbook with the edited remediation register, imported first (see 'register import') / 先导入整改登记簿",
        };
        Option<string?> source = MonthOptions.Source();
        Option<string> output = MonthOptions.Out();
        Option<string?> reports = MonthOptions.Reports();
        return new Command(
            "run",
            "Ingest (with --input), classify, link, flag, measure, report for one month / 跑一个月\n  e.g. pipeline run --month 2026-10 --input exports/2026-10.csv --out out")
        {
            month, input, register, source, output, reports,
        }.Runs(async (parsed, session) =>
        {
            ReportingMonth of = MonthOptions.ParseMonth(parsed.GetValue(month)!);
            IReadOnlyList<string> kinds = MonthOptions.ParseKinds(parsed.GetValue(reports));
            await using Database database = await Database.OpenAsync(session);
            KeyRing keys = KeyRing.Open(session.Home);
            using TelemetryExport? telemetry = TelemetryExport.Open($"run.{Environment.ProcessId}");
            List<StepRecord> before = [];
            int code = ExitCodes.Done;
            if (parsed.GetValue(input) is { Length: > 0 } paths)
            {
                (StepRecord step, code) = await IngestStep.RunAsync(database, paths, session);
                before.Add(step);
            }
            if (parsed.GetValue(register) is { } workbook)
            {
                await RegisterCommand.ImportFirstAsync(database, workbook, of, parsed.GetValue(source), session);
            }
            RunResult result = await new MonthRun(database, keys, session)
                .ExecuteAsync(new RunRequest(of, parsed.GetValue(source), parsed.GetValue(output), kinds));
            Print(result, before, session);
            return Math.Max(Math.Max(code, Unexplained(result.Report, session)), kinds.Contains(WorkbookKinds.Regulatory) ? TellPreFlight(result.Report, session) : code);
        });
    }

    /// <summary>Says where a figure moved and nothing that differs between the inputs explains it.</summary>
    /// <returns>The exit code: a person must look.</returns>
    private static int Unexplained(MonthReport report, CommandSession session)
    {
        string[] keys = [.. report.Changes?.Unexplained.Select(f => f.Key) ?? []];
        if (keys.Length == 0)
        {
            return ExitCodes.Done;
        }
        session.Notice(
            $"有 {keys.Length} 个指标较前一版变动而找不到原因，例如 {keys[0]}。见 regulatory 报表“变动指标”。",
            $"{keys.Length} figures moved against the edition before without a cause that was found, for example {keys[0]}. See the sheet 'Changed figures' of the regulatory workbook.");
        return ExitCodes.LookNeeded;
    }

    /// <summary>Says what the check before filing found; a finding that blocks asks for a person.</summary>
    public static int TellPreFlight(MonthReport report, CommandSession session)
    {
        List<PreFlightFinding> blocking = [.. (report.PreFlight ?? []).Where(f => f.Severity == PreFlightSeverity.Blocking)];
        foreach (PreFlightFinding finding in blocking)
        {
            session.Notice($"不得报送：{finding.Where.Zh}：{finding.Found.Zh}{finding.Act.Zh}", $"Do not file: {finding.Where.En}: {finding.Found.En} {finding.Act.En}");
        }
        return blocking.Count > 0 ? ExitCodes.LookNeeded : ExitCodes.Done;
    }

    /// <summary>The outcome of a run: the JSON document that others rely on, or a page for people.</summary>
    public static void Print(RunResult result, IReadOnlyList<StepRecord> before, CommandSession session)
    {
        MonthReport report = result.Report;
        IReadOnlyList<StepRecord> steps = [.. before, .. result.Steps];
        // One name per concept (GLOSSARY): escalated went to a higher channel; escalating is escalated, or says that it will be.
        FigureSet figures = new(report.Figures);
        int? Known(string measure, int count) => figures.Of(measure, report.Month).Value is null ? null : count;
        int Flagged(string kind) => report.Cases.Count(c => c.Flags.Any(f => f.Kind == kind));
        int escalating = Flagged(FlagKinds.Escalating);
        int? escalated = Known("escalated", report.Cases.Count(c => c.Fact.IsEscalation));
        int threatening = escalating - (escalated ?? 0);
        int? repeats = Known("repeat_90", Flagged(FlagKinds.Repeat));
        static string Or(int? count) => count?.ToString(CultureInfo.InvariantCulture) ?? "–";
        session.Document(new
        {
            Month = report.Month.ToString(),
            report.Lineage.RunId,
            report.Lineage.Edition,
            report.Source,
            report.Lineage.AsOf,
            Complaints = report.Cases.Count,
            result.Reused,
            Published = report.Approval is not null,
            Changes = report.Changes is { } c ? new { c.Against, c.AgainstRunId, c.AgainstIsPublished, Figures = c.Figures.Count, Complaints = c.Complaints.Count } : null,
            Steps = steps,
            Flags = new Dictionary<string, int?>
            {
                [FlagKinds.Repeat] = repeats,
                [FlagKinds.Escalating] = escalating,
                ["escalated"] = escalated,
                ["threatening_only"] = threatening,
                [FlagKinds.Group] = Flagged(FlagKinds.Group),
                [FlagKinds.Organised] = Flagged(FlagKinds.Organised),
            },
            PreFlight = (report.PreFlight ?? []).GroupBy(f => f.Severity).ToDictionary(g => g.Key.ToString().ToLowerInvariant(), g => g.Count()),
            result.Workbooks,
        });
        session.Line(
            $"{report.Month} {report.Source}：投诉 {report.Cases.Count} 件，重复 {Or(repeats)}，升级 {Or(escalated)}，另有 {threatening} 件扬言升级（升级预警共 {escalating} 件），群诉 {Flagged(FlagKinds.Group)}，疑似有组织 {Flagged(FlagKinds.Organised)}；第 {report.Lineage.Edition} 版，运行号 {report.Lineage.RunId}{(result.Reused ? "（输入未变，沿用已固定的指标）" : "")}",
            $"{report.Month} {report.Source}: {report.Cases.Count} complaints, {Or(repeats)} repeats, {Or(escalated)} escalated, {threatening} more threaten to ({escalating} escalating), {Flagged(FlagKinds.Group)} in groups, {Flagged(FlagKinds.Organised)} in organised patterns; edition {report.Lineage.Edition}, run {report.Lineage.RunId}{(result.Reused ? " (inputs unchanged: the pinned figures stand)" : "")}");
        if (report.Changes is { } changes)
        {
            session.Line(
                $"  较第 {changes.Against} 版变动 {changes.Figures.Count} 个指标（{changes.Complaints.Count} 件工单所致）", $"  {changes.Figures.Count} figures moved against edition {changes.Against}, by {changes.Complaints.Count} complaints");
        }
        foreach (StepRecord step in steps)
        {
            string seconds = step.Seconds.ToString("0.00", CultureInfo.InvariantCulture);
            session.Line($"  {step.Name,-9} {step.Rows,8} 条 {seconds,8} 秒", $"  {step.Name,-9} {step.Rows,8} rows {seconds,8} s");
        }
        foreach (PublishedWorkbook workbook in result.Workbooks)
        {
            session.Line($"  {workbook.Path}", $"  {workbook.Path}");
        }
    }
}
