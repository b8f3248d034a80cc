using Pipeline.Models.Classification.Evaluation;

namespace Pipeline.Models.Measures;

/// <summary>How many complaints of a class there are, seen through a classifier that errs.</summary>
/// <param name="Answered">Complaints that the classifier gave this class.</param>
/// <param name="Corrected">The estimate; the classes add up to all complaints.</param>
/// <param name="Low">Lower end of the 95 % interval, 0 or more.</param>
/// <param name="High">Its upper end, at most all complaints.</param>
public readonly record struct CorrectedCount(string Class, long Answered, double Corrected, double Low, double High);

/// <summary>
/// Counts of classes that account for the classifier's confusion (quantification). Counting answers is biased as soon as the mix of classes
/// differs from that of the training texts (Forman, Data Mining and Knowledge Discovery 17, 2008). Given how often each class is answered as
/// each other on held-out texts, the true class of every complaint is drawn many times over from what its answer leaves likely, together with
/// the mix and the confusion themselves (data augmentation: Tanner and Wong, JASA 82, 1987; for quantification: Ziegler and Czyż, TMLR 2024). The
/// chain starts from the likeliest mix (expectation-maximisation, as Saerens, Latinne and Decaestecker, Neural Computation 14, 2002, adjust
/// priors). The interval are the 2.5th and 97.5th percentile of the draws: counts never leave 0 to all and add up, and a class that was hardly
/// held out, or hardly occurs, has a wide interval and not a false zero. The estimate is the mean of the draws, drawn back towards the answers as
/// far as the correction is not more than its own uncertainty: with many classes and few complaints the answers may be the nearer ones.
/// </summary>
/// <remarks>
/// The interval is of the true number among these very complaints. It holds where texts of a class are like the held-out texts of that class
/// (prior shift); other texts need other held-out texts. A bootstrap around the likeliest mix was as good on the whole and had intervals of no width
/// where the likeliest share is nought.
/// </remarks>
public static class ErrorCorrection
{
    private const int Rounds = 300;
    private const double Settled = 1e-7;

    /// <summary>
    /// Weight of the answers as they stand, in complaints a class: with many classes and few complaints the confusion alone would trade a small
    /// bias for a large variance.
    /// </summary>
    private const double Before = 5;

    /// <summary>The same where the answers shall weigh next to nothing (Jeffreys).</summary>
    private const double Unsettled = 0.5;

    /// <summary>Draws that are kept.</summary>
    public const int Draws = 1_000;

    private const int WarmUp = 200;

    /// <param name="answered">Complaints by answered class. Classes that the confusion does not know are taken as answered like the others on the whole.</param>
    /// <param name="seed">The same seed gives the same numbers.</param>
    /// <returns>In the order of the classes of the confusion, those it lacks behind them in ordinal order.</returns>
    public static IReadOnlyList<CorrectedCount> Correct(ConfusionCounts confusion, IReadOnlyDictionary<string, long> answered, int seed)
    {
        string[] missing = [.. answered.Keys.Where(c => !confusion.Classes.Contains(c, StringComparer.Ordinal)).Order(StringComparer.Ordinal)];
        ConfusionCounts matrix = missing.Length == 0 ? confusion : Extended(confusion, missing);
        int classes = matrix.Classes.Count;
        long[] counts = [.. matrix.Classes.Select(c => answered.GetValueOrDefault(c))];
        if (counts.Sum() == 0)
        {
            return [.. matrix.Classes.Select(c => new CorrectedCount(c, 0, 0, 0, 0))];
        }
        // How far answers are to be corrected is told by what the confusion alone says; how, by the estimate that starts near the answers.
        double[][] alone = Drawn(matrix, counts, Unsettled, seed);
        double part = Trusted([.. alone.Select(k => k.Average())], alone, counts);
        double[][] kept = Drawn(matrix, counts, Before, seed);
        return
        [
            .. matrix.Classes.Select((c, t) =>
            {
                double estimate = counts[t] + (part * (kept[t].Average() - counts[t]));
                Interval interval = Interval.Percentile(kept[t]);
                return new CorrectedCount(c, counts[t], estimate, Math.Min(estimate, interval.Low), Math.Max(estimate, interval.High));
            }),
        ];
    }

