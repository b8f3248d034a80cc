using Pipeline.Models.Measures;
using Pipeline.Models.Regulatory;
using Pipeline.Reports.Sheets;
using Pipeline.Reports.Workbooks.Front;

namespace Pipeline.Reports.Workbooks.Regulatory;

/// <summary>
/// The disclosure as a workbook of its own, to be handed out: the sheet of the regulatory workbook with the same numbers and the definitions
/// of what it prints; no complaint, no key of a figure, no link.
/// </summary>
internal static class DisclosureWorkbook
{
    public static void Compose(Composer c)
    {
        if (c.HasView(RegulatoryViews.China))
        {
            DisclosureSheet.Add(c);
        }
        else
        {
            Sheet none = c.Page(c.T("信息披露", "Disclosure"), c.T("消费投诉情况披露", "Complaints disclosed"), c.T("本来源没有披露表", "No table of disclosure for this source"));
            none.Paragraph(
                c.T($"分类体系 {c.Report.Taxonomy.Id} 未启用视图 cn（regulatory.json 的 views），没有可披露的表。", $"The taxonomy {c.Report.Taxonomy.Id} does not have the view cn (views in regulatory.json): there is nothing to disclose."),
                Styles.Finding, 1, 7);
        }
        Definitions(c);
    }

    private static void Definitions(Composer c)
    {
        HashSet<string> used = [.. c.Register.Used.Select(u => u.Key.Measure)];
        if (used.Count == 0)
        {
            return;
        }
        Sheet sheet = c.Page(c.Names.Definitions, c.Names.Definitions, c.T("所列指标的公式", "Formulas of the indicators"));
        TablePlace place = sheet.Table(SheetTable.Of(
            "Definitions",
            [new(c.T("指标", "Indicator"), 30, true), new(c.T("单位", "Unit"), 18, true), new(c.T("公式、定义", "Formula or definition"), 96, true)],
            [.. MeasureCatalog.All.Where(m => used.Contains(m.Key)).Select(m => (IReadOnlyList<Cell>)
            [
                Cell.Of(c.T(m.Name), Styles.TextWrapped), Cell.Of(FiguresSheet.Units(c, m.Unit), Styles.TextWrapped), Cell.Of(c.T(m.Definition), Styles.TextWrapped),
            ])]));
        sheet.FreezeBelow(place);
    }
}
