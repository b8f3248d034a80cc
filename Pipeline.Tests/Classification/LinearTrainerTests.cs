using Pipeline.Models.Classification;

namespace Pipeline.Tests.Classification;

public sealed class LinearTrainerTests
{
    [Fact]
    public void One_thread_and_two_make_the_same_bytes_of_model_and_the_same_answers()
    {
        LabelledCorpus corpus = Corpora.Chinese();
        LinearTextModel one = new LinearTrainer().Train(corpus, new TrainingOptions { Threads = 1 }).Model;
        LinearTextModel two = new LinearTrainer().Train(corpus, new TrainingOptions { Threads = 2 }).Model;
        Assert.Equal(ModelFile.Write(one), ModelFile.Write(two));
        Assert.Equal(one.Predict(corpus.Texts, 1), two.Predict(corpus.Texts, 2));
    }

    [Fact]
    public void Another_seed_makes_another_model() => Assert.NotEqual(
        ModelFile.Write(new LinearTrainer().Train(Corpora.Chinese(100), new TrainingOptions { Seed = 1 }).Model),
        ModelFile.Write(new LinearTrainer().Train(Corpora.Chinese(100), new TrainingOptions { Seed = 2 }).Model));

    [Fact]
    public void Held_out_answers_on_the_bundled_corpus_are_as_good_and_as_sure_as_they_should_be()
    {
        TrainedClassifier trained = new LinearTrainer().Train(Corpora.Chinese(), new TrainingOptions { Threads = 2 });
        double[] least = [0.80, 0.66, 0.66];
        for (int head = 0; head < least.Length; head++)
        {
            HeadEvaluation own = trained.HeldOut[head];
            Assert.True(own.Accuracy >= least[head], $"{own.Head}: accuracy {own.Accuracy:0.000}");
            Assert.True(own.MacroF1 >= own.Accuracy - 0.06, $"{own.Head}: macro-F1 {own.MacroF1:0.000}");
            Assert.True(own.Ece <= 0.06, $"{own.Head}: calibration error {own.Ece:0.000}");
            Assert.True(own.AccuracyAtCoverage > own.Accuracy, $"{own.Head}: sure answers are no better than all");
        }
    }

    [Fact]
    public void One_class_only_is_what_the_model_always_answers()
    {
        LinearTextModel model = Train(["退我年费", "利息算错了", "收费不合理"], ["product", "product", "product"]);
        HeadPrediction answer = model.Predict(["随便什么"], 1)[0];
        Assert.Equal((0, 1f), (answer.Class, answer.Probability));
        Assert.Equal([1.0], model.Probabilities("随便什么", 0));
    }

    [Fact]
    public void A_single_text_can_be_learned_and_is_judged_on_nothing()
    {
        TrainedClassifier trained = new LinearTrainer().Train(Corpus(["退我年费"], ["product"]), new TrainingOptions());
        Assert.Empty(trained.HeldOut);
        Assert.Equal(0, trained.Model.Predict(["年费"], 1)[0].Class);
    }

    [Fact]
    public void Empty_texts_are_left_out_of_training_and_get_no_class()
    {
        TrainedClassifier trained = new LinearTrainer().Train(
            Corpus(["退我年费", "", " \t\n", "。。！", "客服态度差"], ["a", "a", "b", "b", "b"]), new TrainingOptions());
        Assert.Equal([0, 4], trained.Rows);
        HeadPrediction[] answers = trained.Model.Predict(["", "  ", "年费"], 1);
        Assert.Equal(HeadPrediction.Nothing, answers[0]);
        Assert.Equal(HeadPrediction.Nothing, answers[1]);
        Assert.NotEqual(HeadPrediction.None, answers[2].Class);
        Assert.Empty(trained.Model.Probabilities("", 0));
    }

