using Pipeline.Models.Classification;
using Pipeline.Models.Classification.Evaluation;

namespace Pipeline.Tests.Classification.Evaluation;

public sealed class HeadEvaluationTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Thresholds_are_the_lowest_that_reach_the_precision(int seed)
    {
        HeadEvaluation judged = Drawn(seed);
        foreach (ClassThreshold found in judged.ThresholdsAt(0.8))
        {
            JudgedAnswer[] own = [.. judged.Answers.Where(a => a.Answer == found.Class)];
            float[] good = [.. own.Select(a => a.Probability).Distinct().Where(t =>
            {
                JudgedAnswer[] above = [.. own.Where(a => a.Probability >= t)];
                return above.Length >= 10 && above.Count(a => a.Right) >= 0.8 * above.Length;
            })];
            Assert.Equal(good.Length == 0 ? null : (double?)good.Min(), found.Threshold);
            if (found.Threshold is { } threshold)
            {
                JudgedAnswer[] above = [.. own.Where(a => a.Probability >= threshold)];
                Assert.Equal(above.Length, found.Texts);
                Assert.Equal((double)above.Count(a => a.Right) / above.Length, found.Precision, 1e-12);
            }
        }
    }

    [Theory]
    [InlineData(1, 0.95)]
    [InlineData(2, 0.5)]
    [InlineData(3, 0.75)]
    public void Coverage_is_the_largest_share_that_reaches_the_accuracy(int seed, double accuracy)
    {
        HeadEvaluation judged = Drawn(seed);
        double best = judged.Answers.Select(a => a.Probability).Distinct().Select(t =>
        {
            JudgedAnswer[] above = [.. judged.Answers.Where(a => a.Probability >= t)];
            return above.Count(a => a.Right) >= accuracy * above.Length ? (double)above.Length / judged.Texts : 0;
        }).Max();
        Assert.Equal(best, judged.CoverageAt(accuracy).Coverage, 1e-12);
    }

    [Fact]
    public void The_surest_errors_come_first_and_no_right_answer_is_among_them()
    {
        HeadEvaluation judged = HeadEvaluation.Of(
            "h", ["a", "b", null, "a", "b"], [("a", 0.99f), ("a", 0.9f), ("a", 1f), ("b", 0.95f), (null, 0f)], 0.6);
        Assert.Equal([3, 1, 4], judged.WorstErrors(5).Select(e => e.Row));
        Assert.Equal([3], judged.WorstErrors(1).Select(e => e.Row));
        Assert.Equal(new Confusion("a", "b", 1), judged.LargestConfusions(1)[0]);
    }

    [Fact]
    public void Bins_of_reliability_have_equal_mass_and_the_calibration_error_is_their_mean_gap()
    {
        HeadEvaluation judged = Drawn(4);
        Assert.Equal(15, judged.Reliability.Count);
        Assert.Equal(judged.Texts, judged.Reliability.Sum(b => b.Texts));
        Assert.InRange(judged.Reliability.Max(b => b.Texts) - judged.Reliability.Min(b => b.Texts), 0, 1);
        Assert.Equal(judged.Reliability.Sum(b => b.Texts * Math.Abs(b.Accuracy - b.MeanProbability)) / judged.Texts, judged.Ece, 1e-12);
    }

    [Fact]
    public void Contradicting_labels_of_one_text_are_found_whatever_its_width_and_spaces()
    {
        LabelFindings found = LabelFindings.Of(new LabelledCorpus(
            ["退我年费！", "退我年费", "客服态度差", "  ", "Ｆee", "fee", "利息"],
            [
                new LabelColumn("nature", ["product", "service", "service", "service", "product", " product ", null]),
                new LabelColumn("cause", ["x", "x", "x", null, "x", "x", null]),
            ]));
        Contradiction one = Assert.Single(found.Contradictions);
        Assert.Equal("nature", one.Head);
        Assert.Equal([0, 1], one.Rows);
        Assert.Equal(["product", "service"], one.Labels);
        Assert.Equal((1, 1, 2), (found.EmptyTexts, found.Unlabelled, found.Repeated));
        Assert.Equal(["cause"], found.OneClass);
    }

    [Fact]
    public void Texts_that_were_seen_are_known_again_from_their_fingerprints()
    {
        string[] texts = Corpora.Mixed(2000, 1);
        SeenTexts seen = SeenTexts.Parse(SeenTexts.Of(texts.Take(1000)).Pack());
        bool[] known = seen.Contains(texts);
        Assert.All(texts.Take(1000).Select((t, i) => (t, i)), p => Assert.True(known[p.i] || !p.t.Any(char.IsLetterOrDigit)));
        LabelledCorpus corpus = Corpora.Chinese();
        SeenTexts first = SeenTexts.Of(corpus.Texts.Take(800));
        Assert.Equal(800, first.Contains(corpus.Texts).Count(s => s));
        Assert.True(first.Contains(" " + corpus.Texts[0] + "！"));
        Assert.Equal(first.Pack(), SeenTexts.Parse(first.Pack()).Pack());
    }

    [Theory]
    [InlineData("gA==")]
    [InlineData("/////////w8=")]
    [InlineData("not base 64")]
    public void Fingerprints_that_are_none_are_refused(string packed) => Assert.Throws<FormatException>(() => SeenTexts.Parse(packed));

    private static HeadEvaluation Drawn(int seed)
    {
        Random chance = new(seed);
        string[] names = ["a", "b", "c"];
        return HeadEvaluation.Of(
            "h",
            [.. Enumerable.Range(0, 200).Select(row =>
            {
                float probability = chance.Next(1, 21) / 20f; // ties on purpose
                string truth = names[chance.Next(3)];
                return new JudgedAnswer(row, truth, chance.NextDouble() < probability ? truth : names[chance.Next(3)], probability);
            })],
            0.6);
    }
}
