using Pipeline.Models.Complaints;
using Pipeline.Models.Measures;
using Pipeline.Models.Taxonomy;
using Pipeline.Reports.Sheets;

namespace Pipeline.Reports.Workbooks.Regulatory;

/// <summary>The quarter, the half-year and the year up to the month.</summary>
internal static class ToDateSheet
{
    private const string Complaints = "complaints";

    public static void Add(Composer c)
    {
        Sheet sheet = c.Page(c.T("季度、半年、年累计", "To date"), c.T("季度、半年、年累计", "Quarter, half-year and year to date"), c.T("本季、本半年、本年累计，与去年同期比较", "Quarter, half-year and year so far, against the same months last year"));
        IReadOnlyList<FigurePeriod> periods = FigurePlan.PeriodsToDate(c.Month);
        string[] names = [c.T("本季", "Quarter"), c.T("本半年", "Half-year"), c.T("本年", "Year")];
        string[] spans = [.. periods.Select((p, i) => $"{names[i]} {p.ToString().Replace("..", "–", StringComparison.Ordinal)}{(Uncovered.IsCut(c, p) ? Uncovered.Mark : "")}")];
        sheet.Row(Cell.Of(c.T("指标", "Indicators"), Styles.Section));
        List<IReadOnlyList<Cell>> rows = [];
        foreach (string measure in FigurePlan.ToDateMeasures)
        {
            List<Cell> cells = [Cell.Of(c.MeasureName(measure))];
            foreach (FigurePeriod period in periods)
            {
                cells.Add(c.Cell(new FigureKey(measure, period)));
                bool isCount = MeasureCatalog.Find(measure).Kind == MeasureKind.Count;
                decimal? before = isCount && c.IsCovered(measure, period) ? LastYear(c, measure, period) : null;
                cells.Add(isCount ? Composer.Derived(before) : Cell.Undefined(c.StyleOf(MeasureCatalog.Find(measure).Unit)));
                cells.Add(isCount ? c.Relative(c.Register.Peek(new FigureKey(measure, period)).Value, before) : Cell.Undefined(c.ChangeShareStyle));
            }
            rows.Add(cells);
        }
        TablePlace place = sheet.Table(SheetTable.Of("ToDate", [new(c.T("指标", "Indicator"), 0, true), .. spans.SelectMany((s, i) => Heads(c, s, names[i]))], rows));
        sheet.FreezeBelow(place);
        Uncovered.Note(c, sheet, 10, periods);
        if (Uncovered.CutLegend(c, [.. periods.Where(p => Uncovered.IsCut(c, p))]) is { } cut)
        {
            sheet.Paragraph(cut, Styles.Note, 1, 10);
        }
        foreach ((string dimension, string table) in ((string, string)[])[(Dimensions.Business, "ToDateBusiness"), (Dimensions.Nature, "ToDateNature"), (Dimensions.Cause, "ToDateCause")])
        {
            sheet.Skip();
            sheet.Row(Cell.Of(c.T($"投诉量，按{c.DimensionName(dimension)}", $"Complaints by {c.DimensionName(dimension).ToLowerInvariant()}"), Styles.Section));
            ByClass(c, sheet, dimension, table, periods, spans, names);
        }
    }

    private static void ByClass(Composer c, Sheet sheet, string dimension, string table, IReadOnlyList<FigurePeriod> periods, string[] spans, string[] names)
    {
        Breakdown breakdown = new(c, dimension);
        List<IReadOnlyList<Cell>> rows = [];
        foreach (string member in breakdown.Members)
        {
            List<Cell> cells = [Cell.Of(breakdown.Label(member))];
            foreach (FigurePeriod period in periods)
            {
                decimal? before = LastYear(c, Complaints, period, breakdown.Term(member));
                FigureKey key = new(Complaints, period, breakdown.Term(member));
                cells.AddRange([c.Cell(key), Composer.Derived(before), c.Relative(c.Register.Peek(key).Value, before)]);
            }
            rows.Add(cells);
        }
        List<Cell> total = [Cell.Of(c.T("合计", "Total"))];
        foreach (FigurePeriod period in periods)
        {
            decimal? before = LastYear(c, Complaints, period);
            FigureKey key = new(Complaints, period);
            total.AddRange([c.Cell(key), Composer.Derived(before), c.Relative(c.Register.Peek(key).Value, before)]);
        }
        sheet.Table(SheetTable.Of(table, [new(c.DimensionName(dimension), 0, true), .. spans.SelectMany((s, i) => Heads(c, s, names[i]))], rows, total));
    }

    private static TableColumn[] Heads(Composer c, string span, string name) =>
        [new(span, 17), new(c.T($"{name}去年同期", $"{name}: last year"), 13), new(c.T($"{name}同比", $"{name}: change"), 12)];

    /// <summary>The same months a year before, added up of monthly counts; null where the data do not reach back to all of them, or one cannot be known or looks back beyond the ledger.</summary>
    private static decimal? LastYear(Composer c, string measure, FigurePeriod period, params IEnumerable<FilterTerm> terms)
    {
        ReportingMonth from = period.From.Add(-12);
        IReadOnlyList<FilterTerm> same = [.. terms];
        return c.Has(from) ? Enumerable.Range(0, period.Months).Aggregate((decimal?)0, (sum, i) => sum + c.Covered(measure, from.Add(i), same)) : null;
    }
}
