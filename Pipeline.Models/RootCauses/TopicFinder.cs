namespace Pipeline.Models.RootCauses;

/// <summary>Topics of one cause as they were found, before they are named and tested.</summary>
/// <param name="Rows">Rows of all months that belong to it, ascending.</param>
/// <param name="Centroid">Dense unit vector over phrases.</param>
internal sealed record FoundTopic(List<int> Rows, double[] Centroid);

/// <summary>
/// Groups the texts of one cause over all months that are looked at: a sample by average linkage of cosines, every other text to the
/// nearest centroid. Because the months overlap from run to run, so do the topics.
/// </summary>
internal static class TopicFinder
{
    /// <param name="rows">Rows of the cause, in the order of receipt; those of the month are the last <paramref name="ofMonth"/>.</param>
    /// <returns>Largest first.</returns>
    public static IReadOnlyList<FoundTopic> Find(TextVectors vectors, IReadOnlyList<int> rows, int ofMonth, Func<int, long> personOf, TopicRules rules)
    {
        List<int> sample = Sample([.. rows.Where(r => vectors.Phrases(r).Length > 1)], ofMonth, rules.MostTextsOfCause);
        int[] cluster = AverageLinkage.Cluster(vectors.Cosines(sample), sample.Count, rules.JoinSimilarity);
        List<FoundTopic> topics = [];
        foreach (IGrouping<int, int> members in Enumerable.Range(0, sample.Count).GroupBy(i => cluster[i]))
        {
            int[] own = [.. members.Select(i => sample[i])];
            if (own.Select(personOf).Distinct().Count() >= rules.MinPersons)
            {
                topics.Add(new FoundTopic([], Centroid(vectors, own)));
            }
        }
        foreach (int row in rows)
        {
            FoundTopic? nearest = null;
            double best = rules.AssignSimilarity;
            foreach (FoundTopic topic in topics)
            {
                double cosine = vectors.Dot(row, topic.Centroid);
                if (cosine >= best)
                {
                    best = cosine;
                    nearest = topic;
                }
            }
            nearest?.Rows.Add(row);
        }
        return [.. topics.Where(t => t.Rows.Select(personOf).Distinct().Count() >= rules.MinPersons)
            .OrderByDescending(t => t.Rows.Count).ThenBy(t => t.Rows[0])];
    }

    /// <summary>Every k-th, with the month's texts taken first where all do not fit: they are what the report is about.</summary>
    private static List<int> Sample(List<int> rows, int ofMonth, int most)
    {
        if (rows.Count <= most)
        {
            return rows;
        }
        int own = Math.Min(ofMonth, rows.Count);
        List<int> month = Every(rows[^own..], Math.Max(most / 2, most - (rows.Count - own)));
        return [.. Every(rows[..^own], most - month.Count), .. month];
    }

    private static List<int> Every(List<int> rows, int most) =>
        rows.Count <= most ? rows : [.. Enumerable.Range(0, most).Select(i => rows[(int)((long)i * rows.Count / most)])];

    private static double[] Centroid(TextVectors vectors, IReadOnlyList<int> rows)
    {
        double[] sum = vectors.Sum(rows);
        double length = Math.Sqrt(sum.Sum(x => x * x));
        for (int i = 0; i < sum.Length; i++)
        {
            sum[i] /= length;
        }
        return sum;
    }
}
