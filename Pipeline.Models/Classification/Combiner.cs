namespace Pipeline.Models.Classification;

/// <summary>
/// A model of models: the score of a class as a weighed sum of the scores that several machines gave to all classes. Multinomial logistic
/// regression, by L-BFGS (Nocedal and Wright, algorithm 7.5). It begins at a plain sum of what the machines say of the class itself, times
/// the slope that fits best, and departs from it only as far as the data pay for: what is regularised is the difference.
/// </summary>
/// <param name="Weights">A row of <paramref name="Stride"/> floats for each input.</param>
/// <param name="Bias">One for each class.</param>
internal sealed record Combiner(float[] Weights, float[] Bias, int Classes, int Stride)
{
    private const int Iterations = 40;
    private const int Memory = 8;

    /// <param name="inputs">Row after row, <paramref name="width"/> numbers each.</param>
    /// <param name="start">Number of the input that is the first machine's score of the first class.</param>
    /// <param name="period">Inputs from one machine to the next.</param>
    /// <param name="targets">Class of each row; -1 where the row is not to be learned from.</param>
    /// <param name="penalty">Weight of the likelihood against half the squared length of the weights.</param>
    public static Combiner Fit(
        float[] inputs, int width, int start, int period, int[] targets, int classes, float penalty, CancellationToken cancellation)
    {
        int stride = (classes + ClassLayout.Lanes - 1) / ClassLayout.Lanes * ClassLayout.Lanes;
        float[] gradient = new float[(width + 1) * stride];
        float[] point = [];
        double loss = double.PositiveInfinity;
        foreach (float slope in (ReadOnlySpan<float>)[1, 2, 3, 4, 6, 8])
        {
            float[] sum = new float[gradient.Length];
            for (int input = start; input < width; input += period)
            {
                for (int c = 0; c < classes; c++)
                {
                    sum[((input + c) * stride) + c] = slope * period / width;
                }
            }
            double own = new Problem(inputs, width, targets, classes, stride, penalty, sum).Loss(sum, gradient);
            (point, loss) = own < loss ? (sum, own) : (point, loss);
        }
        Problem problem = new(inputs, width, targets, classes, stride, penalty, (float[])point.Clone());
        loss = problem.Loss(point, gradient);
        List<(float[] Step, float[] Change, double Inverse)> history = [];
        for (int iteration = 0; iteration < Iterations; iteration++)
        {
            cancellation.ThrowIfCancellationRequested();
            float[] direction = Direction(gradient, history);
            double slope = Dot(direction, gradient);
            if (slope >= 0)
            {
                break;
            }
            double length = iteration == 0 ? 1 / Math.Max(1, Math.Sqrt(Dot(gradient, gradient))) : 1;
            float[] next = new float[point.Length];
            float[] nextGradient = new float[point.Length];
            double nextLoss;
            int halvings = 0;
            do
            {
                for (int i = 0; i < point.Length; i++)
                {
                    next[i] = point[i] + (float)(length * direction[i]);
                }
                nextLoss = problem.Loss(next, nextGradient);
                length /= 2;
            }
            while (nextLoss > loss + (1e-4 * 2 * length * slope) && ++halvings < 20);
            if (nextLoss >= loss)
            {
                break;
            }
            float[] step = [.. next.Zip(point, (a, b) => a - b)];
            float[] change = [.. nextGradient.Zip(gradient, (a, b) => a - b)];
            double bend = Dot(step, change);
            if (bend > 1e-10)
            {
                history.Add((step, change, 1 / bend));
                if (history.Count > Memory)
                {
                    history.RemoveAt(0);
                }
            }
            bool settled = loss - nextLoss < 1e-6 * Math.Abs(loss);
            (point, gradient, loss) = (next, nextGradient, nextLoss);
            if (settled)
            {
                break;
            }
        }
        return new Combiner(point[..(width * stride)], point[(width * stride)..(width * stride + classes)], classes, stride);
    }

    /// <summary>Writes the scores of one row of inputs.</summary>
    public void Score(ReadOnlySpan<float> inputs, ReadOnlySpan<int> numbers, Span<float> scores)
    {
        Span<float> padded = new float[Stride];
        Bias.CopyTo(padded);
        LinearKernel.Accumulate(numbers, inputs, Weights, Stride, padded);
        padded[..Classes].CopyTo(scores);
    }

    private static float[] Direction(float[] gradient, List<(float[] Step, float[] Change, double Inverse)> history)
    {
        float[] direction = [.. gradient.Select(g => -g)];
        double[] shares = new double[history.Count];
        for (int i = history.Count - 1; i >= 0; i--)
        {
            shares[i] = history[i].Inverse * Dot(history[i].Step, direction);
            Add(direction, history[i].Change, -shares[i]);
        }
        if (history.Count > 0)
        {
            (float[] _, float[] change, double inverse) = history[^1];
            double scale = 1 / (inverse * Dot(change, change));
            for (int i = 0; i < direction.Length; i++)
            {
                direction[i] = (float)(direction[i] * scale);
            }
        }
        for (int i = 0; i < history.Count; i++)
        {
            double share = history[i].Inverse * Dot(history[i].Change, direction);
            Add(direction, history[i].Step, shares[i] - share);
        }
        return direction;
    }

    private static void Add(float[] to, float[] what, double times)
    {
        float factor = (float)times;
        for (int i = 0; i < to.Length; i++)
        {
            to[i] += factor * what[i];
        }
    }

    private static double Dot(float[] a, float[] b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            sum += (double)a[i] * b[i];
        }
        return sum;
    }

    private sealed class Problem(float[] inputs, int width, int[] targets, int classes, int stride, float penalty, float[] centre)
    {
        private readonly int[] numbers = [.. Enumerable.Range(0, width)];
        private readonly float[] scores = new float[stride];

        /// <summary>Loss with its regularisation, and the gradient. The bias is the last row and costs nothing.</summary>
        public double Loss(float[] point, float[] gradient)
        {
            double loss = 0;
            for (int i = 0; i < width * stride; i++)
            {
                float away = point[i] - centre[i];
                gradient[i] = away / penalty;
                loss += (double)away * away / (2 * penalty);
            }
            Array.Clear(gradient, width * stride, stride);
            ReadOnlySpan<float> bias = point.AsSpan(width * stride, stride);
            Span<float> biasGradient = gradient.AsSpan(width * stride, stride);
            for (int row = 0; row < targets.Length; row++)
            {
                if (targets[row] < 0)
                {
                    continue;
                }
                ReadOnlySpan<float> own = inputs.AsSpan(row * width, width);
                bias.CopyTo(scores);
                LinearKernel.Accumulate(numbers, own, point, stride, scores);
                float highest = float.NegativeInfinity;
                for (int c = 0; c < classes; c++)
                {
                    highest = MathF.Max(highest, scores[c]);
                }
                float sum = 0;
                float truth = scores[targets[row]];
                for (int c = 0; c < classes; c++)
                {
                    scores[c] = MathF.Exp(scores[c] - highest);
                    sum += scores[c];
                }
                loss += highest + Math.Log(sum) - truth;
                for (int c = 0; c < classes; c++)
                {
                    scores[c] /= sum;
                }
                scores[targets[row]] -= 1;
                for (int c = classes; c < stride; c++)
                {
                    scores[c] = 0;
                }
                LinearKernel.Update(numbers, own, gradient, stride, scores);
                for (int c = 0; c < classes; c++)
                {
                    biasGradient[c] += scores[c];
                }
            }
            return loss;
        }
    }
}
