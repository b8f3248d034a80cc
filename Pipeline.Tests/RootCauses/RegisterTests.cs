using Npgsql;
using Pipeline.Jobs.RootCauses;
using Pipeline.Jobs.Rules;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Steps;
using Pipeline.Jobs.Store;
using Pipeline.Models.Complaints;
using Pipeline.Models.RootCauses;
using Pipeline.Models.Taxonomy;
using Pipeline.Models.Text;
using Pipeline.Reports;
using Pipeline.Tests.Ingest;

namespace Pipeline.Tests.RootCauses;

/// <summary>The register from the sheet into the ledger and back, on a real database.</summary>
public sealed class RegisterTests
{
    private static readonly ComplaintTaxonomy Taxonomy = RuleFiles.Taxonomy("/nowhere", "cn-jrt0169").Value;
    private static readonly RemediationEntry New = new("", "PRICE", "CREDIT", "南京分行", "=停收年费", "零售部", new DateOnly(2024, 11, 20), new DateOnly(2024, 12, 31), null, "+附件");

    [Fact]
    public async Task A_register_is_imported_versioned_audited_and_a_stale_sheet_is_refused()
    {
        using IngestFixture fixture = await IngestFixture.CreateAsync();
        await fixture.IngestAsync(Path.Combine(SampleData.Bank, "exports", "2024-11.csv"));
        string blank = Sheet(fixture, "first.xlsx", new RemediationRegister(0, "", [New]), Language.Zh);
        RegisterImported first = await ImportAsync(fixture, blank);
        Assert.Equal((1, 1, true), (first.Register.Version, first.Added, first.IsChanged));
        RemediationEntry entry = Assert.Single(first.Register.Entries);
        Assert.Equal(New with { Id = "R-0001" }, entry);

        // The same file again is no news, although its id is still blank.
        Assert.False((await ImportAsync(fixture, blank)).IsChanged);

        // An edit of the sheet that was made from version 1, in English.
        RemediationEntry done = entry with { Done = new DateOnly(2024, 12, 20) };
        RegisterImported second = await ImportAsync(fixture, Sheet(fixture, "second.xlsx", first.Register with { Entries = [done, New with { Cause = "FACIL" }] }, Language.En));
        Assert.Equal((2, 1, 1, 0), (second.Register.Version, second.Added, second.Changed, second.Removed));
        Assert.Equal(["R-0001", "R-0002"], second.Register.Entries.Select(e => e.Id));

        // Somebody edits the sheet of version 1: what changed since would be lost.
        PipelineFault stale = await Assert.ThrowsAsync<PipelineFault>(() => ImportAsync(fixture, Sheet(fixture, "stale.xlsx", first.Register with { Entries = [] }, Language.Zh)));
        Assert.Equal(ExitCodes.Failed, stale.ExitCode);
        Assert.Contains("version 1", stale.Text.En, StringComparison.Ordinal);
        Assert.Equal(2, await fixture.ScalarAsync<long>("select count(*) from remediation_version"));
        Assert.Equal(2, await fixture.ScalarAsync<long>("select count(*) from audit_event where action = 'register_imported'"));

        // A removed entry's number is never used again.
        RegisterImported third = await ImportAsync(fixture, Sheet(fixture, "third.xlsx", second.Register with { Entries = [second.Register.Entries[0], New with { Cause = "COLL" }] }, Language.Zh));
        Assert.Equal(("R-0003", 1), (third.Register.Entries[1].Id, third.Removed));
    }

    [Fact]
    public async Task Faults_are_named_by_sheet_and_cell_and_nothing_is_imported()
    {
        using IngestFixture fixture = await IngestFixture.CreateAsync();
        await fixture.IngestAsync(Path.Combine(SampleData.Bank, "exports", "2024-11.csv"));
        string bad = Sheet(fixture, "bad.xlsx", new RemediationRegister(0, "", [New, New with { Branch = "月球分行", Done = new DateOnly(2024, 11, 1), Owner = "" }]), Language.En);
        PipelineFault fault = await Assert.ThrowsAsync<PipelineFault>(() => ImportAsync(fixture, bad));
        RegisterContent content = RegisterFile.Read(bad);
        int row = content.Rows[1].Row;
        Assert.Contains($"sheet 'Register' D{row} (Branch (blank: all))", fault.Text.En, StringComparison.Ordinal);
        Assert.Contains($"F{row}", fault.Text.En, StringComparison.Ordinal);
        Assert.Contains($"I{row} (Done): 2024-11-01 is before", fault.Text.En, StringComparison.Ordinal);
        Assert.Equal(0, await fixture.ScalarAsync<long>("select count(*) from remediation_version"));
    }

