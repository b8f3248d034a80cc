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

    /// <param name="buckets">Ascending. Those from 2 to the power of <paramref name="bucketBits"/> on are phrases, then notions.</param>
    /// <param name="idf">Weight by rarity of each, in the same order.</param>
    /// <param name="phrases">How many phrases the lexicon has, whether features or not.</param>
    /// <param name="concepts">How many notions.</param>
    public Vocabulary(int bucketBits, uint[] buckets, float[] idf, int phrases = 0, int concepts = 0)
    {
        Buckets = buckets;
        Idf = idf;
        blocks = new Block[((1 << bucketBits) + phrases + concepts + 63) / 64];
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
        Starts = [0, FirstFrom(1u << (bucketBits - 1)), FirstFrom(1u << bucketBits), FirstFrom((1u << bucketBits) + (uint)phrases), buckets.Length];

        int FirstFrom(uint bucket)
        {
            int index = Array.BinarySearch(buckets, bucket);
            return index < 0 ? ~index : index;
        }
    }

    public uint[] Buckets { get; }

    public float[] Idf { get; }

    public int Count => Buckets.Length;

    /// <value>First feature of each <see cref="FeatureGroup"/>; one more at the end.</value>
    public int[] Starts { get; }

    /// <summary>The <see cref="FeatureGroup"/> of a feature.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int GroupOf(int feature) => feature < Starts[1] ? 0 : feature < Starts[2] ? 1 : feature < Starts[3] ? 2 : 3;

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
