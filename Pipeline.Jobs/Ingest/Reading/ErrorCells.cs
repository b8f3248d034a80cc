using System.IO.Compression;
using System.Xml;

namespace Pipeline.Jobs.Ingest.Reading;

/// <summary>
/// The cells of an .xlsx that hold an error value such as <c>#REF!</c>. ExcelDataReader 3.6.0 gives nothing for them, as if they were empty, so they
/// are read from the sheet's XML; only sheets in which such a cell occurs are read for it.
/// </summary>
internal sealed class ErrorCells
{
    private const string Spreadsheet = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    private const string Relationships = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

    private static readonly XmlReaderSettings Settings = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, IgnoreWhitespace = true };

    /// <summary>By sheet, then (row, column) from 1.</summary>
    private readonly Dictionary<string, Dictionary<(long Row, int Column), string>> bySheet = new(StringComparer.Ordinal);

    public static readonly ErrorCells None = new();

    /// <param name="parts">Names of the parts that hold error cells.</param>
    public static ErrorCells Read(ZipArchive workbook, IReadOnlyCollection<string> parts)
    {
        ErrorCells errors = new();
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
            int letters = address.AsSpan().IndexOfAnyInRange('0', '9');
            int column = 0;
            foreach (char letter in address.AsSpan(0, Math.Max(0, letters)))
            {
                column = (column * 26) + (letter - 'A') + 1;
            }
            if (letters > 0 && long.TryParse(address.AsSpan(letters), out long row))
            {
                cells[(row, column)] = text;
            }
        }
        return cells;
    }
}
