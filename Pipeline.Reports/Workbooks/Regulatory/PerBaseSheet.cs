using Pipeline.Models.Measures;
using Pipeline.Models.Regulatory;
using Pipeline.Models.Taxonomy;
using Pipeline.Reports.Sheets;

namespace Pipeline.Reports.Workbooks.Regulatory;

/// <summary>Complaints per 1,000 outlets and per 10 million personal customers, by branch, with the denominators that were used.</summary>
internal static class PerBaseSheet
{
    private const string Complaints = "complaints";

    public static void Add(Composer c)
    {
        Denominators denominators = c.Report.Regulatory!.Denominators;
        Sheet sheet = c.Page(c.T("相对量", "Relative figures"), c.T("每千营业网点、每千万个人客户投诉量", "Complaints per 1,000 outlets and per 10 million personal customers"), c.T("与网点数、个人客户数相比，哪家机构投诉多", "Which organisation has many complaints for its outlets and customers"));
        if (denominators.Entries.Count == 0)
        {
            sheet.Paragraph(
                c.T($"未载入分母，相对量无定义。载入：pipeline denominators load 文件.csv --source {c.Report.Source}（列：from_month,branch,outlets,personal_customers）。",
                    $"No denominators are loaded, so nothing here is defined. Load them: pipeline denominators load FILE.csv --source {c.Report.Source} (columns from_month,branch,outlets,personal_customers)."),
                Styles.Note, 1, 8);
            return;
        }
        FigurePeriod month = FigurePeriod.Of(c.Month);
        FigurePeriod quarter = RegulatoryPlan.Quarters(c.Month, c.Report.History)[0];
        FigurePeriod? whole = RegulatoryPlan.LastWholeQuarter(c.Month, c.Report.History) is { } last && last != quarter ? last : null;
        List<(string Name, FigurePeriod Period)> periods = [(c.T("本月", "Month"), month), (c.T("本季至今", "Quarter to date"), quarter)];
        if (whole is { } before)
        {
            periods.Add((c.T($"上季 {before.From.Year}Q{((before.From.Month - 1) / 3) + 1}", $"{before.From.Year}Q{((before.From.Month - 1) / 3) + 1}"), before));
        }
        Breakdown branches = new(c, Dimensions.Branch);
        List<string> members = [.. branches.Members.Where(m => periods.Any(p => Peek(c, Complaints, p.Period, m) > 0) || denominators.InForce(m, c.Month) is not null)];
        List<TableColumn> columns = [new(c.DimensionName(Dimensions.Branch), 0, true), new(c.T("营业网点", "Outlets"), 10), new(c.T("个人客户", "Personal customers"), 14)];
        foreach ((string name, _) in periods)
        {
            columns.AddRange([new(c.T($"{name} 件数", $"{name}: complaints"), 11), new(c.T($"{name} 件/千网点", $"{name}: per 1,000 outlets"), 12), new(c.T($"{name} 件/千万客户", $"{name}: per 10m customers"), 13)]);
        }
        TablePlace place = sheet.Table(SheetTable.Of(
            "PerBase", columns,
            [.. members.Select(m => (IReadOnlyList<Cell>)
            [
                Cell.Of(branches.Label(m)), Number(denominators.Of(Denominators.Outlets, m, c.Month)), Number(denominators.Of(Denominators.PersonalCustomers, m, c.Month)),
                .. periods.SelectMany(p => Cells(c, p.Period, branches.Term(m))),
            ])],
            [
                Cell.Of(c.T("合计", "Total")), Number(denominators.Of(Denominators.Outlets, null, c.Month)), Number(denominators.Of(Denominators.PersonalCustomers, null, c.Month)),
                .. periods.SelectMany(p => Cells(c, p.Period)),
            ]));
        sheet.FreezeBelow(place);
        sheet.Skip();
        foreach (FigurePeriod period in periods.Select(p => p.Period).Distinct())
        {
            IReadOnlyList<string> missing = denominators.Missing(period.To);
            if (missing.Count > 0)
            {
                sheet.Paragraph(
                    c.T($"{period.Span}：{string.Join("、", missing)} 缺 {period.To} 所属季度的分母，该机构与全行的相对量无定义（–）。", $"{period.Span}: {string.Join(", ", missing)} have no denominators in the quarter of {period.To}; their figures and the bank's are not defined (–)."),
                    Styles.Note with { Color = Palette.Alert }, 1, 9);
            }
        }
        sheet.Paragraph(
            c.T($"分母 = 期末月份所属季度的数（文件校验值 {denominators.Sha256![..12]}）；无分母的机构列“–”，其投诉计入全行。不年化。所示网点与客户数为本月适用者。",
                $"Denominators of the quarter that the last month belongs to (file {denominators.Sha256![..12]}); organisations without any show a dash and count in the bank's total. Not annualised. The outlets and customers shown are those of this month."),
            Styles.Note, 1, 9);
    }

    private static IEnumerable<Cell> Cells(Composer c, FigurePeriod period, params FilterTerm[] terms) =>
    [
        c.Cell(new FigureKey(Complaints, period, terms)), c.Cell(new FigureKey("per_1000_outlets", period, terms)), c.Cell(new FigureKey("per_10m_customers", period, terms)),
    ];

    private static decimal Peek(Composer c, string measure, FigurePeriod period, string branch) =>
        c.Value(measure, period, Composer.Term(Dimensions.Branch, branch)) ?? 0;

    private static Cell Number(long? number) => Cell.OrUndefined(number, Styles.Count);
}
