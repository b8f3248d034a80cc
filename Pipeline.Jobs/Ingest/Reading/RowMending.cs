namespace Pipeline.Jobs.Ingest.Reading;

/// <summary>A cell of a mended row, by its place in the row's text.</summary>
internal readonly record struct MendedCell(int Start, int Length, bool Quoted, bool Unescape);

/// <summary>A reading of a row. <see cref="Cost"/> counts what had to be forgiven; 0 is a row without fault.</summary>
internal sealed record MendedRow(IReadOnlyList<MendedCell> Cells, int Cost, int FirstBroken);

/// <summary>
/// Finds, among all ways to cut a broken row into a given number of cells, the one that forgives least. A cell is either quoted (its last quote stands
/// before a delimiter or the end) or not; what is forgiven and its price:
/// a single quote inside a quoted cell 2, a quote beside a delimiter inside one 3, a line end in such a cell 2, an unquoted cell that begins with a quote 4,
/// an unquoted cell with quotes inside 1. The prices only order the readings; they were chosen on rows with one stray, one missing and
/// one undoubled quote.
/// </summary>
internal sealed class RowMending
{
    private const int LongestRow = 256 * 1024;
    private const long MostStates = 2_000_000;
    private const int Impossible = int.MaxValue / 2;

    private readonly List<int> begins = [];
    private readonly List<int> ends = [];

    /// <summary>The cheapest reading with exactly <paramref name="width"/> cells, or null.</summary>
    public MendedRow? Read(ReadOnlySpan<char> row, TextDialect dialect, int width)
    {
        Cut(row, dialect);
        int places = begins.Count;
        if (dialect.Quote is not char quote || row.Length > LongestRow || places < width || (long)places * (width + 1) > MostStates)
        {
            return null;
        }
        // cost[p, n]: cheapest way to have n cells before the cell that begins at place p.
        int stride = width + 1;
        int[] cost = new int[checked((places + 1) * stride)];
        int[] from = new int[cost.Length];
        Array.Fill(cost, Impossible);
        cost[0] = 0;
        for (int place = 0; place < places; place++)
        {
            int begin = begins[place];
            int open = Open(row, dialect, begin, quote);
            int most = Math.Min(width - 1, place);
            int plain = open >= 0 ? 4 : row[begin..ends[place]].Contains(quote) ? 1 : 0;
            Relax(cost, from, stride, place, place + 1, most, plain);
            if (open < 0)
            {
                continue;
            }
            int forgiven = 0;
            int breaks = 0;
            int run = 0;
            int last = place;
            for (int i = open + 1; i < row.Length; i++)
            {
                char character = row[i];
                if (character == quote && !(dialect.BackslashEscapes && Escaped(row, i, open)))
                {
                    while (last < places && ends[last] < i)
                    {
                        last++;
                    }
                    // The closing quote stands right before the delimiter, or before blanks and the delimiter.
                    if (last < places && row[(i + 1)..ends[last]].Trim(' ').IsEmpty)
                    {
                        int price = forgiven + (run % 2 == 1 ? 2 : 0);
                        Relax(cost, from, stride, place, last + 1, most, price > 0 ? price + (2 * breaks) : 0);
                    }
                    run++;
                    continue;
                }
                if (run > 0)
                {
                    bool beside = character == dialect.Delimiter[0] || row[i - run - 1] == dialect.Delimiter[0];
                    forgiven += run % 2 == 1 ? (beside ? 5 : 2) : 0;
                    run = 0;
                }
                if (character == '\n')
                {
                    breaks++;
                }
            }
        }
        int total = cost[(places * stride) + width];
        return total >= Impossible ? null : Trace(row, dialect, quote, from, stride, places, width, total);
    }

