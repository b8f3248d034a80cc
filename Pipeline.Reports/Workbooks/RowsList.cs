using Pipeline.Models.Complaints;
using Pipeline.Models.Measures;

namespace Pipeline.Reports.Workbooks;

/// <summary>
/// What the sheet of rows lists, in its order: a range of rows for each figure that a workbook prints. Figures with the same complaints share
/// a range; counts of complaints of one class, or of two together, are parts of one range, the class's complaints in the order of receipt.
/// </summary>
/// <param name="month">The reporting month.</param>
/// <param name="firstRow">First row of the sheet, 1-based.</param>
internal sealed class RowsList(RowsBehind behind, FigurePeriod month, int firstRow)
{
    /// <summary>A figure of more complaints is not listed by itself: nobody reads so many, and the list of cases can be filtered.</summary>
    public const int MostRowsOfFigure = 1_000;

    /// <summary>So many rows at most stand behind the month's figures of one workbook; what comes later has its rows by the command that the sheet of figures names.</summary>
    public const int MostRows = 60_000;

    /// <summary>So many rows at most are listed by themselves for figures of other periods.</summary>
    public const int MostEarlierRows = 20_000;

    /// <summary>So many rows at most stand in the ranges of classes.</summary>
    public const int MostClassRows = 160_000;

    /// <summary>
    /// A figure of another period takes at most this part of the rows that are left, so that there is always room for few complaints. What the
    /// month is set beside (the month before, the same month last year, a period that ends with it) is clicked more often than the history of a chart.
    /// </summary>
    private const int PartOfLeft = 20;
    private const int PartOfLeftInHistory = 150;

    private readonly Dictionary<string, (int First, int Last)> ranges = new(StringComparer.Ordinal);
    private readonly Dictionary<RowBehind[], RowsBlock> sets = new(new SameRows());
    private readonly Dictionary<string, RowsBlock?> classes = new(StringComparer.Ordinal);
    private readonly List<RowsBlock> blocks = [];
    private int left = MostRows;
    private int leftEarlier = MostEarlierRows;
    private int leftOfClasses = MostClassRows;

    public IReadOnlyList<RowsBlock> Blocks => blocks;

    public (int First, int Last)? Range(FigureKey key) => ranges.TryGetValue(key.Text, out (int First, int Last) range) ? range : null;

    /// <summary>Lists the complaints behind a figure, if there is room and they are pinned.</summary>
    public void Add(FigureKey key, Figure figure)
    {
        bool isOwn = figure.Rows is > 0 and <= MostRowsOfFigure;
        if ((isOwn && key.Period == month ? Own(key, figure) : InClass(key, figure) ?? (isOwn ? Own(key, figure) : null)) is { } range)
        {
            ranges.Add(key.Text, range);
        }
    }

    private (int First, int Last)? InClass(FigureKey key, Figure figure)
    {
        if (figure.Rows == 0 || key.Measure != "complaints" || Whole(key) is not { } series)
        {
            return null;
        }
        if (!classes.TryGetValue(series.Text, out RowsBlock? block))
        {
            RowBehind[] rows = behind.Of(series);
            classes.Add(series.Text, block = Spend(ref leftOfClasses, rows.Length, leftOfClasses) ? List(series, rows, true) : null);
        }
        if (block is null)
        {
            return null;
        }
        int first = FirstFrom(block.Rows, key.Period.From.FirstDay);
        int after = FirstFrom(block.Rows, key.Period.To.LastDay.AddDays(1));
        return after - first == figure.Rows
            ? (block.First + first, block.First + after - 1)
            : throw new InvalidOperationException($"{key}: {figure.Rows} rows are pinned and the pinned cases of its class give {after - first}");
    }

    /// <summary>A class over all pinned months; two classes together over the year up to the month, the longest period that they are printed of.</summary>
    private FigureKey? Whole(FigureKey key) => behind.WholeSeries(key) switch
    {
        { } all when key.Terms.Count <= 1 => all,
        { } all when key.Terms.Count == 2 && key.Period.To == month.To && key.Period.From.Year == month.To.Year && all.Period.From <= new ReportingMonth(month.To.Year, 1) =>
            new FigureKey(key.Measure, new FigurePeriod(new ReportingMonth(month.To.Year, 1), month.To), key.Terms),
        _ => null,
    };

    /// <summary>The first of the rows that was received on the day or later; their number where none was.</summary>
    private int FirstFrom(RowBehind[] rows, DateOnly day)
    {
        int low = 0;
        int high = rows.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = behind.Case(rows[middle]).Fact.Received < day ? (middle + 1, high) : (low, middle);
        }
        return low;
    }

    private (int First, int Last)? Own(FigureKey key, Figure figure)
    {
        if (behind.Of(key, figure) is not { } rows)
        {
            return null;
        }
        if (!sets.TryGetValue(rows, out RowsBlock? block))
        {
            bool isBeside = key.Period.To == month.To || key.Period == FigurePeriod.Of(month.To.Add(-1)) || key.Period == FigurePeriod.Of(month.To.Add(-12));
            if (key.Period == month
                ? !Spend(ref left, rows.Length, left)
                : !Spend(ref leftEarlier, rows.Length, leftEarlier / (isBeside ? PartOfLeft : PartOfLeftInHistory)))
            {
                return null;
            }
            sets.Add(rows, block = List(key, rows, false));
        }
        return (block.First, block.Last);
    }

    private RowsBlock List(FigureKey key, RowBehind[] rows, bool isOfClass)
    {
        RowsBlock block = new(key, blocks.Count == 0 ? firstRow : blocks[^1].Last + 1, rows, isOfClass);
        blocks.Add(block);
        return block;
    }

    private static bool Spend(ref int left, int count, int most)
    {
        if (count > most)
        {
            return false;
        }
        left -= count;
        return true;
    }

    private sealed class SameRows : IEqualityComparer<RowBehind[]>
    {
        public bool Equals(RowBehind[]? x, RowBehind[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(RowBehind[] rows)
        {
            HashCode hash = default;
            hash.Add(rows.Length);
            foreach (RowBehind row in rows)
            {
                hash.Add((row.Case * 2) + (row.IsCounted ? 1 : 0));
            }
            return hash.ToHashCode();
        }
    }
}

/// <summary>Rows on the sheet of rows.</summary>
/// <param name="Key">The first figure that leads here, or the count of the class's complaints in all pinned months.</param>
/// <param name="First">First row of the sheet, 1-based.</param>
/// <param name="IsOfClass">A class's complaints of all pinned months.</param>
internal sealed record RowsBlock(FigureKey Key, int First, RowBehind[] Rows, bool IsOfClass)
{
    public int Last => First + Rows.Length - 1;
}
