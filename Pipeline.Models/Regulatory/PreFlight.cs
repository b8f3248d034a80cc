using Pipeline.Models.Complaints;
using Pipeline.Models.Measures;
using Pipeline.Models.Taxonomy;
using Pipeline.Models.Text;

namespace Pipeline.Models.Regulatory;

/// <summary>How bad a finding is.</summary>
public enum PreFlightSeverity
{
    /// <summary>The figures must not be filed: the run ends with exit code 3.</summary>
    Blocking,

    /// <summary>A person should look before filing.</summary>
    Warning,

    /// <summary>Good to know.</summary>
    Note,
}

/// <summary>A finding of the check before filing.</summary>
/// <param name="Code">snake_case, stable.</param>
/// <param name="Where">Sheet, field or class.</param>
/// <param name="Rows">How many cases it concerns; 0 where none.</param>
/// <param name="Found">One sentence: what was found and what was expected.</param>
/// <param name="Act">One sentence: what to do.</param>
public sealed record PreFlightFinding(string Code, PreFlightSeverity Severity, Bilingual Where, int Rows, Bilingual Found, Bilingual Act)
{
    /// <value>The first case numbers that it concerns, at most ten.</value>
    public IReadOnlyList<string> Cases { get; init; } = [];
}

/// <summary>A field that a case must have, or must have under a condition.</summary>
/// <param name="Field">See <see cref="PreFlight.Fields"/>.</param>
/// <param name="When">See <see cref="PreFlight.Conditions"/>; null for every case.</param>
/// <param name="BlockingAbove">Share of the cases concerned (0 to 1) that may lack it; above it the finding blocks, below it warns. 1 never blocks.</param>
public sealed record FieldRule(string Field, string? When, double BlockingAbove);

/// <summary>What is checked for a regulator.</summary>
/// <param name="Fields">Mandatory and conditional fields.</param>
/// <param name="OtherClasses">Dimension → class that means "other".</param>
/// <param name="OtherWarningAbove">Share of "other" (0 to 1) from which a person should look: regulators criticise its over-use (DOMAIN D8).</param>
/// <param name="NilBelowUsual">An organisation without complaints is asked about where it usually has at least so many a month.</param>
/// <param name="NeedsCodes">Whether official codes are filed.</param>
public sealed record PreFlightRules(
    IReadOnlyList<FieldRule> Fields, IReadOnlyDictionary<string, string> OtherClasses, double OtherWarningAbove, int NilBelowUsual, bool NeedsCodes);

/// <summary>What the check looks at.</summary>
/// <param name="Counted">The month's complaints.</param>
/// <param name="Excluded">The month's cases that are no complaints.</param>
/// <param name="Members">Classes that the figures are broken down by, by dimension.</param>
/// <param name="OpenQuarantine">Rows in quarantine that nobody has decided.</param>
/// <param name="CameAgain">Of them those whose case another file brought, so that it counts.</param>
/// <param name="Repeats">Cases of the management workbooks' list of repeats.</param>
/// <param name="Escalated">Cases of their list of escalations.</param>
public sealed record PreFlightInput(
    ReportingMonth Month, ReportingMonth History, DateOnly AsOf, IReadOnlyList<ComplaintFact> Counted, IReadOnlyList<ComplaintFact> Excluded, FigureSet Figures,
    IReadOnlyDictionary<string, IReadOnlyList<string>> Members, ComplaintTaxonomy Taxonomy, RuleBook Rules, RegulatoryBook Book, int OpenQuarantine, int CameAgain, int Repeats, int Escalated)
{
    /// <value>Where the ledger begins; null where that was not kept.</value>
    public LedgerStart? Ledger { get; init; }
}

/// <summary>The check before filing: fields, codes, sums, nil returns, the share of "other", and reconciliation with the rows and the management workbooks.</summary>
public static class PreFlight
{
    private const int ListedCases = 10;

