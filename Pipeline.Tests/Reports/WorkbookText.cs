using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;

namespace Pipeline.Tests.Reports;

/// <summary>A workbook as lines of text that a person can review: the values of its sheets row by row, and a hash of every other part.</summary>
internal static class WorkbookText
{
    /// <summary>Of a longer sheet the first rows are shown, and the rest as one hash.</summary>
    private const int ShownRows = 25;

    /// <summary>Longer texts are cut, so that a line stays readable; what is cut is in the hash that follows.</summary>
    private const int ShownCharacters = 60;

    public static IReadOnlyList<string> Lines(byte[] workbook)
    {
        Spreadsheet book = new(workbook);
        List<string> lines = [];
        foreach (string sheet in book.Names)
        {
            string[] rows = [.. Rows(book, sheet)];
            lines.Add($"== {sheet}");
            lines.AddRange(rows.Take(ShownRows));
            if (rows.Length > ShownRows)
            {
                lines.Add($"… {rows.Length - ShownRows} rows {Hash(string.Join('\n', rows.Skip(ShownRows)))}");
            }
        }
        lines.Add("== parts");
        // Sheets and shared texts are what stands above; relationships and properties follow from the parts.
        lines.AddRange(book.Parts
            .Where(p => p.Key.StartsWith("xl/", StringComparison.Ordinal) && !p.Key.EndsWith(".rels", StringComparison.Ordinal) && p.Key != "xl/sharedStrings.xml")
            .OrderBy(p => p.Key, StringComparer.Ordinal)
            .Select(p => $"{p.Key} {Hash((p.Key.StartsWith("xl/worksheets/", StringComparison.Ordinal) ? WithoutCells(p.Value) : p.Value).ToString(SaveOptions.DisableFormatting))}"));
        return lines;
    }

    /// <summary>Row number, then the cells that are not blank, each with its column.</summary>
    private static IEnumerable<string> Rows(Spreadsheet book, string sheet)
    {
        foreach (XElement row in book.Sheet(sheet).Descendants(Spreadsheet.Main + "row"))
        {
            string[] cells =
            [
                .. row.Elements(Spreadsheet.Main + "c")
                    .Select(c => (Column: c.Attribute("r")!.Value.TrimEnd("0123456789".ToCharArray()), Value: book.Value(c)))
                    .Where(c => c.Value is not null)
                    .Select(c => $"{c.Column}={Text(c.Value!)}"),
            ];
            if (cells.Length > 0)
            {
                yield return $"{row.Attribute("r")!.Value}: {string.Join(" | ", cells)}";
            }
        }
    }

    private static string Text(object value) => value switch
    {
        decimal number => number.ToString("0.######", CultureInfo.InvariantCulture),
        string { Length: > ShownCharacters } text => $"{Line(text[..ShownCharacters])}…{Hash(text)[..6]}",
        string text => Line(text),
        _ => throw new InvalidDataException($"a cell holds a {value.GetType()}"),
    };

    private static string Line(string text) => text.Replace("\n", "↵", StringComparison.Ordinal).Replace("\r", "", StringComparison.Ordinal);

    /// <summary>What a sheet is beside its values: widths, styles of cells, conditional formats, print set-up, links.</summary>
    private static XDocument WithoutCells(XDocument sheet)
    {
        XDocument copy = new(sheet);
        copy.Descendants(Spreadsheet.Main + "v").Remove();
        return copy;
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..12];
}
