using System.Text.RegularExpressions;
using Pipeline.Jobs.Classification;
using Pipeline.Jobs.Rules;
using Pipeline.Models.Classification;
using Pipeline.Models.Classification.LittleData;
using Pipeline.Models.Taxonomy;
using Pipeline.Models.Text;

namespace Pipeline.Tests.Classification;

public sealed partial class StarterCorpusTests
{
    private static readonly StarterCorpus Starter = StarterFiles.Find("cn-jrt0169", "")!.Value;

    [Fact]
    public void Own_rows_stand_first_and_unchanged_and_starter_texts_count_less()
    {
        LabelledCorpus own = Corpora.Chinese(40);
        LabelledCorpus joined = Starter.Join(own);
        Assert.Equal(own.Texts, joined.Texts.Take(40));
        Assert.All(own.Columns.Zip(joined.Columns), pair => Assert.Equal(pair.First.Labels, pair.Second.Labels.Take(40)));
        Assert.All(joined.Weights!.Take(40), w => Assert.Equal(1, w));
        Assert.All(joined.Weights!.Skip(40), w => Assert.InRange(w, 0.01f, 0.99f));
        Assert.True(joined.Texts.Count > 40 + (Starter.Corpus.Texts.Count * 9 / 10));
    }

    [Fact]
    public void A_starter_text_that_an_own_text_nearly_repeats_is_left_out()
    {
        LabelledCorpus own = new(
            [Starter.Corpus.Texts[0] + "！", Starter.Corpus.Texts[1]],
            [new LabelColumn("nature", ["product", "service"])]);
        LabelledCorpus joined = Starter.Join(own);
        Assert.Equal(2 + Starter.Corpus.Texts.Count - 2, joined.Texts.Count);
        Assert.DoesNotContain(Starter.Corpus.Texts[0], joined.Texts);
    }

    [Fact]
    public void A_head_that_the_starter_corpus_does_not_know_is_learned_from_own_labels_alone()
    {
        LabelledCorpus own = new(Corpora.Chinese(30).Texts, [new LabelColumn("stage", [.. Enumerable.Range(0, 30).Select(i => i % 2 == 0 ? "a" : "b")])]);
        Assert.Same(own, Starter.Join(own));
    }

    [Fact]
    public void Rows_counts_and_held_out_figures_are_of_the_own_corpus()
    {
        LabelledCorpus own = Corpora.Chinese(120);
        TrainedClassifier trained = new StarterTrainer(new LinearTrainer(), Starter).Train(own, new TrainingOptions { Threads = 2 });
        Assert.Equal(Enumerable.Range(0, 120), trained.Rows);
        Assert.Equal(120, trained.Model.Card.Rows);
        Assert.All(trained.Model.Heads, head => Assert.Equal(120, head.TrainingTexts.Sum()));
        Assert.All(trained.HeldOut, head => Assert.Equal(120, head.Texts));
    }

    [Fact]
    public void One_thread_and_two_make_the_same_bytes()
    {
        LabelledCorpus own = Corpora.Chinese(60);
        StarterTrainer trainer = new(new LinearTrainer(), Starter);
        Assert.Equal(
            ModelFile.Write(trainer.Train(own, new TrainingOptions { Threads = 1 }).Model),
            ModelFile.Write(trainer.Train(own, new TrainingOptions { Threads = 2 }).Model));
    }

    [Fact]
    public void With_a_hundred_own_labels_it_is_worth_five_points_in_every_head()
    {
        LabelledCorpus corpus = Corpora.Chinese();
        int[] order = [.. Enumerable.Range(0, corpus.Texts.Count)];
        new Random(5).Shuffle(order);
        LabelledCorpus known = corpus.Take(order[..100]);
        LabelledCorpus test = corpus.Take(order[100..700]);
        LinearTextModel plain = new LinearTrainer().Train(known, new TrainingOptions()).Model;
        LinearTextModel helped = new StarterTrainer(new LinearTrainer(), Starter).Train(known, new TrainingOptions()).Model;
        for (int head = 0; head < 3; head++)
        {
            Assert.True(Accuracy(helped, test, head) - Accuracy(plain, test, head) > 0.05, $"head {head}");
        }
    }

    [Fact]
    public void The_shipped_corpus_has_labels_of_the_taxonomy_alone_and_every_class()
    {
        ComplaintTaxonomy taxonomy = RuleFiles.Taxonomy("", "cn-jrt0169").Value;
        foreach (LabelColumn column in Starter.Corpus.Columns)
        {
            Assert.Equal(
                taxonomy.Dimension(column.Head)!.Classes.Select(c => c.Key).Order(StringComparer.Ordinal),
                column.Labels.OfType<string>().Distinct().Order(StringComparer.Ordinal));
            Assert.DoesNotContain(null, column.Labels);
        }
    }

    [Fact]
    public void The_shipped_corpus_shares_no_text_with_the_corpus_that_models_are_judged_on_nor_repeats_itself()
    {
        IReadOnlyList<string> own = Corpora.Chinese().Texts;
        int[] leaders = NearDuplicateIndex.Group([.. own, .. Starter.Corpus.Texts], similarity: 0.35).Leaders;
        Assert.All(Enumerable.Range(own.Count, Starter.Corpus.Texts.Count), row => Assert.Equal(row, leaders[row]));
    }

    [Fact]
    public void The_shipped_corpus_names_no_number_of_a_person()
    {
        Assert.All(Starter.Corpus.Texts, text => Assert.DoesNotMatch(LongNumber(), text));
    }

    private static double Accuracy(LinearTextModel model, LabelledCorpus test, int head)
    {
        HeadPrediction[] answers = model.Predict(test.Texts, 1);
        return Enumerable.Range(0, test.Texts.Count)
            .Average(i => model.Heads[head].Classes[answers[(i * model.Heads.Count) + head].Class] == test.Columns[head].Labels[i] ? 1.0 : 0);
    }

    [GeneratedRegex("[0-9０-９]{9,}")]
    private static partial Regex LongNumber();
}
