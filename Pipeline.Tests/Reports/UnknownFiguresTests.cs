using System.Text.Json;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Steps;
using Pipeline.Jobs.Store;
using Pipeline.Models.Complaints;
using Pipeline.Models.Measures;
using Pipeline.Models.Text;
using Pipeline.Reports;
using Pipeline.Tests.Ingest;

namespace Pipeline.Tests.Reports;

/// <summary>The workbooks of a source that states neither persons nor closing days nor amounts: the US sample, through the whole program.</summary>
public sealed class UnknownFiguresTests(UnknownFiguresTests.Sample sample) : IClassFixture<UnknownFiguresTests.Sample>
{
    private const string Dash = "–";

    [Fact]
    public void What_cannot_be_known_is_a_dash_on_every_line_of_the_indicators_and_what_is_known_is_a_number()
    {
        Dictionary<string, object?> months = sample.English["regulatory"].Table("Indicators").Skip(1).ToDictionary(r => (string)r[1]!, r => r[2]);
        Assert.All(
            (string[])["Complaints after merging repeats", "Complainants", "Bypass", "Closed within 15 days", "Closed within 30 days", "Closed within 60 days", "Over 60 days",
                "Median handling days", "Repeats within 90 days", "Repeat rate, 90 days", "Escalated", "Escalation rate", "Amount claimed", "Compensation paid", "First-contact resolution rate"],
            name => Assert.Equal((name, (object?)Dash), (name, months[name])));
        Assert.All((string[])["Complaints", "Closed", "Open", "Regulator transfers", "Escalation threats"], name => Assert.IsType<decimal>(months[name]));
    }

    [Fact]
    public void The_cover_says_that_a_dash_may_stand_for_what_the_source_does_not_state()
    {
        Spreadsheet book = sample.English["trend"];
        Assert.Contains(
            book.Names.SelectMany(n => book.Cells(n).Values).Select(book.Value).OfType<string>(),
            t => t.Contains("the source does not state what it needs", StringComparison.Ordinal));
    }

    [Fact]
    public void The_columns_of_how_long_closing_took_hold_what_is_known_and_still_add_up()
    {
        foreach (IReadOnlyList<object?> month in sample.English["trend"].Table("Timeliness").Skip(1))
        {
            Assert.Equal([Dash, Dash, Dash], month.Skip(2).Take(3));
            Assert.Equal(month[1], (decimal)month[5]! + (decimal)month[6]!);
        }
    }

    [Fact]
    public void A_chart_draws_no_line_of_which_nothing_is_known()
    {
        Spreadsheet book = sample.English["trend"];
        string[] drawn = [.. book.Parts.Where(p => p.Key.Contains("/charts/", StringComparison.Ordinal))
            .SelectMany(p => p.Value.Descendants().Where(e => e.Name.LocalName == "ser").Select(s => string.Concat(s.Descendants().First(e => e.Name.LocalName == "tx").Descendants().Where(e => e.Name.LocalName == "v").Select(v => v.Value))))];
        Assert.Contains("Regulator share", drawn);
        Assert.DoesNotContain(drawn, n => n is "Repeat rate, 90 days" or "Escalation rate" or "On-time rate" or "Satisfaction rate" or "Within 15 days");
    }

    [Fact]
    public void The_line_and_the_document_of_the_run_say_it_too()
    {
        using StringWriter page = new();
        RunCommand.Print(sample.Run!, [], sample.Files.Session(page) with { Language = Language.En });
        Assert.Contains(" complaints, – repeats, – escalated,", page.ToString(), StringComparison.Ordinal);
        using StringWriter json = new();
        RunCommand.Print(sample.Run!, [], sample.Files.Session(json, json: true));
        JsonElement flags = JsonDocument.Parse(json.ToString()).RootElement.GetProperty("flags");
        Assert.Equal((JsonValueKind.Null, JsonValueKind.Null, JsonValueKind.Number),
            (flags.GetProperty("repeat").ValueKind, flags.GetProperty("escalated").ValueKind, flags.GetProperty("group").ValueKind));
    }

    [Fact]
    public void Nobody_is_marked_as_bypassing_the_bank_where_nobody_is_known() =>
        Assert.DoesNotContain(sample.English["cases"].Table("AllCases").SelectMany(r => r), v => v is string text && text.Contains("bypass", StringComparison.Ordinal));

    [Fact]
    public void A_threshold_that_cannot_be_passed_is_said_not_to_block()
    {
        string[] found = [.. sample.English["regulatory"].Table("PreFlight").Skip(1).Select(r => (string)r[3]!)];
        Assert.Contains(found, t => t.EndsWith("it does not block).", StringComparison.Ordinal));
        Assert.DoesNotContain(found, t => t.Contains("above 100", StringComparison.Ordinal));
    }

    [Fact]
    public void The_English_workbooks_hold_no_Chinese_character()
    {
        foreach ((string kind, Spreadsheet book) in sample.English)
        {
            Assert.All(
                book.Names.SelectMany(n => book.Cells(n).Values.Select(c => (Sheet: n, Text: book.Value(c) as string ?? ""))),
                c => Assert.False(c.Text.Any(Widths.IsHan), $"{kind}, {c.Sheet}: {c.Text}"));
        }
    }

    [Fact]
    public void The_Chinese_workbook_names_issues_and_responses_in_Chinese_and_traces_them_to_the_regulators_own_words()
    {
        Dictionary<string, string> names = sample.Chinese["regulatory"].Table("CfpbNames").Skip(1).ToDictionary(r => (string)r[1]!, r => (string)r[2]!);
        Assert.Equal("Managing an account", names["账户管理"]);
        Assert.All(names, n => Assert.True(n.Key.Any(Widths.IsHan) && n.Value.All(char.IsAscii), $"{n.Key} from {n.Value}"));
        foreach (string table in (string[])["CfpbProducts", "CfpbIssues", "CfpbResponses"])
        {
            IEnumerable<string> printed = sample.Chinese["regulatory"].Table(table).Skip(1).Select(r => (string)r[0]!).Where(n => n is not ("合计" or "未注明"));
            Assert.All(printed, n => Assert.Contains(n, names.Keys));
        }
        Assert.DoesNotContain("CFPB 原名对照", sample.English["regulatory"].Names);
    }

    /// <summary>The newest month of the sample, run once.</summary>
    public sealed class Sample : IAsyncLifetime
    {
        public IngestFixture Files { get; } = new();

        public RunResult? Run { get; private set; }

        public MonthReport Report => Run!.Report;

        internal Dictionary<string, Spreadsheet> English { get; private set; } = [];

        internal Dictionary<string, Spreadsheet> Chinese { get; private set; } = [];

        public async Task InitializeAsync()
        {
            await Files.InitializeAsync();
            CommandSession session = Files.Session();
            await using Database database = await Database.OpenAsync(session);
            await IngestStep.RunAsync(database, [Path.Combine(SampleData.English, "complaints.csv")], session);
            Run = await new MonthRun(database, Files.Database.Keys, session).ExecuteAsync(new RunRequest(new ReportingMonth(2026, 10), "cfpb", null, []));
            English = Read(Language.En);
            Chinese = Read(Language.Zh);
        }

        public async Task DisposeAsync()
        {
            await Files.DisposeAsync();
            Files.Dispose();
        }

        private Dictionary<string, Spreadsheet> Read(Language language) =>
            WorkbookWriter.Write(Report, WorkbookKinds.All, language).ToDictionary(f => f.Kind, f => new Spreadsheet(f.Bytes), StringComparer.Ordinal);
    }
}
