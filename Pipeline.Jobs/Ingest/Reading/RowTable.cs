namespace Pipeline.Jobs.Ingest.Reading;

/// <summary>Rows of a text or a worksheet, from some line on; rows without content are left out.</summary>
internal interface IRowReader : IDisposable
{
    bool Next(out ReadRow row);

    /// <summary>From here on rows should have <paramref name="width"/> cells; broken ones are mended so that they do.</summary>
    void Expect(int width);
}

/// <summary>A run of rows in which tables stand one below the other, and how it is opened.</summary>
/// <param name="Open">Opens it at a line (1-based); the second argument is the width that rows should have, 0 where that is not known.</param>
/// <param name="Shape">Names a table of it.</param>
/// <param name="Padded">See <see cref="TableLayout.Find"/>.</param>
internal sealed record RowSource(Func<long, int, IRowReader> Open, Func<TableLayout, TableShape> Shape, bool Padded)
{
    /// <summary>
    /// The tables in order. They may be read in any order, or not at all; whoever reads each before asking for the next reads the source once.
    /// </summary>
    public IEnumerable<ITableSource> Tables()
    {
        RowTable? table = RowTable.Begin(this, 1);
        try
        {
            while (table is not null)
            {
                yield return table;
                if (table.IsRead)
                {
                    table = table.Following();
                    continue;
                }
                // Only where the table ends is of interest.
                using RowTable again = RowTable.Begin(this, table.BeginLine)!;
                _ = again.Rows().Count();
                table = again.Following();
            }
        }
        finally
        {
            table?.Abandon();
        }
    }
}

/// <summary>One table of a run of rows, read from its first line to where the run ends or another table begins.</summary>
internal sealed class RowTable : ITableSource
{
    /// <summary>Rows that are looked at to find the header.</summary>
    private const int WindowRows = 200;

    /// <summary>Rows that are looked at to see whether another table begins.</summary>
    private const int BoundaryRows = 12;

    private readonly RowSource source;
    private readonly Queue<ReadRow> ahead;
    private readonly TableLayout layout;
    private IRowReader? rows;
    private IRowReader? remainder;
    private bool begun;

    private RowTable(RowSource source, IRowReader rows, List<ReadRow> window, long begin)
    {
        this.source = source;
        this.rows = rows;
        BeginLine = begin;
        layout = TableLayout.Find(window, begin, source.Padded);
        ahead = new Queue<ReadRow>(window);
        Shape = source.Shape(layout);
    }

    public TableShape Shape { get; }

    /// <summary>The rows were enumerated to their end.</summary>
    public bool IsRead { get; private set; }

    /// <summary>Line (1-based) from which this table was looked for.</summary>
    public long BeginLine { get; }

    /// <summary>Line where the next table begins; null at the end of the run or before this table is read.</summary>
    private long? NextTableLine { get; set; }

    /// <summary>The table at or behind <paramref name="line"/>, or null where nothing but empty rows is left.</summary>
    public static RowTable? Begin(RowSource source, long line)
    {
        IRowReader rows = source.Open(line, 0);
        try
        {
            List<ReadRow> window = Window(rows);
            if (window.Count > 0 && !source.Padded)
            {
                // Text is opened once more: broken quotes among the first rows can be mended only when the width is known.
                rows.Dispose();
                rows = source.Open(line, TableWidth.Of(window, 0));
                window = Window(rows);
            }
            if (window.Count > 0)
            {
                return new RowTable(source, rows, window, line);
            }
        }
        catch
        {
            rows.Dispose();
            throw;
        }
        rows.Dispose();
        return null;
    }

    public IEnumerable<TableRow> Rows()
    {
        if (begun)
        {
            throw new InvalidOperationException("The rows of a table can be read once.");
        }
        begun = true;
        for (int i = 0; i < layout.Skipped + layout.HeaderRows; i++)
        {
            ahead.Dequeue();
        }
        int previousLength = -1;
        while (Ahead(1))
        {
            ReadRow row = ahead.Peek();
            bool changed = row.BlankBefore || (row.Cells.Length != previousLength && row.Cells.Length != layout.Width) || RepeatsHeader(row);
            if (changed && previousLength >= 0 && IsAnotherTable(row))
            {
                NextTableLine = row.Line;
                (remainder, rows) = (rows, null);
                break;
            }
            previousLength = row.Cells.Length;
            ahead.Dequeue();
            yield return Fit(row, layout.Width);
        }
        IsRead = true;
        Dispose();
    }

