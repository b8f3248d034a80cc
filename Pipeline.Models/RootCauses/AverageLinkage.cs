namespace Pipeline.Models.RootCauses;

/// <summary>
/// Hierarchical clustering by mean similarity (UPGMA; Sokal and Michener, University of Kansas Science Bulletin 38, 1958), made with the
/// chain of nearest neighbours (Murtagh, Computer Journal 26, 1983) in time and memory quadratic in the number of rows. No seed, no start:
/// equal rows give equal clusters; of equally near neighbours the lower row is taken.
/// </summary>
internal static class AverageLinkage
{
    /// <param name="similarity">Row by row, symmetric; overwritten.</param>
    /// <param name="joinAt">Clusters are joined while their mean similarity is at least this.</param>
    /// <returns>For each row the lowest row of its cluster.</returns>
    public static int[] Cluster(float[] similarity, int count, double joinAt)
    {
        int[] size = new int[count];
        Array.Fill(size, 1);
        Text.RowSets sets = new(count);
        bool[] isGone = new bool[count];
        int[] representative = [.. Enumerable.Range(0, count)];
        List<int> chain = [];
        int left = count;
        int next = 0;
        while (left > 1)
        {
            if (chain.Count == 0)
            {
                while (isGone[next])
                {
                    next++;
                }
                chain.Add(next);
            }
            int top = chain[^1];
            int before = chain.Count > 1 ? chain[^2] : -1;
            // The cluster before wins a tie, or the chain could go round in circles.
            int nearest = before;
            float best = before < 0 ? float.NegativeInfinity : similarity[(top * count) + before];
            for (int other = 0; other < count; other++)
            {
                if (other != top && !isGone[other] && similarity[(top * count) + other] > best)
                {
                    best = similarity[(top * count) + other];
                    nearest = other;
                }
            }
            if (best < joinAt)
            {
                // Means never exceed their parts, so nothing that others become will be near enough. Only a chain of one ends here: a
                // neighbour further up would be as near to this cluster as this cluster is to it.
                isGone[top] = true;
                chain.Clear();
                left--;
                continue;
            }
            if (nearest != before)
            {
                chain.Add(nearest);
                continue;
            }
            chain.RemoveRange(chain.Count - 2, 2);
            (int keep, int drop) = top < before ? (top, before) : (before, top);
            for (int other = 0; other < count; other++)
            {
                if (other != keep && other != drop && !isGone[other])
                {
                    float mean = (float)((((double)size[keep] * similarity[(keep * count) + other]) + ((double)size[drop] * similarity[(drop * count) + other]))
                        / (size[keep] + size[drop]));
                    similarity[(keep * count) + other] = mean;
                    similarity[(other * count) + keep] = mean;
                }
            }
            sets.Join(representative[keep], representative[drop]);
            size[keep] += size[drop];
            isGone[drop] = true;
            left--;
        }
        return sets.Roots();
    }
}
