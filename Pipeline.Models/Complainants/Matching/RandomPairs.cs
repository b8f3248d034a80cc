namespace Pipeline.Models.Complainants.Matching;

/// <summary>Pairs drawn without regard to blocking, from which u is estimated: all of a small table, else a stated pseudo-random draw.</summary>
internal static class RandomPairs
{
    private const int Most = 250_000;
    private const int ChunkPairs = 1 << 14;

    /// <value>Pairs that may be one person.</value>
    internal static double Total(MatchTable table)
    {
        double n = table.Records;
        double all = n * (n - 1) / 2;
        if (!table.OnePerInput)
        {
            return all;
        }
        int[] sizes = new int[table.Inputs];
        for (int record = 0; record < table.Records; record++)
        {
            sizes[table.Place(record).Input]++;
        }
        return all - sizes.Sum(s => (double)s * (s - 1) / 2);
    }

    internal static CandidatePair[] Draw(MatchTable table, int threads, CancellationToken cancellation)
    {
        (int A, int B)[] drawn = Places(table);
        CandidatePair[] pairs = new CandidatePair[drawn.Length];
        PairComparer comparer = new(table);
        int chunks = (drawn.Length + ChunkPairs - 1) / ChunkPairs;
        Parallel.For(0, chunks, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation }, chunk =>
        {
            int end = Math.Min(drawn.Length, (chunk + 1) * ChunkPairs);
            for (int i = chunk * ChunkPairs; i < end; i++)
            {
                (int a, int b) = drawn[i];
                pairs[i] = new CandidatePair(a, b, comparer.Compare(a, b), 0, 0);
            }
        });
        return pairs;
    }

    private static (int A, int B)[] Places(MatchTable table)
    {
        int n = table.Records;
        List<(int, int)> places = [];
        if ((long)n * (n - 1) / 2 <= Most)
        {
            for (int a = 0; a < n; a++)
            {
                for (int b = a + 1; b < n; b++)
                {
                    Add(a, b);
                }
            }
        }
        else
        {
            for (ulong i = 0; i < Most; i++)
            {
                int a = MatchHash.Below(MatchHash.Mix(2 * i), n);
                int b = MatchHash.Below(MatchHash.Mix((2 * i) + 1), n);
                Add(Math.Min(a, b), Math.Max(a, b));
            }
        }
        return [.. places];

        void Add(int a, int b)
        {
            if (a != b && !(table.OnePerInput && table.Place(a).Input == table.Place(b).Input))
            {
                places.Add((a, b));
            }
        }
    }
}
