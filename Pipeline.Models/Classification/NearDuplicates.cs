namespace Pipeline.Models.Classification;

/// <summary>
/// Groups texts that are nearly the same, so that both sides of a split never hold the same letter. Candidates come from minimum
/// hashes (one permutation, Li, Owen and Zhang 2012) in bands; each candidate is then compared for real.
/// </summary>
internal static class NearDuplicates
{
    /// <summary>Two texts are one when they share at least this part (Jaccard) of their features.</summary>
    public const double Similarity = 0.6;

    private const int Bins = 64;
    private const int BandBins = 4;

    /// <summary>For each row the first row of its group.</summary>
    public static int[] Groups(FeatureMatrix matrix)
    {
        Text.RowSets groups = new(matrix.Rows);
        Dictionary<ulong, int> seen = [];
        ulong[] minima = new ulong[Bins];
        int[] mark = new int[matrix.FeatureCount];
        for (int row = 0; row < matrix.Rows; row++)
        {
            ReadOnlySpan<int> features = matrix.FeaturesOf(row);
            if (features.IsEmpty)
            {
                continue;
            }
            Sketch(features, minima);
            int stamp = row + 1;
            bool marked = false;
            for (int band = 0; band < Bins / BandBins; band++)
            {
                ulong key = (ulong)band;
                for (int i = 0; i < BandBins; i++)
                {
                    key = Text.TextUnits.Hash(key, minima[(band * BandBins) + i]);
                }
                if (seen.TryAdd(key, row))
                {
                    continue;
                }
                int other = seen[key];
                if (groups.Root(other) == groups.Root(row))
                {
                    continue;
                }
                if (!marked)
                {
                    foreach (int feature in features)
                    {
                        mark[feature] = stamp;
                    }
                    marked = true;
                }
                if (Jaccard(matrix.FeaturesOf(other), features.Length, mark, stamp) >= Similarity)
                {
                    groups.Join(other, row);
                }
            }
        }
        return groups.Roots();
    }

    private static void Sketch(ReadOnlySpan<int> features, ulong[] minima)
    {
        Array.Fill(minima, ulong.MaxValue);
        foreach (int feature in features)
        {
            ulong hash = Text.TextUnits.Hash(0x8EBC6AF09C88C6E3, (ulong)feature);
            hash = Text.TextUnits.Hash(hash, hash >> 29);
            ref ulong minimum = ref minima[(int)(hash & (Bins - 1))];
            minimum = Math.Min(minimum, hash >> 6);
        }
    }

    private static double Jaccard(ReadOnlySpan<int> other, int count, int[] mark, int stamp)
    {
        int shared = 0;
        foreach (int feature in other)
        {
            shared += mark[feature] == stamp ? 1 : 0;
        }
        return (double)shared / (other.Length + count - shared);
    }
}
