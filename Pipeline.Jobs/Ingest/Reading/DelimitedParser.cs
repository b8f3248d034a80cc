using Pipeline.Jobs.Shell;

namespace Pipeline.Jobs.Ingest.Reading;

/// <summary>
/// Reads delimited text record by record (RFC 4180, and the ways in which files depart from it). Cells are places in the buffer until
/// <see cref="Cell"/> makes a string of one, so that passing over records costs no memory.
/// <para>
/// Own rather than CsvHelper's, for three reasons: delimiters of two characters together with quotes, a row with a broken quote is mended and the next
/// line read as usual, and speed (see ReadingBenchmarks; CsvHelper is the oracle of the tests).
/// </para>
/// </summary>
internal sealed partial class DelimitedParser : IDisposable
{
    /// <summary>A quoted cell that runs on for longer is taken for an opening quote that nobody closed. Characters.</summary>
    private const int LongestQuotedCell = 4 * 1024 * 1024;

    /// <summary>After a quote in the wrong place, a quoted cell may run on this long before it counts as never closed. Characters.</summary>
    private const int LongestDoubtfulCell = 64 * 1024;

    /// <summary>A record without a line end that is longer than this is no table. Characters.</summary>
    private const int LongestRecord = 64 * 1024 * 1024;

    private const byte Unescape = 1;
    private const byte Quoted = 2;

    private readonly CharFeed feed;
    private readonly TextDialect dialect;
    private readonly SeparatorIndex index;
    private readonly StringCache strings = new();
    private readonly char delimiter;
    private readonly char second;
    private readonly bool twoCharacters;
    private readonly char quote;
    private readonly bool quotes;
    private readonly bool blankBeforeQuote;

    private int[] starts = new int[128];
    private int[] lengths = new int[128];
    private byte[] kinds = new byte[128];

    /// <summary>Where the current record begins and the next one begins, and the number of the first separator behind the latter.</summary>
    private int recordStart;
    private int position;
    private int cursor;
    private int lineBreaks;
    private long nextLine = 1;

    public DelimitedParser(CharFeed feed, TextDialect dialect)
    {
        this.feed = feed;
        this.dialect = dialect;
        delimiter = dialect.Delimiter[0];
        twoCharacters = dialect.Delimiter.Length == 2;
        second = twoCharacters ? dialect.Delimiter[1] : '\0';
        quotes = dialect.Quote is not null;
        quote = dialect.Quote ?? '\n';
        blankBeforeQuote = dialect.BlankBeforeQuote;
        index = new SeparatorIndex(delimiter, quote);
        index.Build(feed.Buffer.AsSpan(0, feed.End));
    }

    /// <summary>Physical line (from 1) where the current record begins.</summary>
    public long Line { get; private set; }

    /// <summary>Cells of the current record; at least 1.</summary>
    public int Count { get; private set; }

    /// <summary>1-based column of the first quote that stands where none may, or 0.</summary>
    public int BrokenQuoteColumn { get; private set; }

    /// <summary>The record ended only because the text or the patience did: a quote was not closed.</summary>
    public bool Unclosed { get; private set; }

    /// <summary>Some quote stands inside an unquoted cell.</summary>
    public bool InnerQuote { get; private set; }

    /// <summary>Some cell is quoted.</summary>
    public bool AnyQuoted { get; private set; }

    /// <summary>Line ends of the current record, its own included.</summary>
    public int LineBreaks => lineBreaks;

    public bool HoldsBroken => feed.HoldsBroken;

    /// <summary>The line holds nothing at all.</summary>
    public bool IsEmptyLine => Count == 1 && lengths[0] == 0 && kinds[0] == 0;

    /// <summary>Moves to the next record.</summary>
    /// <returns>False at the end of the text.</returns>
    /// <exception cref="PipelineFault">A line of more than 64 million characters.</exception>
    public bool Read()
    {
        recordStart = position;
        while (true)
        {
            if (recordStart >= feed.End)
            {
                if (feed.AtEnd)
                {
                    return false;
                }
            }
            else if (Parse())
            {
                Line = nextLine;
                nextLine += lineBreaks;
                return true;
            }
            else if (feed.End - recordStart > LongestRecord)
            {
                throw PipelineFault.Failed(
                    $"第 {nextLine} 行超过 {LongestRecord} 个字符而没有换行：这不是表格文本。请检查文件类型。",
                    $"Line {nextLine} runs past {LongestRecord} characters without an end: this is no table. Check what kind of file it is.");
            }
            feed.Refill(recordStart);
            recordStart = 0;
            index.Build(feed.Buffer.AsSpan(0, feed.End));
            cursor = 0;
        }
    }

    /// <summary>Passes over physical lines, whatever quotes stand in them, until <paramref name="line"/> is the next.</summary>
    public void SkipToLine(long line)
    {
        while (nextLine < line)
        {
            int length = feed.Buffer.AsSpan(position, feed.End - position).IndexOfAny('\r', '\n');
            bool cutPair = length >= 0 && position + length + 1 == feed.End && feed.Buffer[position + length] == '\r';
            if ((length < 0 || cutPair) && !feed.AtEnd)
            {
                feed.Refill(position);
                position = 0;
                continue;
            }
            if (length < 0)
            {
                break;
            }
            int end = position + length;
            position = end + (feed.Buffer[end] == '\r' && end + 1 < feed.End && feed.Buffer[end + 1] == '\n' ? 2 : 1);
            nextLine++;
        }
        index.Build(feed.Buffer.AsSpan(0, feed.End));
        cursor = index.From(position);
    }

    /// <summary>The value of a cell of the current record, without its quotes. <paramref name="column"/> is 0-based.</summary>
    public string Cell(int column)
    {
        ReadOnlySpan<char> raw = Raw(column);
        return (kinds[column] & Unescape) == 0 ? strings.Get(raw) : WithoutEscapes(raw);
    }

    /// <summary>As <see cref="Cell"/>, with escapes still in it.</summary>
    public ReadOnlySpan<char> Raw(int column) => feed.Buffer.AsSpan(starts[column], lengths[column]);

    public bool IsQuoted(int column) => (kinds[column] & Quoted) != 0;

    public string[] Cells()
    {
        string[] cells = new string[Count];
        for (int column = 0; column < cells.Length; column++)
        {
            cells[column] = Cell(column);
        }
        return cells;
    }

    private void Add(int start, int length, byte kind)
    {
        if (Count == starts.Length)
        {
            Array.Resize(ref starts, starts.Length * 2);
            Array.Resize(ref lengths, starts.Length);
            Array.Resize(ref kinds, starts.Length);
        }
        starts[Count] = start;
        lengths[Count] = length;
        kinds[Count] = kind;
        Count++;
    }

    private bool Finish(int end, int place, int breaks)
    {
        position = end;
        cursor = place;
        lineBreaks = breaks;
        return true;
    }

    private string WithoutEscapes(ReadOnlySpan<char> raw)
    {
        char[] plain = new char[raw.Length];
        int length = 0;
        for (int i = 0; i < raw.Length; i++)
        {
            char character = raw[i];
            bool pair = i + 1 < raw.Length
                && ((character == quote && raw[i + 1] == quote)
                    || (dialect.BackslashEscapes && character == '\\' && (raw[i + 1] == quote || raw[i + 1] == '\\')));
            plain[length++] = pair ? raw[++i] : character;
        }
        return strings.Get(plain.AsSpan(0, length));
    }

    public void Dispose() => feed.Dispose();
}
