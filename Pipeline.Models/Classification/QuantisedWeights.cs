namespace Pipeline.Models.Classification;

/// <summary>
/// Weights as the model file keeps them: one signed byte q for each feature and class, which stands for sign(q) · (q / 127)² · largest
/// weight of the class: fine steps near 0, where most weights are. A model predicts with exactly these, whether it was just trained or
/// loaded. In the large table of a head of many classes q is a multiple of 16: such a table is what a file is made of, most of its weights
/// are then 0, and its answers stay what they were (docs/classification.md).
/// </summary>
/// <param name="Steps">Class after class, a byte for each feature.</param>
/// <param name="Scales">Largest weight of each class.</param>
internal sealed record QuantisedWeights(sbyte[] Steps, float[] Scales)
{
    private const int Largest = 127;
    private const int GrainOfManyClasses = 16;
    private const int LargeTable = 1 << 23; // weights; a smaller table makes a file of a few megabytes as it is

    /// <param name="weights">A row of <paramref name="layout"/>'s stride for each feature.</param>
    /// <param name="coarseAbove">Features times classes above which a head of many classes is kept in coarse steps.</param>
    public static QuantisedWeights Of(float[] weights, int features, ClassLayout layout, long coarseAbove = LargeTable)
    {
        int stride = layout.Stride;
        sbyte[] steps = new sbyte[features * layout.Classes];
        float[] scales = new float[layout.Classes];
        int head = 0;
        for (int c = 0; c < layout.Classes; c++)
        {
            head += c == layout.Offsets[head + 1] ? 1 : 0;
            bool isCoarse = layout.Count(head) > Machines.ManyClasses && (long)features * layout.Count(head) > coarseAbove;
            int grain = isCoarse ? GrainOfManyClasses : 1;
            float largest = 0;
            for (int f = 0; f < features; f++)
            {
                largest = MathF.Max(largest, MathF.Abs(weights[(f * stride) + c]));
            }
            scales[c] = largest;
            for (int f = 0; f < features && largest > 0; f++)
            {
                float weight = weights[(f * stride) + c];
                steps[(c * features) + f] = Step(MathF.Sqrt(MathF.Abs(weight) / largest), grain, weight);
            }
        }
        return new QuantisedWeights(steps, scales);
    }

    private static sbyte Step(float size, int grain, float sign) =>
        (sbyte)MathF.CopySign(MathF.Min(MathF.Round(size * Largest / grain) * grain, Largest), sign);

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
