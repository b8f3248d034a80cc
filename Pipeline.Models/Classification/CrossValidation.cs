using Pipeline.Models.Text;

namespace Pipeline.Models.Classification;

/// <summary>Answers of all folds together.</summary>
/// <param name="Rows">Texts that were judged.</param>
/// <param name="NearDuplicateTexts">Of those, the ones that are a near-duplicate of an earlier one.</param>
public sealed record CrossValidationResult(int Rows, int NearDuplicateTexts, IReadOnlyList<HeadEvaluation> Heads);

/// <summary>
/// Judges an engine on a corpus from the outside: for each fold a model is trained, n-grams and probabilities included, that has
/// seen nothing of the fold. Slower than the trainer's own held-out figures, and without their one allowance (shared n-grams).
/// </summary>
public static class CrossValidation
{
    /// <summary>With the linear engine.</summary>
    /// <exception cref="TrainingException">The corpus cannot be learned from, or cannot be split.</exception>
    public static CrossValidationResult Run(LabelledCorpus corpus, TrainingOptions options, CancellationToken cancellation = default) =>
        Run(corpus, options, part => new LinearTrainer().Train(part, options, cancellation).Model, cancellation);

    /// <param name="train">Makes a classifier with a head for each column of the corpus, in that order.</param>
    public static CrossValidationResult Run(
        LabelledCorpus corpus, TrainingOptions options, Func<LabelledCorpus, ITextClassifier> train, CancellationToken cancellation = default)
    {
        (int[] rows, int[] foldOf, int[] groups) = Split(corpus, options, cancellation);
        (string? Class, float Probability)[][] answers = [.. corpus.Columns.Select(_ => new (string?, float)[corpus.Texts.Count])];
        foreach (int fold in foldOf.Distinct().Order())
        {
            ITextClassifier model = train(corpus.Take([.. rows.Where((_, i) => foldOf[i] != fold)]));
            int[] unseen = [.. rows.Where((_, i) => foldOf[i] == fold)];
            HeadPrediction[] own = model.Predict([.. unseen.Select(r => corpus.Texts[r])], options.Threads, cancellation);
            for (int i = 0; i < unseen.Length; i++)
            {
                for (int head = 0; head < answers.Length; head++)
                {
                    HeadPrediction answer = own[(i * answers.Length) + head];
                    answers[head][unseen[i]] = (answer.Class == HeadPrediction.None ? null : model.Heads[head].Classes[answer.Class], answer.Probability);
                }
            }
        }
        HashSet<int> judged = [.. rows];
        return new CrossValidationResult(
            rows.Length,
            groups.Where((leader, i) => leader != i).Count(),
            [.. corpus.Columns.Select((column, head) => HeadEvaluation.Of(
                column.Head,
                [.. column.Labels.Select((label, row) => !judged.Contains(row) || corpus.Weights?[row] < 1 || string.IsNullOrWhiteSpace(label) ? null : label.Trim())],
                answers[head],
                options.ReviewBelow).WithIntervals(Expand(rows, groups, corpus.Texts.Count), options.Seed, options.Threads))]);
    }

    /// <summary>The fold of each row, -1 for rows that cannot be judged: for others who are to be judged on the same folds.</summary>
    /// <exception cref="TrainingException">The corpus cannot be split.</exception>
    public static int[] FoldsOf(LabelledCorpus corpus, TrainingOptions options, CancellationToken cancellation = default)
    {
        (int[] rows, int[] foldOf, _) = Split(corpus, options, cancellation);
        int[] result = new int[corpus.Texts.Count];
        Array.Fill(result, -1);
        for (int i = 0; i < rows.Length; i++)
        {
            result[rows[i]] = foldOf[i];
        }
        return result;
    }

    /// <summary>The rows that can be judged, the fold of each, and for each the index of the first of its near-duplicates.</summary>
    private static (int[] Rows, int[] FoldOf, int[] Groups) Split(LabelledCorpus corpus, TrainingOptions options, CancellationToken cancellation)
    {
        TextUnits units = new();
        List<int> rows = [];
        for (int row = 0; row < corpus.Texts.Count; row++)
        {
            if (corpus.Columns.Any(c => !string.IsNullOrWhiteSpace(c.Labels[row])))
            {
                units.Read(corpus.Texts[row]);
                if (FeatureReader.HasContent(units))
                {
                    rows.Add(row);
                }
            }
        }
        int[] groups = NearDuplicateIndex.Group([.. rows.Select(r => corpus.Texts[r])], threads: options.Threads, cancellation: cancellation).Leaders;
        int folds = Math.Min(options.Folds, groups.Distinct().Count());
        if (folds < 2)
        {
            throw new TrainingException("the texts are fewer than two, or near-duplicates of one another: there is nothing to judge a model on");
        }
        (ClassifierHead Head, int[] Targets)[] heads = [.. corpus.Columns.Select(column => TargetsOf(column, rows))];
        return ([.. rows], Folds.Assign(groups, [.. heads.Select(h => h.Targets)], new ClassLayout([.. heads.Select(h => h.Head)]), folds, options.Seed), groups);
    }

    private static (ClassifierHead Head, int[] Targets) TargetsOf(LabelColumn column, List<int> rows)
    {
        string?[] labels = [.. rows.Select(r => string.IsNullOrWhiteSpace(column.Labels[r]) ? null : column.Labels[r]!.Trim())];
        string[] classes = [.. labels.OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        int[] targets = [.. labels.Select(l => l is null ? -1 : Array.BinarySearch(classes, l, StringComparer.Ordinal))];
        return (new ClassifierHead(column.Head, classes, [.. classes.Select((_, c) => targets.Count(t => t == c))]), targets);
    }

    private static int[] Expand(int[] rows, int[] groups, int texts)
    {
        int[] result = new int[texts];
        for (int i = 0; i < rows.Length; i++)
        {
            result[rows[i]] = groups[i];
        }
        return result;
    }
}
