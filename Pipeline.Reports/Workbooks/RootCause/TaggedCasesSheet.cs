using Pipeline.Models.RootCauses;
using Pipeline.Reports.Sheets;
using Pipeline.Reports.Workbooks.Cases;

namespace Pipeline.Reports.Workbooks.RootCause;

/// <summary>The complaints of the month that have a tag a person should look at: refusals, customers who may need care, media, petition and court.</summary>
internal static class TaggedCasesSheet
{
    private static readonly string[] Listed = ["refusal", "vulnerable", "risk"];

    public static void Add(Composer c)
    {
        if (c.Report.RootCauses?.Tags is not { } tags)
        {
            return;
        }
        Dictionary<string, TagName> names = tags.Names.Where(n => Listed.Contains(n.Group)).ToDictionary(n => n.Key, StringComparer.Ordinal);
        List<CaseRow> rows = [.. c.Report.Cases.Where(x => x.Fact.Tags.Any(names.ContainsKey))];
        Sheet sheet = c.Page(c.T("标签案件", "Tagged cases"), c.T("需要看的标签案件", "Tagged cases to look at"), c.T("拒绝办理、需特别关照、有舆情或诉讼等风险的投诉", "Refusals, customers who may need care, risks of publicity and litigation"));
        CaseCells.List(
            c, sheet, "TaggedCases",
            [
                CaseCells.CaseNumberColumn(c), new(c.T("受理日期", "Received"), 12), new(c.T("状态", "Status"), 9), .. Listed.Select(g => new TableColumn(tags.Groups.Where(x => x.Key == g).Select(x => c.T(x.Zh, x.En)).FirstOrDefault(g), 20, true)),
                CaseCells.BusinessColumn(c), CaseCells.CauseColumn(c), CaseCells.BranchColumn(c), CaseCells.TextColumn(c),
            ],
            rows,
            row =>
            [
                CaseCells.CaseNumber(row), Cell.Of(row.Fact.Received), Cell.Of(Words.Status(c, row.Fact.Status), CaseCells.Centered),
                .. Listed.Select(g => Cell.Of(string.Join(c.T("、", ", "), row.Fact.Tags.Where(t => names.TryGetValue(t, out TagName? n) && n.Group == g).Select(t => c.T(names[t].Zh, names[t].En))), CaseCells.Clipped)),
                CaseCells.Business(c, row), CaseCells.Cause(c, row), CaseCells.Branch(row), CaseCells.Text(row),
            ],
            c.T("本月没有这类标签的投诉。", "No complaint of the month has such a tag."));
    }
}
