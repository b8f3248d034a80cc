namespace Pipeline.Models.Flags.Priority;

/// <summary>
/// Logistic regression with a quadratic penalty, fitted by Newton's method (iteratively reweighted least squares; Hastie, Tibshirani and
/// Friedman, The Elements of Statistical Learning, 2nd ed., 4.4.1 and 5.2.3). Deterministic: no chance, one thread, one order of sums.
/// </summary>
/// <param name="Intercept">Not penalised.</param>
/// <param name="Weights">One for each column.</param>
public sealed record LogisticRegression(double Intercept, IReadOnlyList<double> Weights)
{
    private const int MostSteps = 50;
    private const double SmallestStep = 1e-8;

    /// <summary>Minimises −log likelihood + λ/2·Σ w².</summary>
    /// <param name="rows">Each with the same number of columns.</param>
    /// <param name="outcomes">True where it happened; both outcomes must occur.</param>
    /// <param name="penalty">λ, above 0.</param>
    public static LogisticRegression Fit(IReadOnlyList<double[]> rows, IReadOnlyList<bool> outcomes, double penalty) =>
        Fit([.. rows.Select(FeatureRow.Of)], rows.Count == 0 ? 0 : rows[0].Length, [.. outcomes], penalty);

    /// <inheritdoc cref="Fit(IReadOnlyList{double[]}, IReadOnlyList{bool}, double)"/>
    /// <param name="columns">Columns of the rows, filled or not.</param>
    public static LogisticRegression Fit(FeatureRow[] rows, int columns, bool[] outcomes, double penalty)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(outcomes.Length, rows.Length);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(penalty);
        int happened = outcomes.Count(o => o);
        if (happened == 0 || happened == rows.Length)
        {
            throw new ArgumentException($"{happened} of {rows.Length} outcomes happened; expected some of each", nameof(outcomes));
        }
        int size = columns + 1;
        double[] weights = new double[size];
        weights[^1] = Math.Log((double)happened / (rows.Length - happened));
        // What each row sums to under the weights, and under those that are tried.
        double[] sums = new double[rows.Length];
        double[] tried = new double[rows.Length];
        double loss = Loss(rows, outcomes, penalty, weights, sums);
        for (int step = 0; step < MostSteps; step++)
        {
            double[] move = Newton(rows, outcomes, penalty, weights, sums);
            // Halved until the loss falls: far from the minimum a whole Newton step can overshoot.
            double share = 1;
            double[] next = Moved(weights, move, share);
            double reached = Loss(rows, outcomes, penalty, next, tried);
            while (reached > loss && share > 1e-6)
            {
                share /= 2;
                next = Moved(weights, move, share);
                reached = Loss(rows, outcomes, penalty, next, tried);
            }
            bool isSettled = reached >= loss || share * move.Max(Math.Abs) < SmallestStep;
            if (reached < loss)
            {
                (weights, loss) = (next, reached);
                (sums, tried) = (tried, sums);
            }
            if (isSettled)
            {
                break;
            }
        }
        return new LogisticRegression(weights[^1], weights[..^1]);
    }

    /// <summary>0 to 1.</summary>
    public double Probability(ReadOnlySpan<double> row)
    {
        double sum = Intercept;
        for (int i = 0; i < row.Length; i++)
        {
            sum += Weights[i] * row[i];
        }
        return Sigmoid(sum);
    }

    internal static double Sigmoid(double x) => x >= 0 ? 1 / (1 + Math.Exp(-x)) : Math.Exp(x) / (1 + Math.Exp(x));

    private static double Loss(FeatureRow[] rows, bool[] outcomes, double penalty, double[] weights, double[] sums)
    {
        double loss = 0;
        for (int i = 0; i < rows.Length; i++)
        {
            double sum = rows[i].Sum(weights);
            sums[i] = sum;
            double margin = outcomes[i] ? sum : -sum;
            loss += margin > 0 ? Math.Log(1 + Math.Exp(-margin)) : Math.Log(1 + Math.Exp(margin)) - margin;
        }
        for (int j = 0; j < weights.Length - 1; j++)
        {
            loss += penalty / 2 * weights[j] * weights[j];
        }
        return loss;
    }

    private static double[] Newton(FeatureRow[] rows, bool[] outcomes, double penalty, double[] weights, double[] sums)
    {
        int size = weights.Length;
        double[][] hessian = [.. Enumerable.Range(0, size).Select(j => new double[j + 1])];
        double[] gradient = new double[size];
        double[] border = hessian[size - 1];
        for (int i = 0; i < rows.Length; i++)
        {
            double p = Sigmoid(sums[i]);
            double error = (outcomes[i] ? 1 : 0) - p;
            double curve = p * (1 - p);
            ReadOnlySpan<int> columns = rows[i].Columns;
            ReadOnlySpan<double> values = rows[i].Values;
            for (int a = 0; a < columns.Length; a++)
            {
                int j = columns[a];
                double value = values[a];
                gradient[j] += error * value;
                double scaled = curve * value;
                double[] line = hessian[j];
                for (int b = 0; b <= a; b++)
                {
                    line[columns[b]] += scaled * values[b];
                }
                border[j] += scaled;
            }
            gradient[size - 1] += error;
            border[size - 1] += curve;
        }
        for (int j = 0; j < size - 1; j++)
        {
            gradient[j] -= penalty * weights[j];
            hessian[j][j] += penalty;
        }
        return Solve(hessian, gradient);
    }

    /// <summary>Cholesky decomposition of the lower triangle, in place.</summary>
    private static double[] Solve(double[][] matrix, double[] right)
    {
        int size = right.Length;
        for (int j = 0; j < size; j++)
        {
            for (int k = 0; k < j; k++)
            {
                matrix[j][j] -= matrix[j][k] * matrix[j][k];
            }
            matrix[j][j] = Math.Sqrt(Math.Max(matrix[j][j], 1e-12));
            for (int i = j + 1; i < size; i++)
            {
                for (int k = 0; k < j; k++)
                {
                    matrix[i][j] -= matrix[i][k] * matrix[j][k];
                }
                matrix[i][j] /= matrix[j][j];
            }
        }
        double[] x = [.. right];
        for (int i = 0; i < size; i++)
        {
            for (int k = 0; k < i; k++)
            {
                x[i] -= matrix[i][k] * x[k];
            }
            x[i] /= matrix[i][i];
        }
        for (int i = size - 1; i >= 0; i--)
        {
            for (int k = i + 1; k < size; k++)
            {
                x[i] -= matrix[k][i] * x[k];
            }
            x[i] /= matrix[i][i];
        }
        return x;
    }

    private static double[] Moved(double[] weights, double[] move, double share)
    {
        double[] moved = new double[weights.Length];
        for (int i = 0; i < moved.Length; i++)
        {
            moved[i] = weights[i] + (share * move[i]);
        }
        return moved;
    }
}
