using System.Globalization;
using Npgsql;
using Pipeline.Jobs.Steps;
using Pipeline.Models.Flags.Groups;
using Pipeline.Models.Text;
using Pipeline.Reports;

namespace Pipeline.Jobs.Scheduling;

/// <summary>
/// Ties a run to its task: the session that holds the month is the one that the claim names, each step is noted, and run, workbooks, end of
/// the task and alerts are committed together or not at all.
/// </summary>
internal sealed class TaskWitness(NpgsqlDataSource source, TaskClaim claim, SchedulingLog log, CancellationToken cancellation) : IRunWitness
{
    private int ordinal;

    public Task HeldAsync(NpgsqlConnection connection) => TaskLedger.HoldAsync(connection, claim, cancellation);

    public async Task StepBegunAsync(string name)
    {
        ordinal++;
        log.StepBegun(claim.TaskId, name);
        await TaskLedger.StepAsync(source, claim, ordinal, name, null, null, cancellation);
    }

    public async Task StepDoneAsync(StepRecord step)
    {
        log.StepDone(claim.TaskId, step.Name, step.Rows, step.Seconds);
        await TaskLedger.StepAsync(source, claim, ordinal, step.Name, step.Rows, step.Seconds, cancellation);
    }

    public Task KeepingAsync(NpgsqlConnection connection) => TaskLedger.CheckFenceAsync(connection, claim, cancellation);

    public async Task PublishingAsync(NpgsqlConnection connection, MonthReport report, IReadOnlyList<WorkbookFile> files)
    {
        var workbooks = files.Select(f => new { f.Kind, Name = f.FileName, f.Sha256 }).ToArray();
        await TaskLedger.FinishAsync(
            connection, claim, "done", null, report.Lineage.RunId,
            new { report.Source, report.Lineage.Edition, Complaints = report.Cases.Count, Workbooks = workbooks }, null, null, cancellation);
        await Outbox.AddAsync(connection, Finished(report, files), cancellation);
        foreach (AlertEvent urgent in Urgent(report))
        {
            await Outbox.AddAsync(connection, urgent, cancellation);
        }
    }

    private static AlertEvent Finished(MonthReport report, IReadOnlyList<WorkbookFile> files)
    {
        RunLineage lineage = report.Lineage;
        string list = string.Join('\n', files.Select(f => $"  {f.FileName}  sha256 {f.Sha256}"));
        return new AlertEvent(
            $"{EventKinds.RunFinished}/{lineage.RunId}/{string.Join(',', files.Select(f => f.Sha256[..8]))}",
            EventKinds.RunFinished,
            IsUrgent: false,
            new($"{report.Month}（{report.Source}）第 {lineage.Edition} 版已完成", $"{report.Month} of {report.Source}: edition {lineage.Edition} is finished"),
            new(
                $"投诉 {report.Cases.Count} 件，运行号 {lineage.RunId}。报表：\n{list}",
                $"{report.Cases.Count} complaints, run {lineage.RunId}. Workbooks:\n{list}"),
            new
            {
                Month = report.Month.ToString(),
                report.Source,
                lineage.RunId,
                lineage.Edition,
                Complaints = report.Cases.Count,
                Workbooks = files.Select(f => new { f.Kind, Name = f.FileName, f.Sha256 }),
            });
    }

    /// <summary>Groups that the rules call major: rules.json, group.major_persons.</summary>
    private static IEnumerable<AlertEvent> Urgent(MonthReport report)
    {
        GroupRules rules = report.Rules.Group;
        foreach (ComplaintGroup group in report.Findings?.Groups.Where(g => g.IsMajor(rules) == true) ?? [])
        {
            string first = group.First.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            yield return new AlertEvent(
                $"{EventKinds.UrgentSignal}/{report.Source}/{report.Month}/{group.Key}",
                EventKinds.UrgentSignal,
                IsUrgent: true,
                new($"{report.Month}（{report.Source}）有重大群体投诉 {group.Key}", $"{report.Month} of {report.Source}: the group {group.Key} is a major complaint"),
                new(
                    $"自 {first} 起 {group.Persons} 人，其中 {group.FaceToFacePersons} 人当面（规则：当面达 {rules.MajorPersons} 人为重大）。详见个案报表。",
                    $"{group.Persons} persons since {first}, {group.FaceToFacePersons} of them face to face (the rules call {rules.MajorPersons} face to face a major complaint). See the workbook of cases."),
                new { Month = report.Month.ToString(), report.Source, Group = group.Key, group.Persons, group.FaceToFacePersons, group.First, group.Last });
        }
    }
}
