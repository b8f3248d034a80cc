using Pipeline.Models.Complaints;
using Pipeline.Models.Measures;
using Pipeline.Models.Taxonomy;
using Pipeline.Models.Text;
using Pipeline.Reports.Sheets;

namespace Pipeline.Reports.Workbooks.Regulatory;

/// <summary>Handling against the limits of 15, 30 and 60 calendar days (Order 2020 No.3 art. 18).</summary>
internal static class TimelinessSheet
{
    private static readonly string[] Measures =
        ["complaints", "closed", "open", "closed_on_time_15", "closed_within_30", "closed_within_60", "over_60_days", "on_time_rate", "closure_rate", "median_handling_days"];

    public static void Add(Composer c)
    {
        TimeLimits limits = c.Report.Rules.TimeLimitCalendarDays;
        Sheet sheet = c.Page(c.T("办理时效", "Timeliness"), c.T("办理时效", "Timeliness"), c.T($"{limits.First}/{limits.Extended}/{limits.Final} 日时限内办结多少、超期多少", $"How many were closed within {limits.First}, {limits.Extended} and {limits.Final} days, and how many went over"));
        sheet.Row(Cell.Of(c.T($"按受理月（近 {c.Months(13).Count} 个月）", $"By month of receipt ({English.Count(c.Months(13).Count, "month")})"), Styles.Section));
        List<IReadOnlyList<Cell>> months = [.. c.Months(13).Reverse().Select(m => (IReadOnlyList<Cell>)
        [
            Cell.Of(c.Head(m), Styles.Text),
            .. Measures.Select(k => c.Cell(k, m)),
            Cell.Of(Measures.Any(k => c.Value(k, m) is not null && c.IsMaturing(k, FigurePeriod.Of(m))) ? c.T("未满期", "still maturing") : "", Styles.Code),
        ])];
        TableColumn[] columns = [.. Measures.Select(k => new TableColumn(c.MeasureName(k), 11.5))];
        TablePlace place = sheet.Table(SheetTable.Of("TimelinessByMonth", [new(c.T("受理月", "Month"), 16, true), .. columns, new(c.T("说明", "Note"), 16, true)], months));
        sheet.FreezeBelow(place);
        sheet.Skip();
        foreach ((string dimension, string name) in ((string, string)[])[(Dimensions.Business, "TimelinessByBusiness"), (Dimensions.Branch, "TimelinessByBranch"), (Dimensions.Region, "TimelinessByRegion")])
        {
            Breakdown breakdown = new(c, dimension);
            if (dimension != Dimensions.Business && breakdown.IsSilent)
            {
                continue;
            }
            sheet.Row(Cell.Of(c.T($"本月，按{c.DimensionName(dimension)}", $"This month, by {c.DimensionName(dimension).ToLowerInvariant()}"), Styles.Section));
            sheet.Table(SheetTable.Of(
                name,
                [new(c.DimensionName(dimension), 0, true), .. columns],
                [
                    .. breakdown.Members.Where(m => breakdown.Count("complaints", m) > 0).Select(m => (IReadOnlyList<Cell>)
                        [Cell.Of(breakdown.Label(m)), .. Measures.Select(k => c.Cell(k, c.Month, breakdown.Term(m)))]),
                    .. breakdown.HasRest
                        ? (IReadOnlyList<Cell>[])[[Cell.Of(breakdown.RestLabel), .. Measures.Select(k => MeasureCatalog.Find(k).Kind == MeasureKind.Count ? Composer.Derived(breakdown.Rest(k, c.Month)) : Cell.Undefined(c.StyleOf(MeasureCatalog.Find(k).Unit)))]]
                        : [],
                ],
                [Cell.Of(c.T("合计", "Total")), .. Measures.Select(k => c.Cell(k, c.Month))]));
            sheet.Skip();
        }
        sheet.Paragraph(
            c.T("“30日内”“60日内”含“15日内”；“超过60日”含尚未办结者。本月受理件的时限多未届满，数字会随后续数据上升。",
                "“Within 30” and “within 60” include those within 15; “over 60” includes cases still open. Most limits of this month's cases have not run out; its numbers will rise with later data."),
            Styles.Note, 1, 11);
    }
}
