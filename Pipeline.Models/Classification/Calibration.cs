namespace Pipeline.Models.Classification;

/// <summary>
/// Scores of one head made into probabilities, fitted by maximum likelihood on scores of texts that the scoring model had not seen.
/// First softmax(slope · score + offset of the class): one slope (temperature) and an offset for each class, few enough for a small
/// corpus. Then the probability p of the best class becomes σ(top slope · logit p + top offset), and the others keep their shares of the
/// rest: softmax alone is too sure of its surest answers, because some labels are wrong, and too unsure of its least sure.
/// </summary>
/// <param name="Slope">Above 0.</param>
/// <param name="Offsets">One for each class.</param>
internal sealed record Calibration(float Slope, float[] Offsets, float TopSlope = 1, float TopOffset = 0)
{
    private const double OffsetPrior = 4; // in texts: pulls the offsets of rare classes to 0
    private const double TopPrior = 10; // pulls the second stage to changing nothing
    private const double LargestLogit = 30; // where the others' softmax is 0 the logit is infinite
    private const double LargestStep = 1; // keeps Newton's method from overshooting where almost all answers are right
    private const int Iterations = 50;

    /// <summary>Writes the probabilities of one text.</summary>
    public void Probabilities(ReadOnlySpan<float> scores, Span<double> probabilities)
    {
        HeadPrediction best = Best(scores);
        double highest = Score(scores[best.Class], best.Class);
        double others = 0;
        for (int c = 0; c < scores.Length; c++)
        {
            probabilities[c] = Math.Exp(Score(scores[c], c) - highest);
            others += c == best.Class ? 0 : probabilities[c];
        }
        for (int c = 0; c < scores.Length; c++)
        {
            probabilities[c] = c == best.Class ? best.Probability : others > 0 ? (1 - best.Probability) * probabilities[c] / others : 0;
        }
    }

    /// <summary>The calibrated score (log-odds scale) of a class.</summary>
    public double Score(float score, int index) => ((double)Slope * score) + Offsets[index];

    /// <summary>The class with the highest probability, and that.</summary>
    public HeadPrediction Best(ReadOnlySpan<float> scores)
    {
        (int best, double logit, double shareOfSecond) = Top(scores);
        double probability = 1 / (1 + Math.Exp(-((TopSlope * logit) + TopOffset)));
        // The second stage never makes the best class less likely than the second.
        return new HeadPrediction(best, (float)Math.Max(probability, shareOfSecond / (1 + shareOfSecond)));
    }

    /// <summary>The best class, the logit of its softmax probability (infinite where nothing is left to the others), and the second class's share of the rest.</summary>
    private (int Best, double Logit, double ShareOfSecond) Top(ReadOnlySpan<float> scores)
    {
        int best = 0;
        double highest = Score(scores[0], 0);
        for (int c = 1; c < scores.Length; c++)
        {
            double score = Score(scores[c], c);
            if (score > highest)
            {
                highest = score;
                best = c;
            }
        }
        double others = 0;
        double second = 0;
        for (int c = 0; c < scores.Length; c++)
        {
            if (c != best)
            {
                double weight = Math.Exp(Score(scores[c], c) - highest);
                others += weight;
                second = Math.Max(second, weight);
            }
        }
        return (best, -Math.Log(others), others > 0 ? second / others : 0);
    }

    /// <summary>Fits both stages.</summary>
    /// <param name="scores">Row after row, <paramref name="classes"/> scores each.</param>
    /// <param name="targets">Class of each row; -1 where it has none.</param>
    public static Calibration Fit(float[] scores, int[] targets, int classes)
    {
        Calibration softmax = FitSoftmax(scores, targets, classes);
        double slope = 1;
        double offset = 0;
        for (int iteration = 0; iteration < Iterations && classes > 1; iteration++)
        {
            (double gs, double go) = (TopPrior * (slope - 1), TopPrior * offset);
            (double ss, double so, double oo) = (TopPrior, 0, TopPrior);
            for (int row = 0; row < targets.Length; row++)
            {
                if (targets[row] >= 0)
                {
                    (int best, double logit, _) = softmax.Top(scores.AsSpan(row * classes, classes));
                    logit = Math.Min(logit, LargestLogit);
                    double p = 1 / (1 + Math.Exp(-((slope * logit) + offset)));
                    double error = p - (best == targets[row] ? 1 : 0);
                    gs += error * logit;
                    go += error;
                    ss += p * (1 - p) * logit * logit;
                    so += p * (1 - p) * logit;
                    oo += p * (1 - p);
                }
            }
            double determinant = (ss * oo) - (so * so);
            double slopeStep = Math.Clamp(((gs * oo) - (go * so)) / determinant, -LargestStep, LargestStep);
            double offsetStep = Math.Clamp(((go * ss) - (gs * so)) / determinant, -LargestStep, LargestStep);
            slope = Math.Max(slope - slopeStep, 0.05);
            offset -= offsetStep;
            if (Math.Abs(slopeStep) + Math.Abs(offsetStep) < 1e-9)
            {
                break;
            }
        }
        return softmax with { TopSlope = (float)slope, TopOffset = (float)offset };
    }

