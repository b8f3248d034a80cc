using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Pipeline.Models.Text;

namespace Pipeline.Models.Classification;

/// <summary>
/// Reads training texts: counts every n-gram's texts, keeps as features those that enough texts have, and weighs the texts. A text is read
/// once, in blocks of fixed size, so that the number of threads changes nothing. Its buckets are packed as they are found and, once the
/// features are chosen, packed anew as features in their own place: a feature's number is its bucket's rank, so differences only shrink.
/// </summary>
internal static class CorpusReader
{
    private const long UnpackedUpTo = 1 << 24;

    /// <param name="unpackedUpTo">Most codes with which the rows are kept unpacked too.</param>
    /// <param name="concepts">Lexicon whose phrases are features too; null for none.</param>
    /// <param name="minimumTexts">An n-gram is a feature when at least this many texts have it.</param>
    /// <param name="maximumFeatures">Where more would be kept, <paramref name="minimumTexts"/> is raised until they are not.</param>
    public static FeatureMatrix Read(
        IReadOnlyList<string> texts, GramOptions options, int minimumTexts, int maximumFeatures, int threads, CancellationToken cancellation,
        ConceptTable? concepts = null, long unpackedUpTo = UnpackedUpTo)
    {
        FeatureBlock[] blocks = new FeatureBlock[(texts.Count + FeatureMatrix.BlockRows - 1) / FeatureMatrix.BlockRows];
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = threads, CancellationToken = cancellation };
        uint[] groupStarts = GroupStarts(options.BucketBits, concepts);
        ConcurrentBag<RowPacker> packers = []; // not the loop's own thread-local state, which it makes anew every tenth of a second
        Parallel.For(0, blocks.Length, parallel, number =>
        {
            RowPacker packer = packers.TryTake(out RowPacker? idle) ? idle : new(options, concepts, groupStarts);
            int first = number * FeatureMatrix.BlockRows;
            blocks[number] = packer.Pack(texts, first, Math.Min(texts.Count, first + FeatureMatrix.BlockRows));
            packers.Add(packer);
        });
        int[] textsWith = packers.Select(p => p.TextsWith).Aggregate(Add);
        Vocabulary vocabulary = Choose(textsWith, texts.Count, options.BucketBits, minimumTexts, maximumFeatures, concepts);
        Parallel.For(0, blocks.Length, parallel, number => Repack(blocks[number], vocabulary, groupStarts));
        if (blocks.Sum(b => (long)b.Starts[^1]) <= unpackedUpTo)
        {
            Parallel.For(0, blocks.Length, parallel, number => blocks[number].Unpack(vocabulary));
        }
        return new FeatureMatrix(blocks, texts.Count, vocabulary);
    }

    private static int[] Add(int[] total, int[] more)
    {
        for (int bucket = 0; bucket < total.Length; bucket++)
        {
            total[bucket] += more[bucket];
        }
        return total;
    }

    /// <summary>First bucket of each <see cref="FeatureGroup"/>; one more at the end.</summary>
    private static uint[] GroupStarts(int bucketBits, ConceptTable? concepts)
    {
        uint grams = 1u << bucketBits;
        return [0, grams / 2, grams, grams + (uint)(concepts?.Phrases.Length ?? 0), grams + (uint)(concepts?.Buckets ?? 0)];
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

    /// <summary>Makes buckets into features, in place, and measures each group of each row.</summary>
    private static void Repack(FeatureBlock block, Vocabulary vocabulary, uint[] groupStarts)
    {
        ushort[] codes = block.Codes;
        int read = 0;
        int written = 0;
        for (int row = 0; row < block.Rows; row++)
        {
            for (int run = 0; run < FeatureBlock.RunsOfRow; run++)
            {
                ref int start = ref block.Starts[(row * FeatureBlock.RunsOfRow) + run];
                int end = block.Starts[(row * FeatureBlock.RunsOfRow) + run + 1];
                start = written;
                int group = run / 2;
                uint bucket = groupStarts[group];
                uint last = (uint)vocabulary.Starts[group];
                while (read < end)
                {
                    GapCode.Read(codes, ref read, ref bucket);
                    int count = run % 2 == 0 ? 1 : codes[read++];
                    int feature = vocabulary.FeatureOf(bucket);
                    if (feature >= 0)
                    {
                        written = GapCode.Write((uint)feature - last, codes, written);
                        last = (uint)feature;
                        if (run % 2 == 1)
                        {
                            codes[written++] = (ushort)count;
                        }
                    }
                }
            }
        }
        block.Starts[^1] = written;
        block.Measure(vocabulary);
    }

    /// <summary>Reads texts and packs their buckets; serves one thread.</summary>
    private sealed class RowPacker(GramOptions options, ConceptTable? concepts, uint[] groupStarts)
    {
        private readonly byte[] counts = new byte[groupStarts[^1]]; // stop at the largest
        private readonly AscendingSort sort = new(groupStarts[^1]);
        private readonly TextUnits units = new();
        private uint[] buckets = new uint[1 << 12];
        private uint[] repeated = new uint[1 << 12];
        private ushort[] codes = new ushort[1 << 16];
        private int count;

        /// <value>In how many of this packer's texts each bucket was.</value>
        public int[] TextsWith { get; } = new int[groupStarts[^1]];

        public FeatureBlock Pack(IReadOnlyList<string> texts, int from, int to)
        {
            int[] starts = new int[((to - from) * FeatureBlock.RunsOfRow) + 1];
            int next = 0;
            for (int row = from; row < to; row++)
            {
                count = 0;
                units.Read(texts[row]);
                Sink sink = new(this);
                GramReader.Read(units, options, ref sink);
                concepts?.Read(units, 1u << options.BucketBits, ref sink);
                next = PackRow(starts.AsSpan((row - from) * FeatureBlock.RunsOfRow, FeatureBlock.RunsOfRow), next);
            }
            starts[^1] = next;
            return new FeatureBlock(codes[..next], starts);
        }

        private int PackRow(Span<int> starts, int next)
        {
            if (repeated.Length < count)
            {
                repeated = new uint[buckets.Length];
            }
            int singles = 0;
            int repeats = 0;
            for (int i = 0; i < count; i++)
            {
                uint bucket = buckets[i];
                TextsWith[bucket]++;
                if (counts[bucket] == 1)
                {
                    counts[bucket] = 0;
                    buckets[singles++] = bucket;
                }
                else
                {
                    repeated[repeats++] = bucket;
                }
            }
            sort.Sort(buckets.AsSpan(0, singles));
            sort.Sort(repeated.AsSpan(0, repeats));
            ReadOnlySpan<uint> once = buckets.AsSpan(0, singles);
            ReadOnlySpan<uint> more = repeated.AsSpan(0, repeats);
            for (int group = 0; group < FeatureView.Groups; group++)
            {
                starts[group * 2] = next;
                next = PackRun(ref once, group, isRepeated: false, next);
                starts[(group * 2) + 1] = next;
                next = PackRun(ref more, group, isRepeated: true, next);
            }
            return next;
        }

        private int PackRun(ref ReadOnlySpan<uint> ascending, int group, bool isRepeated, int next)
        {
            uint last = groupStarts[group];
            uint end = groupStarts[group + 1];
            int i = 0;
            for (; i < ascending.Length && ascending[i] < end; i++)
            {
                uint bucket = ascending[i];
                int room = GapCode.Length(bucket - last) + 1;
                if (next + room > codes.Length)
                {
                    Array.Resize(ref codes, Math.Max(codes.Length * 2, next + room));
                }
                next = GapCode.Write(bucket - last, codes, next);
                last = bucket;
                if (isRepeated)
                {
                    codes[next++] = counts[bucket];
                    counts[bucket] = 0;
                }
            }
            ascending = ascending[i..];
            return next;
        }

        private readonly struct Sink(RowPacker packer) : IGramSink
        {
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public void Add(uint bucket, int firstUnit, int lastUnit)
            {
                ref byte own = ref packer.counts[bucket];
                if (own == 0)
                {
                    if (packer.count == packer.buckets.Length)
                    {
                        Array.Resize(ref packer.buckets, packer.buckets.Length * 2);
                    }
                    packer.buckets[packer.count++] = bucket;
                }
                own = (byte)Math.Min(own + 1, FeatureReader.LargestCount);
            }
        }
    }
}
