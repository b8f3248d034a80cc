using Pipeline.Models.Complaints;
using Pipeline.Models.Measures;
using Pipeline.Models.Taxonomy;
using Pipeline.Reports.Sheets;

namespace Pipeline.Reports.Workbooks.Regulatory;

/// <summary>
/// The view of the US monthly complaint report (DOMAIN B4): products, issues, responses and companies with three-month averages against the
/// same months of the year before, and the change on the month. Companies have 60 days, so their figures lag two months.
/// </summary>
internal static class CfpbSheet
{
    private const string Complaints = "complaints";

    /// <summary>Months by which figures of companies lag: they have 60 days to respond (DOMAIN B4).</summary>
    private const int CompanyLag = 2;

    private const string TimelyRate = "timely_response_rate";

    private const int Listed = 25;
    private const int MostCompanies = 20;
    private const int MostTimely = 6;

    public static void Add(Composer c)
    {
        Sheet sheet = c.Page(c.T("CFPB 视图", "CFPB view"), c.T("CFPB 月报视图：产品、问题、答复", "Monthly view: products, issues, responses"), c.T("三个月均值与去年同期、环比；公司数字滞后两个月", "Three-month averages against the year before, change on the month; companies lag two months"));
        TablePlace place = Moving(c, sheet, "CfpbProducts", c.DimensionName(Dimensions.Business), c.T("产品", "Products"), Dimensions.Business, new Breakdown(c, Dimensions.Business).Members, int.MaxValue, c.RestLabel);
        sheet.FreezeBelow(place);
        Moving(c, sheet, "CfpbIssues", c.DimensionName(Dimensions.Cause), c.T($"问题（最多 {Listed} 个，其余合为一行）", $"Issues (at most {Listed}, the others in one row)"), Dimensions.Cause, new Breakdown(c, Dimensions.Cause).Members, Listed, c.RestLabel);
        Responses(c, sheet);
        Timely(c, sheet);
        Companies(c, sheet);
        sheet.Paragraph(
            c.T($"每行至少在所比较的某一个月有投诉；各行之和等于合计。三个月均值 = 本月与前两个月的平均；三个月均值同比 = 三个月均值 ÷ 去年同样三个月的均值 − 1；环比 = 本月 ÷ 上月 − 1。数据不足时为“–”。公司须在 {c.Limits[0]} 日内答复、{c.Limits[^1]} 日内最终答复，因此标 * 的月份的公司数字尚不完整，不与往月比较。",
                $"Each row has a complaint in some of the months that are compared; the rows add up to the total. Three-month average: of this month and the two before it; its change on year: against the average of the same three months of the year before; change on month: this month against the last. A dash stands where the data do not reach back. Companies respond within {c.Limits[0]} days and finally within {c.Limits[^1]}, so their figures of months marked * are not complete and are not compared."),
            Styles.Note, 1, 8);
    }

    /// <summary>One row for each class with a complaint in any of the months that the columns are made of, one for what these leave of the total, and the total.</summary>
    private static TablePlace Moving(Composer c, Sheet sheet, string table, string head, string title, string dimension, IReadOnlyList<string> members, int most, string rest)
    {
        (List<string> shown, bool hasRest) = Shown(c, dimension, members, c.Month, most);
        sheet.Row(Cell.Of(title, Styles.Section));
        TablePlace place = sheet.Table(SheetTable.Of(
            table,
            [
                new(head, 48, true), new(c.Head(c.Month), 12), new(c.T("占比", "Share"), 10), new(c.T("上月", "Month before"), 12), new(c.T("环比", "Change on month"), 12),
                new(c.T("三个月均值", "Three-month average"), 13), new(c.T("去年同期均值", "Year before"), 13), new(c.T("均值同比", "Change on year"), 12),
            ],
            [
                .. shown.Select(m => (IReadOnlyList<Cell>)[Cell.Of(c.Label(dimension, m)), .. Cells(c, c.Month, Composer.Term(dimension, m))]),
                .. hasRest ? (IReadOnlyList<Cell>[])[[Cell.Of(rest), .. RestCells(c, dimension, shown, c.Month)]] : [],
            ],
            [Cell.Of(c.T("合计", "Total")), .. Cells(c, c.Month)]));
        sheet.Skip();
        return place;
    }

