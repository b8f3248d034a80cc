namespace Pipeline.Reports.Sheets;

/// <param name="Head">Unique within its table.</param>
/// <param name="Width">In digits; 0 to measure the cells.</param>
internal sealed record TableColumn(string Head, double Width = 0, bool IsText = false);

/// <summary>A heading over several columns, in the row above the heads of a table.</summary>
internal sealed record HeadGroup(string Text, int Columns);

/// <summary>A native Excel table: heads, rows, filters; a total stands below it, outside the filter.</summary>
/// <param name="Name">Unique in the workbook, letters, digits and underscores.</param>
/// <param name="Count">How many rows <paramref name="Rows"/> gives. They may be made while they are written.</param>
/// <param name="Total">One cell for each column, or null.</param>
/// <param name="RowHeight">Points; null for what the texts need. A fixed height cuts long texts off where they are shown, not in the cell.</param>
internal sealed record SheetTable(
    string Name,
    IReadOnlyList<TableColumn> Columns,
    int Count,
    IEnumerable<IReadOnlyList<Cell>> Rows,
    IReadOnlyList<Cell>? Total = null,
    IReadOnlyList<HeadGroup>? Groups = null,
    double? RowHeight = null)
{
    public static SheetTable Of(
        string name, IReadOnlyList<TableColumn> columns, IReadOnlyList<IReadOnlyList<Cell>> rows,
        IReadOnlyList<Cell>? total = null, IReadOnlyList<HeadGroup>? groups = null) =>
        new(name, columns, rows.Count, rows, total, groups);
}

/// <summary>Where a table was put. Rows and columns are 1-based and both ends belong to it.</summary>
internal readonly record struct TablePlace(int HeadRow, int FirstRow, int LastRow, int FirstColumn, int LastColumn)
{
    public bool IsEmpty => LastRow < FirstRow;

    /// <summary>The cells of one column, by its position in the table from 0.</summary>
    public string Column(int index) => CellRef.Range(FirstRow, FirstColumn + index, LastRow, FirstColumn + index);

    public string Columns(int first, int last) => CellRef.Range(FirstRow, FirstColumn + first, LastRow, FirstColumn + last);
}
