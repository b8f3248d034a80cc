using System.Globalization;
using Pipeline.Models.Complaints;
using Pipeline.Models.Flags.Organised;
using Pipeline.Models.Taxonomy;
using Pipeline.Models.Text;
using Pipeline.Reports.Sheets;

namespace Pipeline.Reports.Workbooks.Cases;

/// <summary>Letters of many persons that look organised: evidence for a person to look at, never a verdict.</summary>
internal static class PatternsSheet
{
    public static void Add(Composer c, CaseLinks links)
    {
        if (c.Report.Findings is not { } findings)
        {
            return;
        }
        Sheet sheet = c.Page(
            links.PatternsName, c.T("疑似有组织投诉（线索）", "Organised patterns (evidence)"),
            c.T("多人文本近乎相同且集中出现；仅为线索，须人工核实，不得据此拒绝受理", "Near-identical letters of many persons within days; evidence for a person to check, never a reason to refuse"));
        if (findings.Patterns.Count == 0)
        {
            sheet.Width(1, 100);
            sheet.Row(Cell.Of(c.T("本月没有疑似有组织的投诉。", "There is no organised pattern this month."), Styles.Finding));
            return;
        }
        Dictionary<string, OrganisedSignal> signals = findings.Signals.ToDictionary(s => s.Key, StringComparer.Ordinal);
        sheet.Row(Cell.Of(c.T($"共 {findings.Patterns.Count} 组", English.Count(findings.Patterns.Count, "pattern")), Styles.Section));
        TablePlace place = sheet.Table(new SheetTable(
            "Patterns",
            [
                new(c.T("线索编号", "Pattern"), 16, true), new(c.T("首日", "First day"), 19), new(c.T("末日", "Last day"), 12), new(c.T("人数", "Persons"), 12), new(c.T("近乎相同人数", "Near-identical"), 18), new(c.T("件数", "Letters"), 10),
                new(c.T("文本式样", "Wordings"), 16), new(c.T("共用联系方式", "Shared contacts"), 22, true), new(c.T("分值", "Score"), 16), new(c.T("信号（强度）", "Signals (strength)"), 70, true),
            ],
            findings.Patterns.Count,
            findings.Patterns.Select(p => (IReadOnlyList<Cell>)[
                Cell.Of(p.Key), Cell.Of(p.First), Cell.Of(p.Last), Cell.Of(p.Persons), Cell.Of(p.NearPersons), Cell.Of(p.Letters.Count), Cell.Of(p.Families), Cell.Of(Contacts(c, p)),
                Cell.Of(Math.Round(p.Score, 2), Styles.Score), Cell.Of(Signals(c, p, signals), CaseCells.Clipped)])));
        sheet.Freeze(place.FirstRow, 2);
        sheet.Skip();
        sheet.Row(Cell.Of(c.T("线索内的投诉", "Letters of the patterns"), Styles.Section));
        sheet.Table(SheetTable.Of(
            "PatternLetters",
            [
                new(c.T("线索编号", "Pattern"), 16, true), CaseCells.CaseNumberColumn(c), new(c.T("受理日期", "Received"), 12), new(c.T("投诉人", "Complainant"), 12, true), new(c.T("归入依据", "Tie"), 18, true),
                new(c.T("相似度", "Similarity"), 10), CaseCells.ChannelColumn(c), new(c.Complained, 22, true), CaseCells.BusinessColumn(c), new(c.DimensionName(Dimensions.Cause), 70, true),
            ],
            [.. findings.Patterns.SelectMany(p => p.Letters.Select(l => Letter(c, links, p, l)))]));
    }

    private static IReadOnlyList<Cell> Letter(Composer c, CaseLinks links, OrganisedPattern pattern, PatternLetter letter)
    {
        ComplaintFact fact = links.Fact(letter.ComplaintId);
        return
        [
            links.Cluster(pattern.Key), Cell.Of(fact.CaseNumber), Cell.Of(fact.Received), links.Person(fact.PersonKey), Cell.Of(Words.Tie(c, letter.Tie)),
            letter.Similarity > 0 ? Cell.Of(Math.Floor(letter.Similarity * 100) / 100, Styles.Score) : Cell.Blank(Styles.Score), CaseCells.Class(c, Dimensions.Channel, fact.Channel), CaseCells.Branch(fact),
            CaseCells.Class(c, Dimensions.Business, fact.Business.Class), CaseCells.Class(c, Dimensions.Cause, fact.Cause.Class),
        ];
    }

    private static string Contacts(Composer c, OrganisedPattern pattern) => pattern.SharedContacts.Count == 0
        ? c.T("无", "none")
        : c.T($"{pattern.SharedContacts.Count} 个，各 {string.Join('、', pattern.SharedContacts)} 人", $"{pattern.SharedContacts.Count}: of {string.Join(", ", pattern.SharedContacts)} persons");

    private static string Signals(Composer c, OrganisedPattern pattern, Dictionary<string, OrganisedSignal> signals) => string.Join(c.T("；", "; "), pattern.Signals
        .Where(s => s.Strength > 0)
        .Select(s => (signals.TryGetValue(s.Key, out OrganisedSignal? signal) ? c.T(signal.Zh, signal.En) : s.Key)
            + " " + Math.Round(s.Strength * 100).ToString("0", CultureInfo.InvariantCulture) + "%"));
}
