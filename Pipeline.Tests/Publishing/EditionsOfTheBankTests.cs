using System.Globalization;
using CsvHelper;
using Npgsql;
using Pipeline.Jobs.Ingest.Ledger;
using Pipeline.Jobs.Publishing;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Steps;
using Pipeline.Jobs.Store;
using Pipeline.Models.Complaints;
using Pipeline.Models.Editions;
using Pipeline.Models.Measures;
using Pipeline.Models.Text;
using Pipeline.Reports;
using Pipeline.Tests.Ingest;
using Pipeline.Tests.Reports;

namespace Pipeline.Tests.Publishing;

/// <summary>
/// The invented bank month by month: each month is run and published when its export arrives, and run again when the next export does. All 24
/// exports are the benchmark <c>editions</c>; the tests take the first few.
/// </summary>
public sealed class EditionsOfTheBankTests
{
    private static int _outs;
    private static readonly string[] Kinds = [WorkbookKinds.Regulatory, WorkbookKinds.Quality];
    private const string Source = "cn-bank";
    private static readonly string[] Exports = ["2024-11.csv", "2024-12.csv", "2025-01.csv", "2025-02.csv"];

    [Fact]
    public async Task Late_cases_and_closings_move_the_figures_of_their_month_in_a_new_edition_each_with_its_cause()
    {
        using IngestFixture fixture = await IngestFixture.CreateAsync();
        await using Database database = await Database.OpenAsync(fixture.Session());
        ReportingMonth month = new(2024, 11);
        int late = 0;
        for (int i = 0; i < Exports.Length; i++, month = month.Add(1))
        {
            await IngestStep.RunAsync(database, [Export(Exports[i])], fixture.Session());
            if (i > 0)
            {
                MonthReport first = await KeptAsync(fixture, database, month.Add(-1));
                MonthReport second = (await RunAsync(fixture, database, month.Add(-1))).Report;
                late += AssertTraced(first, second, Exports[i]);
            }
            await RunAsync(fixture, database, month);
            Assert.Equal(ExitCodes.Done, await PublishCommand.RunAsync(month, null, null, "王芳", null, fixture.Session()));
        }
        Assert.Equal(Late().Count(l => Exports.Contains(l.File)), late);
    }

    /// <returns>Complaints of the month that appear first in the new export.</returns>
    private static int AssertTraced(MonthReport first, MonthReport second, string file)
    {
        EditionChanges changes = second.Changes!;
        Assert.Equal((first.Lineage.Edition, true, true), (changes.Against, changes.AgainstIsPublished, changes.IsTraced));
        // Nothing moves that is not listed, and nothing is listed that did not move.
        Dictionary<string, Figure> old = first.Figures.ToDictionary(f => f.Key);
        string[] moved = [.. second.Figures.Where(f => old.TryGetValue(f.Key, out Figure? was) && was != f).Select(f => f.Key)];
        Assert.Equal(moved, changes.Figures.Where(f => f.WasListed && f.IsListed).Select(f => f.Key));
        Assert.NotEmpty(moved);
        // Each with complaints, each complaint with a cause that stands among what differs between the inputs.
        Assert.Empty(changes.Unexplained.Select(f => f.Key));
        Assert.All(changes.Figures, f => Assert.True(f.Set >= 0 && f.Causes.Count > 0, f.Key));
        Assert.All(changes.Figures, f => Assert.Equal(f.Causes, changes.Sets[f.Set].SelectMany(e => changes.Complaints[e.Complaint].Causes).Distinct().Order()));
        Assert.Contains(changes.Causes, c => c.Kind == ChangeCauseKind.File && c.Name == file);
        // The month's count moves by what entered and left.
        string key = $"complaints/{second.Month}";
        string[] entered = [];
        if (changes.Figures.FirstOrDefault(f => f.Key == key) is { } total)
        {
            ILookup<ChangeEffect, string> effects = changes.Sets[total.Set].ToLookup(e => e.Effect, e => changes.Complaints[e.Complaint].CaseNumber);
            entered = [.. effects[ChangeEffect.Entered]];
            Assert.Equal(total.New - total.Old, entered.Length - effects[ChangeEffect.Left].Count());
        }
        string[] planted = [.. Late().Where(l => l.File == file && second.Month.Contains(l.Received)).Select(l => l.CaseNumber)];
        Assert.Empty(planted.Except(entered));
        return planted.Length;
    }

