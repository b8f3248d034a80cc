using System.Text.Json;
using Pipeline.Jobs.Classification;
using Pipeline.Jobs.Rules;
using Pipeline.Jobs.Shell;
using Pipeline.Models.Classification;
using Pipeline.Models.Classification.LittleData;
using Pipeline.Models.Taxonomy;
using Pipeline.Models.Text;

namespace Pipeline.Tests.Classification;

public sealed class LittleDataTests : IDisposable
{
    private static readonly KeywordKnowledge Knowledge = KeywordKnowledge.Of(RuleFiles.Taxonomy("", "cn-jrt0169").Value);

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("pipeline-little-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void With_a_hundred_labels_keywords_and_unlabelled_texts_are_worth_three_points_in_every_head()
    {
        LabelledCorpus corpus = Corpora.Chinese();
        double[] gains = new double[3];
        for (int draw = 0; draw < 2; draw++)
        {
            (LabelledCorpus known, string[] unlabelled, LabelledCorpus test) = Draw(corpus, 100, 70 + draw);
            LinearTextModel plain = new LinearTrainer().Train(known, new TrainingOptions()).Model;
            LinearTextModel little = new LittleDataTrainer(Knowledge, unlabelled, judge: false).Train(known, new TrainingOptions()).Model;
            for (int head = 0; head < 3; head++)
            {
                gains[head] += (Accuracy(little, test, head) - Accuracy(plain, test, head)) / 2;
            }
        }
        Assert.All(gains, gain => Assert.True(gain > 0.03, $"gains {string.Join(", ", gains.Select(g => g.ToString("0.000")))}"));
    }

    [Fact]
    public void One_thread_and_two_make_the_same_bytes()
    {
        (LabelledCorpus known, string[] unlabelled, _) = Draw(Corpora.Chinese(), 60, 3);
        LittleDataTrainer trainer = new(Knowledge, unlabelled[..200], judge: false);
        Assert.Equal(
            ModelFile.Write(trainer.Train(known, new TrainingOptions { Threads = 1 }).Model),
            ModelFile.Write(trainer.Train(known, new TrainingOptions { Threads = 2 }).Model));
    }

    [Fact]
    public void Guesses_are_neither_counted_as_labels_nor_judged()
    {
        (LabelledCorpus known, string[] unlabelled, _) = Draw(Corpora.Chinese(), 60, 4);
        TrainedClassifier trained = new LittleDataTrainer(Knowledge, unlabelled[..200]).Train(known, new TrainingOptions { Threads = 2 });
        Assert.All(trained.HeldOut, head => Assert.Equal(60, head.Texts));
        Assert.Equal(60, trained.Model.Card.Rows);
        Assert.All(trained.Model.Heads, head => Assert.Equal(60, head.TrainingTexts.Sum()));
        Assert.Equal(Enumerable.Range(0, 60), trained.Rows);
    }

    [Fact]
    public void A_class_that_no_label_has_can_be_answered_through_its_keywords()
    {
        LabelledCorpus corpus = Corpora.Chinese();
        int[] without = [.. Enumerable.Range(0, corpus.Texts.Count).Where(r => corpus.Columns[1].Labels[r] != "TREAS")];
        LabelledCorpus known = corpus.Take([.. without.Where((_, i) => i % 14 == 0)]);
        string[] unlabelled = [.. corpus.Texts.Where((_, r) => r % 14 != 0)];
        LinearTextModel model = new LittleDataTrainer(Knowledge, unlabelled, judge: false).Train(known, new TrainingOptions()).Model;
        int treasury = model.Heads[1].Classes.ToList().IndexOf("TREAS");
        Assert.True(treasury >= 0);
        Assert.Equal(0, model.Heads[1].TrainingTexts[treasury]);
        Assert.Equal(treasury, model.Predict(["储蓄国债到期兑付，凭证式国债的本金没有到账"], 1)[1].Class);
    }

    [Fact]
    public async Task Train_uses_it_below_a_thousand_labels_says_so_and_can_be_told_not_to()
    {
        string labels = Path.Combine(folder.FullName, "labels.csv");
        string more = Path.Combine(folder.FullName, "more.csv");
        LabelledCorpus corpus = Corpora.Chinese();
        Corpora.Write(labels, corpus.Take([.. Enumerable.Range(0, 80).Select(i => i * 19)]));
        await File.WriteAllTextAsync(more, "text\n" + string.Join("\n", Enumerable.Range(0, 60).Select(i => $"第{i}次投诉信用卡年费太高，客服推诿{new string('啊', i)}")));
        JsonElement little = await TrainAsync([labels], [more], labelsOnly: false);
        Assert.Contains("60 texts without labels and 1498 texts of the corpus", little.GetProperty("little_data").GetString(), StringComparison.Ordinal);
        Assert.Equal(80, little.GetProperty("rows").GetInt32());
        Assert.Contains("weak examples", little.GetProperty("card").GetProperty("little_data").GetProperty("en").GetString(), StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, (await TrainAsync([labels], [], labelsOnly: true)).GetProperty("little_data").ValueKind);
    }

    [Fact]
    public void Every_closed_head_of_the_shipped_taxonomies_has_keywords_for_every_class()
    {
        foreach ((string id, string[] heads) in ((string, string[])[])[("cn-jrt0169", ["nature", "business", "cause"]), ("us-cfpb", ["nature", "business"])])
        {
            ComplaintTaxonomy taxonomy = RuleFiles.Taxonomy("", id).Value;
            foreach (string head in heads)
            {
                Assert.All(taxonomy.Dimension(head)!.Classes, c => Assert.True(c.Keywords is { Count: > 3 }, $"{id} {head} {c.Key}"));
            }
        }
    }

    private static (LabelledCorpus Known, string[] Unlabelled, LabelledCorpus Test) Draw(LabelledCorpus corpus, int labels, int seed)
    {
        int[] order = [.. Enumerable.Range(0, corpus.Texts.Count)];
        new Random(seed).Shuffle(order);
        return (corpus.Take(order[..labels]), [.. order[labels..1000].Select(r => corpus.Texts[r])], corpus.Take(order[1000..]));
    }

    private static double Accuracy(LinearTextModel model, LabelledCorpus test, int head)
    {
        HeadPrediction[] answers = model.Predict(test.Texts, 2);
        return test.Texts.Select((_, i) => model.Heads[head].Classes[answers[(i * 3) + head].Class] == test.Columns[head].Labels[i]).Average(right => right ? 1.0 : 0);
    }

    private async Task<JsonElement> TrainAsync(string[] labels, string[] unlabelled, bool labelsOnly)
    {
        using StringWriter output = new();
        CommandSession session = new(
            Path.Combine(folder.FullName, "home"), Language.En, Json: true, TimeProvider.System, output, TextWriter.Null, CancellationToken.None);
        Assert.Equal(ExitCodes.Done, await TrainCommand.RunAsync(
            new TrainCommand.TrainRequest(labels, "text", null, null, null, Path.Combine(folder.FullName, "a.model"), 1, 2, unlabelled, labelsOnly), session));
        return JsonDocument.Parse(output.ToString()).RootElement;
    }
}
