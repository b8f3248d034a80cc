using Pipeline.Reports.Sheets;

namespace Pipeline.Reports.Workbooks.Quality;

/// <summary>Every row of every file accounted for: read = new + updated + unchanged + duplicate + rejected.</summary>
internal static class ReconciliationSheet
{
    private static readonly CellStyle Right = Styles.Text with { Align = CellAlign.Center, Color = Palette.Good };
    private static readonly CellStyle Wrong = Styles.Text with { Align = CellAlign.Center, Color = Palette.Alert, Bold = true };

    public static string Name(Composer c) => c.T("文件对账", "Reconciliation");

    public static void Add(Composer c)
    {
        Sheet sheet = c.Page(Name(c), c.T("文件对账（全部文件）", "Reconciliation by file, all files"), c.T("每个文件读了多少行，都去了哪里（全部文件，不限于本月）", "How many rows each file had, and where they went (every file, of whatever month)"));
        IReadOnlyList<LineageFile> files = c.Report.Lineage.Files;
        int wrong = files.Count(f => Missing(f) != 0);
        sheet.Width(1, 40);
        sheet.Paragraph(
            wrong == 0
                ? c.T($"{files.Count} 个文件全部平衡：读取 = 新增 + 更新 + 未变 + 重复 + 隔离。", $"Files that balance: {files.Count} of {files.Count}; read = new + updated + unchanged + duplicate + rejected.")
                : c.T($"{wrong} 个文件不平衡，请核对后再使用本月数字。", $"Files that do not balance: {wrong} of {files.Count}; check before using this month's numbers."),
            Styles.Finding with { Fill = wrong == 0 ? Palette.GoodFill : Palette.AlertFill }, 1, 8);
        sheet.Skip();
        TablePlace place = sheet.Table(SheetTable.Of(
            "Reconciliation",
            [
                new(c.T("文件", "File"), 40, true), new(c.T("截至", "As of"), 12), new(c.T("读取", "Read"), 11), new(c.T("新增", "New"), 11), new(c.T("更新", "Updated"), 11), new(c.T("未变", "Unchanged"), 11),
                new(c.T("重复", "Duplicate"), 11), new(c.T("隔离", "Rejected"), 11), new(c.T("差额", "Difference"), 11), new(c.T("对账", "Check"), 10), new(c.T("隔离率", "Rejected share"), 11), new(c.T("警告", "Warnings"), 11),
            ],
            [.. files.Select(f => (IReadOnlyList<Cell>)
            [
                Cell.Of(f.Name), Cell.Of(f.AsOf), Cell.Of(f.Read), Cell.Of(f.New), Cell.Of(f.Updated), Cell.Of(f.Unchanged), Cell.Of(f.Duplicate), Cell.Of(f.Rejected),
                Cell.Of(Missing(f), Styles.ChangeCount), Missing(f) == 0 ? Cell.Of(c.T("平", "OK"), Right) : Cell.Of(c.T("不平", "WRONG"), Wrong), c.Share(f.Rejected, f.Read), Cell.Of(f.Warnings),
            ])],
            [
                Cell.Of(c.T("合计", "Total")), Cell.Blank(Styles.Text), Cell.Of(files.Sum(f => f.Read)), Cell.Of(files.Sum(f => f.New)), Cell.Of(files.Sum(f => f.Updated)), Cell.Of(files.Sum(f => f.Unchanged)),
                Cell.Of(files.Sum(f => f.Duplicate)), Cell.Of(files.Sum(f => f.Rejected)), Cell.Of(files.Sum(Missing), Styles.ChangeCount), Cell.Blank(Styles.Text),
                c.Share(files.Sum(f => f.Rejected), files.Sum(f => f.Read)), Cell.Of(files.Sum(f => f.Warnings)),
            ]));
        sheet.FreezeBelow(place);
    }

    private static long Missing(LineageFile f) => f.Read - f.New - f.Updated - f.Unchanged - f.Duplicate - f.Rejected;
}
