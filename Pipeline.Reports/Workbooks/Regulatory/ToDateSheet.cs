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
        string[] spans = [.. periods.Select((p, i) => $"{names[i]} {p.Span}{Uncovered.From(c, p)}")];
        sheet.Row(Cell.Of(c.T("指标", "Indicators"), Styles.Section));
        List<IReadOnlyList<Cell>> rows = [];
        foreach (string measure in FigurePlan.ToDateMeasures)
        {
            List<Cell> cells = [Cell.Of(c.MeasureName(measure))];
            foreach (FigurePeriod period in periods)
            {
                cells.AddRange(Indicator(c, measure, period));
            }
            rows.Add(cells);
        }
        TablePlace place = sheet.Table(SheetTable.Of("ToDate", [new(c.T("指标", "Indicator"), 0, true), .. spans.SelectMany((s, i) => Heads(c, s, names[i], c.T("（比率为百分点）", " (rates: pp)")))], rows));
        sheet.FreezeBelow(place);
        Uncovered.Note(c, sheet, 10);
        if (Uncovered.CutLegend(c, periods) is { } cut)
        {
            sheet.Paragraph(cut, Styles.Note, 1, 10);
        }
        ChangeNote.Add(c, sheet, 10);
        foreach ((string dimension, string table) in ((string, string)[])[(Dimensions.Business, "ToDateBusiness"), (Dimensions.Nature, "ToDateNature"), (Dimensions.Cause, "ToDateCause")])
        {
            sheet.Skip();
            sheet.Row(Cell.Of(c.T($"投诉量，按{c.DimensionName(dimension)}", $"Complaints by {c.DimensionName(dimension).ToLowerInvariant()}"), Styles.Section));
            if (dimension == Dimensions.Nature)
            {
                sheet.Paragraph(LabelBases.Of(c, c.T("性质", "nature"), f => f.Nature), Styles.Note, 1, 10);
            }
            ByClass(c, sheet, dimension, table, periods, spans, names);
        }
    }

    /// <summary>A measure of a period, of the same months a year before, and the change; the same keys print the same on the sheet of the disclosure.</summary>
    private static IReadOnlyList<Cell> Indicator(Composer c, string measure, FigurePeriod period)
    {
        FigureKey key = new(measure, period);
        string unit = MeasureCatalog.Find(measure).Unit;
        FigureKey? before = RegulatoryPlan.AYearBefore(period, c.Report.History) is { } then && new FigureKey(measure, then) is var earlier && c.Register.Has(earlier) ? earlier : null;
        decimal? now = c.Register.Peek(key).Value;
        decimal? was = before is { } b && c.IsCompared(measure, period) && c.IsCompared(measure, b.Period) ? c.Register.Peek(b).Value : null;
        return
        [
            c.Cell(key), before is { } known ? c.Cell(known) : Cell.Undefined(c.StyleOf(unit)),
            unit == Units.Share ? Composer.Change(now, was, unit) : c.Relative(now, was),
        ];
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

    private static TableColumn[] Heads(Composer c, string span, string name, string rates = "") =>
        [new(span, 17), new(c.T($"{name}去年同期", $"{name}: last year"), 13), new(c.T($"{name}同比{rates}", $"{name}: change{rates}"), 12)];

    /// <summary>Complaints of the same months a year before, added up of monthly counts; null where the data do not reach back to all of them.</summary>
    private static decimal? LastYear(Composer c, string measure, FigurePeriod period, params IEnumerable<FilterTerm> terms)
    {
        IReadOnlyList<FilterTerm> same = [.. terms];
        return RegulatoryPlan.AYearBefore(period, c.Report.History) is { } before
            ? Enumerable.Range(0, before.Months).Aggregate((decimal?)0, (sum, i) => sum + c.Value(measure, before.From.Add(i), same))
            : null;
    }
}
