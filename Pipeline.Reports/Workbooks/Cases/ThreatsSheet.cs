using Pipeline.Models.Complaints;
using Pipeline.Reports.Sheets;

namespace Pipeline.Reports.Workbooks.Cases;

/// <summary>Texts that speak of turning to a regulator, a court, the media or the petition office.</summary>
internal static class ThreatsSheet
{
    public static void Add(Composer c, CaseLinks links)
    {
        Sheet sheet = c.Page(c.T("升级威胁", "Threats"), c.T("含升级威胁的投诉", "Cases that threaten to escalate"), c.T("正文扬言向监管、司法、媒体等反映的投诉，未办结者在前", "Texts that threaten to turn to a regulator, court, the media or the like; open ones first"));
        List<CaseRow> rows = [.. c.Report.Cases
            .Where(r => r.Fact.HasThreat)
            .OrderBy(r => r.Fact.Status == "open" ? 0 : 1).ThenBy(r => r.Fact.Received).ThenBy(r => r.Fact.CaseNumber, StringComparer.Ordinal)];
        CaseCells.List(
            c, sheet, "Threats",
            [
                CaseCells.CaseNumberColumn(c), new(c.T("受理日期", "Received"), 12), new(c.T("状态", "Status"), 10), new(c.T("威胁用语", "Threats"), 22, true), new(c.T("阶段", "Stage"), 10),
                new(c.T("标记", "Marks"), 16, true), CaseCells.ChannelColumn(c), CaseCells.BranchColumn(c), CaseCells.BusinessColumn(c), CaseCells.CauseColumn(c), CaseCells.PersonColumn(c), CaseCells.TextColumn(c),
            ],
            rows,
            r => [
                CaseCells.CaseNumber(r), Cell.Of(r.Fact.Received), Cell.Of(Words.Status(c, r.Fact.Status), CaseCells.Centered),
                Cell.Of(Words.Cues(c, r.Flags.SelectMany(f => f.Cues ?? []).Distinct(StringComparer.Ordinal))), Cell.Of(Words.Stage(c, r.Fact.Stage), CaseCells.Centered), Cell.Of(CaseCells.Marks(c, r)),
                CaseCells.Channel(c, r), CaseCells.Branch(r), CaseCells.Business(c, r), CaseCells.Cause(c, r), CaseCells.Person(r, links), CaseCells.Text(r)],
            c.T("本月没有含升级威胁的投诉。", "No text of the month threatens to escalate."));
    }
}
