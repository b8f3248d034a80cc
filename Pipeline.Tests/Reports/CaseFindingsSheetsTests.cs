using System.Text.RegularExpressions;
using System.Xml.Linq;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Validation;
using Pipeline.Models.Text;
using Pipeline.Reports;
using Pipeline.Reports.Sheets;
using Pipeline.Reports.Workbooks;

namespace Pipeline.Tests.Reports;

/// <summary>The sheets of groups, patterns, the priority list, profiles and timelines, with nothing, one or many to list.</summary>
public sealed partial class CaseFindingsSheetsTests
{
    private static readonly Dictionary<Findings, MonthReport> Reports = Enum.GetValues<Findings>().ToDictionary(f => f, InventedFindings.Report);

    public static TheoryData<Findings, Language> All
    {
        get
        {
            TheoryData<Findings, Language> all = [];
            foreach (Findings findings in Enum.GetValues<Findings>())
            {
                all.Add(findings, Language.Zh);
                all.Add(findings, Language.En);
            }
            return all;
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void The_schema_validator_finds_nothing(Findings findings, Language language)
    {
        using MemoryStream stream = new(Write(findings, language));
        using SpreadsheetDocument document = SpreadsheetDocument.Open(stream, false);
        Assert.Empty(new OpenXmlValidator(FileFormatVersions.Office2019).Validate(document).Select(e => $"{e.Part?.Uri} {e.Path?.XPath}: {e.Description}"));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Every_link_leads_to_the_row_of_what_it_names(Findings findings, Language language)
    {
        Spreadsheet book = new(Write(findings, language));
        Dictionary<string, Dictionary<string, XElement>> cells = book.Names.ToDictionary(n => n, book.Cells, StringComparer.Ordinal);
        int rows = 0;
        foreach (string name in book.Names)
        {
            foreach (XElement link in book.Sheet(name).Descendants(Spreadsheet.Main + "hyperlink"))
            {
                string location = link.Attribute("location")!.Value;
                Match place = Place().Match(location);
                Assert.True(place.Success && cells.ContainsKey(place.Groups[1].Value), $"{name}: {location} leads nowhere");
                string target = place.Groups[2].Value;
                string own = link.Attribute("ref")!.Value;
                if (target == "A1" || !cells[name].TryGetValue(own, out XElement? cell))
                {
                    continue;
                }
                Assert.True(cells[place.Groups[1].Value].TryGetValue(target, out XElement? there), $"{name} {own}: {location} holds nothing");
                string key = (string)book.Value(there)!;
                string shown = (string)book.Value(cell)!;
                // A timeline is named by the token beside the link.
                string named = Key().IsMatch(shown) ? shown : (string)book.Value(cells[name]["A" + Digits().Match(own).Value])!;
                Assert.StartsWith(key, named, StringComparison.Ordinal);
                rows++;
            }
        }
        Assert.True(findings == Findings.None ? rows == 0 : rows > 10, $"{rows} links lead to rows");
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Tables_list_as_much_as_was_found(Findings findings, Language language)
    {
        CaseFindingsReport found = Reports[findings].Findings!;
        Spreadsheet book = new(Write(findings, language));
        if (findings == Findings.None)
        {
            Assert.DoesNotContain(Tables(book), t => t is "Groups" or "Rises" or "Patterns" or "Priority" or "Profiles" or "Timelines");
            return;
        }
        int listed = Math.Min(Reports[findings].Rules.PriorityCapacity, found.Priority.Rows.Count);
        Assert.Equal(
            [found.Groups.Count, found.Groups.Sum(g => g.Complaints.Count), found.Rises.Count, found.Rises.Sum(r => r.Complaints.Count), found.Patterns.Count, found.Patterns.Sum(p => p.Letters.Count), listed, found.Profiles.Count, found.Profiles.Sum(p => p.Timeline.Count)],
            ((string[])["Groups", "GroupCases", "Rises", "RiseCases", "Patterns", "PatternLetters", "Priority", "Profiles", "Timelines"]).Select(t => book.Table(t).Count - 1));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Nothing_in_a_sheet_would_have_to_be_masked(Findings findings, Language language)
    {
        Spreadsheet book = new(Write(findings, language));
        foreach (string table in Tables(book).Where(t => t is "Groups" or "GroupCases" or "Rises" or "RiseCases" or "Patterns" or "PatternLetters" or "Priority" or "PriorityTrials" or "Profiles" or "Timelines"))
        {
            foreach (string text in book.Table(table).SelectMany(r => r).OfType<string>().Where(t => !CaseNumber().IsMatch(t)))
            {
                Assert.Equal(text, Masking.FreeText(text, []));
            }
        }
    }

    private static byte[] Write(Findings findings, Language language) => WorkbookWriter.Write(Reports[findings], [WorkbookKinds.Cases], language).Single().Bytes;

    private static IEnumerable<string> Tables(Spreadsheet book) =>
        book.Parts.Where(p => p.Key.StartsWith("xl/tables/", StringComparison.Ordinal)).Select(p => p.Value.Root!.Attribute("name")!.Value);

    [GeneratedRegex(@"^'?([^'!]+)'?!([A-Z]+[0-9]+)$")]
    private static partial Regex Place();

    [GeneratedRegex(@"^([PGOW]-\d+|TS\d{14})")]
    private static partial Regex Key();

    [GeneratedRegex(@"\d+$")]
    private static partial Regex Digits();

    [GeneratedRegex(@"^TS\d{14}$")]
    private static partial Regex CaseNumber();
}