    /// <summary>True counts of each class, drawn <see cref="Draws"/> times.</summary>
    /// <param name="settled">Weight of the answers as they stand, in complaints a class.</param>
    private static double[][] Drawn(ConfusionCounts matrix, long[] counts, double settled, int seed)
    {
        int classes = counts.Length;
        double[][] known = matrix.Completed();
        double[][] rows = matrix.Probabilities();
        double[] share = Likeliest([.. counts.Select(c => (double)c)], rows);
        CountDraws chance = new(new SeededDraws(seed, 0));
        double[][] kept = [.. Enumerable.Range(0, classes).Select(_ => new double[Draws])];
        double smoothed = counts.Sum() + (0.5 * classes);
        double[] before = [.. counts.Select(c => settled * classes * (c + 0.5) / smoothed)];
        double[] weights = new double[classes];
        double[] truth = new double[classes];
        for (int draw = -WarmUp; draw < Draws; draw++)
        {
            double[][] seen = [.. known.Select(r => (double[])r.Clone())];
            Array.Clear(truth);
            for (int p = 0; p < classes; p++)
            {
                if (counts[p] == 0)
                {
                    continue;
                }
                for (int t = 0; t < classes; t++)
                {
                    weights[t] = share[t] * rows[t][p];
                }
                double[] given = chance.Multinomial(counts[p], weights);
                for (int t = 0; t < classes; t++)
                {
                    seen[t][p] += given[t];
                    truth[t] += given[t];
                }
            }
            for (int t = 0; t < classes; t++)
            {
                weights[t] = truth[t] + before[t];
                rows[t] = chance.Dirichlet(seen[t]);
                if (draw >= 0)
                {
                    kept[t][draw] = truth[t];
                }
            }
            share = chance.Dirichlet(weights);
        }
        return kept;
    }

    /// <summary>
    /// How much of the correction is kept, 0 to 1. Answers err by a bias and the correction by chance; of the two the mean squared error is least
    /// where the correction is drawn towards the answers by the part of its square that its own variance explains (James and Stein 1961;
    /// Efron and Morris, JASA 68, 1973; the positive part). Corrections add up to nought, so they have one dimension less than there are classes;
    /// in one or two dimensions no such drawing is better whatever the truth (Stein 1956).
    /// </summary>
    private static double Trusted(double[] corrected, double[][] drawn, long[] answered)
    {
        int dimensions = answered.Length - 1;
        double square = corrected.Zip(answered, (c, a) => (c - a) * (c - a)).Sum();
        double variance = drawn.Zip(corrected, (draws, mean) => draws.Average(d => (d - mean) * (d - mean))).Sum();
        return dimensions <= 2 || square <= 0 ? 1 : Math.Max(0, 1 - ((dimensions - 2.0) / dimensions * variance / square));
    }

    /// <summary>The mix of classes under which the counted answers are likeliest.</summary>
    /// <param name="answers">Answers by class; their sum is above 0.</param>
    /// <param name="rows">Probability of each answer (second index) for each truth (first index).</param>
    /// <returns>Shares by class, adding up to 1.</returns>
    public static double[] Likeliest(IReadOnlyList<double> answers, double[][] rows)
    {
        int classes = answers.Count;
        double all = answers.Sum();
        double[] share = [.. answers.Select(a => (0.9 * a / all) + (0.1 / classes))];
        double[] weight = new double[classes];
        for (int round = 0; round < Rounds; round++)
        {
            for (int p = 0; p < classes; p++)
            {
                double expected = 0;
                for (int t = 0; t < classes; t++)
                {
                    expected += share[t] * rows[t][p];
                }
                weight[p] = answers[p] == 0 ? 0 : answers[p] / all / expected;
            }
            double moved = 0;
            for (int t = 0; t < classes; t++)
            {
                double factor = 0;
                for (int p = 0; p < classes; p++)
                {
                    factor += rows[t][p] * weight[p];
                }
                double next = share[t] * factor;
                moved = Math.Max(moved, Math.Abs(next - share[t]));
                share[t] = next;
            }
            if (moved < Settled)
            {
                break;
            }
        }
        double sum = share.Sum();
        return [.. share.Select(s => s / sum)];
    }

