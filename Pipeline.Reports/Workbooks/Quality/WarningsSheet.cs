using Pipeline.Models.Complaints;
using Pipeline.Reports.Sheets;

namespace Pipeline.Reports.Workbooks.Quality;

/// <summary>Values that were set aside, counted by what was wrong with them.</summary>
internal static class WarningsSheet
{
    public static void Add(Composer c)
    {
        Sheet sheet = c.Page(c.T("警告汇总", "Warnings"), c.T($"{c.Month} 受理投诉的警告", $"Warnings on complaints received in {c.Month}"), c.T("本月投诉的哪些取值被搁置、各有多少", "Which values of the month's complaints were set aside, and how many"));
        sheet.Width(1, 60);
        sheet.Paragraph(
            c.T($"只计报告月受理的投诉，按现行状态；各文件装载时出现的全部警告（不论月份，共 {c.Report.Lineage.Files.Sum(f => f.Warnings):#,##0} 条）在“{ReconciliationSheet.Name(c)}”。",
                $"Complaints of the reporting month only, as they stand; all warnings met while files were loaded, of whatever month ({c.Report.Lineage.Files.Sum(f => f.Warnings):#,##0}), stand on the sheet {ReconciliationSheet.Name(c)}."),
            Styles.Note, 1, 4);
        List<WarningCount> counts = [.. c.Report.Quality.Warnings.OrderByDescending(w => w.Count).ThenBy(w => w.Code, StringComparer.Ordinal).ThenBy(w => w.Field, StringComparer.Ordinal)];
        if (counts.Count == 0)
        {
            sheet.Row(Cell.Of(c.T("本月投诉没有警告。", "No complaint of the month has a warning."), Styles.Finding));
            return;
        }
        TablePlace place = sheet.Table(SheetTable.Of(
            "Warnings",
            [
                new(c.T("字段", "Field"), 20, true), new(c.T("说明", "What was found and done"), 84, true), new(c.T("件数", "Count"), 11), new(c.T("占全部警告", "Share of warnings"), 13), new(c.T("代码", "Code"), 28, true),
            ],
            [.. counts.Select(w => (IReadOnlyList<Cell>)
            [
                Cell.Of(Words.Field(c, w.Field), Styles.TextWrapped), Cell.Of(QualityCodes.Sentence(w.Code, c.Language), Styles.TextWrapped), Cell.Of(w.Count), c.Share(w.Count, counts.Sum(x => x.Count)), Cell.Of(w.Code, Styles.Code),
            ])],
            [Cell.Of(c.T("合计", "Total")), Cell.Blank(Styles.Text), Cell.Of(counts.Sum(w => w.Count)), Cell.Of(1m, c.ShareStyle), Cell.Blank(Styles.Text)]));
        sheet.FreezeBelow(place);
        sheet.Conditions.Add(ConditionalRule.Bar(place.Column(3)));
    }
}
