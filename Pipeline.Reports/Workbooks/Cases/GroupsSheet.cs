using Pipeline.Models.Complaints;
using Pipeline.Models.Flags.Groups;
using Pipeline.Models.Taxonomy;
using Pipeline.Models.Text;
using Pipeline.Reports.Sheets;

namespace Pipeline.Reports.Workbooks.Cases;

/// <summary>Groups: many persons, one matter, one place, few days; and every complaint that belongs to one.</summary>
internal static class GroupsSheet
{
    public static void Add(Composer c, CaseLinks links)
    {
        if (c.Report.Findings?.Groups is not { } groups)
        {
            return;
        }
        GroupRules rules = c.Report.Rules.Group;
        Sheet sheet = c.Page(links.GroupsName, c.T("群体投诉", "Group complaints"), c.T("多人就同一事项在同一机构集中投诉", "Many persons with one matter at one place within few days"));
        if (groups.Count == 0)
        {
            sheet.Width(1, 100);
            sheet.Row(Cell.Of(c.T(
                $"本月没有达到口径的群体投诉（{rules.WindowCalendarDays} 日内同一机构同一{c.Noun(Dimensions.Business)} {rules.SuspectedPersons} 人以上，且为平常的 {rules.TimesUsual} 倍以上）。",
                $"No group this month ({rules.SuspectedPersons} persons or more at one place and on one {c.Noun(Dimensions.Business)} within {rules.WindowCalendarDays} days, {rules.TimesUsual} times the usual number)."), Styles.Finding));
            return;
        }
        sheet.Row(Cell.Of(c.T($"共 {groups.Count} 组", English.Count(groups.Count, "group")), Styles.Section));
        TablePlace place = sheet.Table(SheetTable.Of(
            "Groups",
            [
                new(c.T("群诉编号", "Group"), 16, true), new(c.T("被投诉机构", "Place"), 22, true), new(c.T("首日", "First day"), 12), new(c.T("末日", "Last day"), 12), new(c.T("人数", "Persons"), 10),
                new(c.T("现场人数", "Face to face"), 10), new(c.T("是否现场不明", "Unknown"), 10), new(c.T("平常同期人数", "Usual persons"), 10), new(c.T("重大消费投诉", "Major complaint"), 22, true),
                CaseCells.BusinessColumn(c), CaseCells.CauseColumn(c), new(c.T("件数", "Complaints"), 10),
            ],
            [.. groups.Select(g => (IReadOnlyList<Cell>)[
                Cell.Of(g.Key), Cell.Of(g.Place), Cell.Of(g.First), Cell.Of(g.Last), Cell.Of(g.Persons), Cell.Of(g.FaceToFacePersons), Cell.Of(g.UnknownPersons), Cell.Of(Math.Round(g.UsualPersons, 1), Styles.Days),
                Cell.Of(Major(c, g, rules)), CaseCells.Class(c, Dimensions.Business, g.Business), CaseCells.Class(c, Dimensions.Cause, g.Cause), Cell.Of(g.Complaints.Count)])]));
        sheet.Freeze(place.FirstRow, 2);
        sheet.Skip();
        sheet.Row(Cell.Of(c.T("组内投诉", "Complaints of the groups"), Styles.Section));
        sheet.Table(SheetTable.Of(
            "GroupCases",
            [
                new(c.T("群诉编号", "Group"), 16, true), CaseCells.CaseNumberColumn(c), new(c.T("受理日期", "Received"), 12), new(c.T("办结日期", "Closed"), 12), new(c.T("状态", "Status"), 10), new(c.T("层级", "Level"), 10),
                new(c.T("重复", "Repeat"), 10), new(c.T("升级", "Escalated"), 10), new(c.T("投诉渠道", "Channel"), 22, true), CaseCells.BusinessColumn(c), CaseCells.CauseColumn(c), new(c.T("投诉人", "Complainant"), 12, true),
                new(c.T("归入依据", "Why it belongs"), CaseCells.Wide(c, 40, 54), true),
            ],
            [.. groups.SelectMany(g => g.Complaints.Select(id => Member(c, links, g, links.Fact(id))))]));
    }

    private static IReadOnlyList<Cell> Member(Composer c, CaseLinks links, ComplaintGroup group, ComplaintFact fact) =>
    [
        links.Cluster(group.Key), links.Case(fact.CaseNumber), Cell.Of(fact.Received), Cell.Of(fact.Closed), Cell.Of(Words.Status(c, fact.Status), CaseCells.Centered), Cell.Of(fact.Level),
        Cell.Of(fact.RepeatOf is null ? "" : c.T("是", "yes"), CaseCells.Centered), Cell.Of(fact.IsEscalation ? c.T("是", "yes") : "", CaseCells.Centered), CaseCells.Class(c, Dimensions.Channel, fact.Channel),
        CaseCells.Class(c, Dimensions.Business, fact.Business.Class), CaseCells.Class(c, Dimensions.Cause, fact.Cause.Class), links.Person(fact.PersonKey),
        Cell.Of(Why(c, group, fact)),
    ];

    private static string Why(Composer c, ComplaintGroup group, ComplaintFact fact)
    {
        int day = fact.Received.DayNumber - group.First.DayNumber + 1;
        return fact.Business.Class == group.Business
            ? c.T($"同一机构同一{c.Noun(Dimensions.Business)}，第 {day} 天", $"same place and {c.Noun(Dimensions.Business)}, day {day}")
            : c.T($"同一机构、同一{c.Noun(Dimensions.Cause)}、同一渠道，第 {day} 天", $"same place, {c.Noun(Dimensions.Cause)} and channel, day {day}");
    }

    private static string Major(Composer c, ComplaintGroup group, GroupRules rules) => group.IsMajor(rules) switch
    {
        true => c.T("是：", "yes: ") + Words.FaceToFace(c, group.FaceToFacePersons, rules.MajorPersons),
        null => c.T("是否现场不明，须核实", "unknown who came in person"),
        false => c.T($"现场不满 {rules.MajorPersons} 人", $"fewer than {rules.MajorPersons} face to face"),
    };
}
