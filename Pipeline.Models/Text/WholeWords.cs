namespace Pipeline.Models.Text;

/// <summary>Words of a lexicon in a text: one in Latin letters never counts as a part of another (rep in report); Chinese has no such borders.</summary>
public static class WholeWords
{
    /// <summary>Whether what stands from <paramref name="at"/> to <paramref name="end"/> is a part of a longer word in Latin letters.</summary>
    public static bool IsPart(ReadOnlySpan<char> text, int at, int end) =>
        (char.IsAsciiLetter(text[at]) && at > 0 && char.IsAsciiLetter(text[at - 1]))
        || (char.IsAsciiLetter(text[end - 1]) && end < text.Length && char.IsAsciiLetter(text[end]));

    /// <summary>Where a word stands last; -1 where it does not.</summary>
    public static int Last(ReadOnlySpan<char> text, string word, StringComparison comparison)
    {
        for (int end = text.Length; end > 0;)
        {
            int at = text[..end].LastIndexOf(word, comparison);
            if (at < 0)
            {
                return -1;
            }
            if (!IsPart(text, at, at + word.Length))
            {
                return at;
            }
            end = at + word.Length - 1;
        }
        return -1;
    }

    /// <summary>Where the last of some words ends; -1 where there is none.</summary>
    public static int EndOfLast(ReadOnlySpan<char> text, IReadOnlyList<string> words, StringComparison comparison)
    {
        int last = -1;
        foreach (string word in words)
        {
            last = Last(text, word, comparison) is >= 0 and var at ? Math.Max(last, at + word.Length) : last;
        }
        return last;
    }
}
