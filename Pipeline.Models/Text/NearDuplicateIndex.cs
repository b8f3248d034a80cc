namespace Pipeline.Models.Text;

/// <summary>Two texts that were compared for real and found alike.</summary>
/// <param name="Second">The later row.</param>
/// <param name="Similarity">Jaccard of their shingles, from the asked similarity to 1.</param>
public readonly record struct NearDuplicatePair(int First, int Second, double Similarity);

/// <summary>Which texts are nearly the same.</summary>
/// <param name="Leaders">For each text the first row of its group; a text that is like no other leads itself.</param>
/// <param name="Links">The pairs that made the groups: one fewer than a group has texts.</param>
/// <param name="Compared">Pairs of texts that were compared for real, shingle by shingle.</param>
public sealed record NearDuplicateGroups(int[] Leaders, IReadOnlyList<NearDuplicatePair> Links, long Compared)
{
    /// <value>Texts that are a near-duplicate of an earlier one.</value>
    public int Duplicates => Links.Count;
}

/// <summary>
/// Finds near-duplicates among many texts. Candidates share a band of minimum hashes (one permutation, Li, Owen and Zhang 2012; empty
/// bins filled as Shrivastava 2017 does); every candidate is then compared by its exact shingles; groups are what is joined by pairs.
/// Two texts of similarity s are candidates with probability 1 - (1 - s^4)^32: 0.988 at 0.6, 0.9998 at 0.7. The same texts give the same
/// groups on every machine and for any number of threads.
/// </summary>
public static class NearDuplicateIndex
{
    /// <value>Similarity from which texts are nearly the same; default of <see cref="Group"/>.</value>
    public const double DefaultSimilarity = 0.6;

    private const int Bins = 128;
    private const int BandBins = 4;
    private const int Bands = Bins / BandBins;
    private const int BlockRows = 256;

    /// <summary>
    /// In one bucket a text is compared with one text of each group found there so far, at most this many: a form's boilerplate may bring
    /// thousands of unlike texts into a bucket.
    /// </summary>
    private const int MostRepresentatives = 16;

    /// <param name="texts">Any texts; one without letters, digits or ideographs is like no other.</param>
    /// <param name="similarity">Jaccard of shingles from which two texts are nearly the same; above 0, at most 1.</param>
    /// <param name="threads">At least 1.</param>
    public static NearDuplicateGroups Group(
        IReadOnlyList<string> texts, double similarity = DefaultSimilarity, int threads = 1, CancellationToken cancellation = default)
    {
        if (similarity is not (> 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(similarity), similarity, "a similarity lies above 0 and at most at 1");
        }
        (uint[] keys, Signatures signatures) = Sketch(texts, threads, cancellation);
        Groups groups = new(texts, signatures, similarity);
        ulong[] order = new ulong[signatures.Readable];
        for (int band = 0; band < Bands; band++)
        {
            cancellation.ThrowIfCancellationRequested();
            int next = 0;
            for (int row = 0; row < texts.Count; row++)
            {
                if (signatures.IsReadable(row))
                {
                    order[next++] = ((ulong)keys[((long)row * Bands) + band] << 32) | (uint)row;
                }
            }
            Array.Sort(order);
            for (int from = 0; from < order.Length;)
            {
                int to = from + 1;
                while (to < order.Length && order[to] >> 32 == order[from] >> 32)
                {
                    to++;
                }
                if (to - from > 1)
                {
                    groups.Join(order.AsSpan(from, to - from), cancellation);
                }
                from = to;
            }
        }
        return groups.Result();
    }

    /// <summary>Jaccard similarity of two texts' shingles, 0 to 1; 0 where either has none.</summary>
    public static double Similarity(string first, string second)
    {
        ShingleReader reader = new();
        return Jaccard(reader.ReadSet(first), reader.ReadSet(second));
    }