    /// <summary>The months that a line tells of: the three to the month, and the same of the year before.</summary>
    private static IEnumerable<ReportingMonth> Told(ReportingMonth month) =>
        Enumerable.Range(0, 3).SelectMany(i => (ReportingMonth[])[month.Add(-i), month.Add(-i - 12)]);

    private static decimal Count(Composer c, ReportingMonth month, params FilterTerm[] terms) => c.Value(Complaints, month, terms) ?? 0;

    /// <summary>Classes with a complaint in a month that is told of, most of the month first, what is not stated last; and whether they leave some complaints over.</summary>
    private static (List<string> Shown, bool HasRest) Shown(Composer c, string dimension, IReadOnlyList<string> members, ReportingMonth month, int most)
    {
        ReportingMonth[] told = [.. Told(month)];
        List<string> shown = [.. members.Where(m => told.Any(t => Count(c, t, Composer.Term(dimension, m)) > 0))
            .OrderBy(m => m == FigurePlan.NoMember)
            .ThenByDescending(m => Count(c, month, Composer.Term(dimension, m)))
            .ThenByDescending(m => told.Sum(t => Count(c, t, Composer.Term(dimension, m))))
            .ThenBy(m => m, StringComparer.Ordinal)];
        if (shown.Count > most)
        {
            shown = [.. shown.Where(m => m != FigurePlan.NoMember).Take(most), .. shown.Where(m => m == FigurePlan.NoMember)];
        }
        return (shown, told.Any(t => Rest(c, dimension, shown, t) > 0));
    }

    /// <summary>What classes leave of a month's complaints; null where figures do not reach back.</summary>
    private static decimal? Rest(Composer c, string dimension, IReadOnlyList<string> shown, ReportingMonth month) =>
        c.Value(Complaints, month) - shown.Sum(m => Count(c, month, Composer.Term(dimension, m)));

    private static IEnumerable<Cell> Cells(Composer c, ReportingMonth month, params FilterTerm[] terms) =>
        Line(c, month, m => c.Value(Complaints, m, terms), m => c.Cell(Complaints, m, terms));

    private static IEnumerable<Cell> RestCells(Composer c, string dimension, IReadOnlyList<string> shown, ReportingMonth month) =>
        Line(c, month, m => Rest(c, dimension, shown, m), m => Composer.Derived(Rest(c, dimension, shown, m)));

    private static IEnumerable<Cell> Line(Composer c, ReportingMonth month, Func<ReportingMonth, decimal?> value, Func<ReportingMonth, Cell> cell)
    {
        decimal? now = value(month);
        decimal? average = Average(c, month, value);
        decimal? before = Average(c, month.Add(-12), value);
        return
        [
            cell(month), c.Share((long)(now ?? 0), (long)(c.Value(Complaints, month) ?? 0)),
            cell(month.Add(-1)), c.Relative(now, value(month.Add(-1))),
            Cell.OrUndefined(average, Styles.OneDecimal), Cell.OrUndefined(before, Styles.OneDecimal), c.Relative(average, before),
        ];
    }

    /// <summary>Mean of the month and the two before it; null where figures do not reach back.</summary>
    private static decimal? Average(Composer c, ReportingMonth month, Func<ReportingMonth, decimal?> value) =>
        c.Has(month.Add(-2)) && c.Has(month) ? HalfUp.Round(Enumerable.Range(0, 3).Sum(i => value(month.Add(-i)) ?? 0) / 3, 6) : null;

    /// <summary>The responses that the plan counts, in its order.</summary>
    public static IReadOnlyList<string> ResponsesOf(Composer c) =>
        [.. c.Report.Figures.Select(f => f.Key).Where(k => k.StartsWith($"complaints/{c.Month}/{Dimensions.Response}=", StringComparison.Ordinal)).Select(k => FigureKey.Parse(k).Terms[0].Member)];

    private static void Responses(Composer c, Sheet sheet)
    {
        IReadOnlyList<string> responses = ResponsesOf(c);
        if (responses.Count > 0)
        {
            Moving(c, sheet, "CfpbResponses", c.DimensionName(Dimensions.Response), c.T("公司答复", "Company responses"), Dimensions.Response, responses, int.MaxValue, c.Label(Dimensions.Response, FigurePlan.NoMember));
        }
    }