    /// <value>Fields that rules can ask for, with their names.</value>
    public static IReadOnlyDictionary<string, (Bilingual Name, Func<ComplaintFact, bool> IsThere)> Fields { get; } =
        new Dictionary<string, (Bilingual, Func<ComplaintFact, bool>)>(StringComparer.Ordinal)
        {
            ["business"] = (new("业务类别", "Business line"), f => f.Business.Class is not null),
            ["business_coded"] = (new("业务类别（导出编码）", "Business line coded in the export"), f => f.Business.Reported is not null),
            ["cause"] = (new("投诉原因", "Cause"), f => f.Cause.Class is not null),
            ["cause_coded"] = (new("投诉原因（导出编码）", "Cause coded in the export"), f => f.Cause.Reported is not null),
            ["nature"] = (new("投诉性质", "Nature"), f => f.Nature.Class is not null),
            ["channel"] = (new("投诉渠道", "Complaint channel"), f => f.Channel is not null),
            ["business_channel"] = (new("业务办理渠道", "Business channel"), f => f.BusinessChannel is not null),
            ["branch"] = (new("被投诉机构", "Organisation complained of"), f => f.Branch is not null),
            ["region"] = (new("地区", "Region"), f => f.Region is not null),
            ["severity"] = (new("投诉等级", "Severity"), f => f.Severity is not null),
            ["closed_date"] = (new("办结日期", "Closing date"), f => f.Closed is not null),
            ["due_date"] = (new("办结期限", "Due date"), f => f.Due is not null),
            ["satisfaction"] = (new("回访结果", "Follow-up result"), f => f.Satisfaction is not null),
            ["is_liable"] = (new("是否有责", "Liable"), f => f.IsLiable is not null),
            ["compensation"] = (new("小额补偿金额", "Compensation"), f => f.Compensation is not null),
            ["overdue_reason"] = (new("超过15日办结原因", "Reason for going over the first limit"), f => f.HasOverdueReason),
            ["regulator_number"] = (new("人行工单号", "Regulator's number"), f => f.HasRegulatorNumber),
            ["response"] = (new("公司答复", "Company response"), f => f.Response is not null),
            ["timely"] = (new("是否及时", "Timely mark"), f => f.IsTimelyReported is not null),
        };

    /// <value>Conditions that rules can name.</value>
    public static IReadOnlyDictionary<string, (Bilingual Name, Func<ComplaintFact, PreFlightInput, bool> Holds)> Conditions { get; } =
        new Dictionary<string, (Bilingual, Func<ComplaintFact, PreFlightInput, bool>)>(StringComparer.Ordinal)
        {
            ["closed"] = (new("已办结", "closed"), (f, _) => f.Status == "closed"),
            ["compensated"] = (new("有小额补偿", "compensated"), (f, _) => f.IsCompensated == true),
            ["over_first_limit"] = (new("超过一般时限", "over the first limit"), (f, i) => f.Closed is { } closed && closed > i.Book.LastDay(f.Received, i.Rules.TimeLimitCalendarDays.First, i.Book.Rules.RollsOn(f.Received))),
            ["central_bank"] = (new("人行转办", "transferred by the central bank"), (f, _) => f.Channel == "central_bank"),
        };

    /// <summary>All findings, the worst first.</summary>
    public static IReadOnlyList<PreFlightFinding> Check(PreFlightInput input, PreFlightRules rules) =>
    [
        .. ((IEnumerable<PreFlightFinding>)
        [
            .. Missing(input, rules), .. Population(input), .. Codes(input, rules), .. Sums(input), .. Reconciled(input), .. Nil(input, rules), .. Others(input, rules), .. Circumstances(input),
        ]).OrderBy(f => f.Severity),
    ];

