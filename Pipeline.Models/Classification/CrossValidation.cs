namespace Pipeline.Models.Classification;

/// <summary>Answers of all folds together.</summary>
/// <param name="Rows">Texts that were judged.</param>
public sealed record CrossValidationResult(int Rows, IReadOnlyList<HeadEvaluation> Heads);

/// <summary>
/// Judges the engine on a corpus from the outside: for each fold a model is trained, n-grams and probabilities included, that has
/// seen nothing of the fold. Slower than the trainer's own held-out figures, and without their one allowance (shared n-grams).
/// </summary>
public static class CrossValidation
{
    /// <exception cref="TrainingException">The corpus cannot be learned from, or cannot be split.</exception>
    public static CrossValidationResult Run(LabelledCorpus corpus, TrainingOptions options, CancellationToken cancellation = default)
    {
        (LabelledCorpus clean, int[] foldOf, int folds) = LinearTrainer.Split(corpus, options, cancellation);
        if (folds < 2)
        {
            throw new TrainingException("all texts are near-duplicates of one another: there is nothing to judge a model on");
        }
        (string? Class, float Probability)[][] answers = [.. clean.Columns.Select(_ => new (string?, float)[clean.Texts.Count])];
        for (int fold = 0; fold < folds; fold++)
        {
            int[] known = [.. Enumerable.Range(0, foldOf.Length).Where(r => foldOf[r] != fold)];
            int[] unseen = [.. Enumerable.Range(0, foldOf.Length).Where(r => foldOf[r] == fold)];
            LinearTextModel model = new LinearTrainer().Train(clean.Take(known), options, cancellation).Model;
            HeadPrediction[] own = model.Predict([.. unseen.Select(r => clean.Texts[r])], options.Threads, cancellation);
            for (int i = 0; i < unseen.Length; i++)
            {
                for (int head = 0; head < answers.Length; head++)
                {
                    HeadPrediction answer = own[(i * answers.Length) + head];
                    answers[head][unseen[i]] = (model.Heads[head].Classes[answer.Class], answer.Probability);
                }
            }
        }
        return new CrossValidationResult(
            clean.Texts.Count,
            [.. clean.Columns.Select((column, head) => HeadEvaluation.Of(
                column.Head, [.. column.Labels.Select((l, row) => clean.Weights?[row] < 1 ? null : l)], answers[head], options.ReviewBelow))]);
    }
}
