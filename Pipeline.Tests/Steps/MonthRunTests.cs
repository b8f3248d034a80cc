using System.Globalization;
using System.Text.Json;
using CsvHelper;
using ExcelDataReader;
using Npgsql;
using Pipeline.Jobs.Ingest;
using Pipeline.Jobs.Ingest.Ledger;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Steps;
using Pipeline.Jobs.Store;
using Pipeline.Models.Complaints;
using Pipeline.Models.Measures;
using Pipeline.Models.Taxonomy;
using Pipeline.Reports;
using Pipeline.Tests.Ingest;

namespace Pipeline.Tests.Steps;

/// <summary>The road of some months of the invented bank, from exports to workbooks.</summary>
public sealed class MonthRunTests
{
    private static readonly ReportingMonth December = new(2024, 12);
    private static readonly ReportingMonth January = new(2025, 1);
    private static readonly string[] Exports = ["2024-11.csv", "2024-12.csv", "2025-01.csv"];

    [Fact]
    public async Task The_same_inputs_give_the_same_bytes_in_two_installations_with_other_keys()
    {
        using IngestFixture here = await IngestFixture.CreateAsync();
        using IngestFixture there = await IngestFixture.CreateAsync();
        RunResult first = await RunAsync(here, January, Exports);
        RunResult second = await RunAsync(there, January, [.. Exports.Reverse()]);

        Assert.Equal(first.Report.Lineage.RunId, second.Report.Lineage.RunId);
        Assert.Equal(WorkbookKinds.All, first.Workbooks.Select(w => w.Kind));
        Assert.Equal(first.Workbooks.Select(w => w.Sha256), second.Workbooks.Select(w => w.Sha256));
    }

