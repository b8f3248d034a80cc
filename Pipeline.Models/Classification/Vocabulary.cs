using System.Numerics;
using System.Runtime.CompilerServices;

namespace Pipeline.Models.Classification;

/// <summary>
/// The buckets that are features, with their weights by rarity. A bucket's feature number is its rank among them, found with one load
/// and a population count, so that the many n-grams that are no feature are dismissed from a table of one bit each.
/// </summary>
internal sealed class Vocabulary
{
    private readonly Block[] blocks;

    /// <param name="buckets">Ascending.</param>
    /// <param name="idf">Weight by rarity of each, in the same order.</param>
    public Vocabulary(int bucketBits, uint[] buckets, float[] idf)
    {
        Buckets = buckets;
        Idf = idf;
        blocks = new Block[1 << (bucketBits - 6)];
        foreach (uint bucket in buckets)
        {
            blocks[bucket >> 6].Bits |= 1UL << (int)(bucket & 63);
        }
        int rank = 0;
        for (int i = 0; i < blocks.Length; i++)
        {
            blocks[i].Rank = rank;
            rank += BitOperations.PopCount(blocks[i].Bits);
        }
        int firstOfLetters = Array.BinarySearch(buckets, 1u << (bucketBits - 1));
        FirstLetterFeature = firstOfLetters < 0 ? ~firstOfLetters : firstOfLetters;
    }

    public uint[] Buckets { get; }

    public float[] Idf { get; }

    public int Count => Buckets.Length;

    /// <value>Features from this number on are runs of letters; those below are n-grams of units.</value>
    public int FirstLetterFeature { get; }

    /// <summary>The feature of a bucket, or -1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int FeatureOf(uint bucket)
    {
        ref readonly Block block = ref blocks[bucket >> 6];
        ulong bit = 1UL << (int)(bucket & 63);
        return (block.Bits & bit) == 0 ? -1 : block.Rank + BitOperations.PopCount(block.Bits & (bit - 1));
    }

    private struct Block
    {
        public ulong Bits;
        public int Rank;
    }
}