    private static IEnumerable<PreFlightFinding> Missing(PreFlightInput input, PreFlightRules rules)
    {
        foreach (FieldRule rule in rules.Fields)
        {
            if (!Fields.TryGetValue(rule.Field, out (Bilingual Name, Func<ComplaintFact, bool> IsThere) field))
            {
                throw new InvalidDataException($"regulatory.json: pre_flight asks for the field '{rule.Field}'; expected one of {string.Join(", ", Fields.Keys)}");
            }
            if (rule.When is { } name && !Conditions.ContainsKey(name))
            {
                throw new InvalidDataException($"regulatory.json: pre_flight names the condition '{name}'; expected one of {string.Join(", ", Conditions.Keys)}");
            }
            List<ComplaintFact> concerned = [.. input.Counted.Where(f => rule.When is null || Conditions[rule.When].Holds(f, input))];
            List<ComplaintFact> missing = [.. concerned.Where(f => !field.IsThere(f))];
            if (missing.Count == 0)
            {
                continue;
            }
            double share = (double)missing.Count / concerned.Count;
            // No share is above the whole.
            Bilingual limit = rule.BlockingAbove >= 1
                ? new("不阻止报送", "it does not block")
                : new($"超过 {rule.BlockingAbove:0.0%} 不得报送", $"above {rule.BlockingAbove:0.0%} it blocks");
            Bilingual when = rule.When is { } w ? Conditions[w].Name : new("全部投诉", "all complaints");
            yield return new PreFlightFinding(
                rule.When is null ? "mandatory_missing" : "conditional_missing",
                share > rule.BlockingAbove ? PreFlightSeverity.Blocking : PreFlightSeverity.Warning,
                field.Name, missing.Count,
                new($"{when.Zh}中有 {missing.Count}/{concerned.Count} 件没有“{field.Name.Zh}”（{share:0.0%}；{limit.Zh}）。", $"{missing.Count} of {concerned.Count} ({when.En}) have no {field.Name.En.ToLowerInvariant()} ({share:0.0%}; {limit.En})."),
                new("在来源系统中补录后重新导出并运行；或改正标签。", "Complete them in the source system, export and run again; or correct the labels."))
            { Cases = Listed(missing) };
        }
    }

    private static IEnumerable<PreFlightFinding> Population(PreFlightInput input)
    {
        IEnumerable<ComplaintFact> all = input.Counted.Concat(input.Excluded);
        List<ComplaintFact> unknownMatter = [.. all.Where(f => f.MatterType is not null && input.Book.Rules.Population.Matter(f.MatterType) is null)];
        if (unknownMatter.Count > 0)
        {
            yield return new PreFlightFinding(
                "matter_unknown", PreFlightSeverity.Warning, new("事项类型", "Kind of matter"), unknownMatter.Count,
                new($"{unknownMatter.Count} 件的事项类型不在规则表中：{Spellings(unknownMatter.Select(f => f.MatterType!))}；按“未注明”处理。", $"Cases with a kind of matter that the rules do not know: {unknownMatter.Count}; {Spellings(unknownMatter.Select(f => f.MatterType!))}; taken as not stated."),
                new("把该写法加入 regulatory.json 的 population.matters。", "Add the spelling to population.matters in regulatory.json."))
            { Cases = Listed(unknownMatter) };
        }
        List<ComplaintFact> unknownReason = [.. input.Counted.Where(f => f.ExclusionReason is not null && input.Book.Rules.Population.Reason(f.ExclusionReason) is null)];
        if (unknownReason.Count > 0)
        {
            yield return new PreFlightFinding(
                "exclusion_reason_unknown", PreFlightSeverity.Warning, new("核减类型", "Exclusion reason"), unknownReason.Count,
                new($"{unknownReason.Count} 件的核减类型不在规则表中：{Spellings(unknownReason.Select(f => f.ExclusionReason!))}；未核减，照常计入。", $"Cases with an exclusion reason that the rules do not know: {unknownReason.Count}; {Spellings(unknownReason.Select(f => f.ExclusionReason!))}; they still count."),
                new("把该写法加入 regulatory.json 的 population.reasons，或在来源系统中改正。", "Add the spelling to population.reasons in regulatory.json, or correct it in the source system."))
            { Cases = Listed(unknownReason) };
        }
        if (input.Excluded.Count > 0)
        {
            yield return new PreFlightFinding(
                "excluded", PreFlightSeverity.Note, new("统计范围", "Population"), input.Excluded.Count,
                new($"{input.Excluded.Count} 件按规则不计入投诉，逐件列于“统计范围”。", $"No complaints by the rules: {English.Count(input.Excluded.Count, "case")}; each stands on the sheet “Population”."),
                new("核对理由与依据。", "Check the reasons."))
            { Cases = Listed(input.Excluded) };
        }
    }

