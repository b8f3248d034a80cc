using Pipeline.Models.Measures;
using Pipeline.Models.Taxonomy;
using Pipeline.Reports.Sheets;

namespace Pipeline.Reports.Workbooks.Regulatory;

/// <summary>
/// The three dimensions of JR/T 0169 by branch and by region: the month as tables with classes across, and the quarter, half-year and year to
/// date as lists that can be filtered and pivoted. Channel of business by branch in the month stands on its own sheet, with its subtotals.
/// </summary>
internal static class OrganisationClassesSheet
{
    private const string Complaints = "complaints";

    private static readonly (string Organisation, string Name)[] Organisations = [(Dimensions.Branch, "Branch"), (Dimensions.Region, "Region")];

    private static readonly (string Dimension, string Name)[] Classes = [(Dimensions.BusinessChannel, "A"), (Dimensions.Business, "B"), (Dimensions.Cause, "C")];

    public static void Add(Composer c)
    {
        AddMonth(c);
        AddToDate(c);
    }

    private static void AddMonth(Composer c)
    {
        Sheet sheet = c.Page(
            c.T("分行地区×维度", "Organisations by class"), c.T("本月：分行、地区 × 三个维度", "This month: branches and regions by the three dimensions"),
            c.T("各分行、各地区的投诉涉及哪些业务、出于什么原因", "Which business lines and causes the complaints of each branch and region concern"));
        foreach ((string organisation, string name) in Organisations)
        {
            Breakdown down = new(c, organisation);
            string[] rows = [.. down.Members.Where(m => down.Count(Complaints, m) > 0)];
            foreach ((string dimension, string letter) in Classes.Where(d => organisation != Dimensions.Branch || d.Dimension != Dimensions.BusinessChannel))
            {
                Breakdown across = new(c, dimension);
                if (down.IsSilent || across.IsSilent)
                {
                    continue;
                }
                sheet.Row(Cell.Of(Heading(c, organisation, dimension, letter), Styles.Section));
                CrossTable.Add(c, sheet, $"Month{name}{letter}", down, rows, across, [.. across.Members.Where(m => across.Count(Complaints, m) > 0)]);
                sheet.Skip();
            }
        }
        sheet.Paragraph(
            c.T("行合计、列合计均等于本月投诉量；业务办理渠道 × 分行见“业务办理渠道”。", "Rows and columns both add up to the complaints of the month; channel of business by branch stands on “Business channel”."),
            Styles.Note, 1, 9);
        sheet.Freeze(1, 2);
    }

    private static void AddToDate(Composer c)
    {
        Sheet sheet = c.Page(
            c.T("分行地区分期", "Organisations by period"), c.T("分行、地区 × 三个维度：月、季、半年、年", "Branches and regions by the three dimensions: month, quarter, half-year and year"),
            c.T("各分行、各地区每一类别在本月及本季、本半年、本年至报告月的件数，可筛选、可透视", "Complaints of each branch and region in each class: the month, and the quarter, half-year and year up to it; to filter and pivot"));
        (string Head, FigurePeriod Period)[] periods = [.. PeriodsSheet.Columns(c).Where(p => p.Period.To == c.Month)];
        sheet.Paragraph(
            c.T("每一组“机构类别 + 维度”的各行之和等于当期投诉量。标 * 的季、半年、年截至报告月，尚未结束。",
                "The rows of one kind of organisation and one dimension add up to the complaints of the period. Periods marked * run up to the reporting month and are not over."),
            Styles.Note, 1, 8);
        List<IReadOnlyList<Cell>> rows = [.. from o in Organisations from d in Classes from row in Rows(c, new Breakdown(c, o.Organisation), new Breakdown(c, d.Dimension), d.Name, periods) select row];
        if (rows.Count == 0)
        {
            sheet.Row(Cell.Of(c.T("这些期间没有按机构和维度可列的投诉。", "No complaints of these periods can be listed by organisation and class."), Styles.Finding));
            return;
        }
        TablePlace place = sheet.Table(SheetTable.Of(
            "OrganisationClasses",
            [
                new(c.T("机构类别", "By"), 11, true), new(c.T("机构", "Organisation"), 22, true), new(c.T("维度", "Dimension"), 20, true), new(c.T("类别", "Class"), c.Language == Models.Text.Language.Zh ? 30 : 44, true),
                .. periods.Select(q => new TableColumn(q.Head, 11)),
            ],
            rows));
        sheet.FreezeBelow(place);
    }

    private static IEnumerable<IReadOnlyList<Cell>> Rows(Composer c, Breakdown down, Breakdown across, string letter, (string Head, FigurePeriod Period)[] periods)
    {
        if (down.IsSilent || across.IsSilent)
        {
            yield break;
        }
        (Cell by, Cell dimension) = (Cell.Of(c.DimensionName(down.Dimension)), Cell.Of($"{letter} {c.DimensionName(across.Dimension)}"));
        foreach ((string organisation, string member) in down.Members.SelectMany(o => across.Members.Select(m => (o, m))))
        {
            FilterTerm[] terms = [down.Term(organisation), across.Term(member)];
            if (periods.Any(q => Value(c, q.Period, terms) > 0))
            {
                yield return [by, Cell.Of(down.Label(organisation)), dimension, Cell.Of(across.Label(member)), .. periods.Select(q => c.Cell(new FigureKey(Complaints, q.Period, terms)))];
            }
        }
        decimal[] rest = [.. periods.Select(q => Value(c, q.Period) - down.Members.Sum(o => across.Members.Sum(m => Value(c, q.Period, down.Term(o), across.Term(m)))))];
        if (rest.Any(r => r != 0))
        {
            yield return [by, Cell.Of(down.RestLabel), dimension, Cell.Blank(Styles.Text), .. rest.Select(r => Composer.Derived(r))];
        }
    }

    private static string Heading(Composer c, string organisation, string dimension, string letter) =>
        c.T($"{c.DimensionName(organisation)} × {c.DimensionName(dimension)}（维度 {letter}）", $"{c.DimensionName(organisation)} by {c.DimensionName(dimension).ToLowerInvariant()} (dimension {letter})");

    private static decimal Value(Composer c, FigurePeriod period, params IEnumerable<FilterTerm> terms) => c.Value(Complaints, period, terms) ?? 0;
}
