using System.Text.Json;
using System.Xml.Linq;
using Pipeline.Jobs.RootCauses;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Steps;
using Pipeline.Jobs.Store;
using Pipeline.Models.Complaints;
using Pipeline.Models.Measures;
using Pipeline.Models.RootCauses;
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
            (string[])["Complaints after merging repeats", "Complainants", "Bypass", "Closed within 15 days", "Closed within 60 days", "Over 60 days",
                "Median handling days", "Repeats within 90 days", "Repeat rate, 90 days", "Escalated", "Escalation rate", "Amount claimed", "Compensation paid", "First-contact resolution rate"],
            name => Assert.Equal((name, (object?)Dash), (name, months[name])));
        Assert.All((string[])["Complaints", "Closed", "Open", "Regulator transfers", "Escalation threats"], name => Assert.IsType<decimal>(months[name]));
    }

    [Fact]
    public void A_dash_leads_nowhere_and_a_known_figure_leads_to_its_rows_or_its_line_on_every_sheet()
    {
        int known = 0;
        foreach ((string kind, Spreadsheet book) in sample.English)
        {
            foreach (string sheet in book.Names)
            {
                Dictionary<string, XElement> cells = book.Cells(sheet);
                foreach (XElement link in book.Sheet(sheet).Descendants(Spreadsheet.Main + "hyperlink").Where(h => h.Attribute("tooltip")?.Value.Contains('/', StringComparison.Ordinal) == true))
                {
                    Assert.True(book.Value(cells[link.Attribute("ref")!.Value]) is decimal, $"{kind}, {sheet}, {link.Attribute("ref")!.Value}: {link.Attribute("tooltip")!.Value}");
                    known++;
                }
            }
        }
        Assert.True(known > 100);
    }

    /// <summary>Columns whose cells may be blank: they do not apply to every case or line (a mark that it has not, the closing of an open case, a change in percent of a share).</summary>
    private static readonly string[] MayBeBlank =
    [
        "Marks", "Repeats", "Closed", "Handling days", "Satisfaction", "Liable", "Review", "Cause probability", "Issue probability", "Change on month %", "Change on year %", "Note", "Went higher", "Rungs", "From",
        "Evidence", "Reasons", "Threats", "Counted", "Trend", "Course", "Numerator", "Denominator", "Complaints behind it", "Filter", "Refusals", "Customers who may need care", "Risks of publicity and litigation",
        "Unit", "Key", "SHA-256", "Training data SHA-256", "Metric", "Cases (at most ten)", "13 months", "6 months", "Check", "Place", "Last day", "Persons", "Face to face", "Usual persons", "Product family", "Issue",
    ];

    [Fact]
    public void What_the_source_does_not_state_is_a_dash_and_blank_is_left_to_what_does_not_apply()
    {
        List<string> blank = [];
        foreach ((string kind, Spreadsheet book) in sample.English)
        {
            foreach (XElement table in book.Parts.Where(p => p.Key.StartsWith("xl/tables/", StringComparison.Ordinal)).Select(p => p.Value.Root!))
            {
                string name = table.Attribute("name")!.Value;
                IReadOnlyList<IReadOnlyList<object?>> rows = book.Table(name);
                for (int column = 0; column < rows[0].Count && !IsShort(name); column++)
                {
                    string head = (string)rows[0][column]!;
                    if (!MayBeBlank.Contains(head) && rows.Skip(1).Any(r => r[column] is null))
                    {
                        blank.Add($"{kind}/{name}/{head}");
                    }
                }
            }
        }
        Assert.True(blank.Count == 0, string.Join('\n', blank.Distinct()));
    }

    /// <summary>The register is to be filled in; the rows behind a class name a case and its text only.</summary>
    private static bool IsShort(string table) => table is "Register" or "RowsBehind";

    [Fact]
    public void Sheets_speak_of_the_source_in_its_own_words()
    {
        string[] foreign = ["branch", "business line", "12378", "12363", "Order 2020", "Civil Code", "petition", "JR/T"];
        string[] foreignZh = ["业务类别", "投诉原因", "分行", "12378", "12363", "令2020年", "民法典", "信访", "人行"];
        foreach ((Dictionary<string, Spreadsheet> books, string[] words) in ((Dictionary<string, Spreadsheet>, string[])[])[(sample.English, foreign), (sample.Chinese, foreignZh)])
        {
            List<string> found = [];
            foreach ((string kind, Spreadsheet book) in books)
            {
                // The list of rows holds the complaints' own words, cut short.
                foreach (string sheet in book.Names.Where(n => n is not ("Rows" or "明细")))
                {
                    IEnumerable<string> texts = book.Cells(sheet).Values.Select(book.Value).OfType<string>().Append(sheet);
                    // A complaint's own words, figure keys and the names of rule files stand as they are.
                    found.AddRange(texts.Where(t => t.Length < 2000 && !IsKey(t) && words.Any(w => t.Contains(w, StringComparison.OrdinalIgnoreCase)) && !sample.Report.Cases.Concat(sample.Report.OpenEarlier).Any(c => c.TextMasked.Length > 40 && t.Contains(c.TextMasked[..40], StringComparison.Ordinal)))
                        .Select(t => $"{kind}/{sheet}: {t[..Math.Min(120, t.Length)]}"));
                }
            }
            Assert.True(found.Count == 0, string.Join('\n', found.Distinct()));
        }
    }

    [Fact]
    public void The_register_is_written_and_read_back_under_the_sources_own_heads()
    {
        string folder = Directory.CreateTempSubdirectory("pipeline-register-").FullName;
        try
        {
            string path = Path.Combine(folder, "rootcause.xlsx");
            File.WriteAllBytes(path, WorkbookWriter.Write(sample.Report, [WorkbookKinds.RootCause], Language.Zh).Single().Bytes);
            RegisterContent content = RegisterFile.Read(path, sample.Report.Taxonomy);
            Assert.Equal(("整改登记", "B", "C", "D"), (content.Sheet, content.Columns[RegisterColumns.Cause], content.Columns[RegisterColumns.Business], content.Columns[RegisterColumns.Branch]));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Open_cases_past_the_final_limit_are_told_alike_by_the_worklist_and_the_sheet_on_timeliness()
    {
        IReadOnlyList<IReadOnlyList<object?>> worklist = sample.English["cases"].Table("Worklist");
        int passed = worklist[0].ToList().IndexOf("Limits passed");
        int past = worklist.Skip(1).Count(r => r[passed] is "60 days" or "15, 60 days");
        Assert.True(past > 0);
        int first = worklist[0].ToList().IndexOf("Limit of 15 days");
        Assert.All(worklist.Skip(1).Where(r => "answered".Equals(r[first])), r => Assert.DoesNotContain("15", (string)r[passed]!, StringComparison.Ordinal));
        Assert.Contains(worklist.Skip(1), r => "answered".Equals(r[first])); // the source says that the response was timely
        string note = Assert.Single(Texts(sample.English["regulatory"], "Timeliness"), t => t.StartsWith("The source states no closing days", StringComparison.Ordinal));
        Assert.Contains($"{past} are past 60 days", note, StringComparison.Ordinal);
        Assert.DoesNotContain(worklist[0], h => "Limit of 30 days".Equals(h));
    }

    [Fact]
    public void A_period_that_begins_before_the_ledger_says_from_when_it_counts()
    {
        Spreadsheet book = sample.English["regulatory"];
        string[] heads = [.. book.Table("ToDate")[0].OfType<string>()];
        Assert.Contains("Year 2026-01–2026-10 (from 2026-05)", heads);
        Assert.Contains("Quarter 2026-10", heads);
        Assert.Contains(Texts(book, "To date"), t => t.StartsWith("The ledger begins on 2026-05", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("CfpbProducts")]
    [InlineData("CfpbIssues")]
    [InlineData("CfpbResponses")]
    [InlineData("CfpbCompanies")]
    public void Every_row_with_a_complaint_in_a_month_that_is_told_of_stands_in_the_monthly_view_and_the_rows_add_up(string table)
    {
        Spreadsheet book = sample.English["regulatory"];
        IReadOnlyList<IReadOnlyList<object?>> rows = book.Table(table);
        object?[] total = Total(book, table);
        foreach (string head in (string[])[.. rows[0].OfType<string>().Where(h => h.StartsWith("2026-", StringComparison.Ordinal) || h is "Month before" or "Three-month average")])
        {
            int column = rows[0].ToList().IndexOf(head);
            decimal sum = rows.Skip(1).Sum(r => r[column] as decimal? ?? 0);
            Assert.True(Math.Abs((decimal)total[column]! - sum) < 0.0001m, $"{table}/{head}: rows {sum}, total {total[column]}");
        }
    }

    /// <summary>A code, the key of a figure, the command that lists its rows, heads of an export that were looked for, or the title of a workbook.</summary>
    private static bool IsKey(string text) => text is "消费投诉原因分析" || (text.Contains('_', StringComparison.Ordinal) && !text.Contains(' ', StringComparison.Ordinal)) || text.Contains("查找的列名", StringComparison.Ordinal) || text.Contains("/2026-", StringComparison.Ordinal) || text.StartsWith("pipeline ", StringComparison.Ordinal);

    private static object?[] Total(Spreadsheet book, string name)
    {
        string sheet = book.Names.Single(n => n == "CFPB view");
        XElement table = book.Parts.Where(p => p.Key.StartsWith("xl/tables/", StringComparison.Ordinal)).Select(p => p.Value.Root!).Single(t => t.Attribute("name")!.Value == name);
        (_, int column, int last, int lastColumn) = Spreadsheet.Range(table.Attribute("ref")!.Value);
        Dictionary<string, XElement> cells = book.Cells(sheet);
        object?[] total = [.. Enumerable.Range(column, lastColumn - column + 1).Select(c => cells.TryGetValue(Spreadsheet.Name(last + 1, c), out XElement? cell) ? book.Value(cell) : null)];
        Assert.Equal("Total", total[0]);
        return total;
    }

    private static IEnumerable<string> Texts(Spreadsheet book, string sheet) => book.Cells(sheet).Values.Select(book.Value).OfType<string>();

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
            IEnumerable<string> printed = sample.Chinese["regulatory"].Table(table).Skip(1).Select(r => (string)r[0]!).Where(n => n is not ("合计" or "未注明" or "其余（未单列）"));
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