    [Fact]
    public async Task A_published_edition_is_locked_prints_its_approval_and_is_given_again_byte_for_byte()
    {
        using IngestFixture fixture = await IngestFixture.CreateAsync();
        await using Database database = await Database.OpenAsync(fixture.Session());
        ReportingMonth month = new(2024, 11);
        await IngestStep.RunAsync(database, [Export(Exports[0])], fixture.Session());
        RunResult draft = await RunAsync(fixture, database, month);
        Assert.Equal(ExitCodes.Done, await PublishCommand.RunAsync(month, null, null, " 王芳 ", "已核对", fixture.Session()));
        RunResult approved = await RunAsync(fixture, database, month);

        Assert.True(approved.Reused);
        Assert.Equal(draft.Report.Lineage.RunId, approved.Report.Lineage.RunId);
        EditionApproval approval = approved.Report.Approval!;
        Assert.Equal(("王芳", "已核对", IngestFixture.Clock.GetUtcNow()), (approval.By, approval.Note, approval.At));
        string cover = Text(approved, WorkbookKinds.Regulatory, "Contents");
        Assert.Contains("Approved by 王芳 on 2026-11-21 08:00 UTC; 已核对", cover, StringComparison.Ordinal);
        Assert.Contains("Draft: not approved", Text(draft, WorkbookKinds.Regulatory, "Contents"), StringComparison.Ordinal);
        string lineage = Text(approved, WorkbookKinds.Quality, "Lineage");
        Assert.All([approval.AuditHash, approved.Report.Lineage.RuleFiles["matching"], approved.Report.Lineage.Profiles[0].Sha256], h => Assert.Contains(h, lineage, StringComparison.Ordinal));

        // Published again: nothing to do. The database itself refuses to change or remove it.
        PipelineFault again = await Assert.ThrowsAsync<PipelineFault>(() => PublishCommand.RunAsync(month, null, 1, "李明", null, fixture.Session()));
        Assert.Equal(ExitCodes.NothingToDo, again.ExitCode);
        foreach (string sql in (string[])[
            "delete from run", "update run set edition = 7", "update run set document = '\\x00'", "delete from figure", "update figure set value = 0",
            "delete from published_edition", "update published_edition set published_by = 'x'", "update published_workbook set bytes = '\\x00'", "truncate published_workbook"])
        {
            PostgresException refused = await Assert.ThrowsAsync<PostgresException>(() => fixture.ScalarAsync<string>($"{sql} {(sql.StartsWith("truncate", StringComparison.Ordinal) ? "" : "returning 'x'")}"));
            Assert.Equal(PostgresErrorCodes.RestrictViolation, refused.SqlState);
        }

        // The ledger changes; the edition does not: from its kept report, and as it was approved.
        await FileRollback.RunAsync(fixture.Session(), database, await fixture.ScalarAsync<long>("select max(file_id) from source_file"));
        await using NpgsqlConnection connection = await database.Source.OpenConnectionAsync();
        MonthReport kept = (await Pipeline.Jobs.Steps.Editions.KeptAsync(connection, month, Source, 1, fixture.Session())).Report;
        string[] hashes = [.. approved.Workbooks.Select(w => w.Sha256)];
        Assert.Equal(hashes, WorkbookWriter.Write(kept, Kinds, Language.En).Select(f => f.Sha256));
        Assert.Equal(hashes, (await PublishedEditions.WorkbooksAsync(connection, kept.Lineage.RunId, Kinds, Language.En, default)).Select(f => f.Sha256));
        Assert.Equal(
            WorkbookWriter.Write(kept, Kinds, Language.Zh).Select(f => f.Sha256),
            (await PublishedEditions.WorkbooksAsync(connection, kept.Lineage.RunId, Kinds, Language.Zh, default)).Select(f => f.Sha256));

        // The file that leaves the bank is locked with the others, though no run writes it unasked.
        WorkbookFile disclosed = Assert.Single(await PublishedEditions.WorkbooksAsync(connection, kept.Lineage.RunId, [WorkbookKinds.Disclosure], Language.En, default));
        Assert.Equal(WorkbookWriter.Write(kept, [WorkbookKinds.Disclosure], Language.En)[0].Sha256, disclosed.Sha256);
        Assert.Equal([disclosed.Sha256], (await PublishedEditions.FilesAsync(connection, kept, [WorkbookKinds.Disclosure], Language.En, default)).Select(f => f.Sha256));
    }

