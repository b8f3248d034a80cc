using Pipeline.Jobs.Rules;
using Pipeline.Models.Classification;

namespace Pipeline.Tests.Classification;

public sealed class StackedEngineTests
{
    private static readonly ConceptLexicon Lexicon = RuleFiles.Concepts(Path.GetTempPath()).Value;
    private static readonly TrainingOptions Options = new() { Engine = ClassifierEngine.Stacked, Concepts = Lexicon, Threads = 2 };
    private static readonly GramOptions Words = new() { WordOrder = 1, LettersTo = 0 };
    private static readonly FeatureView Everything = new(1, 1, 1, 1);
    private static readonly LabelledCorpus Corpus = Corpora.Chinese(400);
    private static readonly LinearTextModel Model = new LinearTrainer().Train(Corpus, Options).Model;

    [Fact]
    public void One_thread_and_two_make_the_same_bytes_of_model_and_the_same_answers()
    {
        LinearTextModel one = new LinearTrainer().Train(Corpus, Options with { Threads = 1 }).Model;
        Assert.Equal(ModelFile.Write(one), ModelFile.Write(Model));
        Assert.Equal(one.Predict(Corpus.Texts, 1), Model.Predict(Corpus.Texts, 2));
    }

    [Fact]
    public void A_model_read_from_its_bytes_answers_as_the_one_that_was_written()
    {
        byte[] bytes = ModelFile.Write(Model);
        LinearTextModel read = ModelFile.Read(bytes);
        Assert.Equal(Model.Predict(Corpus.Texts, 2), read.Predict(Corpus.Texts, 1));
        Assert.Equal(bytes, ModelFile.Write(read));
        Assert.Equal("stacked", read.Card.Engine);
    }

    [Fact]
    public void Contributions_of_all_spans_and_the_bias_add_up_to_the_score()
    {
        foreach (string text in Corpora.Chinese().Texts.Skip(400).Take(40).Append("annual fee 年费 charged"))
        {
            for (int head = 0; head < Model.Heads.Count; head++)
            {
                for (int c = 0; c < Model.Heads[head].Classes.Count; c++)
                {
                    TextExplanation why = Model.Explain(text, head, c);
                    Assert.Equal(why.Score, why.Bias + why.Spans.Sum(s => s.Contribution), 1e-3);
                }
            }
        }
    }

    [Fact]
    public void Unseen_answers_are_better_than_those_of_the_linear_engine()
    {
        LabelledCorpus corpus = Corpora.Chinese();
        IReadOnlyList<HeadEvaluation> stacked = new LinearTrainer().Train(corpus, Options).HeldOut;
        IReadOnlyList<HeadEvaluation> linear = new LinearTrainer().Train(corpus, Options with { Engine = ClassifierEngine.Linear }).HeldOut;
        Assert.True(stacked.Sum(h => h.Accuracy) > linear.Sum(h => h.Accuracy) + 0.02);
    }

    [Theory]
    [InlineData("年费")]
    [InlineData("")]
    public void One_class_or_one_text_is_learned_without_a_fault(string other)
    {
        LabelledCorpus corpus = new(["退我年费", other, "利息多收"], [new LabelColumn("h", ["a", "a", "a"])]);
        Assert.Equal(0, new LinearTrainer().Train(corpus, Options).Model.Predict(["年费"], 1)[0].Class);
        LabelledCorpus single = new(["退我年费"], [new LabelColumn("h", ["a"])]);
        Assert.Equal(0, new LinearTrainer().Train(single, Options).Model.Predict(["年费"], 1)[0].Class);
    }

    [Fact]
    public void Phrases_of_one_notion_are_one_feature_wherever_they_stand()
    {
        ConceptTable table = ConceptTable.Of(new ConceptLexicon("1", "test", [new("fee", ["年费", "annual fee", "12378"]), new("card", ["信用卡", "年费"])]));
        Assert.Equal(3, table.Phrases.Length); // the one with a number is left out
        Assert.Equal(
            [("card", 0, 2), ("card", 3, 4), ("fee", 3, 4), ("fee", 6, 7)],
            Concepts(table, "信用卡年费，ANNUAL　Fee").Order().ToArray());
        Assert.Empty(Concepts(table, "年，费 annual. fee"));
    }

