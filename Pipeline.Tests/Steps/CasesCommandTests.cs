using System.Text.Json;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Steps;
using Pipeline.Jobs.Store;
using Pipeline.Models.Complaints;
using Pipeline.Models.Text;
using Pipeline.Tests.Ingest;

namespace Pipeline.Tests.Steps;

/// <summary>The command on a ledger of two months of the invented bank.</summary>
public sealed class CasesCommandTests(CasesCommandTests.Ledger ledger) : IClassFixture<CasesCommandTests.Ledger>
{
    private static readonly ReportingMonth December = new(2024, 12);

    [Fact]
    public async Task The_document_names_every_case_of_the_list_the_groups_the_patterns_and_the_flags()
    {
        JsonElement cases = await JsonAsync(null);
        Assert.Equal(("2024-12", "cn-bank", 1), (cases.GetProperty("month").GetString(), cases.GetProperty("source").GetString(), cases.GetProperty("edition").GetInt32()));
        Assert.Equal(ledger.Run!.Report.Lineage.RunId, cases.GetProperty("run_id").GetString());
        JsonElement[] list = [.. cases.GetProperty("priority").EnumerateArray()];
        Assert.Equal(40, cases.GetProperty("capacity").GetInt32());
        Assert.Equal(Enumerable.Range(1, 40), list.Select(c => c.GetProperty("rank").GetInt32()));
        Assert.All(list, c => Assert.StartsWith("TS2024", c.GetProperty("case_number").GetString(), StringComparison.Ordinal));
        // One month of history teaches nothing: no probability is given.
        Assert.False(cases.GetProperty("is_learned").GetBoolean());
        int flagged = ledger.Run.Report.Cases.Count(c => c.Flags.Count > 0);
        Assert.Equal(flagged, cases.GetProperty("flagged").GetArrayLength());
        Assert.All(
            cases.GetProperty("flagged").EnumerateArray().SelectMany(c => c.GetProperty("flags").EnumerateArray()),
            f => Assert.False(string.IsNullOrWhiteSpace(f.GetProperty("evidence").GetString())));
        Assert.Equal(ledger.Run.Report.Findings!.Groups.Count, cases.GetProperty("groups").GetArrayLength());
        Assert.Equal(ledger.Run.Report.Findings.Patterns.Count, cases.GetProperty("patterns").GetArrayLength());
    }

    [Fact]
    public async Task The_capacity_cuts_the_list_and_nothing_else()
    {
        JsonElement few = await JsonAsync(3);
        JsonElement all = await JsonAsync(1_000_000);
        Assert.Equal(3, few.GetProperty("priority").GetArrayLength());
        Assert.Equal(all.GetProperty("candidates").GetInt32(), all.GetProperty("priority").GetArrayLength());
        Assert.Equal(few.GetProperty("candidates").GetInt32(), all.GetProperty("candidates").GetInt32());
        Assert.Equal(
            few.GetProperty("priority").EnumerateArray().Select(c => c.GetRawText()), all.GetProperty("priority").EnumerateArray().Take(3).Select(c => c.GetRawText()));
    }

    [Theory]
    [InlineData(Language.Zh, "优先名单：候选")]
    [InlineData(Language.En, "Priority list: 5 of")]
    public async Task People_are_told_in_their_language(Language language, string said)
    {
        using StringWriter output = new();
        Assert.Equal(ExitCodes.Done, await CasesCommand.RunAsync(December, null, null, 5, ledger.Files.Session(output) with { Language = language }));
        Assert.Contains(said, output.ToString(), StringComparison.Ordinal);
        Assert.Equal(5, output.ToString().Split('\n').Count(l => l.Contains("  TS2024", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("2024-12", null, null, 0, ExitCodes.WrongUsage)]
    [InlineData("2024-12", null, 9, null, ExitCodes.NothingToDo)]
    [InlineData("2024-11", null, null, null, ExitCodes.NothingToDo)]
    [InlineData("2024-12", "cfpb", null, null, ExitCodes.NothingToDo)]
    public async Task What_was_not_run_and_what_cannot_be_listed_is_said(string month, string? source, int? edition, int? capacity, int exitCode)
    {
        Assert.True(ReportingMonth.TryParse(month, out ReportingMonth of));
        PipelineFault fault = await Assert.ThrowsAsync<PipelineFault>(() => CasesCommand.RunAsync(of, source, edition, capacity, ledger.Files.Session()));
        Assert.Equal(exitCode, fault.ExitCode);
        Assert.NotEqual(fault.Text.En, fault.Text.Zh);
    }

    private async Task<JsonElement> JsonAsync(int? capacity)
    {
        using StringWriter output = new();
        Assert.Equal(ExitCodes.Done, await CasesCommand.RunAsync(December, null, null, capacity, ledger.Files.Session(output, json: true)));
        return JsonDocument.Parse(output.ToString()).RootElement;
    }

    /// <summary>The ledger, made once.</summary>
    public sealed class Ledger : IAsyncLifetime
    {
        public IngestFixture Files { get; } = new();

        public RunResult? Run { get; private set; }

        public async Task InitializeAsync()
        {
            await Files.InitializeAsync();
            CommandSession session = Files.Session();
            await using Database database = await Database.OpenAsync(session);
            string exports = Path.Combine(SampleData.Bank, "exports");
            await IngestStep.RunAsync(database, [Path.Combine(exports, "2024-11.csv"), Path.Combine(exports, "2024-12.csv")], session);
            Run = await new MonthRun(database, Files.Database.Keys, session).ExecuteAsync(new RunRequest(December, null, null, []));
        }

        public async Task DisposeAsync()
        {
            await Files.DisposeAsync();
            Files.Dispose();
        }
    }
}
