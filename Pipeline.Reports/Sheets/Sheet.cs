using System.Buffers;
using System.Globalization;
using Pipeline.Reports.Charts;

namespace Pipeline.Reports.Sheets;

/// <summary>One sheet, composed from the top down: titles, paragraphs, tables, charts.</summary>
internal sealed class Sheet
{
    private static readonly SearchValues<char> Forbidden = SearchValues.Create(":\\/?*[]");
    private const int MeasuredRows = 3000;
    private const double UsualWidth = 9;
    private const double NarrowestColumn = 8;
    private const double WidestMeasuredColumn = 64;

    /// <summary>A longer head takes more lines, not more width.</summary>
    private const double WidestForHead = 16;

    /// <summary>A column of texts is widened for what it holds by half at most, and not beyond this; then its texts wrap.</summary>
    private const double WidestWidenedColumn = 40;
    private const double Widening = 1.5;
    private readonly List<RowBlock> blocks = [];
    private readonly SortedDictionary<int, double> widths = [];

    /// <param name="name">At most 31 characters, none of <c>: \ / ? * [ ]</c>.</param>
    /// <param name="answers">The question that the sheet answers, in one line: shown in the contents.</param>
    public Sheet(string name, string answers)
    {
        if (name.Length is 0 or > 31 || name.AsSpan().ContainsAny(Forbidden) || name[0] == '\'' || name[^1] == '\'')
        {
            throw new ArgumentException($"'{name}' cannot be the name of a sheet: 1 to 31 characters, none of : \\ / ? * [ ]", nameof(name));
        }
        Name = name;
        Answers = answers;
    }

    public string Name { get; }

    public string Answers { get; }

    /// <value>RRGGBB of the tab.</value>
    public string TabColor { get; init; } = Palette.Navy;

    /// <value>The row that the next block begins in, 1-based.</value>
    public int NextRow { get; private set; } = 1;

    /// <value>Rows above and columns left of this cell stay in view; null for none.</value>
    public (int Row, int Column)? Frozen { get; private set; }

    /// <value>
    /// Why the sheet is not printed, for the contents; null prints it. What is there to be clicked and filtered would fill hundreds of pages, and
    /// a single sentence a page.
    /// </value>
    public string? Unprinted { get; set; }

    /// <value>The sheet is printed on one page, whatever its length.</value>
    public bool OnOnePage { get; init; }

    public IReadOnlyList<RowBlock> Blocks => blocks;

    /// <summary>The rows that stand so far, without those of long lists, which are made while they are written.</summary>
    public IEnumerable<IReadOnlyList<Cell>> Written => blocks.SelectMany(b => b.Rows as IReadOnlyList<IReadOnlyList<Cell>> ?? []);

    public IReadOnlyDictionary<int, double> Widths => widths;

    public List<(SheetTable Table, TablePlace Place)> Tables { get; } = [];

    /// <value>Cells that formulas and other workbooks may ask for by a name, unique in the workbook.</value>
    public List<(string Name, int Row, int Column)> Named { get; } = [];

    public List<PlacedChart> Charts { get; } = [];

    public List<string> Merged { get; } = [];

    public List<ConditionalRule> Conditions { get; } = [];

    public List<Sparkline> Sparklines { get; } = [];

    /// <value>Cells may be edited only where their style unlocks them. Without a password: a guard against slips, not against people.</value>
    public bool IsProtected { get; set; }

    public List<ValidationRule> Validations { get; } = [];

    public string Place => CellRef.Place(Name, 1, 1);

    public void Width(int column, double width) => widths[column] = width;

    /// <summary>Width of a column in digits; Excel's usual one where none is set.</summary>
    public double WidthOf(int column) => widths.GetValueOrDefault(column, UsualWidth);

    /// <summary>Something stands in the row: cells or a chart.</summary>
    public bool IsTaken(int row) => blocks.Exists(b => row >= b.First && row < b.First + b.Count) || Charts.Exists(c => row >= c.Row && row < c.EndRow);

    public void Skip(int rows = 1) => NextRow += rows;

