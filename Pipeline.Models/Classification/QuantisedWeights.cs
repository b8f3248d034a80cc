namespace Pipeline.Models.Classification;

/// <summary>
/// Weights as the model file keeps them: one signed byte q for each feature and class, which stands for sign(q) · (q / 127)² · largest
/// weight of the class: fine steps near 0, where most weights are. A model predicts with exactly these, whether it was just trained or
/// loaded.
/// </summary>
/// <param name="Steps">Class after class, a byte for each feature.</param>
/// <param name="Scales">Largest weight of each class.</param>
internal sealed record QuantisedWeights(sbyte[] Steps, float[] Scales)
{
    private const int Largest = 127;

    /// <param name="weights">A row for each feature.</param>
    /// <param name="stride">Floats from one row to the next.</param>
    public static QuantisedWeights Of(float[] weights, int features, int classes, int stride)
    {
        sbyte[] steps = new sbyte[features * classes];
        float[] scales = new float[classes];
        for (int c = 0; c < classes; c++)
        {
            float largest = 0;
            for (int f = 0; f < features; f++)
            {
                largest = MathF.Max(largest, MathF.Abs(weights[(f * stride) + c]));
            }
            scales[c] = largest;
            for (int f = 0; f < features && largest > 0; f++)
            {
                float weight = weights[(f * stride) + c];
                steps[(c * features) + f] = (sbyte)MathF.CopySign(MathF.Round(MathF.Sqrt(MathF.Abs(weight) / largest) * Largest), weight);
            }
        }
        return new QuantisedWeights(steps, scales);
    }

    /// <summary>Writes the weights into rows of floats, one for each feature.</summary>
    /// <param name="first">Column of the first class.</param>
    /// <param name="stride">Floats from one row to the next.</param>
    public void Expand(float[] rows, int features, int first, int stride)
    {
        float[] values = new float[256];
        for (int c = 0; c < Scales.Length; c++)
        {
            for (int q = -Largest; q <= Largest; q++)
            {
                values[q + 128] = Math.Sign(q) * (q / (float)Largest) * (q / (float)Largest) * Scales[c];
            }
            ReadOnlySpan<sbyte> steps = Steps.AsSpan(c * features, features);
            for (int f = 0; f < features; f++)
            {
                rows[(f * stride) + first + c] = values[steps[f] + 128];
            }
        }
    }
}
