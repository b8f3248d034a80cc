using System.Collections.Concurrent;
using System.Globalization;
using System.Xml.Linq;
using Pipeline.Models.Complaints;
using Pipeline.Models.Text;
using Pipeline.Reports;
using Pipeline.Reports.Sheets;
using Pipeline.Tests.Flags;

namespace Pipeline.Tests.Reports;

/// <summary>How every sheet of a month's workbooks is printed and whether its texts can be read, from the written parts alone.</summary>
public sealed class PageLayoutTests
{
    /// <summary>Lists to be filtered, one line a case: what does not fit is cut off where it is shown.</summary>
    private static readonly string[] OneLineLists = ["RowsBehind"];

    public static TheoryData<string, Language> Workbooks
    {
        get
        {
            TheoryData<string, Language> all = [];
            foreach (string kind in WorkbookKinds.All)
            {
                all.Add(kind, Language.Zh);
                all.Add(kind, Language.En);
            }
            return all;
        }
    }

    private static readonly Lazy<MonthReport[]> Reports = new(() =>
        [InventedMonth.Report(perMonth: 150), InventedMonth.Report(seed: 5, perMonth: 12, months: 2), InventedMonth.Open("us-cfpb"), InventedMonth.Empty(), InventedBank.Open()!.Report(new ReportingMonth(2025, 12))]);

    [Theory]
    [MemberData(nameof(Workbooks))]
    public void No_heading_stands_alone_at_the_foot_of_a_page(string kind, Language language)
    {
        int headings = 0;
        foreach (PrintedSheet sheet in Sheets(kind, language))
        {
            foreach (int row in sheet.Headings)
            {
                int next = sheet.NextTaken(row);
                Assert.True(next == 0 || sheet.Page(row) == sheet.Page(next), $"{sheet}: the heading in row {row} stands on page {sheet.Page(row)}, what it heads on page {sheet.Page(next)}");
                headings++;
            }
        }
        Assert.True(headings > 10, $"{headings} headings");
    }

    [Theory]
    [MemberData(nameof(Workbooks))]
    public void A_sheet_that_holds_only_a_sentence_is_not_printed_and_the_contents_say_the_sentence(string kind, Language language)
    {
        int sentences = 0;
        foreach (MonthReport report in (MonthReport[])[InventedMonth.Report(seed: 5, perMonth: 12, months: 2), InventedMonth.Empty()])
        {
            Spreadsheet book = new(WorkbookWriter.Write(report, [kind], language).Single().Bytes);
            XElement[] areas = [.. book.Parts["xl/workbook.xml"].Descendants(Spreadsheet.Main + "definedName").Where(n => n.Attribute("name")!.Value == "_xlnm.Print_Area")];
            string[] contents = [.. book.Cells(language == Language.Zh ? "目录与口径" : "Contents").Values.Select(book.Value).OfType<string>()];
            for (int i = 0; i < book.Names.Count; i++)
            {
                string sheet = book.Names[i];
                string[] texts = [.. book.Cells(sheet).Where(c => Spreadsheet.Range(c.Key).Row > 3).Select(c => book.Value(c.Value)).OfType<string>()];
                bool isSentence = texts.Length is 1 or 2 && !book.Parts.ContainsKey($"xl/worksheets/_rels/sheet{i + 1}.xml.rels");
                bool isList = sheet is "明细" or "Rows" or "数字清单" or "Figures"; // to be clicked and searched
                XElement? area = areas.SingleOrDefault(a => (int)a.Attribute("localSheetId")! == i);
                Assert.Equal((sheet, isSentence || isList), (sheet, area is not null));
                if (area is not null)
                {
                    string cell = area.Value[(area.Value.LastIndexOf('!') + 1)..].Replace("$", "", StringComparison.Ordinal);
                    Assert.DoesNotContain(book.Cells(sheet).Keys, k => Spreadsheet.Range(k).Row == Spreadsheet.Range(cell).Row); // no text runs over into it
                }
                if (isSentence)
                {
                    sentences++;
                    string[] firsts = [.. texts.Select(x => x.Split("。")[0].Split(". ")[0].TrimEnd('.'))];
                    Assert.Contains(contents, t => Array.Exists(firsts, first => t.EndsWith(language == Language.Zh ? $"（不打印：{first}）" : $"(not printed: {first})", StringComparison.Ordinal)));
                }
            }
        }
        Assert.True(sentences > 0 || kind is WorkbookKinds.Quality or WorkbookKinds.Regulatory, $"{kind}: no sheet holds a sentence alone");
    }

