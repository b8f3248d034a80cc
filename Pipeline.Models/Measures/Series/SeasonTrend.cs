namespace Pipeline.Models.Measures.Series;

/// <summary>
/// Quasi-Poisson regression of a monthly series on its exposure, a trend and a yearly wave: log mean = log exposure + a + b·t +
/// c·sin(2πt/12) + d·cos(2πt/12). After Farrington et al. (JRSS A 159, 1996, 547–563) and Noufaily et al. (Statistics in Medicine 32,
/// 2013, 1206–1222): a trend is kept only where it is significant and does not lead beyond every month seen; past outliers weigh less.
/// </summary>
/// <remarks>
/// Differences from the papers, because monthly data of two years have few points: the season is one harmonic pair, kept only where
/// significant, instead of windows or ten levels; plainly outlying months (<see cref="Outlying"/>) are left out altogether. What is kept
/// because it was significant is drawn back by <see cref="SelectedEffect"/>, and its uncertainty is part of the prediction's.
/// </remarks>
internal static class SeasonTrend
{
    /// <summary>Residuals beyond this weigh (2.58 ÷ residual)² (Noufaily et al. 2013, section 3.6).</summary>
    private const double WeighsLessBeyond = 2.58;

    private const int MostSteps = 50;

    /// <returns>Null where neither trend nor season is significant.</returns>
    public static Baseline? Fit(double exposure, IReadOnlyList<MonthCount> earlier, SeriesRules rules)
    {
        IReadOnlyList<int> outlying = Outlying.OfCounts(earlier, rules);
        int[] kept = [.. Enumerable.Range(0, earlier.Count).Where(i => !outlying.Contains(i))];
        if (kept.Sum(i => earlier[i].Count) < rules.LeastExpected * kept.Length)
        {
            return null;
        }
        Model full = Model.Fit(earlier, kept, hasTrend: true, hasSeason: true);
        double season = Tail(Model.Fit(earlier, kept, hasTrend: true, hasSeason: false), full);
        bool hasSeason = season < rules.SeasonLevel;
        Model with = hasSeason ? full : Model.Fit(earlier, kept, hasTrend: true, hasSeason: false);
        double trend = Tail(Model.Fit(earlier, kept, hasTrend: false, hasSeason), with);
        bool hasTrend = trend < rules.SeasonTrendLevel
            && with.Mean(earlier.Count, exposure) <= kept.Max(i => earlier[i].Count / earlier[i].Exposure) * exposure;
        if (!hasTrend && !hasSeason)
        {
            return null;
        }
        Model chosen = Model.Fit(earlier, kept, hasTrend, hasSeason);
        chosen = Model.Fit(earlier, kept, hasTrend, hasSeason, chosen.LowerWeights(WeighsLessBeyond));
        Model shrunk = chosen.Shrunk(
            hasTrend ? SelectedEffect.Of(1, trend, rules.SeasonTrendLevel) : default, hasSeason ? SelectedEffect.Of(2, season, rules.SeasonLevel) : default);
        return new Baseline(
            shrunk.Mean(earlier.Count, exposure), 1 / shrunk.VarianceOfLog(earlier.Count), shrunk.Dispersion, shrunk.Degrees,
            kept.Average(i => (double)earlier[i].Count), hasTrend, hasSeason, outlying);
    }

    /// <summary>Probability of the gain of deviance by chance alone: F test of nested quasi-likelihood models.</summary>
    private static double Tail(Model without, Model with)
    {
        int terms = without.Degrees - with.Degrees;
        double gain = Math.Max(0, without.Deviance - with.Deviance);
        return Distributions.FisherTail(gain / terms / Math.Max(1, with.Dispersion), terms, with.Degrees);
    }

    private sealed class Model
    {
        private readonly IReadOnlyList<MonthCount> months;
        private readonly int[] kept;
        private readonly bool hasTrend;
        private readonly bool hasSeason;
        private readonly double[] weights;
        private double[] coefficients = [];
        private double[,] inverse = new double[0, 0];

        private Model(IReadOnlyList<MonthCount> months, int[] kept, bool hasTrend, bool hasSeason, double[] weights)
        {
            this.months = months;
            this.kept = kept;
            this.hasTrend = hasTrend;
            this.hasSeason = hasSeason;
            this.weights = weights;
        }

        public double Deviance { get; private set; }

        public double Dispersion { get; private set; }

        public int Degrees => kept.Length - coefficients.Length;

