namespace Pipeline.Models.Classification;

/// <summary>Weights of all classes of all heads: a row for each feature, and the bias.</summary>
internal sealed record LinearWeights(float[] Weights, float[] Bias);

/// <summary>
/// One-versus-rest linear support vector machines with squared hinge loss and L2 regularisation, by dual coordinate descent (Hsieh and
/// others, ICML 2008, algorithm 1 with the L2 loss; the bias is a feature of value 1, as in LIBLINEAR). All classes of all heads are
/// solved in the same passes over the texts, each as if it were alone, because a row of weights costs one cache line for all of them.
/// </summary>
internal static class DualSolver
{
    /// <param name="rows">Rows of the matrix to learn from.</param>
    /// <param name="targets">For each head the class of each row of the matrix, or -1 where it has no label: the row then says nothing about that head.</param>
    /// <param name="rowWeights">What an error on each row of the matrix counts; null: 1 for all.</param>
    public static LinearWeights Solve(
        FeatureMatrix matrix, ReadOnlySpan<int> rows, int[][] targets, ClassLayout layout, TrainingOptions options, CancellationToken cancellation,
        IReadOnlyList<float>? rowWeights = null)
    {
        int stride = layout.Stride;
        float[] weights = new float[matrix.FeatureCount * stride];
        float[] bias = new float[stride];
        float[] duals = new float[rows.Length * stride];
        float[] softness = Softness(rows, targets, layout, options);
        int[] order = new int[rows.Length];
        for (int i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }
        Random chance = new(options.Seed);
        Span<float> scores = new float[stride];
        Span<float> steps = new float[stride];
        for (int epoch = 0; epoch < options.Epochs; epoch++)
        {
            cancellation.ThrowIfCancellationRequested();
            chance.Shuffle(order);
            float violation = 0;
            foreach (int position in order)
            {
                int row = rows[position];
                ReadOnlySpan<int> features = matrix.FeaturesOf(row);
                ReadOnlySpan<float> values = matrix.ValuesOf(row);
                bias.CopyTo(scores);
                LinearKernel.Accumulate(features, values, weights, stride, scores);
                float lightness = rowWeights is null ? 1 : 1 / rowWeights[row];
                float curvature = (features.IsEmpty ? 0 : 1) + 1;
                bool moves = false;
                for (int head = 0; head < layout.Heads; head++)
                {
                    int target = targets[head][row];
                    int first = layout.Offsets[head];
                    int count = layout.Count(head);
                    if (target < 0)
                    {
                        steps.Slice(first, count).Clear();
                        continue;
                    }
                    for (int c = 0; c < count; c++)
                    {
                        float sign = c == target ? 1 : -1;
                        float diagonal = lightness * (c == target ? softness[first + c] : softness[stride + first + c]);
                        ref float dual = ref duals[(position * stride) + first + c];
                        float gradient = (sign * scores[first + c]) - 1 + (diagonal * dual);
                        float projected = dual > 0 ? MathF.Abs(gradient) : MathF.Max(-gradient, 0);
                        violation = MathF.Max(violation, projected);
                        float next = MathF.Max(dual - (gradient / (curvature + diagonal)), 0);
                        steps[first + c] = (next - dual) * sign;
                        moves |= next != dual;
                        dual = next;
                    }
                }
                if (moves)
                {
                    LinearKernel.Update(features, values, weights, stride, steps);
                    for (int c = 0; c < stride; c++)
                    {
                        bias[c] += steps[c];
                    }
                }
            }
            if (violation < options.Tolerance)
            {
                break;
            }
        }
        return new LinearWeights(weights, bias);
    }

    /// <summary>1 / (2 C) of each class: first for its own texts, then (one stride further) for the others.</summary>
    private static float[] Softness(ReadOnlySpan<int> rows, int[][] targets, ClassLayout layout, TrainingOptions options)
    {
        float[] softness = new float[layout.Stride * 2];
        for (int head = 0; head < layout.Heads; head++)
        {
            int[] texts = new int[layout.Count(head)];
            int labelled = 0;
            foreach (int row in rows)
            {
                int target = targets[head][row];
                if (target >= 0)
                {
                    texts[target]++;
                    labelled++;
                }
            }
            for (int c = 0; c < texts.Length; c++)
            {
                float average = (float)labelled / texts.Length;
                float weight = texts[c] == 0 ? 1 : MathF.Pow(average / texts[c], options.RareClassPower);
                softness[layout.Offsets[head] + c] = 1 / (2 * options.Penalty * weight);
                softness[layout.Stride + layout.Offsets[head] + c] = 1 / (2 * options.Penalty);
            }
        }
        return softness;
    }
}