    private static ConfusionCounts Extended(ConfusionCounts confusion, string[] missing)
    {
        int known = confusion.Classes.Count;
        int all = known + missing.Length;
        return new ConfusionCounts(
            [.. confusion.Classes, .. missing],
            [.. Enumerable.Range(0, all).Select(t => t < known ? (double[])[.. confusion.Texts[t], .. new double[missing.Length]] : new double[all])]);
    }
}

/// <summary>Seeded draws of counts and shares.</summary>
internal sealed class CountDraws(SeededDraws chance)
{
    /// <summary>From so many expected hits or misses on, the normal distribution is as good (its error is below a hundredth of the spread).</summary>
    private const double Many = 60;

    /// <summary>How <paramref name="trials"/> fall on classes with these weights.</summary>
    /// <param name="weights">0 or more, some above 0; they need not add up to 1.</param>
    public double[] Multinomial(long trials, IReadOnlyList<double> weights)
    {
        double[] hits = new double[weights.Count];
        long left = trials;
        double rest = weights.Sum();
        for (int i = 0; i < hits.Length && left > 0; i++)
        {
            double probability = i == hits.Length - 1 || rest <= 0 ? 1 : Math.Min(1, weights[i] / rest);
            long hit = Binomial(left, probability);
            hits[i] = hit;
            left -= hit;
            rest -= weights[i];
        }
        return hits;
    }

    /// <summary>Shares that add up to 1, drawn around weights that are all above 0.</summary>
    public double[] Dirichlet(IReadOnlyList<double> weights)
    {
        double[] drawn = [.. weights.Select(Gamma)];
        double sum = drawn.Sum();
        return [.. drawn.Select(d => d / sum)];
    }

    /// <summary>Marsaglia and Tsang, ACM TOMS 26, 2000.</summary>
    private double Gamma(double shape)
    {
        if (shape < 1)
        {
            return Math.Max(double.Epsilon, Gamma(shape + 1) * Math.Pow(Uniform(), 1 / shape));
        }
        double d = shape - (1.0 / 3);
        double c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            double x = Normal();
            double v = 1 + (c * x);
            if (v > 0)
            {
                v = v * v * v;
                if (Math.Log(Uniform()) < (0.5 * x * x) + d - (d * v) + (d * Math.Log(v)))
                {
                    return d * v;
                }
            }
        }
    }

    private long Binomial(long trials, double probability)
    {
        if (probability <= 0 || trials == 0)
        {
            return 0;
        }
        if (probability >= 1)
        {
            return trials;
        }
        if (probability > 0.5)
        {
            return trials - Binomial(trials, 1 - probability);
        }
        double expected = trials * probability;
        if (expected > Many)
        {
            double drawn = Math.Round(expected + (Normal() * Math.Sqrt(expected * (1 - probability))));
            return (long)Math.Clamp(drawn, 0, trials);
        }
        // Inversion (Kachitvichyanukul and Schmeiser 1988, algorithm BINV): walks the distribution from nought.
        double odds = probability / (1 - probability);
        double at = Math.Exp(trials * Math.Log(1 - probability));
        double u = Uniform();
        long hits = 0;
        while (u > at && hits < trials)
        {
            u -= at;
            hits++;
            at *= odds * (trials - hits + 1) / hits;
        }
        return hits;
    }

    private double Normal() => Math.Sqrt(-2 * Math.Log(Uniform())) * Math.Cos(2 * Math.PI * Uniform());

    /// <summary>Between 0 and 1, neither of them.</summary>
    private double Uniform() => (chance.Next(int.MaxValue) + 0.5) / int.MaxValue;
}
