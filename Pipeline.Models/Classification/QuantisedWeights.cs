namespace Pipeline.Models.Classification;

/// <summary>
/// Weights as the model file keeps them: one signed byte for each feature and class, times the scale of the class. A model predicts
/// with exactly these, whether it was just trained or loaded.
/// </summary>
/// <param name="Steps">Class after class, a byte for each feature.</param>
/// <param name="Scales">One for each class.</param>
/// <param name="Bias">One for each class.</param>
internal sealed record QuantisedWeights(sbyte[] Steps, float[] Scales, float[] Bias)
{
    private const int Largest = 127;

    public static QuantisedWeights Of(LinearWeights weights, int features, ClassLayout layout)
    {
        sbyte[] steps = new sbyte[features * layout.Classes];
        float[] scales = new float[layout.Classes];
        for (int c = 0; c < layout.Classes; c++)
        {
            float largest = 0;
            for (int f = 0; f < features; f++)
            {
                largest = MathF.Max(largest, MathF.Abs(weights.Weights[(f * layout.Stride) + c]));
            }
            scales[c] = largest / Largest;
            for (int f = 0; f < features && largest > 0; f++)
            {
                steps[(c * features) + f] = (sbyte)MathF.Round(weights.Weights[(f * layout.Stride) + c] / scales[c]);
            }
        }
        return new QuantisedWeights(steps, scales, weights.Bias[..layout.Classes]);
    }

    /// <summary>A row of floats for each feature, padded to the layout's stride.</summary>
    public float[] Expand(int features, ClassLayout layout)
    {
        float[] rows = new float[features * layout.Stride];
        for (int c = 0; c < layout.Classes; c++)
        {
            for (int f = 0; f < features; f++)
            {
                rows[(f * layout.Stride) + c] = Steps[(c * features) + f] * Scales[c];
            }
        }
        return rows;
    }
}