    [Fact]
    public void A_corpus_without_a_label_in_a_column_is_refused_with_the_name_of_the_column()
    {
        TrainingException fault = Assert.Throws<TrainingException>(() => new LinearTrainer().Train(
            new LabelledCorpus(["年费", "利息"], [new LabelColumn("nature", ["a", "b"]), new LabelColumn("cause", [null, "  "])]), new TrainingOptions()));
        Assert.Contains("cause", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_of_one_change_no_answer()
    {
        LabelledCorpus plain = Corpora.Chinese(300);
        LabelledCorpus weighed = new(plain.Texts, plain.Columns, [.. plain.Texts.Select(_ => 1f)]);
        Assert.Equal(
            new LinearTrainer().Train(plain, new TrainingOptions()).Model.Predict(plain.Texts, 1),
            new LinearTrainer().Train(weighed, new TrainingOptions()).Model.Predict(plain.Texts, 1));
    }

    [Fact]
    public void A_text_of_weight_two_pulls_as_much_as_two_of_weight_one()
    {
        TrainingOptions options = new() { Tolerance = 1e-6f, Epochs = 5000, MinimumTexts = 1, RareClassPower = 0 };
        string[] texts = ["年费太高要退", "年费利息算错", "利息多收了我"];
        FeatureMatrix one = CorpusReader.Read([.. texts], options.Grams, 1, int.MaxValue, 1, CancellationToken.None);
        FeatureView view = new(1, 1, 0, 0);
        ClassLayout layout = new([new ClassifierHead("h", ["a", "b"], [1, 2])]);
        int[][] targets = [[0, 1, 1]];
        LinearWeights weighed = DualSolver.Solve(
            one, view, [1, 1, 1], [0, 1, 2], new LearningTask(layout, targets, [1, 2, 1]), 0.5f, null, options, CancellationToken.None);
        LinearWeights repeated = DualSolver.Solve(
            one, view, [1, 1, 1], [0, 1, 1, 2], new LearningTask(layout, targets, null), 0.5f, null, options, CancellationToken.None);
        Assert.Equal(weighed.Bias.Length, repeated.Bias.Length);
        Assert.All(weighed.Weights.Zip(repeated.Weights), p => Assert.Equal(p.First, p.Second, 1e-4f));
    }

    [Fact]
    public void Weak_examples_are_learned_from_and_not_judged()
    {
        LabelledCorpus corpus = Corpora.Chinese(300);
        LabelledCorpus weighed = new(corpus.Texts, corpus.Columns, [.. corpus.Texts.Select((_, row) => row < 100 ? 0.3f : 1f)]);
        TrainedClassifier trained = new LinearTrainer().Train(weighed, new TrainingOptions());
        Assert.All(trained.HeldOut, head => Assert.Equal(200, head.Texts));
        Assert.All(CrossValidation.Run(weighed, new TrainingOptions()).Heads, head => Assert.Equal(200, head.Texts));
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(float.NaN)]
    [InlineData(-1f)]
    public void A_weight_that_is_no_number_above_zero_is_refused(float weight) =>
        Assert.Throws<ArgumentException>(() => new LabelledCorpus(["年费"], [new LabelColumn("h", ["a"])], [weight]));

    [Fact]
    public void Stray_spaces_around_labels_make_no_second_class() => Assert.Equal(
        ["a", "b"], Train(["年费一", "年费二", "利息"], ["a", " a ", "b\t"]).Heads[0].Classes);

    [Fact]
    public void A_head_without_a_label_for_a_text_learns_nothing_from_it()
    {
        LabelledCorpus corpus = new(
            ["年费太高", "利息算错", "年费要退", "利息多收"],
            [new LabelColumn("one", ["a", "b", null, null]), new LabelColumn("two", ["x", "y", "x", "y"])]);
        LinearTextModel model = new LinearTrainer().Train(corpus, new TrainingOptions()).Model;
        Assert.Equal([1, 1], model.Heads[0].TrainingTexts);
        Assert.Equal([2, 2], model.Heads[1].TrainingTexts);
    }

    [Fact]
    public void Ten_megabytes_in_one_cell_and_lone_surrogates_are_read()
    {
        LinearTextModel model = new LinearTrainer().Train(Corpora.Chinese(200), new TrainingOptions()).Model;
        string long1 = string.Concat(Enumerable.Repeat("年费1800元 annual fee，", 600_000));
        Assert.True(long1.Length > 10_000_000);
        HeadPrediction[] answers = model.Predict([long1, "年费\uD83D退\uDE00 \uDC00", new string('x', 5_000_000) + "年费"], 2);
        Assert.All(answers, a => Assert.InRange(a.Probability, 0.0001f, 1f));
        TrainedClassifier trained = new LinearTrainer().Train(Corpus([long1, "利息", "\uD83D年费"], ["a", "b", "a"]), new TrainingOptions());
        Assert.Equal(3, trained.Rows.Count);
    }

    [Fact]
    public void Training_stops_when_it_is_cancelled()
    {
        using CancellationTokenSource cancelled = new();
        cancelled.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => new LinearTrainer().Train(Corpora.Chinese(50), new TrainingOptions(), cancelled.Token));
    }

    [Fact]
    public void Cross_validation_from_the_outside_agrees_with_the_trainers_own_held_out_figures()
    {
        LabelledCorpus corpus = Corpora.Chinese(600);
        TrainingOptions options = new() { Threads = 2, Folds = 3 }; // as many as the linear engine trains with
        IReadOnlyList<HeadEvaluation> inside = new LinearTrainer().Train(corpus, options).HeldOut;
        IReadOnlyList<HeadEvaluation> outside = CrossValidation.Run(corpus, options).Heads;
        for (int head = 0; head < inside.Count; head++)
        {
            Assert.Equal(inside[head].Accuracy, outside[head].Accuracy, 0.04);
        }
    }

    private static LabelledCorpus Corpus(string[] texts, string[] labels) => new(texts, [new LabelColumn("nature", labels)]);

    private static LinearTextModel Train(string[] texts, string[] labels) => new LinearTrainer().Train(Corpus(texts, labels), new TrainingOptions()).Model;
}
