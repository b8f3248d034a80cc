namespace Pipeline.Models.Measures.Series;

/// <summary>A cumulative sum as a Markov chain on a grid (Brook and Evans, Biometrika 59, 1972). Counts are in units of their dispersion.</summary>
/// <param name="isUp">The sum grows with counts above the reference; otherwise with counts below.</param>
/// <param name="reference">Reference of a month.</param>
/// <param name="cap">A month adds at most this share of the limit.</param>
/// <param name="atMost">P(count ≤ y) at a rate.</param>
internal sealed class Chain(bool isUp, double reference, double cap, Func<double, double, double> atMost)
{
    private const int RunLengthStates = 30;
    private const int PathStates = 40;

    /// <summary>The limit at which the average run length from nought is <paramref name="months"/>.</summary>
    public double LimitFor(double rate, double months)
    {
        // The logarithm of the run length grows about in proportion to the limit: regula falsi (Illinois) needs few steps.
        double target = Math.Log(months);
        double low = 1e-3;
        double atLow = Math.Log(RunLength(rate, low)) - target;
        if (atLow >= 0)
        {
            return low;
        }
        double high = 1;
        double atHigh;
        while ((atHigh = Math.Log(RunLength(rate, high)) - target) < 0 && high < 1e9)
        {
            (low, atLow) = (high, atHigh);
            high *= 2;
        }
        for (int i = 0; i < 40 && high - low > 1e-6 * high; i++)
        {
            double middle = low - (atLow * (high - low) / (atHigh - atLow));
            double at = Math.Log(RunLength(rate, middle)) - target;
            if (at < 0)
            {
                (low, atLow, atHigh) = (middle, at, atHigh / 2);
            }
            else
            {
                (high, atHigh, atLow) = (middle, at, atLow / 2);
            }
            if (Math.Abs(at) < 1e-4)
            {
                return middle;
            }
        }
        return high;
    }

    /// <summary>Average number of months until the sum, begun at nought, reaches the limit.</summary>
    public double RunLength(double rate, double limit)
    {
        const int N = RunLengthStates;
        double width = limit / (N - 0.5);
        double[] steps = Steps(rate, width, N, cap * limit);
        double[,] a = new double[N, N + 1];
        for (int i = 0; i < N; i++)
        {
            for (int j = 0; j < N; j++)
            {
                a[i, j] = (i == j ? 1 : 0) - (j == 0 ? steps[N - i] : steps[N + j - i] - steps[N + j - i - 1]);
            }
            a[i, N] = 1;
        }
        // The matrix is diagonally dominant, so no pivoting is needed.
        for (int i = 0; i < N; i++)
        {
            for (int k = i + 1; k < N; k++)
            {
                double factor = a[k, i] / a[i, i];
                if (factor == 0)
                {
                    continue;
                }
                for (int j = i; j <= N; j++)
                {
                    a[k, j] -= factor * a[i, j];
                }
            }
        }
        double[] lengths = new double[N];
        for (int i = N - 1; i >= 0; i--)
        {
            double sum = a[i, N];
            for (int j = i + 1; j < N; j++)
            {
                sum -= a[i, j] * lengths[j];
            }
            lengths[i] = sum / a[i, i];
        }
        return lengths[0];
    }

    /// <summary>The probability that the sum, begun at nought and never set back, is at least <paramref name="bar"/> after so many months.</summary>
    public double Reached(double rate, int months, double limit, double bar)
    {
        const int N = PathStates;
        // The bar is the edge between two states; the upper half of the grid holds sums beyond it, the last state all above.
        double width = bar / ((N / 2) - 0.5);
        double[] steps = Steps(rate, width, N, cap * limit);
        double[] now = new double[N];
        now[0] = 1;
        for (int month = 0; month < months; month++)
        {
            double[] next = new double[N];
            for (int i = 0; i < N; i++)
            {
                double share = now[i];
                if (share < 1e-15)
                {
                    continue;
                }
                next[0] += share * steps[N - i];
                for (int j = 1; j < N - 1; j++)
                {
                    next[j] += share * (steps[N + j - i] - steps[N + j - i - 1]);
                }
                next[N - 1] += share * (1 - steps[(2 * N) - 2 - i]);
            }
            now = next;
        }
        return now[(N / 2)..].Sum();
    }

    /// <summary>P(a month adds at most (d + ½) · width), at index N + d for d from −N to N.</summary>
    private double[] Steps(double rate, double width, int n, double most)
    {
        double[] steps = new double[(2 * n) + 1];
        for (int d = -n; d <= n; d++)
        {
            double x = (d + 0.5) * width;
            steps[n + d] = x >= most ? 1
                : isUp ? atMost(rate, reference + x)
                : 1 - atMost(rate, reference - x - 1e-6);
        }
        return steps;
    }
}
