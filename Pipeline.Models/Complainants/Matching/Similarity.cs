using System.Numerics;

namespace Pipeline.Models.Complainants.Matching;

/// <summary>Measures of likeness of two short texts. Symmetric.</summary>
public static class Similarity
{
    private const int OnStack = 128;

    /// <summary>
    /// Optimal string alignment distance: the least number of insertions, deletions, substitutions and exchanges of neighbours, no part
    /// edited twice (Damerau 1964). Only a band of <paramref name="most"/> about the diagonal is looked at.
    /// </summary>
    /// <returns>The distance where it is at most <paramref name="most"/>, else <paramref name="most"/> + 1.</returns>
    public static int EditDistance(ReadOnlySpan<char> a, ReadOnlySpan<char> b, int most)
    {
        if (a.Length > b.Length)
        {
            ReadOnlySpan<char> longer = a;
            a = b;
            b = longer;
        }
        if (b.Length - a.Length > most)
        {
            return most + 1;
        }
        int begin = a.CommonPrefixLength(b);
        a = a[begin..];
        b = b[begin..];
        while (a.Length > 0 && a[^1] == b[^1])
        {
            a = a[..^1];
            b = b[..^1];
        }
        if (a.Length == 0)
        {
            return Math.Min(b.Length, most + 1);
        }
        int width = b.Length + 1;
        Span<int> rows = width * 3 <= OnStack * 3 ? stackalloc int[width * 3] : new int[width * 3];
        Span<int> before = rows[..width];
        Span<int> last = rows.Slice(width, width);
        Span<int> now = rows[(2 * width)..];
        for (int j = 0; j < width; j++)
        {
            last[j] = j;
        }
        for (int i = 1; i <= a.Length; i++)
        {
            int from = Math.Max(1, i - most);
            int to = Math.Min(b.Length, i + most);
            now[0] = i;
            if (from > 1)
            {
                now[from - 1] = most + 1;
            }
            int best = most + 1;
            for (int j = from; j <= to; j++)
            {
                int cost = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                cost = Math.Min(cost, now[j - 1] + 1);
                if (j < i + most)
                {
                    cost = Math.Min(cost, last[j] + 1);
                }
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    cost = Math.Min(cost, before[j - 2] + 1);
                }
                now[j] = cost;
                best = Math.Min(best, cost);
            }
            if (best > most)
            {
                return most + 1;
            }
            Span<int> free = before;
            before = last;
            last = now;
            now = free;
        }
        return Math.Min(last[b.Length], most + 1);
    }

    /// <summary>The characters of a text as a set of 64 bits; different characters may share a bit.</summary>
    internal static ulong Signature(ReadOnlySpan<char> text)
    {
        ulong bits = 0;
        foreach (char c in text)
        {
            bits |= 1UL << (c is >= 'A' and <= 'Z' ? c - 'A' : char.IsAsciiDigit(c) ? 26 + c - '0' : 36 + (c % 28));
        }
        return bits;
    }

    /// <summary>False where two signatures show that the distance is more than <paramref name="most"/>: one edit changes at most two of their bits.</summary>
    internal static bool MayBeWithin(ulong a, ulong b, int most) => BitOperations.PopCount(a ^ b) <= 2 * most;

    /// <summary>False where two signatures show that the Jaro–Winkler similarity is under <paramref name="least"/>.</summary>
    internal static bool MayBeAsAlike(ReadOnlySpan<char> a, ReadOnlySpan<char> b, ulong signatureA, ulong signatureB, double least)
    {
        // A character that the other text does not have is paired with none.
        int common = Math.Min(a.Length - BitOperations.PopCount(signatureA & ~signatureB), b.Length - BitOperations.PopCount(signatureB & ~signatureA));
        double jaro = ((double)common / a.Length + (double)common / b.Length + 1) / 3;
        int prefix = Math.Min(4, a.CommonPrefixLength(b));
        return jaro + (prefix * 0.1 * (1 - jaro)) >= least - 1e-9;
    }

    /// <summary>Jaro–Winkler similarity in [0, 1]: Jaro's (1989) with a bonus of 0.1 for each of up to four equal first characters (Winkler 1990).</summary>
    public static double JaroWinkler(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        if (a.Length == 0 || b.Length == 0)
        {
            return a.Length == b.Length ? 1 : 0;
        }
        // Which characters are paired may depend on the side that is gone through: always the one that stands first in order.
        if (a.Length > b.Length || (a.Length == b.Length && a.SequenceCompareTo(b) > 0))
        {
            ReadOnlySpan<char> other = a;
            a = b;
            b = other;
        }
        a = a[..Math.Min(64, a.Length)];
        b = b[..Math.Min(64, b.Length)];
        int window = Math.Max(0, (Math.Max(a.Length, b.Length) / 2) - 1);
        ulong takenA = 0;
        ulong takenB = 0;
        int common = 0;
        for (int i = 0; i < a.Length; i++)
        {
            int to = Math.Min(b.Length - 1, i + window);
            for (int j = Math.Max(0, i - window); j <= to; j++)
            {
                if (a[i] == b[j] && (takenB & (1UL << j)) == 0)
                {
                    takenA |= 1UL << i;
                    takenB |= 1UL << j;
                    common++;
                    break;
                }
            }
        }
        if (common == 0)
        {
            return 0;
        }
        int outOfOrder = 0;
        int at = 0;
        for (int i = 0; i < a.Length; i++)
        {
            if ((takenA & (1UL << i)) == 0)
            {
                continue;
            }
            while ((takenB & (1UL << at)) == 0)
            {
                at++;
            }
            outOfOrder += a[i] == b[at] ? 0 : 1;
            at++;
        }
        double m = common;
        double jaro = ((m / a.Length) + (m / b.Length) + ((m - (outOfOrder / 2)) / m)) / 3;
        int prefix = Math.Min(4, a.CommonPrefixLength(b));
        return jaro + (prefix * 0.1 * (1 - jaro));
    }
}
