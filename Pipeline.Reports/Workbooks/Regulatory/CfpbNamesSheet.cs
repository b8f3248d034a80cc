using Pipeline.Models.Measures;
using Pipeline.Models.Taxonomy;
using Pipeline.Models.Text;
using Pipeline.Reports.Sheets;

namespace Pipeline.Reports.Workbooks.Regulatory;

/// <summary>
/// The Chinese names beside the US regulator's own, so that a class can be traced to the export. In the Chinese workbook only: the English
/// one prints the regulator's names.
/// </summary>
internal static class CfpbNamesSheet
{
    public static void Add(Composer c)
    {
        if (c.Language != Language.Zh)
        {
            return;
        }
        (string Dimension, IReadOnlyList<string> Members)[] named =
        [
            (Dimensions.Business, c.Members[Dimensions.Business]), (Dimensions.Cause, c.Members[Dimensions.Cause]), (Dimensions.Response, CfpbSheet.ResponsesOf(c)),
        ];
        Sheet sheet = c.Page("CFPB 原名对照", "CFPB 原名对照", "产品、问题、答复的中文名与监管机构原名；中文名为本程序的译名");
        TablePlace place = sheet.Table(SheetTable.Of(
            "CfpbNames",
            [new("维度", 16, true), new("中文名", 48, true), new("原名", 72, true)],
            [.. named.SelectMany(d => d.Members.Where(m => m != FigurePlan.NoMember).Select(m => (IReadOnlyList<Cell>)
                [Cell.Of(c.DimensionName(d.Dimension)), Cell.Of(c.Label(d.Dimension, m)), Cell.Of(c.Report.Taxonomy.Label(d.Dimension, m, Language.En))]))]));
        sheet.FreezeBelow(place);
    }
}
