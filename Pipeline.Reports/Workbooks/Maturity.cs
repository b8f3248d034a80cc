using Pipeline.Models.Complaints;
using Pipeline.Models.Taxonomy;

namespace Pipeline.Reports.Workbooks;

/// <summary>
/// Which figures of a recent month still move because its cases are still being handled. Set beside months whose cases are all done
/// they would always look worse (or, for handling days, better) than they will be.
/// </summary>
internal static class Maturity
{
    /// <summary>Days of following up after closing before the first-contact rate stands.</summary>
    private const int FirstContactDays = 30;

    /// <summary>Days after which no return within the longest window can be added.</summary>
    private const int ReturnDays = 90;

    public static bool IsMaturing(string measure, ReportingMonth month, DateOnly asOf, TimeLimits limits)
    {
        int needed = measure switch
        {
            "closed_on_time_15" or "closed_on_time_15_strict" or "closed_on_time_15_rolled" => limits.First,
            "closed_within_30" or "closed_within_30_strict" or "closed_within_30_rolled" => limits.Extended,
            "closed" or "open" or "closed_within_60" or "over_60_days" or "closure_rate" or "median_handling_days"
                or "satisfaction_rate" or "liable_rate" or "liable_of_closed_rate" or "compensation_paid"
                or "closed_within_60_strict" or "closed_within_60_rolled" or "ended_day_unknown" => limits.Final,
            // Its denominator holds only cases that are closed or past the limit: early closings come first.
            "on_time_rate" or "on_time_rate_strict" or "on_time_rate_rolled" => limits.First,
            "returned_90" or "return_rate_90" or "escalated_after_rate_90" => ReturnDays,
            "first_contact_rate" => limits.Final + FirstContactDays,
            _ => 0,
        };
        return asOf.DayNumber - month.LastDay.DayNumber < needed;
    }
}