    [Fact]
    public void Log_count_ratios_are_as_one_would_count_them()
    {
        string[] texts = ["fee card", "card", "fee loan"];
        FeatureMatrix matrix = CorpusReader.Read(texts, Words, 1, int.MaxValue, 1, CancellationToken.None);
        ClassLayout layout = new([new ClassifierHead("h", ["a", "b"], [2, 1])]);
        LogRatios ratios = LogRatios.Of(matrix, Everything, [0, 1, 2], [[0, 1, 0]], layout, null);
        (string Word, double Own, double Others)[] counts = [("fee", 2, 0), ("card", 1, 1), ("loan", 1, 0)];
        FeatureReader reader = new(matrix.Vocabulary, Words);
        foreach ((string word, double own, double others) in counts)
        {
            reader.Read(word);
            int feature = Assert.Single(reader.Features.ToArray());
            double ratio = Math.Log((0.5 + own) / (3 * 0.5 + 4) / ((0.5 + others) / (3 * 0.5 + 1)));
            Assert.Equal(ratio * ratio, ratios.Squares[feature * layout.Stride], 1e-5);
            Assert.Equal(ratio * ratio, ratios.Squares[(feature * layout.Stride) + 1], 1e-5);
            Assert.Equal(ratio * ratio, ratios.Metric[feature], 1e-2);
        }
        LogRatios ofTwo = LogRatios.Of(matrix, Everything, [0, 1], [[0, 1, 0]], layout, null);
        Assert.Equal(1, ofTwo.Metric.Count(m => m == 0)); // what no text has says nothing
    }

    [Fact]
    public void A_machine_that_sees_ratios_equals_one_whose_features_were_multiplied_by_them()
    {
        string[] texts = Corpora.Mixed(40, 3);
        int[] classes = [.. texts.Select((_, i) => i % 2)];
        TrainingOptions exact = new() { Tolerance = 1e-6f, Epochs = 3000 };
        FeatureMatrix matrix = CorpusReader.Read(texts, exact.Grams, 1, int.MaxValue, 1, CancellationToken.None);
        ClassLayout layout = new([new ClassifierHead("h", ["a", "b"], [20, 20])]);
        LearningTask task = new(layout, [classes], null);
        int[] rows = [.. Enumerable.Range(0, texts.Length)];
        FeatureView view = new(1, 1, 0, 0);
        SolvedMachine machine = new Machine(view, true, 0.4f).Solve(matrix, rows, task, exact, CancellationToken.None);
        LogRatios ratios = LogRatios.Of(matrix, view, rows, task.Targets, layout, null);
        RowReader reader = new(matrix, view);
        Dictionary<int, double>[] vectors = [.. rows.Select(row =>
        {
            reader.Read(row);
            return reader.Features.ToArray().Zip(reader.Values.ToArray()).ToDictionary(
                p => p.First, p => p.Second * Math.Sqrt(ratios.Squares[p.First * layout.Stride]) * machine.Scales[row]);
        })];
        double[,] products = new double[texts.Length, texts.Length];
        for (int a = 0; a < texts.Length; a++)
        {
            for (int b = 0; b < texts.Length; b++)
            {
                products[a, b] = vectors[a].Sum(p => p.Value * vectors[b].GetValueOrDefault(p.Key));
            }
        }
        double[] slow = SlowEngine.Solve(products, [.. classes.Select(c => c == 0)], [.. classes.Select(_ => 0.4)]);
        float[] scores = new float[layout.Stride];
        for (int row = 0; row < texts.Length; row++)
        {
            machine.Score(reader, row, layout.Stride, scores);
            Assert.Equal(slow[row], scores[0], 2e-3);
        }
    }

    [Fact]
    public void The_combination_of_a_right_machine_and_a_wrong_one_listens_to_the_right_one()
    {
        Random chance = new(3);
        int[] truth = [.. Enumerable.Range(0, 300).Select(_ => chance.Next(3))];
        float[] inputs = [.. truth.SelectMany(t => Enumerable.Range(0, 6).Select(i =>
            (float)((i < 3 && i == t ? 1 : 0) + (i >= 3 && i - 3 == (t + 1) % 3 ? 1.5 : 0) + (0.2 * chance.NextDouble()))))];
        Combiner combiner = Combiner.Fit(inputs, 6, 0, 3, truth, 3, 1, CancellationToken.None);
        float[] scores = new float[3];
        int right = 0;
        for (int row = 0; row < truth.Length; row++)
        {
            combiner.Score(inputs.AsSpan(row * 6, 6), [0, 1, 2, 3, 4, 5], scores);
            right += Array.IndexOf(scores, scores.Max()) == truth[row] ? 1 : 0;
        }
        Assert.True(right > 290, $"{right} of 300");
    }

    private static List<(string Concept, int First, int Last)> Concepts(ConceptTable table, string text)
    {
        Pipeline.Models.Text.TextUnits units = new();
        units.Read(text);
        Found found = new(table, []);
        table.Read(units, 0, ref found);
        return found.Concepts;
    }

    private readonly struct Found(ConceptTable table, List<(string Concept, int First, int Last)> concepts) : IGramSink
    {
        public List<(string Concept, int First, int Last)> Concepts => concepts;

        public void Add(uint bucket, int firstUnit, int lastUnit)
        {
            if (bucket >= table.Phrases.Length)
            {
                concepts.Add((bucket == table.Phrases.Length ? "fee" : "card", firstUnit, lastUnit));
            }
        }
    }
}