    [Fact]
    public void A_sheet_has_no_more_manual_breaks_than_Excel_takes()
    {
        Sheet sheet = new("Long", "Many small tables");
        for (int i = 0; i < PagePlan.MostBreaks + 300; i++)
        {
            sheet.Row(Cell.Of($"Part {i}", Styles.Section));
            sheet.Table(SheetTable.Of($"Part{i}", [new("Head", 40)], [.. Enumerable.Range(0, 35).Select(r => (IReadOnlyList<Cell>)[Cell.Of(r)])]));
            sheet.Skip();
        }
        Assert.Equal(PagePlan.MostBreaks, new SheetLayout(sheet).Pages.Breaks.Count);
    }

    [Theory]
    [MemberData(nameof(Workbooks))]
    public void A_table_that_fits_on_a_page_is_not_torn(string kind, Language language)
    {
        int tables = 0;
        foreach (PrintedSheet sheet in Sheets(kind, language))
        {
            foreach ((string name, int first, int last) in sheet.Tables)
            {
                bool fits = sheet.Height(first, last) <= sheet.Room * 0.95;
                // The last table begins under a title or little else rather than leave a page almost empty, and goes on under its heads.
                bool goesOn = last == sheet.Tables[^1].Last && sheet.Repeats(first) && sheet.HeightAbove(first) <= sheet.Room * 0.3;
                Assert.True(!fits || goesOn || sheet.Page(first) == sheet.Page(last), $"{sheet}: {name} of rows {first} to {last} goes from page {sheet.Page(first)} to {sheet.Page(last)}");
                tables++;
            }
            foreach ((int first, int last) in sheet.Charts)
            {
                Assert.True(sheet.Page(first) == sheet.Page(last), $"{sheet}: a chart over rows {first} to {last} is torn");
            }
        }
        Assert.True(tables > 5, $"{tables} tables");
    }

    [Theory]
    [MemberData(nameof(Workbooks))]
    public void A_table_longer_than_a_page_has_its_heads_on_each_and_nothing_else_stands_under_them(string kind, Language language)
    {
        foreach (PrintedSheet sheet in Sheets(kind, language))
        {
            foreach ((string name, int first, int last) in sheet.Tables.Where(t => sheet.Page(t.First) != sheet.Page(t.Last)))
            {
                Assert.True(sheet.Repeats(first), $"{sheet}: {name} goes over pages and its heads are not repeated");
            }
            if (sheet.Repeated is { Last: > 1 } repeated)
            {
                int end = sheet.Tables.Single(t => repeated.Last >= t.First && repeated.Last <= t.Last).Last;
                Assert.True(sheet.Page(end) == sheet.Page(sheet.Rows), $"{sheet}: what follows the table begins another page under its heads");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Workbooks))]
    public void No_heads_of_a_table_stand_over_nothing(string kind, Language language)
    {
        foreach (PrintedSheet sheet in Sheets(kind, language))
        {
            Assert.All(sheet.Heads, row => Assert.True(sheet.NextTaken(row) == row + 1, $"{sheet}: under the heads in row {row} there is nothing"));
        }
    }

