using System.Xml.Linq;
using Pipeline.Jobs.RootCauses;
using Pipeline.Models.RootCauses;
using Pipeline.Models.Text;
using Pipeline.Reports;

namespace Pipeline.Tests.Reports;

public sealed class RootCauseSheetsTests
{
    private static readonly MonthReport Report = InventedMonth.Report();
    private static readonly Lazy<WorkbookFile> Chinese = new(() => WorkbookWriter.Write(Report, [WorkbookKinds.RootCause], Language.Zh)[0]);
    private static readonly Lazy<WorkbookFile> English = new(() => WorkbookWriter.Write(Report, [WorkbookKinds.RootCause], Language.En)[0]);

    [Fact]
    public void The_parts_of_each_change_add_up_to_it_as_they_are_printed()
    {
        Spreadsheet book = new(Chinese.Value.Bytes);
        foreach (string table in (string[])["ChangeParts", "ChangePartsByBusiness"])
        {
            IReadOnlyList<IReadOnlyList<object?>> rows = [.. book.Table(table).Skip(1)];
            Assert.NotEmpty(rows);
            Assert.All(rows, r => Assert.Equal((decimal)r[4]!, (decimal)r[5]! + (decimal)r[6]! + (decimal)r[7]!));
        }
        foreach (IReadOnlyList<object?> row in book.Table("ChangeParts").Skip(1))
        {
            Assert.InRange((decimal)row[1]! - (decimal)row[3]! - (decimal)row[4]!, -0.1m, 0.1m);
        }
    }

    [Fact]
    public void Tags_are_counted_as_a_recount_of_the_cases_counts_them()
    {
        Spreadsheet book = new(English.Value.Bytes);
        IReadOnlyList<object?> refusal = Assert.Single(book.Table("Tags2").Skip(1));
        Assert.Equal("Insurance claim refused", refusal[0]);
        Assert.Equal((decimal)Report.Cases.Count(c => c.Fact.Tags.Contains("refusal_claim")), refusal[1]);
        Assert.Equal(
            Report.Cases.Where(c => c.Fact.Tags.Any(t => t is "refusal_claim" or "vulnerable_age" or "risk_media")).Select(c => c.Fact.CaseNumber),
            book.Table("TaggedCases").Skip(1).Select(r => (string)r[0]!));
    }

    [Fact]
    public void The_amount_claimed_of_a_tag_of_which_no_complaint_states_an_amount_is_a_dash_and_no_nought()
    {
        int dashes = 0;
        int sums = 0;
        foreach (MonthReport report in (MonthReport[])[Report, InventedMonth.Report(seed: 5, perMonth: 12, months: 2)])
        {
            Spreadsheet book = new(WorkbookWriter.Write(report, [WorkbookKinds.RootCause], Language.En)[0].Bytes);
            foreach (IReadOnlyList<object?> row in ((string[])["Tags1", "Tags2"]).SelectMany(t => book.Table(t).Skip(1)))
            {
                string tag = report.RootCauses!.Tags!.Names.Single(n => n.En.Equals((string)row[0]!, StringComparison.OrdinalIgnoreCase)).Key;
                bool isStated = report.Cases.Any(c => c.Fact.Amount is not null && c.Fact.Tags.Contains(tag));
                Assert.Equal((tag, isStated), (tag, row[8] is decimal));
                (dashes, sums) = isStated ? (dashes, sums + 1) : (dashes + 1, sums);
            }
        }
        Assert.True(dashes > 0 && sums > 0, $"{dashes} dashes, {sums} sums");
    }

    [Theory]
    [InlineData(Language.Zh, "（不打印：登记簿中还没有整改）")]
    [InlineData(Language.En, "(not printed: The register holds no action yet)")]
    public void The_contents_say_in_one_sentence_why_a_sheet_is_not_printed(Language language, string expected)
    {
        RemediationReport none = Report.RootCauses!.Remediation! with { Outcomes = [] };
        Spreadsheet book = new(WorkbookWriter.Write(Report with { RootCauses = Report.RootCauses with { Remediation = none } }, [WorkbookKinds.RootCause], language)[0].Bytes);
        Assert.Contains(book.Cells(book.Names[0]).Values.Select(book.Value).OfType<string>(), t => t.EndsWith(expected, StringComparison.Ordinal));
    }

    [Fact]
    public void Topics_are_listed_with_what_became_of_them()
    {
        IReadOnlyList<IReadOnlyList<object?>> rows = [.. new Spreadsheet(English.Value.Bytes).Table("Topics").Skip(1)];
        Assert.Equal(Report.RootCauses!.Texts.Topics.Select(t => t.Id).Order(StringComparer.Ordinal), rows.Select(r => (string)r[0]!).Order(StringComparer.Ordinal));
        foreach (Topic topic in Report.RootCauses.Texts.Topics)
        {
            IReadOnlyList<object?> row = rows.Single(r => (string)r[0]! == topic.Id);
            Assert.Equal((topic.Title, (decimal)topic.Complaints.Count), ((string)row[1]!, (decimal)row[4]!));
            string verdict = topic.State switch { TopicState.New => "★ new this month", TopicState.Risen => "▲ risen", TopicState.Fallen => "▼ fallen", TopicState.Steady when topic.Change!.PValue < 0.01 => "unusual by itself, not after control", TopicState.Steady => "within usual range", _ => "too few to judge" };
            Assert.Equal(verdict, row[3]);
        }
    }

