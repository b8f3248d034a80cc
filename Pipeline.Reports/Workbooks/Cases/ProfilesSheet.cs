using Pipeline.Models.Flags.Profiles;
using Pipeline.Models.Taxonomy;
using Pipeline.Reports.Sheets;

namespace Pipeline.Reports.Workbooks.Cases;

/// <summary>Complainants behind the month's repeats, escalations, patterns and priority cases: evidence, not a verdict.</summary>
internal static class ProfilesSheet
{
    public static void Add(Composer c, CaseLinks links)
    {
        if (c.Report.Findings?.Profiles is not { } profiles)
        {
            return;
        }
        Sheet sheet = c.Page(
            links.ProfilesName, c.T("投诉人画像", "Complainant profiles"),
            c.T("本月被标记或列入优先名单的投诉人；仅为线索，不作定性", "Complainants of flagged or listed cases; evidence, not a verdict"));
        if (profiles.Count == 0)
        {
            sheet.Width(1, 100);
            sheet.Row(Cell.Of(c.Value("repeat_90", c.Month) is null
                ? c.T("来源没有载明投诉人。", "The source does not state who complained.")
                : c.T("本月没有须列出的投诉人。", "There is no complainant to list."), Styles.Finding));
            return;
        }
        sheet.Row(Cell.Of(c.T($"共 {profiles.Count} 人", $"{profiles.Count} complainants"), Styles.Section));
        TablePlace place = sheet.Table(new SheetTable(
            "Profiles",
            [
                new(c.T("投诉人", "Complainant"), 12, true), new(c.T("经过", "Cases"), 10, true), new(c.T("投诉件数", "Complaints"), 9), new(c.T("近一年", "In a year"), 8), new(c.T("事项数", "Matters"), 8),
                new(c.T("重复", "Returns"), 8), new(c.T("升级", "Escalated"), 9), new(c.T("未办结", "Open"), 8), new(c.T("最高层级", "Highest rung"), 9), new(c.T("首次", "First"), 12), new(c.T("最近", "Latest"), 12),
                new(c.T("涉诉金额", "Amount claimed"), 13), new(c.T("补偿金额", "Compensation"), 12), new(c.T("有责件数", "Liable"), 8), new(c.T("满意度", "Satisfaction"), CaseCells.Wide(c, 30, 40), true), new(c.T("渠道", "Channels"), CaseCells.Wide(c, 44, 70), true),
                new(c.T("阶段路径", "Stage path"), CaseCells.Wide(c, 24, 40), true), new(c.T("威胁用语", "Threats"), CaseCells.Wide(c, 24, 34), true), new(c.T("代理线索", "Signs of an agent"), 26, true), new(c.T("需关怀线索", "Particular care"), 20, true),
            ],
            profiles.Count,
            profiles.Select(p => Row(c, links, p))));
        sheet.FreezeBelow(place);
    }

    private static IReadOnlyList<Cell> Row(Composer c, CaseLinks links, ComplainantProfile p) =>
    [
        Cell.Of(CaseLinks.Token(p.PersonKey)), links.Timeline(p.PersonKey), Cell.Of(p.Complaints), Cell.Of(p.InYear), Cell.Of(p.Matters), Cell.Of(p.Returns), Cell.Of(p.Escalations), Cell.Of(p.Open), Cell.Of(p.HighestLevel),
        Cell.Of(p.First), Cell.Of(p.Last), CaseCells.Stated(p.Amount, Styles.Money), CaseCells.Stated(p.Compensation, Styles.Money), Cell.Of(p.Liable),
        Cell.Of(Counted(c, p.Satisfaction, s => Words.Satisfaction(c, s))), Cell.Of(Counted(c, p.Channels, k => c.Label(Dimensions.Channel, k))),
        Cell.Of(string.Join(" → ", p.StagePath.Select(s => Words.Stage(c, s)))), Cell.Of(Words.Cues(c, p.Cues)), Cell.Of(string.Join(c.T("、", ", "), p.Agent.Select(a => Words.AgentCue(c, a)))),
        Cell.Of(string.Join(c.T("、", ", "), p.Vulnerable.Select(k => Vulnerable(c, k)))),
    ];

    private static string Counted(Composer c, IReadOnlyList<Occurrence> occurrences, Func<string, string> name) =>
        string.Join(c.T("、", ", "), occurrences.Select(o => o.Count == 1 ? name(o.Key) : $"{name(o.Key)}×{o.Count}"));

    private static string Vulnerable(Composer c, string key) =>
        c.Report.Findings!.Vulnerable.FirstOrDefault(v => v.Key == key) is { } cue ? c.T(cue.Zh, cue.En) : key;
}
