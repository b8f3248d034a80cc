namespace Pipeline.Models.Classification;

/// <summary>One way of learning: what is seen of a text, and whether through log-count ratios.</summary>
/// <param name="Penalty">C of LIBLINEAR, above 0.</param>
internal sealed record Machine(FeatureView View, bool ByRatios, float Penalty)
{
    /// <summary>Solves this machine for some rows.</summary>
    public SolvedMachine Solve(FeatureMatrix matrix, int[] rows, LearningTask task, TrainingOptions options, CancellationToken cancellation)
    {
        LogRatios? ratios = ByRatios ? LogRatios.Of(matrix, View, rows, task.Targets, task.Layout, task.RowWeights) : null;
        float[] scales = new float[matrix.Rows];
        RowReader reader = new(matrix, View);
        for (int row = 0; row < scales.Length; row++)
        {
            if (ratios is null)
            {
                scales[row] = matrix.ViewScale(row, View);
                continue;
            }
            reader.Read(row);
            scales[row] = LogRatios.Scale(reader.Features, reader.Values, ratios.Metric);
        }
        LinearWeights weights = DualSolver.Solve(matrix, View, scales, rows, task, Penalty, ratios, options, cancellation);
        return new SolvedMachine(this, scales, ratios?.Metric, weights);
    }
}

/// <summary>A machine with what it learned.</summary>
/// <param name="Scales">What brings each row to length 1.</param>
internal sealed record SolvedMachine(Machine Machine, float[] Scales, float[]? Metric, LinearWeights Weights)
{
    /// <summary>Writes the scores of a row.</summary>
    /// <param name="reader">With the view of the machine.</param>
    public void Score(RowReader reader, int row, int stride, Span<float> scores)
    {
        scores.Clear();
        reader.Read(row);
        LinearKernel.Accumulate(reader.Features, reader.Values, Weights.Weights, stride, scores);
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
