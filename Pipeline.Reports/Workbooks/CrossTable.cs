using Pipeline.Models.Measures;
using Pipeline.Reports.Sheets;

namespace Pipeline.Reports.Workbooks;

/// <summary>Complaints of the month by two dimensions, with totals on both sides and rests where an open dimension is cut.</summary>
internal static class CrossTable
{
    private const string Complaints = "complaints";

    /// <param name="rows">Members down the side, in order.</param>
    /// <param name="columns">Members across, in order.</param>
    /// <param name="columnLabel">Shortens a label for the head; null to print it whole.</param>
    public static TablePlace Add(
        Composer c, Sheet sheet, string name, Breakdown down, IReadOnlyList<string> rows, Breakdown across, IReadOnlyList<string> columns, int column = 1)
    {
        bool hasMoreColumns = rows.Any(r => Count(c, down.Term(r)) > columns.Sum(k => Count(c, down.Term(r), across.Term(k))))
            || c.Count(Complaints) > columns.Sum(k => across.Count(Complaints, k));
        bool hasMoreRows = c.Count(Complaints) > rows.Sum(r => down.Count(Complaints, r));
        List<IReadOnlyList<Cell>> body = [.. rows.Select(r =>
        {
            List<Cell> cells = [Cell.Of(down.Label(r)), .. columns.Select(k => Faint(c.Cell(Complaints, c.Month, down.Term(r), across.Term(k))))];
            if (hasMoreColumns)
            {
                cells.Add(Composer.Derived(Count(c, down.Term(r)) - columns.Sum(k => Count(c, down.Term(r), across.Term(k)))));
            }
            cells.Add(Strong(c.Cell(Complaints, c.Month, down.Term(r))));
            return (IReadOnlyList<Cell>)cells;
        })];
        if (hasMoreRows)
        {
            List<Cell> cells = [Cell.Of(down.RestLabel)];
            cells.AddRange(columns.Select(k => Composer.Derived(across.Count(Complaints, k) - rows.Sum(r => Count(c, down.Term(r), across.Term(k))))));
            decimal rest = c.Count(Complaints) - rows.Sum(r => down.Count(Complaints, r));
            if (hasMoreColumns)
            {
                cells.Add(Composer.Derived(rest - cells.Skip(1).Sum(x => x.Number)));
            }
            cells.Add(Strong(Composer.Derived(rest)));
            body.Add(cells);
        }
        List<Cell> total = [Cell.Of(c.T("合计", "Total")), .. columns.Select(k => c.Cell(Complaints, c.Month, across.Term(k)))];
        List<TableColumn> heads = [new(c.DimensionName(down.Dimension), 0, true), .. columns.Select(k => new TableColumn(across.Label(k)))];
        if (hasMoreColumns)
        {
            total.Add(Composer.Derived(c.Count(Complaints) - columns.Sum(k => across.Count(Complaints, k))));
            heads.Add(new(across.RestLabel));
        }
        total.Add(c.Cell(Complaints, c.Month));
        heads.Add(new(c.T("合计", "Total")));
        return sheet.Table(SheetTable.Of(name, heads, body, total), column);
    }

    private static long Count(Composer c, params IEnumerable<FilterTerm> terms) => c.Count(Complaints, terms);

    private static readonly CellStyle StrongCount = Styles.Count with { Bold = true, Fill = Palette.Paper };

    private static Cell Faint(Cell cell) => cell is { Kind: CellKind.Number, Number: 0 } ? cell with { Style = Styles.Nought } : cell;

    private static Cell Strong(Cell cell) => cell with { Style = StrongCount };
}
