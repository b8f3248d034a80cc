using System.Xml.Linq;
using Pipeline.Models.Measures;
using Pipeline.Models.Regulatory;
using Pipeline.Models.Text;
using Pipeline.Reports;
using Pipeline.Reports.Workbooks;

namespace Pipeline.Tests.Reports;

/// <summary>The mark of figures that look back beyond the ledger is explained wherever it stands, and nowhere else.</summary>
public sealed class MarkedFiguresTests
{
    private static readonly string[] Views = [RegulatoryViews.China, RegulatoryViews.UnitedKingdom];

    private static readonly Lazy<Dictionary<string, MonthReport>> Reports = new(() => new()
    {
        ["first month"] = Begun(InventedMonth.Report(perMonth: 60, months: 1, views: Views)),
        ["second month"] = Begun(InventedMonth.Report(perMonth: 60, months: 2, views: Views)),
        ["second year"] = Begun(InventedMonth.Report(perMonth: 60, months: 14, views: Views)),
        ["22 months"] = Begun(InventedMonth.Report(perMonth: 60, months: 22, views: Views)),
        ["old ledger"] = InventedMonth.Report(perMonth: 60, views: Views),
        ["kept before the first day was listed"] = InventedMonth.Report(perMonth: 60, months: 3),
        ["nothing received"] = InventedMonth.Empty(),
    });

    public static TheoryData<string, string, Language> Workbooks
    {
        get
        {
            TheoryData<string, string, Language> all = [];
            foreach (string report in Reports.Value.Keys)
            {
                foreach (string kind in WorkbookKinds.All)
                {
                    all.Add(report, kind, Language.En);
                    all.Add(report, kind, Language.Zh);
                }
            }
            return all;
        }
    }

    private static MonthReport Begun(MonthReport report) => report with { LedgerBegins = report.History.FirstDay };

    [Theory]
    [MemberData(nameof(Workbooks))]
    public void A_sheet_explains_the_mark_once_if_a_number_on_it_has_one_and_otherwise_not_at_all(string report, string kind, Language language)
    {
        Spreadsheet book = new(WorkbookWriter.Write(Reports.Value[report], [kind], language).Single().Bytes);
        HashSet<int> marked = book.StylesWhere(f => f.Contains(Uncovered.Mark, StringComparison.Ordinal));
        foreach (string sheet in book.Names)
        {
            XElement[] cells = [.. book.Cells(sheet).Values];
            bool isMarked = cells.Any(c => book.Value(c) is decimal && marked.Contains(Spreadsheet.StyleOf(c)));
            int notes = cells.Count(c => book.Value(c) is string text && text.Contains(Uncovered.Mark, StringComparison.Ordinal));
            Assert.Equal((sheet, isMarked ? 1 : 0), (sheet, notes));
        }
    }

    [Fact]
    public void The_marked_sheets_of_a_young_ledger_are_those_that_look_back()
    {
        string[] Marked(string kind)
        {
            Spreadsheet book = new(WorkbookWriter.Write(Reports.Value["second month"], [kind], Language.En).Single().Bytes);
            return [.. book.Names.Where(n => book.Cells(n).Values.Any(c => book.Value(c) is string text && text.StartsWith(Uncovered.Mark, StringComparison.Ordinal)))];
        }
        Assert.Superset(new HashSet<string>(["Indicators", "Source", "Branches and regions", "Figures"]), new HashSet<string>(Marked(WorkbookKinds.Regulatory)));
        Assert.Superset(new HashSet<string>(["Tags", "Figures"]), new HashSet<string>(Marked(WorkbookKinds.RootCause)));
        Assert.DoesNotContain("Slow drift", Marked(WorkbookKinds.Trend));
        Assert.Empty(Marked(WorkbookKinds.Quality));
    }

    [Fact]
    public void A_report_kept_before_the_first_day_was_listed_is_marked_from_the_first_month_that_it_reaches_back_to()
    {
        MonthReport kept = Reports.Value["kept before the first day was listed"];
        Assert.Null(kept.LedgerBegins);
        Assert.Equal(kept.History.FirstDay, kept.CoveredFrom);
        Assert.False(kept.IsCovered("repeat_90", FigurePeriod.Of(kept.Month)));
        Assert.True(kept.IsCovered("complaints", FigurePeriod.Of(kept.Month)));
        Assert.Null(InventedMonth.Report(perMonth: 5).CoveredFrom);
    }

    [Fact]
    public void The_year_to_date_and_the_disclosure_print_the_same_figure_the_same()
    {
        foreach (string name in (string[])["22 months", "old ledger", "second year"])
        {
            Spreadsheet book = new(WorkbookWriter.Write(Reports.Value[name], [WorkbookKinds.Regulatory], Language.En).Single().Bytes);
            Dictionary<string, string[]> toDate = Printed(book, "ToDate", 7, 8);
            Dictionary<string, string[]> disclosed = Printed(book, "DisclosedTotal", 1, 2);
            string[] both = [.. toDate.Keys.Intersect(disclosed.Keys)];
            Assert.Equal(["Complaints", "Complaints after merging repeats", "Closure rate", "On-time rate", "Regulator transfers"], both);
            Assert.All(both, m => Assert.Equal(disclosed[m], toDate[m]));
            Assert.Contains(toDate.Values, v => !v[1].StartsWith('–') == (name != "second year"));
        }
    }

    /// <summary>Value and number format of some columns, by the name in the first.</summary>
    private static Dictionary<string, string[]> Printed(Spreadsheet book, string table, params int[] columns)
    {
        XElement[] formats = [.. book.Styles.Descendants(Spreadsheet.Main + "numFmt")];
        XElement[] styles = [.. book.Styles.Element(Spreadsheet.Main + "cellXfs")!.Elements(Spreadsheet.Main + "xf")];
        string Print(XElement cell)
        {
            string id = styles[Spreadsheet.StyleOf(cell)].Attribute("numFmtId")!.Value;
            return $"{book.Value(cell)} as {formats.FirstOrDefault(f => f.Attribute("numFmtId")!.Value == id)?.Attribute("formatCode")?.Value ?? id}";
        }
        return book.TableCells(table).Skip(1).ToDictionary(r => (string)book.Value(r[0])!, r => columns.Select(c => Print(r[c])).ToArray());
    }
}
