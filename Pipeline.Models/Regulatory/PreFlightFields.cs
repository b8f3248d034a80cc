using Pipeline.Models.Complaints;
using Pipeline.Models.Measures;
using Pipeline.Models.Taxonomy;
using Pipeline.Models.Text;

namespace Pipeline.Models.Regulatory;

/// <summary>Fields, population and codes: what each case must have, and in which words.</summary>
public static class PreFlightFields
{
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

    /// <summary>Mandatory and conditional fields.</summary>
    /// <exception cref="InvalidDataException">A rule names a field or a condition that there is not.</exception>
    internal static IEnumerable<PreFlightItem> Missing(PreFlightInput input, PreFlightRules rules)
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
            // What the source calls it; the organisation complained of is none of its dimensions.
            Bilingual called = rule.Field != Dimensions.Branch && input.Taxonomy.Dimension(rule.Field) is not null ? input.Name(rule.Field) : field.Name;
            Bilingual when = rule.When is { } w ? Conditions[w].Name : new("全部投诉", "all complaints");
            yield return new PreFlightItem(
                rule.When is null ? "mandatory_missing" : "conditional_missing", called,
                new($"逐件核对字段（{when.Zh}）：{concerned.Count} 件均有。", $"The field of each case ({when.En}): {concerned.Count} have it."),
                missing.Count == 0 ? [] : [Finding(rule, called, when, concerned.Count, missing)]);
        }
    }

    private static PreFlightFinding Finding(FieldRule rule, Bilingual field, Bilingual when, int concerned, List<ComplaintFact> missing)
    {
        double share = (double)missing.Count / concerned;
        // No share is above the whole.
        Bilingual limit = rule.BlockingAbove >= 1
            ? new("不阻止报送", "it does not block")
            : new($"超过 {rule.BlockingAbove:0.0%} 不得报送", $"above {rule.BlockingAbove:0.0%} it blocks");
        return new PreFlightFinding(
            rule.When is null ? "mandatory_missing" : "conditional_missing",
            share > rule.BlockingAbove ? PreFlightSeverity.Blocking : PreFlightSeverity.Warning,
            field, missing.Count,
            new($"{when.Zh}中有 {missing.Count}/{concerned} 件没有“{field.Zh}”（{share:0.0%}；{limit.Zh}）。", $"{missing.Count} of {concerned} ({when.En}) have no {field.En.ToLowerInvariant()} ({share:0.0%}; {limit.En})."),
            new("在来源系统中补录后重新导出并运行；或改正标签。", "Complete them in the source system, export and run again; or correct the labels."))
        { Cases = PreFlight.Listed(missing) };
    }

    /// <summary>Kinds of matter and reasons that the rules do not know, and what does not count.</summary>
    internal static IEnumerable<PreFlightItem> Population(PreFlightInput input) =>
    [
        new("matter_unknown", new("事项类型", "Kind of matter"), new($"逐件核对写法：{input.Counted.Count + input.Excluded.Count} 件的写法规则表都有，或来源未注明。", $"Each spelling against the rules: those of {input.Counted.Count + input.Excluded.Count} cases are known, or none is stated."), UnknownMatters(input)),
        new("exclusion_reason_unknown", new("核减类型", "Exclusion reason"), new($"逐件核对写法：{input.Counted.Count} 件的写法规则表都有，或来源未注明。", $"Each spelling against the rules: those of {input.Counted.Count} cases are known, or none is stated."), UnknownReasons(input)),
        new("excluded", new("统计范围", "Population"), new("按规则没有不计入的事项。", "By the rules nothing is left out."), Excluded(input)),
    ];

    private static IEnumerable<PreFlightFinding> UnknownMatters(PreFlightInput input)
    {
        IEnumerable<ComplaintFact> all = input.Counted.Concat(input.Excluded);
        List<ComplaintFact> unknownMatter = [.. all.Where(f => f.MatterType is not null && input.Book.Rules.Population.Matter(f.MatterType) is null)];
        if (unknownMatter.Count > 0)
        {
            yield return new PreFlightFinding(
                "matter_unknown", PreFlightSeverity.Warning, new("事项类型", "Kind of matter"), unknownMatter.Count,
                new($"{unknownMatter.Count} 件的事项类型不在规则表中：{Spellings(unknownMatter.Select(f => f.MatterType!))}；按“未注明”处理。", $"Cases with a kind of matter that the rules do not know: {unknownMatter.Count}; {Spellings(unknownMatter.Select(f => f.MatterType!))}; taken as not stated."),
                new("把该写法加入 regulatory.json 的 population.matters。", "Add the spelling to population.matters in regulatory.json."))
            { Cases = PreFlight.Listed(unknownMatter) };
        }
    }

    private static IEnumerable<PreFlightFinding> UnknownReasons(PreFlightInput input)
    {
        List<ComplaintFact> unknownReason = [.. input.Counted.Where(f => f.ExclusionReason is not null && input.Book.Rules.Population.Reason(f.ExclusionReason) is null)];
        if (unknownReason.Count > 0)
        {
            yield return new PreFlightFinding(
                "exclusion_reason_unknown", PreFlightSeverity.Warning, new("核减类型", "Exclusion reason"), unknownReason.Count,
                new($"{unknownReason.Count} 件的核减类型不在规则表中：{Spellings(unknownReason.Select(f => f.ExclusionReason!))}；未核减，照常计入。", $"Cases with an exclusion reason that the rules do not know: {unknownReason.Count}; {Spellings(unknownReason.Select(f => f.ExclusionReason!))}; they still count."),
                new("把该写法加入 regulatory.json 的 population.reasons，或在来源系统中改正。", "Add the spelling to population.reasons in regulatory.json, or correct it in the source system."))
            { Cases = PreFlight.Listed(unknownReason) };
        }
    }

    private static IEnumerable<PreFlightFinding> Excluded(PreFlightInput input)
    {
        if (input.Excluded.Count > 0)
        {
            yield return new PreFlightFinding(
                "excluded", PreFlightSeverity.Note, new("统计范围", "Population"), input.Excluded.Count,
                new($"{input.Excluded.Count} 件按规则不计入投诉，逐件列于“统计范围”。", $"No complaints by the rules: {English.Count(input.Excluded.Count, "case")}; each stands on the sheet “Population”."),
                new("核对理由与依据。", "Check the reasons."))
            { Cases = PreFlight.Listed(input.Excluded) };
        }
    }

    /// <summary>The table of official codes, and a code for each class in use.</summary>
    internal static IEnumerable<PreFlightItem> Codes(PreFlightInput input)
    {
        OfficialCodes codes = input.Book.Codes;
        yield return new PreFlightItem(
            "codes_invalid", new("官方代码", "Official codes"), new($"代码表已载入，{codes.Entries.Count} 行与分类体系一致、不重复。", $"The table is loaded; its {codes.Entries.Count} lines agree with the taxonomy and none stands twice."), Table(input));
        foreach (string dimension in codes.Dimensions)
        {
            IReadOnlyList<string> used = [.. Used(input, dimension)];
            yield return new PreFlightItem(
                "code_missing", input.Name(dimension), new($"本月用到的 {used.Count} 个类别都有官方代码。", $"Each of the {used.Count} classes in use this month has an official code."), Without(input, dimension, used));
        }
    }

    private static IEnumerable<PreFlightFinding> Table(PreFlightInput input)
    {
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
    }

    private static IEnumerable<PreFlightFinding> Without(PreFlightInput input, string dimension, IReadOnlyList<string> used)
    {
        List<string> without = [.. used.Where(m => input.Book.Codes.Of(dimension, m) is null)];
        if (without.Count > 0)
        {
            int rows = input.Counted.Count(f => FigurePlan.MemberOf(f, dimension) is var m && without.Contains(m));
            yield return new PreFlightFinding(
                "code_missing", PreFlightSeverity.Blocking, input.Name(dimension), rows,
                new($"有件数的类别没有官方代码：{string.Join("、", without.Select(m => input.Taxonomy.Label(dimension, m, Language.Zh)))}。", $"Classes with complaints have no official code: {string.Join(", ", without.Select(m => input.Taxonomy.Label(dimension, m, Language.En)))}."),
                new("在代码表中补上。", "Add them to the table."));
        }
    }

    private static IEnumerable<string> Used(PreFlightInput input, string dimension) =>
        input.Counted.Select(f => FigurePlan.MemberOf(f, dimension)).Where(m => m != FigurePlan.NoMember).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);


    private static string Spellings(IEnumerable<string> spellings) => string.Join(" | ", spellings.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Take(5));
}
