using System.Globalization;
using System.IO.Compression;
using System.Xml;

namespace Pipeline.Jobs.Ingest.Reading;

/// <summary>
/// The cells of a workbook that hold an error value such as <c>#REF!</c>. ExcelDataReader 3.6.0 gives nothing for them, as if they were empty, so they
/// are read from the sheet's XML (only sheets in which such a cell occurs are read for it) or from the records of an .xls. With them the cells that
/// hold the serial number 60: shown as a date it is 1900-02-29, which Excel keeps for the sake of an older program and which never was; the library
/// gives the day before for it.
/// </summary>
internal sealed class ErrorCells
{
    private const string Spreadsheet = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    private const string Relationships = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

    private static readonly XmlReaderSettings Settings = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, IgnoreWhitespace = true };

    /// <summary>By sheet, then (row, column) from 1.</summary>
    private readonly Dictionary<string, Dictionary<(long Row, int Column), string>> bySheet = new(StringComparer.Ordinal);

    /// <summary>By sheet; filled for an .xls, and for a sheet of an .xlsx when it is asked for.</summary>
    private readonly Dictionary<string, HashSet<(long Row, int Column)>> phantoms = new(StringComparer.Ordinal);

    /// <value>Opens the .xlsx once more to look for cells that hold 60; null where they are all known.</value>
    private Func<Stream>? workbookForPhantoms;

    /// <summary>The day that Excel's serial 60 stands for, and no calendar.</summary>
    public const string PhantomDay = "1900-02-29";

    /// <summary>A serial number of that day, with or without a time of day.</summary>
    public static bool IsPhantomDay(double serial) => serial is >= 60 and < 61;

    /// <param name="parts">Names of the parts that hold error cells.</param>
    /// <param name="again">Opens the workbook once more.</param>
    public static ErrorCells Read(ZipArchive workbook, IReadOnlyCollection<string> parts, Func<Stream> again)
    {
        ErrorCells errors = new() { workbookForPhantoms = again };
        if (parts.Count == 0)
        {
            return errors;
        }
        foreach ((string sheet, string part) in Sheets(workbook))
        {
            if (parts.Contains(part) && workbook.GetEntry(part) is ZipArchiveEntry entry)
            {
                using XmlReader reader = XmlReader.Create(entry.Open(), Settings);
                errors.bySheet[sheet] = Cells(reader);
            }
        }
        return errors;
    }

    /// <summary>The error's text, for example <c>#N/A</c>, or null. Both numbers from 1.</summary>
    public string? At(string sheet, long row, int column) =>
        bySheet.TryGetValue(sheet, out Dictionary<(long, int), string>? cells) ? cells.GetValueOrDefault((row, column)) : null;

    public bool Any(string sheet) => bySheet.ContainsKey(sheet);

    public void AddError(string sheet, long row, int column, string text)
    {
        if (!bySheet.TryGetValue(sheet, out Dictionary<(long, int), string>? cells))
        {
            bySheet.Add(sheet, cells = []);
        }
        cells[(row, column)] = text;
    }

    public void AddPhantom(string sheet, long row, int column)
    {
        if (!phantoms.TryGetValue(sheet, out HashSet<(long, int)>? cells))
        {
            phantoms.Add(sheet, cells = []);
        }
        cells.Add((row, column));
    }

    /// <summary>The cell holds 60. Asked only of cells that came as the day before, so that a sheet is hardly ever read for it. Both numbers from 1.</summary>
    public bool IsPhantom(string sheet, long row, int column)
    {
        if (workbookForPhantoms is Func<Stream> open && !phantoms.ContainsKey(sheet))
        {
            phantoms.Add(sheet, []);
            using ZipArchive workbook = new(open(), ZipArchiveMode.Read);
            foreach ((_, string part) in Sheets(workbook).Where(s => s.Sheet == sheet))
            {
                using XmlReader reader = XmlReader.Create(workbook.GetEntry(part)!.Open(), Settings);
                foreach ((long Row, int Column) place in Sixties(reader))
                {
                    phantoms[sheet].Add(place);
                }
            }
        }
        return phantoms.TryGetValue(sheet, out HashSet<(long, int)>? cells) && cells.Contains((row, column));
    }

    private static IEnumerable<(string Sheet, string Part)> Sheets(ZipArchive workbook)
    {
        Dictionary<string, string> targets = [];
        if (workbook.GetEntry("xl/_rels/workbook.xml.rels") is not ZipArchiveEntry relations || workbook.GetEntry("xl/workbook.xml") is not ZipArchiveEntry book)
        {
            yield break;
        }
        using (XmlReader reader = XmlReader.Create(relations.Open(), Settings))
        {
            while (reader.ReadToFollowing("Relationship"))
            {
                string target = reader.GetAttribute("Target") ?? "";
                targets[reader.GetAttribute("Id") ?? ""] = target.StartsWith('/') ? target[1..] : "xl/" + target;
            }
        }
        using XmlReader sheets = XmlReader.Create(book.Open(), Settings);
        while (sheets.ReadToFollowing("sheet", Spreadsheet))
        {
            if (targets.TryGetValue(sheets.GetAttribute("id", Relationships) ?? "", out string? part))
            {
                yield return (sheets.GetAttribute("name") ?? "", part);
            }
        }
    }

    private static Dictionary<(long Row, int Column), string> Cells(XmlReader reader)
    {
        Dictionary<(long, int), string> cells = [];
        while (reader.ReadToFollowing("c", Spreadsheet))
        {
            if (reader.GetAttribute("t") != "e" || reader.GetAttribute("r") is not string address)
            {
                continue;
            }
            string text = reader.ReadToDescendant("v", Spreadsheet) ? reader.ReadElementContentAsString() : "#N/A";
            if (Place(address) is (long Row, int Column) place)
            {
                cells[place] = text;
            }
        }
        return cells;
    }

    private static IEnumerable<(long Row, int Column)> Sixties(XmlReader reader)
    {
        while (reader.ReadToFollowing("c", Spreadsheet))
        {
            if (reader.GetAttribute("t") is null or "n" && reader.GetAttribute("r") is string address && reader.ReadToDescendant("v", Spreadsheet)
                && double.TryParse(reader.ReadElementContentAsString(), NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
                && IsPhantomDay(number) && Place(address) is (long Row, int Column) place)
            {
                yield return place;
            }
        }
    }

    /// <summary>B7 is row 7, column 2; null for what is no address.</summary>
    private static (long Row, int Column)? Place(string address)
    {
        int letters = address.AsSpan().IndexOfAnyInRange('0', '9');
        int column = 0;
        foreach (char letter in address.AsSpan(0, Math.Max(0, letters)))
        {
            column = (column * 26) + (letter - 'A') + 1;
        }
        return letters > 0 && long.TryParse(address.AsSpan(letters), out long row) ? (row, column) : null;
    }
}
