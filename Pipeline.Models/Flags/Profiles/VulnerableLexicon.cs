using System.Text.Json;
using Pipeline.Models.Taxonomy;

namespace Pipeline.Models.Flags.Profiles;

/// <summary>One kind of need that a text tells of.</summary>
/// <param name="Key"><c>age</c>, <c>disability</c>, <c>illness</c>, <c>hardship</c>.</param>
public sealed record VulnerableCue(string Key, string Zh, string En, IReadOnlyList<string> Words);

/// <summary>
/// Words by which a text tells that its writer, or who it speaks for, may need particular care: age, disability, illness, hardship. A dated
/// data file; evidence to look at, never a verdict, and never a reason to treat a complaint worse.
/// </summary>
/// <param name="Not">Phrases inside which a word means something else (老年卡, 重疾险).</param>
public sealed record VulnerableLexicon(string Version, DateOnly EffectiveFrom, string Source, IReadOnlyList<VulnerableCue> Cues, IReadOnlyList<string> Not)
{
    /// <value>Tags of complaints that name a need begin with it; the kind follows.</value>
    public const string TagPrefix = "vulnerable_";

    public static VulnerableLexicon Parse(string json) =>
        JsonSerializer.Deserialize<VulnerableLexicon>(json, RuleJson.Whole)
        ?? throw new InvalidDataException("the lexicon of vulnerability is empty; expected an object with version, cues and not");

    /// <summary>The kinds that a text tells of, in the order of the file.</summary>
    public IReadOnlyList<string> Kinds(string text)
    {
        string rest = text;
        foreach (string phrase in Not)
        {
            rest = rest.Replace(phrase, "，", StringComparison.OrdinalIgnoreCase);
        }
        return [.. Cues.Where(c => c.Words.Any(w => rest.Contains(w, StringComparison.OrdinalIgnoreCase))).Select(c => c.Key)];
    }
}
