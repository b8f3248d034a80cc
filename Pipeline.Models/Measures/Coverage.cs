using Pipeline.Models.Complaints;
using Pipeline.Models.Taxonomy;

namespace Pipeline.Models.Measures;

/// <summary>
/// Which figures look back to before the ledger begins. A complaint of the first weeks may repeat one that no export ever showed, and the
/// stock of the first day is not known: such figures count what the ledger knows and are too low (for a count of first contacts, too high).
/// They are printed and marked, neither compared with others nor part of a baseline or a test.
/// </summary>
public static class Coverage
{
    /// <summary>Days before a complaint, or before a period, that a measure looks at; 0 for those that look at the period alone.</summary>
    public static int LooksBackDays(string measure, TimeLimits limits) => measure switch
    {
        "repeat_7" or "repeat_rate_7" => 7,
        "repeat_30" or "repeat_rate_30" => 30,
        "repeat_90" or "repeat_rate_90" or "after_merging" or "escalated" or "escalation_rate" or "bypass"
            or "merged_repeats" or "complaints_merged" or "repeat_rate_merged" => 90,
        // Whatever was received before the final limit is closed when the period begins, or is late.
        "opening_open" or "closed_in_period" or "withdrawn_in_period" or "flow_closure_rate" or "uk_closed_3_days" or "uk_closed_8_weeks" or "uk_closed_over_8_weeks"
            or "uk_upheld" or "uk_redress" => limits.Final,
        _ => 0,
    };

    /// <param name="ledgerBegins">The earliest day of receipt that the ledger knows; null where it is not known: then nothing is denied.</param>
    public static bool IsCovered(string measure, FigurePeriod period, DateOnly? ledgerBegins, TimeLimits limits) =>
        ledgerBegins is not { } first || LooksBackDays(measure, limits) is not (> 0 and var days) || period.From.FirstDay.AddDays(-days) >= first;

    /// <summary>The first month whose figures of a measure are covered.</summary>
    public static ReportingMonth FirstCovered(string measure, DateOnly ledgerBegins, TimeLimits limits)
    {
        ReportingMonth month = ReportingMonth.Of(ledgerBegins);
        while (!IsCovered(measure, FigurePeriod.Of(month), ledgerBegins, limits))
        {
            month = month.Add(1);
        }
        return month;
    }
}
