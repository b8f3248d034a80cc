using System.Text.Json;
using Pipeline.Jobs.Ingest.Reading;
using Pipeline.Jobs.Shell;
using Xunit.Abstractions;

namespace Pipeline.Tests.Ingest.Reading;

/// <summary>The public acid tests csv-spectrum and csv-test-data with their answers, and files from the wild.</summary>
public sealed class AcidTests(ITestOutputHelper output)
{
    [Fact]
    public void Csv_spectrum_is_read_as_its_answers_say()
    {
        foreach (string path in Files("csv-spectrum/csvs"))
        {
            string answer = Path.Combine(Path.GetDirectoryName(path)!, "..", "json", Path.GetFileNameWithoutExtension(path) + ".json");
            using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(answer));
            WholeTable table = Assert.Single(WholeTable.Read(path));
            // location_coordinates.json is a single object, and gives another phone number than its CSV.
            JsonElement[] rows = json.RootElement.ValueKind == JsonValueKind.Array ? [.. json.RootElement.EnumerateArray()] : [json.RootElement];
            bool otherPhone = path.EndsWith("location_coordinates.csv", StringComparison.Ordinal);
            Assert.Equal(rows.Length, table.Rows.Count);
            for (int i = 0; i < rows.Length; i++)
            {
                Assert.Equal(rows[i].EnumerateObject().Select(field => field.Name), table.Shape.Columns);
                Assert.Equal(
                    rows[i].EnumerateObject().Skip(otherPhone ? 1 : 0).Select(field => field.Value.GetString()!.Replace("\r\n", "\n", StringComparison.Ordinal)),
                    table.Rows[i].Cells.Skip(otherPhone ? 1 : 0).Select(cell => cell.Replace("\r\n", "\n", StringComparison.Ordinal)));
                Assert.Equal(RowFault.None, table.Rows[i].Fault);
            }
        }
    }

    [Fact]
    public void Csv_test_data_is_read_as_its_answers_say()
    {
        foreach (string path in Files("csv-test-data/csv").Where(path => !Path.GetFileName(path).StartsWith("bad-", StringComparison.Ordinal)))
        {
            string name = Path.GetFileNameWithoutExtension(path);
            if (name == "all-empty")
            {
                Assert.Throws<PipelineFault>(() => WholeTable.Read(path));
                continue;
            }
            WholeTable table = Assert.Single(WholeTable.Read(path));
            string answer = Path.Combine(Path.GetDirectoryName(path)!, "..", "json", name + ".json");
            using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(answer));
            List<string[]> expected = [];
            foreach (JsonElement row in json.RootElement.EnumerateArray())
            {
                expected.Add(row.ValueKind == JsonValueKind.Array
                    ? [.. row.EnumerateArray().Select(cell => cell.GetString()!)]
                    : [.. row.EnumerateObject().Select(field => field.Value.GetString()!)]);
            }
            // Files that are said to have no header begin with the row foo,bar,baz, which is a header to any reader; empty rows are left out.
            IEnumerable<string[]> all = name.StartsWith("header-", StringComparison.Ordinal) ? table.Cells : [[.. table.Shape.Columns], .. table.Cells];
            Assert.Equal(expected.Where(row => row.Any(cell => cell.Length > 0)), all);
            Assert.All(table.Rows, row => Assert.Equal(RowFault.None, row.Fault));
        }
    }

    [Fact]
    public void Bad_files_are_refused_or_their_rows_marked()
    {
        foreach (string path in Files("csv-test-data/csv").Where(path => Path.GetFileName(path).StartsWith("bad-", StringComparison.Ordinal)))
        {
            string name = Path.GetFileNameWithoutExtension(path);
            if (name == "bad-header-no-header")
            {
                Assert.Throws<PipelineFault>(() => WholeTable.Read(path));
                continue;
            }
            WholeTable table = Assert.Single(WholeTable.Read(path));
            if (name == "bad-header-wrong-header")
            {
                Assert.Equal(["qux", "quux", "quuz"], table.Shape.Columns);
                continue;
            }
            RowFault expected = name switch
            {
                "bad-header-less-fields" => RowFault.TooFewCells,
                "bad-header-more-fields" => RowFault.TooManyCells,
                _ => RowFault.BrokenQuote,
            };
            Assert.Equal(expected, Assert.Single(table.Rows).Fault);
        }
    }

    [Theory]
    [InlineData("characters.csv", "big5", ",", 0, 1, 18, 382)]
    [InlineData("complex.csv", "utf-8", ",", 0, 1, 4, 3)]
    [InlineData("example.tsv", "utf-8", "\t", 0, 1, 17, 140)]
    [InlineData("long.csv", "utf-8", ",", 0, 0, 1, 4000)]
    [InlineData("simple.xls", "xls", null, 0, 1, 3, 6)]
    [InlineData("simple.zip", "utf-8", ",", 0, 1, 3, 6)]
    [InlineData("spanish_chars.csv", "windows-1252", ",", 0, 1, 8, 115)]
    [InlineData("sparse_with_column_errors.csv", "windows-1252", ",", 0, 1, 3, 2200)]
    [InlineData("utf-16le_encoded.csv", "utf-16le", ",", 0, 1, 19, 327)]
    [InlineData("utf8bom.csv", "utf-8-bom", ",", 0, 1, 2, 0)]
    [InlineData("weird_head_padding.csv", "utf-8", ";", 11, 1, 10, 76)]
    [InlineData("excel_properties.xls", "xls", null, 0, 1, 1, 17)]
    [InlineData("span_rich.xls", "xls", null, 0, 1, 4, 5)]
    public void Files_from_the_wild_are_understood(string name, string encoding, string? delimiter, int skipped, int headerRows, int columns, int rows)
    {
        if (SharedData.Path("csv", "wild", name) is not string path)
        {
            output.WriteLine("skipped: the shared data are not there");
            return;
        }
        WholeTable table = Assert.Single(WholeTable.Read(path));
        Assert.Equal(
            (encoding, delimiter, skipped, headerRows, columns, rows),
            (table.Shape.Encoding, table.Shape.Delimiter, table.Shape.SkippedRows, table.Shape.HeaderRows, table.Shape.Columns.Count, table.Rows.Count));
    }

    [Fact]
    public void An_empty_workbook_from_the_wild_is_a_fault()
    {
        if (SharedData.Path("csv", "wild", "libreoffice.xlsx") is string path)
        {
            Assert.Throws<PipelineFault>(() => WholeTable.Read(path));
        }
    }

    [Fact]
    public void Every_monthly_export_of_the_invented_bank_gives_69_columns_without_faults()
    {
        foreach (string path in Files("../cn-bank/exports"))
        {
            WholeTable table = Assert.Single(WholeTable.Read(path));
            Assert.Equal((1, 2, 69), (table.Shape.SkippedRows, table.Shape.HeaderRows, table.Shape.Columns.Count));
            Assert.Equal(69, table.Shape.Columns.Distinct().Count());
            Assert.Contains("投诉人信息/省", table.Shape.Columns);
            Assert.DoesNotContain(table.Rows, row => row.Fault != RowFault.None);
            // Some case numbers are missing: planted defects, which the profile finds.
            Assert.All(table.Rows, row => Assert.True(row.Cells[3].Length == 0 || row.Cells[3].StartsWith("TS", StringComparison.Ordinal), $"line {row.Line}"));
        }
    }

    private IEnumerable<string> Files(string folder)
    {
        string? path = SharedData.Path("csv", folder);
        if (path is null)
        {
            output.WriteLine("skipped: the shared data are not there");
            return [];
        }
        return Directory.GetFiles(path).Order(StringComparer.Ordinal);
    }
}
