using Pipeline.Models.Classification;

namespace Pipeline.Tests.Classification;

/// <summary>The fast engine against the slow one.</summary>
public sealed class EngineTests
{
    // The slow engine knows no collisions: so many buckets that the n-grams of these draws have none.
    private static readonly GramOptions[] Shapes =
    [
        new() { BucketBits = 24 },
        new() { BucketBits = 24, IdeographOrder = 3, WordOrder = 1, LettersFrom = 2, LettersTo = 4 },
        new() { BucketBits = 24, IdeographOrder = 1, WordOrder = 3, LettersTo = 0 },
    ];

    private static readonly FeatureView Grams = new(1, 1, 0, 0);

    public static TheoryData<int, int> Draws => new() { { 1, 0 }, { 2, 1 }, { 3, 2 } };

    [Theory]
    [MemberData(nameof(Draws))]
    public void Inner_products_of_texts_equal_those_of_the_slow_engine(int seed, int shape)
    {
        string[] texts = Corpora.Mixed(60, seed);
        Dictionary<string, double>[] expected = SlowEngine.Features(texts, Shapes[shape], 2);
        Dictionary<int, double>[] rows = Scaled(CorpusReader.Read(texts, Shapes[shape], 2, int.MaxValue, 2, CancellationToken.None));
        for (int a = 0; a < texts.Length; a++)
        {
            Assert.Equal(expected[a].Count, rows[a].Count);
            for (int b = a; b < texts.Length; b++)
            {
                Assert.Equal(SlowEngine.Dot(expected[a], expected[b]), Dot(rows[a], rows[b]), 1e-5);
            }
        }
    }

    [Fact]
    public void A_text_is_read_for_prediction_as_it_was_for_training()
    {
        string[] texts = Corpora.Mixed(200, 4);
        GramOptions options = new();
        FeatureMatrix matrix = CorpusReader.Read(texts, options, 2, int.MaxValue, 1, CancellationToken.None);
        RowReader training = new(matrix, new FeatureView(1, 1, 1, 1));
        FeatureReader prediction = new(matrix.Vocabulary, options);
        for (int row = 0; row < texts.Length; row++)
        {
            training.Read(row);
            prediction.Read(texts[row]);
            float[] values = prediction.Values.ToArray();
            int[] features = prediction.Features.ToArray();
            Array.Sort(features, values);
            int[] expected = training.Features.ToArray();
            float[] expectedValues = training.Values.ToArray();
            Array.Sort(expected, expectedValues);
            Assert.Equal(expected, features);
            Assert.All(expectedValues.Zip(values), p => Assert.Equal(p.First, p.Second, 1e-6f));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void The_solver_reaches_the_optimum_that_gradient_descent_finds(int seed)
    {
        string[] texts = Corpora.Mixed(30, seed);
        int[] classes = [.. texts.Select((_, i) => i % 7 == 0 ? 2 : i % 2)];
        ClassifierHead head = new("h", ["a", "b", "c"], [.. Enumerable.Range(0, 3).Select(c => classes.Count(x => x == c))]);
        ClassLayout layout = new([head]);
        TrainingOptions options = new() { Tolerance = 1e-6f, Epochs = 5000, Seed = seed };
        FeatureMatrix matrix = CorpusReader.Read(texts, options.Grams, 1, int.MaxValue, 1, CancellationToken.None);
        Dictionary<int, double>[] rows = Scaled(matrix);
        LinearWeights fast = DualSolver.Solve(
            matrix, Grams, [.. texts.Select((_, row) => matrix.ViewScale(row, Grams))], [.. Enumerable.Range(0, texts.Length)], new LearningTask(layout, [classes], null), options.Penalty, null, options, CancellationToken.None);
        double[,] gram = new double[texts.Length, texts.Length];
        for (int a = 0; a < texts.Length; a++)
        {
            for (int b = 0; b < texts.Length; b++)
            {
                gram[a, b] = Dot(rows[a], rows[b]);
            }
        }
        for (int c = 0; c < 3; c++)
        {
            double weight = Math.Pow(texts.Length / 3.0 / head.TrainingTexts[c], options.RareClassPower);
            double[] slow = SlowEngine.Solve(
                gram, [.. classes.Select(x => x == c)], [.. classes.Select(x => options.Penalty * (x == c ? weight : 1))]);
            for (int row = 0; row < texts.Length; row++)
            {
                double score = fast.Bias[c];
                foreach ((int feature, double value) in rows[row])
                {
                    score += value * fast.Weights[(feature * layout.Stride) + c];
                }
                Assert.Equal(slow[row], score, 1e-3);
            }
        }
    }

    [Theory]
    [InlineData("ＣＡＲＤ　fee １２３", "card fee 987")]
    [InlineData("尾号8387的卡", "尾号1111的卡")]
    [InlineData("card XXXX, fee", "CARD ****, Fee")]
    public void Width_case_digits_and_masks_make_no_difference(string one, string other)
    {
        LinearTextModel model = new LinearTrainer().Train(Corpora.Chinese(200), new TrainingOptions()).Model;
        Assert.Equal(model.Probabilities(one, 0), model.Probabilities(other, 0));
    }

    [Fact]
    public void Near_duplicates_stand_in_one_fold_and_folds_have_like_shares_of_classes()
    {
        LabelledCorpus corpus = Corpora.Chinese(400);
        string[] copies = [.. corpus.Texts.Take(60).Select(t => $"{t}谢谢。")];
        LabelledCorpus doubled = new(
            [.. corpus.Texts, .. copies],
            [.. corpus.Columns.Select(c => new LabelColumn(c.Head, [.. c.Labels, .. c.Labels.Take(60)]))]);
        (LabelledCorpus clean, int[] foldOf, int folds) = LinearTrainer.Split(doubled, new TrainingOptions(), CancellationToken.None);
        Assert.Equal(5, folds);
        Assert.All(Enumerable.Range(0, 60), i => Assert.Equal(foldOf[i], foldOf[400 + i]));
        foreach (IGrouping<string?, int> own in Enumerable.Range(0, foldOf.Length).GroupBy(row => clean.Columns[0].Labels[row]))
        {
            int[] sizes = [.. Enumerable.Range(0, folds).Select(fold => own.Count(row => foldOf[row] == fold))];
            Assert.InRange(sizes.Max() - sizes.Min(), 0, Math.Max(4, own.Count() / 8));
        }
    }

    /// <summary>The rows brought to length 1.</summary>
    private static Dictionary<int, double>[] Scaled(FeatureMatrix matrix)
    {
        RowReader reader = new(matrix, Grams);
        Dictionary<int, double>[] rows = new Dictionary<int, double>[matrix.Rows];
        for (int row = 0; row < rows.Length; row++)
        {
            reader.Read(row);
            rows[row] = [];
            double scale = FeatureReader.ViewScale(reader.Features, Grams, matrix.Vocabulary);
            Assert.Equal(scale, matrix.ViewScale(row, Grams));
            for (int i = 0; i < reader.Features.Length; i++)
            {
                rows[row].Add(reader.Features[i], reader.Values[i] * scale);
            }
        }
        return rows;
    }

    private static double Dot(Dictionary<int, double> a, Dictionary<int, double> b) => a.Sum(g => g.Value * b.GetValueOrDefault(g.Key));
}
