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
/// differs from that of the training texts (Forman, Data Mining and Knowledge Discovery 17, 2008). The estimate is the mix of classes under
/// which the counted answers are likeliest, given how often each class is answered as each other: the maximum of the multinomial mixture
/// by expectation-maximisation, as Saerens, Latinne and Decaestecker (Neural Computation 14, 2002) adjust priors, here on counted answers. Shares stay in 0 to 1 and add up to 1.
/// </summary>
/// <remarks>
/// The interval is of the true number among these very complaints: a parametric bootstrap draws the confusion anew (each truth's held-out texts) and
/// the answers anew (given the estimate), and takes the 2.5th and 97.5th percentile of the error. It holds where texts of a class are like the
/// held-out texts of that class (prior shift); other texts need other held-out texts.
/// </remarks>
public static class ErrorCorrection
{
    private const int Rounds = 300;
    private const double Settled = 1e-7;

    /// <summary>Draws of the bootstrap.</summary>
    public const int Draws = 400;

    /// <param name="answered">Complaints by answered class. Classes that the confusion does not know are taken as answered like the others on the whole.</param>
    /// <param name="seed">The same seed gives the same interval.</param>
    /// <returns>In the order of the classes of the confusion, those it lacks behind them in ordinal order.</returns>
    public static IReadOnlyList<CorrectedCount> Correct(ConfusionCounts confusion, IReadOnlyDictionary<string, long> answered, int seed)
    {
        string[] missing = [.. answered.Keys.Where(c => !confusion.Classes.Contains(c, StringComparer.Ordinal)).Order(StringComparer.Ordinal)];
        ConfusionCounts matrix = missing.Length == 0 ? confusion : Extended(confusion, missing);
        int classes = matrix.Classes.Count;
        double[] counts = [.. matrix.Classes.Select(c => (double)answered.GetValueOrDefault(c))];
        double all = counts.Sum();
        if (all == 0)
        {
            return [.. matrix.Classes.Select(c => new CorrectedCount(c, 0, 0, 0, 0))];
        }
        double[][] rows = matrix.Probabilities();
        double[] share = Likeliest(counts, rows);
        double[][] errors = [.. Enumerable.Range(0, classes).Select(_ => new double[Draws])];
        long[] heldOut = [.. matrix.Texts.Select(r => (long)r.Sum())];
        for (int draw = 0; draw < Draws; draw++)
        {
            CountDraws chance = new(new SeededDraws(seed, draw));
            double[][] drawnTexts = [.. rows.Select((row, t) => chance.Multinomial(heldOut[t], row))];
            double[] truth = chance.Multinomial((long)all, share);
            double[] answers = new double[classes];
            for (int t = 0; t < classes; t++)
            {
                double[] given = chance.Multinomial((long)truth[t], rows[t]);
                for (int p = 0; p < classes; p++)
                {
                    answers[p] += given[p];
                }
            }
            double[] found = Likeliest(answers, matrix.Probabilities(drawnTexts));
            for (int t = 0; t < classes; t++)
            {
                errors[t][draw] = (found[t] * all) - truth[t];
            }
        }
        return
        [
            .. matrix.Classes.Select((c, t) =>
            {
                Interval error = Interval.Percentile(errors[t]);
                double estimate = share[t] * all;
                return new CorrectedCount(
                    c, (long)counts[t], estimate, Math.Clamp(estimate - error.High, 0, all), Math.Clamp(estimate - error.Low, 0, all));
            }),
        ];
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

/// <summary>Seeded draws of counts.</summary>
internal sealed class CountDraws(SeededDraws chance)
{
    /// <summary>From so many expected hits or misses on, the normal distribution is as good (its error is below a hundredth of the spread).</summary>
    private const double Many = 60;

    /// <summary>How <paramref name="trials"/> fall on classes with these probabilities.</summary>
    public double[] Multinomial(long trials, IReadOnlyList<double> probabilities)
    {
        double[] hits = new double[probabilities.Count];
        long left = trials;
        double rest = 1;
        for (int i = 0; i < hits.Length && left > 0; i++)
        {
            double probability = i == hits.Length - 1 || rest <= 0 ? 1 : Math.Min(1, probabilities[i] / rest);
            long hit = Binomial(left, probability);
            hits[i] = hit;
            left -= hit;
            rest -= probabilities[i];
        }
        return hits;
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
