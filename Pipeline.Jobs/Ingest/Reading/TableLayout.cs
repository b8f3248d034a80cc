namespace Pipeline.Jobs.Ingest.Reading;

/// <summary>A row as it was read, before it is known whether it is a title, a header or data.</summary>
/// <param name="BlankBefore">Empty lines or rows stand between this row and the one before.</param>
/// <param name="Fault">What was wrong with it when it was read.</param>
internal readonly record struct ReadRow(long Line, string[] Cells, bool BlankBefore, RowFault Fault = RowFault.None, int FaultColumn = 0)
{
    /// <summary>Cells that hold something.</summary>
    public int Filled
    {
        get
        {
            int filled = 0;
            foreach (string cell in Cells)
            {
                filled += string.IsNullOrWhiteSpace(cell) ? 0 : 1;
            }
            return filled;
        }
    }

    /// <summary>Cells up to the last that holds something.</summary>
    public int Reach => Array.FindLastIndex(Cells, cell => !string.IsNullOrWhiteSpace(cell)) + 1;
}

/// <summary>Where a table begins in a run of rows.</summary>
/// <param name="Skipped">Rows with content above the header.</param>
/// <param name="SkippedLines">Lines above the header or, without one, the first row: rows with content and empty ones.</param>
internal sealed record TableLayout(int Skipped, long SkippedLines, int HeaderRows, int Width, string[][] Header, string[] Columns)
{
    /// <summary>A preamble is no longer than this.</summary>
    public const int LongestPreamble = 40;

    private const int MostHeaderRows = 5;

    /// <summary>Fewer rows than this do not show how wide a table is against its header.</summary>
    private const int FewRows = 3;

    /// <summary>The layout of the table that begins somewhere in <paramref name="rows"/>, of which there is at least one.</summary>
    /// <param name="begin">Line where the rows begin; empty lines may stand before the first of them.</param>
    /// <param name="padded">The rows are padded to a common width, as a worksheet's are: empty columns at the right mean nothing.</param>
    public static TableLayout Find(IReadOnlyList<ReadRow> rows, long begin, bool padded = false)
    {
        int skipped = 0;
        int width = TableWidth.Of(rows, 0);
        while (skipped < rows.Count - 1 && skipped < LongestPreamble && IsPreamble(rows, skipped, width))
        {
            skipped++;
        }
        int headerRows = HeaderEvidence.CountHeaderRows(rows, skipped, width, MostHeaderRows);
        if (headerRows > 0 || padded)
        {
            // Columns that neither the header names nor the first rows fill are delimiters left at the end of the lines.
            width = Math.Max(1, Math.Min(width, rows.Skip(skipped).Where(row => row.Cells.Length <= width).Max(row => (int?)row.Reach) ?? width));
        }
        if (headerRows > 0 && rows[skipped + headerRows - 1].Cells.Length < width && rows.Count - skipped - headerRows < FewRows)
        {
            // One or two rows that are wider than the header do not make a column; they have a cell too many.
            width = rows[skipped + headerRows - 1].Cells.Length;
        }
        string[][] header = [.. rows.Skip(skipped).Take(headerRows).Select(row => Fit(row.Cells, width))];
        return new TableLayout(skipped, rows[skipped].Line - begin, headerRows, width, header, HeaderNames.Of(header, width));
    }

    /// <summary>
    /// Titles, remarks and parameters above the table: far fewer cells than the table is wide, beginning at the left, and a fuller row below.
    /// A row of group titles has gaps between its cells and the header right below; it belongs to the header.
    /// </summary>
    private static bool IsPreamble(IReadOnlyList<ReadRow> rows, int at, int width)
    {
        ReadRow row = rows[at];
        int filled = row.Filled;
        if (width <= 1)
        {
            return false;
        }
        if (at + 1 >= rows.Count)
        {
            return false;
        }
        if (row.Cells.Length != width && HeaderFollows(rows, at, width))
        {
            // A sentence or comment with commas in it, and then the header.
            return true;
        }
        bool fullerBelow = false;
        for (int below = at + 1; below < rows.Count && below <= at + LongestPreamble && !fullerBelow; below++)
        {
            fullerBelow = rows[below].Filled > filled && rows[below].Filled * 2 > width;
        }
        if (!fullerBelow)
        {
            return false;
        }
        if (filled <= 1)
        {
            return !(width == 2 && row.Cells.Length == 2 && row.Cells[0].Length == 0);
        }
        bool gapBelow = at + 1 < rows.Count && rows[at + 1].BlankBefore;
        bool parameter = row.Cells[0].AsSpan().TrimEnd() is [.., ':' or '：'];
        if (filled * 2 > width)
        {
            return parameter && filled <= 2 && width > 2 || gapBelow && filled < width && row.Cells.Length < width;
        }
        bool gapsBetween = row.Reach > filled || row.Cells.Length == width && filled > 1 && row.Reach < width;
        bool groupTitles = row.Reach > filled && !gapBelow && HeaderEvidence.AreTitles(row.Cells);
        return parameter || !groupTitles || !gapsBetween;
    }

    /// <summary>Below come rows of other widths, or nearly empty ones, and then a header that is as wide as the table.</summary>
    private static bool HeaderFollows(IReadOnlyList<ReadRow> rows, int at, int width)
    {
        for (int below = at + 1; below < rows.Count && below <= at + LongestPreamble; below++)
        {
            if (rows[below].Cells.Length == width && rows[below].Filled > 1)
            {
                return HeaderEvidence.BeginsTable(rows, below, width, leastContrast: 1);
            }
        }
        return false;
    }

    /// <summary>The cells, cut or filled with empty ones to <paramref name="width"/>.</summary>
    private static string[] Fit(string[] cells, int width)
    {
        string[] fitted = new string[width];
        for (int column = 0; column < width; column++)
        {
            fitted[column] = column < cells.Length ? cells[column] : "";
        }
        return fitted;
    }
}
