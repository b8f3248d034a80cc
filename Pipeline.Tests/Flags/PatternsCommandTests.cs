using System.Text.Json;
using Pipeline.Jobs.Flags;
using Pipeline.Jobs.Shell;
using Pipeline.Models.Text;

namespace Pipeline.Tests.Flags;

/// <summary>The command with files only: no database is opened, the home stays untouched.</summary>
public sealed class PatternsCommandTests : IDisposable
{
    private const string Letter = "我于今年三月在贵行申请分期业务，客户经理没有说明手续费的计算方法，现在要求退还多收的全部费用并书面道歉，否则将继续反映";
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("pipeline-patterns-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task Letters_of_one_template_share_a_pattern_and_columns_and_rows_stay_as_they_were()
    {
        Write($"id,letter,note\n1,{Letter},\"a,\"\"b\"\"\"\n2,网点排队两个小时，柜台只开了一个窗口,\n3,{Letter}。,x\n4,,\n");
        JsonElement told = JsonDocument.Parse((await RunAsync("letter", json: true)).Output).RootElement;
        Assert.Equal(
            ["id,letter,note,pattern,similarity", $"1,{Letter},\"a,\"\"b\"\"\",T1,1.0000", "2,网点排队两个小时，柜台只开了一个窗口,,,", $"3,{Letter}。,x,T1,1.0000", "4,,,,"],
            await File.ReadAllLinesAsync(Output));
        Assert.Equal((4, 1, 2), (told.GetProperty("rows").GetInt32(), told.GetProperty("patterns").GetInt32(), told.GetProperty("in_patterns").GetInt32()));
        Assert.Equal(Output, told.GetProperty("output").GetString());
        Assert.False(Directory.Exists(Home));
    }

    [Theory]
    [InlineData("text\n", 0)]
    [InlineData("text\n年费未告知\n", 1)]
    public async Task A_file_of_no_or_one_row_has_no_pattern(string content, int rows)
    {
        Write(content);
        JsonElement told = JsonDocument.Parse((await RunAsync("text", json: true)).Output).RootElement;
        Assert.Equal((rows, 0), (told.GetProperty("rows").GetInt32(), told.GetProperty("patterns").GetInt32()));
        Assert.Equal(rows + 1, (await File.ReadAllLinesAsync(Output)).Length);
    }

    [Theory]
    [InlineData(Language.Zh, "1 组相似文本")]
    [InlineData(Language.En, "1 patterns that hold 2")]
    public async Task People_are_told_in_their_language(Language language, string said)
    {
        Write($"text\n{Letter}\n{Letter}\n");
        Assert.Contains(said, (await RunAsync("text", language: language)).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", ExitCodes.Failed, "is empty")]
    [InlineData("id,letter\n1,a\n", ExitCodes.WrongUsage, "no column 'text'")]
    [InlineData("text,pattern\na,b\n", ExitCodes.WrongUsage, "a column 'pattern' already")]
    [InlineData("text,Similarity\na,b\n", ExitCodes.WrongUsage, "a column 'similarity' already")]
    [InlineData("id,text\n1,a,b\n", ExitCodes.Failed, "has 3 fields")]
    public async Task A_file_that_cannot_be_used_is_refused_with_the_reason_and_nothing_is_written(string content, int exitCode, string reason)
    {
        Write(content);
        PipelineFault fault = await Assert.ThrowsAsync<PipelineFault>(() => RunAsync("text"));
        Assert.Equal(exitCode, fault.ExitCode);
        Assert.Contains(reason, fault.Text.En, StringComparison.Ordinal);
        Assert.NotEqual(fault.Text.En, fault.Text.Zh);
        Assert.False(File.Exists(Output));
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_a_wrong_call()
    {
        PipelineFault fault = await Assert.ThrowsAsync<PipelineFault>(() => RunAsync("text"));
        Assert.Equal(ExitCodes.WrongUsage, fault.ExitCode);
        Assert.Contains("There is no file", fault.Text.En, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_file_written_does_not_depend_on_the_number_of_threads()
    {
        Write("text\n" + string.Join('\n', Enumerable.Range(0, 400).Select(i => i % 3 == 0 ? $"{Letter}第{i}号" : $"第{i * 7919}次反映：{(char)(0x4E00 + i)}{(char)(0x4E80 + (i * 3))}{(char)(0x5000 + (i * 5))}的问题没有处理")) + "\n");
        await RunAsync("text", threads: 1);
        byte[] one = await File.ReadAllBytesAsync(Output);
        await RunAsync("text", threads: 3);
        Assert.Equal(one, await File.ReadAllBytesAsync(Output));
    }

    private string Home => Path.Combine(folder.FullName, "home");

    private string Input => Path.Combine(folder.FullName, "in.csv");

    private string Output => Path.Combine(folder.FullName, "out.csv");

    private void Write(string content) => File.WriteAllText(Input, content);

    private async Task<(int ExitCode, string Output)> RunAsync(string textColumn, bool json = false, Language language = Language.En, int threads = 2)
    {
        using StringWriter output = new();
        CommandSession session = new(Home, language, json, TimeProvider.System, output, TextWriter.Null, CancellationToken.None);
        return (await PatternsCommand.RunAsync(Input, Output, textColumn, threads, session), output.ToString());
    }
}