    /// <summary>The row cut at every delimiter, quotes being text.</summary>
    public IReadOnlyList<MendedCell> Literal(ReadOnlySpan<char> row, TextDialect dialect)
    {
        Cut(row, dialect);
        List<MendedCell> cells = new(begins.Count);
        for (int place = 0; place < begins.Count; place++)
        {
            cells.Add(new MendedCell(begins[place], ends[place] - begins[place], Quoted: false, Unescape: false));
        }
        return cells;
    }

    private static void Relax(int[] cost, int[] from, int stride, int place, int target, int most, int price)
    {
        for (int cells = 0; cells <= most; cells++)
        {
            int known = cost[(place * stride) + cells];
            int reached = (target * stride) + cells + 1;
            if (known < Impossible && known + price < cost[reached])
            {
                cost[reached] = known + price;
                from[reached] = place;
            }
        }
    }

    private MendedRow Trace(
        ReadOnlySpan<char> row, TextDialect dialect, char quote, int[] from, int stride, int places, int width, int total)
    {
        MendedCell[] cells = new MendedCell[width];
        int firstBroken = 0;
        int target = places;
        for (int cell = width; cell > 0; cell--)
        {
            int place = from[(target * stride) + cell];
            int begin = begins[place];
            int end = ends[target - 1];
            int open = Open(row, dialect, begin, quote);
            ReadOnlySpan<char> whole = row[begin..end];
            bool quoted = open >= 0 && whole.TrimEnd(' ').Length + begin > open + 1 && whole.TrimEnd(' ')[^1] == quote;
            if (quoted)
            {
                int close = begin + whole.TrimEnd(' ').Length - 1;
                ReadOnlySpan<char> inside = row[(open + 1)..close];
                cells[cell - 1] = new MendedCell(open + 1, inside.Length, Quoted: true, Unescape: inside.Contains(quote));
                firstBroken = inside.Contains(quote) && OddRun(inside, quote) ? cell : firstBroken;
            }
            else
            {
                cells[cell - 1] = new MendedCell(begin, whole.Length, Quoted: false, Unescape: false);
                firstBroken = whole.Contains(quote) ? cell : firstBroken;
            }
            target = place;
        }
        return new MendedRow(cells, total, total == 0 ? 0 : Math.Max(1, firstBroken));
    }

    private static bool OddRun(ReadOnlySpan<char> inside, char quote)
    {
        int run = 0;
        foreach (char character in inside)
        {
            if (character == quote)
            {
                run++;
            }
            else if (run % 2 == 1)
            {
                return true;
            }
            else
            {
                run = 0;
            }
        }
        return run % 2 == 1;
    }

    /// <summary>Where the opening quote of a cell stands, or -1.</summary>
    private static int Open(ReadOnlySpan<char> row, TextDialect dialect, int begin, char quote)
    {
        int open = begin;
        while (dialect.BlankBeforeQuote && open < row.Length && row[open] == ' ')
        {
            open++;
        }
        return open < row.Length && row[open] == quote ? open : -1;
    }

    private static bool Escaped(ReadOnlySpan<char> row, int at, int open)
    {
        int before = at - 1;
        while (before > open && row[before] == '\\')
        {
            before--;
        }
        return (at - 1 - before) % 2 == 1;
    }

    /// <summary>Begins and ends of the stretches between delimiters.</summary>
    private void Cut(ReadOnlySpan<char> row, TextDialect dialect)
    {
        begins.Clear();
        ends.Clear();
        int from = 0;
        while (true)
        {
            int length = row[from..].IndexOf(dialect.Delimiter);
            if (length < 0)
            {
                break;
            }
            begins.Add(from);
            ends.Add(from + length);
            from += length + dialect.Delimiter.Length;
        }
        begins.Add(from);
        int last = row.Length;
        if (dialect.Delimiter.Length == 2 && dialect.Delimiter[1] == ' ' && row[from..].EndsWith(dialect.Delimiter.AsSpan(0, 1)))
        {
            ends.Add(last - 1);
            begins.Add(last);
        }
        ends.Add(last);
    }
}
