using Pipeline.Models.Measures;
using Pipeline.Models.Regulatory;
using Pipeline.Models.Taxonomy;
using Pipeline.Models.Text;
using Pipeline.Reports.Sheets;

namespace Pipeline.Reports.Workbooks.Regulatory;

/// <summary>
/// The bank beside the industry: complaints that the regulator received and transferred, which is what its bulletins count, against the
/// published totals, shares and medians (DOMAIN A3.1 to A3.4).
/// </summary>
internal static class IndustrySheet
{
    private const string Complaints = "complaints";

    public static void Add(Composer c)
    {
        RegulatoryBook book = c.Report.Regulatory!;
        Sheet sheet = c.Page(c.T("同业对照", "Industry"), c.T("与监管通报的同业数据对照", "Beside the regulator's bulletins"), c.T("监管转送的投诉与同业总量、占比、中位数相比处于什么位置", "Where the bank stands among the published totals, shares and medians"));
        Bulletin? medians = book.Bulletins.Bulletins.Where(b => b.FirstMonth <= c.Month && b.Classes?.Any(k => k.Median is not null) == true).MaxBy(b => b.FirstMonth);
        FigurePeriod? quarter = RegulatoryPlan.LastWholeQuarter(c.Month, c.Report.History);
        if (medians is null || quarter is null || !c.Members[Dimensions.Channel].Contains(Industry.BulletinChannel))
        {
            sheet.Paragraph(c.T("没有不晚于报告月的通报数据，或本行数据不足一个完整季度，不作对照。", "There is no bulletin up to the reporting month, or the bank's data hold no whole quarter: nothing is compared."), Styles.Note, 1, 8);
            return;
        }
        FigurePeriod own = quarter.Value;
        string ownName = c.T($"本行 {Name(own)}", $"This bank {Name(own)}");
        sheet.Paragraph(Reach(c, book.Bulletins, own), Styles.Finding, 1, 8);
        Medians(c, sheet, medians, own, ownName);
        Issues(c, sheet, medians, own, ownName);
        if (book.Bulletins.NewestWithClasses(c.Month) is { } newest)
        {
            Classes(c, sheet, newest);
        }
        Series(c, sheet, book.Bulletins);
        sheet.Paragraph(
            c.T("通报只统计监管部门接收并转送的投诉，本表的本行数因此只取监管转办（12378）一个渠道，不含人行转办、一键呼转和自有渠道。",
                "Bulletins count only complaints that the regulator received and transferred, so the bank's numbers here are those of one channel, transfers of 12378."),
            Styles.Note, 1, 8);
        sheet.Paragraph(c.T($"通报数据：{book.Bulletins.Version}；{Bilingual.OfLine(book.Bulletins.Source).Zh}", $"Bulletins: {book.Bulletins.Version}; {Bilingual.OfLine(book.Bulletins.Source).En}"), Styles.Note, 1, 8);
    }

    private static string Name(FigurePeriod quarter) => Name(quarter.From);