    [Fact]
    public async Task An_analysts_label_on_a_published_month_is_named_with_the_complaint_in_the_next_edition()
    {
        using IngestFixture fixture = await IngestFixture.CreateAsync();
        await using Database database = await Database.OpenAsync(fixture.Session());
        ReportingMonth month = new(2024, 11);
        await IngestStep.RunAsync(database, [Export(Exports[0])], fixture.Session());
        MonthReport first = (await RunAsync(fixture, database, month)).Report;
        await PublishCommand.RunAsync(month, null, null, "王芳", null, fixture.Session());
        CaseRow row = first.Cases.First(c => c.Fact.Cause is { Basis: LabelBasis.Reported, Class: not "SERV" });
        await fixture.ScalarAsync<string>(
            $"insert into label (complaint_id, head, decided_by, class, text_hash, decided_at) values ({row.Fact.ComplaintId}, 'cause', 'analyst:wang', 'SERV', '\\x00', now()) returning class");

        PipelineFault overtaken = await Assert.ThrowsAsync<PipelineFault>(() => PublishCommand.RunAsync(month, null, null, "王芳", null, fixture.Session()));
        Assert.Contains("pipeline run --month 2024-11", overtaken.Text.En, StringComparison.Ordinal);
        await using NpgsqlConnection connection = await database.Source.OpenConnectionAsync();
        StaleMonth stale = Assert.Single((await EditionList.CompareAsync(connection, await EditionList.LoadAsync(connection, null, null, default), fixture.Session())).Stale);
        Assert.Equal([ChangeCauseKind.Analyst], stale.Causes.Select(c => c.Kind));

        RunResult second = await RunAsync(fixture, database, month);
        EditionChanges changes = second.Report.Changes!;
        ChangedFigure figure = changes.Figures.Single(f => f.Key == "complaints/2024-11/cause=SERV");
        Assert.Equal(1, figure.New - figure.Old);
        Assert.Contains(
            new ChangeCause(ChangeCauseKind.Analyst, "cause", row.Fact.Cause.Class, "SERV", "analyst:wang"), figure.Causes.Select(c => changes.Causes[c]));
        Assert.Equal(row.Fact.CaseNumber, changes.Complaints[changes.Sets[figure.Set].Single().Complaint].CaseNumber);
        Assert.Empty(changes.Unexplained);

        Spreadsheet book = new(await File.ReadAllBytesAsync(second.Workbooks.Single(w => w.Kind == WorkbookKinds.Regulatory).Path));
        IReadOnlyList<IReadOnlyList<object?>> sheet = book.Table("ChangedFigures");
        Assert.Equal(changes.Figures.Select(f => f.Key).Order(), sheet.Skip(1).Select(r => (string)r[0]!).Order());
        // What the workbook prints stands first.
        bool[] printed = [.. sheet.Skip(1).Select(r => r[11] is not null)];
        Assert.Equal(printed.OrderByDescending(p => p), printed);
        Assert.True(printed[0]);
        IReadOnlyList<object?> line = sheet.Single(r => figure.Key.Equals(r[0]));
        Assert.Equal((figure.Old, figure.New, (object?)1m), ((decimal?)line[4], (decimal?)line[5], line[6]));
        Assert.Contains("wang changed", (string)line[12]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Editions_of_a_month_that_two_publications_left_behind_stand_against_the_one_published_last()
    {
        using IngestFixture fixture = await IngestFixture.CreateAsync();
        await using Database database = await Database.OpenAsync(fixture.Session());
        ReportingMonth month = new(2024, 11);
        await IngestStep.RunAsync(database, [Export(Exports[0])], fixture.Session());
        await RunAsync(fixture, database, month);
        await IngestStep.RunAsync(database, [Export(Exports[1])], fixture.Session());
        await RunAsync(fixture, database, month);
        await IngestStep.RunAsync(database, [Export(Exports[2])], fixture.Session());
        RunResult third = await RunAsync(fixture, database, month);
        Assert.Equal((2, false), (third.Report.Changes!.Against, third.Report.Changes.AgainstIsPublished));

        await PublishCommand.RunAsync(month, null, 1, "王芳", null, fixture.Session());
        await PublishCommand.RunAsync(month, null, 3, "王芳", null, fixture.Session());
        MonthReport published = await KeptAsync(fixture, database, month);
        Assert.Equal((3, 1, true), (published.Lineage.Edition, published.Changes!.Against, published.Changes.AgainstIsPublished));
        Assert.Empty(published.Changes.Unexplained);
        await using NpgsqlConnection connection = await database.Source.OpenConnectionAsync();
        Assert.Equal(
            [(1, "published"), (2, "superseded"), (3, "published")],
            (await EditionList.LoadAsync(connection, Source, month, default)).Select(e => (e.Edition, e.State)));
        Assert.Empty((await EditionList.CompareAsync(connection, await EditionList.LoadAsync(connection, Source, month, default), fixture.Session())).Stale);
    }

    private static async Task<MonthReport> KeptAsync(IngestFixture fixture, Database database, ReportingMonth month)
    {
        await using NpgsqlConnection connection = await database.Source.OpenConnectionAsync();
        return (await Pipeline.Jobs.Steps.Editions.KeptAsync(connection, month, Source, null, fixture.Session())).Report;
    }

    private static Task<RunResult> RunAsync(IngestFixture fixture, Database database, ReportingMonth month) =>
        new MonthRun(database, fixture.Database.Keys, fixture.Session())
            .ExecuteAsync(new RunRequest(month, Source, Path.Combine(fixture.Folder, $"out-{Interlocked.Increment(ref _outs)}"), Kinds));

    private static string Text(RunResult run, string kind, string sheet)
    {
        Spreadsheet book = new(File.ReadAllBytes(run.Workbooks.Single(w => w.Kind == kind).Path));
        return string.Join('\n', book.Cells(sheet).Values.Select(book.Value));
    }

    private sealed record LateCase(string File, string CaseNumber, DateOnly Received);

    /// <summary>Complaints that the events say appear first in the export after their month.</summary>
    private static List<LateCase> Late()
    {
        List<LateCase> late = [];
        using StreamReader text = new(Path.Combine(SampleData.Bank, "events.csv"));
        using CsvReader rows = new(text, CultureInfo.InvariantCulture);
        rows.Read();
        rows.ReadHeader();
        while (rows.Read())
        {
            if (rows.GetField("kind") == "late")
            {
                string[] words = rows.GetField("note")!.Split(' ');
                string month = rows.GetField("month")!;
                string file = Directory.GetFiles(Path.Combine(SampleData.Bank, "exports"), month + ".*").Select(Path.GetFileName).Single()!;
                late.Add(new LateCase(file, words[1], DateOnly.Parse(words[3], CultureInfo.InvariantCulture)));
            }
        }
        return late;
    }

    private static string Export(string name) => Path.Combine(SampleData.Bank, "exports", name);
}
