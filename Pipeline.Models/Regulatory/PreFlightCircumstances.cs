using Pipeline.Models.Complaints;
using Pipeline.Models.Measures;
using Pipeline.Models.Taxonomy;
using Pipeline.Models.Text;

namespace Pipeline.Models.Regulatory;

/// <summary>What the figures were made under: the data date, rows that were not read, limits, labels, denominators, calendar.</summary>
internal static class PreFlightCircumstances
{
    public static IEnumerable<PreFlightItem> Of(PreFlightInput input) =>
    [
        new("month_incomplete", new("数据截至日", "Data date"), new($"数据截至 {input.AsOf:yyyy-MM-dd}，报告月已结束。", $"The data end on {input.AsOf:yyyy-MM-dd}, after the month."), Incomplete(input)),
        new("quarantine_open", new("隔离区", "Quarantine"), new("没有待处理的行。", "No row waits for a decision."), Quarantine(input)),
        new("ledger_not_continuous", new("台账起点", "Start of the ledger"), new($"{input.History} 至 {input.Month} 各月受理连续。", $"Complaints were received without a gap from {input.History} to {input.Month}."), Stray(input)),
        new("over_final_limit", new("办理时效", "Timeliness"), new($"{input.Counted.Count} 件中没有超过最终时限的。", $"None of {input.Counted.Count} cases is known to have gone over the final limit."), Late(input)),
        new("labels_doubtful", new("分类标签", "Labels"), new("没有用低于复核阈值的预测计数的投诉。", "None is counted by a prediction below the threshold for review."), Doubtful(input)),
        new("denominators_missing", new("相对量", "Relative figures"), new($"{input.Month} 所属季度的分母齐全（{input.Book.Denominators.Branches.Count} 家机构）。", $"The quarter of {input.Month} has the denominators of all {input.Book.Denominators.Branches.Count} organisations."), Bases(input)),
        new("calendar_missing", new("节假日历", "Calendar"), new($"节假日历 {input.Book.Calendar.Id} 覆盖时限所及各年。", $"The calendar {input.Book.Calendar.Id} covers the years that the limits reach into."), Days(input)),
    ];

    private static Bilingual Unread(PreFlightInput input) => input.CameAgain == 0
        ? new($"{input.OpenQuarantine} 行未能读取（不限于本月）；其内容除非另行再报，未计入任何数字。", $"{English.Count(input.OpenQuarantine, "row")} could not be read, of whatever month; what they hold is in no figure unless it came again.")
        : new(
            $"{input.OpenQuarantine} 行未能读取（不限于本月）；其中 {input.CameAgain} 行的工单号已由其他文件报来并计数，其余行的内容除非另行再报，未计入任何数字。",
            $"{English.Count(input.OpenQuarantine, "row")} could not be read, of whatever month. The cases of {input.CameAgain} came in another file and count; what the others hold is in no figure unless it came again.");

    private static IEnumerable<PreFlightFinding> Incomplete(PreFlightInput input)
    {
        if (input.AsOf < input.Month.LastDay)
        {
            yield return new PreFlightFinding(
                "month_incomplete", PreFlightSeverity.Warning, new("数据截至日", "Data date"), 0,
                new($"数据截至 {input.AsOf:yyyy-MM-dd}，报告月尚未结束。", $"The data end on {input.AsOf:yyyy-MM-dd}, before the month does."), new("月末导出后重新运行再报送。", "Run again on the export of the month's end before filing."));
        }
    }

    private static IEnumerable<PreFlightFinding> Quarantine(PreFlightInput input)
    {
        if (input.OpenQuarantine > 0)
        {
            yield return new PreFlightFinding(
                "quarantine_open", PreFlightSeverity.Warning, new("隔离区", "Quarantine"), input.OpenQuarantine,
                Unread(input), new("pipeline quarantine export，改正后 release。", "pipeline quarantine export, correct them, then release."));
        }
    }

    private static IEnumerable<PreFlightFinding> Late(PreFlightInput input)
    {
        Measure late = MeasureCatalog.Find("over_60_days");
        decimal? known = input.Figures.Of(late.Key, input.Month).Value;
        // Without closing days only those that are still open can be told to be over the limit.
        int over = (int)(known ?? input.Counted.Count(f => late.Counted(f, new MeasureContext(input.AsOf, input.Rules.TimeLimitCalendarDays) { Book = input.Book })));
        if (over > 0)
        {
            yield return new PreFlightFinding(
                "over_final_limit", PreFlightSeverity.Warning, new("办理时效", "Timeliness"), over,
                known is not null
                    ? new($"{over} 件超过最终时限。", $"{English.Count(over, "case")} went over the final limit.")
                    : new($"至少 {over} 件超过最终时限（仍未办结；来源未载办结日期）。", $"At least {English.Count(over, "case")} went over the final limit: still open; the source states no closing days."), new("附说明；见“待办清单”和“办理时效”。", "State why; see the worklist and the sheet on timeliness."));
        }
    }

