namespace Pipeline.Models.Classification;

/// <summary>Scores of the training texts by models that had not seen them: what probabilities are fitted on and a model is judged by.</summary>
/// <param name="folds">Below 2: there are none, because the corpus is one text or all texts are near-duplicates.</param>
internal sealed class HeldOutScores(
    float[] scores, int[] foldOf, int folds, int[][] targets, ClassLayout layout, IReadOnlyList<ClassifierHead> heads)
{
    /// <summary>Probabilities of a head, fitted on all folds; scores as they are where there are no folds.</summary>
    public Calibration Calibrate(int head) => folds < 2
        ? new Calibration(1, new float[layout.Count(head)])
        : Calibration.Fit(ScoresOf(head), targets[head], layout.Count(head));

    /// <summary>Judges a head. Each fold's probabilities are fitted on the other folds, so that they too are of unseen texts.</summary>
    public HeadEvaluation Evaluate(int head, double reviewBelow)
    {
        int classes = layout.Count(head);
        float[] own = ScoresOf(head);
        (string? Class, float Probability)[] answers = new (string?, float)[foldOf.Length];
        for (int fold = 0; fold < folds; fold++)
        {
            int[] others = [.. targets[head].Select((target, row) => foldOf[row] == fold ? -1 : target)];
            Calibration calibration = Calibration.Fit(own, others, classes);
            for (int row = 0; row < foldOf.Length; row++)
            {
                if (foldOf[row] == fold)
                {
                    HeadPrediction best = calibration.Best(own.AsSpan(row * classes, classes));
                    answers[row] = (heads[head].Classes[best.Class], best.Probability);
                }
            }
        }
        string?[] truth = [.. targets[head].Select(t => t < 0 ? null : heads[head].Classes[t])];
        return HeadEvaluation.Of(heads[head].Name, truth, answers, reviewBelow);
    }

    private float[] ScoresOf(int head)
    {
        int classes = layout.Count(head);
        float[] own = new float[foldOf.Length * classes];
        for (int row = 0; row < foldOf.Length; row++)
        {
            scores.AsSpan((row * layout.Stride) + layout.Offsets[head], classes).CopyTo(own.AsSpan(row * classes));
        }
        return own;
    }
}
