using Pipeline.Models.Complaints;
using Pipeline.Models.Flags;
using Pipeline.Models.Flags.Profiles;
using Pipeline.Models.Taxonomy;
using Pipeline.Models.Text;
using Pipeline.Reports.Sheets;

namespace Pipeline.Reports.Workbooks.Cases;

/// <summary>Every case of each profiled complainant in the order of receipt.</summary>
internal static class TimelinesSheet
{
    public static void Add(Composer c, CaseLinks links)
    {
        if (c.Report.Findings?.Profiles is not { Count: > 0 } profiles)
        {
            return;
        }
        Sheet sheet = c.Page(links.TimelinesName, c.T("投诉人时间线", "Complainants' timelines"), c.T("画像所列投诉人的逐件经过", "The cases of each profiled complainant, one by one"));
        (ComplainantProfile Profile, ComplaintFact Fact, int Number)[] rows = [.. profiles.SelectMany(p => p.Timeline.Select((id, i) => (p, links.Fact(id), i + 1)))];
        sheet.Row(Cell.Of(c.T($"共 {rows.Length} 件", English.Count(rows.Length, "case")), Styles.Section));
        TablePlace place = sheet.Table(new SheetTable(
            "Timelines",
            [
                new(c.T("投诉人", "Complainant"), 12, true), new(c.T("序", "No."), 7), new(c.T("受理日期", "Received"), 12), CaseCells.CaseNumberColumn(c), CaseCells.ChannelColumn(c), new(c.T("层级", "Level"), 8),
                CaseCells.BusinessColumn(c), CaseCells.CauseColumn(c), new(c.T("阶段", "Stage"), 12), new(c.T("标记", "Marks"), CaseCells.Wide(c, 16, 24), true), new(c.T("重复于", "Repeats"), 19, true), new(c.T("相隔天数", "Days between"), 10), new(c.T("群诉或有组织", "Group or pattern"), 16, true),
                new(c.T("状态", "Status"), 10), new(c.T("办结日期", "Closed"), 12), new(c.T("满意度", "Satisfaction"), CaseCells.Wide(c, 11, 15), true), CaseCells.AmountColumn(c), new(c.T("补偿金额", "Compensation"), 12), CaseCells.BranchColumn(c),
                new(c.T("识别依据", "Known by"), CaseCells.Wide(c, 20, 28), true),
            ],
            rows.Length,
            rows.Select(r => (IReadOnlyList<Cell>)[
                links.Profile(r.Profile.PersonKey), Cell.Of(r.Number), Cell.Of(r.Fact.Received), Cell.Of(r.Fact.CaseNumber), CaseCells.Class(c, Dimensions.Channel, r.Fact.Channel),
                CaseCells.Rung(r.Fact), CaseCells.Class(c, Dimensions.Business, r.Fact.Business.Class), CaseCells.Class(c, Dimensions.Cause, r.Fact.Cause.Class),
                CaseCells.Stated(Words.Stage(c, r.Fact.Stage), CaseCells.Centered), Cell.Of(CaseCells.Marks(c, r.Fact)), links.Case(r.Fact.RepeatOfCaseNumber), r.Fact.RepeatGapDays is { } gap ? Cell.Of(gap) : Cell.Blank(Styles.Count), links.ClusterOf(r.Fact.ComplaintId),
                Cell.Of(Words.Status(c, r.Fact.Status), CaseCells.Centered), CaseCells.Closed(r.Fact), CaseCells.Satisfaction(c, r.Fact),
                CaseCells.Amount(r.Fact), CaseCells.Stated(r.Fact.Compensation, Styles.Money), CaseCells.Branch(r.Fact),
                Cell.Of(FlagSentence.Person(r.Fact.PersonBasis, c.Language) ?? c.T("此人首件", "the person's first"))])));
        sheet.FreezeBelow(place);
    }
}