    private static IEnumerable<PreFlightFinding> Doubtful(PreFlightInput input)
    {
        int doubtful = (int)(input.Figures.Of("needs_review", input.Month).Value ?? 0);
        if (doubtful > 0)
        {
            yield return new PreFlightFinding(
                "labels_doubtful", PreFlightSeverity.Note, new("分类标签", "Labels"), doubtful,
                new($"{doubtful} 件用了低于复核阈值的模型预测。", $"Counted by a prediction below the threshold for review: {English.Count(doubtful, "case")}."), new("在数据质量簿的复核页核对。", "Check them on the review sheet of the quality workbook."));
        }
    }

    private static IEnumerable<PreFlightFinding> Bases(PreFlightInput input)
    {
        if (input.Book.Denominators.Entries.Count == 0)
        {
            yield return new PreFlightFinding(
                "denominators_not_loaded", PreFlightSeverity.Note, new("相对量", "Relative figures"), 0,
                new("未载入分母（网点数、个人客户数），相对量无定义。", "No denominators (outlets, customers) are loaded; relative figures are not defined."), new("pipeline denominators load 文件.csv --source 来源。", "pipeline denominators load FILE.csv --source NAME."));
        }
        else if (input.Book.Denominators.Missing(input.Month) is { Count: > 0 } missing)
        {
            yield return new PreFlightFinding(
                "denominators_missing", PreFlightSeverity.Warning, new("相对量", "Relative figures"), 0,
                new($"{string.Join("、", missing)} 缺 {input.Month} 所属季度的分母，全行相对量无定义。", $"{string.Join(", ", missing)} have no denominators in the quarter of {input.Month}; the bank's relative figures are not defined."),
                new("补充该季度的分母后重新运行。", "Load the quarter's denominators and run again."));
        }
    }

    private static IEnumerable<PreFlightFinding> Days(PreFlightInput input)
    {
        int year = input.Month.LastDay.AddDays(input.Rules.TimeLimitCalendarDays.Final).Year;
        foreach (int of in (int[])[input.Month.Year, .. year == input.Month.Year ? (int[])[] : [year]])
        {
            if (!input.Book.Calendar.Covers(of))
            {
                yield return new PreFlightFinding(
                    "calendar_missing", PreFlightSeverity.Warning, new("节假日历", "Calendar"), 0,
                    new($"节假日历没有 {of} 年，该年时限末日只按周末顺延。", $"The calendar lacks {of}: limits of that year roll over weekends only."), new($"在 calendar.{input.Book.Calendar.Id}.json 中补上 {of} 年。", $"Add {of} to calendar.{input.Book.Calendar.Id}.json."));
            }
        }
    }

    private static IEnumerable<PreFlightFinding> Stray(PreFlightInput input)
    {
        if (input.Ledger is { Earlier: { } earlier } start)
        {
            yield return new PreFlightFinding(
                "ledger_not_continuous", PreFlightSeverity.Warning, new("台账起点", "Start of the ledger"), earlier.Count,
                new($"{start.Begins:yyyy-MM-dd} 之前只有零星或中断的受理：{earlier.Count} 件（{earlier.First:yyyy-MM-dd} 至 {earlier.Last:yyyy-MM-dd}）。回看此前的指标按 {start.Begins:yyyy-MM-dd} 为台账起点，加标记、不作比较。",
                    $"Before {start.Begins:yyyy-MM-dd} intake is not continuous: {English.Count(earlier.Count, "complaint")} received from {earlier.First:yyyy-MM-dd} to {earlier.Last:yyyy-MM-dd}. Figures that look back take {start.Begins:yyyy-MM-dd} for the start of the ledger: those that reach further are marked and not compared."),
                new("若缺少此前月份的导出文件，补入后重新运行；若只是随首批导出的存量旧件，无需处理。", "Where exports of those months are missing, ingest them and run again; where these are old cases that came with the first export, nothing is to be done."));
        }
    }
}