    private static (uint[] Keys, Signatures Signatures) Sketch(IReadOnlyList<string> texts, int threads, CancellationToken cancellation)
    {
        uint[] keys = new uint[(long)texts.Count * Bands];
        Signatures signatures = new(texts.Count);
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = threads, CancellationToken = cancellation };
        Parallel.For(0, (texts.Count + BlockRows - 1) / BlockRows, parallel, () => (Reader: new ShingleReader(), Minima: new ulong[Bins]), (block, _, own) =>
        {
            int end = Math.Min(texts.Count, (block + 1) * BlockRows);
            for (int row = block * BlockRows; row < end; row++)
            {
                ReadOnlySpan<ulong> shingles = own.Reader.Read(texts[row]);
                if (shingles.Length > 0)
                {
                    signatures.Set(row, shingles);
                    Sketch(shingles, own.Minima, keys.AsSpan(checked(row * Bands), Bands));
                }
            }
            return own;
        }, _ => { });
        return (keys, signatures);
    }

    private static void Sketch(ReadOnlySpan<ulong> shingles, ulong[] minima, Span<uint> keys)
    {
        const ulong empty = ulong.MaxValue;
        Array.Fill(minima, empty);
        foreach (ulong shingle in shingles)
        {
            ref ulong minimum = ref minima[(int)(shingle & (Bins - 1))];
            minimum = Math.Min(minimum, shingle >> 7);
        }
        Span<ulong> filled = stackalloc ulong[Bins];
        for (int bin = 0; bin < Bins; bin++)
        {
            ulong value = minima[bin];
            for (ulong attempt = 1; value == empty; attempt++)
            {
                value = minima[(int)(TextUnits.Hash(attempt, (ulong)bin) >> 57)];
            }
            filled[bin] = value;
        }
        for (int band = 0; band < Bands; band++)
        {
            ulong key = (ulong)band;
            for (int i = 0; i < BandBins; i++)
            {
                key = TextUnits.Hash(key, filled[(band * BandBins) + i]);
            }
            keys[band] = (uint)(key >> 32);
        }
    }

    /// <summary>Jaccard similarity of two ascending sets of shingles, 0 to 1; 0 where both are empty.</summary>
    internal static double Jaccard(ReadOnlySpan<ulong> first, ReadOnlySpan<ulong> second)
    {
        int shared = 0;
        int a = 0;
        int b = 0;
        while (a < first.Length && b < second.Length)
        {
            if (first[a] == second[b])
            {
                shared++;
                a++;
                b++;
            }
            else if (first[a] < second[b])
            {
                a++;
            }
            else
            {
                b++;
            }
        }
        int all = first.Length + second.Length - shared;
        return all == 0 ? 0 : (double)shared / all;
    }

    /// <summary>Joins candidates that are alike.</summary>
    private sealed class Groups(IReadOnlyList<string> texts, Signatures signatures, double similarity)
    {
        private readonly RowSets sets = new(texts.Count);
        private readonly List<NearDuplicatePair> links = [];
        private readonly ShingleReader reader = new();
        private readonly List<Candidate> representatives = new(MostRepresentatives);
        private long compared;

        /// <param name="bucket">Rows in the lower halves, ascending.</param>
        public void Join(ReadOnlySpan<ulong> bucket, CancellationToken cancellation)
        {
            representatives.Clear();
            foreach (ulong entry in bucket)
            {
                cancellation.ThrowIfCancellationRequested();
                Join((int)(entry & uint.MaxValue));
            }
        }

        public NearDuplicateGroups Result() => new(sets.Roots(), links, compared);

        private void Join(int row)
        {
            Candidate own = new(row);
            bool belongs = false;
            foreach (Candidate other in representatives)
            {
                if (sets.Root(other.Row) == sets.Root(row))
                {
                    belongs = true;
                    continue;
                }
                if (signatures.MostSimilarity(other.Row, row) < similarity)
                {
                    continue;
                }
                double alike = 1;
                if (own.Text(texts) != other.Text(texts))
                {
                    compared++;
                    alike = Jaccard(other.Set(texts, reader), own.Set(texts, reader));
                }
                if (alike >= similarity)
                {
                    links.Add(new NearDuplicatePair(Math.Min(other.Row, row), Math.Max(other.Row, row), alike));
                    sets.Join(other.Row, row);
                    belongs = true;
                }
            }
            if (!belongs && representatives.Count < MostRepresentatives)
            {
                representatives.Add(own);
            }
        }
    }

    /// <summary>A row of a bucket. Its text may be made anew each time that it is asked for, so that it is asked for once.</summary>
    private sealed class Candidate(int row)
    {
        private string? text;
        private ulong[]? set;

        public int Row => row;

        public string Text(IReadOnlyList<string> texts) => text ??= texts[row];

        public ulong[] Set(IReadOnlyList<string> texts, ShingleReader reader) => set ??= reader.ReadSet(Text(texts));
    }
}
