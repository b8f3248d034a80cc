using Pipeline.Models.Measures;
using Pipeline.Models.Regulatory;
using Pipeline.Models.Taxonomy;
using Pipeline.Reports.Sheets;

namespace Pipeline.Reports.Workbooks.Regulatory;

/// <summary>The table of the UK's complaints return (DISP 1 Annex 1R; layout as firms publish it, DOMAIN C2.6) and the vulnerability counts of PS25/19.</summary>
internal static class UkSheet
{
    private const string Complaints = "complaints";

    public static void Add(Composer c)
    {
        UkRules rules = c.Report.Regulatory!.Rules.UnitedKingdom!;
        FigurePeriod half = RegulatoryPlan.Halves(c.Month, c.Report.History)[0];
        Sheet sheet = c.Page(c.T("英国 DISP", "UK DISP 1 Annex 1R"), c.T($"投诉申报表（DISP 1 Annex 1R），{half.Span}", $"Complaints return (DISP 1 Annex 1R), {half.Span}"), c.T("半年内受理、办结、时限、支持率、赔付、主要原因", "Opened, closed, how quickly, upheld, redress and main cause in the half-year"));
        Header(c, sheet, rules, half);
        List<IReadOnlyList<Cell>> rows = [];
        List<string> mapped = [.. rules.Groups.SelectMany(g => g.Business)];
        IReadOnlyList<string> members = c.Members[Dimensions.Business];
        foreach (UkGroup group in rules.Groups)
        {
            List<string> lines = [.. group.Business.Where(members.Contains)];
            rows.Add(Line(c, rules, half, c.T(group.Zh, group.En), lines, isGroup: true));
            rows.AddRange(lines.Select(b => Line(c, rules, half, c.Label(Dimensions.Business, b), [b], isGroup: false)));
        }
        List<string> rest = [.. new Breakdown(c, Dimensions.Business).Members.Where(m => !mapped.Contains(m))];
        if (rest.Count > 0)
        {
            rows.Add(Line(c, rules, half, c.T("未映射的业务", "Business lines not mapped"), rest, isGroup: true));
        }
        sheet.Table(SheetTable.Of(
            "Annex1R",
            [
                new(c.T("产品/服务组", "Product/service grouping"), 40, true), new(c.T("提供量（每千账户）", "Provision (per 1,000 accounts)"), 14), new(c.T("中介量", "Intermediation"), 13),
                new(c.T("受理", "Number of complaints opened"), 13), new(c.T("办结", "Number of complaints closed"), 13),
                new(c.T("3 个营业日内办结（占办结）", "% closed within 3 days"), 13), new(c.T("3 日后 8 周内办结（占办结）", "% closed after 3 days but within 8 weeks"), 16),
                new(c.T("8 周以上办结（占办结）", "% closed after more than 8 weeks"), 15), new(c.T("支持（占办结）", "% upheld"), 11), new(c.T("赔付", "Redress paid"), 13),
                new(c.T("主要原因（受理）", "Main cause of complaints opened"), 40, true),
            ],
            rows,
            Line(c, rules, half, c.T("合计", "Total"), null, isGroup: false)));
        sheet.Skip();
        sheet.Row(Cell.Of(c.T("弱势客户（PS25/19，2027 年上半年起）", "Vulnerability (PS25/19, from the first half of 2027)"), Styles.Section));
        sheet.Table(SheetTable.Of(
            "Ps2519",
            [new(c.T("计数", "Count"), 40, true), new(c.T("件数", "Complaints"), 14)],
            [.. ((string[])["uk_vulnerable", "uk_vulnerable_found", "uk_vulnerability_failure"]).Where(m => c.Register.Has(new FigureKey(m, half))).Select(m => (IReadOnlyList<Cell>)[Cell.Of(c.MeasureName(m), Styles.TextWrapped), c.Cell(new FigureKey(m, half))])]));
        sheet.Skip();
        sheet.Row(Cell.Of(c.T("期初未办结与办结", "Outstanding and closed"), Styles.Section));
        sheet.Table(SheetTable.Of(
            "Outstanding",
            [new(c.T("项目", "Item"), 40, true), new(c.T("件数", "Complaints"), 14)],
            [.. ((string[])["opening_open", Complaints, "closed_in_period", "withdrawn_in_period", "ended_day_unknown"]).Where(m => c.Register.Has(new FigureKey(m, half))).Select(m => (IReadOnlyList<Cell>)[Cell.Of(c.MeasureName(m)), c.Cell(new FigureKey(m, half))])]));
        sheet.Skip();
        Uncovered.Note(c, sheet, 9);
        sheet.Paragraph(
            c.T("受理为期间收到，办结为期间办结而不论何时收到；三档时限合计等于办结。账户数未载入，提供量与中介量为“–”。来源没有映射到某产品组的业务时，该行留空（无业务留空，有业务无投诉为 0）。弱势客户：来源注明的与词表在正文中找到的分列，互不重复。产品组与原因类别的映射在 regulatory.json 的 united_kingdom，正式申报前由合规负责人按申报表行目核对。金额为来源币种。",
                "Opened: received in the period; closed: closed in it, whenever received; the three columns of time add up to closed. Numbers of accounts are not loaded, so provision and intermediation show a dash. A group to which no business line of the source is mapped is left blank (no business: blank; business without complaints: 0). Vulnerable customers: those that the source states and those that the lexicon finds in the text stand apart, none in both. The map of products and causes stands in regulatory.json under united_kingdom; the compliance owner checks it against the lines of the return. Amounts in the source's currency."),
            Styles.Note, 1, 9);
        if (!c.Members[Dimensions.Cause].Any(m => rules.CategoryOf(m, c.Report.Taxonomy) == "delays"))
        {
            sheet.Paragraph(
                c.T("本来源的投诉原因中没有对应“延误与时限”的类别：因拖延而起的投诉列在其原因所映射的类别下，该类别不会成为主要原因。可在 regulatory.json 的 united_kingdom.causes 或 cause_words 中映射。",
                    "None of the source's causes maps to “Delays/timescales”: complaints about delay stand under the category of their cause, and it cannot be a main cause. Map causes to it under united_kingdom.causes or cause_words in regulatory.json."),
                Styles.Note, 1, 9);
        }
    }

