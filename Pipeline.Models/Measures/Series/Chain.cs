namespace Pipeline.Models.Measures.Series;

/// <summary>A cumulative sum as a Markov chain on a grid (Brook and Evans, Biometrika 59, 1972). Counts are in units of their dispersion.</summary>
/// <param name="isUp">The sum grows with counts above the reference; otherwise with counts below.</param>
/// <param name="reference">Reference of a month.</param>
/// <param name="cap">A month adds at most this share of the limit.</param>
/// <param name="atMost">P(count ≤ y) at a rate.</param>
internal sealed class Chain(bool isUp, double reference, double cap, Func<double, double, double> atMost)
{
    /// <summary>The limit at which the average run length from nought is <paramref name="months"/>, no lower than <paramref name="least"/>.</summary>
    public double LimitFor(double rate, double months, double least)
    {
        // The logarithm of the run length grows about in proportion to the limit: regula falsi (Illinois) needs few steps.
        double target = Math.Log(months);
        double low = least;
        double atLow = Math.Log(RunLength(rate, low)) - target;
        if (atLow >= 0)
        {
            return low;
        }
        double high = 2 * least;
        double atHigh;
        while ((atHigh = Math.Log(RunLength(rate, high)) - target) < 0 && high < 1e9 * least)
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

    /// <summary>Average number of months until the sum, begun at nought, reaches the limit; on counts of about 20 the grid makes it a tenth short.</summary>
    public double RunLength(double rate, double limit)
    {
        int n = States(cap, 26, 36);
        double width = limit / (n - 0.5);
        double[] steps = Steps(rate, width, n, cap * limit);
        double[,] a = new double[n, n + 1];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
            {
                a[i, j] = (i == j ? 1 : 0) - (j == 0 ? steps[n - i] : steps[n + j - i] - steps[n + j - i - 1]);
            }
            a[i, n] = 1;
        }
        // The matrix is diagonally dominant, so no pivoting is needed.
        for (int i = 0; i < n; i++)
        {
            for (int k = i + 1; k < n; k++)
            {
                double factor = a[k, i] / a[i, i];
                if (factor == 0)
                {
                    continue;
                }
                for (int j = i; j <= n; j++)
                {
                    a[k, j] -= factor * a[i, j];
                }
            }
        }
        double[] lengths = new double[n];
        for (int i = n - 1; i >= 0; i--)
        {
            double sum = a[i, n];
            for (int j = i + 1; j < n; j++)
            {
                sum -= a[i, j] * lengths[j];
            }
            lengths[i] = sum / a[i, i];
        }
        return lengths[0];
    }

    /// <summary>The probability that the sum, begun at nought and never set back, is at least <paramref name="limit"/> after so many months.</summary>
    public double Reached(double rate, int months, double limit)
    {
        // The limit is the edge between two states; the upper half of the grid holds sums beyond it, the last state all above.
        int half = States(cap, 18, 27);
        int n = 2 * half;
        double width = limit / (half - 0.5);
        double[] steps = Steps(rate, width, n, cap * limit);
        double[] now = new double[n];
        now[0] = 1;
        for (int month = 0; month < months; month++)
        {
            double[] next = new double[n];
            for (int i = 0; i < n; i++)
            {
                double share = now[i];
                if (share < 1e-15)
                {
                    continue;
                }
                next[0] += share * steps[n - i];
                for (int j = 1; j < n - 1; j++)
                {
                    next[j] += share * (steps[n + j - i] - steps[n + j - i - 1]);
                }
                next[n - 1] += share * (1 - steps[(2 * n) - 2 - i]);
            }
            now = next;
        }
        return now[half..].Sum();
    }

    /// <summary>How many states the range below the limit gets, so that the most that a month adds is about a whole number of them.</summary>
    private static int States(double share, int least, int most) =>
        Enumerable.Range(least, most - least).MinBy(n => Math.Abs((share * (n - 0.5)) - Math.Round(share * (n - 0.5))));

    /// <summary>P(a month adds at most (d + ½) · width), at index n + d for d from −n to n.</summary>
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