    [Theory]
    [MemberData(nameof(Workbooks))]
    public void Every_row_is_high_enough_for_its_texts_and_no_text_runs_into_the_next_cell(string kind, Language language)
    {
        int texts = 0;
        foreach (PrintedSheet sheet in Sheets(kind, language))
        {
            foreach ((string cell, string text, double room, double size, bool isWrapped, bool isCut, double height) in sheet.Texts(OneLineLists))
            {
                double width = text.Sum(Least) * size / 10;
                if (isWrapped)
                {
                    double lines = Math.Min(isCut ? 12 : 30, Math.Ceiling(width / room));
                    Assert.True(lines * size * 1.15 <= height, $"{sheet}, {cell}: {lines} lines of {size} points in a row of {height}: {text}");
                }
                else
                {
                    Assert.True(width <= room + 1, $"{sheet}, {cell}: a text of {width:0.0} digits in a column of {room:0.0}: {text}");
                }
                texts++;
            }
        }
        Assert.True(texts > 20, $"{texts} texts");
    }

    /// <summary>The least width of a character in digits.</summary>
    private static double Least(char c) => c switch
    {
        >= '\u2E80' and <= '\uA4CF' or >= '\uAC00' and <= '\uD7A3' or >= '\uFF00' and <= '\uFF60' => 1.75,
        'i' or 'l' or 'j' or '|' or '\'' or ',' or '.' or ':' or ';' or 't' or 'f' or 'r' or ' ' or '(' or ')' or 'I' or '-' or '/' or '"' => 0.4,
        _ => 0.85,
    };

    private static readonly ConcurrentDictionary<(string, Language), Lazy<PrintedSheet[]>> Printed = new();

    private static PrintedSheet[] Sheets(string kind, Language language) => Printed.GetOrAdd((kind, language), _ => new Lazy<PrintedSheet[]>(() =>
    [
        .. Reports.Value.SelectMany(report =>
        {
            Spreadsheet book = new(WorkbookWriter.Write(report, [kind], language).Single().Bytes);
            return book.Names.Select(name => new PrintedSheet(book, name, $"{report.Source} {report.Month} {kind} {language}, {name}"));
        }),
    ])).Value;

    /// <summary>A sheet as a printer lays it out: A4 across, the margins of the part, its breaks, and a new page where one is full.</summary>
    private sealed class PrintedSheet
    {
        private readonly Spreadsheet book;
        private readonly XDocument part;
        private readonly Dictionary<int, double> heights = [];
        private readonly Dictionary<int, double> widths = [];
        private readonly HashSet<int> taken = [];
        private readonly List<int> starts = [1];
        private readonly XElement[] formats;
        private readonly XElement[] fonts;
        private readonly string title;