    /// <summary>The next block begins in this row, which must not lie above what stands.</summary>
    public void NextRowAt(int row) => NextRow = row >= NextRow ? row : throw new ArgumentOutOfRangeException(nameof(row), row, $"the next free row of sheet '{Name}' is {NextRow}");

    public int Row(params IReadOnlyList<Cell> cells) => Row(1, null, cells);

    /// <param name="height">Points; null for the height that the text needs.</param>
    /// <returns>The row that the cells stand in.</returns>
    public int Row(int column, double? height, IReadOnlyList<Cell> cells)
    {
        blocks.Add(new RowBlock(NextRow, column, 1, [cells], height));
        return NextRow++;
    }

    /// <summary>A text across several columns; its row is as high as the text needs.</summary>
    public int Paragraph(string text, CellStyle style, int column, int lastColumn, string? link = null, string? tip = null)
    {
        Cell[] cells = new Cell[lastColumn - column + 1];
        Array.Fill(cells, Cell.Blank(style));
        cells[0] = Cell.Of(text, style).To(link, tip);
        if (lastColumn > column)
        {
            Merged.Add(CellRef.Range(NextRow, column, NextRow, lastColumn));
        }
        blocks.Add(new RowBlock(NextRow, column, 1, [cells], null, lastColumn));
        return NextRow++;
    }

    /// <summary>A word in the first column, a text across the next ones and a number behind it, in one row.</summary>
    public int Finding(Cell word, string text, CellStyle style, int column, int lastColumn, Cell number)
    {
        Cell[] cells = new Cell[lastColumn + 1];
        Array.Fill(cells, Cell.Blank(style));
        cells[0] = word;
        cells[column - 1] = Cell.Of(text, style);
        cells[lastColumn] = number;
        Merged.Add(CellRef.Range(NextRow, column, NextRow, lastColumn));
        double height = 4 + RowFit.TextHeight(text, Enumerable.Range(column, lastColumn - column + 1).Sum(WidthOf), style);
        blocks.Add(new RowBlock(NextRow, 1, 1, [cells], height));
        return NextRow++;
    }

    public TablePlace Table(SheetTable table, int column = 1)
    {
        if (table.Groups is { } groups)
        {
            Row(column, null, [.. groups.SelectMany(g => Enumerable.Repeat(0, g.Columns)
                .Select((_, i) => g.Text.Length == 0 ? Cell.Blank(Styles.Plain) : i == 0 ? Cell.Of(g.Text, Styles.GroupHead) : Cell.Blank(Styles.GroupHead)))]);
        }
        Measure(table, column);
        int headRow = Row(column, HeadHeight(table, column), [.. table.Columns.Select(c => Cell.Of(c.Head, c.IsText ? Styles.HeadLeft : Styles.Head))]);
        TablePlace place = new(headRow, headRow + 1, headRow + table.Count, column, column + table.Columns.Count - 1);
        blocks.Add(new RowBlock(NextRow, column, table.Count, table.Rows, table.RowHeight, IsTable: true));
        NextRow += table.Count;
        if (table.Total is { } total)
        {
            blocks.Add(new RowBlock(NextRow++, column, 1, [[.. total.Select(c => c with { Style = c.Style.AsTotal() })]], null, IsTable: true));
        }
        Tables.Add((table, place));
        return place;
    }

    public void Freeze(int row, int column) => Frozen = (row, column);

    public void FreezeBelow(TablePlace place, int columns = 1) => Freeze(place.FirstRow, place.FirstColumn + columns);

    /// <summary>Puts a chart over the next <paramref name="rows"/> rows, which stay empty, and a free row behind it; nothing where there is no chart.</summary>
    public void Chart(ChartSpec? chart, int column, int lastColumn, int rows)
    {
        if (chart is not null)
        {
            Charts.Add(new PlacedChart(chart, NextRow, column, NextRow + rows, lastColumn + 1));
            NextRow += rows + 1;
        }
    }

