using Pipeline.Models.Measures;
using Pipeline.Models.Taxonomy;
using Pipeline.Reports.Sheets;

namespace Pipeline.Reports.Workbooks.Regulatory;

/// <summary>
/// The year so far in the order in which banks disclose it (DOMAIN A3.6): total and change, regions, channel of business, business line,
/// cause. In December it is the annual report's table.
/// </summary>
internal static class DisclosureSheet
{
    private const string Complaints = "complaints";

    private static readonly (string Dimension, string Name)[] Parts =
        [(Dimensions.Region, "DisclosedRegions"), (Dimensions.BusinessChannel, "DisclosedChannels"), (Dimensions.Business, "DisclosedBusiness"), (Dimensions.Cause, "DisclosedCauses")];

    public static void Add(Composer c)
    {
        FigurePeriod year = RegulatoryPlan.Years(c.Month, c.Report.History)[0];
        FigurePeriod? before = RegulatoryPlan.SameMonthsLastYear(c.Month, c.Report.History);
        string span = year.Months == 12 ? c.T($"{c.Month.Year} 年", $"{c.Month.Year}") : c.T($"{c.Month.Year} 年 1—{c.Month.Month} 月", $"January to {c.Month.LastDay.ToString("MMMM", System.Globalization.CultureInfo.InvariantCulture)} {c.Month.Year}");
        Sheet sheet = c.Page(c.T("信息披露", "Disclosure"), c.T($"消费投诉情况披露（{span}）", $"Complaints disclosed: {span}"), c.T("按年报披露的次序：总量与变动、地区、业务办理渠道、业务类别、原因", "In the order of annual reports: total and change, regions, channel of business, business line, cause"));
        // For a total that is itself too small nothing can be printed.
        OutwardCells now = OutwardCells.Of(c, c.Month.Year);
        OutwardCells? last = before is null ? null : OutwardCells.Of(c, c.Month.Year - 1);
        if (last?.IsTotalHidden == true)
        {
            (before, last) = (null, null);
        }
        if (now.IsTotalHidden)
        {
            sheet.Paragraph(
                c.T($"本期投诉量小于 {c.Report.Rules.SmallCellBelow} 件，或与此前披露之差小于 {c.Report.Rules.SmallCellBelow} 件，不披露。", $"Fewer than {c.Report.Rules.SmallCellBelow} complaints, or fewer than {c.Report.Rules.SmallCellBelow} more than when last disclosed: nothing is disclosed."),
                Styles.Note, 1, 7);
            return;
        }
        if (now.Count > 0 || last?.Count > 0)
        {
            sheet.Paragraph(
                c.T($"* 不列：小于 {c.Report.Rules.SmallCellBelow} 件、与此前披露之差小于 {c.Report.Rules.SmallCellBelow} 件，或为防止由合计推算而不列。0 为确无发生。",
                    $"* not shown: fewer than {c.Report.Rules.SmallCellBelow}, or fewer than {c.Report.Rules.SmallCellBelow} more than when last disclosed, or left out so that no such number can be told from totals. 0: nothing happened."),
                Styles.Note, 1, 7);
            sheet.Skip();
        }
        Total(c, sheet, year, before, span);
        bool hasParents = false;
        for (int i = 0; i < Parts.Length; i++)
        {
            hasParents |= Part(c, sheet, i + 2, Parts[i].Dimension, Parts[i].Name, (year, now), (before, last));
        }
        sheet.Paragraph(
            c.T($"占比的分母：“占总量”为本期投诉量；{(hasParents ? "“占上级类别”为其上一级类别的件数（如电子渠道各项占前台业务渠道下的电子渠道）。" : "")}小计由件数计算，不由占比相加。本页各表自成一体。",
                $"Denominators: “share of total” of all complaints of the period{(hasParents ? "; “share of parent” of the class above" : "")}. Subtotals are made of counts, not of shares. This page stands alone."),
            Styles.Note, 1, 7);
        if (!c.IsOutward)
        {
            sheet.Paragraph(
                c.T($"本工作簿供内部使用，不要对外提供；对外请用只含本页的文件 {c.Month}-{WorkbookKinds.Disclosure}.xlsx（以 --reports {WorkbookKinds.Disclosure} 生成），数字相同。", $"This workbook is for use inside and must not be handed out. Hand out the file that holds this page alone, {c.Month}-{WorkbookKinds.Disclosure}.xlsx (made with --reports {WorkbookKinds.Disclosure}); its numbers are the same."),
                Styles.Note, 1, 7);
        }
        foreach (string line in Front.CountingBasis.Of(c, isOutward: true))
        {
            sheet.Paragraph(line, Styles.Note, 1, 7);
        }
    }

