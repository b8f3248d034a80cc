using System.Text.Json;
using Pipeline.Models.Taxonomy;
using Pipeline.Models.Text;

namespace Pipeline.Models.Flags.Profiles;

/// <summary>One kind of need that a text tells of.</summary>
/// <param name="Key"><c>age</c>, <c>disability</c>, <c>illness</c>, <c>hardship</c>.</param>
/// <param name="OfOneself">The words tell of the writer only where they are not said of somebody else. Words that name a person themselves (老人) are not of this kind.</param>
public sealed record VulnerableCue(string Key, string Zh, string En, IReadOnlyList<string> Words, bool OfOneself = false);

/// <summary>By what a text tells whose need it is.</summary>
/// <param name="Reach">How far before a word, or behind an <c>of</c>, somebody else may stand, in characters of the same clause.</param>
/// <param name="Others">Somebody else: relatives, friends, staff (家人, 邻居, cousin, the teller).</param>
/// <param name="Writers">The writer, or the customer: what stands between somebody else and the word is theirs again (我, 客户, I).</param>
/// <param name="SpeaksFor">A text with one of these speaks for somebody else: then the other's need is what it is about (代母亲, on behalf of).</param>
/// <param name="Negations">Right before a word they deny it (没有残疾, not disabled).</param>
public sealed record WhoseNeed(int Reach, IReadOnlyList<string> Others, IReadOnlyList<string> Writers, IReadOnlyList<string> SpeaksFor, IReadOnlyList<string> Negations);

/// <summary>
/// Words by which a text tells that its writer, or who it speaks for, may need particular care: age, disability, illness, hardship. A dated
/// data file; evidence to look at, never a verdict, and never a reason to treat a complaint worse. Of disability, illness and hardship a
/// word counts once it stands somewhere in the text neither denied nor said of somebody else (my cousin's surgery, 柜员住院).
/// </summary>
/// <param name="Not">Phrases inside which a word means something else (老年卡, 重疾险).</param>
public sealed record VulnerableLexicon(
    string Version, DateOnly EffectiveFrom, string Source, IReadOnlyList<VulnerableCue> Cues, IReadOnlyList<string> Not, WhoseNeed? Whose = null)
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
        bool speaksFor = Whose?.SpeaksFor.Any(s => rest.Contains(s, StringComparison.OrdinalIgnoreCase)) == true;
        return [.. Cues.Where(c => c.Words.Any(w => Tells(rest, w, c.OfOneself && !speaksFor))).Select(c => c.Key)];
    }

    private bool Tells(string text, string word, bool ofOneself)
    {
        for (int at = text.IndexOf(word, StringComparison.OrdinalIgnoreCase); at >= 0; at = text.IndexOf(word, at + 1, StringComparison.OrdinalIgnoreCase))
        {
            if (Whose is not { } whose || !ofOneself || (!IsDenied(text, at, whose) && !IsOfOthers(text, at, at + word.Length, whose)))
            {
                return true;
            }
        }
        return false;
    }

    private static bool IsDenied(string text, int at, WhoseNeed whose) => whose.Negations.Any(n => text.AsSpan(0, at).TrimEnd().EndsWith(n, StringComparison.OrdinalIgnoreCase));

    private static bool IsOfOthers(string text, int at, int end, WhoseNeed whose)
    {
        int from = at;
        while (from > 0 && at - from < whose.Reach && !EndsClause(text[from - 1]))
        {
            from--;
        }
        ReadOnlySpan<char> before = text.AsSpan(from, at - from);
        int other = LastEnd(before, whose.Others);
        if (other >= 0 && LastEnd(before[other..], whose.Writers) < 0)
        {
            return true;
        }
        // The surgery of my cousin: what follows an "of" or "for" up to the end of the clause.
        ReadOnlySpan<char> behind = text.AsSpan(end, Math.Min(whose.Reach, text.Length - end));
        int clause = 0;
        while (clause < behind.Length && !EndsClause(behind[clause]))
        {
            clause++;
        }
        behind = behind[..clause];
        return (behind.StartsWith(" of ", StringComparison.OrdinalIgnoreCase) || behind.StartsWith(" for ", StringComparison.OrdinalIgnoreCase)) && LastEnd(behind, whose.Others) >= 0;
    }

    private static bool EndsClause(char c) => c is '。' or '，' or '；' or '！' or '？' or ',' or '.' or ';' or '!' or '?' or '\n' or '、' or '：' or ':';

    private static int LastEnd(ReadOnlySpan<char> text, IReadOnlyList<string> words) => WholeWords.EndOfLast(text, words, StringComparison.OrdinalIgnoreCase);
}
