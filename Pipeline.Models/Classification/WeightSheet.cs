namespace Pipeline.Models.Classification;

/// <summary>
/// One machine's view of a text in a model, whose weights stand in the <see cref="WeightTable"/>. Its part of a class's score is
/// Σ value · weight / length of the text, where the length is that of the view, or by the metric.
/// </summary>
/// <param name="View">Which groups of features it weighs; the weights hold the view already.</param>
/// <param name="Metric">What each feature adds to the squared length of a text (by its value squared); null: the length is the view's.</param>
internal sealed record WeightSheet(FeatureView View, float[]? Metric)
{
    /// <summary>One over the length of a text.</summary>
    public float Scale(ReadOnlySpan<int> features, ReadOnlySpan<float> values, Vocabulary vocabulary) => Metric is null
        ? FeatureReader.ViewScale(features, View, vocabulary)
        : LogRatios.Scale(features, values, Metric);
}