    [Fact]
    public async Task A_month_run_twice_keeps_its_edition_and_a_late_export_makes_the_next_one()
    {
        using IngestFixture fixture = await IngestFixture.CreateAsync();
        RunResult early = await RunAsync(fixture, December, Exports[..2]);
        RunResult again = await RunAsync(fixture, December);
        RunResult late = await RunAsync(fixture, December, Exports[2]);

        Assert.True(again.Reused);
        Assert.Equal(early.Workbooks.Select(w => w.Sha256), again.Workbooks.Select(w => w.Sha256));
        Assert.Equal((1, 1, 2), (early.Report.Lineage.Edition, again.Report.Lineage.Edition, late.Report.Lineage.Edition));
        // Cases received after the 20th partly appear only in the next month's export.
        Assert.True(Value(late, "complaints") > Value(early, "complaints"));
        Assert.EndsWith("2024-12-trend-r2.xlsx", late.Workbooks.Single(w => w.Kind == WorkbookKinds.Trend).Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Workbooks_are_made_again_byte_for_byte_after_the_ledger_has_changed()
    {
        using IngestFixture fixture = await IngestFixture.CreateAsync();
        RunResult run = await RunAsync(fixture, January, Exports);
        await FileRollback.RunAsync(fixture.Session(), await Database.OpenAsync(fixture.Session()), await fixture.ScalarAsync<long>(
            "select file_id from source_file where name = '2025-01.csv'"));

        await using Database database = await Database.OpenAsync(fixture.Session());
        await using NpgsqlConnection connection = await database.Source.OpenConnectionAsync();
        MonthReport kept = (await Editions.KeptAsync(connection, January, null, null, fixture.Session())).Report;
        IReadOnlyList<WorkbookFile> files = WorkbookWriter.Write(kept, WorkbookKinds.All, Models.Text.Language.En);
        Assert.Equal(run.Workbooks.Select(w => w.Sha256), files.Select(f => f.Sha256));
    }

    [Fact]
    public async Task The_edition_served_is_the_one_that_counts_what_stands_and_one_that_is_overtaken_is_called_so()
    {
        using IngestFixture fixture = await IngestFixture.CreateAsync();
        RunResult first = await RunAsync(fixture, December, Exports[..2]);
        RunResult second = await RunAsync(fixture, December, Exports[2]);
        await using Database database = await Database.OpenAsync(fixture.Session());
        await using NpgsqlConnection connection = await database.Source.OpenConnectionAsync();
        async Task<(string RunId, EditionState State)> ServedAsync(int? edition = null)
        {
            KeptEdition kept = await Editions.KeptAsync(connection, December, null, edition, fixture.Session());
            return (kept.Report.Lineage.RunId, kept.State);
        }
        Assert.Equal((second.Report.Lineage.RunId, EditionState.Standing), await ServedAsync());

        // The third file goes: what stands is what the first edition counted.
        await FileRollback.RunAsync(fixture.Session(), database, await fixture.ScalarAsync<long>("select file_id from source_file where name = '2025-01.csv'"));
        Assert.Equal((first.Report.Lineage.RunId, EditionState.Standing), await ServedAsync());
        Assert.Equal((second.Report.Lineage.RunId, EditionState.Asked), await ServedAsync(2));
        Assert.Equal(ExitCodes.NothingToDo, (await Assert.ThrowsAsync<PipelineFault>(() => ServedAsync(7))).ExitCode);

        // And the second: nobody has counted the first file alone.
        await FileRollback.RunAsync(fixture.Session(), database, await fixture.ScalarAsync<long>("select file_id from source_file where name = '2024-12.csv'"));
        KeptEdition overtaken = await Editions.KeptAsync(connection, December, null, null, fixture.Session());
        Assert.Equal((second.Report.Lineage.RunId, EditionState.Overtaken), (overtaken.Report.Lineage.RunId, overtaken.State));
        using StringWriter said = new();
        Assert.Equal(ExitCodes.LookNeeded, overtaken.Tell(fixture.Session(error: said)));
        Assert.Contains("pipeline run --month 2024-12 --source cn-bank", said.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Workbooks_of_another_language_are_not_written_over_those_that_stand_and_equal_ones_are()
    {
        using IngestFixture fixture = await IngestFixture.CreateAsync();
        RunResult english = await RunAsync(fixture, December, Exports[..2]);
        string folder = Path.GetDirectoryName(english.Workbooks[0].Path)!;
        await using Database database = await Database.OpenAsync(fixture.Session());
        RunRequest request = new(December, null, folder, WorkbookKinds.All);
        PipelineFault refused = await Assert.ThrowsAsync<PipelineFault>(
            () => new MonthRun(database, fixture.Database.Keys, fixture.Session() with { Language = Models.Text.Language.Zh }).ExecuteAsync(request));
        Assert.Equal(ExitCodes.WrongUsage, refused.ExitCode);
        Assert.Contains("--out", refused.Text.Zh, StringComparison.Ordinal);
        Assert.Equal(english.Workbooks[0].Sha256, await OfferedTables.OfferedHashAsync(english.Workbooks[0].Path, default));

        RunResult again = await new MonthRun(database, fixture.Database.Keys, fixture.Session()).ExecuteAsync(request);
        Assert.Equal(english.Workbooks, again.Workbooks);
    }

    [Fact]
    public async Task The_parts_of_every_breakdown_add_up_to_the_month()
    {
        using IngestFixture fixture = await IngestFixture.CreateAsync();
        MonthReport report = (await RunAsync(fixture, January, Exports)).Report;
        decimal total = report.Cases.Count;
        Assert.Equal(total, report.Figures.Single(f => f.Key == "complaints/2025-01").Value);
        foreach (string dimension in FigurePlan.MonthDimensions)
        {
            // Classes that only add up others would count twice.
            HashSet<string> parents = [.. report.Taxonomy.Dimension(dimension)!.Classes.Select(c => c.Parent).OfType<string>()];
            decimal sum = report.Figures
                .Where(f => f.Key.StartsWith($"complaints/2025-01/{dimension}=", StringComparison.Ordinal))
                .Select(f => (Key: FigureKey.Parse(f.Key), f.Value))
                .Where(f => f.Key.Terms.Count == 1 && !parents.Contains(f.Key.Terms[0].Member))
                .Sum(f => f.Value!.Value);
            Assert.Equal((dimension, total), (dimension, sum));
        }
    }

    [Fact]
    public async Task Every_complaint_of_the_month_is_in_the_ledger_once_and_in_the_cases_workbook_once()
    {
        using IngestFixture fixture = await IngestFixture.CreateAsync();
        RunResult run = await RunAsync(fixture, January, Exports);
        long held = await fixture.ScalarAsync<long>("select count(*) from complaint where received_date between '2025-01-01' and '2025-01-31'");
        Assert.Equal(held, run.Report.Cases.Count);
        Assert.Equal(held, run.Report.Cases.Select(c => c.Fact.CaseNumber).Distinct().Count());
    }

    [Fact]
    public async Task No_name_phone_or_identity_number_of_an_export_stands_in_a_workbook_or_in_what_the_run_keeps()
    {
        using IngestFixture fixture = await IngestFixture.CreateAsync();
        RunResult run = await RunAsync(fixture, January, Exports);
        HashSet<string> secrets = [];
        using (StreamReader text = new(Export("2025-01.csv")))
        using (CsvParser rows = new(text, CultureInfo.InvariantCulture))
        {
            while (await rows.ReadAsync())
            {
                // Name, identity number and the three phones.
                secrets.UnionWith(((int[])[11, 17, 19, 20, 21]).Select(i => rows[i].Trim()).Where(v => v.Length >= 3 && v.Any(char.IsLetterOrDigit)));
            }
        }
        secrets.ExceptWith(["投诉人姓名", "身份证号码", "投诉电话/邮箱", "预留电话", "回复电话", "投诉人信息"]);
        string kept = JsonSerializer.Serialize(run.Report.Cases.Select(c => new { c.NameMasked, c.TextMasked, c.PersonToken }), Unescaped);
        Assert.True(secrets.Count > 1000, $"{secrets.Count} values were taken from the export");
        Assert.DoesNotContain(secrets, s => kept.Contains(s, StringComparison.Ordinal));
        foreach (PublishedWorkbook workbook in run.Workbooks)
        {
            string text = Text(workbook.Path);
            Assert.DoesNotContain(secrets, s => text.Contains(s, StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("2031-01", ExitCodes.WrongUsage)]
    [InlineData("2020-01", ExitCodes.NothingToDo)]
    public async Task A_month_that_cannot_be_run_says_why(string month, int exitCode)
    {
        using IngestFixture fixture = await IngestFixture.CreateAsync();
        PipelineFault fault = await Assert.ThrowsAsync<PipelineFault>(
            () => RunAsync(fixture, ReportingMonth.TryParse(month, out ReportingMonth parsed) ? parsed : default, Exports[0]));
        Assert.Equal(exitCode, fault.ExitCode);
        Assert.Contains(month, fault.Text.Zh, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_source_that_the_ledger_does_not_know_is_told_with_those_that_it_holds()
    {
        using IngestFixture fixture = await IngestFixture.CreateAsync();
        await fixture.IngestAsync(fixture.Write("2026-10-31.csv", "工单号,受理日期,投诉内容\nA1,2026-10-01,年费问题\n"));
        await using NpgsqlConnection connection = await fixture.Source.OpenConnectionAsync();
        PipelineFault fault = await Assert.ThrowsAsync<PipelineFault>(() => LedgerMonths.SourceAsync(connection, new ReportingMonth(2026, 10), "cn-bnak", fixture.Session()));
        Assert.Equal(ExitCodes.NothingToDo, fault.ExitCode);
        Assert.EndsWith("There is no source cn-bnak; the ledger holds: generic.", fault.Text.En, StringComparison.Ordinal);
        Assert.EndsWith("没有来源 cn-bnak；台账中的来源：generic。", fault.Text.Zh, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_stops_the_month_before_figures_are_made()
    {
        using IngestFixture fixture = await IngestFixture.CreateAsync();
        string damaged = fixture.Write("damaged.csv", "");
        CommandSession session = fixture.Session();
        await using Database database = await Database.OpenAsync(session);
        PipelineFault fault = await Assert.ThrowsAsync<PipelineFault>(() => IngestStep.RunAsync(database, [damaged], session));
        Assert.Equal(ExitCodes.Failed, fault.ExitCode);
        Assert.Contains("damaged.csv", fault.Text.En, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_month_held_by_another_run_is_refused()
    {
        using IngestFixture fixture = await IngestFixture.CreateAsync();
        await fixture.IngestAsync(Export(Exports[0]));
        await using NpgsqlConnection other = await fixture.Source.OpenConnectionAsync();
        Assert.True(await RunLedger.HoldAsync(other, "cn-bank", new ReportingMonth(2024, 11), default));
        PipelineFault fault = await Assert.ThrowsAsync<PipelineFault>(() => RunAsync(fixture, new ReportingMonth(2024, 11)));
        Assert.Equal(ExitCodes.Failed, fault.ExitCode);
    }

    [Fact]
    public async Task A_month_is_run_again_in_one_process_and_lets_files_in_afterwards()
    {
        using IngestFixture fixture = await IngestFixture.CreateAsync();
        await fixture.IngestAsync(Export(Exports[0]));
        CommandSession session = fixture.Session();
        await using Database database = await Database.OpenAsync(session);
        RunRequest request = new(new ReportingMonth(2024, 11), null, null, []);
        RunResult first = await new MonthRun(database, fixture.Database.Keys, session).ExecuteAsync(request);
        RunResult second = await new MonthRun(database, fixture.Database.Keys, session).ExecuteAsync(request);
        Assert.Equal((false, true), (first.Reused, second.Reused));
        await IngestStep.RunAsync(database, [Export(Exports[1])], session);
    }

    [Fact]
    public async Task The_run_id_follows_decisions_of_analysts_and_not_the_merges_that_linking_makes()
    {
        using IngestFixture fixture = await IngestFixture.CreateAsync();
        await fixture.IngestAsync(Export(Exports[0]));
        RunInputs before = await PinAsync(fixture);
        await fixture.ScalarAsync<string>(
            """
            with person as (insert into complainant (first_seen_date) values ('2024-11-01') returning person_key)
            insert into identity_event (kind, person_key, complaint_id, evidence, decided_by, decided_at)
            select 'split', person_key, (select min(complaint_id) from complaint), '{}', 'rules 1', now() from person returning kind
            """);
        RunInputs linked = await PinAsync(fixture);
        await fixture.ScalarAsync<string>(
            """
            insert into label (complaint_id, head, decided_by, class, text_hash, decided_at)
            select min(complaint_id), 'cause', 'analyst:a', 'SERV', '\x00', now() from complaint returning class
            """);
        RunInputs decided = await PinAsync(fixture);
        Assert.Equal(before.RunId, linked.RunId);
        Assert.NotEqual(before.RunId, decided.RunId);
        Assert.Equal(new DateOnly(2024, 12, 5), before.AsOf);
    }

    private static async Task<RunInputs> PinAsync(IngestFixture fixture)
    {
        await using NpgsqlConnection connection = await fixture.Source.OpenConnectionAsync();
        return await RunInputs.PinAsync(connection, new ReportingMonth(2024, 11), "cn-bank", [], new Dictionary<string, string>(), default);
    }

    private static readonly JsonSerializerOptions Unescaped = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static decimal Value(RunResult run, string measure) => new FigureSet(run.Report.Figures).Of(measure, run.Report.Month).Value!.Value;

    private static async Task<RunResult> RunAsync(IngestFixture fixture, ReportingMonth month, params string[] exports)
    {
        CommandSession session = fixture.Session();
        await using Database database = await Database.OpenAsync(session);
        if (exports.Length > 0)
        {
            await IngestStep.RunAsync(database, [.. exports.Select(Export)], session);
        }
        return await new MonthRun(database, fixture.Database.Keys, session)
            .ExecuteAsync(new RunRequest(month, null, Path.Combine(fixture.Folder, "out"), WorkbookKinds.All));
    }

    private static string Export(string name) => Path.Combine(SampleData.Bank, "exports", name);

    private static string Text(string path)
    {
        using FileStream stream = File.OpenRead(path);
        using IExcelDataReader reader = ExcelReaderFactory.CreateReader(stream);
        System.Text.StringBuilder text = new();
        do
        {
            while (reader.Read())
            {
                for (int i = 0; i < reader.FieldCount; i++)
                {
                    text.Append(reader.GetValue(i)).Append('\n');
                }
            }
        }
        while (reader.NextResult());
        return text.ToString();
    }
}
