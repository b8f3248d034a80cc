using Pipeline.Models.Complaints;
using Pipeline.Models.Measures;
using Pipeline.Models.Taxonomy;
using Pipeline.Models.Text;
using Pipeline.Reports.Sheets;

namespace Pipeline.Reports.Workbooks.Regulatory;

/// <summary>Handling against the limits that bind the source, see <see cref="Composer.Limits"/>.</summary>
internal static class TimelinessSheet
{
    private static readonly string[] All =
        ["complaints", "closed", "open", "closed_on_time_15", "closed_within_30", "closed_within_60", "over_60_days", "on_time_rate", "closure_rate", "median_handling_days"];

    public static void Add(Composer c)
    {
        IReadOnlyList<int> limits = c.Limits;
        string[] measures = [.. All.Where(m => m != "closed_within_30" || limits.Count > 2)];
        Sheet sheet = c.Page(c.T("办理时效", "Timeliness"), c.T("办理时效", "Timeliness"), c.T($"{Cases.WorklistSheet.ListZh(limits)} 日时限内办结多少、超期多少", $"How many were closed within {Cases.WorklistSheet.ListEn(limits)} days, and how many went over"));
        sheet.Row(Cell.Of(c.T($"按受理月（近 {c.Months(13).Count} 个月）", $"By month of receipt ({English.Count(c.Months(13).Count, "month")})"), Styles.Section));
        List<IReadOnlyList<Cell>> months = [.. c.Months(13).Reverse().Select(m => (IReadOnlyList<Cell>)
        [
            Cell.Of(c.Head(m), Styles.Text),
            .. measures.Select(k => c.Cell(k, m)),
            Cell.Of(measures.Any(k => c.Value(k, m) is not null && c.IsMaturing(k, FigurePeriod.Of(m))) ? c.T("未满期", "still maturing") : "", Styles.Code),
        ])];
        TableColumn[] columns = [.. measures.Select(k => new TableColumn(c.MeasureName(k), 11.5))];
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
            sheet.Row(Cell.Of(c.T($"本月，按{c.Noun(dimension)}", $"This month, by {c.Noun(dimension)}"), Styles.Section));
            sheet.Table(SheetTable.Of(
                name,
                [new(c.DimensionName(dimension), 0, true), .. columns],
                [
                    .. breakdown.Members.Where(m => breakdown.Count("complaints", m) > 0).Select(m => (IReadOnlyList<Cell>)
                        [Cell.Of(breakdown.Label(m)), .. measures.Select(k => c.Cell(k, c.Month, breakdown.Term(m)))]),
                    .. breakdown.HasRest
                        ? (IReadOnlyList<Cell>[])[[Cell.Of(breakdown.RestLabel), .. measures.Select(k => MeasureCatalog.Find(k).Kind == MeasureKind.Count ? Composer.Derived(breakdown.Rest(k, c.Month)) : Cell.Undefined(c.StyleOf(MeasureCatalog.Find(k).Unit)))]]
                        : [],
                ],
                [Cell.Of(c.T("合计", "Total")), .. measures.Select(k => c.Cell(k, c.Month))]));
            sheet.Skip();
        }
        foreach (string note in Notes(c, limits))
        {
            sheet.Paragraph(note, Styles.Note, 1, 11);
        }
    }

    private static IEnumerable<string> Notes(Composer c, IReadOnlyList<int> limits)
    {
        (int first, int last) = (limits[0], limits[^1]);
        string later = string.Join(c.T("”“", "” and “"), limits.Skip(1).Select(l => c.T($"{l}日内", $"within {l}")));
        yield return c.T(
            $"“{later}”含“{first}日内”；“超过{last}日”含尚未办结者。", $"“{char.ToUpperInvariant(later[0])}{later[1..]}” {(limits.Count > 2 ? "include" : "includes")} those within {first}; “over {last}” includes cases still open.");
        yield return c.T($"{c.MeasureName("on_time_rate")}：{c.Definition("on_time_rate")}", $"{c.MeasureName("on_time_rate")}: {c.Definition("on_time_rate")}");
        if (c.IsMaturing("over_60_days", FigurePeriod.Of(c.Month)))
        {
            yield return c.T("本月受理件的最终时限尚未全部届满，数字会随后续数据变动。", "The final limits of this month's cases have not all run out; its numbers still move with later data.");
        }
        if (c.Value("over_60_days", c.Month) is null)
        {
            List<CaseRow> open = Cases.WorklistSheet.Open(c);
            int past = Cases.WorklistSheet.Standing(open, c.Report.Lineage.AsOf, limits).Past[^1];
            yield return c.T(
                $"来源未载办结日期，已办结的用了几天无从得知，故列“–”。仍未办结的可以知道：报告月末前受理、截至数据日 {Composer.Iso(c.Report.Lineage.AsOf)} 未办结的 {open.Count} 件中，{past} 件已过 {last} 日（重复与升级投诉清单的“{Cases.WorklistSheet.Name(c)}”逐件列出）。",
                $"The source states no closing days: how long closed cases took is not known, hence the dashes. What is still open is known: of {open.Count} received up to the end of the month and open on the data date {Composer.Iso(c.Report.Lineage.AsOf)}, {past} are past {last} days (one by one on the sheet {Cases.WorklistSheet.Name(c)} of the workbook of cases).");
        }
    }
}
