using Pipeline.Models.Taxonomy;
using Pipeline.Reports.Sheets;

namespace Pipeline.Reports.Workbooks.Front;

/// <summary>What this workbook is, of which month and run, what its sheets answer, and what was counted how.</summary>
internal static class CoverSheet
{
    public static void Insert(Composer c, int index)
    {
        RunLineage run = c.Report.Lineage;
        Sheet sheet = c.Book.Insert(index, new Sheet(c.Names.Cover, c.T("目录与统计口径", "Contents and what was counted how")) { OnOnePage = true });
        sheet.Width(1, 30);
        sheet.Width(2, 104);
        sheet.Row(1, 34, [Cell.Of(c.T(WorkbookTitles.Of(c.Kind)), Styles.Title with { Size = 22 })]);
        sheet.Row(Cell.Of(c.T($"{c.Report.Source} · {c.Month.Year} 年 {c.Month.Month} 月", $"{c.Report.Source} · {c.Month}"), Styles.Section));
        sheet.Skip();
        void Fact(string label, string value) => sheet.Row(Cell.Of(label, Styles.Label), Cell.Of(value, Styles.Value));
        void Named(string name, string label, Cell value) => sheet.Named.Add((name, sheet.Row(Cell.Of(label, Styles.Label), value), 2));
        Named("Report_month", c.T("报告月份", "Reporting month"), Cell.Of(c.Month.FirstDay, Styles.Date with { Format = "yyyy\\-mm", Align = CellAlign.Left, Border = CellBorder.None }));
        sheet.Row(Cell.Of(c.T("数据截至", "Data as of"), Styles.Label), Cell.Of(run.AsOf, Styles.Date with { Align = CellAlign.Left, Border = CellBorder.None }));
        if (c.IsIncomplete(c.Month))
        {
            Fact("", c.T("报告月尚未结束，数字不完整，标 *", "The reporting month is not over: its numbers are incomplete and marked *"));
        }
        Named("Report_edition", c.T("版次", "Edition"), Cell.Of(run.Edition, Styles.Count with { Align = CellAlign.Left, Border = CellBorder.None }));
        Fact(c.T("状态", "State"), EditionWords.State(c));
        if (EditionWords.Changes(c) is { } changes)
        {
            Fact(c.T("较前一版", "Against the edition before"), changes);
        }
        Named("Report_run", c.T("运行编号", "Run"), Cell.Of(run.RunId, Styles.Value));
        Fact(c.T("分类体系", "Taxonomy"), c.T(
            $"{run.TaxonomyId} {run.TaxonomyVersion}（{Composer.Iso(c.Report.Taxonomy.EffectiveFrom)} 起施行）",
            $"{run.TaxonomyId} {run.TaxonomyVersion} (in force from {Composer.Iso(c.Report.Taxonomy.EffectiveFrom)})"));
        Fact(c.T("规则", "Rules"), c.T(
            $"{run.RulesVersion}（{Composer.Iso(c.Report.Rules.EffectiveFrom)} 起施行）",
            $"{run.RulesVersion} (in force from {Composer.Iso(c.Report.Rules.EffectiveFrom)})"));
        Fact(c.T("程序", "Program"), $"Pipeline {run.ProgramVersion}");
        sheet.Skip();

        sheet.Row(Cell.Of(c.T("目录", "Contents"), Styles.Section));
        sheet.Row(Cell.Of(c.T("工作表", "Sheet"), Styles.HeadLeft), Cell.Of(c.T("回答什么", "What it answers"), Styles.HeadLeft));
        foreach (Sheet other in c.Book.Sheets.Where(s => s != sheet))
        {
            sheet.Row(Cell.Of(other.Name, Styles.Link).To(other.Place), Cell.Of(other.Unprinted is { } why ? c.T($"{other.Answers}（不打印：{why.TrimEnd('。')}）", $"{other.Answers} (not printed: {why.TrimEnd('.')})") : other.Answers, Styles.TextWrapped));
        }
        sheet.Skip();

        sheet.Row(Cell.Of(c.T("统计口径", "What was counted how"), Styles.Section));
        int number = 1;
        foreach (string line in CountingBasis.Of(c))
        {
            sheet.Paragraph($"{number++}. {line}", Styles.Note with { Color = Palette.Ink }, 1, 2);
        }
    }
}
