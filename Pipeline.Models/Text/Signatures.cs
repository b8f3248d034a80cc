using System.Numerics;

namespace Pipeline.Models.Text;

/// <summary>
/// A few bits for each text, by which most pairs are known to be unlike without their texts. Each shingle sets one of <see cref="Bits"/> bits, so that a bit
/// which one text has and the other has not stands for a shingle which it has alone: |A Δ B| is at least the number of bits that differ, |A ∩ B| at most the
/// shingles of the smaller text, and Jaccard is at most m / (m + d) with m of the one and d of the other.
/// </summary>
internal sealed class Signatures(int texts)
{
    private const int Words = 8;

    /// <value>Bits of a text: twice the shingles of a letter of usual length.</value>
    private const int Bits = Words * 64;

    private readonly ulong[] words = new ulong[(long)texts * Words];
    private readonly int[] shingleCounts = new int[texts];

    /// <value>Texts that have shingles.</value>
    public int Readable => shingleCounts.Count(c => c > 0);

    public bool IsReadable(int text) => shingleCounts[text] > 0;

    /// <param name="shingles">In any order, repeats included.</param>
    public void Set(int text, ReadOnlySpan<ulong> shingles)
    {
        Span<ulong> own = words.AsSpan(checked(text * Words), Words);
        foreach (ulong shingle in shingles)
        {
            int bit = (int)(shingle >> (64 - 9)); // the lower bits choose the bins of minima
            own[bit >> 6] |= 1UL << (bit & 63);
        }
        shingleCounts[text] = shingles.Length;
    }

    /// <summary>What the Jaccard similarity of two texts is at most.</summary>
    public double MostSimilarity(int first, int second)
    {
        ReadOnlySpan<ulong> a = words.AsSpan(first * Words, Words);
        ReadOnlySpan<ulong> b = words.AsSpan(second * Words, Words);
        int differ = 0;
        for (int i = 0; i < Words; i++)
        {
            differ += BitOperations.PopCount(a[i] ^ b[i]);
        }
        double fewer = Math.Min(shingleCounts[first], shingleCounts[second]);
        return fewer / (fewer + differ);
    }
}
