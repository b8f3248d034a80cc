using Pipeline.Models.Complaints;
using Pipeline.Models.Measures;
using Pipeline.Models.Taxonomy;
using Pipeline.Models.Text;

namespace Pipeline.Models.Regulatory;

/// <summary>What regulators ask about a return: nil returns, the share of "other", and the UK's and Australia's own.</summary>
internal static class PreFlightReturns
{
    /// <summary>Nothing usual is known of fewer months.</summary>
    private const int FewestMonths = 3;

    public static IEnumerable<PreFlightItem> Nil(PreFlightInput input, PreFlightRules rules)
    {
        List<ReportingMonth> earlier = [.. Enumerable.Range(1, 12).Select(i => input.Month.Add(-i)).Where(m => m >= input.History)];
        if (earlier.Count < FewestMonths)
        {
            yield break;
        }
        yield return new PreFlightItem(
            "nil_return", new("零报告", "Nil return"), new($"本月有 {input.Counted.Count} 件。", $"The month has {English.Count(input.Counted.Count, "complaint")}."), NilReturn(input, rules, earlier));
        if (input.Counted.Count > 0)
        {
            yield return new PreFlightItem(
                "nil_branch", input.Name(Dimensions.Branch), new($"{input.Members[Dimensions.Branch].Count} 家机构中，平时月均不少于 {rules.NilBelowUsual} 件的，本月均有投诉。", $"Of {input.Members[Dimensions.Branch].Count} organisations every one that usually has {rules.NilBelowUsual} or more a month has complaints."),
                NilBranches(input, rules, earlier));
        }
    }

    private static IEnumerable<PreFlightFinding> NilReturn(PreFlightInput input, PreFlightRules rules, List<ReportingMonth> earlier)
    {
        decimal usual = earlier.Average(m => input.Figures.Of("complaints", m).Value ?? 0);
        if (input.Counted.Count == 0)
        {
            yield return new PreFlightFinding(
                "nil_return", usual >= rules.NilBelowUsual ? PreFlightSeverity.Blocking : PreFlightSeverity.Warning, new("零报告", "Nil return"), 0,
                new($"本月没有投诉，此前 {earlier.Count} 个月平均 {usual:0.0} 件。", $"No complaint in the month; {usual:0.0} on average in the {earlier.Count} months before."),
                new("确认导出文件齐全，再作零报告。", "Make sure that the exports are complete before filing nil."));
        }
    }

    private static IEnumerable<PreFlightFinding> NilBranches(PreFlightInput input, PreFlightRules rules, List<ReportingMonth> earlier)
    {
        foreach (string branch in input.Members[Dimensions.Branch])
        {
            decimal of = earlier.Average(m => input.Figures.Of("complaints", m, new FilterTerm(Dimensions.Branch, branch)).Value ?? 0);
            if (of >= rules.NilBelowUsual && input.Figures.Of("complaints", input.Month, new FilterTerm(Dimensions.Branch, branch)).Value == 0)
            {
                yield return new PreFlightFinding(
                    "nil_branch", PreFlightSeverity.Warning, new(branch, branch), 0,
                    new($"{branch} 本月为零，此前平均每月 {of:0.0} 件。", $"{branch} has none in the month; {of:0.0} a month on average before."),
                    new("向该机构确认零报告，或查漏报。", "Ask it to confirm, or look for what was not reported."));
            }
        }
    }

    public static IEnumerable<PreFlightItem> Others(PreFlightInput input, PreFlightRules rules)
    {
        foreach ((string dimension, string other) in rules.OtherClasses.OrderBy(p => p.Key, StringComparer.Ordinal))
        {
            if (input.Counted.Count > 0 && input.Members.TryGetValue(dimension, out IReadOnlyList<string>? members) && members.Contains(other))
            {
                decimal count = input.Figures.Of("complaints", input.Month, new FilterTerm(dimension, other)).Value ?? 0;
                yield return Share(input.Name(dimension), count, input.Counted.Count, rules, new("“其他”", "“Other”"));
            }
        }
    }

    /// <param name="what">What is watched, at the beginning of a sentence.</param>
    private static PreFlightItem Share(Bilingual where, decimal count, decimal of, PreFlightRules rules, Bilingual what)
    {
        decimal share = count / of;
        return new PreFlightItem(
            "other_share", where, new($"{what.Zh}占 {share:0.0%}，未超过 {rules.OtherWarningAbove:0.0%}。", $"{what.En} is {share:0.0%}, not above {rules.OtherWarningAbove:0.0%}."),
            (double)share <= rules.OtherWarningAbove ? [] : [new PreFlightFinding(
                "other_share", PreFlightSeverity.Warning, where, (int)count,
                new($"{what.Zh}占 {share:0.0%}，超过 {rules.OtherWarningAbove:0.0%}。", $"{what.En} is {share:0.0%}, above {rules.OtherWarningAbove:0.0%}."),
                new("复核这些投诉能否归入具体类别。", "See whether they belong to a class."))]);
    }

