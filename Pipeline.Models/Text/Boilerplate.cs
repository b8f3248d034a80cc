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

    private Boilerplate(string[] phrases, HashSet<ulong> clauses)
    {
        this.phrases = phrases;
        this.clauses = clauses;
    }

    /// <value>Clauses that were found to be a form's.</value>
    public int Clauses => clauses.Count;

    /// <summary>Takes out listed phrases only.</summary>
    public static Boilerplate Of(IEnumerable<string> phrases) => new([.. phrases.OrderByDescending(p => p.Length).ThenBy(p => p, StringComparer.Ordinal)], []);

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
            inText.Clear();
            foreach ((int start, int end) in Parts(texts[i]))
            {
                inText.Add(Hash(texts[i].AsSpan(start, end - start)));
            }
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
            inText.Clear();
            foreach ((int start, int end) in Parts(texts[i]))
            {
                inText.Add(Hash(texts[i].AsSpan(start, end - start)));
            }
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
        foreach (string phrase in phrases)
        {
            rest = rest.Contains(phrase, StringComparison.Ordinal) ? rest.Replace(phrase, " ", StringComparison.Ordinal) : rest;
        }
        if (clauses.Count > 0)
        {
            rest = string.Join(' ', Parts(rest).Where(p => !clauses.Contains(Hash(rest.AsSpan(p.Start, p.End - p.Start)))).Select(p => rest[p.Start..p.End]));
        }
        return string.IsNullOrWhiteSpace(rest) ? text : rest;
    }

    /// <summary>Clauses: what stands between breaks; half-open.</summary>
    private static List<(int Start, int End)> Parts(string text)
    {
        List<(int, int)> parts = [];
        int start = 0;
        for (int i = 0; i <= text.Length; i++)
        {
            if (i == text.Length || text[i] is '\n' || CharacterClasses.Of(text[i]) == CharacterClass.Break)
            {
                if (i - start >= ShortestClause)
                {
                    parts.Add((start, i));
                }
                start = i + 1;
            }
        }
        return parts;
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
