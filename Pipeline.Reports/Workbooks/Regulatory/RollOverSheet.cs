using Pipeline.Models.Complaints;
using Pipeline.Models.Measures;
using Pipeline.Models.Regulatory;
using Pipeline.Models.Taxonomy;
using Pipeline.Reports.Sheets;

namespace Pipeline.Reports.Workbooks.Regulatory;

/// <summary>The limits counted both ways: with and without roll-over of a last day off (Civil Code art. 203; DOMAIN A2.25), and the cases that it decides.</summary>
internal static class RollOverSheet
{
    private static readonly string[] Pairs = ["closed_on_time_15", "closed_within_30", "closed_within_60", "on_time_rate"];

    public static void Add(Composer c)
    {
        RegulatoryBook book = c.Report.Regulatory!;
        TimeLimits limits = c.Report.Rules.TimeLimitCalendarDays;
        Sheet sheet = c.Page(c.T("时限两种计法", "Roll-over"), c.T("时限两种计法：末日逢休假日不顺延与顺延", "Limits counted both ways: without and with roll-over"), c.T("末日逢休假日，顺延与不顺延各有多少及时", "How many are in time when a last day off rolls over, and when it does not"));
        sheet.Row(Cell.Of(
            c.T($"现行规则：{(book.Rules.RollsOn(c.Month.LastDay) ? "顺延" : "不顺延")}（用于“办理时效”等各页）。", $"Rule in force: {(book.Rules.RollsOn(c.Month.LastDay) ? "roll-over" : "no roll-over")} (used on all other sheets)."),
            Styles.Note with { Wrap = false }));
        sheet.Skip();
        sheet.Row(Cell.Of(c.T("按受理月", "By month of receipt"), Styles.Section));
        List<TableColumn> columns = [new(c.T("受理月", "Month"), 16, true), new(c.MeasureName("complaints"), 11)];
        foreach (string pair in Pairs)
        {
            columns.AddRange([new(c.MeasureName(pair + "_strict"), 12), new(c.MeasureName(pair + "_rolled"), 12), new(c.T("差 ", "Difference ") + (pair == "on_time_rate" ? c.T("及时率", "rate") : new string(pair.Where(char.IsAsciiDigit).ToArray())), 11)]);
        }
        TablePlace place = sheet.Table(SheetTable.Of(
            "RollOver", columns,
            [.. c.Months(13).Reverse().Select(m => (IReadOnlyList<Cell>)[Cell.Of(c.Head(m)), c.Cell("complaints", m), .. Pairs.SelectMany(p => Pair(c, p, m))])]));
        sheet.FreezeBelow(place);
        sheet.Skip();

        List<(CaseRow Row, int Limit, DateOnly Strict, DateOnly Rolled)> decided = [];
        foreach (CaseRow row in c.Report.Cases.Where(r => r.Fact is { Status: "closed", Closed: not null }).OrderBy(r => r.Fact.Received).ThenBy(r => r.Fact.CaseNumber, StringComparer.Ordinal))
        {
            foreach (int limit in (int[])[limits.First, limits.Extended, limits.Final])
            {
                (DateOnly strict, DateOnly rolled) = (book.LastDay(row.Fact.Received, limit, false), book.LastDay(row.Fact.Received, limit, true));
                if (row.Fact.Closed > strict && row.Fact.Closed <= rolled)
                {
                    decided.Add((row, limit, strict, rolled));
                }
            }
        }
        sheet.Row(Cell.Of(c.T($"本月受理件中因计法不同而及时与否不同的（{decided.Count} 件次）", $"Cases of the month that the way of counting decides ({decided.Count})"), Styles.Section));
        if (decided.Count == 0)
        {
            sheet.Paragraph(c.T("无。", "None."), Styles.Note, 1, 6);
            return;
        }
        sheet.Table(SheetTable.Of(
            "RollOverCases",
            [
                new(c.T("工单号", "Case"), 22, true), new(c.T("受理日期", "Received"), 12), new(c.T("办结日期", "Closed"), 12), new(c.T("时限（日）", "Limit (days)"), 10),
                new(c.T("末日（不顺延）", "Last day"), 13), new(c.T("末日（顺延）", "Last day, rolled"), 13), new(c.DimensionName(Dimensions.Branch), 0, true),
            ],
            [.. decided.Select(d => (IReadOnlyList<Cell>)
            [
                Cell.Of(d.Row.Fact.CaseNumber), Cell.Of(d.Row.Fact.Received), Cell.Of(d.Row.Fact.Closed), Cell.Of(d.Limit), Cell.Of(d.Strict), Cell.Of(d.Rolled), Cell.Of(d.Row.Fact.Branch),
            ])]));
    }

    private static IEnumerable<Cell> Pair(Composer c, string measure, ReportingMonth month)
    {
        Cell strict = c.Cell(measure + "_strict", month);
        Cell rolled = c.Cell(measure + "_rolled", month);
        decimal? before = c.Value(measure + "_strict", month);
        return [strict, rolled, Composer.Change(c.Value(measure + "_rolled", month), before, MeasureCatalog.Find(measure).Unit)];
    }
}
