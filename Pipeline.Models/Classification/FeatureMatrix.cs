namespace Pipeline.Models.Classification;

/// <summary>The training texts as rows of weighted features (compressed sparse rows).</summary>
/// <param name="RowStarts">One more than there are rows.</param>
internal sealed record FeatureMatrix(int[] RowStarts, int[] Features, float[] Values, int FeatureCount)
{
    public int Rows => RowStarts.Length - 1;

    public ReadOnlySpan<int> FeaturesOf(int row) => Features.AsSpan(RowStarts[row], RowStarts[row + 1] - RowStarts[row]);

    public ReadOnlySpan<float> ValuesOf(int row) => Values.AsSpan(RowStarts[row], RowStarts[row + 1] - RowStarts[row]);
}