        public PrintedSheet(Spreadsheet book, string name, string title)
        {
            (this.book, this.title, part) = (book, title, book.Sheet(name));
            formats = [.. book.Styles.Element(Spreadsheet.Main + "cellXfs")!.Elements()];
            fonts = [.. book.Styles.Element(Spreadsheet.Main + "fonts")!.Elements()];
            int index = book.Names.ToList().IndexOf(name);
            foreach (XElement column in part.Descendants(Spreadsheet.Main + "col"))
            {
                widths[(int)column.Attribute("min")!] = (double)column.Attribute("width")!;
            }
            foreach (XElement row in part.Descendants(Spreadsheet.Main + "row"))
            {
                int number = (int)row.Attribute("r")!;
                heights[number] = (double?)row.Attribute("ht") ?? 15;
                if (row.Elements(Spreadsheet.Main + "c").Any(c => book.Value(c) is not null))
                {
                    taken.Add(number);
                }
            }
            Tables = [.. Related(index, "tables").Select(t => (t.Root!.Attribute("name")!.Value, Spreadsheet.Range(t.Root!.Attribute("ref")!.Value)))
                .Select(t => (t.Value, t.Item2.Row, t.Item2.LastRow + (IsTotal(t.Item2.LastRow + 1, t.Item2.Column) ? 1 : 0)))];
            XNamespace xdr = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing";
            Charts = [.. Related(index, "drawings").SelectMany(d => d.Descendants(xdr + "twoCellAnchor"))
                .Select(a => ((int)a.Element(xdr + "from")!.Element(xdr + "row")! + 1, (int)a.Element(xdr + "to")!.Element(xdr + "row")!))];
            foreach ((int first, int last) in Charts)
            {
                taken.UnionWith(Enumerable.Range(first, last - first + 1));
            }
            Rows = taken.DefaultIfEmpty(0).Max();
            XNamespace main = Spreadsheet.Main;
            Repeated = book.Parts["xl/workbook.xml"].Descendants(main + "definedName")
                .Where(n => n.Attribute("name")!.Value == "_xlnm.Print_Titles" && (int)n.Attribute("localSheetId")! == index)
                .Select(n => n.Value[(n.Value.LastIndexOf('!') + 1)..].Replace("$", "", StringComparison.Ordinal).Split(':'))
                .Select(r => ((int, int)?)(int.Parse(r[0], CultureInfo.InvariantCulture), int.Parse(r[1], CultureInfo.InvariantCulture))).SingleOrDefault();
            XElement setup = part.Descendants(main + "pageSetup").Single();
            double width = Enumerable.Range(1, widths.Keys.DefaultIfEmpty(1).Max()).Sum(c => widths.GetValueOrDefault(c, 9)) * 5.25;
            double scale = (double?)setup.Attribute("scale") / 100 ?? Math.Min(1, Math.Floor(100 * 784.3 / width) / 100);
            Room = 501.7 / scale;
            bool isWhole = (int)setup.Attribute("fitToHeight")! == 1 || book.Parts["xl/workbook.xml"].Descendants(main + "definedName")
                .Any(n => n.Attribute("name")!.Value == "_xlnm.Print_Area" && (int)n.Attribute("localSheetId")! == index);
            HashSet<int> breaks = [.. part.Descendants(main + "brk").Select(b => (int)b.Attribute("id")! + 1)];
            double used = 0;
            for (int row = 1; row <= Rows && !isWhole; row++)
            {
                double room = Room - (Repeated is { } r && starts[^1] > r.Last ? Height(r.First, r.Last) : 0);
                if (row > 1 && (breaks.Contains(row) || used + Height(row, row) > room))
                {
                    starts.Add(row);
                    used = 0;
                }
                used += Height(row, row);
            }
        }

        public int Rows { get; }

        /// <summary>Points of rows that a page holds.</summary>
        public double Room { get; }

        public (int First, int Last)? Repeated { get; }

        public IReadOnlyList<(string Name, int First, int Last)> Tables { get; }

        public IReadOnlyList<(int First, int Last)> Charts { get; }

        public IEnumerable<int> Headings => part.Descendants(Spreadsheet.Main + "c")
            .Where(c => book.Value(c) is string && Font(c) is { } font && Size(font) >= 12 && font.Element(Spreadsheet.Main + "b") is not null)
            .Select(c => Spreadsheet.Range(c.Attribute("r")!.Value).Row).Distinct();

        /// <summary>Rows of heads, every cell filled as heads are; of a sheet that is not to be filled in.</summary>
        public IEnumerable<int> Heads => part.Descendants(Spreadsheet.Main + "sheetProtection").Any() ? [] : part.Descendants(Spreadsheet.Main + "row")
            .Where(r => r.Elements(Spreadsheet.Main + "c").Any(c => book.Value(c) is not null) && r.Elements(Spreadsheet.Main + "c").All(c => Fill(c) == "FF" + Palette.Navy))
            .Select(r => (int)r.Attribute("r")!);

        public int Page(int row) => starts.Count(s => s <= row);

        public double Height(int first, int last) => Enumerable.Range(first, last - first + 1).Sum(r => heights.GetValueOrDefault(r, 15));

