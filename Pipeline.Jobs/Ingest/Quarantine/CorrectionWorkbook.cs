using System.Text;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;
using Pipeline.Jobs.Shell;

namespace Pipeline.Jobs.Ingest.Quarantine;

/// <summary>A sheet of a correction: a header and rows of text.</summary>
public sealed record CorrectionSheet(string Name, IReadOnlyList<string> Header, IReadOnlyList<string[]> Rows);

/// <summary>Writes correction sheets as a workbook or as CSV. Every cell is text: nothing can become a formula, a date or a rounded number.</summary>
public static class CorrectionWorkbook
{
    /// <summary>What Excel holds in a cell.</summary>
    public const int LongestCell = 32_767;

    private const string FormulaStarts = "=+-@\t\r";

    /// <summary>The cell as a sheet can hold it: without control characters, cut at Excel's limit.</summary>
    public static string Storable(string cell)
    {
        StringBuilder text = new(Math.Min(cell.Length, LongestCell));
        foreach (Rune rune in cell.EnumerateRunes())
        {
            if (text.Length + rune.Utf16SequenceLength > LongestCell)
            {
                break;
            }
            if (rune.Value is '\n' or '\t' or (>= ' ' and not (0xFFFE or 0xFFFF)))
            {
                text.Append(rune);
            }
        }
        return text.ToString();
    }

    /// <summary>Writes beside the target and renames, so that a half-written sheet never has its name.</summary>
    /// <param name="isPrivate">True: from its first byte only this user may read the file (on Windows the folder's rights stand).</param>
    public static void Write(string path, IReadOnlyList<CorrectionSheet> sheets, bool isPrivate = false)
    {
        string temporary = AtomicFile.PartialName(path);
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        try
        {
            if (isPrivate && !OperatingSystem.IsWindows())
            {
                // The writers below keep the mode of a file that is there.
                new FileStream(temporary, new FileStreamOptions
                {
                    Mode = FileMode.Create,
                    Access = FileAccess.Write,
                    UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
                }).Dispose();
            }
            if (path.EndsWith(".csv", StringComparison.OrdinalIgnoreCase))
            {
                WriteCsv(temporary, sheets[0]);
            }
            else
            {
                WriteXlsx(temporary, sheets);
            }
            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>As <see cref="Storable"/>, with an apostrophe before what a spreadsheet would take for a formula.</summary>
    public static string StorableInCsv(string cell)
    {
        string text = Storable(cell);
        return text.Length > 0 && FormulaStarts.Contains(text[0], StringComparison.Ordinal) ? "'" + text : text;
    }

    private static void WriteCsv(string path, CorrectionSheet sheet)
    {
        // With a byte order mark: without it Excel reads Chinese text in the local encoding.
        using StreamWriter writer = new(path, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
        foreach (IEnumerable<string> row in sheet.Rows.Select(r => r.Select(StorableInCsv)).Prepend(sheet.Header))
        {
            writer.Write(string.Join(',', row.Select(Quoted)));
            writer.Write("\r\n");
        }
    }

    private static string Quoted(string cell) =>
        cell.AsSpan().IndexOfAny(",\"\r\n") >= 0 ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : cell;

    private static void WriteXlsx(string path, IReadOnlyList<CorrectionSheet> sheets)
    {
        // A stream of our own: the package leaves its file open and locked where a full disk fails its last write.
        using FileStream file = new(path, FileMode.Create, FileAccess.ReadWrite, FileShare.None);
        using SpreadsheetDocument document = SpreadsheetDocument.Create(file, SpreadsheetDocumentType.Workbook);
        WorkbookPart workbook = document.AddWorkbookPart();
        WorkbookStylesPart styles = workbook.AddNewPart<WorkbookStylesPart>();
        styles.Stylesheet = Styles();
        Sheets list = new();
        uint number = 0;
        foreach (CorrectionSheet sheet in sheets)
        {
            number++;
            WorksheetPart part = workbook.AddNewPart<WorksheetPart>();
            WriteSheet(part, sheet);
            list.Append(new Sheet { Name = sheet.Name, SheetId = number, Id = workbook.GetIdOfPart(part) });
        }
        workbook.Workbook = new Workbook(list);
    }

    private static Stylesheet Styles() => new(
        new Fonts(new Font(), new Font(new Bold())),
        new Fills(new Fill(new PatternFill { PatternType = PatternValues.None }), new Fill(new PatternFill { PatternType = PatternValues.Gray125 })),
        new Borders(new Border()),
        new CellStyleFormats(new CellFormat()),
        new CellFormats(
            new CellFormat(),
            new CellFormat { NumberFormatId = 49, ApplyNumberFormat = true, QuotePrefix = true },
            new CellFormat { FontId = 1, ApplyFont = true, NumberFormatId = 49, ApplyNumberFormat = true }));

    private static void WriteSheet(WorksheetPart part, CorrectionSheet sheet)
    {
        using OpenXmlWriter writer = OpenXmlWriter.Create(part);
        writer.WriteStartElement(new Worksheet());
        writer.WriteElement(new SheetViews(new SheetView(
            new Pane { VerticalSplit = 1, TopLeftCell = "A2", ActivePane = PaneValues.BottomLeft, State = PaneStateValues.Frozen })
        { WorkbookViewId = 0 }));
        writer.WriteElement(new Columns(new Column { Min = 1, Max = (uint)sheet.Header.Count, Width = 18, CustomWidth = true, Style = 1 }));
        writer.WriteStartElement(new SheetData());
        WriteRow(writer, sheet.Header, style: 2);
        foreach (string[] row in sheet.Rows)
        {
            WriteRow(writer, row, style: 1);
        }
        writer.WriteEndElement();
        writer.WriteEndElement();
    }

    private static void WriteRow(OpenXmlWriter writer, IEnumerable<string> cells, uint style)
    {
        writer.WriteStartElement(new Row());
        foreach (string cell in cells)
        {
            writer.WriteElement(new Cell(new InlineString(new Text(Storable(cell)) { Space = SpaceProcessingModeValues.Preserve }))
            {
                DataType = CellValues.InlineString,
                StyleIndex = style,
            });
        }
        writer.WriteEndElement();
    }
}
