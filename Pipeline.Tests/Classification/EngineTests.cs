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

    public static TheoryData<int, int> Draws => new() { { 1, 0 }, { 2, 1 }, { 3, 2 } };

    [Theory]
    [MemberData(nameof(Draws))]
    public void Inner_products_of_texts_equal_those_of_the_slow_engine(int seed, int shape)
    {
        string[] texts = Corpora.Mixed(60, seed);
        Dictionary<string, double>[] expected = SlowEngine.Features(texts, Shapes[shape], 2);
        (Vocabulary vocabulary, FeatureMatrix groups) = CorpusReader.Read(texts, Shapes[shape], 2, int.MaxValue, 2, CancellationToken.None);
        FeatureMatrix matrix = Scaled(groups, vocabulary);
        for (int a = 0; a < texts.Length; a++)
        {
            Assert.Equal(expected[a].Count, matrix.FeaturesOf(a).Length);
            for (int b = a; b < texts.Length; b++)
            {
                Assert.Equal(SlowEngine.Dot(expected[a], expected[b]), Dot(matrix, a, b), 1e-5);
            }
        }
    }

    [Fact]
    public void A_text_is_read_for_prediction_as_it_was_for_training()
    {
        string[] texts = Corpora.Mixed(200, 4);
        GramOptions options = new();
        (Vocabulary vocabulary, FeatureMatrix matrix) = CorpusReader.Read(texts, options, 2, int.MaxValue, 1, CancellationToken.None);
        FeatureReader reader = new(vocabulary, options);
        for (int row = 0; row < texts.Length; row++)
        {
            reader.Read(texts[row]);
            Assert.Equal(matrix.FeaturesOf(row).ToArray(), reader.Features.ToArray());
            Assert.Equal(matrix.ValuesOf(row).ToArray(), reader.Values.ToArray());
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
        (Vocabulary vocabulary, FeatureMatrix groups) = CorpusReader.Read(texts, options.Grams, 1, int.MaxValue, 1, CancellationToken.None);
        FeatureMatrix matrix = Scaled(groups, vocabulary);
        LinearWeights fast = DualSolver.Solve(
            matrix, [.. texts.Select(_ => 1f)], [.. Enumerable.Range(0, texts.Length)], new LearningTask(layout, [classes], null), options.Penalty, null, options, CancellationToken.None);
        double[,] gram = new double[texts.Length, texts.Length];
        for (int a = 0; a < texts.Length; a++)
        {
            for (int b = 0; b < texts.Length; b++)
            {
                gram[a, b] = Dot(matrix, a, b);
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
                for (int i = 0; i < matrix.FeaturesOf(row).Length; i++)
                {
                    score += (double)matrix.ValuesOf(row)[i] * fast.Weights[(matrix.FeaturesOf(row)[i] * layout.Stride) + c];
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
    private static FeatureMatrix Scaled(FeatureMatrix matrix, Vocabulary vocabulary)
    {
        float[] values = (float[])matrix.Values.Clone();
        for (int row = 0; row < matrix.Rows; row++)
        {
            float scale = FeatureReader.ViewScale(matrix.FeaturesOf(row), new FeatureView(1, 1, 0, 0), vocabulary);
            for (int i = matrix.RowStarts[row]; i < matrix.RowStarts[row + 1]; i++)
            {
                values[i] *= scale;
            }
        }
        return matrix with { Values = values };
    }

    private static double Dot(FeatureMatrix matrix, int a, int b)
    {
        Dictionary<int, float> values = [];
        for (int i = 0; i < matrix.FeaturesOf(a).Length; i++)
        {
            values[matrix.FeaturesOf(a)[i]] = matrix.ValuesOf(a)[i];
        }
        double sum = 0;
        for (int i = 0; i < matrix.FeaturesOf(b).Length; i++)
        {
            sum += (double)values.GetValueOrDefault(matrix.FeaturesOf(b)[i]) * matrix.ValuesOf(b)[i];
        }
        return sum;
    }
}
