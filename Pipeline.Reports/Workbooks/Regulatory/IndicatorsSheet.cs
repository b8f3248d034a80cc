using Pipeline.Models.Measures;
using Pipeline.Models.Regulatory;
using Pipeline.Reports.Sheets;

namespace Pipeline.Reports.Workbooks.Regulatory;

/// <summary>The indicators of the month beside the month before and the same month last year.</summary>
internal static class IndicatorsSheet
{
    public static void Add(Composer c)
    {
        Sheet sheet = c.Page(c.T("指标汇总", "Indicators"), c.T("指标汇总", "Indicators"), c.T("本月全部指标，与上月、去年同月比较", "All indicators of the month, against the month before and the same month last year"));
        List<IReadOnlyList<Cell>> rows = [];
        foreach ((string group, string[] measures) in Groups(c))
        {
            foreach (string key in measures.Where(m => c.IsPlanned(m, c.Month)))
            {
                Measure measure = MeasureCatalog.Find(key);
                decimal? now = c.Value(key, c.Month);
                string? notCompared = now is null ? null : Uncovered.Word(c, key, FigurePeriod.Of(c.Month));
                rows.Add(
                [
                    Cell.Of(group), Cell.Of(c.MeasureName(measure.Key)), c.Cell(key, c.Month),
                    c.Cell(key, c.Previous), .. Changes(c, measure, now, c.Covered(key, c.Previous), notCompared is not null),
                    c.Cell(key, c.YearAgo), .. Changes(c, measure, now, c.Covered(key, c.YearAgo), notCompared is not null),
                    Cell.Of(notCompared ?? c.UnitName(measure.Unit), Styles.Code),
                ]);
            }
        }
        TablePlace place = sheet.Table(SheetTable.Of(
            "Indicators",
            [
                new(c.T("类别", "Group"), 0, true), new(c.T("指标", "Indicator"), 0, true), new(c.T("本月", "This month"), 16),
                new(c.T("上月", "Month before"), 16), new(c.T("环比增减", "Change on month"), 16), new(c.T("环比", "Change on month %"), 12),
                new(c.T("去年同月", "Same month last year"), 16), new(c.T("同比增减", "Change on year"), 16), new(c.T("同比", "Change on year %"), 12),
                new(c.T("单位 / 说明", "Unit / note"), 24, true),
            ],
            rows));
        sheet.FreezeBelow(place, 2);
        sheet.Skip();
        sheet.Paragraph(
            c.T("比率类指标的增减为百分点。去年同月早于数据起点，或来源不含所需内容（如投诉人、办结日期、金额）时列“–”。", "Changes of shares are in percentage points. A dash stands where the data do not reach back, or where the source does not state what the indicator needs (who complained, closing days, amounts)."),
            Styles.Note, 1, 10);
        Uncovered.Note(c, sheet, 10);
    }

    private static IEnumerable<Cell> Changes(Composer c, Measure measure, decimal? now, decimal? before, bool isNotCompared) => isNotCompared
        ? [Cell.Undefined(Styles.ChangeCount), measure.Unit == Units.Share ? Cell.Blank(Styles.Text) : Cell.Undefined(c.ChangeShareStyle)]
        : [Composer.Change(now, before, measure.Unit), measure.Unit == Units.Share ? Cell.Blank(Styles.Text) : c.Relative(now, before)];

    private static (string Group, string[] Measures)[] Groups(Composer c) => c.HasView(RegulatoryViews.China)
        ? [.. Common(c), .. China(c)]
        : Common(c);

    private static (string Group, string[] Measures)[] China(Composer c) =>
    [
        (c.T("时限计法", "Roll-over"), ["closed_on_time_15_strict", "closed_on_time_15_rolled", "on_time_rate_strict", "on_time_rate_rolled"]),
        (c.T("期初与期间", "Stock and flow"), ["opening_open", "closed_in_period", "withdrawn_in_period", "ended_day_unknown", "flow_closure_rate"]),
        (c.T("合并与责任", "Merging, liability"), ["merged_repeats", "complaints_merged", "repeat_rate_merged", "liable_of_closed_rate", "major", "major_group"]),
        (c.T("相对量", "Relative"), ["per_1000_outlets", "per_10m_customers", "per_10k_customers", "per_outlet_month", "complaint_rate", "transfers_per_1000_outlets", "transfers_per_10m_customers"]),
    ];

    private static (string Group, string[] Measures)[] Common(Composer c) =>
    [
        (c.T("总量", "Volume"), ["complaints", "after_merging", "persons", "persons_affected"]),
        (c.T("来源", "Source"), ["regulator_transfers", "regulator_share", "bypass"]),
        (c.T("时效", "Timeliness"), ["closed", "open", "closed_on_time_15", .. c.Limits.Count > 2 ? (string[])["closed_within_30"] : [], "closed_within_60", "over_60_days", "on_time_rate", "closure_rate", "median_handling_days", "timely_response_rate"]),
        (c.T("质效", "Outcome"), ["first_contact_rate", "satisfaction_rate", "liable_rate", "amount_claimed", "compensation_paid"]),
        (c.T("重复与升级", "Repeat and escalation"), ["repeat_7", "repeat_30", "repeat_90", "repeat_rate_7", "repeat_rate_30", "repeat_rate_90", "escalated", "escalation_rate", "threats"]),
    ];
}
