using System.Buffers;

namespace Pipeline.Models.Text;

/// <summary>
/// Takes the fixed words of forms out of texts before they are compared: phrases that a data file lists (客户来电反映, 特此投诉), and
/// clauses that a large part of all texts share. What is left is what the writer wrote.
/// </summary>
public sealed class Boilerplate
{
    private const int ShortestClause = 4;
    private readonly string[] phrases;
    private readonly HashSet<ulong> clauses;
    private readonly ILookup<char, string> byFirst;
    private readonly bool[] isFirst = new bool[char.MaxValue + 1];

    private Boilerplate(string[] phrases, HashSet<ulong> clauses)
    {
        this.phrases = phrases;
        this.clauses = clauses;
        byFirst = phrases.ToLookup(p => p[0]);
        foreach (string phrase in phrases)
        {
            isFirst[phrase[0]] = true;
        }
    }

    /// <value>Clauses that were found to be a form's.</value>
    public int Clauses => clauses.Count;

    /// <summary>Takes out listed phrases only.</summary>
    public static Boilerplate Of(IEnumerable<string> phrases) => new([.. phrases.Where(p => p.Length > 0).OrderByDescending(p => p.Length).ThenBy(p => p, StringComparer.Ordinal)], []);

    /// <summary>
    /// Takes out listed phrases and the clauses in general use: of at least <paramref name="fewest"/> texts, in at least
    /// <paramref name="periods"/> different periods of thirty days. A form is used all the year round, a campaign for some days.
    /// </summary>
    /// <param name="days">For each text its day.</param>
    public static Boilerplate InGeneralUse(IEnumerable<string> phrases, IReadOnlyList<string> texts, IReadOnlyList<DateOnly> days, int fewest, int periods)
    {
        Dictionary<ulong, (int Texts, ulong Periods)> seen = [];
        HashSet<ulong> inText = [];
        int first = days.Count == 0 ? 0 : days.Min().DayNumber;
        for (int i = 0; i < texts.Count; i++)
        {
            ReadClauses(texts[i], inText);
            ulong period = 1UL << ((days[i].DayNumber - first) / PeriodDays % 64);
            foreach (ulong clause in inText)
            {
                (int count, ulong known) = seen.GetValueOrDefault(clause);
                seen[clause] = (count + 1, known | period);
            }
        }
        return new Boilerplate(
            Of(phrases).phrases,
            [.. seen.Where(s => s.Key != 0 && s.Value.Texts >= fewest && System.Numerics.BitOperations.PopCount(s.Value.Periods) >= periods).Select(s => s.Key)]);
    }

    private const int PeriodDays = 30;

    /// <summary>Takes out listed phrases and the clauses that at least <paramref name="share"/> of the texts hold.</summary>
    /// <param name="share">Above 0, up to 1.</param>
    /// <param name="fewest">Clauses of fewer texts than this are never taken for a form's.</param>
    public static Boilerplate Of(IEnumerable<string> phrases, IReadOnlyList<string> texts, double share, int fewest)
    {
        int needed = Math.Max(fewest, (int)Math.Ceiling(share * texts.Count));
        if (texts.Count < needed)
        {
            return Of(phrases);
        }
        // Clauses of a large part of all texts are seen in any large sample of them: every k-th text is enough to propose them.
        int step = Math.Max(1, texts.Count / SampledTexts);
        Dictionary<ulong, int> seen = [];
        HashSet<ulong> inText = [];
        int sampled = 0;
        for (int i = 0; i < texts.Count; i += step)
        {
            sampled++;
            ReadClauses(texts[i], inText);
            foreach (ulong clause in inText)
            {
                seen[clause] = seen.GetValueOrDefault(clause) + 1;
            }
        }
        double enough = (double)needed * sampled / texts.Count;
        return new Boilerplate(Of(phrases).phrases, [.. seen.Where(s => s.Value >= enough && s.Key != 0).Select(s => s.Key)]);
    }

    private const int SampledTexts = 50_000;

    /// <summary>The text without what is a form's; the text as it is where nothing would be left.</summary>
    public string Strip(string text)
    {
        string rest = text;
        foreach (string phrase in HasPhrase(text) ? phrases : [])
        {
            rest = rest.Contains(phrase, StringComparison.Ordinal) ? rest.Replace(phrase, " ", StringComparison.Ordinal) : rest;
        }
        if (clauses.Count > 0)
        {
            rest = WithoutClauses(rest);
        }
        return string.IsNullOrWhiteSpace(rest) ? text : rest;
    }

    private bool HasPhrase(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (isFirst[text[i]])
            {
                foreach (string phrase in byFirst[text[i]])
                {
                    if (text.AsSpan(i).StartsWith(phrase, StringComparison.Ordinal))
                    {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    /// <summary>What is no form's clause, with a space between clauses.</summary>
    private string WithoutClauses(string text)
    {
        char[] kept = ArrayPool<char>.Shared.Rent(text.Length);
        int length = 0;
        for (int at = 0; NextPart(text, ref at) is { } part;)
        {
            ReadOnlySpan<char> clause = text.AsSpan(part.Start, part.End - part.Start);
            if (clauses.Contains(Hash(clause)))
            {
                continue;
            }
            if (length > 0)
            {
                kept[length++] = ' ';
            }
            clause.CopyTo(kept.AsSpan(length));
            length += clause.Length;
        }
        string rest = new(kept, 0, length);
        ArrayPool<char>.Shared.Return(kept);
        return rest;
    }

    /// <summary>The hash of each clause of a text, each once.</summary>
    private static void ReadClauses(string text, HashSet<ulong> inText)
    {
        inText.Clear();
        for (int at = 0; NextPart(text, ref at) is { } part;)
        {
            inText.Add(Hash(text.AsSpan(part.Start, part.End - part.Start)));
        }
    }

    /// <summary>The next clause: what stands between breaks; half-open. Null where there is none left.</summary>
    /// <param name="at">Where to begin; moves on.</param>
    private static (int Start, int End)? NextPart(string text, ref int at)
    {
        while (at <= text.Length)
        {
            int start = at;
            while (at < text.Length && text[at] != '\n' && CharacterClasses.Of(text[at]) != CharacterClass.Break)
            {
                at++;
            }
            int end = at++;
            if (end - start >= ShortestClause)
            {
                return (start, end);
            }
        }
        return null;
    }

    /// <summary>Letters and ideographs only, digits as one sign; 0 where there are too few.</summary>
    private static ulong Hash(ReadOnlySpan<char> clause)
    {
        ulong hash = 0x8EBC6AF09C88C6E3;
        int letters = 0;
        foreach (char c in clause)
        {
            CharacterClass kind = CharacterClasses.Of(c);
            if (kind is CharacterClass.Ideograph or CharacterClass.Letter)
            {
                hash = TextUnits.Hash(hash, CharacterClasses.Folded(c));
                letters++;
            }
        }
        return letters < ShortestClause ? 0 : hash;
    }
}
