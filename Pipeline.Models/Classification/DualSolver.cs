namespace Pipeline.Models.Classification;

/// <summary>Weights of all classes of all heads: a row for each feature, and the bias.</summary>
internal sealed record LinearWeights(float[] Weights, float[] Bias);

/// <summary>What a machine is to learn.</summary>
/// <param name="Targets">For each head the class of each row of the matrix, or -1 where it has no label: the row then says nothing about that head.</param>
/// <param name="RowWeights">What an error on each row of the matrix counts; null: 1 for all.</param>
internal sealed record LearningTask(ClassLayout Layout, int[][] Targets, IReadOnlyList<float>? RowWeights);

/// <summary>
/// One-versus-rest linear support vector machines with squared hinge loss and L2 regularisation, by dual coordinate descent (Hsieh and
/// others, ICML 2008, algorithm 1 with the L2 loss; the bias is a feature of value 1, as in LIBLINEAR). All classes of all heads are
/// solved in the same passes over the texts, each as if it were alone, because a row of weights costs one cache line for all of them.
/// With <see cref="LogRatios"/> each class sees each feature times its ratio; what is kept is the weight times the ratio, so that a score
/// is still the inner product with the text.
/// </summary>
internal static class DualSolver
{
    /// <param name="view">How rows are seen.</param>
    /// <param name="scales">What each row of the matrix is multiplied with, so that it has length 1 (by the metric of the ratios where there are any).</param>
    /// <param name="rows">Rows of the matrix to learn from.</param>
    /// <param name="ratios">Null: features as they are.</param>
    public static LinearWeights Solve(
        FeatureMatrix matrix, FeatureView view, float[] scales, ReadOnlySpan<int> rows, LearningTask task, float penalty, LogRatios? ratios,
        TrainingOptions options, CancellationToken cancellation)
    {
        ClassLayout layout = task.Layout;
        int stride = layout.Stride;
        float[] weights = new float[matrix.FeatureCount * stride];
        float[] bias = new float[stride];
        float[] duals = new float[rows.Length * stride];
        float[] softness = Softness(rows, task, penalty, options);
        RowReader reader = new(matrix, view);
        float[]? curvatures = ratios is null ? null : Curvatures(reader, scales, rows, ratios, stride);
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
                reader.Read(row);
                ReadOnlySpan<int> features = reader.Features;
                ReadOnlySpan<float> values = reader.Values;
                float scale = scales[row];
                scores.Clear();
                LinearKernel.Accumulate(features, values, weights, stride, scores);
                for (int c = 0; c < stride; c++)
                {
                    scores[c] = bias[c] + (scale * scores[c]);
                }
                float lightness = task.RowWeights is null ? 1 : 1 / task.RowWeights[row];
                float plain = scale > 0 ? 2 : 1;
                bool moves = false;
                for (int head = 0; head < layout.Heads; head++)
                {
                    int target = task.Targets[head][row];
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
                        float curvature = curvatures is null ? plain : curvatures[(position * stride) + first + c];
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
                    for (int c = 0; c < stride; c++)
                    {
                        bias[c] += steps[c];
                        steps[c] *= scale;
                    }
                    if (ratios is null)
                    {
                        LinearKernel.Update(features, values, weights, stride, steps);
                    }
                    else
                    {
                        LinearKernel.Update(features, values, ratios.Squares, weights, stride, steps);
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

    /// <summary>Squared length of each row as each class sees it, with 1 for the bias.</summary>
    private static float[] Curvatures(RowReader reader, float[] scales, ReadOnlySpan<int> rows, LogRatios ratios, int stride)
    {
        float[] curvatures = new float[rows.Length * stride];
        float[] squares = [];
        for (int position = 0; position < rows.Length; position++)
        {
            reader.Read(rows[position]);
            ReadOnlySpan<float> values = reader.Values;
            float scale = scales[rows[position]];
            if (squares.Length < values.Length)
            {
                squares = new float[values.Length];
            }
            for (int i = 0; i < values.Length; i++)
            {
                squares[i] = values[i] * values[i] * scale * scale;
            }
            Span<float> own = curvatures.AsSpan(position * stride, stride);
            own.Fill(1);
            LinearKernel.Accumulate(reader.Features, squares.AsSpan(0, values.Length), ratios.Squares, stride, own);
        }
        return curvatures;
    }

    /// <summary>1 / (2 C) of each class: first for its own texts, then (one stride further) for the others.</summary>
    private static float[] Softness(ReadOnlySpan<int> rows, LearningTask task, float penalty, TrainingOptions options)
    {
        ClassLayout layout = task.Layout;
        float[] softness = new float[layout.Stride * 2];
        for (int head = 0; head < layout.Heads; head++)
        {
            int[] texts = new int[layout.Count(head)];
            int labelled = 0;
            foreach (int row in rows)
            {
                int target = task.Targets[head][row];
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
                softness[layout.Offsets[head] + c] = 1 / (2 * penalty * weight);
                softness[layout.Stride + layout.Offsets[head] + c] = 1 / (2 * penalty);
            }
        }
        return softness;
    }
}
