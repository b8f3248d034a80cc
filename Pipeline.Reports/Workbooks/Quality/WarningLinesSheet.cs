using Pipeline.Models.Complaints;
using Pipeline.Reports.Sheets;

namespace Pipeline.Reports.Workbooks.Quality;

/// <summary>Where each warning stands: case, file, line, field.</summary>
internal static class WarningLinesSheet
{
    public static void Add(Composer c)
    {
        IReadOnlyList<WarningLine> lines = c.Report.Quality.WarningLines;
        if (lines.Count == 0)
        {
            return;
        }
        Sheet sheet = c.Page(c.T("警告明细", "Warning lines"), c.T($"{c.Month} 受理投诉的警告明细", $"Warnings by line, complaints received in {c.Month}"), c.T("本月投诉的每条警告在哪个文件的哪一行", "In which file and line each warning of the month's complaints stands"));
        TablePlace place = sheet.Table(new SheetTable(
            "WarningLines",
            [
                new(c.T("工单号", "Case number"), 22, true), new(c.T("文件", "File"), 28, true), new(c.T("行号", "Line"), 10), new(c.T("字段", "Field"), 20, true),
                new(c.T("说明", "What was found and done"), 92, true), new(c.T("代码", "Code"), 28, true),
            ],
            lines.Count,
            lines.Select(l => (IReadOnlyList<Cell>)
            [
                Cell.Of(l.CaseNumber), Cell.Of(l.File), Cell.Of(l.Line), Cell.Of(Words.Field(c, l.Field)), Cell.Of(QualityCodes.Sentence(l.Code, c.Language), Styles.TextWrapped), Cell.Of(l.Code, Styles.Code),
            ])));
        sheet.FreezeBelow(place);
    }
}
