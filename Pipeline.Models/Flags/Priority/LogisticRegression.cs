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
    public static LogisticRegression Fit(IReadOnlyList<double[]> rows, IReadOnlyList<bool> outcomes, double penalty)
    {
        FeatureRows alone = new(new double[rows.Count == 0 ? 0 : rows[0].Length]);
        int[] columns = [.. Enumerable.Range(0, alone.Columns)];
        foreach (double[] row in rows)
        {
            alone.Begin(columns, row);
            alone.Add([]);
        }
        return Fit(alone, [.. outcomes], penalty);
    }

    /// <inheritdoc cref="Fit(IReadOnlyList{double[]}, IReadOnlyList{bool}, double)"/>
    public static LogisticRegression Fit(FeatureRows rows, bool[] outcomes, double penalty)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(outcomes.Length, rows.Count);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(penalty);
        int happened = outcomes.Count(o => o);
        if (happened == 0 || happened == rows.Count)
        {
            throw new ArgumentException($"{happened} of {rows.Count} outcomes happened; expected some of each", nameof(outcomes));
        }
        double[] weights = new double[rows.Columns + 1];
        weights[^1] = Math.Log((double)happened / (rows.Count - happened));
        // What each row sums to under the weights, and under those that are tried.
        double[] sums = new double[rows.Count];
        double[] tried = new double[rows.Count];
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

    private static double Loss(FeatureRows rows, bool[] outcomes, double penalty, double[] weights, double[] sums)
    {
        double loss = 0;
        for (int group = 0; group < rows.Groups; group++)
        {
            ReadOnlySpan<int> columns = rows.SharedColumns(group);
            ReadOnlySpan<double> values = rows.SharedValues(group);
            double shared = weights[^1];
            for (int i = 0; i < columns.Length; i++)
            {
                shared += weights[columns[i]] * values[i];
            }
            (int from, int to) = rows.Rows(group);
            for (int row = from; row < to; row++)
            {
                double sum = shared;
                foreach (ushort column in rows.Own(row))
                {
                    sum += weights[column] * rows.OwnValue(column);
                }
                sums[row] = sum;
                double margin = outcomes[row] ? sum : -sum;
                loss += margin > 0 ? Math.Log(1 + Math.Exp(-margin)) : Math.Log(1 + Math.Exp(margin)) - margin;
            }
        }
        for (int j = 0; j < weights.Length - 1; j++)
        {
            loss += penalty / 2 * weights[j] * weights[j];
        }
        return loss;
    }

    private static double[] Newton(FeatureRows rows, bool[] outcomes, double penalty, double[] weights, double[] sums)
    {
        int size = weights.Length;
        double[] curves = new double[size * size]; // of each pair of columns, at one of its two places or at both
        double[] gradient = new double[size];
        double[] ofOwn = new double[size]; // within a group: the curves of an own column
        List<ushort> seen = [];
        Span<double> border = curves.AsSpan((size - 1) * size, size);
        for (int group = 0; group < rows.Groups; group++)
        {
            double errors = 0;
            double bend = 0;
            seen.Clear();
            (int from, int to) = rows.Rows(group);
            for (int row = from; row < to; row++)
            {
                double p = Sigmoid(sums[row]);
                double error = (outcomes[row] ? 1 : 0) - p;
                double curve = p * (1 - p);
                errors += error;
                bend += curve;
                ReadOnlySpan<ushort> own = rows.Own(row);
                for (int a = 0; a < own.Length; a++)
                {
                    int column = own[a];
                    double value = rows.OwnValue(column);
                    gradient[column] += error * value;
                    double scaled = curve * value;
                    Span<double> line = curves.AsSpan(column * size, size);
                    for (int b = 0; b <= a; b++)
                    {
                        line[own[b]] += scaled * rows.OwnValue(own[b]);
                    }
                    if (ofOwn[column] == 0)
                    {
                        seen.Add(own[a]);
                    }
                    ofOwn[column] += scaled;
                }
            }
            ReadOnlySpan<int> columns = rows.SharedColumns(group);
            ReadOnlySpan<double> values = rows.SharedValues(group);
            for (int a = 0; a < columns.Length; a++)
            {
                gradient[columns[a]] += errors * values[a];
                double scaled = bend * values[a];
                Span<double> line = curves.AsSpan(columns[a] * size, size);
                for (int b = 0; b <= a; b++)
                {
                    line[columns[b]] += scaled * values[b];
                }
                border[columns[a]] += scaled;
            }
            foreach (ushort column in seen)
            {
                Span<double> line = curves.AsSpan(column * size, size);
                for (int a = 0; a < columns.Length; a++)
                {
                    line[columns[a]] += ofOwn[column] * values[a];
                }
                border[column] += ofOwn[column];
                ofOwn[column] = 0;
            }
            gradient[size - 1] += errors;
            border[size - 1] += bend;
        }
        double[][] hessian = [.. Enumerable.Range(0, size).Select(j => Enumerable.Range(0, j + 1).Select(i => curves[(j * size) + i] + (i == j ? 0 : curves[(i * size) + j])).ToArray())];
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
