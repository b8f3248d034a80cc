namespace Pipeline.Models.Classification;

/// <summary>Splits texts into folds that have every class of every head in like shares, near-duplicates together.</summary>
internal static class Folds
{
    /// <summary>The fold of each row. Groups are dealt out rarest class first, each to the fold that has least of its classes.</summary>
    /// <param name="groups">For each row the first row of its group.</param>
    /// <param name="targets">For each head the class of each row, or -1.</param>
    public static int[] Assign(int[] groups, int[][] targets, ClassLayout layout, int folds, int seed)
    {
        int rows = groups.Length;
        int[][] texts = [.. targets.Select((t, head) => Count(t, layout.Count(head)))];
        List<int>[] members = new List<int>[rows];
        for (int row = 0; row < rows; row++)
        {
            (members[groups[row]] ??= []).Add(row);
        }
        int[] leaders = [.. Enumerable.Range(0, rows).Where(r => members[r] is not null)];
        new Random(seed).Shuffle(leaders);
        int[] rarest = [.. leaders.Select(leader => members[leader].Min(row => Rarest(row, targets, texts)))];
        int[] order = [.. Enumerable.Range(0, leaders.Length).OrderBy(i => rarest[i]).ThenByDescending(i => members[leaders[i]].Count)];
        int[] result = new int[rows];
        int[] sizes = new int[folds];
        double[][] have = [.. Enumerable.Range(0, folds).Select(_ => new double[layout.Classes])];
        foreach (int i in order)
        {
            List<int> group = members[leaders[i]];
            int best = 0;
            double least = double.PositiveInfinity;
            for (int fold = 0; fold < folds; fold++)
            {
                double burden = Burden(group[0], targets, texts, layout, have[fold]) + (sizes[fold] / (double)rows);
                if (burden < least)
                {
                    least = burden;
                    best = fold;
                }
            }
            foreach (int row in group)
            {
                result[row] = best;
                for (int head = 0; head < targets.Length; head++)
                {
                    if (targets[head][row] >= 0)
                    {
                        have[best][layout.Offsets[head] + targets[head][row]]++;
                    }
                }
            }
            sizes[best] += group.Count;
        }
        return result;
    }

    private static int[] Count(int[] targets, int classes)
    {
        int[] counts = new int[classes];
        foreach (int target in targets)
        {
            if (target >= 0)
            {
                counts[target]++;
            }
        }
        return counts;
    }

    private static int Rarest(int row, int[][] targets, int[][] texts)
    {
        int rarest = int.MaxValue;
        for (int head = 0; head < targets.Length; head++)
        {
            if (targets[head][row] >= 0)
            {
                rarest = Math.Min(rarest, texts[head][targets[head][row]]);
            }
        }
        return rarest;
    }

    private static double Burden(int row, int[][] targets, int[][] texts, ClassLayout layout, double[] have)
    {
        double burden = 0;
        for (int head = 0; head < targets.Length; head++)
        {
            int target = targets[head][row];
            if (target >= 0)
            {
                burden += have[layout.Offsets[head] + target] / texts[head][target];
            }
        }
        return burden;
    }
}