    /// <summary>The table behind this one, which has been read; null where this is the last.</summary>
    public RowTable? Following()
    {
        if (NextTableLine is not long line || remainder is not IRowReader reader)
        {
            return null;
        }
        remainder = null;
        List<ReadRow> window = [.. ahead];
        if (window.Exists(row => row.Fault != RowFault.None))
        {
            // They were read, and mended, for another width.
            reader.Dispose();
            return Begin(source, line);
        }
        reader.Expect(TableWidth.Of(window, 0));
        while (window.Count < WindowRows && reader.Next(out ReadRow row))
        {
            window.Add(row);
        }
        reader.Expect(TableWidth.Of(window, 0));
        return new RowTable(source, reader, window, line);
    }

    /// <summary>Nobody will ask for the table behind this one.</summary>
    public void Abandon() => remainder?.Dispose();

    /// <summary>What the next table takes over is its to close.</summary>
    public void Dispose() => rows?.Dispose();

    private static List<ReadRow> Window(IRowReader rows)
    {
        List<ReadRow> window = [];
        while (window.Count < WindowRows && rows.Next(out ReadRow row))
        {
            window.Add(row);
        }
        return window;
    }

    private bool Ahead(int number)
    {
        while (ahead.Count < number && rows is not null && rows.Next(out ReadRow row))
        {
            ahead.Enqueue(row);
        }
        return ahead.Count > 0;
    }

    private bool RepeatsHeader(ReadRow row) =>
        layout.HeaderRows > 0 && layout.Width > 1 && row.Cells.Length >= layout.Width && row.Cells[0] == layout.Header[0][0]
        && row.Cells.AsSpan(0, layout.Width).SequenceEqual(layout.Header[0]);

    /// <summary>
    /// Another table begins at a row that repeats the header, or at names of their own above rows as wide as they are: behind an empty line, or
    /// where the width changes and stays changed.
    /// </summary>
    private bool IsAnotherTable(ReadRow row)
    {
        if (RepeatsHeader(row))
        {
            return true;
        }
        if (row.Cells.Length < 2 && !row.BlankBefore)
        {
            return false;
        }
        Ahead(BoundaryRows);
        List<ReadRow> window = [.. ahead.Take(BoundaryRows)];
        TableLayout other = TableLayout.Find(window, row.Line, source.Padded);
        int names = other.Skipped + other.HeaderRows - 1;
        if (other.HeaderRows == 0 || names + 1 >= window.Count || (other.Skipped > 0 && !row.BlankBefore))
        {
            return false;
        }
        bool otherWidth = other.Width != layout.Width;
        int alike = 0;
        for (int i = names + 1; i < window.Count && window[i].Cells.Length == window[names].Cells.Length; i++)
        {
            alike++;
        }
        bool stays = alike >= 2 || names + 1 + alike == window.Count;
        return stays && (row.BlankBefore || otherWidth)
            && HeaderEvidence.BeginsTable(window, names, other.Width, leastContrast: row.BlankBefore && otherWidth ? 0 : 1);
    }

    private static TableRow Fit(ReadRow row, int width)
    {
        string[] cells = row.Cells;
        if (cells.Length == width)
        {
            return new TableRow(row.Line, cells, row.Fault, row.FaultColumn);
        }
        if (cells.Length > width)
        {
            int surplus = Array.FindIndex(cells, width, cell => cell.Length > 0);
            return surplus < 0
                ? new TableRow(row.Line, cells[..width], row.Fault, row.FaultColumn)
                : new TableRow(row.Line, cells, RowFault.TooManyCells, surplus + 1);
        }
        string[] filled = new string[width];
        cells.CopyTo(filled, 0);
        Array.Fill(filled, "", cells.Length, width - cells.Length);
        return row.Fault == RowFault.None
            ? new TableRow(row.Line, filled, RowFault.TooFewCells, cells.Length + 1)
            : new TableRow(row.Line, filled, row.Fault, row.FaultColumn);
    }
}