    private static void Total(Composer c, Sheet sheet, FigurePeriod year, FigurePeriod? before, string span)
    {
        sheet.Row(Cell.Of(c.T("一、总体情况", "1. Total"), Styles.Section));
        string[] measures = ["complaints", "after_merging", "regulator_transfers", "regulator_share", "closure_rate", "on_time_rate", "satisfaction_rate", "per_outlet_month", "per_10k_customers", "complaint_rate"];
        decimal? now = Peek(c, new FigureKey(Complaints, year));
        decimal? earlier = before is { } b ? Peek(c, new FigureKey(Complaints, b)) : null;
        sheet.Paragraph(
            earlier is { } e && e != 0 && now is { } n
                ? c.T($"{span}，本行全渠道受理消费投诉 {n:#,##0} 件，较上年同期{(n >= e ? "增加" : "减少")} {Math.Abs(n - e):#,##0} 件，{(n >= e ? "上升" : "下降")} {Math.Abs(Industry.Change(n, e, 2) ?? 0):0.00}%。",
                    $"{span}: {n:#,##0} complaints through all channels, {Math.Abs(n - e):#,##0} {(n >= e ? "more" : "fewer")} than in the same months of the year before ({Industry.Change(n, e, 2):+0.00;-0.00;0.00} %).")
                : c.T($"{span}，本行全渠道受理消费投诉 {now:#,##0} 件；上年同期数据不全，不作同比。", $"{span}: {now:#,##0} complaints through all channels; the data do not reach back to the same months of the year before."),
            Styles.Finding, 1, 7);
        TablePlace place = sheet.Table(SheetTable.Of(
            "DisclosedTotal",
            [new(c.T("指标", "Indicator"), 34, true), new(c.T("本期", "This period"), 13), new(c.T("上年同期", "Year before"), 13), new(c.T("变动", "Change"), 12), new(c.T("同比", "Change %"), 12)],
            [.. measures.Select(m =>
            {
                FigureKey key = new(m, year);
                Measure measure = MeasureCatalog.Find(m);
                decimal? last = before is { } p && c.IsCompared(m, year) && c.IsCompared(m, p) ? Peek(c, new FigureKey(m, p)) : null;
                return (IReadOnlyList<Cell>)
                [
                    Cell.Of(c.MeasureName(measure.Key)), c.Cell(key), before is { } q ? c.Cell(new FigureKey(m, q)) : Cell.Undefined(c.StyleOf(measure.Unit)),
                    Composer.Change(Peek(c, key), last, measure.Unit),
                    measure.Unit == Units.Share ? Cell.Blank(Styles.Text) : c.Relative(Peek(c, key), last),
                ];
            })]));
        sheet.FreezeBelow(place);
        sheet.Skip();
        Uncovered.Note(c, sheet, 7);
    }