    [Fact]
    public void The_found_cause_stands_beside_the_coded_and_the_predicted_one()
    {
        foreach (IReadOnlyList<object?> row in new Spreadsheet(English.Value.Bytes).Table("FoundCause").Skip(1))
        {
            string cause = Report.Taxonomy.KeyOf("cause", (string)row[0]!)!;
            CaseRow[] found = [.. Report.Cases.Where(c => c.Fact.CauseFound is not null)];
            Assert.Equal((decimal)found.Count(c => c.Fact.CauseFound == cause), row[1]);
            Assert.Equal((decimal)found.Count(c => c.Fact.CauseFound == cause && c.Fact.Cause.Reported == cause), row[4]);
            Assert.Equal((decimal)found.Count(c => c.Fact.CauseFound == cause && c.Fact.Cause.Predicted == cause), row[5]);
        }
    }

    [Fact]
    public void An_export_without_a_found_cause_is_said_to_have_none()
    {
        MonthReport without = Report with { Cases = [.. Report.Cases.Select(c => c with { Fact = c.Fact with { CauseFound = null } })] };
        Spreadsheet book = new(WorkbookWriter.Write(without, [WorkbookKinds.RootCause], Language.En)[0].Bytes);
        Assert.Contains(book.Cells("Reported and predicted").Values.Select(book.Value).OfType<string>(), t => t.Contains("gives no cause found by investigation", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(Language.Zh)]
    [InlineData(Language.En)]
    public void The_register_is_read_back_as_it_was_written(Language language)
    {
        string path = Path.Combine(Directory.CreateTempSubdirectory("pipeline-register-").FullName, "rootcause.xlsx");
        try
        {
            File.WriteAllBytes(path, (language == Language.Zh ? Chinese : English).Value.Bytes);
            RegisterContent content = RegisterFile.Read(path);
            (IReadOnlyList<RemediationEntry> entries, IReadOnlyList<RegisterFault> faults) = RegisterCheck.Read(
                content.Rows, InventedRootCauses.Register.Entries, 5,
                new RegisterVocabulary(Report.Taxonomy, new HashSet<string> { "南京分行", "苏州分行" }, new Dictionary<string, IReadOnlySet<string>>(), new DateOnly(2026, 11, 21)));
            Assert.Empty(faults);
            Assert.Equal(3, content.Version);
            Assert.Equal(InventedRootCauses.Register.Entries, entries);
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
        }
    }

    [Fact]
    public void Only_the_cells_to_be_filled_in_are_unlocked_and_choices_come_from_lists()
    {
        Spreadsheet book = new(Chinese.Value.Bytes);
        XDocument sheet = book.Sheet("整改登记");
        Assert.Equal("1", sheet.Descendants(Spreadsheet.Main + "sheetProtection").Single().Attribute("sheet")!.Value);
        XElement[] formats = [.. book.Styles.Element(Spreadsheet.Main + "cellXfs")!.Elements()];
        int unlocked = 0;
        foreach (XElement cell in sheet.Descendants(Spreadsheet.Main + "c"))
        {
            bool isUnlocked = formats[(int?)cell.Attribute("s") ?? 0].Element(Spreadsheet.Main + "protection")?.Attribute("locked")?.Value is "0" or "false";
            unlocked += isUnlocked ? 1 : 0;
            Assert.True(!isUnlocked || cell.Attribute("r")!.Value[0] is >= 'B' and <= 'J', $"{cell.Attribute("r")!.Value} is unlocked");
        }
        Assert.Equal((InventedRootCauses.Register.Entries.Count + 40) * 9, unlocked);
        XElement[] rules = [.. sheet.Descendants(Spreadsheet.Main + "dataValidation")];
        Assert.Equal(3, rules.Count(r => r.Attribute("type")!.Value == "list" && r.Element(Spreadsheet.Main + "formula1")!.Value.StartsWith("'登记选项'!$", StringComparison.Ordinal)));
        Assert.Equal(3, rules.Count(r => r.Attribute("type")!.Value == "date"));
    }

    [Fact]
    public void Actions_are_shown_with_their_verdicts()
    {
        IReadOnlyList<IReadOnlyList<object?>> rows = [.. new Spreadsheet(English.Value.Bytes).Table("Remediation").Skip(1)];
        Assert.Equal(["R-0001", "R-0002", "R-0003", "R-0004"], rows.Select(r => (string)r[0]!));
        Assert.Equal("not done, not tested", rows[2][8]);
        Assert.Equal("21 days overdue", rows[2][7]);
        Assert.Equal("9 days late", ((string)rows[1][7]!)["done ".Length..]);
        Assert.Equal("no whole month since", rows[3][8]);
    }

    [Fact]
    public void A_report_that_an_older_program_kept_is_still_written()
    {
        WorkbookFile file = WorkbookWriter.Write(Report with { RootCauses = null }, [WorkbookKinds.RootCause], Language.Zh)[0];
        Assert.DoesNotContain("整改登记", new Spreadsheet(file.Bytes).Names);
    }
}