        public static Model Fit(IReadOnlyList<MonthCount> months, int[] kept, bool hasTrend, bool hasSeason, double[]? weights = null)
        {
            Model model = new(months, kept, hasTrend, hasSeason, weights ?? [.. kept.Select(_ => 1.0)]);
            model.Iterate();
            return model;
        }

        public double Mean(int at, double exposure) => exposure * Math.Exp(Math.Clamp(Linear(at), -30, 30));

        public double VarianceOfLog(int at)
        {
            double[] row = Row(at);
            double sum = 0;
            for (int i = 0; i < row.Length; i++)
            {
                for (int j = 0; j < row.Length; j++)
                {
                    sum += row[i] * inverse[i, j] * row[j];
                }
            }
            return sum;
        }

        /// <summary>Weights for a second fit: standardised Anscombe residuals beyond the limit weigh less; weights keep their sum.</summary>
        public double[] LowerWeights(double limit)
        {
            double scale = Math.Sqrt(Math.Max(1, Dispersion));
            double[] lowered = [.. kept.Select((i, k) =>
            {
                double mean = Mean(i, months[i].Exposure);
                double leverage = Math.Min(0.99, weights[k] * mean * VarianceOfLog(i));
                double residual = Outlying.Anscombe(months[i].Count, mean) / (scale * Math.Sqrt(1 - leverage));
                return residual > limit ? limit * limit / (residual * residual) : 1;
            })];
            double sum = lowered.Sum();
            return [.. lowered.Select(w => w * kept.Length / sum)];
        }

        /// <summary>
        /// The model with what selection leaves of trend and season. The level of the series is fitted anew, the dispersion measured anew, and
        /// the uncertainty of what is left takes the place of that of the estimates.
        /// </summary>
        public Model Shrunk(SelectedEffect trend, SelectedEffect season)
        {
            int terms = coefficients.Length - 1;
            double[,] root = Root(terms);
            double[] standard = Solved(root, coefficients.AsSpan(1));
            int first = hasTrend ? 1 : 0;
            double[,] left = new double[terms, terms];
            if (hasTrend)
            {
                left[0, 0] = trend.Along;
            }
            double square = standard[first..].Sum(z => z * z);
            for (int i = first; i < terms; i++)
            {
                for (int j = first; j < terms; j++)
                {
                    left[i, j] = (i == j ? season.Across : 0) + ((season.Along - season.Across) * standard[i] * standard[j] / square);
                }
            }
            double[] scaled = [.. standard.Select((z, i) => z * (i < first ? trend.Share : season.Share))];
            double[] effects = [.. Enumerable.Range(0, terms).Select(i => Enumerable.Range(0, terms).Sum(k => root[i, k] * scaled[k]))];
            Model shrunk = new(months, kept, hasTrend, hasSeason, weights) { coefficients = [0, .. effects] };
            double[] means = [.. kept.Select(i => shrunk.Mean(i, months[i].Exposure))];
            double seen = kept.Select((i, k) => weights[k] * months[i].Count).Sum();
            double level = seen / means.Select((m, k) => weights[k] * m).Sum();
            shrunk.coefficients[0] = Math.Log(level);
            // Of the level given the effects, and how far it follows them.
            double[] slope = [.. Enumerable.Range(0, terms).Select(i => kept.Select((at, k) => weights[k] * level * means[k] * Row(at)[i + 1]).Sum() / seen)];
            double[,] spread = new double[terms + 1, terms + 1];
            for (int i = 0; i < terms; i++)
            {
                for (int j = 0; j < terms; j++)
                {
                    for (int k = 0; k < terms; k++)
                    {
                        for (int l = 0; l < terms; l++)
                        {
                            spread[i + 1, j + 1] += root[i, k] * left[k, l] * root[j, l];
                        }
                    }
                }
            }
            spread[0, 0] = 1 / seen;
            for (int i = 1; i <= terms; i++)
            {
                for (int j = 1; j <= terms; j++)
                {
                    spread[0, i] -= slope[j - 1] * spread[j, i];
                    spread[0, 0] += slope[i - 1] * slope[j - 1] * spread[i, j];
                }
                spread[i, 0] = spread[0, i];
            }
            shrunk.inverse = spread;
            shrunk.Measure();
            return shrunk;
        }

