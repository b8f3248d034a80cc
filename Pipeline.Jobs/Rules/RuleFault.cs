using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Pipeline.Jobs.Shell;
using Pipeline.Models.Taxonomy;
using Pipeline.Models.Text;

namespace Pipeline.Jobs.Rules;

/// <summary>What is wrong with a data file that a person wrote (rules, taxonomy, lexicon, profile), in that person's words: which file, where, what is expected.</summary>
internal static partial class RuleFault
{
    /// <param name="path">The file as the person knows it.</param>
    /// <param name="json">Its content, to find the line of a member.</param>
    /// <param name="wrong">What the parser threw.</param>
    public static PipelineFault Of(string path, string json, Exception wrong)
    {
        (Bilingual said, long? line, string? member) = Explain(json, wrong);
        return new PipelineFault(
            ExitCodes.Failed,
            new(
                $"{path}{(line is null ? "" : $" 第 {line} 行")}：{said.Zh}。改正后重试；移走该文件则用程序自带的。",
                $"{path}{(line is null ? "" : $", line {line}")}: {said.En}. Mend it and run this again; without the file the one that came with the program holds."),
            wrong)
        {
            Code = "invalid_data",
            Place = new FaultPlace(path, line, member),
        };
    }

    /// <returns>The mistake in words, without file and line; its 1-based line and the member, where they are known.</returns>
    public static (Bilingual Said, long? Line, string? Member) Explain(string json, Exception wrong)
    {
        if ((wrong as JsonException ?? wrong.InnerException as JsonException) is not { } fault)
        {
            string text = wrong.Message.TrimEnd('.');
            return (new(text, text), null, null);
        }
        long? line = fault.LineNumber + 1;
        if (UnknownMember().Match(fault.Message) is { Success: true } unknown)
        {
            string name = unknown.Groups["name"].Value;
            string expected = Members(unknown.Groups["type"].Value) is { Length: > 0 } members ? members : "-";
            return (new($"没有名为 '{name}' 的项；此处可用：{expected}", $"there is no member '{name}'; here there may be: {expected}"), line ?? LineOf(json, name), name);
        }
        if (WrongKind().IsMatch(fault.Message))
        {
            string path = fault.Path ?? "$";
            return (new($"{path} 的值类型不对（例如应为数字而写成了文字）", $"the value of {path} is of the wrong kind (text where a number is expected, for example)"), line, path);
        }
        if (Lacking().Match(fault.Message) is { Success: true } lacking)
        {
            string names = lacking.Groups["names"].Value;
            return (new($"缺少必需的项：{names}", $"members that are needed are missing: {names}"), line, null);
        }
        string syntax = Position().Replace(fault.Message, "").TrimEnd('.', ' ');
        long? at = fault.BytePositionInLine + 1;
        string place = at is null ? "" : at.Value.ToString(CultureInfo.InvariantCulture);
        return (
            new($"不是有效的 JSON{(at is null ? "" : $"（第 {place} 字节处）")}：{syntax}", $"no valid JSON{(at is null ? "" : $" (at byte {place})")}: {syntax}"), line, null);
    }

    /// <summary>The members that a rule's record takes, as a file spells them.</summary>
    private static string Members(string type) => string.Join(", ",
        (typeof(RuleBook).Assembly.GetType(type) ?? typeof(RuleFault).Assembly.GetType(type))?.GetProperties()
            .Where(p => p.CanWrite && !p.GetMethod!.IsStatic)
            .Select(p => JsonNamingPolicy.SnakeCaseLower.ConvertName(p.Name))
        ?? []);

    private static long? LineOf(string json, string member)
    {
        int at = json.IndexOf($"\"{member}\"", StringComparison.Ordinal);
        return at < 0 ? null : json.AsSpan(0, at).Count('\n') + 1;
    }

    [GeneratedRegex(@"^The JSON property '(?<name>[^']*)' could not be mapped to any \.NET member contained in type '(?<type>[^']*)'")]
    private static partial Regex UnknownMember();

    [GeneratedRegex(@"missing required properties,? including: (?<names>'[^']*'(, '[^']*')*)")]
    private static partial Regex Lacking();

    [GeneratedRegex("^The JSON value could not be converted to ")]
    private static partial Regex WrongKind();

    [GeneratedRegex(@"\s*(Path: .*?\|\s*)?LineNumber: \d+ \| BytePositionInLine: \d+\.?$")]
    private static partial Regex Position();
}