    /// <summary>The half-year's return (DISP 1 Annex 1R): header, nil return, opened and closed, "other" and what no line of it takes.</summary>
    public static IEnumerable<PreFlightItem> UnitedKingdom(PreFlightInput input, PreFlightRules rules)
    {
        if (input.Book.Rules.UnitedKingdom is not { } map)
        {
            yield return Missing("uk_map_missing", PreFlightSeverity.Blocking, new("英国 DISP", "UK DISP 1 Annex 1R"), new("regulatory.json 没有 united_kingdom，申报表无法生成。", "regulatory.json has no united_kingdom: there is no return."), new("补上产品与原因的映射。", "Add the map of products and causes."));
            yield break;
        }
        Bilingual header = new("申报表表头", "Header of the return");
        yield return map.FirmReferenceNumber is { } number
            ? new PreFlightItem("uk_firm_missing", header, new($"公司编号（FRN）{number} 已载于规则。", $"The firm reference number {number} stands in the rules."), [])
            : Missing("uk_firm_missing", PreFlightSeverity.Warning, header, new("没有公司编号（FRN），表头印“–”。", "No firm reference number is given; the header prints a dash."), new("在 regulatory.json 的 united_kingdom 填 firm_reference_number。", "Set firm_reference_number under united_kingdom in regulatory.json."));
        FigurePeriod half = RegulatoryPlan.Halves(input.Month, input.History)[0];
        foreach (PreFlightItem item in HalfYear(input, half).Concat(Flow(input, half)))
        {
            yield return item;
        }
        if (input.Value("complaints", half) is not ({ } total and > 0))
        {
            yield break;
        }
        decimal Of(string dimension, Func<string, bool> isLeft) => input.Members[dimension].Where(m => isLeft(m) && input.Taxonomy.Class(dimension, m)?.Parent is null).Sum(m => input.Value("complaints", half, new FilterTerm(dimension, m)) ?? 0);
        // Classes that an open dimension does not list are in no category either.
        decimal Unlisted(string dimension) => total - Of(dimension, _ => true);
        yield return Share(
            new("英国 DISP：主要原因", "UK return: causes"), Of(Dimensions.Cause, m => map.CategoryOf(m, input.Taxonomy) == UkRules.Other) + Unlisted(Dimensions.Cause), total, rules, new("归入“其他”或无原因者", "“Other”, causes without a category included,"));
        HashSet<string> mapped = [.. map.Groups.SelectMany(g => g.Business)];
        yield return Share(
            new("英国 DISP：产品组", "UK return: products"), Of(Dimensions.Business, m => !mapped.Contains(m)) + Unlisted(Dimensions.Business), total, rules, new("未映射到产品组者", "What belongs to no group of products"));
    }

    private static PreFlightItem Missing(string code, PreFlightSeverity severity, Bilingual where, Bilingual found, Bilingual act) =>
        new(code, where, new("", ""), [new PreFlightFinding(code, severity, where, 0, found, act)]);

    /// <summary>A half-year without complaints is asked about where the months before usually had some.</summary>
    private static IEnumerable<PreFlightItem> HalfYear(PreFlightInput input, FigurePeriod half)
    {
        decimal total = input.Value("complaints", half) ?? 0;
        List<ReportingMonth> earlier = [.. Enumerable.Range(1, 6).Select(i => half.From.Add(-i)).Where(m => m >= input.History)];
        bool isUsual = earlier.Sum(m => input.Value("complaints", FigurePeriod.Of(m)) ?? 0) > 0;
        Bilingual where = new("半年零报告", "Nil return of the half-year");
        yield return new PreFlightItem(
            "half_nil_return", where, new($"{half.Span} 有 {total:0} 件。", $"{half.Span} has {total:0}."),
            total > 0 ? [] : [new PreFlightFinding(
                "half_nil_return", isUsual ? PreFlightSeverity.Blocking : PreFlightSeverity.Warning, where, 0,
                new($"{half.Span} 没有投诉{(isUsual ? "，此前半年有" : "")}。", $"No complaint in {half.Span}{(isUsual ? "; the half-year before had some" : "")}."),
                new("确认导出文件齐全，再作零报告。", "Make sure that the exports are complete before filing nil."))]);
    }

