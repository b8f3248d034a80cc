using System.CommandLine;
using System.Globalization;
using Npgsql;
using Pipeline.Jobs.Ingest;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Store;
using Pipeline.Models.Complaints;
using Pipeline.Models.Flags;
using Pipeline.Models.Flags.Priority;
using Pipeline.Models.Text;
using Pipeline.Reports;

namespace Pipeline.Jobs.Steps;

/// <summary><c>cases</c>: the flagged cases of a month and its priority list, from the kept report of an edition.</summary>
internal static class CasesCommand
{
    public static Command Create()
    {
        Option<string> month = MonthOptions.Month();
        Option<string?> source = MonthOptions.Source();
        Option<int?> edition = MonthOptions.Edition();
        Option<int?> capacity = new("--capacity")
        {
            Description = "Cases that the team can look at: where the priority list is cut (default: priority_capacity of rules.json) / 团队可处理件数",
        };
        return new Command(
            "cases",
            "The flagged cases of a month and the priority list / 某月被标记的投诉与优先名单\n  e.g. pipeline cases --month 2026-10 --capacity 40")
        {
            month, source, edition, capacity,
        }.Runs((parsed, session) => RunAsync(
            MonthOptions.ParseMonth(parsed.GetValue(month)!), parsed.GetValue(source), parsed.GetValue(edition), parsed.GetValue(capacity), session));
    }

    /// <param name="source">Null: the only one of the month.</param>
    /// <param name="edition">Null: the one that stands.</param>
    /// <param name="capacity">Null: that of the rules of the run.</param>
    internal static async Task<int> RunAsync(ReportingMonth month, string? source, int? edition, int? capacity, CommandSession session)
    {
        if (capacity is < 1)
        {
            throw PipelineFault.Usage("--capacity 应为 1 或更大的整数。", "--capacity must be a whole number of 1 or more.");
        }
        await using Database database = await Database.OpenAsync(session);
        await using NpgsqlConnection connection = await database.Source.OpenConnectionAsync(session.Cancellation);
        KeptEdition kept = await Editions.KeptAsync(connection, month, source, edition, session);
        MonthReport report = kept.Report;
        int code = kept.Tell(session);
        CaseFindingsReport findings = report.Findings
            ?? throw PipelineFault.Failed(
                $"{month} 的结果由旧版程序保存，没有优先名单。请重新运行：pipeline run --month {month}",
                $"The result of {month} was kept by an older program and has no priority list. Run it again: pipeline run --month {month}");
        Print(report, findings, capacity ?? report.Rules.PriorityCapacity, session);
        return code;
    }

    private static void Print(MonthReport report, CaseFindingsReport findings, int capacity, CommandSession session)
    {
        Dictionary<long, ComplaintFact> facts = findings.Related.ToDictionary(f => f.ComplaintId);
        PriorityList list = findings.Priority;
        PriorityRow[] rows = [.. list.Rows.Take(capacity)];
        session.Document(new
        {
            Month = report.Month.ToString(),
            report.Lineage.RunId,
            report.Lineage.Edition,
            report.Source,
            Capacity = capacity,
            Candidates = list.Rows.Count,
            list.IsLearned,
            TrainedMonths = list.Months,
            TrainedReturns = list.Returns,
            ExpectedRecall = list.ExpectedRecall(capacity) is { } expected ? Math.Round(expected, 4) : (double?)null,
            Priority = rows.Select((r, i) => new
            {
                Rank = i + 1,
                facts[r.ComplaintId].CaseNumber,
                facts[r.ComplaintId].Received,
                r.Probability,
                r.EscalationProbability,
                Person = Token(facts[r.ComplaintId].PersonKey),
                r.IsOpen,
                r.DaysOpen,
                Reasons = r.Reasons.Select(reason => PrioritySentence.In(reason, session.Language, report.Taxonomy)),
            }),
            Trials = list.Trials.Select(t => new { Month = t.Month.ToString(), t.Candidates, t.Returns, t.Found, t.FoundByRecentRepeats, t.FoundByThreats, t.Expected }),
            Groups = findings.Groups.Select(g => new
            {
                g.Key,
                g.Place,
                g.Business,
                g.Cause,
                g.First,
                g.Last,
                g.Persons,
                g.FaceToFacePersons,
                g.UnknownPersons,
                IsMajor = g.IsMajor(report.Rules.Group),
                Cases = g.Complaints.Select(id => facts[id].CaseNumber),
            }),
            WideRises = findings.Rises.Select(r => new
            {
                r.Key,
                r.Business,
                r.Cause,
                r.First,
                r.Last,
                r.Persons,
                r.Places,
                r.UsualPersons,
                r.MostAtOnePlace,
                r.InPatterns,
                r.AlikeTexts,
                Cases = r.Complaints.Select(id => facts[id].CaseNumber),
            }),
            Patterns = findings.Patterns.Select(p => new
            {
                p.Key,
                p.First,
                p.Last,
                p.Persons,
                p.NearPersons,
                p.SharedContacts,
                p.Score,
                Signals = p.Signals.ToDictionary(s => s.Key, s => s.Strength),
                Cases = p.Letters.Select(l => new { facts[l.ComplaintId].CaseNumber, l.Tie, l.Similarity }),
            }),
            Flagged = report.Cases.Where(c => c.Flags.Count > 0).Select(c => new
            {
                c.Fact.CaseNumber,
                Person = c.PersonToken,
                Flags = c.Flags.Select(f => new
                {
                    f.Kind,
                    f.Score,
                    f.EarlierCaseNumber,
                    f.Course,
                    f.IsSecondEscalation,
                    f.Cluster,
                    Evidence = FlagSentence.In(f, session.Language, report.Taxonomy),
                }),
            }),
        });
        session.Line(
            $"{report.Month} {report.Source}：重复 {Count(FlagKinds.Repeat)}，升级 {Count(FlagKinds.Escalating)}，群诉 {findings.Groups.Count} 组 {Count(FlagKinds.Group)} 件，疑似有组织 {findings.Patterns.Count} 组 {Count(FlagKinds.Organised)} 件",
            $"{report.Month} {report.Source}: {Count(FlagKinds.Repeat)} repeats, {Count(FlagKinds.Escalating)} escalating, {Count(FlagKinds.Group)} in {findings.Groups.Count} groups, {Count(FlagKinds.Organised)} in {findings.Patterns.Count} organised patterns");
        string recall = list.ExpectedRecall(capacity) is { } share ? Math.Round(share * 100).ToString("0", CultureInfo.InvariantCulture) + "%" : "–";
        session.Line(
            $"优先名单：候选 {list.Rows.Count} 件取 {rows.Length} 件，预计覆盖 30 天内再投诉的 {recall}",
            $"Priority list: {rows.Length} of {list.Rows.Count} candidates, expected to hold {recall} of the returns within 30 days");
        for (int i = 0; i < rows.Length; i++)
        {
            ComplaintFact fact = facts[rows[i].ComplaintId];
            string line = string.Create(
                CultureInfo.InvariantCulture,
                $"{i + 1,4}  {rows[i].Probability,6:0.000}  {fact.CaseNumber}  {fact.Received:yyyy-MM-dd}  {Token(fact.PersonKey),-9}  {PrioritySentence.In(rows[i].Reasons, session.Language, report.Taxonomy)}");
            session.Line(line, line);
        }

        int Count(string kind) => report.Cases.Count(c => c.Flags.Any(f => f.Kind == kind));
    }

    private static string? Token(long? person) => person is { } key ? string.Create(CultureInfo.InvariantCulture, $"P-{key:000000}") : null;
}
