using System.Text.Json;
using System.Text.Json.Serialization;
using Pipeline.Models.Text;

namespace Pipeline.Models.Complainants.Matching;

/// <summary>
/// Reads a schema from JSON: <c>name</c>; <c>fields</c> (<c>name</c>, <c>kind</c>, <c>columns</c>: by default the name itself,
/// <c>swap_with</c>, <c>contradicts</c>, <c>shared_min_persons</c>); <c>blocking</c>: rules (<c>name</c>, <c>on</c>: parts written
/// <c>field</c>, <c>field:form</c> or <c>field|field:form</c>); <c>largest_block</c>, <c>probability</c>, <c>inputs_free_of_duplicates</c>, <c>learn_again_at</c>.
/// </summary>
public static class MatchSchemaReader
{
    private const int DefaultLargestBlock = 400;
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
    };

    /// <returns>The schema, or null and everything that is wrong with the text.</returns>
    public static (MatchSchema? Schema, IReadOnlyList<Bilingual> Faults) Read(string json)
    {
        Document? document;
        try
        {
            document = JsonSerializer.Deserialize<Document>(json, Options);
        }
        catch (JsonException fault)
        {
            string place = $"{fault.Path} ({fault.LineNumber + 1}:{fault.BytePositionInLine + 1})";
            return (null, [new Bilingual($"不是合法的 JSON，或有未知的名称，位置 {place}", $"not JSON, or with a name that is not known, at {place}")]);
        }
        List<Bilingual> faults = [];
        MatchSchema? schema = document is null ? null : Build(document, faults);
        if (document is null)
        {
            faults.Add(new Bilingual("内容为空", "it is empty"));
        }
        return (faults.Count == 0 ? schema : null, faults);
    }

    private static MatchSchema Build(Document document, List<Bilingual> faults)
    {
        FieldPart[] parts = document.Fields ?? [];
        Dictionary<string, int> places = new(StringComparer.Ordinal);
        for (int i = 0; i < parts.Length; i++)
        {
            if (string.IsNullOrWhiteSpace(parts[i].Name) || !places.TryAdd(parts[i].Name!, i))
            {
                faults.Add(new Bilingual($"fields 第 {i + 1} 项没有 name，或与前面重名", $"fields, item {i + 1}: no name, or the name of an earlier one"));
            }
        }
        if (parts.Length is 0 or > AgreementVector.MostFields)
        {
            faults.Add(new Bilingual(
                $"fields 需要 1 到 {AgreementVector.MostFields} 项，现有 {parts.Length} 项",
                $"fields needs 1 to {AgreementVector.MostFields} items, there are {parts.Length}"));
        }
        MatchField[] fields = [.. parts.Select((p, i) => Field(p, i, places, faults))];
        PairSwaps(fields, faults);
        BlockingRule[] rules = [.. (document.Blocking ?? []).Select(r => Rule(r, places, faults))];
        if (rules.Length is 0 or > CandidateRules.Most)
        {
            faults.Add(new Bilingual(
                $"blocking 需要 1 到 {CandidateRules.Most} 条规则，现有 {rules.Length} 条",
                $"blocking needs 1 to {CandidateRules.Most} rules, there are {rules.Length}"));
        }
        double probability = document.Probability ?? 0.5;
        if (probability is not (> 0 and < 1))
        {
            faults.Add(new Bilingual("probability 应大于 0、小于 1", "probability must be above 0 and below 1"));
        }
        int largest = document.LargestBlock ?? DefaultLargestBlock;
        if (largest is < 2 or > 100_000)
        {
            faults.Add(new Bilingual("largest_block 应在 2 到 100000 之间", "largest_block must be 2 to 100000"));
        }
        double again = document.LearnAgainAt ?? 2;
        if (again is not (>= 1.1 and <= 100))
        {
            faults.Add(new Bilingual("learn_again_at 应在 1.1 到 100 之间", "learn_again_at must be 1.1 to 100"));
        }
        return new MatchSchema(document.Name ?? "", fields, rules, largest, probability, document.InputsFreeOfDuplicates ?? false) { LearnAgainAt = again };
    }

    private static MatchField Field(FieldPart part, int place, Dictionary<string, int> places, List<Bilingual> faults)
    {
        string name = part.Name ?? $"{place + 1}";
        string kind = part.Kind ?? "";
        if (!FieldKinds.All.Contains(kind))
        {
            faults.Add(new Bilingual(
                $"字段 {name} 的 kind 应为 {string.Join("、", FieldKinds.All)} 之一，现为“{kind}”",
                $"field {name}: kind must be one of {string.Join(", ", FieldKinds.All)}, not '{kind}'"));
        }
        string[] columns = part.Columns is { Length: > 0 } own ? own : [name];
        if (columns.Length > 1 && kind is not (FieldKinds.Phones or FieldKinds.Address or FieldKinds.Year))
        {
            faults.Add(new Bilingual($"字段 {name}：只有 phones、address 与 year 可以有多列", $"field {name}: only phones, address and year take several columns"));
        }
        int swap = -1;
        if (part.SwapWith is { } other && (!places.TryGetValue(other, out swap) || swap == place))
        {
            swap = -1;
            faults.Add(new Bilingual($"字段 {name} 的 swap_with“{other}”不是另一个字段", $"field {name}: swap_with '{other}' is not another field"));
        }
        int shared = part.SharedMinPersons ?? 0;
        if (shared is < 0 or 1)
        {
            faults.Add(new Bilingual($"字段 {name} 的 shared_min_persons 应为 2 以上", $"field {name}: shared_min_persons must be 2 or more"));
        }
        return new MatchField(name, kind, columns, swap, part.Contradicts ?? false, shared);
    }

    /// <summary>An exchange goes both ways, whichever of the two fields says so.</summary>
    private static void PairSwaps(MatchField[] fields, List<Bilingual> faults)
    {
        for (int i = 0; i < fields.Length; i++)
        {
            int other = fields[i].SwapWith;
            if (other < 0)
            {
                continue;
            }
            if (fields[other].Kind != fields[i].Kind || (fields[other].SwapWith >= 0 && fields[other].SwapWith != i))
            {
                faults.Add(new Bilingual(
                    $"字段 {fields[i].Name} 与 {fields[other].Name} 不能互换：kind 应相同，且每个字段只与一个字段互换",
                    $"fields {fields[i].Name} and {fields[other].Name} cannot be exchanged: the kind must be the same, and a field is exchanged with one other only"));
            }
            fields[other] = fields[other] with { SwapWith = i };
        }
    }

    private static BlockingRule Rule(RulePart rule, Dictionary<string, int> places, List<Bilingual> faults)
    {
        List<KeyPart> parts = [];
        foreach (string text in rule.On ?? [])
        {
            string[] halves = text.Split(':', 2);
            string form = halves.Length > 1 ? halves[1] : KeyForms.Value;
            string[] names = halves[0].Split('|');
            string? unknown = names.FirstOrDefault(n => !places.ContainsKey(n));
            if (unknown is not null || names.Length > 2)
            {
                faults.Add(new Bilingual($"blocking 中的“{text}”：没有字段 {unknown ?? names[2]}", $"blocking, '{text}': there is no field {unknown ?? names[2]}"));
            }
            else if (!KeyForms.All.Contains(form))
            {
                faults.Add(new Bilingual(
                    $"blocking 中的“{text}”：形式应为 {string.Join("、", KeyForms.All)} 之一", $"blocking, '{text}': the form must be one of {string.Join(", ", KeyForms.All)}"));
            }
            else
            {
                parts.Add(new KeyPart([.. names.Select(n => places[n])], form));
            }
        }
        if (rule.On is null or { Length: 0 })
        {
            faults.Add(new Bilingual("blocking 有一条规则没有 on", "blocking: a rule has no 'on'"));
        }
        return new BlockingRule(rule.Name ?? string.Join(" + ", rule.On ?? []), parts);
    }

    private sealed record Document(
        string? Name, string? Description, FieldPart[]? Fields, RulePart[]? Blocking, int? LargestBlock, double? Probability, bool? InputsFreeOfDuplicates,
        double? LearnAgainAt);

    private sealed record FieldPart(string? Name, string? Kind, string[]? Columns, string? SwapWith, bool? Contradicts, int? SharedMinPersons);

    private sealed record RulePart(string? Name, string[]? On);
}