    /// <summary>Puts two charts side by side over the next rows, as <see cref="Chart"/> does; one alone has the whole width.</summary>
    /// <param name="middle">Last column of the left one.</param>
    public void ChartsBeside(ChartSpec? left, ChartSpec? right, int middle, int lastColumn, int rows)
    {
        if (left is null || right is null)
        {
            Chart(left ?? right, 1, lastColumn, rows);
            return;
        }
        Charts.Add(new PlacedChart(left, NextRow, 1, NextRow + rows, middle + 1));
        Chart(right, middle + 1, lastColumn, rows);
    }

    private void Measure(SheetTable table, int column)
    {
        double[] needed = [.. table.Columns.Select(c => Math.Clamp((CellText.Width(c.Head) / 2) + 4, NarrowestColumn, WidestForHead))];
        double[] numbers = new double[table.Columns.Count];
        // Rows of a fixed height are lists for machines, of any length: their columns are as wide as they are said to be.
        IEnumerable<IReadOnlyList<Cell>> rows = table.RowHeight is null ? table.Rows.Take(MeasuredRows) : [];
        foreach (IReadOnlyList<Cell> row in table.Total is { } total ? rows.Append(total) : rows)
        {
            for (int i = 0; i < row.Count; i++)
            {
                needed[i] = Math.Max(needed[i], Math.Min(WidestMeasuredColumn, CellWidth(row[i]) + 2.5));
                numbers[i] = Math.Max(numbers[i], row[i].Kind == CellKind.Number ? NumberWidth(row[i]) : 0);
            }
        }
        for (int i = 0; i < table.Columns.Count; i++)
        {
            // A head breaks between its words and nowhere else; its filter button needs room beside it.
            double width = Math.Max(Math.Max(Wanted(table.Columns[i], needed[i]), numbers[i]), (CellText.LongestWord(table.Columns[i].Head) * 1.1) + 2);
            width = LineBreaks.ForHead(table.Columns[i].Head, width);
            widths[column + i] = Math.Max(widths.GetValueOrDefault(column + i), width);
        }
    }

    private static double Wanted(TableColumn column, double needed) => column switch
    {
        { Width: 0 } => needed,
        { IsText: true, Width: < WidestWidenedColumn } => Math.Max(column.Width, Math.Min(needed, Math.Min(WidestWidenedColumn, column.Width * Widening))),
        _ => column.Width,
    };

    private static double CellWidth(Cell cell) => cell.Kind switch
    {
        CellKind.Text => CellText.Width(cell.Text!) * cell.Style.Size / 10 * (cell.Style.Bold ? 1.08 : 1),
        CellKind.Number when cell.Style.Format == Styles.DateFormat => 11,
        CellKind.Number => Math.Abs(cell.Number) switch { < 1000 => 7, < 1_000_000 => 10, < 1_000_000_000 => 14, _ => 18 },
        _ => 0,
    };

    /// <summary>A number that does not fit is shown as ####: its digits, separators, decimals and signs, and room at the edges.</summary>
    private static double NumberWidth(Cell cell)
    {
        string format = cell.Style.Format?.Split(';').First(f => !f.StartsWith('[')) ?? "";
        if (format == Styles.DateFormat)
        {
            return 0; // its columns are as wide as dates are
        }
        decimal number = Math.Abs(cell.Number) * (format.Contains('%', StringComparison.Ordinal) ? 100 : 1);
        int digits = number < 1 ? 1 : (int)Math.Log10((double)number) + 1;
        int point = format.IndexOf('.', StringComparison.Ordinal);
        int decimals = point < 0 ? 0 : 1 + format[(point + 1)..].TakeWhile(c => c == '0').Count();
        int signs = (cell.Number < 0 || format.StartsWith('+') ? 1 : 0) + (format.Contains('%', StringComparison.Ordinal) ? 1 : 0);
        return ((digits + (format.Contains(',', StringComparison.Ordinal) ? (digits - 1) / 3 : 0) + decimals + signs) * (cell.Style.Bold ? 1.15 : 1.05)) + 1.5 + (cell.Style.Indent * RowFit.IndentWidth);
    }

    private double HeadHeight(SheetTable table, int column) =>
        6 + (14 * table.Columns.Select((c, i) => CellText.Lines(c.Head, widths[column + i] - 2.5)).Max());
}

