using Pipeline.Models.Measures;
using Pipeline.Reports.Sheets;

namespace Pipeline.Reports.Workbooks;

/// <summary>
/// The one door between the workbooks and the figures: what is asked for and not in the plan fails loudly, and what is printed is
/// remembered in the order of first use, so that the sheet of figures lists it and the printed number links to the complaints behind it.
/// </summary>
/// <param name="sheetName">The sheet of figures.</param>
/// <param name="rowsName">The sheet with the rows behind them.</param>
internal sealed class FigureRegister(FigureSet figures, RowsBehind behind, string sheetName, string rowsName)
{
    /// <summary>Row of the first figure on the sheet of figures.</summary>
    public const int FirstRow = 7;

    /// <summary>A figure of more complaints is not listed row by row in the workbook: nobody reads so many, and the list of cases can be filtered.</summary>
    public const int MostRowsOfFigure = 1_000;

    /// <summary>So many rows at most stand behind the figures of one workbook; what comes later has its rows by the command that the sheet of figures names.</summary>
    public const int MostRows = 60_000;

    private readonly Dictionary<string, int> rows = new(StringComparer.Ordinal);
    private readonly List<(FigureKey Key, Figure Figure)> used = [];
    private readonly Dictionary<string, RowsBlock> blocks = new(StringComparer.Ordinal);
    private readonly Dictionary<RowBehind[], RowsBlock> sets = new(new SameRows());
    private readonly List<RowsBlock> listed = [];

    public IReadOnlyList<(FigureKey Key, Figure Figure)> Used => used;

    /// <summary>The rows that stand on the sheet of rows, in its order.</summary>
    public IReadOnlyList<RowsBlock> Blocks => listed;

    public CaseRow Case(RowBehind row) => behind.Case(row);

    public Figure Take(FigureKey key)
    {
        Figure figure = figures[key];
        if (rows.TryAdd(key.Text, FirstRow + used.Count))
        {
            used.Add((key, figure));
            if (figure is { Value: not null, Rows: > 0 and <= MostRowsOfFigure } && behind.Of(key, figure) is { } those)
            {
                List(key, those);
            }
        }
        return figure;
    }

    /// <summary>The workbook prints the figure.</summary>
    public bool Has(string key) => rows.ContainsKey(key);

    /// <summary>Looks without printing: for tests against chance and for ordering.</summary>
    public Figure Peek(FigureKey key) => figures[key];

    public bool Has(FigureKey key) => figures.Find(key.Text) is not null;

    /// <summary>Where a click on a figure that was taken leads: the complaints behind it, or its line on the sheet of figures where they are not listed.</summary>
    public string Place(FigureKey key) => RowsPlace(key) ?? CellRef.Place(sheetName, rows[key.Text], 1);

    /// <summary>The complaints behind a figure that was taken, as a range; null where they are not listed.</summary>
    public string? RowsPlace(FigureKey key) => blocks.TryGetValue(key.Text, out RowsBlock? block)
        ? $"{CellRef.Place(rowsName, block.First, 1)}:{CellRef.Cell(block.Last, RowsColumns)}"
        : null;

    /// <summary>Columns of the sheet of rows.</summary>
    public const int RowsColumns = 9;

    private void List(FigureKey key, RowBehind[] those)
    {
        if (!sets.TryGetValue(those, out RowsBlock? block))
        {
            int first = listed.Count == 0 ? Front.RowsSheet.FirstRow : listed[^1].Last + 1;
            if (first + those.Length - Front.RowsSheet.FirstRow > MostRows)
            {
                return;
            }
            sets.Add(those, block = new RowsBlock(key, first, those));
            listed.Add(block);
        }
        blocks.Add(key.Text, block);
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
