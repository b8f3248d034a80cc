namespace Pipeline.Reports.Sheets;

/// <summary>
/// Where printed pages begin: a heading stays with what it heads, a table or chart that fits on a page is not torn, and the heads of a table
/// longer than a page are repeated where nothing else comes under them. LibreOffice keeps such breaks where a sheet is fitted to the width
/// alone; a program that does not begins a new page where one is full.
/// </summary>
/// <param name="heights">Points of each row, the first at 0.</param>
/// <param name="scale">The part of their size in which rows are printed.</param>
internal sealed class PageFlow(Sheet sheet, IReadOnlyList<float> heights, double scale)
{
    // A4 landscape within the margins of SheetXml, in points.
    private const double PageWidth = 841.89 - (0.8 * 72);
    private const double PageHeight = 595.28 - (1.3 * 72);

    /// <summary>Points of a digit at the usual size: the least that a face has, so that a sheet is rather taken for higher than it is printed.</summary>
    private const double DigitPoints = 5.25;

    private const double Caution = 0.97;

    /// <summary>A table that goes over several pages begins on a new one where less than this part of the page is left.</summary>
    private const double LeastLeft = 0.35;

    /// <summary>A page of which no more is used holds a title, a note, a table of a row or two.</summary>
    private const double Little = 0.25;

    /// <summary>Rows that stay with the heads of a table, and with its end.</summary>
    private const int RowsWithHead = 3;
    private const int RowsWithEnd = 2;

    /// <summary>Breaks within a piece of more rows are left to the printer: it would use up those that a sheet may have, see <see cref="PagePlan.MostBreaks"/>.</summary>
    private const int MostRowsBroken = 5_000;

    private readonly double page = PageHeight / scale * Caution;

    /// <summary>The part of its size at which a sheet is as wide as the page: whole percents, as Excel and LibreOffice take it.</summary>
    public static double Fitted(Sheet sheet)
    {
        int last = sheet.Charts.Select(c => c.EndColumn - 1).Concat(sheet.Widths.Keys).DefaultIfEmpty(1).Max();
        double width = Enumerable.Range(1, last).Sum(sheet.WidthOf) * DigitPoints;
        return Math.Min(1, Math.Floor(100 * PageWidth / width) / 100);
    }

    /// <param name="percent">Stands in the plan.</param>
    /// <param name="tables">So many tables go over a page.</param>
    public PagePlan Plan(int? percent, out int tables)
    {
        List<Piece> pieces = Pieces();
        bool[] stays = Stays(pieces);
        (int First, int Last)? title = sheet.Tables.Count > 1 ? (1, 1) : null;
        List<int> plain = Breaks(pieces, stays, title, out HashSet<SheetTable> torn);
        tables = torn.Count;
        // Heads are repeated on every page behind them: what follows the table must not come under them.
        foreach ((SheetTable table, TablePlace place) in sheet.Tables.Where(t => torn.Contains(t.Table)).Reverse())
        {
            (int First, int Last) heads = (place.HeadRow - (table.Groups is null ? 0 : 1), place.HeadRow);
            List<int> breaks = Breaks(pieces, stays, heads, out _);
            if (breaks.TrueForAll(b => b <= place.LastRow + 1))
            {
                // Behind a table at the end of the sheet the printer breaks for itself, also where rows are filtered away.
                return new PagePlan(pieces[^1].First <= place.HeadRow ? [.. breaks.Where(b => b <= place.HeadRow)] : breaks, heads, percent);
            }
        }
        return new PagePlan(plain, title, percent);
    }

    /// <summary>Rows that stand together: no free row between them, and a heading only at their beginning.</summary>
    private sealed record Piece(int First, int Last);

    private List<Piece> Pieces()
    {
        List<(int First, int Last, bool IsHeading)> items =
        [
            .. sheet.Blocks.Where(b => b.Count > 0).Select(b => (b.First, b.First + b.Count - 1, b.IsHeading)),
            .. sheet.Charts.Select(c => (c.Row, c.EndRow - 1, false)),
        ];
        List<Piece> pieces = [];
        bool isOpen = true; // nothing but headings so far
        foreach ((int first, int last, bool isHeading) in items.OrderBy(i => i.First))
        {
            bool joins = pieces.Count > 0 && (isOpen || (!isHeading && first <= pieces[^1].Last + 1));
            if (joins)
            {
                pieces[^1] = new Piece(pieces[^1].First, Math.Max(pieces[^1].Last, last));
            }
            else
            {
                pieces.Add(new Piece(first, last));
            }
            // The sheet's title, what it answers and the way back head the first piece.
            isOpen = isHeading || (isOpen && pieces.Count == 1 && last <= TitleRows);
        }
        return pieces;
    }