    /// <returns>Whether the table sets classes against the class above them.</returns>
    private static bool Part(Composer c, Sheet sheet, int number, string dimension, string name, (FigurePeriod Period, OutwardCells Cells) current, (FigurePeriod? Period, OutwardCells? Cells) earlier)
    {
        (FigurePeriod year, FigurePeriod? before) = (current.Period, earlier.Period);
        sheet.Row(Cell.Of(c.T($"{"一二三四五六"[number - 1]}、{c.DimensionName(dimension)}", $"{number}. {c.DimensionName(dimension)}"), Styles.Section));
        IReadOnlyList<ClassRow> rows = ClassRows.Of(c, dimension, (member, children) => Count(c, year, dimension, member, children) > 0 || (before is { } b && Count(c, b, dimension, member, children) > 0));
        long total = (long)(Peek(c, new FigureKey(Complaints, year)) ?? 0);
        // Regions in descending order, as reports name the largest; classes in the order of the standard. Where a count is kept back its place
        // among the others would bound it, so those stand last.
        if (dimension == Dimensions.Region)
        {
            rows =
            [
                .. rows.Where(r => r.Member != FigurePlan.NoMember).OrderBy(r => current.Cells.IsHidden(dimension, r)).ThenByDescending(r => current.Cells.IsHidden(dimension, r) ? 0 : Count(c, year, dimension, r.Member, r.Less)),
                .. rows.Where(r => r.Member == FigurePlan.NoMember),
            ];
        }
        IReadOnlyList<ClassRow> shown = [.. rows.Where(r => Count(c, year, dimension, r.Member, r.Less) > 0 || (before is { } b && Count(c, b, dimension, r.Member, r.Less) > 0))];
        List<ClassRow> parts = [.. shown.Where(r => r.IsPart)];
        List<long> counts = [.. parts.Select(r => Count(c, year, dimension, r.Member, r.Less))];
        long rest = total - counts.Sum();
        IReadOnlyList<Cell> shares = c.Shares(rest > 0 ? [.. counts, rest] : counts);
        List<IReadOnlyList<Cell>> cells = [];
        string? Parent(ClassRow row) => row.Less.Count > 0 ? row.Member : c.Report.Taxonomy.Class(dimension, row.Member)?.Parent;
        bool hasParents = shown.Any(r => Parent(r) is not null);
        IEnumerable<Cell> OfParent(Cell share) => hasParents ? [share] : [];
        foreach (ClassRow row in shown)
        {
            long count = Count(c, year, dimension, row.Member, row.Less);
            string? parent = Parent(row);
            decimal? last = before is { } b ? Count(c, b, dimension, row.Member, row.Less) : null;
            bool isHidden = current.Cells.IsHidden(dimension, row);
            bool wasHidden = earlier.Cells?.IsHidden(dimension, row) == true;
            cells.Add(
            [
                Cell.Of(row.Label, row.IsSubtotal ? Styles.Text with { Bold = true } : Styles.Text with { Indent = 1 + (2 * row.Depth) }),
                isHidden ? Suppressed : row.Less.Count > 0 ? Composer.Derived(count) : c.Cell(new FigureKey(Complaints, year, Composer.Term(dimension, row.Member))),
                isHidden ? Suppressed : row.IsPart ? shares[parts.IndexOf(row)] : c.Share(count, total),
                .. OfParent(parent is null ? Cell.Blank(Styles.Text) : isHidden || current.Cells.IsHidden(dimension, parent) ? Suppressed : c.Share(count, Count(c, year, dimension, parent, []))),
                wasHidden ? Suppressed : Composer.Derived(last),
                isHidden || wasHidden ? Suppressed : Composer.Change(count, last, Units.Complaints), isHidden || wasHidden ? Suppressed : c.Relative(count, last),
            ]);
        }
        decimal? restBefore = before is { } was ? (Peek(c, new FigureKey(Complaints, was)) ?? 0) - parts.Sum(r => Count(c, was, dimension, r.Member, r.Less)) : null;
        if (rest > 0 || restBefore > 0)
        {
            (bool isHidden, bool wasHidden) = (current.Cells.IsRestHidden(dimension), earlier.Cells?.IsRestHidden(dimension) == true);
            cells.Add(
            [
                Cell.Of(c.T("其余（未单列）", "Others (not listed)")), isHidden ? Suppressed : Composer.Derived(rest), isHidden ? Suppressed : rest > 0 ? shares[^1] : c.Share(0, total), .. OfParent(Cell.Blank(Styles.Text)),
                wasHidden ? Suppressed : Composer.Derived(restBefore),
                isHidden || wasHidden ? Suppressed : Composer.Change(rest, restBefore, Units.Complaints), isHidden || wasHidden ? Suppressed : c.Relative(rest, restBefore),
            ]);
        }
        decimal? all = before is { } q ? Peek(c, new FigureKey(Complaints, q)) : null;
        sheet.Table(SheetTable.Of(
            name,
            [
                new(c.DimensionName(dimension), 34, true), new(c.T("件数", "Complaints"), 13), new(c.T("占总量", "Share of total"), 13), .. hasParents ? (TableColumn[])[new(c.T("占上级类别", "Share of parent"), 12)] : [],
                new(c.T("上年同期", "Year before"), 12), new(c.T("变动", "Change"), 12), new(c.T("同比", "Change %"), 12),
            ],
            cells,
            [
                Cell.Of(c.T("合计", "Total")), c.Cell(new FigureKey(Complaints, year)), total > 0 ? Cell.Of(1m, c.ShareStyle) : Cell.Undefined(c.ShareStyle), .. OfParent(Cell.Blank(Styles.Text)),
                before is { } p ? c.Cell(new FigureKey(Complaints, p)) : Cell.Undefined(Styles.Count), Composer.Change(total, all, Units.Complaints), c.Relative(total, all),
            ]));
        sheet.Skip();
        return hasParents;
    }

    /// <summary>A number that is kept back.</summary>
    private static readonly Cell Suppressed = Cell.Of("*", Styles.Count with { Format = "General", Align = CellAlign.Right, Color = Palette.Muted });

    private static long Count(Composer c, FigurePeriod period, string dimension, string member, IReadOnlyList<string> less) => (long)(
        (Peek(c, new FigureKey(Complaints, period, Composer.Term(dimension, member))) ?? 0) - less.Sum(l => Peek(c, new FigureKey(Complaints, period, Composer.Term(dimension, l))) ?? 0));

    private static decimal? Peek(Composer c, FigureKey key) => c.Register.Peek(key).Value;
}
