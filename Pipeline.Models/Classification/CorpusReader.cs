using System.Runtime.CompilerServices;
using Pipeline.Models.Text;

namespace Pipeline.Models.Classification;

/// <summary>
/// Reads training texts: counts every n-gram's texts, keeps as features those that enough texts have, and weighs the texts. Texts are
/// read in fixed blocks, and what blocks find is joined in their order, so that the number of threads changes nothing.
/// </summary>
internal static class CorpusReader
{
    private const int BlockRows = 512;

    /// <param name="concepts">Lexicon whose phrases are features too; null for none.</param>
    /// <param name="minimumTexts">An n-gram is a feature when at least this many texts have it.</param>
    /// <param name="maximumFeatures">Where more would be kept, <paramref name="minimumTexts"/> is raised until they are not.</param>
    public static (Vocabulary Vocabulary, FeatureMatrix Matrix) Read(
        IReadOnlyList<string> texts, GramOptions options, int minimumTexts, int maximumFeatures, int threads, CancellationToken cancellation,
        ConceptTable? concepts = null)
    {
        Block[] blocks = new Block[(texts.Count + BlockRows - 1) / BlockRows];
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = threads, CancellationToken = cancellation };
        Parallel.For(0, blocks.Length, parallel, () => new GramCounter(options, concepts), (number, _, counter) =>
        {
            int first = number * BlockRows;
            blocks[number] = counter.Read(texts, first, Math.Min(texts.Count, first + BlockRows));
            return counter;
        }, _ => { });
        int[] textsWith = new int[(1 << options.BucketBits) + (concepts?.Buckets ?? 0)];
        foreach (Block block in blocks)
        {
            foreach (uint bucket in block.Buckets)
            {
                textsWith[bucket]++;
            }
        }
        Vocabulary vocabulary = Choose(textsWith, texts.Count, options.BucketBits, minimumTexts, maximumFeatures, concepts);
        return (vocabulary, Weigh(blocks, vocabulary, texts.Count, parallel));
    }

    private static Vocabulary Choose(int[] textsWith, int texts, int bucketBits, int minimumTexts, int maximumFeatures, ConceptTable? concepts)
    {
        int kept;
        while ((kept = CountAtLeast(textsWith, minimumTexts)) > maximumFeatures)
        {
            minimumTexts++;
        }
        uint[] buckets = new uint[kept];
        float[] idf = new float[kept];
        int next = 0;
        for (uint bucket = 0; bucket < textsWith.Length; bucket++)
        {
            if (textsWith[bucket] >= minimumTexts)
            {
                buckets[next] = bucket;
                idf[next++] = (float)(Half)(1f + MathF.Log((1f + texts) / (1f + textsWith[bucket]))); // as the model file keeps it
            }
        }
        return new Vocabulary(bucketBits, buckets, idf, concepts?.Phrases.Length ?? 0, concepts?.ConceptCount ?? 0);
    }

    private static int CountAtLeast(int[] textsWith, int minimum)
    {
        int kept = 0;
        foreach (int n in textsWith)
        {
            kept += n >= minimum ? 1 : 0;
        }
        return kept;
    }

    private static FeatureMatrix Weigh(Block[] blocks, Vocabulary vocabulary, int rows, ParallelOptions parallel)
    {
        int[] starts = new int[rows + 1];
        Parallel.For(0, blocks.Length, parallel, number =>
        {
            Block block = blocks[number];
            int from = 0;
            for (int i = 0; i < block.RowEnds.Length; i++)
            {
                int kept = 0;
                for (int k = from; k < block.RowEnds[i]; k++)
                {
                    kept += vocabulary.FeatureOf(block.Buckets[k]) >= 0 ? 1 : 0;
                }
                starts[(number * BlockRows) + i + 1] = kept;
                from = block.RowEnds[i];
            }
        });
        for (int i = 0; i < rows; i++)
        {
            starts[i + 1] += starts[i];
        }
        int[] features = new int[starts[rows]];
        float[] values = new float[starts[rows]];
        Parallel.For(0, blocks.Length, parallel, number =>
        {
            Block block = blocks[number];
            int from = 0;
            for (int i = 0; i < block.RowEnds.Length; i++)
            {
                int row = (number * BlockRows) + i;
                int next = starts[row];
                for (int k = from; k < block.RowEnds[i]; k++)
                {
                    int feature = vocabulary.FeatureOf(block.Buckets[k]);
                    if (feature >= 0)
                    {
                        features[next] = feature;
                        values[next++] = FeatureReader.LogCount(block.Counts[k]) * vocabulary.Idf[feature];
                    }
                }
                from = block.RowEnds[i];
                FeatureReader.Scale(features.AsSpan(starts[row]..next), values.AsSpan(starts[row]..next), vocabulary);
            }
        });
        return new FeatureMatrix(starts, features, values, vocabulary.Count);
    }

    /// <summary>Buckets of a block of texts with their counts (at most 255), text after text.</summary>
    private sealed record Block(uint[] Buckets, byte[] Counts, int[] RowEnds);

    private sealed class GramCounter(GramOptions options, ConceptTable? concepts)
    {
        private readonly int[] counts = new int[(1 << options.BucketBits) + (concepts?.Buckets ?? 0)];
        private readonly TextUnits units = new();
        private uint[] buckets = new uint[1 << 16];
        private byte[] bucketCounts = new byte[1 << 16];
        private int count;

        public Block Read(IReadOnlyList<string> texts, int from, int to)
        {
            count = 0;
            int[] ends = new int[to - from];
            for (int row = from; row < to; row++)
            {
                int first = count;
                units.Read(texts[row]);
                Sink sink = new(this);
                GramReader.Read(units, options, ref sink);
                concepts?.Read(units, 1u << options.BucketBits, ref sink);
                for (int i = first; i < count; i++)
                {
                    bucketCounts[i] = (byte)Math.Min(counts[buckets[i]], FeatureReader.LargestCount);
                    counts[buckets[i]] = 0;
                }
                ends[row - from] = count;
            }
            return new Block(buckets[..count], bucketCounts[..count], ends);
        }

        private readonly struct Sink(GramCounter counter) : IGramSink
        {
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public void Add(uint bucket, int firstUnit, int lastUnit)
            {
                if (counter.counts[bucket]++ == 0)
                {
                    if (counter.count == counter.buckets.Length)
                    {
                        Array.Resize(ref counter.buckets, counter.buckets.Length * 2);
                        Array.Resize(ref counter.bucketCounts, counter.bucketCounts.Length * 2);
                    }
                    counter.buckets[counter.count++] = bucket;
                }
            }
        }
    }
}
