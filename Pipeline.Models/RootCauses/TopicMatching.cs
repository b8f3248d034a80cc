namespace Pipeline.Models.RootCauses;

/// <summary>Finds the topics of this month among those of earlier months.</summary>
internal static class TopicMatching
{
    /// <summary>
    /// Pairs topics of the same cause by the cosine of their centroids, most alike first, each at most once.
    /// </summary>
    /// <returns>For each topic of this month the earlier one, or null.</returns>
    public static KnownTopic?[] Match(
        IReadOnlyList<(string Cause, IReadOnlyList<TopicTerm> Centroid)> topics, IReadOnlyList<KnownTopic> known, double least)
    {
        List<(int Topic, int Known, double Cosine)> pairs = [];
        for (int t = 0; t < topics.Count; t++)
        {
            for (int k = 0; k < known.Count; k++)
            {
                if (known[k].Cause == topics[t].Cause && Cosine(topics[t].Centroid, known[k].Centroid) is var cosine && cosine >= least)
                {
                    pairs.Add((t, k, cosine));
                }
            }
        }
        KnownTopic?[] matched = new KnownTopic?[topics.Count];
        HashSet<int> taken = [];
        foreach ((int topic, int other, _) in pairs.OrderByDescending(p => p.Cosine).ThenBy(p => p.Topic).ThenBy(p => known[p.Known].Id, StringComparer.Ordinal))
        {
            if (matched[topic] is null && taken.Add(other))
            {
                matched[topic] = known[other];
            }
        }
        return matched;
    }

    /// <summary>0 to 1, over the phrases by their words: the numbers of phrases differ between runs.</summary>
    public static double Cosine(IReadOnlyList<TopicTerm> first, IReadOnlyList<TopicTerm> second)
    {
        Dictionary<string, double> weights = first.ToDictionary(t => t.Text, t => t.Weight, StringComparer.Ordinal);
        double dot = second.Sum(t => t.Weight * weights.GetValueOrDefault(t.Text));
        double lengths = Math.Sqrt(first.Sum(t => t.Weight * t.Weight) * second.Sum(t => t.Weight * t.Weight));
        return lengths == 0 ? 0 : dot / lengths;
    }
}
