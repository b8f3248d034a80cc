using Pipeline.Models.Measures;
using Pipeline.Models.Text;
using Pipeline.Reports.Sheets;

namespace Pipeline.Reports.Workbooks.Front;

/// <summary>Every figure that the workbook prints, once: what its numbers link to.</summary>
internal static class FiguresSheet
{
    public static void Add(Composer c)
    {
        IReadOnlyList<(FigureKey Key, Figure Figure)> used = c.Register.Used;
        if (used.Count == 0)
        {
            return;
        }
        Sheet sheet = c.Page(
            c.Names.Figures, c.Names.Figures,
            c.T("本工作簿每个数字的键、分子、分母、定义，以及到背后工单的链接或命令", "Key, numerator, denominator and definition of every number printed, with the link or the command to the complaints behind it"));
        Uncovered.Note(c, sheet, 10, used.Select(f => (IReadOnlyList<Cell>)[Value(c, f.Key, f.Figure)]));
        sheet.Skip(FigureRegister.FirstRow - 1 - sheet.NextRow);
        TableColumn[] columns =
        [
            new(c.T("数字键", "Key"), 46, true), new(c.T("指标", "Measure"), 20, true), new(c.T("期间", "Period"), 17, true),
            new(c.T("筛选", "Filter"), 44, true), new(c.T("数值", "Value"), 13), new(c.T("单位", "Unit"), 9, true),
            new(c.T("分子", "Numerator"), 10), new(c.T("分母", "Denominator"), 11), new(c.T("件数", "Rows"), 9), new(c.T("定义", "Definition"), 72, true),
            new(c.T("背后的工单", "Complaints behind it"), 76, true),
        ];
        TablePlace place = sheet.Table(new SheetTable("Figures", columns, used.Count, used.Select(f => Row(c, f.Key, f.Figure))));
        sheet.FreezeBelow(place);
        sheet.Unprinted = c.T("供点击与检索", "to be clicked and searched");
    }

    /// <summary>What is looked up, not read: small, so that most of it stands on one line.</summary>
    private static readonly CellStyle Small = Styles.Code with { Size = 8 };
    private static readonly CellStyle SmallFilter = Small with { Color = Palette.Ink };

    private static Cell Value(Composer c, FigureKey key, Figure figure) =>
        Cell.OrUndefined(figure.Value, c.IsCovered(key.Measure, key.Period) ? c.StyleOf(figure.Unit) : Uncovered.Marked(c.StyleOf(figure.Unit)));

    private static Cell[] Row(Composer c, FigureKey key, Figure figure)
    {
        Measure measure = MeasureCatalog.Find(key.Measure);
        return
        [
            Cell.Of(key.Text, Small), Cell.Of(c.MeasureName(measure.Key)), Cell.Of(key.Period.Span, Styles.Code), Cell.Of(c.FilterText(key), SmallFilter),
            Value(c, key, figure), Cell.Of(c.UnitName(figure.Unit), Styles.Code),
            figure.Numerator is { } n ? Cell.Of(n, Styles.Count) : Cell.Blank(Styles.Count),
            figure.Denominator is { } d ? Cell.Of(d, Styles.Count) : Cell.Blank(Styles.Count),
            Cell.Of(figure.Rows), Cell.Of(c.Definition(measure.Key), Small),
            c.Register.RowsPlace(key) is { } rows
                ? Cell.Of(c.T($"→ {figure.Rows} 件", $"→ {English.Count(figure.Rows, "row")}"), Styles.Link).To(rows)
                : Cell.Of(figure.Rows == 0 || figure.Value is null ? "" : $"pipeline figures --month {c.Month} --source {c.Report.Source} --edition {c.Report.Lineage.Edition} --rows \"{key.Text}\"", Small),
        ];
    }

    public static string Units(Composer c, string unit) => unit switch
    {
        Models.Measures.Units.Complaints => c.T("件", "complaints"),
        Models.Measures.Units.Share => c.T("比率", "share"),
        Models.Measures.Units.Persons => c.T("人", "persons"),
        Models.Measures.Units.Days => c.T("日", "days"),
        Models.Measures.Units.Yuan => c.T("元", "yuan"),
        Models.Measures.Units.UsDollars => c.T("美元", "US dollars"),
        Models.Measures.Units.Rate => c.T("比率", "share"),
        Models.Measures.Units.Per1000Outlets => c.T("件/千网点", "per 1,000 outlets"),
        Models.Measures.Units.Per10MCustomers => c.T("件/千万客户", "per 10m customers"),
        Models.Measures.Units.Per10KCustomers => c.T("件/万客户", "per 10k customers"),
        Models.Measures.Units.PerOutletMonth => c.T("件/网点·月", "per outlet and month"),
        _ => unit,
    };
}
