using System.Globalization;
using Pipeline.Models.Complaints;
using Pipeline.Models.Flags;
using Pipeline.Models.Flags.Groups;
using Pipeline.Models.Flags.Organised;
using Pipeline.Models.Flags.Priority;
using Pipeline.Models.Flags.Profiles;
using Pipeline.Models.Taxonomy;
using Pipeline.Reports;

namespace Pipeline.Tests.Reports;

/// <summary>How much the invented month has of what the sheets of groups, patterns, the priority list, profiles and timelines list.</summary>
public enum Findings
{
    None,
    One,
    Many,
}

/// <summary>Findings for an <see cref="InventedMonth"/>: none, one of each, or many with the longest texts that the sheets may meet.</summary>
internal static class InventedFindings
{
    private static readonly OrganisedSignal[] Signals =
    [
        new(OrganisedSignals.NearIdentical, "不同投诉人文本近乎相同", "near-identical letters of different persons", 3),
        new(OrganisedSignals.SharedContact, "多名投诉人共用联系方式", "one telephone or e-mail for several persons", 3),
        new(OrganisedSignals.Burst, "短期内集中提交", "sent within a few days", 2),
        new(AgentCues.AgencyTerms, "代理维权用语", "terms of the agents' trade", 1, ["代理维权"]),
    ];

    public static MonthReport Report(Findings findings)
    {
        MonthReport report = InventedMonth.Report(perMonth: findings == Findings.Many ? 500 : 60, months: 13);
        ComplaintFact[] facts = [.. report.Cases.Select(c => c.Fact)];
        ComplaintGroup[] groups = [.. Enumerable.Range(0, Number(findings, 12)).Select(i => Group(facts, i))];
        OrganisedPattern[] patterns = [.. Enumerable.Range(0, Number(findings, 12)).Select(i => Pattern(facts, i))];
        PriorityList list = List(report, facts, findings);
        ComplainantProfile[] profiles = [.. facts.Where(f => f.PersonKey is not null).GroupBy(f => f.PersonKey).Take(Number(findings, 300)).Select(p => Profile(p, findings == Findings.Many))];
        MonthReport found = report with
        {
            Findings = new CaseFindingsReport(groups, patterns, Signals, list, profiles, [new VulnerableCue("elderly", "年长", "age", ["老人"])], facts)
            {
                Rises = [.. Enumerable.Range(0, Number(findings, 12)).Select(i => Rise(facts, i))],
            },
        };
        return found with { Cases = [.. found.Cases.Select(c => c with { Flags = [.. c.Flags, .. Flags(c.Fact, groups, patterns)] })] };
    }

    private static int Number(Findings findings, int many) => findings switch { Findings.None => 0, Findings.One => 1, _ => many };

    private static ComplaintGroup Group(ComplaintFact[] facts, int i)
    {
        ComplaintFact[] members = [.. facts.Skip(i * 9).Take(9)];
        string place = i % 3 == 0 ? "=名称很长的机构（长三角一体化示范区水乡客厅综合服务中心支行营业部，含夜间自助服务区）" : members[0].BranchName!;
        return new ComplaintGroup(
            string.Create(CultureInfo.InvariantCulture, $"G-{members[0].Received:yyyyMMdd}-{i + 1}"), place, i % 4 == 0 ? null : "WMP", i % 5 == 0 ? null : "RULE",
            members[0].Received, members[^1].Received, members[^1].Received, 9, i % 3 == 0 ? 21 : 2, i % 3 == 1 ? 19 : 0, 0.3, [.. members.Select(m => m.ComplaintId)]);
    }

    private static WideRise Rise(ComplaintFact[] facts, int i)
    {
        ComplaintFact[] members = [.. facts.Skip(i * 7).Take(10)];
        return new WideRise(
            string.Create(CultureInfo.InvariantCulture, $"W-{members[0].Received:yyyyMMdd}-{i + 1}"), "PAY", "FACIL", members[0].Received, members[^1].Received, members[7].Received,
            10, 6, 0.87, 3, i % 2 == 0 ? 0 : 8, i % 3 == 0 ? null : 4, [.. members.Select(m => m.ComplaintId)]);
    }

