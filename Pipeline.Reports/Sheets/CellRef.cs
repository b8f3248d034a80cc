namespace Pipeline.Reports.Sheets;

/// <summary>Names of cells and ranges. Rows and columns are numbers, 1-based.</summary>
internal static class CellRef
{
    public static string Column(int column)
    {
        string name = "";
        for (int rest = column; rest > 0; rest = (rest - 1) / 26)
        {
            name = (char)('A' + ((rest - 1) % 26)) + name;
        }
        return name;
    }

    public static string Cell(int row, int column) => $"{Column(column)}{row}";

    public static string Range(int row, int column, int lastRow, int lastColumn) => $"{Cell(row, column)}:{Cell(lastRow, lastColumn)}";

    /// <summary>A range with its sheet and fixed, as charts and names need it.</summary>
    public static string Fixed(string sheet, int row, int column, int lastRow, int lastColumn) =>
        $"{Quoted(sheet)}!${Column(column)}${row}:${Column(lastColumn)}${lastRow}";

    public static string Fixed(string sheet, int row, int column) => $"{Quoted(sheet)}!${Column(column)}${row}";

    public static string Place(string sheet, int row, int column) => $"{Quoted(sheet)}!{Cell(row, column)}";

    private static string Quoted(string sheet) => $"'{sheet.Replace("'", "''", StringComparison.Ordinal)}'";
}
