using Pipeline.Models.Complaints;
using Pipeline.Models.Measures;
using Pipeline.Reports.Sheets;

namespace Pipeline.Reports.Workbooks;

/// <summary>How figures that look back beyond the first day of the ledger are printed: with a mark, and with a note that says what it means.</summary>
internal static class Uncovered
{
    /// <summary>Stands in the format of the number, so that the cell keeps a number.</summary>
    public const string Mark = "†";

    /// <summary>No measure of repeats looks back further.</summary>
    private const string Repeats = "repeat_90";

    /// <summary>Looks back as far as the final limit.</summary>
    private const string Stock = "opening_open";

    public static CellStyle Marked(CellStyle style) => style with { Format = $"{style.Format}\"{Mark}\"", Color = Palette.Muted };

    /// <summary>Whether a period begins before the ledger: its counts are of the months that the ledger knows.</summary>
    public static bool IsCut(Composer c, FigurePeriod period) => c.Report.LedgerBegins is { } first && period.From.FirstDay < ReportingMonth.Of(first).FirstDay;

    /// <summary>What the mark at the head of such periods means; null where there is none.</summary>
    public static string? CutLegend(Composer c, IReadOnlyList<FigurePeriod> cut) => cut.Count == 0 || c.Report.LedgerBegins is not { } first ? null : c.T(
        $"{Mark} 表头带此标记的期间始于台账之前：台账始于 {Composer.Iso(first)}，所列数自 {ReportingMonth.Of(first)} 起计，不是整期。",
        $"{Mark} at the head of a period: it begins before the ledger does. The ledger begins on {Composer.Iso(first)}; the numbers cover {ReportingMonth.Of(first)} and later, not the whole period.");

    /// <summary>Why a figure is not compared, in the words of a table; null where it is.</summary>
    public static string? Word(Composer c, string measure, FigurePeriod period) => !c.IsCovered(measure, period)
        ? c.T("窗口未覆盖，不比较", "window not covered, not compared")
        : c.IsMaturing(measure, period) ? c.T("未满期，不比较", "still maturing, not compared") : null;

    /// <summary>What the mark means and from which month on there is none; null where no month that figures reach back to has one.</summary>
    public static string? Legend(Composer c)
    {
        if (c.Report.LedgerBegins is not { } first || IsAllCovered(c, FigurePeriod.Of(c.Report.History)) || !IsAnyKnown(c))
        {
            return null;
        }
        ReportingMonth repeats = Coverage.FirstCovered(Repeats, first, c.Report.Rules.TimeLimitCalendarDays);
        ReportingMonth stock = Coverage.FirstCovered(Stock, first, c.Report.Rules.TimeLimitCalendarDays);
        return c.T(
            $"{Mark} 窗口未覆盖：台账始于 {Composer.Iso(first)}，此前的投诉无从得知。回看90日的指标（90日重复、合并后投诉量、升级、越级等）自 {repeats} 起、期初未办结等自 {stock} 起完整（回看7日、30日的依此类推）；在此之前的数只列不比，不入基期、检验与走势图。",
            $"{Mark} Window not covered: the ledger begins on {Composer.Iso(first)}, and what was received before is not known. Measures that look back 90 days (repeats within 90 days, complaints after merging, escalated, bypass and the like) are whole from {repeats}, the stock at the start of a period from {stock}; those that look back 7 or 30 days accordingly. What comes before is printed and not compared, and is no part of baselines, tests and lines of charts.");
    }

    private static bool IsAllCovered(Composer c, FigurePeriod period) => c.IsCovered(Repeats, period) && c.IsCovered(Stock, period);

    /// <summary>A source that states neither persons nor closing days has nothing to mark.</summary>
    private static bool IsAnyKnown(Composer c)
    {
        for (ReportingMonth month = c.Report.History; month <= c.Month; month = month.Add(1))
        {
            if (c.Value(Repeats, month) is not null || c.Value(Stock, month) is not null)
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>Writes the legend on a sheet that prints figures of some period that is not covered.</summary>
    public static void Note(Composer c, Sheet sheet, int columns, params IEnumerable<FigurePeriod> periods)
    {
        if (Legend(c) is { } legend && periods.Any(p => !IsAllCovered(c, p)))
        {
            sheet.Paragraph(legend, Styles.Note, 1, columns);
        }
    }
}
