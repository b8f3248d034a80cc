namespace Pipeline.Models.Classification;

/// <summary>The training texts as rows of weighted features (compressed sparse rows), features of a row in any order.</summary>
/// <param name="RowStarts">One more than there are rows.</param>
internal sealed record FeatureMatrix(int[] RowStarts, int[] Features, float[] Values, int FeatureCount)
{
    public int Rows => RowStarts.Length - 1;

    public ReadOnlySpan<int> FeaturesOf(int row) => Features.AsSpan(RowStarts[row], RowStarts[row + 1] - RowStarts[row]);

    public ReadOnlySpan<float> ValuesOf(int row) => Values.AsSpan(RowStarts[row], RowStarts[row + 1] - RowStarts[row]);

    /// <summary>The features of a view, each group weighed by it; this matrix itself where the view changes nothing.</summary>
    public FeatureMatrix Viewed(FeatureView view, Vocabulary vocabulary)
    {
        if (Enumerable.Range(0, FeatureView.Groups).All(g => view[g] == 1 || vocabulary.Starts[g] == vocabulary.Starts[g + 1]))
        {
            return this;
        }
        int[] starts = new int[RowStarts.Length];
        for (int row = 0; row < Rows; row++)
        {
            int kept = 0;
            foreach (int feature in FeaturesOf(row))
            {
                kept += view[vocabulary.GroupOf(feature)] > 0 ? 1 : 0;
            }
            starts[row + 1] = starts[row] + kept;
        }
        int[] features = new int[starts[^1]];
        float[] values = new float[starts[^1]];
        for (int row = 0; row < Rows; row++)
        {
            int next = starts[row];
            for (int i = RowStarts[row]; i < RowStarts[row + 1]; i++)
            {
                float weight = view[vocabulary.GroupOf(Features[i])];
                if (weight > 0)
                {
                    features[next] = Features[i];
                    values[next++] = Values[i] * weight;
                }
            }
        }
        return new FeatureMatrix(starts, features, values, FeatureCount);
    }
}
