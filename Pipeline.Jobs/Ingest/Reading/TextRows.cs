namespace Pipeline.Jobs.Ingest.Reading;

/// <summary>The rows of a delimited text that hold something, with their faults.</summary>
internal sealed class TextRows : IRowReader
{
    private readonly DelimitedParser parser;
    private readonly TextDialect dialect;
    private int width;
    private bool blankBefore;

    /// <param name="line">1-based line from which on rows are wanted.</param>
    /// <param name="width">Cells that a row should have; 0 where that is not known yet, and broken rows are not mended.</param>
    public TextRows(InputContent content, TextEncoding encoding, TextDialect dialect, long line, int width)
    {
        parser = new DelimitedParser(new CharFeed(content.Open(), encoding), dialect);
        this.dialect = dialect;
        this.width = width;
        if (line > 1)
        {
            parser.SkipToLine(line);
        }
    }

    public bool Next(out ReadRow row)
    {
        while (parser.Read())
        {
            if (parser.IsEmptyLine)
            {
                blankBefore = true;
                continue;
            }
            int broken = 0;
            if (parser.BrokenQuoteColumn > 0 || parser.Unclosed || (parser.Count != width && width > 0 && parser.LineBreaks > 1))
            {
                broken = parser.Mend(width);
            }
            string[] cells = parser.Cells();
            if (IsBlank(cells))
            {
                blankBefore = true;
                continue;
            }
            row = new ReadRow(parser.Line, cells, blankBefore);
            blankBefore = false;
            if (broken > 0)
            {
                row = row with { Fault = RowFault.BrokenQuote, FaultColumn = broken };
            }
            else if (parser.InnerQuote && dialect.InnerQuotesAreFaults && QuotedWord() is int column and > 0)
            {
                row = row with { Fault = RowFault.BrokenQuote, FaultColumn = column };
            }
            if (parser.HoldsBroken && ReplaceBroken(cells) is int damaged and > 0)
            {
                row = row with { Fault = RowFault.BrokenEncoding, FaultColumn = damaged };
            }
            return true;
        }
        row = default;
        return false;
    }

    public void Expect(int width) => this.width = width;

    public void Dispose() => parser.Dispose();

    private static bool IsBlank(string[] cells)
    {
        foreach (string cell in cells)
        {
            if (cell.Length > 0 && !string.IsNullOrWhiteSpace(cell))
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>1-based column of the first unquoted cell that holds a word in quotes, or 0. A single quote (37.8"N, 10" pipe) is ordinary.</summary>
    private int QuotedWord()
    {
        char quote = dialect.Quote!.Value;
        for (int column = 0; column < parser.Count; column++)
        {
            ReadOnlySpan<char> raw = parser.Raw(column);
            if (parser.IsQuoted(column))
            {
                continue;
            }
            int open = raw.IndexOf(quote);
            if (open > 0 && raw[open - 1] == ' ' && raw[(open + 1)..].IndexOf(quote) is > 0)
            {
                return column + 1;
            }
        }
        return 0;
    }

    private static int ReplaceBroken(string[] cells)
    {
        int first = 0;
        for (int column = 0; column < cells.Length; column++)
        {
            if (cells[column].Contains(TextEncoding.Broken))
            {
                cells[column] = cells[column].Replace(TextEncoding.Broken, '\uFFFD');
                first = first == 0 ? column + 1 : first;
            }
        }
        return first;
    }
}
