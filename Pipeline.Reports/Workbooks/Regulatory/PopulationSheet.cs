using Pipeline.Models.Complaints;
using Pipeline.Models.Measures;
using Pipeline.Models.Regulatory;
using Pipeline.Models.Taxonomy;
using Pipeline.Models.Text;
using Pipeline.Reports.Sheets;

namespace Pipeline.Reports.Workbooks.Regulatory;

/// <summary>Which cases count as complaints and which do not, counted by reason and listed one by one with file and line.</summary>
internal static class PopulationSheet
{
    public static void Add(Composer c)
    {
        if (c.Report.Regulatory?.Rules.Population is not { } population)
        {
            return;
        }
        Sheet sheet = c.Page(c.T("统计范围", "Population"), c.T("统计范围：计入与不计入投诉的事项", "Population: what counts and what does not"), c.T("哪些事项不计入投诉，各是什么理由", "Which cases are no complaints, and for what reason"));
        IReadOnlyList<ReportingMonth> months = [.. c.Months(13).Reverse()];
        List<string> reasons = [.. c.Report.Figures.Select(f => f.Key).Where(k => k.StartsWith("excluded/", StringComparison.Ordinal)).Select(FigureKey.Parse)
            .Where(k => k.Terms is [{ Dimension: Dimensions.Exclusion }]).Select(k => k.Terms[0].Member).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        sheet.Row(Cell.Of(c.T("各月", "By month of receipt"), Styles.Section));
        TablePlace place = sheet.Table(SheetTable.Of(
            "PopulationByMonth",
            [
                new(c.T("受理月", "Month"), 22, true), new(c.MeasureName("complaints"), 13), new(c.MeasureName("excluded"), 16),
                .. reasons.Select(r => new TableColumn(c.T(population.Words(r)), 18)),
            ],
            [.. months.Select(m => (IReadOnlyList<Cell>)
                [Cell.Of(c.Head(m)), c.Cell("complaints", m), c.Cell("excluded", m), .. reasons.Select(r => c.Cell("excluded", m, Composer.Term(Dimensions.Exclusion, r)))])]));
        sheet.FreezeBelow(place);
        sheet.Skip();
        Rules(c, sheet, population);
        Listed(c, sheet, population);
    }

    private static void Rules(Composer c, Sheet sheet, PopulationRules population)
    {
        if (!c.IsUnderChineseRules && c.Report.Excluded.Count == 0)
        {
            sheet.Paragraph(c.T("来源不区分事项类型，每一行都是投诉，全部计入。", "The source knows no kinds of matter; every row is a complaint and counts."), Styles.Note with { Color = Palette.Ink }, 1, 8);
            sheet.Skip();
            return;
        }
        sheet.Row(Cell.Of(c.T("规则（按受理日期适用）", "Rules (by the day of receipt)"), Styles.Section));
        string List(IEnumerable<PopulationLabel> labels) => string.Join(c.T("、", ", "), labels.Select(l => c.T(l.Label)));
        foreach (PopulationEdition edition in population.Editions.OrderBy(e => e.EffectiveFrom))
        {
            sheet.Paragraph(
                c.T($"{Composer.Iso(edition.EffectiveFrom)} 起：计入 {List(population.Matters.Where(m => edition.CountedMatters.Contains(m.Key)))}；未注明{(edition.CountsUnstated ? "计入" : "不计入")}；撤诉{(edition.CountsWithdrawn ? "计入" : "不计入")}；核减理由 {List(population.Reasons.Where(r => edition.ExclusionReasons.Contains(r.Key)))}。依据：{Bilingual.OfLine(edition.Source).Zh}",
                    $"From {Composer.Iso(edition.EffectiveFrom)} counted: {List(population.Matters.Where(m => edition.CountedMatters.Contains(m.Key)))}; not stated: {(edition.CountsUnstated ? "counted" : "not counted")}; withdrawn: {(edition.CountsWithdrawn ? "counted" : "not counted")}; taken out after review for {List(population.Reasons.Where(r => edition.ExclusionReasons.Contains(r.Key)))}. Source: {Bilingual.OfLine(edition.Source).En}"),
                Styles.Note with { Color = Palette.Ink }, 1, 8);
        }
        sheet.Skip();
    }

    private static void Listed(Composer c, Sheet sheet, PopulationRules population)
    {
        List<CaseRow> rows = [.. c.Report.Excluded.OrderBy(r => r.Fact.Received).ThenBy(r => r.Fact.CaseNumber, StringComparer.Ordinal)];
        sheet.Row(Cell.Of(c.T($"本月不计入的事项（{rows.Count}）", $"Not counted this month ({rows.Count})"), Styles.Section));
        if (rows.Count == 0)
        {
            sheet.Paragraph(c.T("无。", "None."), Styles.Note, 1, 8);
            return;
        }
        sheet.Table(SheetTable.Of(
            "PopulationExcluded",
            [
                new(c.T("工单号", "Case"), 22, true), new(c.T("受理日期", "Received"), 13), new(c.T("理由", "Reason"), 24, true), new(c.T("导出中的写法", "In the export"), 22, true),
                new(c.T("状态", "Status"), 10, true), new(c.DimensionName(Dimensions.Branch), 16, true), new(c.T("文件", "File"), 20, true), new(c.T("行", "Line"), 8),
            ],
            [.. rows.Select(r => (IReadOnlyList<Cell>)
            [
                Cell.Of(r.Fact.CaseNumber), Cell.Of(r.Fact.Received), Cell.Of(c.T(population.Words(r.Fact.Exclusion!))),
                Cell.Of(r.Fact.Exclusion!.StartsWith(PopulationRules.ReasonPrefix, StringComparison.Ordinal) ? r.Fact.ExclusionReason : r.Fact.MatterType, Styles.Code),
                Cell.Of(Words.Status(c, r.Fact.Status)), Cell.Of(r.Fact.Branch), Cell.Of(r.File, Styles.Code), Cell.Of(r.Line),
            ])]));
    }
}
