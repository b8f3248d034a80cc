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

    private const int Listed = 25;

    public static void Add(Composer c)
    {
        Sheet sheet = c.Page(c.T("CFPB 视图", "CFPB view"), c.T("CFPB 月报视图：产品、问题、答复", "Monthly view: products, issues, responses"), c.T("三个月均值与去年同期、环比；公司数字滞后两个月", "Three-month averages against the year before, change on the month; companies lag two months"));
        Breakdown products = new(c, Dimensions.Business);
        TablePlace place = Moving(c, sheet, "CfpbProducts", c.DimensionName(Dimensions.Business), c.T("产品", "Products"), [.. products.Ranked()], m => [products.Term(m)], products.Label, isTotalled: true);
        sheet.FreezeBelow(place);
        Breakdown issues = new(c, Dimensions.Cause);
        Moving(c, sheet, "CfpbIssues", c.DimensionName(Dimensions.Cause), c.T($"问题（最多 {Listed} 个）", $"Issues (at most {Listed})"), [.. issues.Ranked().Take(Listed)], m => [issues.Term(m)], issues.Label, isTotalled: false);
        Responses(c, sheet);
        Timely(c, sheet);
        Companies(c, sheet);
        sheet.Paragraph(
            c.T("三个月均值 = 本月与前两个月的平均；三个月均值同比 = 三个月均值 ÷ 去年同样三个月的均值 − 1；环比 = 本月 ÷ 上月 − 1。数据不足时为“–”。公司须在 15 日内答复、60 日内最终答复，因此标 * 的月份的公司数字尚不完整，不与往月比较。",
                "Three-month average: of this month and the two before it; its change on year: against the average of the same three months of the year before; change on month: this month against the last. A dash stands where the data do not reach back. Companies respond within 15 days and finally within 60, so their figures of months marked * are not complete and are not compared."),
            Styles.Note, 1, 8);
    }

    private static TablePlace Moving(
        Composer c, Sheet sheet, string table, string head, string title, IReadOnlyList<string> members, Func<string, FilterTerm[]> terms, Func<string, string> label, bool isTotalled)
    {
        sheet.Row(Cell.Of(title, Styles.Section));
        TablePlace place = sheet.Table(SheetTable.Of(
            table,
            [
                new(head, 48, true), new(c.Head(c.Month), 12), new(c.T("占比", "Share"), 10), new(c.T("上月", "Month before"), 12), new(c.T("环比", "Change on month"), 12),
                new(c.T("三个月均值", "Three-month average"), 13), new(c.T("去年同期均值", "Year before"), 13), new(c.T("均值同比", "Change on year"), 12),
            ],
            [.. members.Select(m => (IReadOnlyList<Cell>)[Cell.Of(label(m)), .. Cells(c, c.Month, terms(m))])],
            isTotalled ? [Cell.Of(c.T("合计", "Total")), .. Cells(c, c.Month, [])] : null));
        sheet.Skip();
        return place;
    }

    private static IEnumerable<Cell> Cells(Composer c, ReportingMonth month, FilterTerm[] terms)
    {
        decimal? now = c.Value(Complaints, month, terms);
        decimal? average = Average(c, month, terms);
        decimal? before = Average(c, month.Add(-12), terms);
        return
        [
            c.Cell(Complaints, month, terms), c.Share((long)(now ?? 0), (long)(c.Value(Complaints, month) ?? 0)),
            c.Cell(Complaints, month.Add(-1), terms), c.Relative(now, c.Value(Complaints, month.Add(-1), terms)),
            Cell.OrUndefined(average, Styles.OneDecimal), Cell.OrUndefined(before, Styles.OneDecimal), c.Relative(average, before),
        ];
    }

    /// <summary>Mean of the month and the two before it; null where figures do not reach back.</summary>
    private static decimal? Average(Composer c, ReportingMonth month, FilterTerm[] terms) =>
        c.Has(month.Add(-2)) && c.Has(month) ? HalfUp.Round(Enumerable.Range(0, 3).Sum(i => c.Value(Complaints, month.Add(-i), terms) ?? 0) / 3, 6) : null;

    /// <summary>The responses that the plan counts, in its order.</summary>
    public static IReadOnlyList<string> ResponsesOf(Composer c) =>
        [.. c.Report.Figures.Select(f => f.Key).Where(k => k.StartsWith($"complaints/{c.Month}/{Dimensions.Response}=", StringComparison.Ordinal)).Select(k => FigureKey.Parse(k).Terms[0].Member)];

    private static void Responses(Composer c, Sheet sheet)
    {
        IReadOnlyList<string> responses = ResponsesOf(c);
        if (responses.Count > 0)
        {
            Moving(
                c, sheet, "CfpbResponses", c.T("公司答复", "Company response"), c.T("公司答复", "Company responses"),
                [.. responses.OrderByDescending(r => c.Count(Complaints, Composer.Term(Dimensions.Response, r))).ThenBy(r => r, StringComparer.Ordinal)],
                m => [Composer.Term(Dimensions.Response, m)], m => c.Label(Dimensions.Response, m), isTotalled: true);
        }
    }

    private static void Timely(Composer c, Sheet sheet)
    {
        sheet.Row(Cell.Of(c.T("及时答复", "Timely responses"), Styles.Section));
        Breakdown products = new(c, Dimensions.Business);
        List<string> shown = [.. products.Ranked().Take(6)];
        sheet.Table(SheetTable.Of(
            "CfpbTimely",
            [new(c.T("月", "Month"), 48, true), new(c.MeasureName(Complaints), 12), new(c.MeasureName("timely_response_rate"), 12), .. shown.Select(p => new TableColumn(products.Label(p), 12))],
            [.. c.Months(13).Reverse().Select(m => (IReadOnlyList<Cell>)
            [
                Cell.Of(c.Head(m)), c.Cell(Complaints, m), c.Cell("timely_response_rate", m), .. shown.Select(p => c.Cell("timely_response_rate", m, products.Term(p))),
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
        List<string> shown = [.. companies.Members.Where(m => m != FigurePlan.NoMember && (c.Value(Complaints, settled, companies.Term(m)) ?? 0) > 0)
            .OrderByDescending(m => c.Value(Complaints, settled, companies.Term(m))).ThenBy(m => m, StringComparer.Ordinal).Take(20)];
        sheet.Row(Cell.Of(c.T($"公司（最多 20 家，按 {settled}）", $"Companies (at most 20, by {settled})"), Styles.Section));
        sheet.Table(SheetTable.Of(
            "CfpbCompanies",
            [
                new(c.DimensionName(Dimensions.Branch), 48, true), new(settled.ToString(), 12), new(c.T("占比", "Share"), 10), new(settled.Add(-1).ToString(), 12), new(c.T("环比", "Change on month"), 12),
                new(c.T("三个月均值", "Three-month average"), 13), new(c.T("去年同期均值", "Year before"), 13), new(c.T("均值同比", "Change on year"), 12),
                new(c.MeasureName("timely_response_rate"), 12), new($"{c.Month.Add(-1)}*", 12), new($"{c.Month}*", 12),
            ],
            [.. shown.Select(m => (IReadOnlyList<Cell>)
            [
                Cell.Of(companies.Label(m)), .. Cells(c, settled, [companies.Term(m)]), c.Cell("timely_response_rate", settled, companies.Term(m)),
                c.Cell(Complaints, c.Month.Add(-1), companies.Term(m)), c.Cell(Complaints, c.Month, companies.Term(m)),
            ])]));
        sheet.Skip();
    }
}
