namespace Pipeline.Models.Classification.LittleData;

/// <summary>How strongly the words of each class speak in each text of a collection.</summary>
internal sealed class KeywordScores
{
    private readonly double[][] scores; // text, class

    /// <param name="knowledge">Must know the head.</param>
    /// <param name="folded">Texts as <see cref="KeywordKnowledge.Fold"/> gives them.</param>
    /// <remarks>A word counts log(texts / texts with it), once per text, shared among the classes that list it.</remarks>
    public KeywordScores(KeywordKnowledge knowledge, string head, IReadOnlyList<string> folded)
    {
        IReadOnlyList<string> classes = knowledge.Classes(head);
        Dictionary<string, List<int>> owners = new(StringComparer.Ordinal);
        for (int c = 0; c < classes.Count; c++)
        {
            foreach (string word in knowledge.Words(head, classes[c]))
            {
                (owners.TryGetValue(word, out List<int>? own) ? own : owners[word] = []).Add(c);
            }
        }
        scores = [.. folded.Select(_ => new double[classes.Count])];
        foreach ((string word, List<int> own) in owners.OrderBy(o => o.Key, StringComparer.Ordinal))
        {
            int[] holders = [.. Enumerable.Range(0, folded.Count).Where(t => folded[t].Contains(word, StringComparison.Ordinal))];
            double weight = Math.Log((folded.Count + 1.0) / (holders.Length + 1.0)) / own.Count;
            foreach (int text in holders)
            {
                foreach (int c in own)
                {
                    scores[text][c] += weight;
                }
            }
        }
    }

    /// <summary>By class in the order of the knowledge; all 0 where no word occurs.</summary>
    public double[] Of(int text) => scores[text];
}
