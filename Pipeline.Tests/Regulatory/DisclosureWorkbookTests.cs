using System.Text.RegularExpressions;
using System.Xml.Linq;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Validation;
using Pipeline.Models.Text;
using Pipeline.Reports;
using Pipeline.Tests.Reports;

namespace Pipeline.Tests.Regulatory;

/// <summary>The disclosure as a file of its own: what may leave the bank, and nothing else.</summary>
public sealed partial class DisclosureWorkbookTests
{
    private static readonly MonthReport Report = InventedMonth.Report(perMonth: 160);

    [Theory]
    [InlineData(Language.Zh)]
    [InlineData(Language.En)]
    public void It_holds_the_numbers_of_the_regulatory_workbook_s_sheet_and_its_own_definitions(Language language)
    {
        WorkbookFile file = Write(language);
        Assert.Equal("2026-10-disclosure.xlsx", file.FileName);
        Spreadsheet book = new(file.Bytes);
        Assert.Equal(language == Language.Zh ? ["信息披露", "指标定义"] : ["Disclosure", "Definitions"], book.Names);
        Spreadsheet regulatory = new(WorkbookWriter.Write(Report, [WorkbookKinds.Regulatory], language)[0].Bytes);
        foreach (string table in (string[])["DisclosedTotal", "DisclosedRegions", "DisclosedChannels", "DisclosedBusiness", "DisclosedCauses"])
        {
            Assert.Equal(regulatory.Table(table), book.Table(table));
        }
        HashSet<object?> defined = [.. book.Table("Definitions").Skip(1).Select(r => r[0])];
        Assert.All(book.Table("DisclosedTotal").Skip(1), r => Assert.Contains(r[0], defined));
        using MemoryStream stream = new(file.Bytes);
        using SpreadsheetDocument document = SpreadsheetDocument.Open(stream, false);
        Assert.Empty(new OpenXmlValidator(FileFormatVersions.Office2019).Validate(document).Select(e => e.Description));
        Assert.Equal(language == Language.Zh ? "消费投诉情况披露 2026-10" : "Complaints disclosed 2026-10", document.PackageProperties.Title);
    }

    [Theory]
    [InlineData(Language.Zh)]
    [InlineData(Language.En)]
    public void It_holds_no_link_no_key_no_complaint_and_names_no_other_sheet(Language language)
    {
        Spreadsheet book = new(Write(language).Bytes);
        Assert.DoesNotContain(book.Parts, p => p.Key.Contains("chart", StringComparison.Ordinal) || p.Key.Contains("comment", StringComparison.Ordinal));
        foreach ((string part, XDocument xml) in book.Parts)
        {
            Assert.True(!xml.Descendants(Spreadsheet.Main + "hyperlink").Any(), $"{part} has a link");
            string[] values = [.. xml.DescendantNodes().OfType<XText>().Select(t => t.Value), .. xml.Descendants().Attributes().Where(a => !a.IsNamespaceDeclaration).Select(a => a.Value)];
            Assert.DoesNotContain(values, v => v.Contains("complaints/", StringComparison.Ordinal) || v.Contains("figures --rows", StringComparison.Ordinal) || v.Contains("pipeline ", StringComparison.Ordinal));
            Assert.DoesNotContain(values, v => v.Contains("“Roll-over”", StringComparison.Ordinal) || v.Contains("时限两种计法", StringComparison.Ordinal));
            Assert.DoesNotContain(values, v => CaseNumber().IsMatch(v));
        }
    }

    [Fact]
    public void A_source_without_the_table_gets_a_file_that_says_so() =>
        Assert.Contains(
            Texts(new Spreadsheet(WorkbookWriter.Write(InventedMonth.Open("generic"), [WorkbookKinds.Disclosure], Language.En)[0].Bytes)), t => t.Contains("does not have the view cn", StringComparison.Ordinal));

    [Fact]
    public void It_is_written_where_it_is_asked_for_by_name() => Assert.DoesNotContain(WorkbookKinds.Disclosure, WorkbookKinds.All);

    private static IEnumerable<string> Texts(Spreadsheet book) => book.Parts["xl/sharedStrings.xml"].Descendants(Spreadsheet.Main + "t").Select(t => t.Value);

    private static WorkbookFile Write(Language language) => WorkbookWriter.Write(Report, [WorkbookKinds.Disclosure], language)[0];

    [GeneratedRegex("TS2026[0-9]{4}")]
    private static partial Regex CaseNumber();
}
