namespace Pipeline.Models.Classification;

/// <summary>One way of learning: what is seen of a text, and whether through log-count ratios.</summary>
/// <param name="Penalty">C of LIBLINEAR, above 0.</param>
internal sealed record Machine(FeatureView View, bool ByRatios, float Penalty)
{
    /// <summary>Solves this machine for some rows.</summary>
    /// <param name="matrix">All features, each group of a row of length 1.</param>
    public SolvedMachine Solve(
        FeatureMatrix matrix, Vocabulary vocabulary, int[] rows, LearningTask task, TrainingOptions options, CancellationToken cancellation)
    {
        FeatureMatrix seen = matrix.Viewed(View, vocabulary);
        LogRatios? ratios = ByRatios ? LogRatios.Of(seen, rows, task.Targets, task.Layout, task.RowWeights) : null;
        float[] scales = new float[seen.Rows];
        for (int row = 0; row < scales.Length; row++)
        {
            scales[row] = ratios is null
                ? FeatureReader.ViewScale(matrix.FeaturesOf(row), View, vocabulary)
                : LogRatios.Scale(seen.FeaturesOf(row), seen.ValuesOf(row), ratios.Metric);
        }
        LinearWeights weights = DualSolver.Solve(seen, scales, rows, task, Penalty, ratios, options, cancellation);
        return new SolvedMachine(this, seen, scales, ratios?.Metric, weights);
    }
}

/// <summary>A machine with what it learned.</summary>
/// <param name="Seen">The rows as it sees them.</param>
/// <param name="Scales">What brings each row to length 1.</param>
internal sealed record SolvedMachine(Machine Machine, FeatureMatrix Seen, float[] Scales, float[]? Metric, LinearWeights Weights)
{
    /// <summary>Writes the scores of a row.</summary>
    public void Score(int row, int stride, Span<float> scores)
    {
        scores.Clear();
        LinearKernel.Accumulate(Seen.FeaturesOf(row), Seen.ValuesOf(row), Weights.Weights, stride, scores);
        for (int c = 0; c < stride; c++)
        {
            scores[c] = Weights.Bias[c] + (Scales[row] * scores[c]);
        }
    }

    /// <summary>What each feature adds to the squared length of a text, the view included; null where that is not measured by the metric.</summary>
    public float[]? SheetMetric(Vocabulary vocabulary)
    {
        if (Metric is null)
        {
            return null;
        }
        float[] metric = new float[Metric.Length];
        for (int feature = 0; feature < metric.Length; feature++)
        {
            float view = Machine.View[vocabulary.GroupOf(feature)];
            metric[feature] = (float)(Half)(Metric[feature] * view * view);
        }
        return metric;
    }
}
