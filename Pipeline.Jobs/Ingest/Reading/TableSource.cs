using Pipeline.Models.Text;

namespace Pipeline.Jobs.Ingest.Reading;

/// <summary>What the user says about a file, over what is detected. Null means: detect.</summary>
/// <param name="Encoding">A name of an encoding, for example <c>gb18030</c>, <c>utf-8</c>, <c>utf-16</c>.</param>
/// <param name="Delimiter">One or two characters.</param>
public sealed record ReadOptions(string? Encoding = null, string? Delimiter = null)
{
    /// <summary>Told of everything that is passed over (hidden sheets, members of an archive that hold no table). Default: nobody is told.</summary>
    public Action<Bilingual>? Notice { get; init; }
}

/// <summary>How one table of a file was understood.</summary>
/// <param name="Path">The file as the user named it.</param>
/// <param name="Member">Path inside the archive, or null.</param>
/// <param name="Sheet">Worksheet name, or null for text.</param>
/// <param name="Encoding"><c>utf-8</c>, <c>utf-8-bom</c>, <c>gb18030</c>, <c>big5</c>, <c>utf-16le</c>, <c>utf-16be</c>, <c>windows-1252</c>, or <c>xlsx</c> / <c>xls</c>.</param>
/// <param name="Delimiter">Null for workbooks, and for a text of one column whose values hold separators.</param>
/// <param name="Quote">Null for workbooks and where no quote is used.</param>
/// <param name="SkippedRows">Lines (rows of a worksheet) of titles and preamble above the header, empty ones included.</param>
/// <param name="HeaderRows">Rows that the header takes; 0 where the table has none (columns are then named <c>column_1</c> …).</param>
/// <param name="Header">The header's cells as read: one array per header row, each as wide as the table.</param>
/// <param name="Columns">One name per column: the last header row's, made unique with the group above it where names recur.</param>
public sealed record TableShape(
    string Path,
    string? Member,
    string? Sheet,
    string Encoding,
    string? Delimiter,
    char? Quote,
    int SkippedRows,
    int HeaderRows,
    IReadOnlyList<string[]> Header,
    IReadOnlyList<string> Columns);

/// <summary>Why a row could not be read as a row of its table.</summary>
public enum RowFault
{
    None,

    /// <summary>More cells than the header has columns, and the surplus is not empty.</summary>
    TooManyCells,

    /// <summary>Fewer cells than the header has columns (the missing ones are read as empty; whether that matters is the profile's to say).</summary>
    TooFewCells,

    /// <summary>A quote was opened and never closed, or closed in the middle of a value.</summary>
    BrokenQuote,

    /// <summary>The bytes of the row are not of the file's encoding.</summary>
    BrokenEncoding,

    /// <summary>A cell holds an error value such as #REF!.</summary>
    ErrorCell,
}

/// <summary>One row of a table. The array belongs to the row and may be kept.</summary>
/// <param name="Line">1-based physical line where the row begins (text), or row number (workbook).</param>
/// <param name="Cells">As many as the table has columns, or more where <see cref="RowFault.TooManyCells"/> says so; never null entries. Dates of workbooks are written yyyy-MM-dd (with time where there is one), numbers in invariant form without exponent.</param>
/// <param name="FaultColumn">1-based column of the fault, or 0.</param>
public readonly record struct TableRow(long Line, string[] Cells, RowFault Fault = RowFault.None, int FaultColumn = 0);

/// <summary>A table of a file, read once from beginning to end without holding it in memory.</summary>
public interface ITableSource : IDisposable
{
    TableShape Shape { get; }

    /// <summary>The rows below the header, in order; empty rows are left out. May be enumerated once.</summary>
    IEnumerable<TableRow> Rows();
}
