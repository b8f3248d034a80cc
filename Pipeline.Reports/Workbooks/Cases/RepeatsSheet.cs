using Pipeline.Models.Flags;
using Pipeline.Reports.Sheets;

namespace Pipeline.Reports.Workbooks.Cases;

/// <summary>Complaints that repeat an earlier one, each with its evidence.</summary>
internal static class RepeatsSheet
{
    public static void Add(Composer c, CaseLinks links)
    {
        Sheet sheet = c.Page(c.T("重复投诉", "Repeats"), c.T("重复投诉", "Repeat cases"), c.T("谁就同一事项再次投诉，依据是什么", "Who came back about the same matter, and on what evidence"));
        List<(CaseRow Row, FlagEvidence Flag)> rows = [.. c.Report.Cases
            .Select(r => (r, CaseCells.Flag(r, FlagKinds.Repeat)))
            .Where(p => p.Item2 is not null)
            .Select(p => (p.r, p.Item2!))
            .OrderByDescending(p => p.Item2.ChainNumber).ThenBy(p => p.Item2.GapDays).ThenBy(p => p.r.Fact.CaseNumber, StringComparer.Ordinal)];
        Dictionary<CaseRow, FlagEvidence> flags = rows.ToDictionary(p => p.Row, p => p.Flag, ReferenceEqualityComparer.Instance as IEqualityComparer<CaseRow>);
        CaseCells.List(
            c, sheet, "Repeats",
            [
                CaseCells.CaseNumberColumn(c), new(c.T("受理日期", "Received"), 12), CaseCells.PersonColumn(c), new(c.T("第几次投诉", "Complaint number"), 11),
                new(c.T("上一件工单", "Earlier case"), 19, true), new(c.T("上一件受理", "Earlier received"), 12), new(c.T("相隔天数", "Days between"), 10),
                new(c.T("与上一件的关系", "Course"), 18, true), new(c.T("升级", "Escalated"), 9), new(c.T("依据", "Evidence"), 60, true), CaseCells.BranchColumn(c), CaseCells.BusinessColumn(c), CaseCells.CauseColumn(c), CaseCells.ChannelColumn(c), CaseCells.TextColumn(c),
            ],
            [.. rows.Select(p => p.Row)],
            r =>
            {
                FlagEvidence flag = flags[r];
                return
                [
                    CaseCells.CaseNumber(r), Cell.Of(r.Fact.Received), CaseCells.Person(r, links), Cell.Of(flag.ChainNumber + 1), links.Case(flag.EarlierCaseNumber), Cell.Of(flag.EarlierReceived),
                    flag.GapDays is { } gap ? Cell.Of(gap) : Cell.Blank(Styles.Count), Cell.Of(Words.Course(c, flag.Course)), Cell.Of(r.Fact.IsEscalation ? c.T("是", "yes") : "", CaseCells.Centered),
                    Cell.Of(Words.Evidence(c, flag), CaseCells.Clipped), CaseCells.Branch(r), CaseCells.Business(c, r), CaseCells.Cause(c, r), CaseCells.Channel(c, r), CaseCells.Text(r),
                ];
            },
            c.Value("repeat_90", c.Month) is null
                ? c.T("来源没有载明投诉人，哪些是重复投诉无从得知。", "Which cases repeat an earlier one is not known: the source does not state who complained.")
                : c.T("本月没有重复投诉。", "No case of the month repeats an earlier one."));
    }
}
