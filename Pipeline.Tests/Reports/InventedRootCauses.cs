using Pipeline.Jobs.RootCauses;
using Pipeline.Jobs.Rules;
using Pipeline.Models.Complaints;
using Pipeline.Models.Measures;
using Pipeline.Models.RootCauses;
using Pipeline.Models.Taxonomy;
using Pipeline.Reports;

namespace Pipeline.Tests.Reports;

/// <summary>What the root-cause workbook prints beside figures, for an <see cref="InventedMonth"/>: every state of topics and actions, texts that begin like formulas.</summary>
internal static class InventedRootCauses
{
    public static readonly RootCauseRules Rules = RootCauseStep.Rules("/nowhere").Value;
    private static readonly TagLexicon Lexicon = RootCauseStep.Tags("/nowhere").Value;

    public static readonly RemediationRegister Register = new(3, "invented",
    [
        new("R-0001", "PRICE", null, null, "=停收年费提醒改版", "零售金融部", new DateOnly(2026, 2, 10), new DateOnly(2026, 4, 30), new DateOnly(2026, 4, 20), "+已验收"),
        new("R-0002", "PRICE", "CREDIT", null, "补充收费告知", "信用卡中心", new DateOnly(2026, 8, 1), new DateOnly(2026, 9, 1), new DateOnly(2026, 9, 10), null),
        new("R-0003", "COLL", "DEBT", "南京分行", "外包催收录音抽检，长文字用来检验换行：每周抽取不少于两百通，发现不当用语当日整改并回访客户，按月通报。", "合规部", new DateOnly(2026, 9, 15), new DateOnly(2026, 10, 15), null, null),
        new("R-0004", "RULE", null, "苏州分行", "流程再造", "运营部", new DateOnly(2026, 10, 1), null, new DateOnly(2026, 10, 20), null),
    ]);

    public static MonthReport AddTo(MonthReport report)
    {
        if (report.Taxonomy.Id != "cn-jrt0169")
        {
            return report;
        }
        CaseRow[] cases = [.. report.Cases];
        string[] causes = [.. cases.Select(c => c.Fact.Cause.Class!).GroupBy(c => c).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).Select(g => g.Key)];
        List<Topic> topics = [];
        foreach (string cause in causes.Take(5))
        {
            long[] ids = [.. cases.Where(c => c.Fact.Cause.Class == cause).Select(c => c.Fact.ComplaintId)];
            for (int i = 0; i < 4 && i * 5 < ids.Length; i++)
            {
                long[] own = [.. ids.Skip(i * 5).Take(5)];
                int number = topics.Count + 1;
                topics.Add(new Topic(
                    $"T2610-{number:00}", cause, number == 2 ? "=年费 · 扣收" : $"手机银行 · 第{number}类", report.Month.Add(-(i % 3)), [.. Enumerable.Range(0, 12).Select(m => m % 4), own.Length], own.Length, own.Length, 12 + i, 12,
                    PoissonRates.Compare(own.Length, 1, 12 + i, 12), (TopicState)(number % 5), own[0], own, [new TopicTerm("年费", 0.8)]));
            }
        }
        CauseTextFindings texts = new(
            12, 0.5,
            [.. causes.Select(c => new CauseVoice(c, [new TypicalWord("年费", 9, 3, 1.25, 4.2), new TypicalWord("=扣收", 5, 0, 2.5, 3.1)], [.. cases.Where(x => x.Fact.Cause.Class == c).Take(3).Select(x => x.Fact.ComplaintId)]))],
            topics, causes.ToDictionary(c => c, _ => 2), topics.Count);
        RootCauseReport found = new(
            Rules.Version, Rules.TopCauses, Rules.Words, Rules.Topics, texts, Rules.FoundCauseHeaders, new TagReport(
                Lexicon.Version, Lexicon.Groups,
                [.. Lexicon.Names, new TagName("vulnerable_age", "vulnerable", "高龄", "old age"), new TagName("risk_media", "risk", "媒体与舆情", "media")]));
        return report with { RootCauses = found with { Remediation = RemediationStep.Judge(Register, report) } };
    }

    /// <summary>Tags, found cause and return of a fact by its number, so that the draws of the invented month stay as they are.</summary>
    public static ComplaintFact Told(ComplaintFact fact) => fact with
    {
        Tags = (fact.ComplaintId % 12) switch { 0 => ["demand_refund", "right_know"], 1 => ["refusal_claim"], 2 => ["risk_media", "vulnerable_age"], 3 => ["right_fair"], _ => [] },
        CauseFound = fact.ComplaintId % 5 == 0 ? fact.Cause.Class : fact.ComplaintId % 5 == 1 ? "SERV" : null,
        NextGapDays = fact.ComplaintId % 7 == 0 ? 30 : null,
        IsNextEscalation = fact.ComplaintId % 21 == 0,
    };

    public static IEnumerable<FigureKey> Keys(ReportingMonth month, ReportingMonth history, string taxonomy) =>
        taxonomy == "cn-jrt0169" ? RemediationStep.Keys(Register, month, history) : [];
}