    private static IEnumerable<PreFlightFinding> Codes(PreFlightInput input, PreFlightRules rules)
    {
        if (!rules.NeedsCodes)
        {
            yield break;
        }
        OfficialCodes codes = input.Book.Codes;
        if (codes.Entries.Count == 0)
        {
            yield return new PreFlightFinding(
                "codes_not_loaded", PreFlightSeverity.Note, new("官方代码", "Official codes"), 0,
                new("未载入官方代码表，报表只印内部类别名称。", "No table of official codes is loaded; the sheets print class names only."),
                new($"把代码表放入规则文件夹 codes.{input.Taxonomy.Id}.csv（dimension,key,official_code）。", $"Put the table into the rules folder as codes.{input.Taxonomy.Id}.csv (dimension,key,official_code)."));
            yield break;
        }
        foreach (string problem in codes.Problems(input.Taxonomy))
        {
            yield return new PreFlightFinding(
                "codes_invalid", PreFlightSeverity.Blocking, new("官方代码", "Official codes"), 0, new($"代码表有误：{problem}。", $"The table of codes is wrong: {problem}."), new("改正代码表后重新运行。", "Correct the table and run again."));
        }
        foreach (string dimension in codes.Dimensions)
        {
            List<string> without = [.. Used(input, dimension).Where(m => codes.Of(dimension, m) is null)];
            if (without.Count > 0)
            {
                int rows = input.Counted.Count(f => FigurePlan.MemberOf(f, dimension) is var m && without.Contains(m));
                yield return new PreFlightFinding(
                    "code_missing", PreFlightSeverity.Blocking, Name(input, dimension), rows,
                    new($"有件数的类别没有官方代码：{string.Join("、", without.Select(m => input.Taxonomy.Label(dimension, m, Language.Zh)))}。", $"Classes with complaints have no official code: {string.Join(", ", without.Select(m => input.Taxonomy.Label(dimension, m, Language.En)))}."),
                    new("在代码表中补上。", "Add them to the table."));
            }
        }
    }

    /// <summary>Parts add up to totals on every sheet: every dimension's first level, and the crossings of dimensions.</summary>
    private static IEnumerable<PreFlightFinding> Sums(PreFlightInput input)
    {
        decimal total = input.Figures.Of("complaints", input.Month).Value ?? 0;
        foreach (string dimension in FigurePlan.MonthDimensions)
        {
            if (!input.Members.TryGetValue(dimension, out IReadOnlyList<string>? members) || input.Taxonomy.Dimension(dimension) is null or { Open: true })
            {
                continue; // of an open dimension only the largest classes are broken out; the rest is printed as what they leave
            }
            decimal parts = members.Where(m => input.Taxonomy.Class(dimension, m)?.Parent is null).Sum(m => input.Figures.Of("complaints", input.Month, new FilterTerm(dimension, m)).Value ?? 0);
            if (parts != total)
            {
                yield return new PreFlightFinding(
                    "sum_differs", PreFlightSeverity.Blocking, Name(input, dimension), (int)Math.Abs(parts - total),
                    new($"各类相加 {parts:0}，合计 {total:0}。", $"The classes add up to {parts:0}, the total is {total:0}."), new("不要报送；把运行编号告诉维护者。", "Do not file; tell the maintainers the run's number."));
            }
        }
    }

