using Pipeline.Models.Measures;
using Pipeline.Reports.Sheets;

namespace Pipeline.Reports.Workbooks;

/// <summary>
/// The one door between the workbooks and the figures: what is asked for and not in the plan fails loudly, and what is printed is
/// remembered in the order of first use, so that the sheet of figures lists it and the printed number links to the complaints behind it.
/// </summary>
/// <param name="month">The reporting month.</param>
/// <param name="sheetName">The sheet of figures.</param>
/// <param name="rowsName">The sheet with the rows behind them.</param>
/// <param name="isOutward">The workbook leaves the bank and lists no complaints.</param>
internal sealed class FigureRegister(FigureSet figures, RowsBehind behind, FigurePeriod month, string sheetName, string rowsName, bool isOutward = false)
{
    /// <summary>Row of the first figure on the sheet of figures.</summary>
    public const int FirstRow = 7;

    /// <summary>Columns of the sheet of rows.</summary>
    public const int RowsColumns = 9;

    private readonly Dictionary<string, int> rows = new(StringComparer.Ordinal);
    private readonly List<(FigureKey Key, Figure Figure)> used = [];
    private readonly RowsList listed = new(behind, month, Front.RowsSheet.FirstRow);

    public IReadOnlyList<(FigureKey Key, Figure Figure)> Used => used;

    /// <summary>The rows that stand on the sheet of rows, in its order.</summary>
    public IReadOnlyList<RowsBlock> Blocks => listed.Blocks;

    public CaseRow Case(RowBehind row) => behind.Case(row);

    public Figure Take(FigureKey key)
    {
        Figure figure = figures[key];
        if (rows.TryAdd(key.Text, FirstRow + used.Count))
        {
            used.Add((key, figure));
            // Behind what is not known stand no complaints that were counted.
            if (figure.Value is not null && !isOutward)
            {
                listed.Add(key, figure);
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
    public string? RowsPlace(FigureKey key) => listed.Range(key) is (int first, int last)
        ? $"{CellRef.Place(rowsName, first, 1)}:{CellRef.Cell(last, RowsColumns)}"
        : null;
}
