using Pipeline.Models.Measures;
using Pipeline.Models.Taxonomy;

namespace Pipeline.Reports.Workbooks.Front;

/// <summary>The footnote that a published statistic must carry (口径, DOMAIN A3.6), made from the rules that were in force.</summary>
internal static class CountingBasis
{
    public static IEnumerable<string> Of(Composer c)
    {
        RuleBook rules = c.Report.Rules;
        yield return c.T(
            $"统计范围：受理日期在报告期内的投诉；{c.T(MeasureCatalog.Find("complaints").Definition)}撤诉件计入投诉量，不计入办结率分母。隔离区中的行不计入。",
            $"Population: complaints received in the period. {c.T(MeasureCatalog.Find("complaints").Definition)} Withdrawn cases count as received and are left out of the closure rate. Rows in quarantine are not counted.");
        yield return c.T(
            $"分类标签按以下次序取第一个有值者：{string.Join(" > ", rules.LabelPrecedence.Select(p => Basis(c, p)))}；模型预测概率低于 {Composer.Percentage((decimal)rules.ReviewBelowProbability, 0)} 的标为待复核，仍计入。",
            $"Labels: the first that exists of {string.Join(" > ", rules.LabelPrecedence.Select(p => Basis(c, p)))}. A prediction below {Composer.Percentage((decimal)rules.ReviewBelowProbability, 0)} is marked for review and still counts.");
        yield return c.T(
            $"重复投诉：同一投诉人、同一事项，距上一件不超过 {string.Join("/", rules.RepeatWindowCalendarDays)} 个自然日（默认 {rules.RepeatWindowDefaultCalendarDays} 日）；投诉量为合并重复前。升级投诉：重复投诉且渠道层级高于上一件。",
            $"Repeat: same complainant, same matter, at most {string.Join("/", rules.RepeatWindowCalendarDays)} calendar days after the case before ({rules.RepeatWindowDefaultCalendarDays} where no window is named); complaints are counted before merging. Escalated: a repeat through a channel higher on the ladder.");
        TimeLimits limits = rules.TimeLimitCalendarDays;
        yield return c.T(
            $"时限：一般 {limits.First} 日，情况复杂 {limits.Extended} 日，特别复杂 {limits.Final} 日；按自然日，受理当日不计，节假日不顺延（银保监会令2020年第3号第18条；民法典第200—204条）。",
            $"Time limits: {limits.First} days, {limits.Extended} where complex, {limits.Final} where especially complex; calendar days, the day of receipt not counted, holidays do not extend them (Order 2020 No.3 art. 18; Civil Code arts. 200–204).");
        yield return c.T(
            rules.PercentPolicy == "plain"
                ? $"占比各自四舍五入到 {rules.PercentDecimals} 位小数，相加可能不等于 100%；小计、合计由件数计算。"
                : $"占比按最大余数法取 {rules.PercentDecimals} 位小数，相加等于 100%；小计、合计由件数计算。",
            rules.PercentPolicy == "plain"
                ? $"Shares are each rounded half-up to {rules.PercentDecimals} decimals and may not add up to 100 %; subtotals are made of counts."
                : $"Shares are rounded to {rules.PercentDecimals} decimals by largest remainder and add up to 100 %; subtotals are made of counts.");
        yield return c.T(
            "数据截至日之后到达的迟到件、更正和办结，在同月的下一版次中体现；近月的办结类指标尚未满期，不与往月比较。",
            "Late cases, corrections and closings that arrive after the data date show in the month's next edition; closing measures of recent months are still maturing and are not compared with earlier months.");
        yield return c.T("“0”为确无发生；“–”为无定义（分母为零或无往期数据）；空白为不适用。", "0: nothing happened. –: not defined (empty denominator, or no earlier data). Blank: does not apply.");
        yield return c.T($"规则依据：{rules.Source}", $"Source of the rules: {rules.Source}");
    }

    private static string Basis(Composer c, string basis) => basis switch
    {
        "analyst" => c.T("人工认定", "analyst"),
        "reported" => c.T("导出编码", "coded in the export"),
        "predicted" => c.T("模型预测", "predicted by the model"),
        _ => basis,
    };
}
