using System.Xml.Linq;
using Pipeline.Models.Complaints;
using Pipeline.Models.Measures;
using Pipeline.Models.Text;
using Pipeline.Reports;
using Pipeline.Reports.Workbooks;

namespace Pipeline.Tests.Reports;

/// <summary>A click on a number selects the complaints behind it.</summary>
public sealed class RowsSheetTests
{
    private static readonly MonthReport Report = InventedMonth.Report();

    public static TheoryData<string> Kinds => [WorkbookKinds.Regulatory, WorkbookKinds.RootCause, WorkbookKinds.Trend, WorkbookKinds.Quality];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_figure_of_the_month_leads_to_the_complaints_that_the_engine_counts_for_it(string kind)
    {
        Spreadsheet book = new(WorkbookWriter.Write(Report, [kind], Language.En)[0].Bytes);
        FigureEngine engine = Report.Engine([.. Report.Cases.Select(c => c.Fact)]);
        IReadOnlyList<IReadOnlyList<object?>> rows = book.Table("RowsBehind");
        int head = Spreadsheet.Range(Table(book, "RowsBehind").Attribute("ref")!.Value).Row;
        int listed = 0;
        foreach ((string key, string? location) in Links(book))
        {
            Figure figure = Report.Figures.Single(f => f.Key == key);
            FigureKey parsed = FigureKey.Parse(key);
            if (!Report.IsPinned(parsed) || figure.Value is null || figure.Rows is 0 or > FigureRegister.MostRowsOfFigure)
            {
                Assert.Null(location);
                continue;
            }
            Assert.NotNull(location);
            (int first, _, int last, int columns) = Spreadsheet.Range(location[(location.IndexOf('!', StringComparison.Ordinal) + 1)..]);
            Assert.Equal(rows[0].Count, columns);
            Assert.Equal(
                engine.Rows(parsed).Select(r => (r.Fact.CaseNumber, r.Counted)),
                Enumerable.Range(first - head, last - first + 1).Select(i => ((string)rows[i][2]!, rows[i][1] is not null)));
            listed++;
        }
        Assert.True(listed > (kind == WorkbookKinds.Quality ? 5 : 30), $"{kind} lists the rows of {listed} figures");
    }

    [Fact]
    public void A_number_printed_on_a_sheet_leads_to_its_rows_with_one_click()
    {
        Spreadsheet book = new(WorkbookWriter.Write(Report, [WorkbookKinds.Regulatory], Language.En)[0].Bytes);
        Dictionary<string, string?> rows = Links(book);
        List<(string Key, string Location)> numbers = [.. book.Names.Where(n => n is not "Figures" and not "Rows")
            .SelectMany(n => book.Sheet(n).Descendants(Spreadsheet.Main + "hyperlink"))
            .Where(h => h.Attribute("tooltip") is not null)
            .Select(h => (h.Attribute("tooltip")!.Value, h.Attribute("location")!.Value))];
        Assert.True(numbers.Count > 300);
        Assert.All(numbers, n => Assert.True(rows[n.Key] is { } place ? n.Location == place : n.Location.StartsWith("'Figures'!A", StringComparison.Ordinal), n.Key));
    }

    [Fact]
    public void A_figure_of_more_complaints_than_a_person_reads_names_the_command_instead()
    {
        MonthReport large = InventedMonth.Report(seed: 2, perMonth: FigureRegister.MostRowsOfFigure + 200, months: 2);
        Spreadsheet book = new(WorkbookWriter.Write(large, [WorkbookKinds.Regulatory], Language.En)[0].Bytes);
        IReadOnlyList<object?> total = book.Table("Figures").Single(r => "complaints/2026-10".Equals(r[0]));
        Assert.Equal("pipeline figures --month 2026-10 --source 示例银行 --edition 1 --rows \"complaints/2026-10\"", total[10]);
        Assert.True(book.Table("RowsBehind").Count - 1 <= FigureRegister.MostRows);
        Assert.Contains(Links(book), l => l.Value is not null);
    }

    [Fact]
    public void A_report_whose_cases_contradict_its_figures_is_not_written()
    {
        MonthReport short1 = Report with { Cases = [.. Report.Cases.Skip(1)] };
        InvalidOperationException fault = Assert.Throws<InvalidOperationException>(() => WorkbookWriter.Write(short1, [WorkbookKinds.Regulatory], Language.En));
        Assert.Contains("the pinned cases give", fault.Message, StringComparison.Ordinal);
    }

    /// <summary>Figures by key, each with where its rows stand; null where they are not listed.</summary>
    private static Dictionary<string, string?> Links(Spreadsheet book)
    {
        (int head, int column, int last, _) = Spreadsheet.Range(Table(book, "Figures").Attribute("ref")!.Value);
        Dictionary<string, string> links = book.Sheet("Figures").Descendants(Spreadsheet.Main + "hyperlink")
            .ToDictionary(h => h.Attribute("ref")!.Value, h => h.Attribute("location")!.Value);
        Dictionary<string, XElement> cells = book.Cells("Figures");
        return Enumerable.Range(head + 1, last - head).ToDictionary(
            r => (string)book.Value(cells[Spreadsheet.Name(r, column)])!, r => links.GetValueOrDefault(Spreadsheet.Name(r, column + 10)));
    }

    private static XElement Table(Spreadsheet book, string name) =>
        book.Parts.Where(p => p.Key.StartsWith("xl/tables/", StringComparison.Ordinal)).Select(p => p.Value.Root!).Single(t => t.Attribute("name")!.Value == name);
}
