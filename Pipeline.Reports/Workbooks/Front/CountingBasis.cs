using Pipeline.Models.Measures;
using Pipeline.Models.Taxonomy;
using Pipeline.Models.Text;

namespace Pipeline.Reports.Workbooks.Front;

/// <summary>The footnote that a published statistic must carry (口径, DOMAIN A3.6), made from the rules that were in force.</summary>
internal static class CountingBasis
{
    /// <param name="isOutward">For the page that may leave the bank: without commands, other sheets and what is counted inside alone.</param>
    public static IEnumerable<string> Of(Composer c, bool isOutward = false)
    {
        RuleBook rules = c.Report.Rules;
        foreach (string line in Population(c, isOutward))
        {
            yield return line;
        }
        yield return c.T(
            $"统计范围：{c.Definition("complaints")}撤诉件计入投诉量，不计入办结率分母。隔离区中的行不计入。",
            $"Population: {c.Definition("complaints")} Withdrawn cases count as received and are left out of the closure rate. Rows in quarantine are not counted.");
        yield return c.T(
            $"分类标签按以下次序取第一个有值者：{string.Join(" > ", rules.LabelPrecedence.Select(p => Basis(c, p)))}；模型预测概率低于 {Composer.Percentage((decimal)rules.ReviewBelowProbability, 0)} 的标为待复核，仍计入。",
            $"Labels: the first that exists of {string.Join(" > ", rules.LabelPrecedence.Select(p => Basis(c, p)))}. A prediction below {Composer.Percentage((decimal)rules.ReviewBelowProbability, 0)} is marked for review and still counts.");
        yield return c.T(
            $"重复投诉：同一投诉人、同一事项，距上一件不超过 {string.Join("/", rules.RepeatWindowCalendarDays)} 个自然日（默认 {rules.RepeatWindowDefaultCalendarDays} 日）；投诉量为合并重复前。升级投诉：重复投诉且渠道层级高于上一件。",
            $"Repeat: same complainant, same matter, at most {string.Join("/", rules.RepeatWindowCalendarDays)} calendar days after the case before ({rules.RepeatWindowDefaultCalendarDays} where no window is named); complaints are counted before merging. Escalated: a repeat through a channel higher on the ladder.");
        yield return c.IsUnderChineseRules ? ChineseLimits(c) : c.HasView(Models.Regulatory.RegulatoryViews.UnitedStates) ? UsLimits(c) : OtherLimits(c);
        yield return c.T(
            rules.PercentPolicy == "plain"
                ? $"占比各自四舍五入到 {rules.PercentDecimals} 位小数，相加可能不等于 100%；小计、合计由件数计算。"
                : $"占比按最大余数法取 {rules.PercentDecimals} 位小数，相加等于 100%；小计、合计由件数计算。",
            rules.PercentPolicy == "plain"
                ? $"Shares are each rounded half-up to {English.Count(rules.PercentDecimals, "decimal")} and may not add up to 100%; subtotals are made of counts."
                : $"Shares are rounded to {English.Count(rules.PercentDecimals, "decimal")} by largest remainder and add up to 100%; subtotals are made of counts.");
        if (c.Kind is WorkbookKinds.Regulatory or WorkbookKinds.Disclosure && c.Report.Regulatory is { } book && c.HasView(Models.Regulatory.RegulatoryViews.China))
        {
            foreach (string line in China(c, book, isOutward))
            {
                yield return line;
            }
        }
        yield return c.T(
            "数据截至日之后到达的迟到件、更正和办结，在同月的下一版次中体现；近月的办结类指标尚未满期，不与往月比较。",
            "Late cases, corrections and closings that arrive after the data date show in the month's next edition; closing measures of recent months are still maturing and are not compared with earlier months.");
        yield return c.T("“0”为确无发生；“–”为无定义、无从得知或不作比较（分母为零、无往期数据，来源不含所需内容，例如投诉人、办结日期、金额，或近期的办结类指标尚未满期）；空白为不适用。", "0: nothing happened. –: not defined, not known or not compared (empty denominator, no earlier data, the source does not state what it needs, for example who complained, closing days, amounts, or closing measures of recent periods still mature). Blank: does not apply.");
        if (c.IsUnderChineseRules)
        {
            yield return c.T($"规则依据：{Bilingual.OfLine(rules.Source).Zh}", $"Source of the rules: {Bilingual.OfLine(rules.Source).En}");
        }
        else if (c.HasView(Models.Regulatory.RegulatoryViews.UnitedStates))
        {
            yield return c.T(
                "规则依据：CFPB 公司门户对答复期限的要求、CFPB 月报的算法（三个月均值、公司数字滞后两个月）；重复投诉窗口为本机构工作口径。",
                "Source of the rules: the response times of the CFPB's company portal and the method of its monthly report (three-month averages, companies lagging two months); repeat windows are a working definition.");
        }
    }

