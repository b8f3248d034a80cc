using System.Collections.Concurrent;
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
    private static readonly MonthReport Report = InventedMonth.Report(mostEarlier: EarlierCases.Most);
    private static readonly ConcurrentDictionary<string, Lazy<(List<Figure> Listed, List<Figure> Others)>> ByKind = [];

    public static TheoryData<string> Kinds => [WorkbookKinds.Regulatory, WorkbookKinds.RootCause, WorkbookKinds.Trend, WorkbookKinds.Quality];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_figure_of_the_month_leads_to_the_complaints_that_the_engine_counts_for_it(string kind)
    {
        (List<Figure> listed, List<Figure> others) = Followed(kind);
        Assert.DoesNotContain(others, f => IsOfMonth(f) && f is { Value: not null, Rows: > 0 and <= RowsList.MostRowsOfFigure });
        Assert.True(listed.Count(IsOfMonth) > (kind == WorkbookKinds.Quality ? 5 : 30), $"{kind} lists the rows of {listed.Count(IsOfMonth)} figures of the month");
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Figures_of_earlier_months_and_longer_periods_lead_to_their_complaints_while_there_is_room(string kind)
    {
        (List<Figure> listed, List<Figure> others) = Followed(kind);
        Assert.True(listed.Count(f => !IsOfMonth(f)) > (kind == WorkbookKinds.Quality ? 5 : 30), $"{kind} lists the rows of {listed.Count(f => !IsOfMonth(f))} figures of other periods");
        Assert.DoesNotContain(others, f => !IsOfMonth(f) && f is { Value: not null, Rows: > 0 and < 20 });
    }

    [Theory]
    [InlineData(WorkbookKinds.Regulatory, 500)]
    [InlineData(WorkbookKinds.Trend, 300)]
    public void Every_count_of_complaints_of_a_class_leads_to_them_whatever_its_period_and_size(string kind, int atLeast)
    {
        (List<Figure> listed, List<Figure> others) = Followed(kind);
        Assert.DoesNotContain(others, f => f.Rows > 0 && FigureKey.Parse(f.Key) is { Measure: "complaints", Terms.Count: <= 1 });
        Assert.True(listed.Count(f => FigureKey.Parse(f.Key).Measure == "complaints") >= atLeast);
        Assert.Equal(kind == WorkbookKinds.Regulatory, listed.Any(f => f.Rows > RowsList.MostRowsOfFigure));
    }

    [Fact]
    public void What_was_open_when_the_month_began_and_what_was_closed_in_it_lead_to_their_complaints()
    {
        (List<Figure> listed, _) = Followed(WorkbookKinds.Regulatory);
        List<Figure> handled = [.. listed.Where(f => MeasureCatalog.Find(FigureKey.Parse(f.Key).Measure).Basis == MeasureBasis.Handled)];
        Assert.Contains(handled, f => IsOfMonth(f) && f.Rows > 0);
        FigureEngine engine = Report.Engine([.. Report.PinnedCases().Select(c => c.Fact)]);
        Assert.Contains(handled, f => engine.Rows(f).Any(r => r.Fact.Received < InventedMonth.October.FirstDay && r.Counted));
    }

    private static bool IsOfMonth(Figure figure) => FigureKey.Parse(figure.Key).Period == FigurePeriod.Of(InventedMonth.October);

    /// <summary>The figures whose links lead to rows, each of which was compared with what the engine counts, and those whose links do not.</summary>
    private static (List<Figure> Listed, List<Figure> Others) Followed(string kind) => ByKind.GetOrAdd(kind, k => new(() => Follow(k))).Value;

    private static (List<Figure> Listed, List<Figure> Others) Follow(string kind)
    {
        Spreadsheet book = new(WorkbookWriter.Write(Report, [kind], Language.En)[0].Bytes);
        FigureEngine engine = Report.Engine([.. Report.PinnedCases().Select(c => c.Fact)]);
        IReadOnlyList<IReadOnlyList<object?>> rows = book.Table("RowsBehind");
        int head = Spreadsheet.Range(Table(book, "RowsBehind").Attribute("ref")!.Value).Row;
        List<Figure> listed = [];
        List<Figure> others = [];
        foreach ((string key, string? location) in Links(book))
        {
            Figure figure = Report.Figures.Single(f => f.Key == key);
            if (location is null)
            {
                others.Add(figure);
                continue;
            }
            (int first, _, int last, int columns) = Spreadsheet.Range(location[(location.IndexOf('!', StringComparison.Ordinal) + 1)..]);
            Assert.Equal(rows[0].Count, columns);
            Assert.Equal(
                engine.Rows(FigureKey.Parse(key)).Select(r => (r.Fact.CaseNumber, r.Counted))
                    .OrderBy(r => r.CaseNumber, StringComparer.Ordinal),
                Enumerable.Range(first - head, last - first + 1).Select(i => ((string)rows[i][2]!, rows[i][1] is not null)));
            listed.Add(figure);
        }
        return (listed, others);
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
        MonthReport large = InventedMonth.Report(seed: 2, perMonth: RowsList.MostRowsOfFigure + 200, months: 2) with { PinnedFrom = null, Earlier = [] };
        Spreadsheet book = new(WorkbookWriter.Write(large, [WorkbookKinds.Regulatory], Language.En)[0].Bytes);
        IReadOnlyList<object?> total = book.Table("Figures").Single(r => "complaints/2026-10".Equals(r[0]));
        Assert.Equal("pipeline figures --month 2026-10 --source 示例银行 --edition 1 --rows \"complaints/2026-10\"", total[10]);
        Assert.True(book.Table("RowsBehind").Count - 1 <= RowsList.MostRows + RowsList.MostEarlierRows + RowsList.MostClassRows);
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
