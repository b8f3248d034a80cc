using Pipeline.Models.RootCauses;

namespace Pipeline.Tests.RootCauses;

public sealed class AverageLinkageTests
{
    [Fact]
    public void The_chain_of_neighbours_gives_the_clusters_of_the_plain_algorithm()
    {
        Random chance = new(3);
        for (int trial = 0; trial < 120; trial++)
        {
            int count = chance.Next(1, 30);
            float[] similarity = new float[count * count];
            for (int i = 0; i < count; i++)
            {
                for (int j = 0; j < i; j++)
                {
                    float value = chance.Next(3) == 0 ? 0 : (float)chance.NextDouble();
                    similarity[(i * count) + j] = similarity[(j * count) + i] = value;
                }
            }
            double joinAt = 0.1 + (0.6 * chance.NextDouble());
            Assert.Equal(Plain(similarity, count, joinAt), AverageLinkage.Cluster([.. similarity], count, joinAt));
        }
    }

    /// <summary>The specification: join the two clusters with the highest mean similarity over all pairs of their rows, again and again.</summary>
    private static int[] Plain(float[] similarity, int count, double joinAt)
    {
        List<List<int>> clusters = [.. Enumerable.Range(0, count).Select(i => new List<int> { i })];
        while (clusters.Count > 1)
        {
            (int First, int Second, double Mean) best = (0, 0, double.MinValue);
            for (int a = 0; a < clusters.Count; a++)
            {
                for (int b = a + 1; b < clusters.Count; b++)
                {
                    double mean = clusters[a].SelectMany(i => clusters[b].Select(j => (double)similarity[(i * count) + j])).Average();
                    if (mean > best.Mean)
                    {
                        best = (a, b, mean);
                    }
                }
            }
            if (best.Mean < joinAt)
            {
                break;
            }
            clusters[best.First].AddRange(clusters[best.Second]);
            clusters.RemoveAt(best.Second);
        }
        int[] labels = new int[count];
        foreach (List<int> cluster in clusters)
        {
            foreach (int row in cluster)
            {
                labels[row] = cluster.Min();
            }
        }
        return labels;
    }
}