    private static string ChineseLimits(Composer c)
    {
        TimeLimits limits = c.Report.Rules.TimeLimitCalendarDays;
        bool rolls = c.Report.Regulatory?.Rules.RollsOn(c.Month.LastDay) == true;
        return c.T(
            $"时限：一般 {limits.First} 日，情况复杂 {limits.Extended} 日，特别复杂 {limits.Final} 日；按自然日，受理当日不计，{(rolls ? "末日逢法定休假日顺延至次一工作日" : "节假日不顺延")}（银保监会令2020年第3号第18条；民法典第200—204条）。",
            $"Time limits: {limits.First} days, {limits.Extended} where complex, {limits.Final} where especially complex; calendar days, the day of receipt not counted, {(rolls ? "a limit that ends on a day off is over on the next working day" : "holidays do not extend them")} (Order 2020 No.3 art. 18; Civil Code arts. 200–204).");
    }

    /// <summary>DOMAIN B and F1: 15 days to respond, 60 to respond finally, from the day on which the company was sent the complaint, which the profile does not take.</summary>
    private static string UsLimits(Composer c) => c.T(
        $"期限：公司自投诉转交之日起 {c.Limits[0]} 日内答复，答复为“办理中”的 {c.Limits[^1]} 日内最终答复（自然日）。本程序从受理日起算；来源不载办结日期，已办结的用了几天无从得知，是否及时以来源的标记为准。",
        $"Time limits: companies respond within {c.Limits[0]} days of being sent the complaint, and finally within {c.Limits[^1]} where they first answer “In progress” (calendar days). Days are counted here from receipt; the source states no closing days, so how long closed cases took is not known, and whether a response was timely is what the source says.");

    private static string OtherLimits(Composer c) => c.T(
        $"时限：{string.Join("/", c.Limits)} 日，按自然日，受理当日不计。", $"Time limits: {string.Join(", ", c.Limits)} calendar days, the day of receipt not counted.");

    /// <summary>Which matters count, by the edition in force at the end of the month.</summary>
    private static IEnumerable<string> Population(Composer c, bool isOutward)
    {
        if (c.Report.Regulatory?.Rules.Population is not { } population || population.InForce(c.Month.LastDay) is not { } edition)
        {
            yield break;
        }
        if (!c.IsUnderChineseRules && c.Report.Excluded.Count == 0)
        {
            yield return c.T("事项：来源不区分事项类型，每一行都是投诉，全部计入。", "Matters: the source knows no kinds of matter; every row is a complaint and counts.");
            yield break;
        }
        string List(IEnumerable<Models.Regulatory.PopulationLabel> labels) => string.Join(c.T("、", ", "), labels.Select(l => c.T(l.Label)));
        string counted = List(population.Matters.Where(m => edition.CountedMatters.Contains(m.Key)));
        string others = List(population.Matters.Where(m => !edition.CountedMatters.Contains(m.Key)));
        string reasons = List(population.Reasons.Where(r => edition.ExclusionReasons.Contains(r.Key)));
        string excluded = isOutward ? "" : c.T($"本月不计入 {c.Report.Excluded.Count} 件。", $" {c.Report.Excluded.Count} of this month do not count.");
        yield return c.T(
            $"事项（{(edition.EffectiveFrom.Year <= 2000 ? "自始适用" : $"{Composer.Iso(edition.EffectiveFrom)} 起")}）：计入 {counted}；不计入 {others}；未注明的{(edition.CountsUnstated ? "计入" : "不计入")}；撤诉的{(edition.CountsWithdrawn ? "计入" : "不计入")}；核减理由：{(reasons.Length == 0 ? "无" : reasons)}。{excluded}",
            $"Matters{(edition.EffectiveFrom.Year <= 2000 ? "" : $" (from {Composer.Iso(edition.EffectiveFrom)})")}. Counted: {counted}. Not counted: {others}. Not stated: {(edition.CountsUnstated ? "counted" : "not counted")}; withdrawn: {(edition.CountsWithdrawn ? "counted" : "not counted")}; taken out after review for: {(reasons.Length == 0 ? "nothing" : reasons)}.{excluded}");
    }