    private static void Timely(Composer c, Sheet sheet)
    {
        Breakdown products = new(c, Dimensions.Business);
        List<string> named = [.. products.Ranked().Where(m => m != FigurePlan.NoMember)];
        List<string> shown = [.. named.Take(MostTimely)];
        ReportingMonth settled = c.Month.Add(-CompanyLag);
        sheet.Row(Cell.Of(
            shown.Count < named.Count
                ? c.T($"及时答复率（产品为本月件数最多的 {shown.Count} 个，共 {named.Count} 个）", $"Timely response rate (products: the {shown.Count} with most complaints this month, of {named.Count})")
                : c.T("及时答复率", "Timely response rate"),
            Styles.Section));
        sheet.Table(SheetTable.Of(
            "CfpbTimely",
            [new(c.T("月", "Month"), 48, true), new(c.MeasureName(Complaints), 12), new(c.MeasureName(TimelyRate), 12), .. shown.Select(p => new TableColumn(products.Label(p), 12))],
            [.. c.Months(13).Reverse().Select(m => (IReadOnlyList<Cell>)
            [
                Cell.Of(m > settled ? $"{m}*" : c.Head(m)), c.Cell(Complaints, m), c.Cell(TimelyRate, m), .. shown.Select(p => c.Cell(TimelyRate, m, products.Term(p))),
            ])]));
        sheet.Skip();
    }

    private static void Companies(Composer c, Sheet sheet)
    {
        ReportingMonth settled = c.Month.Add(-CompanyLag);
        Breakdown companies = new(c, Dimensions.Branch);
        if (!c.Has(settled))
        {
            return;
        }
        (List<string> shown, bool hasRest) = Shown(c, Dimensions.Branch, companies.Members, settled, MostCompanies);
        sheet.Row(Cell.Of(c.T($"公司（最多 {MostCompanies} 家，按 {settled}，其余合为一行）", $"Companies (at most {MostCompanies}, by {settled}; the others in one row)"), Styles.Section));
        sheet.Table(SheetTable.Of(
            "CfpbCompanies",
            [
                new(c.DimensionName(Dimensions.Branch), 48, true), new(settled.ToString(), 12), new(c.T("占比", "Share"), 10), new(settled.Add(-1).ToString(), 12), new(c.T("环比", "Change on month"), 12),
                new(c.T("三个月均值", "Three-month average"), 13), new(c.T("去年同期均值", "Year before"), 13), new(c.T("均值同比", "Change on year"), 12),
                new(c.MeasureName(TimelyRate), 12), new($"{c.Month.Add(-1)}*", 12), new($"{c.Month}*", 12),
            ],
            [
                .. shown.Select(m => (IReadOnlyList<Cell>)[Cell.Of(companies.Label(m)), .. Cells(c, settled, companies.Term(m)), .. Later(companies.Term(m))]),
                .. hasRest
                    ? (IReadOnlyList<Cell>[])
                    [[
                        Cell.Of(c.RestLabel), .. RestCells(c, Dimensions.Branch, shown, settled), RestTimely(c, shown, settled),
                        .. ((int[])[-1, 0]).Select(i => Composer.Derived(Rest(c, Dimensions.Branch, shown, c.Month.Add(i)))),
                    ]]
                    : [],
            ],
            [Cell.Of(c.T("合计", "Total")), .. Cells(c, settled), .. Later()]));
        sheet.Skip();

        Cell[] Later(params FilterTerm[] terms) =>
            [c.Cell(TimelyRate, settled, terms), c.Cell(Complaints, c.Month.Add(-1), terms), c.Cell(Complaints, c.Month, terms)];
    }

    /// <summary>The rate of the companies that are not listed, from the counts above and below the line.</summary>
    private static Cell RestTimely(Composer c, IReadOnlyList<string> shown, ReportingMonth month)
    {
        Figure Of(params FilterTerm[] terms) => c.Register.Peek(new FigureKey(TimelyRate, FigurePeriod.Of(month), terms));
        List<Figure> listed = [.. shown.Select(m => Of(Composer.Term(Dimensions.Branch, m)))];
        decimal below = (Of().Denominator ?? 0) - listed.Sum(f => f.Denominator ?? 0);
        return Cell.OrUndefined(below > 0 ? HalfUp.Round(((Of().Numerator ?? 0) - listed.Sum(f => f.Numerator ?? 0)) / below, 6) : null, c.ShareStyle);
    }
}
