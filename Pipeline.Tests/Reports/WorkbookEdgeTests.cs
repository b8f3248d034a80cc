using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Validation;
using Pipeline.Models.Text;
using Pipeline.Reports;

namespace Pipeline.Tests.Reports;

/// <summary>Months at the edges: nothing received, no history, not over, another taxonomy.</summary>
public sealed class WorkbookEdgeTests
{
    public static TheoryData<string> Cases => ["empty", "first month", "not over", "us-cfpb", "generic", "no quality", "largest remainder"];

    private static MonthReport Report(string name) => name switch
    {
        "empty" => InventedMonth.Empty(),
        "first month" => InventedMonth.Report(seed: 2, perMonth: 40, months: 1),
        "not over" => InventedMonth.Report(seed: 2, perMonth: 40, months: 3, asOf: new DateOnly(2026, 10, 9)),
        "us-cfpb" or "generic" => InventedMonth.Open(name),
        "no quality" => InventedMonth.Report(seed: 2, perMonth: 24, months: 2) with { Quality = new QualityReport([], [], []) },
        _ => InventedMonth.Report(seed: 2, perMonth: 40, months: 14) is var report ? report with { Rules = report.Rules with { PercentPolicy = "largest_remainder", PercentDecimals = 2 } } : throw new InvalidOperationException(),
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_workbook_is_valid(string name)
    {
        MonthReport report = Report(name);
        foreach (WorkbookFile file in WorkbookWriter.Write(report, WorkbookKinds.All, name.StartsWith('u') ? Language.En : Language.Zh))
        {
            if (Environment.GetEnvironmentVariable("PIPELINE_TEST_WORKBOOKS") is { Length: > 0 } folder)
            {
                File.WriteAllBytes(Path.Combine(folder, $"{name.Replace(' ', '_')}-{file.FileName}"), file.Bytes);
            }
            using MemoryStream stream = new(file.Bytes);
            using SpreadsheetDocument document = SpreadsheetDocument.Open(stream, false);
            Assert.Empty(new OpenXmlValidator(FileFormatVersions.Office2019).Validate(document).Select(e => $"{file.FileName} {e.Part?.Uri} {e.Path?.XPath}: {e.Description}"));
        }
    }

    [Fact]
    public void Shares_by_largest_remainder_add_up_to_a_hundred_on_the_sheet()
    {
        Spreadsheet book = new(WorkbookWriter.Write(Report("largest remainder"), [WorkbookKinds.Regulatory], Language.En)[0].Bytes);
        Assert.Equal(1m, book.Table("Causes").Skip(1).Sum(r => (decimal)r[2]!));
    }

    [Fact]
    public void What_an_open_dimension_leaves_out_stands_in_one_row_and_the_table_adds_up()
    {
        MonthReport report = InventedMonth.Open("us-cfpb");
        Spreadsheet book = new(WorkbookWriter.Write(report, [WorkbookKinds.Regulatory], Language.En)[0].Bytes);
        IReadOnlyList<IReadOnlyList<object?>> rows = book.Table("Causes");
        Assert.Contains(rows, r => r[0] is "Others (not listed)");
        Assert.Equal(report.Cases.Count, rows.Skip(1).Sum(r => (decimal)r[1]!));
    }
}
