namespace Pipeline.Models.Classification;

/// <summary>
/// Groups texts that are nearly the same, so that both sides of a split never hold the same letter. Candidates come from minimum
/// hashes (one permutation, Li, Owen and Zhang 2012) in bands; each candidate is then compared for real with the first text of its band
/// and value. Bands are gone through one after another with one small table: what is joined does not depend on the order.
/// </summary>
internal static class NearDuplicates
{
    /// <summary>Two texts are one when they share at least this part (Jaccard) of their features.</summary>
    public const double Similarity = 0.6;

    private const int Bins = 64;
    private const int BandBins = 4;
    private const int Bands = Bins / BandBins;

    /// <summary>For each row the first row of its group.</summary>
    public static int[] Groups(FeatureMatrix matrix, int threads, CancellationToken cancellation)
    {
        ulong[] keys = Keys(matrix, threads, cancellation, out bool[] isEmpty);
        Text.RowSets groups = new(matrix.Rows);
        Comparison comparison = new(matrix);
        KeyTable first = new(matrix.Rows);
        for (int band = 0; band < Bands; band++)
        {
            cancellation.ThrowIfCancellationRequested();
            ReadOnlySpan<ulong> own = keys.AsSpan(band * matrix.Rows, matrix.Rows);
            first.Clear();
            for (int row = 0; row < matrix.Rows; row++)
            {
                if (isEmpty[row])
                {
                    continue;
                }
                int other = first.FirstOf(row, own);
                if (other != row && groups.Root(other) != groups.Root(row) && comparison.Jaccard(other, row) >= Similarity)
                {
                    groups.Join(other, row);
                }
            }
        }
        return groups.Roots();
    }

    /// <summary>What the minima of a band come to: band after band, each row.</summary>
    private static ulong[] Keys(FeatureMatrix matrix, int threads, CancellationToken cancellation, out bool[] isEmpty)
    {
        int rows = matrix.Rows;
        ulong[] keys = new ulong[(long)rows * Bands];
        bool[] empty = new bool[rows];
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = threads, CancellationToken = cancellation };
        Parallel.For(0, (rows + FeatureMatrix.BlockRows - 1) / FeatureMatrix.BlockRows, parallel, block =>
        {
            RowReader reader = new(matrix, FeatureView.Everything);
            Span<ulong> minima = stackalloc ulong[Bins];
            int end = Math.Min(rows, (block + 1) * FeatureMatrix.BlockRows);
            for (int row = block * FeatureMatrix.BlockRows; row < end; row++)
            {
                reader.Read(row);
                empty[row] = reader.Features.IsEmpty;
                Sketch(reader.Features, minima);
                for (int band = 0; band < Bands; band++)
                {
                    ulong key = (ulong)band;
                    for (int i = 0; i < BandBins; i++)
                    {
                        key = Text.TextUnits.Hash(key, minima[(band * BandBins) + i]);
                    }
                    keys[((long)band * rows) + row] = key;
                }
            }
        });
        isEmpty = empty;
        return keys;
    }

    private static void Sketch(ReadOnlySpan<int> features, Span<ulong> minima)
    {
        minima.Fill(ulong.MaxValue);
        foreach (int feature in features)
        {
            ulong hash = Text.TextUnits.Hash(0x8EBC6AF09C88C6E3, (ulong)feature);
            hash = Text.TextUnits.Hash(hash, hash >> 29);
            ref ulong minimum = ref minima[(int)(hash & (Bins - 1))];
            minimum = Math.Min(minimum, hash >> 6);
        }
    }

    /// <summary>The first row with a key: open addressing, at most half full.</summary>
    private sealed class KeyTable
    {
        private readonly int[] slots; // row + 1
        private readonly int shift;

        public KeyTable(int rows)
        {
            int bits = System.Numerics.BitOperations.Log2((uint)Math.Max(1, rows)) + 2;
            slots = new int[1 << bits];
            shift = 64 - bits;
        }

        public void Clear() => Array.Clear(slots);

        /// <summary>The first row that had the key of <paramref name="row"/>: itself where none had.</summary>
        public int FirstOf(int row, ReadOnlySpan<ulong> keys)
        {
            int slot = (int)unchecked((keys[row] * 0x9E3779B97F4A7C15) >> shift);
            while (slots[slot] != 0)
            {
                if (keys[slots[slot] - 1] == keys[row])
                {
                    return slots[slot] - 1;
                }
                slot = (slot + 1) & (slots.Length - 1);
            }
            slots[slot] = row + 1;
            return row;
        }
    }

    /// <summary>Compares rows by all their features.</summary>
    private sealed class Comparison(FeatureMatrix matrix)
    {
        private readonly RowReader reader = new(matrix, FeatureView.Everything);
        private readonly int[] mark = new int[matrix.FeatureCount];
        private int stamp;
        private int marked = -1;
        private int count;

        public double Jaccard(int other, int row)
        {
            if (marked != row)
            {
                reader.Read(row);
                stamp++;
                foreach (int feature in reader.Features)
                {
                    mark[feature] = stamp;
                }
                (marked, count) = (row, reader.Features.Length);
            }
            reader.Read(other);
            int shared = 0;
            foreach (int feature in reader.Features)
            {
                shared += mark[feature] == stamp ? 1 : 0;
            }
            return (double)shared / (reader.Features.Length + count - shared);
        }
    }
}
