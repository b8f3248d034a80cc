namespace Pipeline.Models.Classification;

/// <summary>
/// How much each feature speaks for or against each class by its counts alone: the log-count ratio of naive Bayes,
/// r = ln((α + n)/Σ(α + n)) − ln((α + m)/Σ(α + m)) with n texts of the class and m of the others that have the feature (Wang and Manning,
/// ACL 2012). A machine that is given each feature times its ratio learns from few texts what the counts already show. Unlike there, the
/// length of a text is one for all classes (features weighed by the root mean square of their ratios), so that machines can be summed
/// into one table.
/// </summary>
/// <param name="Squares">r² of each feature and class; padded to the layout's stride.</param>
/// <param name="Metric">Mean over heads of the mean over classes of r², of each feature: what it adds to the squared length of a text.</param>
internal sealed record LogRatios(float[] Squares, float[] Metric)
{
    private const double Alpha = 0.5;

    /// <param name="view">Which features are seen.</param>
    /// <param name="rows">Rows of the matrix to count.</param>
    /// <param name="rowWeights">What each row of the matrix counts; null: 1 for all.</param>
    public static LogRatios Of(
        FeatureMatrix matrix, FeatureView view, ReadOnlySpan<int> rows, int[][] targets, ClassLayout layout, IReadOnlyList<float>? rowWeights)
    {
        int stride = layout.Stride;
        float[] squares = new float[matrix.FeatureCount * stride];
        float[] all = new float[matrix.FeatureCount * layout.Heads];
        RowReader reader = new(matrix, view);
        foreach (int row in rows)
        {
            reader.Read(row);
            float weight = rowWeights?[row] ?? 1;
            for (int head = 0; head < layout.Heads; head++)
            {
                if (targets[head][row] < 0)
                {
                    continue;
                }
                int column = layout.Offsets[head] + targets[head][row];
                foreach (int feature in reader.Features)
                {
                    squares[(feature * stride) + column] += weight;
                    all[(feature * layout.Heads) + head] += weight;
                }
            }
        }
        float[] metric = new float[matrix.FeatureCount];
        for (int head = 0; head < layout.Heads; head++)
        {
            for (int column = layout.Offsets[head]; column < layout.Offsets[head + 1]; column++)
            {
                double own = 0;
                double others = 0;
                for (int feature = 0; feature < matrix.FeatureCount; feature++)
                {
                    float total = all[(feature * layout.Heads) + head];
                    if (total > 0)
                    {
                        own += Alpha + squares[(feature * stride) + column];
                        others += Alpha + total - squares[(feature * stride) + column];
                    }
                }
                double shift = Math.Log(others / own);
                for (int feature = 0; feature < matrix.FeatureCount; feature++)
                {
                    ref float cell = ref squares[(feature * stride) + column];
                    float total = all[(feature * layout.Heads) + head];
                    if (total > 0)
                    {
                        double ratio = Math.Log((Alpha + cell) / (Alpha + total - cell)) + shift;
                        cell = (float)(ratio * ratio);
                        metric[feature] += cell / layout.Count(head) / layout.Heads;
                    }
                }
            }
        }
        return new LogRatios(squares, [.. metric.Select(m => (float)(Half)m)]); // as the model file keeps it
    }

    /// <summary>What brings a text to length 1 by the metric; 0 where nothing of it counts.</summary>
    public static float Scale(ReadOnlySpan<int> features, ReadOnlySpan<float> values, ReadOnlySpan<float> metric)
    {
        float squares = 0;
        for (int i = 0; i < features.Length; i++)
        {
            squares += values[i] * values[i] * metric[features[i]];
        }
        return squares > 0 ? 1 / MathF.Sqrt(squares) : 0;
    }
}