    /// <summary>The figures against the rows themselves, and against the lists of the management workbooks.</summary>
    private static IEnumerable<PreFlightFinding> Reconciled(PreFlightInput input)
    {
        (string Measure, int Rows, Bilingual With)[] pairs =
        [
            ("complaints", input.Counted.Count, new("本月投诉清单", "the month's list of complaints")),
            ("closed", input.Counted.Count(f => f.Status == "closed"), new("本月投诉清单中已办结者", "the closed cases of the list")),
            ("regulator_transfers", input.Counted.Count(f => f.ChannelGroup == "regulator"), new("本月投诉清单中监管转办者", "the regulators' transfers of the list")),
            ("repeat_90", input.Repeats, new("“重复与升级投诉清单”的重复件", "the repeats of the workbook of cases")),
            ("escalated", input.Escalated, new("“重复与升级投诉清单”的升级件", "the escalations of the workbook of cases")),
            ("excluded", input.Excluded.Count, new("不计入投诉的清单", "the list of what does not count")),
        ];
        foreach ((string measure, int rows, Bilingual with) in pairs)
        {
            decimal figure = input.Figures.Of(measure, input.Month).Value ?? 0;
            if (figure != rows)
            {
                Bilingual name = MeasureCatalog.Find(measure).Name;
                yield return new PreFlightFinding(
                    "not_reconciled", PreFlightSeverity.Blocking, name, (int)Math.Abs(figure - rows),
                    new($"指标为 {figure:0}，{with.Zh}为 {rows}。", $"The figure is {figure:0}, {with.En} say {rows}."), new("不要报送；把运行编号告诉维护者。", "Do not file; tell the maintainers the run's number."));
            }
        }
    }

