using System.Text;

namespace Pipeline.Models.RootCauses;

/// <summary>How well a phrase would do as the title of a topic.</summary>
internal enum TitleFitness
{
    /// <summary>It holds words that name no matter, or cuts one that does.</summary>
    None,

    /// <summary>Nothing speaks against it, but it holds no word of the trade: a matter that the list does not know yet, or none.</summary>
    Unknown,

    /// <summary>A word of the trade, alone or with what qualifies it.</summary>
    Term,
}

/// <summary>Says how well a phrase would do as the title of a topic: whether it names a matter of the trade and holds nothing that names none.</summary>
internal sealed class TitleWords
{
    /// <summary>Beside its terms a title holds at most so many ideographs: more is a sentence.</summary>
    private const int MostBeside = 2;

    private const int LeastUnknown = 4;
    private const string Term = "\uFFFF";
    private readonly Dictionary<string, string> terms;
    private readonly int longest;
    private readonly string[] never;
    private readonly HashSet<string> neverWords;
    private readonly Dictionary<string, TitleFitness> fitness = new(StringComparer.Ordinal);

    public TitleWords(TitleRules rules, PhraseRules phrases)
    {
        terms = rules.Terms.DistinctBy(t => t.ToLowerInvariant()).ToDictionary(t => t.ToLowerInvariant(), StringComparer.Ordinal);
        longest = terms.Count == 0 ? 0 : terms.Keys.Max(t => t.Length);
        string[] all = rules.Terms.Count == 0 ? [] : [.. rules.NeverWithin, .. phrases.Never, .. phrases.NeverLast.Where(n => !IsIdeograph(n[0]))];
        never = [.. all.Where(n => IsIdeograph(n[0]))];
        neverWords = [.. all.Where(n => !IsIdeograph(n[0])).Select(n => n.ToLowerInvariant())];
    }

    /// <param name="phrase">In small letters.</param>
    public TitleFitness Fitness(string phrase)
    {
        if (longest == 0)
        {
            return TitleFitness.Term;
        }
        if (!fitness.TryGetValue(phrase, out TitleFitness known))
        {
            string rest = WithoutTerms(phrase);
            known = !(IsIdeograph(phrase[0]) || IsIdeograph(phrase[^1]) ? IsTitle(rest, rest != phrase) : IsTitleOfWords(rest, rest != phrase)) ? TitleFitness.None
                : rest != phrase ? TitleFitness.Term : TitleFitness.Unknown;
            fitness.Add(phrase, known);
        }
        return known;
    }

    /// <summary>Whether each phrase of a title as it was printed would do today.</summary>
    public bool IsTitle(string title) => title.Length > 0 && Array.TrueForAll(title.Split(TopicTitles.Joint), p => Fitness(p.ToLowerInvariant()) != TitleFitness.None);

    /// <summary>Whether a phrase of an alphabet is more than words without meaning of their own; ideographs are always.</summary>
    public bool IsWorded(string phrase) => IsIdeograph(phrase[0]) || longest == 0 || Array.Exists(phrase.Split(' '), w => w.Length > 2 && !neverWords.Contains(w));

    /// <summary>A single ideograph before or behind a term is a cut word: 房贷时.</summary>
    private bool IsTitle(string rest, bool holdsTerm)
    {
        string[] pieces = rest.Split(Term, StringSplitOptions.RemoveEmptyEntries);
        return !Array.Exists(never, n => rest.Contains(n, StringComparison.Ordinal))
            && (holdsTerm
                ? pieces.Sum(p => p.Length) <= MostBeside && (rest[0] == Term[0] || pieces[0].Length > 1) && (rest[^1] == Term[0] || pieces[^1].Length > 1)
                : rest.Length >= LeastUnknown);
    }

    /// <summary>A single word that the list does not know says too little.</summary>
    private bool IsTitleOfWords(string rest, bool holdsTerm)
    {
        string[] words = rest.Split([' ', '-', Term[0]], StringSplitOptions.RemoveEmptyEntries);
        return (holdsTerm || words.Length > 1) && !Array.Exists(words, w => w.Length < 3 || neverWords.Contains(w));
    }

    /// <summary>The phrase with its terms as the rules write them: capital letters of abbreviations.</summary>
    public string Written(string phrase) => Replaced(phrase, (at, length) => terms[phrase.Substring(at, length)]);

    private string WithoutTerms(string phrase) => Replaced(phrase, (_, _) => Term);

    /// <summary>Puts something in the place of each term, the longest that begins at a place.</summary>
    private string Replaced(string phrase, Func<int, int, string> by)
    {
        StringBuilder rest = new(phrase.Length);
        for (int at = 0; at < phrase.Length;)
        {
            int length = Math.Min(longest, phrase.Length - at);
            while (length > 1 && !(IsWhole(phrase, at, at + length) && terms.ContainsKey(phrase.Substring(at, length))))
            {
                length--;
            }
            rest.Append(length > 1 ? by(at, length) : phrase[at].ToString());
            at += Math.Max(1, length);
        }
        return rest.ToString();
    }

    /// <summary>Whether a stretch begins and ends where words do; between ideographs it always does.</summary>
    private static bool IsWhole(string phrase, int start, int end) =>
        !(start > 0 && IsLetter(phrase[start - 1]) && IsLetter(phrase[start])) && !(end < phrase.Length && IsLetter(phrase[end - 1]) && IsLetter(phrase[end]));

    private static bool IsLetter(char c) => char.IsLetterOrDigit(c) && !IsIdeograph(c);

    private static bool IsIdeograph(char c) => c >= 0x2E80;
}
