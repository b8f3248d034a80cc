using System.Text.Json;
using Pipeline.Jobs.Classification;
using Pipeline.Jobs.Shell;
using Pipeline.Models.Classification;
using Pipeline.Models.Classification.Evaluation;
using Pipeline.Models.Text;

namespace Pipeline.Tests.Classification.Evaluation;

/// <summary>What evaluate, train and models say, on files only.</summary>
public sealed class EvaluationCommandsTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("pipeline-evaluate-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void An_evaluation_prints_as_approved()
    {
        (string, string, float)[] answers =
        [
            ("信用卡", "信用卡", 0.97f), ("信用卡", "信用卡", 0.91f), ("信用卡", "贷款", 0.88f), ("贷款", "贷款", 0.83f), ("贷款", "贷款", 0.79f),
            ("贷款", "信用卡", 0.55f), ("OTH", "OTH", 0.52f), ("OTH", "", 0f),
        ];
        HeadEvaluation head = HeadEvaluation.Of(
            "business", [.. answers.Select(a => a.Item1)], [.. answers.Select(a => (a.Item2.Length == 0 ? null : a.Item2, a.Item3))], 0.6)
            .WithIntervals([0, 1, 2, 3, 3, 5, 6, 7], seed: 1, threads: 1);
        EvaluationDocument document = new([head], _ => "张三先生，电话13800001234\n说年费1800元", row => $"{row + 1}", 0.6, 0.5);
        using StringWriter output = new();
        EvaluationPrint.Print(document, Session(output, json: false));
        Assert.Equal(
            """

            == business (8 texts in 7 groups of near-duplicates) ==
              accuracy 0.625 (95% interval 0.286-0.900), macro-F1 0.667 (0.167-0.933), calibration error 0.301
              review threshold 0.60: 37.5% go to review, the others are 0.800 accurate
              at 95% accuracy 25.0% can do without a person (probability 0.910 or more)
                class   precision  recall     F1  texts  threshold for precision 0.50  its recall
                OTH         1.000   0.500  0.667      2                             -           -
                信用卡      0.667   0.667  0.667      3                             -           -
                贷款        0.667   0.667  0.667      3                             -           -
              confusion (rows: truth, columns: answer; · is 0)
                        OTH  信用卡  贷款  none
                OTH       1       ·     ·     1
                信用卡    ·       2     1     ·
                贷款      ·       1     2     ·
              largest confusions (truth → answer)
                OTH → -  1 (50% of OTH)
                信用卡 → 贷款  1 (33% of 信用卡)
                贷款 → 信用卡  1 (33% of 贷款)
              surest errors (check the label first)
                row 3  0.880  信用卡 answered 贷款  张**，电话138****1234 说年费1800元
                row 6  0.550  贷款 answered 信用卡  张**，电话138****1234 说年费1800元
                row 8  0.000  OTH answered -  张**，电话138****1234 说年费1800元
              reliability (bins of equal mass: mean probability and accuracy)
                probability  0.00  0.52  0.55  0.79  0.83  0.88  0.91  0.97
                accuracy     0.00  1.00  0.00  1.00  1.00  0.00  1.00  1.00
                texts           1     1     1     1     1     1     1     1

            """.ReplaceLineEndings("\n"),
            output.ToString().ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task The_json_of_an_evaluation_holds_every_promised_field()
    {
        (string labels, string model) = (PathOf("labels.csv"), PathOf("a.model"));
        Corpora.Write(labels, Corpora.Chinese(200));
        JsonElement trained = await TrainAsync(labels, model, labelsOnly: true);
        JsonElement judged = await JsonAsync(s => EvaluateCommand.RunAsync(
            new EvaluateCommand.EvaluateRequest([labels], "text", null, model, null, null, null, null, 2), s));
        Assert.Equal(200, judged.GetProperty("rows_seen_in_training").GetInt32());
        foreach (JsonElement heads in (JsonElement[])[judged.GetProperty("heads"), trained.GetProperty("held_out")])
        {
            foreach (string name in (string[])["nature", "business", "cause"])
            {
                JsonElement head = heads.GetProperty(name);
                foreach (string figure in (string[])["accuracy", "accuracy_low", "accuracy_high", "macro_f1", "macro_f1_low", "macro_f1_high", "ece", "coverage", "accuracy_at_coverage", "abstention", "review_below", "threshold_precision"])
                {
                    Assert.InRange(head.GetProperty(figure).GetDouble(), 0, 1);
                }
                Assert.InRange(head.GetProperty("macro_f1").GetDouble(), head.GetProperty("macro_f1_low").GetDouble(), head.GetProperty("macro_f1_high").GetDouble());
                Assert.Equal(200, head.GetProperty("texts").GetInt32());
                Assert.True(head.GetProperty("groups").GetInt32() > 100);
                Assert.Equal(15, head.GetProperty("reliability").GetArrayLength());
                Assert.Equal(head.GetProperty("classes").GetArrayLength(), head.GetProperty("thresholds").GetArrayLength());
                Assert.Equal(0.95, head.GetProperty("coverage_at_accuracy").GetProperty("accuracy").GetDouble());
                foreach (JsonElement error in head.GetProperty("worst_errors").EnumerateArray())
                {
                    Assert.NotEqual(error.GetProperty("truth").GetString(), error.GetProperty("answer").GetString());
                    Assert.InRange(int.Parse(error.GetProperty("row").GetString()!), 1, 200);
                }
            }
        }
        JsonElement card = trained.GetProperty("card");
        Assert.Equal("2018-09-04.1", card.GetProperty("taxonomy_version").GetString());
        Assert.True(card.GetProperty("knows_its_texts").GetBoolean());
        Assert.True(card.GetProperty("metrics").GetProperty("nature.macro_f1_low").GetDouble() > 0.2);
        Assert.False(card.TryGetProperty("seen_texts", out _));
    }

    [Fact]
    public async Task Personal_data_of_a_surely_wrong_text_is_masked_wherever_it_is_printed()
    {
        LabelledCorpus corpus = Corpora.Chinese(200);
        string personal = string.Concat(corpus.Texts[0], "。王小明先生，手机13912345678，身份证99000019900307123X，卡号6222020200112233445。");
        string path = PathOf("labels.csv");
        Corpora.Write(PathOf("known.csv"), corpus);
        // The text's own label is another one than the model will surely answer.
        Corpora.Write(path, new LabelledCorpus([personal, .. corpus.Texts.Skip(1).Take(30)], [new LabelColumn("nature", ["service", .. corpus.Columns[0].Labels.Skip(1).Take(30)])]));
        await TrainAsync(PathOf("known.csv"), PathOf("a.model"), labelsOnly: true);
        foreach (bool json in (bool[])[true, false])
        {
            using StringWriter output = new();
            using StringWriter error = new();
            CommandSession session = Session(output, json) with { Error = error };
            await EvaluateCommand.RunAsync(new EvaluateCommand.EvaluateRequest([path], "text", null, PathOf("a.model"), null, null, null, null, 1), session);
            string all = output.ToString() + error;
            foreach (string secret in (string[])["13912345678", "99000019900307123X", "6222020200112233445", "王小明"])
            {
                Assert.DoesNotContain(secret, all, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task A_time_split_trains_on_earlier_rows_and_leaves_out_later_near_duplicates_of_them()
    {
        LabelledCorpus corpus = Corpora.Chinese(240);
        string path = PathOf("dated.csv");
        List<string> lines = ["text,nature,received"];
        lines.AddRange(corpus.Texts.Select((t, i) => $"\"{t.Replace("\"", "\"\"", StringComparison.Ordinal)}\",{Zh(corpus.Columns[0].Labels[i]!)},{(i < 200 ? "2026-08-31" : "2026-09-01")}"));
        lines.Add($"\"{corpus.Texts[0].Replace("\"", "\"\"", StringComparison.Ordinal)}！\",{Zh(corpus.Columns[0].Labels[0]!)},2026-09-05");
        await File.WriteAllLinesAsync(path, lines);
        JsonElement judged = await JsonAsync(s => EvaluateCommand.RunAsync(
            new EvaluateCommand.EvaluateRequest([path], "text", null, null, "cn-jrt0169", "2026-08-31", null, null, 2), s));
        Assert.Equal((40, 1), (judged.GetProperty("rows").GetInt32(), judged.GetProperty("rows_left_out_as_near_duplicates").GetInt32()));
        Assert.Equal(0, judged.GetProperty("rows_seen_in_training").GetInt32());
        // Labels that were written in Chinese are the taxonomy's keys on both sides of the split.
        Assert.True(judged.GetProperty("heads").GetProperty("nature").GetProperty("accuracy").GetDouble() > 0.4);
    }

    [Fact]
    public async Task Two_models_are_compared_on_texts_that_neither_was_trained_on()
    {
        LabelledCorpus corpus = Corpora.Chinese();
        Corpora.Write(PathOf("small.csv"), corpus.Take([.. Enumerable.Range(0, 1578).Where(r => r % 16 == 0)]));
        Corpora.Write(PathOf("large.csv"), corpus.Take([.. Enumerable.Range(0, 1578).Where(r => r % 2 == 0)]));
        Corpora.Write(PathOf("all.csv"), corpus);
        string small = (await TrainAsync(PathOf("small.csv"), PathOf("small.model"), labelsOnly: true)).GetProperty("model_id").GetString()!;
        string large = (await TrainAsync(PathOf("large.csv"), PathOf("large.model"), labelsOnly: true)).GetProperty("model_id").GetString()!;

        JsonElement compared = await CompareAsync("small.model", "large.model", "all.csv");
        Assert.Equal(789, compared.GetProperty("rows").GetInt32());
        Assert.Equal(789, compared.GetProperty("left_out").GetProperty("seen_by_second").GetInt32());
        Assert.Equal("promote", compared.GetProperty("verdict").GetString());
        Assert.Contains(large, compared.GetProperty("sentence").GetString(), StringComparison.Ordinal);
        JsonElement business = compared.GetProperty("heads").GetProperty("business");
        Assert.True(business.GetProperty("accuracy_difference_low").GetDouble() > 0);
        Assert.True(business.GetProperty("mcnemar_p").GetDouble() < 0.001);
        Assert.Equal("worse", (await CompareAsync("large.model", "small.model", "all.csv")).GetProperty("verdict").GetString());
        JsonElement same = await CompareAsync("large.model", "large.model", "all.csv");
        Assert.Equal("not distinguishable", same.GetProperty("verdict").GetString());
        Assert.Contains($"Keep {large}", same.GetProperty("sentence").GetString(), StringComparison.Ordinal);
        Assert.NotEqual(small, large);

        PipelineFault none = await Assert.ThrowsAsync<PipelineFault>(() => CompareAsync("small.model", "large.model", "large.csv"));
        Assert.Contains("neither model was trained on", none.Text.En, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_card_is_printed_in_both_languages()
    {
        Corpora.Write(PathOf("labels.csv"), Corpora.Chinese(120));
        await TrainAsync(PathOf("labels.csv"), PathOf("a.model"), labelsOnly: true);
        foreach ((Language language, string[] words) in ((Language, string[])[])
            [(Language.En, ["Use:", "Limit:", "held-out accuracy", "cn-jrt0169 2018-09-04.1", "data sha256"]), (Language.Zh, ["用途：", "局限：", "留出准确率", "120 条训练文本"])])
        {
            using StringWriter output = new();
            await ModelsCommand.ShowAsync(PathOf("a.model"), null, Session(output, json: false) with { Language = language });
            Assert.All(words, word => Assert.Contains(word, output.ToString(), StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Odd_labels_are_used_and_said()
    {
        string path = PathOf("odd.csv");
        await File.WriteAllTextAsync(path, "text,nature,cause\n退我年费, product ,X\n退我年费！,service,X\n,service,X\n客服态度差,service,X\n利息算错,product,X\n客服推诿,,\n");
        using StringWriter error = new();
        JsonElement trained = await JsonAsync(
            s => TrainCommand.RunAsync(new TrainCommand.TrainRequest([path], "text", null, "generic", null, PathOf("a.model"), 1, 1), s with { Error = error }));
        JsonElement found = trained.GetProperty("findings");
        Assert.Equal((1, 1, 1), (found.GetProperty("empty_texts").GetInt32(), found.GetProperty("stray_spaces").GetInt32(), found.GetProperty("unlabelled").GetInt32()));
        Assert.Equal(["1", "2"], found.GetProperty("contradictions")[0].GetProperty("rows").EnumerateArray().Select(r => r.GetString()));
        foreach (string said in (string[])["1 rows have no text", "1 labels had spaces", "rows 1, 2, nature: product, service", "Column cause holds one class only", "1 rows have a text and no label"])
        {
            Assert.Contains(said, error.ToString(), StringComparison.Ordinal);
        }
        Assert.DoesNotContain("年费", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Training_without_labels_says_what_to_do()
    {
        PipelineFault fault = await Assert.ThrowsAsync<PipelineFault>(() => JsonAsync(
            s => TrainCommand.RunAsync(new TrainCommand.TrainRequest([], "text", null, null, null, PathOf("a.model"), 1, 1), s)));
        Assert.Equal(ExitCodes.WrongUsage, fault.ExitCode);
        Assert.Contains("first model", fault.Text.En, StringComparison.Ordinal);
    }

    private static string Zh(string nature) => nature switch { "product" => "产品", "service" => "服务", _ => "流程" };

    private Task<JsonElement> TrainAsync(string labels, string model, bool labelsOnly) => JsonAsync(s => TrainCommand.RunAsync(
        new TrainCommand.TrainRequest([labels], "text", null, null, null, model, 1, 2, LabelsOnly: labelsOnly, Engine: "linear"), s));

    private Task<JsonElement> CompareAsync(string first, string second, string labels) => JsonAsync(s => ModelsCompareCommand.RunAsync(
        new ModelsCompareCommand.CompareRequest(PathOf(first), PathOf(second), [PathOf(labels)], "text", null, IncludeSeen: false, Threads: 2), s));

    private string PathOf(string name) => Path.Combine(folder.FullName, name);

    private CommandSession Session(StringWriter output, bool json) => new(
        PathOf("home"), Language.En, json, TimeProvider.System, output, TextWriter.Null, CancellationToken.None);

    private async Task<JsonElement> JsonAsync(Func<CommandSession, Task<int>> work)
    {
        using StringWriter output = new();
        Assert.Equal(ExitCodes.Done, await work(Session(output, json: true)));
        return JsonDocument.Parse(output.ToString()).RootElement;
    }
}
