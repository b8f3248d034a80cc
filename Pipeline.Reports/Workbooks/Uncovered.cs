using Pipeline.Models.Complaints;
using Pipeline.Models.Measures;
using Pipeline.Models.Taxonomy;
using Pipeline.Models.Text;
using Pipeline.Reports.Sheets;

namespace Pipeline.Reports.Workbooks;

/// <summary>How figures that look back beyond the first day of the ledger are printed: with a mark, and with a note that says what it means.</summary>
public static class Uncovered
{
    /// <summary>Stands in the format of the number, so that the cell keeps a number.</summary>
    public const string Mark = "†";

    /// <summary>No measure of repeats looks back further.</summary>
    private const string Repeats = "repeat_90";

    /// <summary>Looks back as far as the final limit.</summary>
    private const string Stock = "opening_open";

    internal static CellStyle Marked(CellStyle style) => style with { Format = $"{style.Format}\"{Mark}\"", Color = Palette.Muted };

    /// <summary>Behind the head of a period that begins before the ledger: from which month on its counts are known; empty where it does not.</summary>
    internal static string From(Composer c, FigurePeriod period) =>
        IsCut(c, period, out ReportingMonth from) ? c.T($"（自 {from} 起）", $" (from {from})") : "";

    /// <summary>What such a head means; null where no period begins before the ledger.</summary>
    internal static string? CutLegend(Composer c, IReadOnlyList<FigurePeriod> periods) =>
        periods.Any(p => IsCut(c, p, out _)) && c.Report.CoveredFrom is { } first
            ? c.T(
                $"台账始于 {Composer.Iso(first)}：表头写明“自……起”的期间，所列数自该月起计，不是整期，不与其他整期比较。",
                $"The ledger begins on {Composer.Iso(first)}: of a period whose head says from when, the numbers cover that month and later, not the whole period; they are not to be set beside whole ones.")
            : null;

    private static bool IsCut(Composer c, FigurePeriod period, out ReportingMonth from)
    {
        from = c.Report.CoveredFrom is { } first ? ReportingMonth.Of(first) : period.From;
        return period.From < from;
    }

    /// <summary>Why a figure is not compared, in the words of a table; null where it is.</summary>
    internal static string? Word(Composer c, string measure, FigurePeriod period) => !c.IsCovered(measure, period)
        ? c.T("窗口未覆盖，不比较", "window not covered, not compared")
        : c.IsMaturing(measure, period) ? c.T("未满期，不比较", "still maturing, not compared") : null;

    /// <summary>What the mark means and from which month on there is none; null where the ledger's first day is not known.</summary>
    public static string? Legend(MonthReport report, Language language) => Explained(report) is { } text ? $"{Mark} {text.In(language)}" : null;

    /// <summary>The same without the mark, for where none stands.</summary>
    public static Bilingual? Explained(MonthReport report)
    {
        if (report.CoveredFrom is not { } first)
        {
            return null;
        }
        TimeLimits limits = report.Rules.TimeLimitCalendarDays;
        ReportingMonth repeats = Coverage.FirstCovered(Repeats, first, limits);
        Bilingual begins = report.BeforeLedger is null
            ? new($"台账始于 {Composer.Iso(first)}，此前的投诉无从得知", $"the ledger begins on {Composer.Iso(first)}, and what was received before is not known")
            : new($"台账自 {Composer.Iso(first)} 起连续，此前只有零星工单", $"the ledger is continuous from {Composer.Iso(first)} on; of what was received before, only some cases are known");
        ReportingMonth stock = Coverage.FirstCovered(Stock, first, limits);
        return new(
            $"窗口未覆盖：{begins.Zh}。回看90日的指标（90日重复、合并后投诉量、升级、越级等）自 {repeats} 起、期初未办结等自 {stock} 起完整（回看7日、30日的依此类推）；在此之前的数只列不比，不入基期、检验与走势图。",
            $"Window not covered: {begins.En}. Measures that look back 90 days (repeats within 90 days, complaints after merging, escalated, bypass and the like) are whole from {repeats}, the stock at the start of a period from {stock}; those that look back 7 or 30 days accordingly. What comes before is printed and not compared, and is no part of baselines, tests and lines of charts.");
    }

    /// <summary>Whether a number carries the mark; a dash needs none.</summary>
    internal static bool IsMarked(Cell cell) => cell.Kind == CellKind.Number && cell.Style.Format.EndsWith($"\"{Mark}\"", StringComparison.Ordinal);

    /// <summary>
    /// Writes the legend once on a sheet on which a marked number stands so far, or stands in the rows of a table that comes next. Called for
    /// every sheet of a workbook at the end, so that none lacks it; earlier where it shall stand elsewhere than behind everything.
    /// </summary>
    /// <param name="next">Rows that will be written below.</param>
    internal static void Note(Composer c, Sheet sheet, int columns, params IEnumerable<IReadOnlyList<Cell>> next)
    {
        bool Begins(Cell cell) => cell.Text?.StartsWith(Mark, StringComparison.Ordinal) == true;
        if (sheet.Written.Any(r => r.Any(Begins)) || !sheet.Written.Concat(next).Any(r => r.Any(IsMarked)))
        {
            return;
        }
        sheet.Paragraph(
            Legend(c.Report, c.Language) ?? throw new InvalidOperationException($"sheet '{sheet.Name}' has a number that is marked {Mark} and the ledger's first day is not known"),
            Styles.Note, 1, columns);
    }
}