    private const int TitleRows = 3;

    /// <summary>Whether a row stays with the one above it.</summary>
    private bool[] Stays(List<Piece> pieces)
    {
        bool[] stays = new bool[heights.Count + 2];
        void Stay(int first, int last)
        {
            for (int row = Math.Max(2, first); row <= Math.Min(last, heights.Count); row++)
            {
                stays[row] = true;
            }
        }
        foreach (RowBlock heading in sheet.Blocks.Where(b => b.IsHeading))
        {
            int next = heading.First + 1;
            while (next <= heights.Count && !sheet.IsTaken(next))
            {
                next++;
            }
            Stay(heading.First + 1, next);
        }
        foreach ((SheetTable table, TablePlace place) in sheet.Tables)
        {
            int total = table.Total is null ? 0 : 1;
            Stay(place.HeadRow - (table.Groups is null ? 0 : 1) + 1, Math.Min(place.HeadRow + RowsWithHead, place.LastRow + total));
            Stay(Math.Max(place.HeadRow + 1, place.LastRow - RowsWithEnd + 2), place.LastRow + total);
        }
        foreach (PlacedChart chart in sheet.Charts)
        {
            Stay(chart.Row + 1, chart.EndRow - 1);
        }
        if (pieces.Count > 0 && pieces[0].First == 1)
        {
            Stay(2, TitleRows + 2);
        }
        return stays;
    }

    /// <param name="torn">Tables that go over a page.</param>
    private List<int> Breaks(List<Piece> pieces, bool[] stays, (int First, int Last)? repeated, out HashSet<SheetTable> torn)
    {
        double repeatedHeight = repeated is { } r ? Height(r.First, r.Last) : 0;
        List<int> breaks = [];
        int start = 1;
        double used = 0;
        int above = 0;
        double Room() => page - (repeated is { } rows && start > rows.Last ? repeatedHeight : 0);
        void Break(int row)
        {
            breaks.Add(row);
            (start, used) = (row, 0);
        }
        foreach (Piece piece in pieces)
        {
            double gap = above + 1 <= piece.First - 1 ? Height(above + 1, piece.First - 1) : 0;
            double height = Height(piece.First, piece.Last);
            above = piece.Last;
            if (used + gap + height <= Room())
            {
                used += gap + height;
                continue;
            }
            bool fits = height <= page - (repeated is { } rows && piece.First > rows.Last ? repeatedHeight : 0);
            // Such a page is worse than a table that goes on under its heads, which they can be at the end of the sheet.
            bool isAlmostFree = piece == pieces[^1] && used < page * Little;
            if (used > 0 && ((fits && !isAlmostFree) || Room() - used - gap < page * LeastLeft))
            {
                Break(piece.First);
            }
            else
            {
                used += gap;
            }
            if (fits && start == piece.First)
            {
                used = height;
                continue;
            }
            if (piece.Last - piece.First >= MostRowsBroken)
            {
                // Where its last page ends is not known here: what follows begins a new one.
                used = page;
                continue;
            }
            for (int row = piece.First; row <= piece.Last; row++)
            {
                if (used + heights[row - 1] > Room() && row > start)
                {
                    int at = row;
                    while (at > start + 1 && at > piece.First && stays[at])
                    {
                        at--;
                    }
                    at = stays[at] && at != piece.First ? row : at;
                    double moved = at < row ? Height(at, row - 1) : 0;
                    Break(at);
                    used = moved;
                }
                used += heights[row - 1];
            }
        }
        torn = [.. sheet.Tables.Where(t => breaks.Any(b => b > t.Place.HeadRow && b <= t.Place.LastRow + (t.Table.Total is null ? 0 : 1))).Select(t => t.Table)];
        torn.UnionWith(sheet.Tables.Where(t => t.Place.LastRow - t.Place.HeadRow >= MostRowsBroken).Select(t => t.Table));
        return breaks;
    }

    private double Height(int first, int last)
    {
        double sum = 0;
        for (int row = first; row <= last; row++)
        {
            sum += row <= heights.Count ? heights[row - 1] : RowFit.LineHeight;
        }
        return sum;
    }
}
