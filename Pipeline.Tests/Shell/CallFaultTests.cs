using System.CommandLine;
using Pipeline.Jobs;
using Pipeline.Jobs.Shell;

namespace Pipeline.Tests.Shell;

/// <summary>A call that cannot be understood is told in one sentence, in the language in use, with what may have been meant.</summary>
public sealed class CallFaultTests
{
    [Theory]
    [InlineData("run", "缺少选项 --month", "the option --month is missing")]
    [InlineData("run --month", "选项 --month 后面没有值", "the option --month has no value behind it")]
    [InlineData("run --month 2026-10 --month 2026-11", "选项 --month 只能给一次", "the option --month can be given once only")]
    [InlineData("files rollback abc", "rollback 需要整数，收到 'abc'", "rollback takes a whole number, not 'abc'")]
    [InlineData("cases --month 2026-10 --capacity many", "--capacity 需要整数", "--capacity takes a whole number, not 'many'")]
    [InlineData("quarantine export --output q.xlsx", "没有选项 --output（是否为 --out？）", "there is no option --output (did you mean --out?)")]
    [InlineData("ingest --dry-rn x.csv", "没有选项 --dry-rn（是否为 --dry-run？）", "there is no option --dry-rn (did you mean --dry-run?)")]
    [InlineData("figurs --month 2026-10", "没有命令 'figurs'（是否为 figures？）", "there is no command 'figurs' (did you mean figures?)")]
    [InlineData("person list", "没有命令 'list'", "there is no command 'list'")]
    [InlineData("person merge", "缺少 WHO", "WHO is missing")]
    public async Task A_wrong_call_names_its_mistake_in_either_language_and_no_type_of_the_program(string call, string zh, string en)
    {
        string chinese = await FailAsync($"--lang zh {call}");
        string english = await FailAsync($"--lang en {call}");
        Assert.Contains(zh, chinese, StringComparison.Ordinal);
        Assert.Contains(en, english, StringComparison.Ordinal);
        Assert.All([chinese, english], said =>
        {
            Assert.DoesNotContain("System.", said, StringComparison.Ordinal);
            Assert.Contains("--help", said, StringComparison.Ordinal);
            Assert.Single(said.TrimEnd().Split('\n'));
        });
    }

    [Fact]
    public async Task What_stands_behind_a_command_that_there_is_not_is_not_told_as_another_mistake() =>
        Assert.Equal(
            "The call is wrong: there is no command 'complaint'. How it is written: pipeline --help\n",
            (await FailAsync("--lang en complaint show TS1")).ReplaceLineEndings("\n"));

    private static async Task<string> FailAsync(string call)
    {
        using StringWriter output = new();
        using StringWriter error = new();
        int code = await CommandLine.InvokeAsync(Commands.Create(), call.Split(' '), new InvocationConfiguration { Output = output, Error = error });
        Assert.Equal(ExitCodes.WrongUsage, code);
        Assert.Equal("", output.ToString());
        return error.ToString();
    }
}
