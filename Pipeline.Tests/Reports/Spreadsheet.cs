using System.Globalization;
using System.IO.Compression;
using System.Xml.Linq;

namespace Pipeline.Tests.Reports;

/// <summary>Reads the parts of a workbook as plain XML, with nothing of the code that wrote it.</summary>
internal sealed class Spreadsheet
{
    public static readonly XNamespace Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    private static readonly XNamespace R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    private readonly Dictionary<string, XDocument> parts = new(StringComparer.Ordinal);
    private readonly List<string> texts;

    public Spreadsheet(byte[] bytes)
    {
        using ZipArchive zip = new(new MemoryStream(bytes));
        foreach (ZipArchiveEntry entry in zip.Entries)
        {
            using Stream part = entry.Open();
            parts.Add(entry.FullName, XDocument.Load(part, LoadOptions.PreserveWhitespace));
        }
        texts = [.. parts["xl/sharedStrings.xml"].Root!.Elements(Main + "si").Select(si => si.Element(Main + "t")!.Value)];
        Names = [.. parts["xl/workbook.xml"].Descendants(Main + "sheet").Select(s => s.Attribute("name")!.Value)];
    }

    public IReadOnlyList<string> Names { get; }

    public IReadOnlyDictionary<string, XDocument> Parts => parts;

    public XElement Styles => parts["xl/styles.xml"].Root!;

    public XDocument Sheet(string name) => parts[$"xl/worksheets/sheet{Names.ToList().IndexOf(name) + 1}.xml"];

    /// <summary>Cells by name, each with its element.</summary>
    public Dictionary<string, XElement> Cells(string sheet) =>
        Sheet(sheet).Descendants(Main + "c").ToDictionary(c => c.Attribute("r")!.Value, StringComparer.Ordinal);

    /// <summary>A text, a decimal, or null where the cell is blank.</summary>
    public object? Value(XElement cell) => (cell.Attribute("t")?.Value, cell.Element(Main + "v")?.Value) switch
    {
        (_, null) => null,
        ("s", { } index) => texts[int.Parse(index, CultureInfo.InvariantCulture)],
        (null, { } number) => decimal.Parse(number, NumberStyles.Float, CultureInfo.InvariantCulture),
        (string type, _) => throw new InvalidDataException($"cell {cell.Attribute("r")?.Value} is of type {type}; only texts and numbers are written"),
    };

    public object? Value(string sheet, string cell) => Cells(sheet).TryGetValue(cell, out XElement? element) ? Value(element) : null;

    /// <summary>Rows of a table by its name, as values, the heads first.</summary>
    public IReadOnlyList<IReadOnlyList<object?>> Table(string table) => Rows(table, cell => cell is null ? null : Value(cell));

    /// <summary>The same as cells, for tables without empty places.</summary>
    public IReadOnlyList<IReadOnlyList<XElement>> TableCells(string table) =>
        Rows(table, cell => cell ?? throw new InvalidDataException($"table {table} has an empty place"));

    private IReadOnlyList<IReadOnlyList<T>> Rows<T>(string table, Func<XElement?, T> of)
    {
        (string part, XElement root) = parts.Where(p => p.Key.StartsWith("xl/tables/", StringComparison.Ordinal)).Select(p => (p.Key, p.Value.Root!)).Single(p => p.Item2.Attribute("name")!.Value == table);
        string sheet = Names[int.Parse(parts.Single(p => p.Key.StartsWith("xl/worksheets/_rels/", StringComparison.Ordinal)
            && p.Value.Descendants().Any(e => e.Attribute("Target")?.Value == "../" + part[3..])).Key["xl/worksheets/_rels/sheet".Length..].Split('.')[0], CultureInfo.InvariantCulture) - 1];
        (int row, int column, int lastRow, int lastColumn) = Range(root.Attribute("ref")!.Value);
        Dictionary<string, XElement> cells = Cells(sheet);
        return
        [
            .. Enumerable.Range(row, lastRow - row + 1).Select(r => (IReadOnlyList<T>)
            [
                .. Enumerable.Range(column, lastColumn - column + 1).Select(c => of(cells.GetValueOrDefault(Name(r, c)))),
            ]),
        ];
    }

    public static int StyleOf(XElement cell) => int.Parse(cell.Attribute("s")?.Value ?? "0", CultureInfo.InvariantCulture);

    /// <summary>Positions of the styles whose own number format meets a condition.</summary>
    public HashSet<int> StylesWhere(Func<string, bool> format)
    {
        HashSet<string> ids = [.. Styles.Descendants(Main + "numFmt").Where(f => format(f.Attribute("formatCode")!.Value)).Select(f => f.Attribute("numFmtId")!.Value)];
        return [.. Styles.Element(Main + "cellXfs")!.Elements(Main + "xf").Select((x, i) => (x, i)).Where(x => ids.Contains(x.x.Attribute("numFmtId")?.Value ?? "")).Select(x => x.i)];
    }

    public bool HasQuotePrefix(XElement cell)
    {
        return Styles.Element(Main + "cellXfs")!.Elements(Main + "xf").ElementAt(StyleOf(cell)).Attribute("quotePrefix")?.Value is "1" or "true";
    }

    public static string Name(int row, int column)
    {
        string name = "";
        for (; column > 0; column = (column - 1) / 26)
        {
            name = (char)('A' + ((column - 1) % 26)) + name;
        }
        return name + row.ToString(CultureInfo.InvariantCulture);
    }

    public static (int Row, int Column, int LastRow, int LastColumn) Range(string range)
    {
        string[] ends = range.Replace("$", "", StringComparison.Ordinal).Split(':');
        (int row, int column) = Place(ends[0]);
        (int lastRow, int lastColumn) = Place(ends[^1]);
        return (row, column, lastRow, lastColumn);
    }

    private static (int Row, int Column) Place(string cell)
    {
        int letters = cell.TakeWhile(char.IsLetter).Count();
        return (int.Parse(cell[letters..], CultureInfo.InvariantCulture), cell[..letters].Aggregate(0, (sum, c) => (sum * 26) + c - 'A' + 1));
    }
}