    /// <summary>Newton's method with step halving on the regularised likelihood.</summary>
    private static Calibration FitSoftmax(float[] scores, int[] targets, int classes)
    {
        double[] current = new double[classes + 1]; // offsets, then the slope
        current[classes] = 1;
        double loss = Loss(current, scores, targets, classes);
        for (int iteration = 0; iteration < Iterations; iteration++)
        {
            double[] step = NewtonStep(current, scores, targets, classes);
            double length = 1;
            double[] next;
            double nextLoss;
            do
            {
                next = [.. current.Select((p, i) => p - (length * step[i]))];
                nextLoss = next[classes] > 0 ? Loss(next, scores, targets, classes) : double.PositiveInfinity;
                length /= 2;
            }
            while (nextLoss > loss && length > 1e-6);
            if (nextLoss > loss)
            {
                break;
            }
            bool settled = loss - nextLoss < 1e-9 * Math.Max(1, Math.Abs(loss));
            (current, loss) = (next, nextLoss);
            if (settled)
            {
                break;
            }
        }
        return new Calibration((float)current[classes], [.. current.Take(classes).Select(o => (float)o)]);
    }

    private static double Loss(double[] parameters, float[] scores, int[] targets, int classes)
    {
        double loss = Prior(parameters, classes);
        for (int row = 0; row < targets.Length; row++)
        {
            if (targets[row] < 0)
            {
                continue;
            }
            double highest = double.NegativeInfinity;
            for (int c = 0; c < classes; c++)
            {
                highest = Math.Max(highest, Logit(parameters, scores, row, c, classes));
            }
            double sum = 0;
            for (int c = 0; c < classes; c++)
            {
                sum += Math.Exp(Logit(parameters, scores, row, c, classes) - highest);
            }
            loss += highest + Math.Log(sum) - Logit(parameters, scores, row, targets[row], classes);
        }
        return loss;
    }

    private static double Prior(double[] parameters, int classes)
    {
        double prior = 0.5 * (parameters[classes] - 1) * (parameters[classes] - 1) * 0.01;
        for (int c = 0; c < classes; c++)
        {
            prior += 0.5 * OffsetPrior * parameters[c] * parameters[c];
        }
        return prior;
    }

    private static double Logit(double[] parameters, float[] scores, int row, int c, int classes) =>
        (parameters[classes] * scores[(row * classes) + c]) + parameters[c];

    private static void Softmax(double[] parameters, float[] scores, int row, double[] probabilities)
    {
        int classes = probabilities.Length;
        double highest = double.NegativeInfinity;
        for (int c = 0; c < classes; c++)
        {
            probabilities[c] = Logit(parameters, scores, row, c, classes);
            highest = Math.Max(highest, probabilities[c]);
        }
        double sum = 0;
        for (int c = 0; c < classes; c++)
        {
            probabilities[c] = Math.Exp(probabilities[c] - highest);
            sum += probabilities[c];
        }
        for (int c = 0; c < classes; c++)
        {
            probabilities[c] /= sum;
        }
    }

    private static double[] NewtonStep(double[] parameters, float[] scores, int[] targets, int classes)
    {
        int size = classes + 1;
        double[,] curvature = new double[size, size];
        double[] gradient = new double[size];
        double[] p = new double[classes];
        for (int row = 0; row < targets.Length; row++)
        {
            if (targets[row] < 0)
            {
                continue;
            }
            ReadOnlySpan<float> s = scores.AsSpan(row * classes, classes);
            Softmax(parameters, scores, row, p);
            double mean = 0;
            double meanSquare = 0;
            for (int c = 0; c < classes; c++)
            {
                mean += p[c] * s[c];
                meanSquare += p[c] * s[c] * s[c];
                gradient[c] += p[c];
            }
            gradient[targets[row]] -= 1;
            gradient[classes] += mean - s[targets[row]];
            curvature[classes, classes] += meanSquare - (mean * mean);
            for (int c = 0; c < classes; c++)
            {
                curvature[classes, c] += p[c] * (s[c] - mean);
                curvature[c, c] += p[c];
                for (int d = 0; d <= c; d++)
                {
                    curvature[c, d] -= p[c] * p[d];
                }
            }
        }
        for (int c = 0; c < classes; c++)
        {
            gradient[c] += OffsetPrior * parameters[c];
            curvature[c, c] += OffsetPrior;
        }
        gradient[classes] += 0.01 * (parameters[classes] - 1);
        curvature[classes, classes] += 0.01;
        return SolveSymmetric(curvature, gradient);
    }

    /// <summary>Cholesky; the lower triangle of <paramref name="matrix"/> is positive definite, because the prior is.</summary>
    private static double[] SolveSymmetric(double[,] matrix, double[] right)
    {
        int size = right.Length;
        for (int i = 0; i < size; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double sum = matrix[i, j];
                for (int k = 0; k < j; k++)
                {
                    sum -= matrix[i, k] * matrix[j, k];
                }
                matrix[i, j] = i == j ? Math.Sqrt(Math.Max(sum, 1e-12)) : sum / matrix[j, j];
            }
        }
        double[] solution = [.. right];
        for (int i = 0; i < size; i++)
        {
            for (int k = 0; k < i; k++)
            {
                solution[i] -= matrix[i, k] * solution[k];
            }
            solution[i] /= matrix[i, i];
        }
        for (int i = size - 1; i >= 0; i--)
        {
            for (int k = i + 1; k < size; k++)
            {
                solution[i] -= matrix[k, i] * solution[k];
            }
            solution[i] /= matrix[i, i];
        }
        return solution;
    }
}
