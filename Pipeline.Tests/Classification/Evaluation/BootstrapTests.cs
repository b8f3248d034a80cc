using Pipeline.Models.Classification;
using Pipeline.Models.Classification.Evaluation;

namespace Pipeline.Tests.Classification.Evaluation;

public sealed class BootstrapTests
{
    private static readonly string[] Names = ["a", "b", "c", "d"];

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, true)]
    [InlineData(3, true)]
    public void Intervals_are_those_of_a_plain_bootstrap_that_copies_the_rows(int seed, bool grouped)
    {
        HeadEvaluation judged = Drawn(120, seed, 0.7);
        int[]? groups = grouped ? Groups(120, seed) : null;
        HeadEvaluation fast = judged.WithIntervals(groups, seed, 2);
        (double[] accuracies, double[] macros) = ([.. Enumerable.Range(0, 1000).Select(d => Slow(judged, groups, seed, d).Accuracy)], [.. Enumerable.Range(0, 1000).Select(d => Slow(judged, groups, seed, d).MacroF1)]);
        Assert.Equal(SlowPercentile(accuracies, 0.025), fast.AccuracyLow, 1e-12);
        Assert.Equal(SlowPercentile(accuracies, 0.975), fast.AccuracyHigh, 1e-12);
        Assert.Equal(SlowPercentile(macros, 0.025), fast.MacroF1Interval!.Value.Low, 1e-12);
        Assert.Equal(SlowPercentile(macros, 0.975), fast.MacroF1Interval!.Value.High, 1e-12);
        Assert.Equal(groups?.Distinct().Count() ?? 120, fast.Groups);
        Assert.InRange(fast.Accuracy, fast.AccuracyLow, fast.AccuracyHigh);
    }

    [Fact]
    public void One_thread_and_two_give_the_same_interval_and_another_seed_another()
    {
        HeadEvaluation judged = Drawn(300, 5, 0.6);
        Assert.Equal(judged.WithIntervals(null, 1, 1).MacroF1Interval, judged.WithIntervals(null, 1, 2).MacroF1Interval);
        Assert.NotEqual(judged.WithIntervals(null, 1, 1).MacroF1Interval, judged.WithIntervals(null, 2, 1).MacroF1Interval);
    }

    [Fact]
    public void Copies_of_a_text_make_the_interval_no_narrower()
    {
        HeadEvaluation once = Drawn(100, 7, 0.7);
        JudgedAnswer[] copies = [.. once.Answers.SelectMany(a => Enumerable.Range(0, 5).Select(k => a with { Row = (a.Row * 5) + k }))];
        HeadEvaluation five = HeadEvaluation.Of("h", copies, 0.6);
        int[] groups = [.. Enumerable.Range(0, 500).Select(r => r / 5)];
        HeadEvaluation alone = once.WithIntervals(null, 1, 1);
        HeadEvaluation grouped = five.WithIntervals(groups, 1, 1);
        HeadEvaluation naive = five.WithIntervals(null, 1, 1);
        Assert.Equal((alone.AccuracyLow, alone.AccuracyHigh), (grouped.AccuracyLow, grouped.AccuracyHigh));
        Assert.True(naive.AccuracyHigh - naive.AccuracyLow < 0.6 * (grouped.AccuracyHigh - grouped.AccuracyLow));
    }

    [Fact]
    public void The_interval_of_a_sure_thing_is_a_point_and_that_of_nothing_is_none()
    {
        HeadEvaluation all = HeadEvaluation.Of("h", ["a", "a"], [("a", 1f), ("a", 1f)], 0.6).WithIntervals(null, 1, 1);
        Assert.Equal((1, 1), (all.AccuracyLow, all.AccuracyHigh));
        Assert.Null(HeadEvaluation.Of("h", [null], [("a", 1f)], 0.6).WithIntervals(null, 1, 1).MacroF1Interval);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 10)]
    [InlineData(7, 7)]
    [InlineData(0, 30)]
    [InlineData(25, 40)]
    public void McNemars_probability_is_that_of_counting_all_tosses(int first, int second)
    {
        int n = first + second;
        System.Numerics.BigInteger tail = 0;
        System.Numerics.BigInteger ways = 1;
        for (int k = 0; k <= Math.Min(first, second); k++)
        {
            tail += ways;
            ways = ways * (n - k) / (k + 1);
        }
        double exact = Math.Min(1, 2 * (double)tail / Math.Pow(2, n));
        Assert.Equal(exact, McNemar.Exact(first, second), 1e-12);
        Assert.Equal(McNemar.Exact(first, second), McNemar.Exact(second, first), 1e-15);
    }

    [Fact]
    public void McNemars_test_takes_large_counts() => Assert.InRange(McNemar.Exact(50_000, 51_000), 0.0015, 0.0019);

    [Fact]
    public void A_comparison_with_itself_is_not_distinguishable_and_with_a_better_one_advises_to_promote()
    {
        HeadEvaluation weak = Drawn(400, 11, 0.5);
        HeadEvaluation strong = HeadEvaluation.Of("h", [.. weak.Answers.Select(a => a.Row % 3 == 0 ? a with { Answer = a.Truth } : a)], 0.6);
        PairedComparison same = PairedComparison.Of(weak, weak, null, 1, 2);
        Assert.Equal((0, 0, 1, ComparisonVerdict.NotDistinguishable), (same.AccuracyDifference, same.OnlyFirst, same.P, same.Verdict));
        PairedComparison better = PairedComparison.Of(weak, strong, null, 1, 2);
        Assert.Equal(ComparisonVerdict.Promote, better.Verdict);
        Assert.Equal(0, better.OnlyFirst);
        Assert.Equal(strong.Accuracy - weak.Accuracy, better.AccuracyDifference, 1e-12);
        Assert.InRange(better.AccuracyDifference, better.AccuracyInterval.Low, better.AccuracyInterval.High);
        Assert.Equal(better.OnlySecond, better.Classes.Sum(c => c.Gained));
        PairedComparison worse = PairedComparison.Of(strong, weak, null, 1, 2);
        Assert.Equal(ComparisonVerdict.Worse, worse.Verdict);
        Assert.Equal(-better.AccuracyInterval.High, worse.AccuracyInterval.Low, 1e-12);
    }

    [Fact]
    public void A_comparison_of_other_texts_is_refused() =>
        Assert.Throws<ArgumentException>(() => PairedComparison.Of(Drawn(10, 1, 0.5), Drawn(11, 1, 0.5), null, 1, 1));

    private static HeadEvaluation Drawn(int texts, int seed, double skill)
    {
        Random chance = new(seed);
        return HeadEvaluation.Of(
            "h",
            [.. Enumerable.Range(0, texts).Select(row =>
            {
                string truth = Names[chance.Next(Names.Length)];
                string? answer = chance.NextDouble() < skill ? truth : chance.Next(20) == 0 ? null : Names[chance.Next(Names.Length)];
                return new JudgedAnswer(row, truth, answer, (float)chance.NextDouble());
            })],
            0.6);
    }

    private static int[] Groups(int texts, int seed)
    {
        Random chance = new(seed);
        return [.. Enumerable.Range(0, texts).Select(_ => chance.Next(texts / 2))];
    }

    /// <summary>Copies the drawn groups' rows and judges them as if they were texts of their own.</summary>
    private static HeadEvaluation Slow(HeadEvaluation judged, int[]? groups, int seed, int draw)
    {
        JudgedAnswer[][] own = groups is null
            ? [.. judged.Answers.Select(a => (JudgedAnswer[])[a])]
            : [.. judged.Answers.GroupBy(a => groups[a.Row]).OrderBy(g => g.Key).Select(g => g.ToArray())];
        SeededDraws chance = new(seed, draw);
        List<JudgedAnswer> copied = [];
        for (int i = 0; i < own.Length; i++)
        {
            copied.AddRange(own[chance.Next(own.Length)]);
        }
        return HeadEvaluation.Of("h", copied, 0.6);
    }

    private static double SlowPercentile(double[] values, double share)
    {
        double[] sorted = [.. values.Order()];
        double position = share * (sorted.Length - 1);
        int below = (int)Math.Floor(position);
        return sorted[below] + ((position - below) * (sorted[below + 1] - sorted[below]));
    }
}
