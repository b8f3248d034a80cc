using Pipeline.Models.Text;

namespace Pipeline.Models.Flags;

/// <summary>
/// A narrative as a set of shingles: pairs of neighbouring tokens, where a token is a Chinese character, a Latin word, or any run of
/// digits (amounts and dates change when a matter is told again). Punctuation, case and width do not count.
/// </summary>
/// <remarks>
/// Likeness is containment, |A ∩ B| / min(|A|, |B|): a return often puts a sentence before the old text and cuts its end, which
/// Jaccard punishes and containment does not. Measured on the invented bank (2026-11-21): of 3,892 pairs of texts of one matter 99.5 %
/// reach 0.62, of 18,656 pairs of different matters on the same business line and cause 99.9 % stay below 0.33. Where the smaller
/// text has fewer than <see cref="FewShingles"/> shingles, anything may contain it, so Jaccard is used.
/// </remarks>
public sealed class MatterText
{
    private const int FewShingles = 8;
    private readonly ulong[] shingles; // ascending, distinct

    private MatterText(ulong[] shingles) => this.shingles = shingles;

    /// <value>Distinct shingles.</value>
    public int Count => shingles.Length;

    public static MatterText Of(string text)
    {
        ulong[] found = new ulong[text.Length];
        int count = 0;
        ulong before = 0;
        for (int i = 0; i < text.Length;)
        {
            ulong token = Token(text, ref i);
            if (token == 0)
            {
                continue;
            }
            if (before != 0)
            {
                found[count++] = unchecked((before * 0x9E3779B97F4A7C15UL) ^ token);
            }
            before = token;
        }
        Array.Sort(found, 0, count);
        int distinct = 0;
        for (int i = 0; i < count; i++)
        {
            if (i == 0 || found[i] != found[i - 1])
            {
                found[distinct++] = found[i];
            }
        }
        return new MatterText(found[..distinct]);
    }

    /// <summary>0 (nothing in common) to 1 (the one text holds the whole other).</summary>
    public static double Similarity(MatterText left, MatterText right)
    {
        int smaller = Math.Min(left.Count, right.Count);
        if (smaller == 0)
        {
            return 0;
        }
        int common = 0;
        for (int i = 0, j = 0; i < left.Count && j < right.Count;)
        {
            int order = left.shingles[i].CompareTo(right.shingles[j]);
            common += order == 0 ? 1 : 0;
            i += order <= 0 ? 1 : 0;
            j += order >= 0 ? 1 : 0;
        }
        return smaller < FewShingles ? (double)common / (left.Count + right.Count - common) : (double)common / smaller;
    }

    /// <summary>The next token's hash, or 0 where the character at <paramref name="at"/> is none; moves on.</summary>
    private static ulong Token(string text, ref int at)
    {
        char c = Widths.Fold(text[at]);
        if (char.IsDigit(c))
        {
            while (at < text.Length && char.IsDigit(Widths.Fold(text[at])))
            {
                at++;
            }
            return Mix('#');
        }
        if (!char.IsLetter(c) && !char.IsSurrogate(c))
        {
            at++;
            return 0;
        }
        if (c >= '\u2E80')
        {
            at++;
            return Mix(c);
        }
        ulong word = 14695981039346656037UL; // FNV-1a
        while (at < text.Length && Widths.Fold(text[at]) is char letter && letter < '\u2E80' && char.IsLetter(letter))
        {
            word = unchecked((word ^ char.ToLowerInvariant(letter)) * 1099511628211UL);
            at++;
        }
        return Mix(word);
    }

    private static ulong Mix(ulong value)
    {
        unchecked
        {
            value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9UL;
            value = (value ^ (value >> 27)) * 0x94D049BB133111EBUL;
            return (value ^ (value >> 31)) | 1UL;
        }
    }
}
