using Pipeline.Models.Complaints;
using Pipeline.Models.Flags.Groups;
using Pipeline.Models.Taxonomy;
using Pipeline.Models.Text;
using Pipeline.Reports.Sheets;

namespace Pipeline.Reports.Workbooks.Cases;

/// <summary>Matters that came up suddenly at many places, and every complaint of them: candidates to look at, no flags.</summary>
internal static class RisesSheet
{
    public static void Add(Composer c, CaseLinks links)
    {
        if (c.Report.Findings?.Rises is not { } rises)
        {
            return;
        }
        WideRiseRules rules = c.Report.Rules.WideRise;
        Sheet sheet = c.Page(
            links.RisesName, c.T("多机构突增：待核实", "Wide rises: to be looked at"),
            c.T($"同一{c.Noun(Dimensions.Business)}同一{c.Noun(Dimensions.Cause)}数日内在多家机构突增；仅供核实，不作群诉标记", $"One {c.Noun(Dimensions.Business)} and {c.Noun(Dimensions.Cause)}, suddenly at many places; for a person to look at, no flag"));
        if (rises.Count == 0)
        {
            sheet.Width(1, 100);
            sheet.Row(Cell.Of(c.T(
                $"本月没有达到口径的多机构突增（{rules.WindowCalendarDays} 日内 {rules.SuspectedPersons} 人以上、{rules.Places} 家机构以上，且为平常的 {rules.TimesUsual} 倍以上）。",
                $"No wide rise this month ({rules.SuspectedPersons} persons or more at {rules.Places} places or more within {rules.WindowCalendarDays} days, {rules.TimesUsual} times the usual number)."), Styles.Finding));
            return;
        }
        sheet.Row(Cell.Of(c.T($"共 {rises.Count} 组", English.Count(rises.Count, "rise")), Styles.Section));
        TablePlace place = sheet.Table(SheetTable.Of(
            "Rises",
            [
                new(c.T("突增编号", "Rise"), 16, true), CaseCells.BusinessColumn(c), CaseCells.CauseColumn(c), new(c.T("首日", "First day"), 12), new(c.T("末日", "Last day"), 12),
                new(c.T("人数", "Persons"), 10), new(c.T("机构数", "Places"), 10), new(c.T("件数", "Complaints"), 10), new(c.T("单一机构最多", "Most at one place"), 11), new(c.T("平常同期人数", "Usual persons"), 11),
                new(c.T("疑似有组织文本", "Letters of patterns"), 12), new(c.T("内容相近", "Texts alike"), 10), new(c.T("提示", "Reading"), CaseCells.Wide(c, 46, 60), true),
            ],
            [.. rises.Select(r => (IReadOnlyList<Cell>)[
                Cell.Of(r.Key), CaseCells.Class(c, Dimensions.Business, r.Business), CaseCells.Class(c, Dimensions.Cause, r.Cause), Cell.Of(r.First), Cell.Of(r.Last),
                Cell.Of(r.Persons), Cell.Of(r.Places), Cell.Of(r.Complaints.Count), Cell.Of(r.MostAtOnePlace), Cell.Of(Math.Round(r.UsualPersons, 1), Styles.Days),
                Cell.Of(r.InPatterns), r.AlikeTexts is { } alike ? Cell.Of(alike) : Cell.Blank(Styles.Count), Cell.Of(Reading(c, r))])]));
        sheet.Freeze(place.FirstRow, 2);
        sheet.Skip();
        sheet.Row(Cell.Of(c.T("所含投诉", "Complaints of the rises"), Styles.Section));
        sheet.Table(SheetTable.Of(
            "RiseCases",
            [
                new(c.T("突增编号", "Rise"), 16, true), CaseCells.CaseNumberColumn(c), new(c.T("受理日期", "Received"), 12), new(c.T("状态", "Status"), 10), CaseCells.BranchColumn(c), CaseCells.ChannelColumn(c),
                new(c.T("标记", "Marks"), 16, true), CaseCells.AmountColumn(c), new(c.T("投诉人", "Complainant"), 12, true),
            ],
            [.. rises.SelectMany(r => r.Complaints.Select(id => Member(c, links, r, links.Fact(id))))]));
    }

    private static IReadOnlyList<Cell> Member(Composer c, CaseLinks links, WideRise rise, ComplaintFact fact) =>
    [
        links.Cluster(rise.Key), links.Case(fact.CaseNumber), Cell.Of(fact.Received), Cell.Of(Words.Status(c, fact.Status), CaseCells.Centered), CaseCells.Branch(fact),
        CaseCells.Class(c, Dimensions.Channel, fact.Channel), Cell.Of(CaseCells.Marks(c, fact)), fact.Amount is { } amount ? Cell.Of(amount, Styles.Money) : Cell.Blank(Styles.Money), links.Person(fact.PersonKey),
    ];

    private static string Reading(Composer c, WideRise rise) => rise.IsMostlyPatterns
        ? c.T("主要为疑似有组织文本，见该表", "mostly letters of an organised pattern: see that sheet")
        : c.T("未见组织迹象，先核实产品、系统或规则变动", "no sign of organisation; look for a change of product, system or rule first");
}
