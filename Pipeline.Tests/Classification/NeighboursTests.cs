using Pipeline.Jobs.Rules;
using Pipeline.Models.Classification;

namespace Pipeline.Tests.Classification;

public sealed class NeighboursTests
{
    private static readonly GramOptions Grams = new();
    private static readonly FeatureView View = new(1, 1, 0, 0);
    private static readonly string[] Texts = Corpora.Mixed(150, 5);
    private static readonly int[][] Targets = [[.. Texts.Select((_, i) => i * 7 % 5 - 1)], [.. Texts.Select((_, i) => i * 11 % 3)]];
    private static readonly float[] Weights = [.. Texts.Select((_, i) => i % 4 == 0 ? 0.5f : 1)];
    private static readonly ClassLayout Layout = new([new("a", ["0", "1", "2", "3"], [1, 1, 1, 1]), new("b", ["0", "1", "2"], [1, 1, 1])]);
    private static readonly FeatureMatrix Matrix = CorpusReader.Read(Texts, Grams, 1, int.MaxValue, 2, CancellationToken.None);
    private static readonly Neighbours All = new(Matrix, View, Targets, Layout, Weights);

    [Fact]
    public void Neighbours_say_what_a_comparison_of_every_text_with_every_text_gives()
    {
        int[] folds = [.. Texts.Select((_, i) => i % 3)];
        Dictionary<string, double>[] features = SlowEngine.Features(Texts, Grams, 1);
        double[] shares = [.. Enumerable.Range(0, 7).Select(c => Share(c))];
        Neighbours.Search search = new(All);
        RowReader reader = new(Matrix, FeatureView.Everything);
        float[] scores = new float[Layout.Stride];
        for (int row = 0; row < Texts.Length; row++)
        {
            (int Row, double Similarity)[] nearest = [.. Enumerable.Range(0, Texts.Length).Where(other => folds[other] != folds[row])
                .Select(other => (other, SlowEngine.Dot(features[row], features[other]))).OrderByDescending(p => p.Item2).Take(Neighbours.Nearest)];
            double[] expected = new double[7];
            foreach ((int other, double similarity) in nearest)
            {
                for (int c = 0; c < 7; c++)
                {
                    int target = Targets[c < 4 ? 0 : 1][other];
                    expected[c] += target < 0 ? 0 : (similarity - nearest[^1].Similarity) * Weights[other] * ((target == (c < 4 ? c : c - 4) ? 1 : 0) - shares[c]);
                }
            }
            reader.Read(row);
            search.Score(reader.Features, reader.Values, Matrix.ViewScale(row, View), scores, folds, folds[row]);
            Assert.All(expected, (e, c) => Assert.Equal(e, scores[c], 1e-4));
        }

        static double Share(int c)
        {
            int[] own = Targets[c < 4 ? 0 : 1];
            double all = own.Select((t, i) => t < 0 ? 0 : Weights[i]).Sum();
            return own.Select((t, i) => t == (c < 4 ? c : c - 4) ? Weights[i] : 0).Sum() / all;
        }
    }

    [Fact]
    public void What_the_features_of_a_text_add_through_its_neighbours_is_what_the_neighbours_say()
    {
        Neighbours.Search search = new(All);
        FeatureReader reader = new(Matrix.Vocabulary, Grams);
        float[] scores = new float[Layout.Stride];
        float[] mixing = [0.3f, -1, 0.2f, 2, 0.7f, -0.4f, 1];
        foreach (string text in Corpora.Mixed(40, 6))
        {
            reader.Read(text);
            float scale = FeatureReader.ViewScale(reader.Features, View, Matrix.Vocabulary);
            search.Score(reader.Features, reader.Values, scale, scores);
            double said = mixing.Select((m, c) => (double)m * scores[c]).Sum();
            Assert.Equal(said, search.Contributions(reader.Features, reader.Values, scale, mixing).Sum(), 1e-4);
        }
    }

    [Fact]
    public void A_text_that_shares_nothing_with_any_other_has_no_neighbours_and_nothing_is_said_of_it()
    {
        float[] scores = [.. Enumerable.Repeat(1f, Layout.Stride)];
        new Neighbours.Search(All).Score([], [], 0, scores);
        Assert.All(scores[..7], s => Assert.Equal(0, s));
    }

    [Fact]
    public void A_model_of_few_texts_and_classes_asks_neighbours_and_one_of_many_classes_does_not()
    {
        TrainingOptions options = new() { Engine = ClassifierEngine.Stacked, Threads = 2 };
        Assert.True(new LinearTrainer().Train(Corpora.Chinese(100), options).Model.HasNeighbours);
        Assert.False(new LinearTrainer().Train(Corpora.Chinese(100), options with { Engine = ClassifierEngine.Linear }).Model.HasNeighbours);
        string[] texts = Corpora.Mixed(120, 9);
        LabelledCorpus many = new(texts, [new LabelColumn("h", [.. texts.Select((_, i) => $"{i % 40}")])]);
        Assert.False(new LinearTrainer().Train(many, options).Model.HasNeighbours);
    }

    [Fact]
    public void Packed_texts_that_name_no_feature_of_their_group_are_refused()
    {
        int[] starts = [0, 2, 2, 2, 2, 2, 2, 2, 2];
        new FeatureBlock([0, 1], starts).Measure(Matrix.Vocabulary);
        Assert.Throws<ArgumentException>(() => new FeatureBlock([0, (ushort)Matrix.Vocabulary.Starts[1]], starts).Measure(Matrix.Vocabulary));
        Assert.Throws<ArgumentException>(() => new FeatureBlock([0, 256], [0, 0, 2, 2, 2, 2, 2, 2, 2]).Measure(Matrix.Vocabulary));
        Assert.Throws<ArgumentException>(() => new FeatureBlock([0, 1], [0, 2, 1, 2, 2, 2, 2, 2, 2]).Measure(Matrix.Vocabulary));
        Assert.Throws<ArgumentException>(() => new FeatureBlock([0, 1], [0, 3, 3, 3, 3, 3, 3, 3, 3]).Measure(Matrix.Vocabulary));
    }
}
