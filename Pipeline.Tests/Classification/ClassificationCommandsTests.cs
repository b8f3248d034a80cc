using System.Text.Json;
using Pipeline.Jobs.Classification;
using Pipeline.Jobs.Shell;
using Pipeline.Models.Text;

namespace Pipeline.Tests.Classification;

/// <summary>The commands with files only: the session names no server and a home that must stay untouched.</summary>
public sealed class ClassificationCommandsTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("pipeline-classify-");

    private string Home => Path.Combine(folder.FullName, "home");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task Train_evaluate_and_predict_work_on_files_without_a_database()
    {
        (string labels, string model, string output) = (PathOf("labels.csv"), PathOf("a.model"), PathOf("out.csv"));
        Corpora.Write(labels, Corpora.Chinese(300));

        JsonElement trained = await JsonAsync(s => TrainCommand.RunAsync(
            new TrainCommand.TrainRequest([labels], "text", null, null, null, model, 1, 2), s));
        Assert.Equal(300, trained.GetProperty("rows").GetInt32());
        Assert.Equal(["nature", "business", "cause"], trained.GetProperty("heads").EnumerateArray().Select(h => h.GetString()));
        foreach (string stage in (string[])["read", "features", "fit", "calibrate", "total"])
        {
            Assert.True(trained.GetProperty("seconds").GetProperty(stage).GetDouble() >= 0);
        }
        Assert.True(trained.GetProperty("peak_rss_bytes").GetInt64() > 0);
        Assert.Equal(new FileInfo(model).Length, trained.GetProperty("model_bytes").GetInt64());

        JsonElement judged = await JsonAsync(s => EvaluateCommand.RunAsync(
            new EvaluateCommand.EvaluateRequest([labels], "text", ["nature"], model, null, null, null, null, 2), s));
        Assert.Equal(trained.GetProperty("model_id").GetString(), judged.GetProperty("model_id").GetString());
        JsonElement nature = judged.GetProperty("heads").GetProperty("nature");
        Assert.True(nature.GetProperty("accuracy").GetDouble() > 0.9);
        foreach (string figure in (string[])["macro_f1", "ece", "coverage", "accuracy_at_coverage"])
        {
            Assert.InRange(nature.GetProperty(figure).GetDouble(), 0, 1);
        }
        Assert.Equal(300, nature.GetProperty("classes").EnumerateArray().Sum(c => c.GetProperty("support").GetInt32()));
        Assert.True(judged.GetProperty("rows_per_second").GetDouble() > 0);

        await File.WriteAllTextAsync(PathOf("in.csv"), "id,text\n1,信用卡年费\n2,\n3,\"客服态度差,还\"\"挂\"\"电话\"\n");
        JsonElement predicted = await JsonAsync(s => PredictCommand.RunAsync(
            new PredictCommand.PredictRequest(PathOf("in.csv"), output, null, false, "text", model, null, 1), s));
        Assert.Equal(1, predicted.GetProperty("empty_texts").GetInt32());
        string[] lines = await File.ReadAllLinesAsync(output);
        Assert.Equal("id,text,nature,nature_probability,business,business_probability,cause,cause_probability", lines[0]);
        Assert.Equal("2,,,,,,,", lines[2]);
        Assert.StartsWith("3,\"客服态度差,还\"\"挂\"\"电话\",service,0.", lines[3], StringComparison.Ordinal);
        Assert.False(Directory.Exists(Home));
    }

    [Fact]
    public async Task One_text_is_explained_with_contributions_that_add_up()
    {
        (string labels, string model) = (PathOf("labels.csv"), PathOf("a.model"));
        Corpora.Write(labels, Corpora.Chinese(300));
        await JsonAsync(s => TrainCommand.RunAsync(new TrainCommand.TrainRequest([labels], "text", null, null, null, model, 1, 1), s));
        JsonElement answer = await JsonAsync(s => PredictCommand.RunAsync(
            new PredictCommand.PredictRequest(null, null, "信用卡年费未告知就扣了", true, "text", model, null, 1), s));
        foreach (JsonElement head in answer.GetProperty("heads").EnumerateArray())
        {
            double sum = head.GetProperty("spans").EnumerateArray().Sum(s => s.GetProperty("contribution").GetDouble());
            Assert.Equal(head.GetProperty("score").GetDouble(), head.GetProperty("bias").GetDouble() + sum, 1e-4);
        }
    }

    [Theory]
    [InlineData("text,nature\n年费,product\n", "narrative", null, "no column 'narrative'")]
    [InlineData("text,nature\n年费,product\n", "text", "issue", "no column 'issue'")]
    [InlineData("text,stage\n年费,x\n", "text", null, "none of the columns nature, business, cause")]
    [InlineData("", "text", null, "is empty")]
    [InlineData("text,nature\n", "text", null, "no data rows")]
    [InlineData("text,nature\n年费\n", "text", null, "has 1 fields")]
    [InlineData("text,nature\n年费,\n", "text", null, "no text has a label in column 'nature'")]
    public async Task Label_files_that_cannot_be_used_are_refused_with_the_reason(string content, string textColumn, string? heads, string reason)
    {
        await File.WriteAllTextAsync(PathOf("labels.csv"), content);
        PipelineFault fault = await Assert.ThrowsAsync<PipelineFault>(() => JsonAsync(s => TrainCommand.RunAsync(
            new TrainCommand.TrainRequest([PathOf("labels.csv")], textColumn, heads?.Split(','), "generic", null, PathOf("a.model"), 1, 1), s)));
        Assert.Contains(reason, fault.Text.En, StringComparison.Ordinal);
        Assert.False(File.Exists(PathOf("a.model")));
    }

    [Fact]
    public async Task Labels_of_a_taxonomy_with_some_that_it_does_not_know_are_refused_and_make_no_generic_model()
    {
        string rows = string.Concat(Enumerable.Range(0, 20).Select(i => $"年费{i},CREDIT\n"));
        await File.WriteAllTextAsync(PathOf("labels.csv"), $"text,business\n{rows}年费,CREDITT\n");
        PipelineFault fault = await Assert.ThrowsAsync<PipelineFault>(() => JsonAsync(s => TrainCommand.RunAsync(
            new TrainCommand.TrainRequest([PathOf("labels.csv")], "text", null, null, null, PathOf("a.model"), 1, 1), s)));
        Assert.Equal(ExitCodes.Failed, fault.ExitCode);
        Assert.All([fault.Text.Zh, fault.Text.En], said => Assert.Contains("business 'CREDITT' × 1", said, StringComparison.Ordinal));
        Assert.Contains("DEBIT", fault.Text.En, StringComparison.Ordinal);
        Assert.False(File.Exists(PathOf("a.model")));
    }

    [Fact]
    public async Task A_file_that_is_no_model_is_refused_and_no_output_is_left()
    {
        await File.WriteAllTextAsync(PathOf("in.csv"), "text\n年费\n");
        PipelineFault fault = await Assert.ThrowsAsync<PipelineFault>(() => JsonAsync(s => PredictCommand.RunAsync(
            new PredictCommand.PredictRequest(PathOf("in.csv"), PathOf("out.csv"), null, false, "text", PathOf("in.csv"), null, 1), s)));
        Assert.Contains("is not a model file", fault.Text.En, StringComparison.Ordinal);
        Assert.False(File.Exists(PathOf("out.csv")));
    }

    private string PathOf(string name) => Path.Combine(folder.FullName, name);

    private async Task<JsonElement> JsonAsync(Func<CommandSession, Task<int>> work)
    {
        using StringWriter output = new();
        CommandSession session = new(Home, Language.En, Json: true, TimeProvider.System, output, TextWriter.Null, CancellationToken.None);
        Assert.Equal(ExitCodes.Done, await work(session));
        return JsonDocument.Parse(output.ToString()).RootElement;
    }
}