    /// <summary>Which quarters there are reference data of, which are missing among them, and what follows for comparisons.</summary>
    private static string Reach(Composer c, BulletinBook book, FigurePeriod own)
    {
        Models.Complaints.ReportingMonth[] quarters = [.. book.Bulletins.Select(b => b.FirstMonth).Distinct().Order()];
        string[] missing = [.. Enumerable.Range(0, (quarters[^1].MonthsSince(quarters[0]) / 3) + 1).Select(i => quarters[0].Add(3 * i)).Except(quarters).Select(Name)];
        (string first, string last) = (Name(quarters[0]), Name(quarters[^1]));
        return c.T(
            $"同业数据：{first} 至 {last} 共 {quarters.Length} 个季度的通报；{(missing.Length == 0 ? "其间不缺" : $"其间缺 {string.Join("、", missing)}（未找到通报）")}，{last} 之后没有。缺的季度不作对照；环比、同比只在上一季、去年同季有通报或通报自载时列出，否则为“–”。{(quarters.Contains(own.From) ? "" : $"本行 {Name(own)} 与同业不在同一季度，只作水平参照。")}",
            $"Reference data: bulletins of {quarters.Length} quarters from {first} to {last}; {(missing.Length == 0 ? "none is missing between them" : $"{string.Join(", ", missing)} missing between them (no bulletin was found)")}, and none after {last}. Quarters without a bulletin are not compared; changes stand where the quarter before, or the same quarter a year before, has a bulletin or the bulletin states them itself, and else a dash.{(quarters.Contains(own.From) ? "" : $" The bank's {Name(own)} is none of these quarters: a yardstick of level only.")}");
    }

    private static string Name(Models.Complaints.ReportingMonth first) => $"{first.Year}Q{((first.Month - 1) / 3) + 1}";

    private static void Medians(Composer c, Sheet sheet, Bulletin bulletin, FigurePeriod own, string ownName)
    {
        sheet.Row(Cell.Of(c.T($"各类机构中位数（{bulletin.Quarter}，{bulletin.Title.Zh}）", $"Medians of the classes ({bulletin.Quarter}, {bulletin.Title.En})"), Styles.Section));
        List<BulletinClass> classes = [.. bulletin.Classes!.Where(k => k.Median is not null)];
        string? mine = c.Report.Regulatory!.Rules.IndustryClass;
        (string Label, FigureKey Key, Func<BulletinClass, decimal?> Of, CellStyle Style)[] lines =
        [
            (c.T("监管转送投诉量（件）", "Complaints transferred"), new(Complaints, own, Composer.Term(Dimensions.Channel, Industry.BulletinChannel)), k => k.Median, Styles.OneDecimal),
            (c.T("每千营业网点（件）", "Per 1,000 outlets"), new("transfers_per_1000_outlets", own), k => k.MedianPer1000Outlets, Styles.OneDecimal),
            (c.T("每千万个人客户（件）", "Per 10 million customers"), new("transfers_per_10m_customers", own), k => k.MedianPer10mCustomers, Styles.OneDecimal),
        ];
        List<TableColumn> columns = [new(c.T("指标", "Indicator"), 30, true), new(ownName, 14)];
        foreach (BulletinClass one in classes)
        {
            string star = one.Key == mine ? c.T("（本行所属）", " (own class)") : "";
            columns.AddRange([new(c.T(one.Zh, one.En) + star, 16), new(c.T($"本行÷{one.Zh}", $"Bank ÷ {one.En}"), 14)]);
        }
        TablePlace place = sheet.Table(SheetTable.Of(
            "IndustryMedians", columns,
            [.. lines.Select(l => (IReadOnlyList<Cell>)
            [
                Cell.Of(l.Label), c.Cell(l.Key),
                .. classes.SelectMany(k => (Cell[])
                [
                    Cell.OrUndefined(l.Of(k), l.Style),
                    Cell.OrUndefined(c.Register.Peek(l.Key).Value is { } v && l.Of(k) is { } m && m != 0 ? HalfUp.Round(v / m, 2) : null, Styles.Score),
                ]),
            ])]));
        sheet.FreezeBelow(place);
        sheet.Skip();
    }

    private static void Issues(Composer c, Sheet sheet, Bulletin bulletin, FigurePeriod own, string ownName)
    {
        if (bulletin.Issues is not { Count: > 0 } issues)
        {
            return;
        }
        sheet.Row(Cell.Of(c.T($"主要问题占比（{bulletin.Quarter}；占各自监管转送投诉总量）", $"Main subjects ({bulletin.Quarter}; share of the complaints transferred)"), Styles.Section));
        List<BulletinClass> classes = [.. bulletin.Classes!.Where(k => issues.Any(i => i.Classes.Any(x => x.Class == k.Key)))];
        long total = Number(c, new FigureKey(Complaints, own, Composer.Term(Dimensions.Channel, Industry.BulletinChannel)));
        sheet.Table(SheetTable.Of(
            "IndustryIssues",
            [
                new(c.T("问题", "Subject"), 30, true), new(c.T($"{ownName}件数", $"{ownName}: complaints"), 14), new(c.T($"{ownName}占比（占本行转送）", $"{ownName}: share of its transfers"), 16),
                new(c.T("同业件数", "Industry"), 14), new(c.T("同业占比（占同业转送）", "Industry: share"), 16),
                .. classes.Select(k => new TableColumn(c.T($"{k.Zh}占比（占该类机构）", $"{k.En}: share"), 16)),
            ],
            [.. issues.Select(i =>
            {
                long count = i.Business.Sum(b => c.Members[Dimensions.Business].Contains(b) ? Number(c, Key(own, b)) : 0);
                return (IReadOnlyList<Cell>)
                [
                    Cell.Of(c.T(i.Zh, i.En)), i.Business is [string one] && c.Members[Dimensions.Business].Contains(one) ? c.Cell(Key(own, one)) : Composer.Derived(count), c.Share(count, total),
                    Cell.Of(i.Complaints), Cell.OrUndefined(Percent.Share(i.Complaints, bulletin.Total, 1), Styles.Share(1)),
                    .. classes.Select(k => Cell.OrUndefined(
                        i.Classes.FirstOrDefault(x => x.Class == k.Key) is { } of && k.Complaints is { } all ? Percent.Share(of.Complaints, all, 1) : null, Styles.Share(1))),
                ];
            })]));
        sheet.Skip();

        static FigureKey Key(FigurePeriod own, string business) =>
            new(Complaints, own, Composer.Term(Dimensions.Business, business), Composer.Term(Dimensions.Channel, Industry.BulletinChannel));
    }

    private static void Classes(Composer c, Sheet sheet, Bulletin bulletin)
    {
        sheet.Row(Cell.Of(c.T($"同业总量与结构（{bulletin.Quarter}，{bulletin.Title.Zh}）", $"The industry by class ({bulletin.Quarter}, {bulletin.Title.En})"), Styles.Section));
        sheet.Table(SheetTable.Of(
            "IndustryClasses",
            [new(c.T("机构类别", "Class"), 30, true), new(c.T("件数", "Complaints"), 14), new(c.T("占同业合计", "Share of the industry"), 14)],
            [.. bulletin.Classes!.Select(k => (IReadOnlyList<Cell>)
                [Cell.Of(c.T(k.Zh, k.En)), Cell.OrUndefined(k.Complaints, Styles.Count), Cell.OrUndefined(k.Complaints is { } n ? Percent.Share(n, bulletin.Total, 1) : null, Styles.Share(1))])],
            [Cell.Of(c.T("合计", "Total")), Cell.Of(bulletin.Total), Cell.Of(1m, Styles.Share(1))]));
        sheet.Skip();
    }

    private static void Series(Composer c, Sheet sheet, BulletinBook book)
    {
        sheet.Row(Cell.Of(c.T("同业总量（监管转送）", "The industry's total"), Styles.Section));
        Dictionary<Models.Complaints.ReportingMonth, long> totals = book.Bulletins.ToDictionary(b => b.FirstMonth, b => b.Total);
        sheet.Table(SheetTable.Of(
            "IndustrySeries",
            [new(c.T("季度", "Quarter"), 30, true), new(c.T("件数", "Complaints"), 14), new(c.T("环比", "On quarter"), 12), new(c.T("同比", "On year"), 12), new(c.T("文号", "Document"), 22, true)],
            [.. book.Bulletins.OrderByDescending(b => b.FirstMonth).Select(b => (IReadOnlyList<Cell>)
            [
                Cell.Of(b.Quarter), Cell.Of(b.Total), Change(c, b.Total, totals, b.FirstMonth.Add(-3), b.QuarterChange), Change(c, b.Total, totals, b.FirstMonth.Add(-12), b.YearChange), Cell.Of(c.T(b.Title), Styles.Code),
            ])]));
        sheet.Skip();
    }

    /// <summary>Computed where the earlier total is known; else as the bulletin printed it.</summary>
    private static Cell Change(Composer c, long now, Dictionary<Models.Complaints.ReportingMonth, long> totals, Models.Complaints.ReportingMonth before, decimal? printed) =>
        totals.TryGetValue(before, out long earlier) ? c.Relative(now, earlier) : Cell.OrUndefined(printed / 100, c.ChangeShareStyle);

    private static long Number(Composer c, FigureKey key) => (long)(c.Register.Peek(key).Value ?? 0);
}
