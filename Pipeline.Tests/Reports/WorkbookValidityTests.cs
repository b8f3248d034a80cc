using System.IO.Compression;
using System.Xml;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Validation;
using Pipeline.Models.Text;
using Pipeline.Reports;
using Pipeline.Reports.Workbooks;
using Xunit.Abstractions;

namespace Pipeline.Tests.Reports;

public sealed class WorkbookValidityTests(ITestOutputHelper output)
{
    private static readonly MonthReport Report = InventedMonth.Report(perMonth: 150);

    [Theory]
    [InlineData(Language.Zh)]
    [InlineData(Language.En)]
    public void The_schema_validator_finds_nothing_in_any_workbook(Language language)
    {
        foreach (WorkbookFile file in WorkbookWriter.Write(Report, WorkbookKinds.All, language))
        {
            if (Environment.GetEnvironmentVariable("PIPELINE_TEST_WORKBOOKS") is { Length: > 0 } folder)
            {
                File.WriteAllBytes(Path.Combine(folder, $"{language}-{file.FileName}"), file.Bytes);
            }
            using MemoryStream stream = new(file.Bytes);
            using SpreadsheetDocument document = SpreadsheetDocument.Open(stream, false);
            List<ValidationErrorInfo> errors = [.. new OpenXmlValidator(FileFormatVersions.Office2019).Validate(document)];
            foreach (ValidationErrorInfo error in errors.Take(20))
            {
                output.WriteLine($"{file.FileName} {error.Part?.Uri} {error.Path?.XPath}: {error.Description}");
            }
            Assert.Empty(errors);
        }
    }
}