    private static IEnumerable<PreFlightFinding> Nil(PreFlightInput input, PreFlightRules rules)
    {
        List<ReportingMonth> earlier = [.. Enumerable.Range(1, 12).Select(i => input.Month.Add(-i)).Where(m => m >= input.History)];
        if (earlier.Count < 3)
        {
            yield break;
        }
        decimal usual = earlier.Average(m => input.Figures.Of("complaints", m).Value ?? 0);
        if (input.Counted.Count == 0)
        {
            yield return new PreFlightFinding(
                "nil_return", usual >= rules.NilBelowUsual ? PreFlightSeverity.Blocking : PreFlightSeverity.Warning, new("零报告", "Nil return"), 0,
                new($"本月没有投诉，此前 {earlier.Count} 个月平均 {usual:0.0} 件。", $"No complaint in the month; {usual:0.0} on average in the {earlier.Count} months before."),
                new("确认导出文件齐全，再作零报告。", "Make sure that the exports are complete before filing nil."));
            yield break;
        }
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

    private static IEnumerable<PreFlightFinding> Others(PreFlightInput input, PreFlightRules rules)
    {
        foreach ((string dimension, string other) in rules.OtherClasses.OrderBy(p => p.Key, StringComparer.Ordinal))
        {
            if (input.Counted.Count == 0 || !input.Members.TryGetValue(dimension, out IReadOnlyList<string>? members) || !members.Contains(other))
            {
                continue;
            }
            decimal count = input.Figures.Of("complaints", input.Month, new FilterTerm(dimension, other)).Value ?? 0;
            decimal share = count / input.Counted.Count;
            if ((double)share > rules.OtherWarningAbove)
            {
                yield return new PreFlightFinding(
                    "other_share", PreFlightSeverity.Warning, Name(input, dimension), (int)count,
                    new($"“其他”占 {share:0.0%}，超过 {rules.OtherWarningAbove:0.0%}。", $"“Other” is {share:0.0%}, above {rules.OtherWarningAbove:0.0%}."),
                    new("复核这些投诉能否归入具体类别。", "See whether they belong to a class."));
            }
        }
    }

    private static Bilingual Unread(PreFlightInput input) => input.CameAgain == 0
        ? new($"{input.OpenQuarantine} 行未能读取（不限于本月）；其内容除非另行再报，未计入任何数字。", $"{English.Count(input.OpenQuarantine, "row")} could not be read, of whatever month; what they hold is in no figure unless it came again.")
        : new(
            $"{input.OpenQuarantine} 行未能读取（不限于本月）；其中 {input.CameAgain} 行的工单号已由其他文件报来并计数，其余行的内容除非另行再报，未计入任何数字。",
            $"{English.Count(input.OpenQuarantine, "row")} could not be read, of whatever month. The cases of {input.CameAgain} came in another file and count; what the others hold is in no figure unless it came again.");

    private static IEnumerable<PreFlightFinding> Circumstances(PreFlightInput input)
    {
        if (input.AsOf < input.Month.LastDay)
        {
            yield return new PreFlightFinding(
                "month_incomplete", PreFlightSeverity.Warning, new("数据截至日", "Data date"), 0,
                new($"数据截至 {input.AsOf:yyyy-MM-dd}，报告月尚未结束。", $"The data end on {input.AsOf:yyyy-MM-dd}, before the month does."), new("月末导出后重新运行再报送。", "Run again on the export of the month's end before filing."));
        }
        if (input.OpenQuarantine > 0)
        {
            yield return new PreFlightFinding(
                "quarantine_open", PreFlightSeverity.Warning, new("隔离区", "Quarantine"), input.OpenQuarantine,
                Unread(input), new("pipeline quarantine export，改正后 release。", "pipeline quarantine export, correct them, then release."));
        }
        if (input.Ledger is { Earlier: { } earlier } start)
        {
            yield return new PreFlightFinding(
                "ledger_not_continuous", PreFlightSeverity.Warning, new("台账起点", "Start of the ledger"), earlier.Count,
                new($"{start.Begins:yyyy-MM-dd} 之前只有零星或中断的受理：{earlier.Count} 件（{earlier.First:yyyy-MM-dd} 至 {earlier.Last:yyyy-MM-dd}）。回看此前的指标按 {start.Begins:yyyy-MM-dd} 为台账起点，加标记、不作比较。",
                    $"Before {start.Begins:yyyy-MM-dd} intake is not continuous: {English.Count(earlier.Count, "complaint")} received from {earlier.First:yyyy-MM-dd} to {earlier.Last:yyyy-MM-dd}. Figures that look back take {start.Begins:yyyy-MM-dd} for the start of the ledger: those that reach further are marked and not compared."),
                new("若缺少此前月份的导出文件，补入后重新运行；若只是随首批导出的存量旧件，无需处理。", "Where exports of those months are missing, ingest them and run again; where these are old cases that came with the first export, nothing is to be done."));
        }
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
        int doubtful = (int)(input.Figures.Of("needs_review", input.Month).Value ?? 0);
        if (doubtful > 0)
        {
            yield return new PreFlightFinding(
                "labels_doubtful", PreFlightSeverity.Note, new("分类标签", "Labels"), doubtful,
                new($"{doubtful} 件用了低于复核阈值的模型预测。", $"Counted by a prediction below the threshold for review: {English.Count(doubtful, "case")}."), new("在数据质量簿的复核页核对。", "Check them on the review sheet of the quality workbook."));
        }
        if (input.Book.Denominators.Entries.Count == 0)
        {
            yield return new PreFlightFinding(
                "denominators_not_loaded", PreFlightSeverity.Note, new("相对量", "Relative figures"), 0,
                new("未载入网点数与个人客户数，相对量无定义。", "No outlets and customers are loaded; relative figures are not defined."), new("pipeline denominators load 文件.csv --source 来源。", "pipeline denominators load FILE.csv --source NAME."));
        }
        else if (input.Book.Denominators.Missing(input.Month) is { Count: > 0 } missing)
        {
            yield return new PreFlightFinding(
                "denominators_missing", PreFlightSeverity.Warning, new("相对量", "Relative figures"), 0,
                new($"{string.Join("、", missing)} 缺 {input.Month} 所属季度的分母，全行相对量无定义。", $"{string.Join(", ", missing)} have no denominators in the quarter of {input.Month}; the bank's relative figures are not defined."),
                new("补充该季度的分母后重新运行。", "Load the quarter's denominators and run again."));
        }
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

    private static IEnumerable<string> Used(PreFlightInput input, string dimension) =>
        input.Counted.Select(f => FigurePlan.MemberOf(f, dimension)).Where(m => m != FigurePlan.NoMember).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);

    private static Bilingual Name(PreFlightInput input, string dimension) =>
        input.Taxonomy.Dimension(dimension) is { } d ? new Bilingual(d.Zh, d.En) : new Bilingual(dimension, dimension);

    private static IReadOnlyList<string> Listed(IEnumerable<ComplaintFact> facts) =>
        [.. facts.OrderBy(f => f.Received).ThenBy(f => f.CaseNumber, StringComparer.Ordinal).Take(ListedCases).Select(f => f.CaseNumber)];

    private static string Spellings(IEnumerable<string> spellings) => string.Join(" | ", spellings.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Take(5));
}