    private static OrganisedPattern Pattern(ComplaintFact[] facts, int i)
    {
        ComplaintFact[] members = [.. facts.Skip(i * 11).Take(11)];
        string[] ties = [LetterTies.NearIdentical, LetterTies.Edited, LetterTies.Contact];
        return new OrganisedPattern(
            string.Create(CultureInfo.InvariantCulture, $"O-{members[0].Received:yyyyMMdd}-{i + 1}"), members[0].Received, members[^1].Received, members[4].Received, 11, 7, 2,
            i % 2 == 0 ? [] : [.. Enumerable.Repeat(3, 40)], ["regulator", "hotline"], i % 3 == 0 ? null : "CREDIT", "PRICE",
            [.. Signals.Select((s, n) => new SignalFinding(s.Key, n == 3 ? 0 : 1.0 / (n + 1))), new SignalFinding("a_signal_that_the_rules_no_longer_name", 0.5)],
            0.731, [.. members.Select((m, n) => new PatternLetter(m.ComplaintId, ties[n % 3], n % 3 == 2 ? 0 : 0.999999))]);
    }

    private static PriorityList List(MonthReport report, ComplaintFact[] facts, Findings findings)
    {
        bool isLearned = findings == Findings.Many;
        PriorityRow[] rows = [.. facts.Take(Number(findings, 90)).Select((f, i) => new PriorityRow(
            f.ComplaintId, isLearned ? Math.Round(0.9 - (i * 0.009), 4) : null, isLearned && i % 2 == 0 ? 0.05 : null, f.Closed is null, 4, f.Closed is null ? null : 3, i % 4, f.Satisfaction,
            isLearned ? [new(PriorityFamilies.Chain, "any", 1.2), new(PriorityFamilies.SinceClosing, "03-05", 0.4), new(PriorityFamilies.Branch, "名称很长的机构", 0.2)] : []))];
        return new PriorityList(
            report.Month.LastDay, isLearned ? 5_000 : 0, isLearned ? 400 : 0, isLearned ? 12 : 0, rows,
            isLearned ? [.. Enumerable.Range(1, 3).Select(i => new PriorityTrial(report.Month.Add(i - 4), 700, 58, 18, 14, 9, 17.4))] : []);
    }

    private static ComplainantProfile Profile(IEnumerable<ComplaintFact> facts, bool isLong)
    {
        ComplainantProfile profile = ComplainantProfile.Of(
            facts, InventedMonth.October.LastDay, ["regulator", "media"], [AgentCues.SharedContact, AgentCues.Organised, AgentCues.AgencyTerms], ["elderly", "a_kind_no_longer_named"]);
        return isLong ? profile with { StagePath = [.. Enumerable.Range(0, 60).Select(i => i % 2 == 0 ? "complaint" : "escalation")] } : profile;
    }

    private static IEnumerable<FlagEvidence> Flags(ComplaintFact fact, ComplaintGroup[] groups, OrganisedPattern[] patterns)
    {
        foreach (ComplaintGroup group in groups.Where(g => g.Complaints.Contains(fact.ComplaintId)))
        {
            yield return new FlagEvidence(FlagKinds.Group, 1) { Cluster = group.Key, Persons = group.Persons, ClusterFirst = group.First, ClusterLast = group.Last, Place = group.Place, FaceToFacePersons = group.FaceToFacePersons };
        }
        foreach (OrganisedPattern pattern in patterns)
        {
            foreach (PatternLetter letter in pattern.Letters.Where(l => l.ComplaintId == fact.ComplaintId))
            {
                yield return new FlagEvidence(FlagKinds.Organised, pattern.Score, TextSimilarity: letter.Similarity)
                {
                    Cluster = pattern.Key,
                    Persons = pattern.Persons,
                    ClusterFirst = pattern.First,
                    ClusterLast = pattern.Last,
                    Tie = letter.Tie,
                    SharedContacts = pattern.SharedContacts.Count > 0 ? pattern.SharedContacts : null,
                };
            }
        }
    }
}
