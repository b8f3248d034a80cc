using System.CommandLine;
using System.Text.Json;
using Pipeline.Jobs;
using Pipeline.Jobs.Shell;

namespace Pipeline.Tests.Shell;

/// <summary>With <c>--json</c> a failure is one document on standard output too, whatever the command.</summary>
public sealed class FailureDocumentTests
{
    /// <value>A home folder that nobody can make.</value>
    private const string Nowhere = "/proc/nowhere";

    public static TheoryData<string> EveryCommand => [.. Leaves(Commands.Create(), "")];

    [Theory]
    [MemberData(nameof(EveryCommand))]
    public async Task A_wrong_call_of_any_command_is_a_document_with_exit_code_2(string command)
    {
        JsonElement error = await FailAsync(ExitCodes.WrongUsage, [.. command.Split(' '), "--no-such-option", "--json", "--lang", "en", "--home", Nowhere]);
        Assert.Equal("wrong_usage", error.GetProperty("code").GetString());
        Assert.Contains("--no-such-option", error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("demo", ExitCodes.EnvironmentFailed)]
    [InlineData("ingest missing.csv", ExitCodes.EnvironmentFailed)]
    [InlineData("ingest missing.csv --suggest-profile", ExitCodes.Failed)]
    [InlineData("ingest missing.csv --as-of yesterday", ExitCodes.WrongUsage)]
    [InlineData("read missing.csv", ExitCodes.Failed)]
    [InlineData("run --month 2024-12", ExitCodes.EnvironmentFailed)]
    [InlineData("run --month October", ExitCodes.WrongUsage)]
    [InlineData("report --month 2024-12", ExitCodes.EnvironmentFailed)]
    [InlineData("figures --month 2024-12", ExitCodes.EnvironmentFailed)]
    [InlineData("files", ExitCodes.EnvironmentFailed)]
    [InlineData("files rollback 1", ExitCodes.EnvironmentFailed)]
    [InlineData("quarantine list", ExitCodes.EnvironmentFailed)]
    [InlineData("quarantine export --out x.xlsx", ExitCodes.EnvironmentFailed)]
    [InlineData("quarantine release --id 1", ExitCodes.EnvironmentFailed)]
    [InlineData("quarantine dismiss 1 --why test", ExitCodes.EnvironmentFailed)]
    [InlineData("train --labels missing.csv", ExitCodes.WrongUsage)]
    [InlineData("evaluate --labels missing.csv", ExitCodes.WrongUsage)]
    [InlineData("predict --text words", ExitCodes.EnvironmentFailed)]
    [InlineData("models list", ExitCodes.EnvironmentFailed)]
    [InlineData("models show champion", ExitCodes.EnvironmentFailed)]
    [InlineData("models promote x", ExitCodes.EnvironmentFailed)]
    [InlineData("models rollback", ExitCodes.EnvironmentFailed)]
    [InlineData("db start", ExitCodes.EnvironmentFailed)]
    [InlineData("db backup x.backup", ExitCodes.EnvironmentFailed)]
    [InlineData("db restore missing.backup", ExitCodes.WrongUsage)]
    [InlineData("doctor", ExitCodes.EnvironmentFailed)]
    [InlineData("doctor --lang fr", ExitCodes.WrongUsage)]
    public async Task A_failure_of_a_command_is_a_document_with_code_exit_code_and_message(string call, int exitCode)
    {
        JsonElement error = await FailAsync(exitCode, [.. call.Split(' '), "--json", "--home", Nowhere]);
        Assert.Equal(ExitCodes.Word(exitCode), error.GetProperty("code").GetString());
        Assert.False(string.IsNullOrWhiteSpace(error.GetProperty("message").GetString()));
    }

    [Fact]
    public async Task A_fault_in_a_line_of_a_file_says_where_and_in_the_language_in_use()
    {
        string path = Path.GetTempFileName();
        await File.WriteAllTextAsync(path, "text,nature\nwords,SERVICE\nmore,words,SERVICE\n");
        JsonElement error = await FailAsync(ExitCodes.Failed, ["train", "--labels", path, "--json", "--lang", "zh", "--home", Nowhere]);
        File.Delete(path);
        Assert.Equal(3, error.GetProperty("line").GetInt32());
        Assert.Equal(Path.GetFileName(path), error.GetProperty("file").GetString());
        Assert.Contains("字段", error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    private static async Task<JsonElement> FailAsync(int exitCode, string[] arguments)
    {
        using StringWriter output = new();
        using StringWriter error = new();
        int code = await CommandLine.InvokeAsync(Commands.Create(), arguments, new InvocationConfiguration { Output = output, Error = error });
        Assert.True(code == exitCode, $"exit code {code}, expected {exitCode}: {error}");
        // Parse refuses anything before or after the one document.
        JsonElement told = JsonDocument.Parse(output.ToString()).RootElement.GetProperty("error");
        Assert.Equal(exitCode, told.GetProperty("exit_code").GetInt32());
        return told;
    }

    private static IEnumerable<string> Leaves(Command command, string path)
    {
        if (command.Action is not null)
        {
            yield return path;
        }
        foreach (Command child in command.Subcommands)
        {
            foreach (string leaf in Leaves(child, path.Length == 0 ? child.Name : $"{path} {child.Name}"))
            {
                yield return leaf;
            }
        }
    }
}