    /// <summary>What was open, came in and was closed must lead from month to month, and the columns of time must add up to what was closed.</summary>
    private static IEnumerable<PreFlightItem> Flow(PreFlightInput input, FigurePeriod half)
    {
        Bilingual where = new("英国 DISP：受理与办结", "UK return: opened and closed");
        Bilingual act = new("不要报送；把运行编号告诉维护者。", "Do not file; tell the maintainers the run's number.");
        PreFlightItem Equal(string code, decimal? one, decimal? other, Bilingual what) => new(
            code, where, new($"{what.Zh}：相符（{one:0}）。", $"{what.En}: they agree ({one:0})."),
            one is null || other is null || one == other ? [] : [new PreFlightFinding(code, PreFlightSeverity.Blocking, where, (int)Math.Abs(one.Value - other.Value), new($"{what.Zh}：{one:0} 与 {other:0}。", $"{what.En}: {one:0} and {other:0}."), act)]);
        decimal? closed = input.Value("closed_in_period", half);
        yield return Equal("uk_time_differs", input.Value("uk_closed_3_days", half) + input.Value("uk_closed_8_weeks", half) + input.Value("uk_closed_over_8_weeks", half), closed, new("三档时限相加与办结数", "The columns of time and what was closed"));
        yield return Equal("uk_opening_differs", input.Value("opening_open", half), input.Value("opening_open", FigurePeriod.Of(half.From)), new("半年期初未办结与首月期初未办结", "Open at the start of the half-year and of its first month"));
        yield return Equal("uk_closed_differs", closed, Enumerable.Range(0, half.Months).Aggregate((decimal?)0, (sum, i) => sum + input.Value("closed_in_period", FigurePeriod.Of(half.From.Add(i)))), new("半年办结与各月办结相加", "Closed in the half-year and in its months"));
        for (ReportingMonth month = half.From; month < half.To; month = month.Add(1))
        {
            decimal? Of(string measure, ReportingMonth of) => input.Value(measure, FigurePeriod.Of(of));
            yield return Equal(
                "uk_flow_differs", Of("opening_open", month) + Of("complaints", month) - Of("closed_in_period", month) - Of("withdrawn_in_period", month) - Of("ended_day_unknown", month), Of("opening_open", month.Add(1)),
                new($"{month} 期初 + 受理 − 办结 − 撤诉 − 结束日期不明，与下月期初", $"{month}: open at the start + received − closed − withdrawn − ended on an unknown day, and open at the next start"));
        }
    }

    /// <summary>The IDR data file: codes loaded, a code for each value in use, nil return, dates of what ended.</summary>
    public static IEnumerable<PreFlightItem> Australia(PreFlightInput input, PreFlightRules rules)
    {
        Bilingual where = new("澳大利亚 IDR", "Australia: IDR data file");
        IdrCodes codes = input.Book.Idr ?? IdrCodes.None;
        if (!codes.IsLoaded)
        {
            yield return Missing("idr_codes_not_loaded", PreFlightSeverity.Warning, where, new("未载入代码表 codes.au-idr.csv，数据文件无法生成。", "The table codes.au-idr.csv is not loaded: there is no data file."), new("按监管数据字典制表，放入规则文件夹后重新运行。", "Make it from the regulator's data dictionary, put it into the rules folder and run again."));
        }
        else
        {
            IReadOnlyDictionary<(string Element, string Value), int> unmapped = IdrReturn.Unmapped(IdrReturn.Select(input.Counted, input.Month.FirstDay, input.Month.LastDay).Lines, codes);
            yield return new PreFlightItem(
                "idr_code_missing", where, new($"代码表 {codes.Entries.Count} 行；本月 {input.Counted.Count} 件用到的取值都有代码。", $"{codes.Entries.Count} codes are loaded; each value of the month's {input.Counted.Count} complaints has one."),
                unmapped.Count == 0 ? [] : [new PreFlightFinding(
                    "idr_code_missing", PreFlightSeverity.Blocking, where, unmapped.Values.Max(),
                    new($"没有代码的取值：{string.Join("、", unmapped.Keys.Order().Take(10).Select(k => $"{k.Element},{k.Value}"))}{(unmapped.Count > 10 ? $" 等 {unmapped.Count} 个" : "")}。", $"Values without a code: {string.Join("; ", unmapped.Keys.Order().Take(10).Select(k => $"{k.Element},{k.Value}"))}{(unmapped.Count > 10 ? $"; {unmapped.Count} in all" : "")}."),
                    new("补入 codes.au-idr.csv 后重新运行。", "Add them to codes.au-idr.csv and run again."))]);
        }
        List<ComplaintFact> dayless = [.. input.Counted.Where(f => f.Status != "open" && f.Closed is null)];
        yield return new PreFlightItem(
            "idr_day_missing", where, new("已办结、撤诉的都有结束日期。", "Each case that ended has the day on which it did."),
            dayless.Count == 0 ? [] : [new PreFlightFinding(
                "idr_day_missing", PreFlightSeverity.Warning, where, dayless.Count,
                new($"{dayless.Count} 件已办结或撤诉而没有日期，数据文件中结束日期留空。", $"Closed or withdrawn without a day: {English.Count(dayless.Count, "case")}; the file leaves the day blank."),
                new("在来源系统中补录后重新导出并运行。", "Complete them in the source system, export and run again.")) { Cases = PreFlight.Listed(dayless) }]);
        foreach (PreFlightItem item in HalfYear(input, RegulatoryPlan.Halves(input.Month, input.History)[0]))
        {
            yield return item;
        }
    }
}