        /// <summary>Cholesky's root of the covariances of all coefficients but the first.</summary>
        private double[,] Root(int terms)
        {
            double[,] root = new double[terms, terms];
            for (int i = 0; i < terms; i++)
            {
                for (int j = 0; j <= i; j++)
                {
                    double rest = inverse[i + 1, j + 1];
                    for (int k = 0; k < j; k++)
                    {
                        rest -= root[i, k] * root[j, k];
                    }
                    root[i, j] = i == j ? Math.Sqrt(rest) : rest / root[j, j];
                }
            }
            return root;
        }

        /// <summary>x of root · x = values.</summary>
        private static double[] Solved(double[,] root, ReadOnlySpan<double> values)
        {
            double[] x = new double[values.Length];
            for (int i = 0; i < x.Length; i++)
            {
                double rest = values[i];
                for (int k = 0; k < i; k++)
                {
                    rest -= root[i, k] * x[k];
                }
                x[i] = rest / root[i, i];
            }
            return x;
        }

        /// <summary>Iteratively reweighted least squares with the logarithmic link (McCullagh and Nelder 1989, 2.5).</summary>
        private void Iterate()
        {
            int terms = Row(0).Length;
            coefficients = new double[terms];
            coefficients[0] = Math.Log(kept.Sum(i => months[i].Count + 0.1) / kept.Sum(i => months[i].Exposure));
            for (int step = 0; step < MostSteps; step++)
            {
                double[,] normal = new double[terms, terms];
                double[] right = new double[terms];
                for (int k = 0; k < kept.Length; k++)
                {
                    MonthCount month = months[kept[k]];
                    double[] row = Row(kept[k]);
                    double mean = Mean(kept[k], month.Exposure);
                    double working = Linear(kept[k]) + ((month.Count - mean) / mean);
                    for (int i = 0; i < terms; i++)
                    {
                        right[i] += weights[k] * mean * row[i] * working;
                        for (int j = 0; j < terms; j++)
                        {
                            normal[i, j] += weights[k] * mean * row[i] * row[j];
                        }
                    }
                }
                inverse = Inverse(normal);
                double[] next = [.. Enumerable.Range(0, terms).Select(i => Enumerable.Range(0, terms).Sum(j => inverse[i, j] * right[j]))];
                double moved = next.Zip(coefficients, (a, b) => Math.Abs(a - b)).Max();
                coefficients = next;
                if (moved < 1e-10)
                {
                    break;
                }
            }
            Measure();
        }

        private void Measure()
        {
            double pearson = 0;
            Deviance = 0;
            for (int k = 0; k < kept.Length; k++)
            {
                double count = months[kept[k]].Count;
                double mean = Mean(kept[k], months[kept[k]].Exposure);
                pearson += weights[k] * Baseline.Square(count - mean) / mean;
                Deviance += 2 * weights[k] * ((count > 0 ? count * Math.Log(count / mean) : 0) - (count - mean));
            }
            Dispersion = Degrees > 0 ? pearson / Degrees : 1;
        }

        private double Linear(int at)
        {
            double[] row = Row(at);
            double sum = 0;
            for (int i = 0; i < row.Length; i++)
            {
                sum += row[i] * coefficients[i];
            }
            return sum;
        }

        private double[] Row(int at)
        {
            double wave = 2 * Math.PI * at / 12;
            // The trend counts from the middle, in years, so that the normal equations stay well conditioned.
            double years = (at - ((months.Count - 1) / 2.0)) / 12;
            return (hasTrend, hasSeason) switch
            {
                (true, true) => [1, years, Math.Sin(wave), Math.Cos(wave)],
                (true, false) => [1, years],
                (false, true) => [1, Math.Sin(wave), Math.Cos(wave)],
                _ => [1],
            };
        }

        /// <summary>By Gauss and Jordan with pivots on the diagonal: the matrix is symmetric and positive definite.</summary>
        private static double[,] Inverse(double[,] matrix)
        {
            int n = matrix.GetLength(0);
            double[,] a = (double[,])matrix.Clone();
            double[,] b = new double[n, n];
            for (int i = 0; i < n; i++)
            {
                b[i, i] = 1;
            }
            for (int i = 0; i < n; i++)
            {
                double pivot = a[i, i];
                for (int j = 0; j < n; j++)
                {
                    a[i, j] /= pivot;
                    b[i, j] /= pivot;
                }
                for (int k = 0; k < n; k++)
                {
                    double factor = a[k, i];
                    if (k == i || factor == 0)
                    {
                        continue;
                    }
                    for (int j = 0; j < n; j++)
                    {
                        a[k, j] -= factor * a[i, j];
                        b[k, j] -= factor * b[i, j];
                    }
                }
            }
            return b;
        }
    }
}