    /// <summary>What a Chinese bank's published statistics must say: merging, channels, where card centres are booked, denominators.</summary>
    private static IEnumerable<string> China(Composer c, Models.Regulatory.RegulatoryBook book, bool isOutward)
    {
        Models.Regulatory.Denominators denominators = book.Denominators;
        IReadOnlyList<string> missing = denominators.Missing(c.Month);
        yield return c.T(
            "合并口径：投诉量为合并前；“合并重复后”减去90日内全部重复；“合并办理期间重复”只减去令2020年第3号第18条允许合并的（前件未办结且内容相同，或短期内经两个渠道）。",
            "Merging: complaints are counted before merging; “after merging repeats” takes away all repeats within 90 days; “repeats while open merged” only those that Order 2020 No.3 art. 18 allows to be merged (same content while the earlier case is open, or two channels within few days).");
        yield return c.T(
            "渠道与机构：含全部受理渠道（自有、外部平台、监管转办、人行转办、一键呼转、信访、司法）；投诉计入被投诉机构的上级（归属）机构，信用卡中心等直属机构单列，不分摊到所在地区分行；有责与无责、有效与无效均计入。",
            "Channels and organisations: all channels of receipt (own, outside platforms, regulators' transfers, live transfers, petition office, courts); a complaint is booked to the superior of the organisation complained of, card centres and the like stand apart and are not shared out to the branches of their place; founded and unfounded complaints both count.");
        yield return denominators.Entries.Count == 0
            ? c.T($"相对量：未载入网点数与个人客户数，相对量无定义{(isOutward ? "" : "（pipeline denominators load）")}。", $"Relative figures: no outlets and customers are loaded, so they are not defined{(isOutward ? "" : " (pipeline denominators load)")}.")
            : missing.Count > 0
                ? c.T($"相对量：{c.Month} 所在季度缺 {string.Join("、", missing)} 的分母，全行相对量无定义。", $"Relative figures: {string.Join(", ", missing)} have no denominators in the quarter of {c.Month}, so the bank's relative figures are not defined.")
                : c.T($"相对量：分母为 {denominators.Branches.Count} 家机构在期末月份所属季度的网点数、个人客户数；分子为全行投诉，含无分母的机构；不年化。", $"Relative figures: outlets and personal customers of {denominators.Branches.Count} organisations in the quarter of the last month; the numerator is all complaints of the bank, organisations without denominators included; not annualised.");
        yield return c.T(
            $"节假日历：{book.Calendar.Id} {book.Calendar.Version}，含 {string.Join("、", book.Calendar.Years.Select(y => y.Year))} 年；其他年份只计周末。顺延规则：{string.Join("；", book.Rules.Roll.Select(r => $"{Composer.Iso(r.EffectiveFrom)} 起{(r.RollToWorkday ? "顺延" : "不顺延")}"))}{(isOutward ? "" : "；两种计法并列于“时限两种计法”")}。",
            $"Calendar of holidays: {book.Calendar.Id} {book.Calendar.Version} with {string.Join(", ", book.Calendar.Years.Select(y => y.Year))}; other years have weekends only. Roll-over: {string.Join("; ", book.Rules.Roll.Select(r => $"{(r.RollToWorkday ? "yes" : "no")} from {Composer.Iso(r.EffectiveFrom)}"))}{(isOutward ? "" : "; both counts stand on the sheet “Roll-over”")}.");
        if (book.Rules.PercentMinSignificantDigits > 0)
        {
            yield return c.T(
                $"占比过小时增加小数位，至少 {book.Rules.PercentMinSignificantDigits} 位有效数字。", $"Small shares get more decimals, to at least {book.Rules.PercentMinSignificantDigits} significant digits.");
        }
        yield return c.T($"监管统计规则：{book.Rules.Version}；{Bilingual.OfLine(book.Rules.Source).Zh}", $"Regulatory rules: {book.Rules.Version}; {Bilingual.OfLine(book.Rules.Source).En}");
    }

    private static string Basis(Composer c, string basis) => basis switch
    {
        "analyst" => c.T("人工认定", "analyst"),
        "reported" => c.T("导出编码", "coded in the export"),
        "predicted" => c.T("模型预测", "predicted by the model"),
        _ => basis,
    };
}