/// <summary>Rows of one make, each with the cells from <paramref name="Column"/> on.</summary>
/// <param name="Height">Points; null for what the texts need.</param>
/// <param name="SpanTo">Last column of a text that goes across columns; 0 for none.</param>
/// <param name="IsTable">Rows of a table or its total: a text wider than its column wraps, also where nothing stands beside it.</param>
internal sealed record RowBlock(int First, int Column, int Count, IEnumerable<IReadOnlyList<Cell>> Rows, double? Height, int SpanTo = 0, bool IsTable = false)
{
    /// <summary>One row that heads what stands below it.</summary>
    public bool IsHeading { get; } = Rows is IReadOnlyList<IReadOnlyList<Cell>> { Count: 1 } rows && rows[0].Any(c => c.Style.IsHeading);
}

/// <summary>A chart and the cells that it covers; the last row and column are just outside it.</summary>
internal sealed record PlacedChart(ChartSpec Chart, int Row, int Column, int EndRow, int EndColumn);

/// <param name="Range">Cells that the rule colours.</param>
/// <param name="Markup">The <c>cfRule</c> without its priority: <c>{0}</c> stands for it.</param>
internal sealed record ConditionalRule(string Range, string Markup)
{
    /// <summary>From white for the lowest to orange for the highest count.</summary>
    public static ConditionalRule Heat(string range) => Scale(range, "<cfvo type=\"num\" val=\"0\"/><cfvo type=\"max\"/>");

    /// <summary>From white for <paramref name="usual"/> and less to orange for twice as much and more: chance alone colours little.</summary>
    public static ConditionalRule HeatAbove(string range, decimal usual) => Scale(
        range, string.Create(CultureInfo.InvariantCulture, $"<cfvo type=\"num\" val=\"{usual}\"/><cfvo type=\"num\" val=\"{usual * 2}\"/>"));

    private static ConditionalRule Scale(string range, string ends) => new(
        range,
        $"<cfRule type=\"colorScale\" priority=\"{{0}}\"><colorScale>{ends}<color rgb=\"FF{Palette.HeatLow}\"/><color rgb=\"FF{Palette.HeatHigh}\"/></colorScale></cfRule>");

    /// <summary>A bar as long as the number, from nought.</summary>
    public static ConditionalRule Bar(string range) => new(
        range,
        "<cfRule type=\"dataBar\" priority=\"{0}\"><dataBar><cfvo type=\"num\" val=\"0\"/><cfvo type=\"max\"/>"
        + "<color rgb=\"FF9DB8D6\"/></dataBar></cfRule>");

    /// <summary>Marks numbers below <paramref name="limit"/> as what must be looked at.</summary>
    public static ConditionalRule AlertBelow(string range, int limit) => new(
        range,
        $"<cfRule type=\"cellIs\" dxfId=\"{StyleCatalog.AlertFormat}\" priority=\"{{0}}\" operator=\"lessThan\"><formula>{limit}</formula></cfRule>");
}

/// <summary>What may be typed into cells.</summary>
/// <param name="Range">Cells that the rule is for.</param>
/// <param name="Attributes">Type and operator of the <c>dataValidation</c>.</param>
/// <param name="Formula">What it compares with.</param>
internal sealed record ValidationRule(string Range, string Attributes, string Formula, string Title, string Message)
{
    /// <summary>One of the texts of a range, chosen from a list.</summary>
    public static ValidationRule List(string range, string list, string title, string message) => new(range, "type=\"list\"", list, title, message);

    /// <summary>A day from 2000-01-01 on.</summary>
    public static ValidationRule Day(string range, string title, string message) => new(range, "type=\"date\" operator=\"greaterThanOrEqual\"", "36526", title, message);

    public static ValidationRule TextUpTo(string range, int characters, string title, string message) =>
        new(range, "type=\"textLength\" operator=\"lessThanOrEqual\"", characters.ToString(CultureInfo.InvariantCulture), title, message);
}

/// <summary>Columns from nought of the size of a cell, the last one marked.</summary>
/// <param name="Cell">Where it is drawn.</param>
/// <param name="Data">The numbers, with their sheet.</param>
internal sealed record Sparkline(string Cell, string Data);
