using Pipeline.Models.Measures;
using Pipeline.Models.Taxonomy;
using Pipeline.Reports.Sheets;

namespace Pipeline.Reports.Workbooks.Regulatory;

/// <summary>The month, quarters, half-years and years beside each other: indicators, the three dimensions, sources and organisations.</summary>
internal static class PeriodsSheet
{
    private const string Complaints = "complaints";
    private static readonly CellStyle Subtotal = Styles.Count with { Bold = true, Fill = Palette.Paper };
    private static readonly CellStyle SubtotalText = Styles.Text with { Bold = true, Fill = Palette.Paper };

    public static void AddIndicators(Composer c)
    {
        Sheet sheet = c.Page(c.T("指标分期", "Indicators by period"), c.T("指标：月、季、半年、年", "Indicators by month, quarter, half-year and year"), c.T("各项指标在本月及各季、半年、年", "Each indicator in the month, the quarters, half-years and years"));
        List<(string Head, FigurePeriod Period)> periods = Columns(c);
        TablePlace place = sheet.Table(SheetTable.Of(
            "IndicatorPeriods",
            [new(c.T("指标", "Indicator"), 34, true), .. periods.Select(p => new TableColumn(p.Head, 11))],
            [.. RegulatoryPlan.PeriodMeasures.Select(m => (IReadOnlyList<Cell>)[Cell.Of(c.MeasureName(m)), .. periods.Select(p => c.Cell(new FigureKey(m, p.Period)))])]));
        sheet.FreezeBelow(place);
        Note(c, sheet);
        Uncovered.Note(c, sheet, 10);
    }

    public static void AddDimensions(Composer c)
    {
        Sheet sheet = c.Page(c.T("三维度分期", "Dimensions by period"), c.T("三个维度：月、季、半年、年", "Three dimensions by month, quarter, half-year and year"), c.T("业务办理渠道（A）、业务类别（B）、投诉原因（C）在各期的件数", "Complaints by channel of business (A), business line (B) and cause (C) in each period"));
        Tables(c, sheet, [(Dimensions.BusinessChannel, "PeriodsA", "A "), (Dimensions.Business, "PeriodsB", "B "), (Dimensions.Cause, "PeriodsC", "C ")]);
    }

    public static void AddSources(Composer c)
    {
        Sheet sheet = c.Page(c.T("来源与机构分期", "Sources by period"), c.T("来源、分行、地区：月、季、半年、年", "Sources, branches and regions by month, quarter, half-year and year"), c.T("监管转办、人行转办、一键呼转与自有渠道分列；各分行、各地区在各期的件数", "Regulators' transfers, live transfers and own channels apart; branches and regions in each period"));
        Tables(c, sheet, [(Dimensions.Channel, "PeriodsChannel", ""), (Dimensions.Region, "PeriodsRegion", ""), (Dimensions.Branch, "PeriodsBranch", "")]);
    }

    private static void Tables(Composer c, Sheet sheet, (string Dimension, string Name, string Letter)[] tables)
    {
        List<(string Head, FigurePeriod Period)> periods = Columns(c);
        Models.Regulatory.OfficialCodes codes = c.Report.Regulatory!.Codes;
        foreach ((string dimension, string name, string letter) in tables)
        {
            bool hasCodes = codes.Dimensions.Contains(dimension);
            sheet.Row(Cell.Of($"{letter}{c.DimensionName(dimension)}", Styles.Section));
            IReadOnlyList<ClassRow> rows = ClassRows.Of(c, dimension, (member, children) => periods.Any(p => Less(c, p.Period, dimension, member, children) > 0));
            List<IReadOnlyList<Cell>> cells =
            [
                .. rows.Select(r => (IReadOnlyList<Cell>)
                [
                    Cell.Of(r.Label, r.IsSubtotal ? SubtotalText : Styles.Text with { Indent = 1 + (2 * r.Depth) }),
                    .. hasCodes ? (Cell[])[Cell.Of(r.Less.Count > 0 ? null : codes.Of(dimension, r.Member), Styles.Code)] : [],
                    .. periods.Select(p => r.Less.Count > 0
                        ? Composer.Derived(Less(c, p.Period, dimension, r.Member, r.Less))
                        : c.Cell(new FigureKey(Complaints, p.Period, Composer.Term(dimension, r.Member))) is var cell && r.IsSubtotal ? cell with { Style = Subtotal } : cell),
                ]),
            ];
            List<decimal> rest = [.. periods.Select(p => Value(c, p.Period) - rows.Where(r => r.Depth == 0).Sum(r => Value(c, p.Period, Composer.Term(dimension, r.Member))))];
            if (rest.Any(r => r != 0))
            {
                cells.Add([Cell.Of(c.T("其余（未单列）", "Others (not listed)")), .. hasCodes ? (Cell[])[Cell.Blank(Styles.Code)] : [], .. rest.Select(r => Composer.Derived(r))]);
            }
            sheet.Table(SheetTable.Of(
                name,
                [new(c.DimensionName(dimension), 34, true), .. hasCodes ? (TableColumn[])[new(c.T("官方代码", "Official code"), 12, true)] : [], .. periods.Select(p => new TableColumn(p.Head, 11))],
                cells,
                [Cell.Of(c.T("合计", "Total")), .. hasCodes ? (Cell[])[Cell.Blank(Styles.Text)] : [], .. periods.Select(p => c.Cell(new FigureKey(Complaints, p.Period)))]));
            sheet.Skip();
        }
        sheet.Freeze(1, 2);
        Note(c, sheet);
    }

    private static void Note(Composer c, Sheet sheet)
    {
        sheet.Skip();
        sheet.Paragraph(
            c.T("标 * 的季、半年、年截至报告月，尚未结束。小计、合计由件数计算；比率由期间全部件数计算，不由各月比率平均。",
                "Periods marked * run up to the reporting month and are not over. Subtotals are made of counts; shares of all complaints of the period, not of monthly shares."),
            Styles.Note, 1, 9);
    }

    /// <summary>The month, then quarters, half-years and years, newest first; heads are unique.</summary>
    internal static List<(string Head, FigurePeriod Period)> Columns(Composer c)
    {
        List<(string Head, FigurePeriod Period)> columns = [(c.Head(c.Month), FigurePeriod.Of(c.Month))];
        columns.AddRange(RegulatoryPlan.Quarters(c.Month, c.Report.History).Select(p => ($"{p.From.Year}Q{((p.From.Month - 1) / 3) + 1}{Star(p, 3)}", p)));
        columns.AddRange(RegulatoryPlan.Halves(c.Month, c.Report.History).Select(p => ($"{p.From.Year}H{(p.From.Month <= 6 ? 1 : 2)}{Star(p, 6)}", p)));
        columns.AddRange(RegulatoryPlan.Years(c.Month, c.Report.History).Select(p => (c.T($"{p.From.Year}年{Star(p, 12)}", $"{p.From.Year}{Star(p, 12)}"), p)));
        return columns;

        static string Star(FigurePeriod period, int months) => period.Months < months ? "*" : "";
    }

    private static decimal Value(Composer c, FigurePeriod period, params IEnumerable<FilterTerm> terms) =>
        c.Value(Complaints, period, terms) ?? 0;

    private static decimal Less(Composer c, FigurePeriod period, string dimension, string member, IEnumerable<string> less) =>
        Value(c, period, Composer.Term(dimension, member)) - less.Sum(l => Value(c, period, Composer.Term(dimension, l)));
}