        /// <summary>Whether the heads of the table that begins in the row stand on each of its pages.</summary>
        public bool Repeats(int first) => Repeated is { } heads && heads.Last >= first && heads.Last <= first + 1;

        /// <summary>Points between the head of the row's page and the row.</summary>
        public double HeightAbove(int row) => Height(starts.Last(s => s <= row), row - 1);

        public int NextTaken(int row) => taken.Where(r => r > row).DefaultIfEmpty(0).Min();

        /// <summary>Texts that wrap or have something beside them, outside merged cells.</summary>
        public IEnumerable<(string Cell, string Text, double Room, double Size, bool IsWrapped, bool IsCut, double Height)> Texts(string[] but)
        {
            HashSet<string> merged = [.. part.Descendants(Spreadsheet.Main + "mergeCell").Select(m => m.Attribute("ref")!.Value.Split(':')[0])];
            (int First, int Last)[] left = [.. Tables.Where(t => but.Contains(t.Name)).Select(t => (t.First + 1, t.Last))];
            foreach (XElement row in part.Descendants(Spreadsheet.Main + "row"))
            {
                int number = (int)row.Attribute("r")!;
                if (left.Any(l => number >= l.First && number <= l.Last))
                {
                    continue;
                }
                XElement[] cells = [.. row.Elements(Spreadsheet.Main + "c")];
                for (int i = 0; i < cells.Length; i++)
                {
                    string name = cells[i].Attribute("r")!.Value;
                    if (book.Value(cells[i]) is not string text || merged.Contains(name))
                    {
                        continue;
                    }
                    XElement? alignment = Format(cells[i]).Element(Spreadsheet.Main + "alignment");
                    bool isWrapped = (string?)alignment?.Attribute("wrapText") is "1" or "true";
                    int column = Spreadsheet.Range(name).Column;
                    bool isBounded = Tables.Any(t => number > t.First && number <= t.Last)
                        || (i + 1 < cells.Length && book.Value(cells[i + 1]) is not null && Spreadsheet.Range(cells[i + 1].Attribute("r")!.Value).Column == column + 1);
                    if ((isWrapped || isBounded) && (string?)alignment?.Attribute("horizontal") != "centerContinuous")
                    {
                        double size = Size(Font(cells[i])!);
                        yield return (name, text, widths.GetValueOrDefault(column, 9) - ((int?)alignment?.Attribute("indent") ?? 0), size, isWrapped, size == 8, heights[number]);
                    }
                }
            }
        }

        public override string ToString() => title;

        private bool IsTotal(int row, int column) => book.Value(book.Names[book.Names.ToList().FindIndex(n => book.Sheet(n) == part)], Spreadsheet.Name(row, column)) is "Total" or "合计";

        private XElement Format(XElement cell) => formats[(int?)cell.Attribute("s") ?? 0];

        private XElement? Font(XElement cell) => fonts[(int)Format(cell).Attribute("fontId")!];

        private string? Fill(XElement cell) => book.Styles.Element(Spreadsheet.Main + "fills")!.Elements().ElementAt((int)Format(cell).Attribute("fillId")!)
            .Descendants(Spreadsheet.Main + "fgColor").SingleOrDefault()?.Attribute("rgb")?.Value;

        private static double Size(XElement font) => (double)font.Element(Spreadsheet.Main + "sz")!.Attribute("val")!;

        private IEnumerable<XDocument> Related(int index, string folder) => book.Parts.TryGetValue($"xl/worksheets/_rels/sheet{index + 1}.xml.rels", out XDocument? relations)
            ? relations.Descendants().Select(e => e.Attribute("Target")?.Value).OfType<string>().Where(t => t.StartsWith($"../{folder}/", StringComparison.Ordinal)).Select(t => book.Parts["xl/" + t[3..]])
            : [];
    }
}
