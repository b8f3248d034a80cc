using Pipeline.Models.Flags;
using Pipeline.Models.Taxonomy;
using Pipeline.Reports.Sheets;

namespace Pipeline.Reports.Workbooks.Cases;

/// <summary>Cases flagged as escalating: came back through a channel higher on the ladder, or say that they will.</summary>
internal static class EscalatingSheet
{
    public static void Add(Composer c, CaseLinks links)
    {
        Sheet sheet = c.Page(c.T("升级预警", "Escalating"), c.T("升级预警：已升级与扬言升级", "Escalating cases: escalated, or threatening to"), c.T("谁转向了更高层级的渠道（已升级），或表示将要转向", "Who went to a higher channel (escalated), or says they will"));
        List<CaseRow> rows = [.. c.Report.Cases
            .Where(r => CaseCells.Flag(r, FlagKinds.Escalating) is not null)
            .OrderByDescending(r => CaseCells.Flag(r, FlagKinds.Escalating)!.Score)
            .ThenByDescending(r => r.Fact.IsEscalation)
            .ThenByDescending(r => r.Fact.Level)
            .ThenBy(r => r.Fact.CaseNumber, StringComparer.Ordinal)];
        CaseCells.List(
            c, sheet, "Escalating",
            [
                CaseCells.CaseNumberColumn(c), new(c.T("受理日期", "Received"), 12), CaseCells.PersonColumn(c), new(c.T("分值", "Score"), 8), new(c.T("已升级", "Went higher"), 9),
                new(c.T("原渠道", "From"), 15, true), new(c.T("现渠道", "To"), 15, true), new(c.T("层级变化", "Levels up"), 10), new(c.T("威胁用语", "Threats"), 16, true),
                new(c.T("依据", "Evidence"), 60, true), new(c.T("状态", "Status"), 10), CaseCells.BranchColumn(c), CaseCells.BusinessColumn(c), CaseCells.CauseColumn(c), CaseCells.TextColumn(c),
            ],
            rows,
            r =>
            {
                FlagEvidence flag = CaseCells.Flag(r, FlagKinds.Escalating)!;
                return
                [
                    CaseCells.CaseNumber(r), Cell.Of(r.Fact.Received), CaseCells.Person(r, links), Cell.Of(Math.Round(flag.Score, 2), Styles.Score),
                    Cell.Of(r.Fact.IsEscalation ? flag.IsSecondEscalation == true ? c.T("二次升级", "again") : c.T("是", "yes") : "", CaseCells.Centered),
                    CaseCells.Class(c, Dimensions.Channel, flag.FromChannel), CaseCells.Class(c, Dimensions.Channel, flag.ToChannel ?? r.Fact.Channel),
                    Cell.Of(flag is { FromLevel: { } from, ToLevel: { } to } ? $"{from} → {to}" : "", CaseCells.Centered), Cell.Of(Words.Cues(c, flag.Cues ?? [])),
                    Cell.Of(Words.Evidence(c, flag), CaseCells.Clipped), Cell.Of(Words.Status(c, r.Fact.Status), CaseCells.Centered),
                    CaseCells.Branch(r), CaseCells.Business(c, r), CaseCells.Cause(c, r), CaseCells.Text(r),
                ];
            },
            c.Value("escalated", c.Month) is null
                ? c.T("本月没有扬言升级的投诉；来源没有载明投诉人，哪些已升级无从得知。", "No case of the month threatens to escalate; which did is not known: the source does not state who complained.")
                : c.T("本月没有已升级或扬言升级的投诉。", "No case of the month is escalating."));
    }
}
