namespace Pipeline.Models.RootCauses;

/// <summary>
/// Chooses the texts that stand for a group. Stated rule: first the medoid, the text with the highest mean cosine to all others of the
/// group; then the text least like those chosen so far (farthest first; Gonzalez, Theoretical Computer Science 38, 1985) among the half
/// of the group that is nearest to its centre, so that no odd text is shown. One text for each complainant; equal texts once; of equals
/// the one that stands first.
/// </summary>
internal static class RepresentativeTexts
{
    /// <param name="group">Rows of <paramref name="vectors"/>, in the order of receipt.</param>
    /// <param name="personOf">Complainant of a row, or null.</param>
    /// <returns>Rows, at most <paramref name="most"/>.</returns>
    public static IReadOnlyList<int> Choose(TextVectors vectors, IReadOnlyList<int> group, Func<int, long?> personOf, int most)
    {
        HashSet<long> persons = [];
        int[] rows = [.. group.Where(r => vectors.Phrases(r).Length > 0 && (personOf(r) is not { } person || persons.Add(person)))];
        if (rows.Length == 0)
        {
            return [];
        }
        double[] sum = vectors.Sum(rows);
        // The mean cosine to the others: the sum over all, less the row itself.
        double[] centrality = [.. rows.Select(r => vectors.Dot(r, sum) - 1)];
        double middle = centrality.Order().ElementAt(rows.Length / 2);
        int[] near = [.. Enumerable.Range(0, rows.Length).Where(i => centrality[i] >= middle)];
        List<int> chosen = [rows[near.MaxBy(i => centrality[i])]];
        double[] likeness = [.. near.Select(i => vectors.Cosine(rows[i], chosen[0]))];
        while (chosen.Count < most)
        {
            int farthest = Enumerable.Range(0, near.Length).MinBy(i => likeness[i]);
            if (likeness[farthest] > 0.95)
            {
                break; // what is left says the same again
            }
            chosen.Add(rows[near[farthest]]);
            for (int i = 0; i < near.Length; i++)
            {
                likeness[i] = Math.Max(likeness[i], vectors.Cosine(rows[near[i]], chosen[^1]));
            }
        }
        return chosen;
    }
}