    [Fact]
    public void A_workbook_without_a_register_and_a_file_that_is_none_are_refused_with_what_to_do()
    {
        string folder = Directory.CreateTempSubdirectory("pipeline-register-").FullName;
        try
        {
            string text = Path.Combine(folder, "register.xlsx");
            File.WriteAllText(text, "cause,action");
            Assert.Contains("no Excel workbook", Assert.Throws<PipelineFault>(() => RegisterFile.Read(text)).Text.En, StringComparison.Ordinal);
            Assert.Equal(ExitCodes.WrongUsage, Assert.Throws<PipelineFault>(() => RegisterFile.Read(Path.Combine(folder, "none.xlsx"))).ExitCode);
            string other = Path.Combine(folder, "other.xlsx");
            File.WriteAllBytes(other, WorkbookWriter.Write(Reports.InventedMonth.Empty(), [WorkbookKinds.Quality], Language.Zh)[0].Bytes);
            Assert.Contains("register export", Assert.Throws<PipelineFault>(() => RegisterFile.Read(other)).Text.En, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_run_is_pinned_to_the_register_and_tests_what_it_says()
    {
        using IngestFixture fixture = await IngestFixture.CreateAsync();
        ReportingMonth month = new(2024, 12);
        await fixture.IngestAsync(Path.Combine(SampleData.Bank, "exports", "2024-11.csv"), Path.Combine(SampleData.Bank, "exports", "2024-12.csv"));
        RunResult before = await RunAsync(fixture, month);
        Assert.Empty(before.Report.RootCauses!.Remediation.Outcomes);
        await ImportAsync(fixture, before.Workbooks.Single(w => w.Kind == WorkbookKinds.RootCause).Path, isUnchanged: true);
        await ImportAsync(fixture, Sheet(fixture, "register.xlsx", new RemediationRegister(0, "", [New with { Done = new DateOnly(2024, 11, 25) }]), Language.Zh));
        RunResult after = await RunAsync(fixture, month);

        Assert.NotEqual(before.Report.Lineage.RunId, after.Report.Lineage.RunId);
        Assert.Equal(2, after.Report.Lineage.Edition);
        RemediationOutcome outcome = Assert.Single(after.Report.RootCauses!.Remediation.Outcomes);
        Assert.Equal(RemediationState.NoBaseline, outcome.Effect.State);
        Assert.Equal(
            after.Report.Cases.Count(c => c.Fact.Cause.Class == "PRICE" && c.Fact.Business.Class == "CREDIT" && c.Fact.Branch == "南京分行"), outcome.Effect.CountAfter);
        // The register that the workbook carries is the one that it was made from: reading it back changes nothing.
        await ImportAsync(fixture, after.Workbooks.Single(w => w.Kind == WorkbookKinds.RootCause).Path, isUnchanged: true);
        Assert.NotEmpty(after.Report.RootCauses.Texts.Topics);
        Assert.Equal(
            after.Report.RootCauses.Texts.Topics.Count, await fixture.ScalarAsync<long>("select count(*) from topic_month where month = '2024-12-01'"));
    }

    private static async Task<RunResult> RunAsync(IngestFixture fixture, ReportingMonth month)
    {
        CommandSession session = fixture.Session();
        await using Database database = await Database.OpenAsync(session);
        return await new MonthRun(database, fixture.Database.Keys, session)
            .ExecuteAsync(new RunRequest(month, null, Path.Combine(fixture.Folder, "out"), WorkbookKinds.All));
    }

    private static async Task<RegisterImported> ImportAsync(IngestFixture fixture, string path, bool isUnchanged = false)
    {
        CommandSession session = fixture.Session();
        await using Database database = await Database.OpenAsync(session);
        await using NpgsqlConnection connection = await database.Source.OpenConnectionAsync();
        RegisterImported imported = await RegisterImport.RunAsync(connection, path, "cn-bank", Taxonomy, session);
        Assert.True(!isUnchanged || !imported.IsChanged, "the register was taken for changed");
        return imported;
    }

    private static string Sheet(IngestFixture fixture, string name, RemediationRegister register, Language language) => fixture.WriteBytes(name, RegisterWorkbook.Write(
        register, "cn-bank", Taxonomy, new RegisterVocabulary(Taxonomy, new HashSet<string> { "南京分行" }, new Dictionary<string, IReadOnlySet<string>>(), default), language));
}