    /// <summary>What a return begins with (DOMAIN C2.2): whose, of which period, nil or not, what was open and came in.</summary>
    private static void Header(Composer c, Sheet sheet, UkRules rules, FigurePeriod half)
    {
        string yes = c.T("是", "Yes");
        string no = c.T("否", "No");
        decimal? opened = c.Value(Complaints, half);
        Cell Said(string? text) => text is null ? Cell.Undefined(Styles.Text) : Cell.Of(text, Styles.Text);
        sheet.Table(SheetTable.Of(
            "ReturnHeader",
            [new(c.T("申报表表头", "Header of the return"), 40, true), new(c.T("内容", "Entry"), 14)],
            [
                [Cell.Of(c.T("公司编号（FRN）", "Firm reference number (FRN)")), Said(rules.FirmReferenceNumber)],
                [Cell.Of(c.T("集团申报", "Group reporting")), Said(rules.GroupReporting is { } isGroup ? isGroup ? yes : no : null)],
                [Cell.Of(c.T("申报期起", "Reporting period from")), Cell.Of(half.From.FirstDay)],
                [Cell.Of(c.T("申报期止", "Reporting period to")), Cell.Of(half.To.LastDay)],
                [Cell.Of(c.T("零报告", "Nil return")), Said(opened is { } n ? n == 0 ? yes : no : null)],
                [Cell.Of(c.T("须同意公布（500 件及以上）", "Consent to publish asked for (500 or more)")), Said(opened is { } o ? o >= PublishedFrom ? yes : no : null)],
            ]));
        sheet.Skip();
    }

    /// <summary>Complaints of a half-year from which a firm's table is published (DOMAIN C2.2, C2.6).</summary>
    private const int PublishedFrom = 500;

    /// <param name="lines">Business lines that are added up; null for all complaints.</param>
    private static List<Cell> Line(Composer c, UkRules rules, FigurePeriod half, string label, IReadOnlyList<string>? lines, bool isGroup)
    {
        decimal? Value(string measure, params IEnumerable<FilterTerm> terms) => c.Value(measure, half, terms);
        decimal? Sum(string measure) => lines is null
            ? Value(measure)
            : lines.Aggregate((decimal?)0, (sum, b) => sum + Value(measure, Composer.Term(Dimensions.Business, b)));
        Cell Number(string measure, CellStyle style) => lines is [string one]
            ? c.Cell(new FigureKey(measure, half, Composer.Term(Dimensions.Business, one))) with { Style = Marked(measure, style) }
            : lines is null ? c.Cell(new FigureKey(measure, half)) with { Style = Marked(measure, style) } : Composer.Derived(Sum(measure), Marked(measure, style));
        if (lines is { Count: 0 })
        {
            return [Cell.Of(label, Styles.Text with { Bold = true }), .. Enumerable.Repeat(Cell.Blank(Styles.Count), 9), Cell.Blank(Styles.Text)];
        }
        CellStyle Marked(string measure, CellStyle style) => c.IsCovered(measure, half) ? style : Uncovered.Marked(style);
        decimal? closed = Sum("closed_in_period");
        Cell Share(string measure) => Cell.OrUndefined(Sum(measure) is { } part && closed is { } all ? Percent.Share((long)part, (long)all, 2) : null, Marked(measure, Styles.Share(2)));
        return
        [
            Cell.Of(label, isGroup ? Styles.Text with { Bold = true } : Styles.Text with { Indent = lines is null ? 1 : 3 }),
            Cell.Undefined(Styles.Count), Cell.Undefined(Styles.Count),
            Number(Complaints, Styles.Count), Number("closed_in_period", Styles.Count),
            Share("uk_closed_3_days"), Share("uk_closed_8_weeks"), Share("uk_closed_over_8_weeks"), Share("uk_upheld"),
            Number("uk_redress", Styles.Count), Cell.Of(MainCause(c, rules, half, lines)),
        ];
    }

    /// <summary>The category with most complaints opened; the earlier of the list among equals, none where nothing was opened.</summary>
    private static string MainCause(Composer c, UkRules rules, FigurePeriod half, IReadOnlyList<string>? lines)
    {
        Dictionary<string, decimal> counts = new(StringComparer.Ordinal);
        foreach (string cause in c.Members[Dimensions.Cause])
        {
            string category = rules.CategoryOf(cause, c.Report.Taxonomy);
            decimal count = lines is null
                ? Peek(c, new FigureKey(Complaints, half, Composer.Term(Dimensions.Cause, cause)))
                : lines.Sum(b => Peek(c, new FigureKey(Complaints, half, Composer.Term(Dimensions.Business, b), Composer.Term(Dimensions.Cause, cause))));
            counts[category] = counts.GetValueOrDefault(category) + count;
        }
        UkCause? main = rules.Categories.Where(k => counts.GetValueOrDefault(k.Key) > 0).MaxBy(k => counts[k.Key]);
        return main is null ? "" : c.T(main.Zh, main.En);
    }

    private static decimal Peek(Composer c, FigureKey key) => c.Register.Peek(key).Value ?? 0;
}
