namespace Pipeline.Jobs.Ingest.Reading;

internal sealed partial class DelimitedParser
{
    /// <summary>A broken record is looked for on at most so many lines; whoever loses a quote rarely means a longer value.</summary>
    private const int MostLinesMended = 40;

    private readonly RowMending mending = new();

    /// <summary>
    /// Reads the current record again so that it has <paramref name="width"/> cells, on as few lines as it takes: what a broken quote had swallowed
    /// becomes records of its own again. Without such a reading, an unclosed record ends at its first line.
    /// </summary>
    /// <returns>1-based column of the first cell that had to be read against the rules; 0 where none was.</returns>
    public int Mend(int width)
    {
        ReadOnlySpan<char> text = feed.Buffer.AsSpan(recordStart, feed.End - recordStart);
        int reach = position - recordStart;
        MendedRow? best = null;
        int bestEnd = 0;
        int bestLines = 0;
        int firstEnd = -1;
        int from = 0;
        for (int lines = 1; lines <= MostLinesMended; lines++)
        {
            int length = text[from..].IndexOfAny('\r', '\n');
            int end = length < 0 ? text.Length : from + length;
            firstEnd = firstEnd < 0 ? end : firstEnd;
            if (width > 0 && mending.Read(text[..end], dialect, width) is MendedRow row)
            {
                int cost = row.Cost + lines - 1;
                if (best is null || cost < best.Cost + bestLines - 1)
                {
                    best = row;
                    bestEnd = end;
                    bestLines = lines;
                }
            }
            from = Math.Min(text.Length, end + 1);
            from += end + 1 < text.Length && text[end] == '\r' && text[end + 1] == '\n' ? 1 : 0;
            if (from >= reach || length < 0)
            {
                break;
            }
        }
        if (best is null)
        {
            int column = BrokenQuoteColumn;
            if (Unclosed)
            {
                Take(mending.Literal(text[..firstEnd], dialect), recordStart + firstEnd, 1);
            }
            return column;
        }
        Take(best.Cells, recordStart + bestEnd, bestLines);
        return best.FirstBroken;
    }

    private void Take(IReadOnlyList<MendedCell> cells, int end, int lines)
    {
        Count = 0;
        foreach (MendedCell cell in cells)
        {
            Add(recordStart + cell.Start, cell.Length, (byte)((cell.Quoted ? Quoted : 0) | (cell.Unescape ? Unescape : 0)));
        }
        if (end < feed.End)
        {
            end += feed.Buffer[end] == '\r' && end + 1 < feed.End && feed.Buffer[end + 1] == '\n' ? 2 : 1;
        }
        position = end;
        cursor = index.From(end);
        nextLine = Line + lines;
    }
}
