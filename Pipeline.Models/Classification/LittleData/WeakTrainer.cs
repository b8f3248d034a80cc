namespace Pipeline.Models.Classification.LittleData;

/// <summary>Settings, found on the invented bank's corpus.</summary>
public sealed record WeakOptions
{
    /// <value>What an error on a weak example counts against one on a label.</value>
    public float Weight { get; init; } = 0.3f;

    /// <value>How much a unit of keyword score counts against a unit of log-probability.</value>
    public double KeywordScale { get; init; } = 0.5;

    /// <value>Share of unlabelled texts (the surest) that become weak examples.</value>
    public double Share { get; init; } = 1;

    /// <value>Rounds of self-training.</value>
    public int Rounds { get; init; } = 2;

    public bool Definitions { get; init; } = true;

    public bool UseKeywords { get; init; } = true;

    public bool UseUnlabelled { get; init; } = true;

    public float DefinitionWeight { get; init; } = 0.3f;
}

/// <summary>Trains with few labels.</summary>
public static class WeakTrainer
{
    public static TrainedClassifier Train(
        LabelledCorpus corpus, IReadOnlyList<string> unlabelled, KeywordKnowledge knowledge, TrainingOptions options, WeakOptions weak,
        CancellationToken cancellation = default)
    {
        LinearTrainer trainer = new();
        (List<string> texts, List<string?[]> labels, List<float> weights) = (new(), new(), new());
        if (weak.Definitions)
        {
            for (int h = 0; h < corpus.Columns.Count; h++)
            {
                string head = corpus.Columns[h].Head;
                foreach (string c in knowledge.Classes(head))
                {
                    // one document per class: all its words
                    string?[] row = new string?[corpus.Columns.Count];
                    row[h] = c;
                    texts.Add(string.Join("。", knowledge.Words(head, c)));
                    labels.Add(row);
                    weights.Add(weak.DefinitionWeight);
                }
            }
        }
        if (!weak.UseUnlabelled)
        {
            return trainer.Train(Joined(corpus, texts, labels, weights), options, cancellation);
        }
        string[] all = [.. corpus.Texts.Concat(unlabelled).Select(KeywordKnowledge.Fold)];
        KeywordScores?[] scores = [.. corpus.Columns.Select(c => weak.UseKeywords && knowledge.Heads.Contains(c.Head) ? new KeywordScores(knowledge, c.Head, all) : null)];
        LinearTextModel model = trainer.Train(Joined(corpus, texts, labels, weights), options, cancellation).Model;
        TrainedClassifier? result = null;
        for (int round = 0; round < weak.Rounds; round++)
        {
            string?[][] guessed = [.. unlabelled.Select(_ => new string?[corpus.Columns.Count])];
            for (int h = 0; h < corpus.Columns.Count; h++)
            {
                (string Class, double Sure)[] best = new (string, double)[unlabelled.Count];
                IReadOnlyList<string> known = knowledge.Classes(corpus.Columns[h].Head);
                for (int t = 0; t < unlabelled.Count; t++)
                {
                    IReadOnlyList<double> p = model.Probabilities(unlabelled[t], h);
                    Dictionary<string, double> log = new(StringComparer.Ordinal);
                    for (int c = 0; c < p.Count; c++)
                    {
                        log[model.Heads[h].Classes[c]] = Math.Log(Math.Max(p[c], 1e-4));
                    }
                    if (scores[h] is { } s)
                    {
                        double[] own = s.Of(corpus.Texts.Count + t);
                        for (int c = 0; c < known.Count; c++)
                        {
                            log[known[c]] = log.GetValueOrDefault(known[c], Math.Log(1e-4)) + (weak.KeywordScale * own[c]);
                        }
                    }
                    if (log.Count > 0)
                    {
                        double top = log.Values.Max();
                        string c = log.First(l => l.Value == top).Key;
                        best[t] = (c, 1 / log.Values.Sum(l => Math.Exp(l - top)));
                    }
                }
                int take = (int)(weak.Share * unlabelled.Count);
                foreach (int t in Enumerable.Range(0, unlabelled.Count).Where(t => best[t].Class is not null).OrderByDescending(t => best[t].Sure).Take(take))
                {
                    guessed[t][h] = best[t].Class;
                }
            }
            int[] used = [.. Enumerable.Range(0, unlabelled.Count).Where(t => guessed[t].Any(g => g is not null))];
            LabelledCorpus joined = Joined(
                corpus, [.. texts, .. used.Select(t => unlabelled[t])], [.. labels, .. used.Select(t => guessed[t])],
                [.. weights, .. used.Select(_ => weak.Weight)]);
            result = trainer.Train(joined, options, cancellation);
            model = result.Model;
        }
        return result!;
    }

    private static LabelledCorpus Joined(LabelledCorpus corpus, List<string> texts, List<string?[]> labels, List<float> weights) => new(
        [.. corpus.Texts, .. texts],
        [.. corpus.Columns.Select((c, h) => new LabelColumn(c.Head, [.. c.Labels, .. labels.Select(l => l[h])]))],
        [.. corpus.Texts.Select(_ => 1f), .. weights]);
}
