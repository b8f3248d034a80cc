using System.Diagnostics;
using System.Text.Json;
using Pipeline.Jobs.Privacy;
using Pipeline.Jobs.Shell;
using Pipeline.Tests.Ingest;

namespace Pipeline.Tests.Shell;

/// <summary>The program as users and other programs call it: a process, its exit code, one JSON document.</summary>
public sealed class CommandLineTests
{
    private sealed record Outcome(int ExitCode, string Output, string Error);

    [Fact]
    public async Task Help_names_the_program_as_users_type_it()
    {
        Outcome help = await RunAsync(null, "--help");
        Assert.Equal(ExitCodes.Done, help.ExitCode);
        Assert.Contains("pipeline [command]", help.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("conquer")]
    [InlineData("run", "--month", "October")]
    [InlineData("run")]
    [InlineData("run", "--month", "2026-10", "--reports", "poetry")]
    [InlineData("figures", "--month", "2026-10", "--lang", "fr")]
    [InlineData("cases", "--month", "2026-10", "--capacity", "many")]
    [InlineData("patterns", "--input", "letters.csv")]
    public async Task A_wrong_call_ends_with_2_and_prints_no_stack_trace(params string[] arguments)
    {
        Outcome outcome = await RunAsync(null, arguments);
        Assert.Equal(ExitCodes.WrongUsage, outcome.ExitCode);
        Assert.DoesNotContain("   at ", outcome.Error + outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_command_is_listed_in_the_help()
    {
        Outcome help = await RunAsync(null, "--help");
        string[] commands = ["demo", "ingest", "read", "run", "report", "figures", "cases", "files", "quarantine", "train", "evaluate", "predict", "link", "patterns", "models", "db", "doctor"];
        Assert.All(commands, command => Assert.Contains($"\n  {command} ", help.Output, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Patterns_of_a_file_are_written_without_a_home_or_a_database()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("pipeline-patterns-");
        try
        {
            (string input, string output, string home) = (Path.Combine(folder.FullName, "in.csv"), Path.Combine(folder.FullName, "out.csv"), Path.Combine(folder.FullName, "home"));
            await File.WriteAllTextAsync(input, "letter\n要求退还信用卡年费并书面道歉\n要求退还信用卡年费并书面道歉\n");
            Outcome outcome = await RunAsync(
                null, "patterns", "--input", input, "--output", output, "--text-column", "letter", "--threads", "1", "--lang", "zh", "--home", home);
            Assert.True(outcome.ExitCode == ExitCodes.Done, outcome.Error);
            Assert.Contains("1 组相似文本", outcome.Output, StringComparison.Ordinal);
            Assert.Equal("要求退还信用卡年费并书面道歉,T1,1.0000", (await File.ReadAllLinesAsync(output))[2]);
            Assert.False(Directory.Exists(home));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task The_documents_of_run_figures_and_report_have_the_fields_that_others_rely_on()
    {
        using IngestFixture fixture = await IngestFixture.CreateAsync();
        string exports = Path.Combine(SampleData.Bank, "exports");
        string output = Path.Combine(fixture.Folder, "out");
        JsonElement run = await JsonAsync(
            fixture, "run", "--month", "2024-12", "--input", Path.Combine(exports, "2024-11.csv"), Path.Combine(exports, "2024-12.csv"), "--out", output);
        Assert.Equal("2024-12", run.GetProperty("month").GetString());
        Assert.Equal(1, run.GetProperty("edition").GetInt32());
        Assert.Equal(
            ["ingest", "classify", "link", "flag", "measure", "report"],
            run.GetProperty("steps").EnumerateArray().Select(s => s.GetProperty("name").GetString()));
        Assert.True(run.GetProperty("flags").GetProperty("repeat").GetInt32() > 0);
        foreach (JsonElement workbook in run.GetProperty("workbooks").EnumerateArray())
        {
            byte[] bytes = await File.ReadAllBytesAsync(workbook.GetProperty("path").GetString()!);
            Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes)), workbook.GetProperty("sha256").GetString());
        }

        JsonElement figures = await JsonAsync(fixture, "figures", "--month", "2024-12");
        Assert.Equal(run.GetProperty("run_id").GetString(), figures.GetProperty("run_id").GetString());
        JsonElement complaints = figures.GetProperty("figures").EnumerateArray().Single(f => f.GetProperty("key").GetString() == "complaints/2024-12");
        Assert.Equal(complaints.GetProperty("rows").GetInt32(), complaints.GetProperty("value").GetInt32());
        Assert.Equal("complaints", complaints.GetProperty("unit").GetString());
        Assert.False(string.IsNullOrEmpty(complaints.GetProperty("definition").GetString()));

        // November, in which the ledger begins, lacks what came before; figures that look at the month alone do not.
        Dictionary<string, bool> covered = figures.GetProperty("figures").EnumerateArray().ToDictionary(f => f.GetProperty("key").GetString()!, f => f.GetProperty("covered").GetBoolean());
        Assert.Equal((false, true), (covered["repeat_90/2024-11"], covered["complaints/2024-11"]));
        string[] lines = (await RunAsync(fixture, "figures", "--month", "2024-12", "--lang", "en")).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Matches(@"^repeat_90/2024-11 +\d+† complaints", lines.Single(l => l.StartsWith("repeat_90/2024-11 ", StringComparison.Ordinal)));
        Assert.DoesNotContain("†", lines.Single(l => l.StartsWith("complaints/2024-11 ", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.StartsWith("† Window not covered: the ledger begins on 2024-11-01", lines[^1], StringComparison.Ordinal);

        JsonElement rows = await JsonAsync(fixture, "figures", "--month", "2024-12", "--rows", "repeat_90/2024-12");
        Assert.Equal(run.GetProperty("flags").GetProperty("repeat").GetInt32(), rows.GetProperty("rows").GetArrayLength());

        JsonElement cases = await JsonAsync(fixture, "cases", "--month", "2024-12", "--capacity", "7", "--source", "cn-bank", "--edition", "1");
        Assert.Equal(run.GetProperty("run_id").GetString(), cases.GetProperty("run_id").GetString());
        Assert.Equal(7, cases.GetProperty("priority").GetArrayLength());

        JsonElement report = await JsonAsync(fixture, "report", "--month", "2024-12", "--reports", "trend", "--out", output);
        Assert.Equal(
            run.GetProperty("workbooks").EnumerateArray().Single(w => w.GetProperty("kind").GetString() == "trend").GetProperty("sha256").GetString(),
            report.GetProperty("workbooks").EnumerateArray().Single().GetProperty("sha256").GetString());
    }

    [Fact]
    public async Task Processes_that_first_use_a_home_at_once_end_with_one_key()
    {
        using IngestFixture fixture = await IngestFixture.CreateAsync();
        string home = Path.Combine(fixture.Folder, "new home");
        Outcome[] outcomes = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => RunAsync(fixture, "db", "start", "--home", home)));
        Assert.All(outcomes, outcome => Assert.True(outcome.ExitCode == ExitCodes.Done, outcome.Error));
        Assert.Equal(["master-1.key"], Directory.GetFiles(KeyRing.Folder(home)).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Denominators_are_kept_only_once_they_were_compared_with_the_ledger()
    {
        using IngestFixture fixture = await IngestFixture.CreateAsync();
        string file = Path.Combine(SampleData.Bank, "denominators.csv");
        string kept = Jobs.Regulatory.DenominatorFiles.PathOf(fixture.Database.Home, "cn-bank");
        string server = fixture.Database.Server + ";Database=not_there";
        Outcome failed = await ProcessAsync(fixture.Database.Home, server, "denominators", "load", file, "--source", "cn-bank", "--lang", "en");
        Assert.Equal((ExitCodes.EnvironmentFailed, false), (failed.ExitCode, File.Exists(kept)));
        Outcome loaded = await RunAsync(fixture, "denominators", "load", file, "--source", "cn-bank", "--lang", "en");
        Assert.True(loaded.ExitCode is ExitCodes.Done or ExitCodes.LookNeeded, loaded.Error);
        Assert.True(File.Exists(kept));
    }

    private static async Task<JsonElement> JsonAsync(IngestFixture fixture, params string[] arguments)
    {
        Outcome outcome = await RunAsync(fixture, [.. arguments, "--json", "--lang", "en"]);
        Assert.True(outcome.ExitCode == ExitCodes.Done, outcome.Error);
        return JsonDocument.Parse(outcome.Output).RootElement;
    }

    private static Task<Outcome> RunAsync(IngestFixture? fixture, params string[] arguments) => ProcessAsync(fixture?.Database.Home, fixture?.Database.Server, arguments);

    private static async Task<Outcome> ProcessAsync(string? home, string? server, params string[] arguments)
    {
        ProcessStartInfo start = new("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(typeof(ExitCodes).Assembly.Location);
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }
        if (home is not null)
        {
            start.Environment["PIPELINE_HOME"] = home;
            start.Environment["PIPELINE_DATABASE"] = server;
        }
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new Outcome(process.ExitCode, await output, await error);
    }
}
