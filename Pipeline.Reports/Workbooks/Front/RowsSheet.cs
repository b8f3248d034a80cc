using Pipeline.Models.Complaints;
using Pipeline.Models.Taxonomy;
using Pipeline.Reports.Sheets;
using Pipeline.Reports.Workbooks.Cases;

namespace Pipeline.Reports.Workbooks.Front;

/// <summary>
/// The complaints behind the numbers that the workbook prints: one range of rows for each, which a click on the number selects. Numbers
/// with the same complaints share a range.
/// </summary>
internal static class RowsSheet
{
    /// <summary>Title, subtitle, way back, a free row, the note, the heads.</summary>
    public const int FirstRow = 7;

    public static void Add(Composer c)
    {
        IReadOnlyList<RowsBlock> blocks = c.Register.Blocks;
        if (blocks.Count == 0)
        {
            return;
        }
        Sheet sheet = c.Page(c.Names.Rows, c.Names.Rows, c.T("点击报表中的数字，选中它背后的工单", "A click on a number selects the complaints behind it"));
        sheet.Row(Cell.Of(
            c.T("“✓”为计入分子（或件数）的工单；背后工单相同的数字共用一段。未列出的（件数过多的其他期间）见“数字清单”所列命令。本表供点击与筛选，不打印。",
                "✓ marks complaints that count above the line. Numbers with the same complaints share a range. Rows that are not listed (large ones of other periods) are given by the command on the sheet of figures. Not printed."),
            Styles.Note with { Wrap = false }));
        TablePlace place = sheet.Table(new SheetTable(
            "RowsBehind",
            [
                new(c.T("数字键（首个）", "Key (the first)"), 42, true), new(c.T("计入", "Counted"), 7, true), CaseCells.CaseNumberColumn(c), new(c.T("受理日期", "Received"), 12),
                CaseCells.BusinessColumn(c), CaseCells.CauseColumn(c), new(c.DimensionName(Dimensions.Branch), 18, true), CaseCells.PersonColumn(c), CaseCells.TextColumn(c),
            ],
            blocks[^1].Last - FirstRow + 1,
            blocks.SelectMany(b => b.Rows.Select(r => Row(c, b, r, c.Register.Case(r)))),
            RowHeight: 15));
        if (place.FirstRow != FirstRow || place.LastColumn != FigureRegister.RowsColumns)
        {
            throw new InvalidOperationException($"the rows of '{c.Names.Rows}' begin in row {place.FirstRow} and have {place.LastColumn} columns, which is not where links lead");
        }
        sheet.FreezeBelow(place, 3);
        sheet.Unprinted = c.T("供点击与筛选", "to be clicked and filtered");
    }

    private static Cell[] Row(Composer c, RowsBlock block, RowBehind behind, CaseRow row)
    {
        ComplaintFact fact = row.Fact;
        if (block.IsOfClass)
        {
            // Some hundred thousand rows: what names the case and its matter, so that the file stays one that can be sent.
            return
            [
                Cell.Of(block.Key.Text, Styles.Code), Cell.Of(Counted, CaseCells.Centered), CaseCells.CaseNumber(row), Cell.Of(fact.Received),
                Cell.Blank(), Cell.Blank(), Cell.Blank(), Cell.Blank(), CaseCells.Text(row),
            ];
        }
        return
        [
            Cell.Of(block.Key.Text, Styles.Code), Cell.Of(behind.IsCounted ? Counted : "", CaseCells.Centered), CaseCells.CaseNumber(row), Cell.Of(fact.Received),
            CaseCells.Business(c, row), CaseCells.Cause(c, row), CaseCells.Class(c, Dimensions.Branch, fact.Branch), CaseCells.Person(row), CaseCells.Text(row),
        ];
    }

    /// <summary>A sign that no program takes for the beginning of a formula.</summary>
    public const string Counted = "✓";
}
