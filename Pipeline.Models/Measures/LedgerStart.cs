using Pipeline.Models.Complaints;

namespace Pipeline.Models.Measures;

/// <summary>Complaints that were received before intake became continuous.</summary>
public sealed record EarlierIntake(int Count, DateOnly First, DateOnly Last);

/// <summary>
/// From which day on a ledger knows what was received. Not the day of its oldest complaint: a first export may bring single old cases with it,
/// of which what came between them and the bulk is not known. The ledger begins where monthly intake becomes continuous: looked at from the
/// reporting month backwards, with the last month that has at least a stated part of the usual number.
/// </summary>
/// <param name="Begins">The first day of receipt in the first month of continuous intake.</param>
/// <param name="Earlier">What stands before it; null for nothing.</param>
public sealed record LedgerStart(DateOnly Begins, EarlierIntake? Earlier)
{
    /// <summary>Months that the usual number is taken of, the reporting month with them.</summary>
    private const int UsualMonths = 12;

    /// <param name="received">Days of receipt within reach, in any order; those after the month are not looked at.</param>
    /// <param name="continuousShare">0 to 1: a month with fewer than this part of the usual number, rounded down, breaks the intake.</param>
    /// <returns>Null where nothing was received up to the month.</returns>
    public static LedgerStart? Of(IEnumerable<DateOnly> received, ReportingMonth month, double continuousShare)
    {
        DateOnly[] days = [.. received.Where(d => d <= month.LastDay).Order()];
        if (days.Length == 0)
        {
            return null;
        }
        Dictionary<ReportingMonth, int> counts = days.GroupBy(ReportingMonth.Of).ToDictionary(g => g.Key, g => g.Count());
        int least = (int)Math.Floor(continuousShare * Usual(counts, month));
        ReportingMonth first = month;
        // The month itself may be running yet.
        while (first > ReportingMonth.Of(days[0]) && counts.GetValueOrDefault(first.Add(-1)) >= least)
        {
            first = first.Add(-1);
        }
        DateOnly[] before = [.. days.TakeWhile(d => d < first.FirstDay)];
        return new LedgerStart(
            before.Length < days.Length ? days[before.Length] : first.FirstDay,
            before.Length == 0 ? null : new EarlierIntake(before.Length, before[0], before[^1]));
    }

    /// <summary>
    /// The size of the month in which the middle one of the complaints came, months ordered by size: half of all complaints came in months at
    /// least as large, so that months with a case or two do not move it. Of months that are otherwise ten and more the largest is left out, so
    /// that one with very many does not move it either.
    /// </summary>
    private static int Usual(Dictionary<ReportingMonth, int> counts, ReportingMonth month)
    {
        int[] sizes = [.. Enumerable.Range(0, UsualMonths).Select(i => counts.GetValueOrDefault(month.Add(-i))).OrderDescending()];
        int others = Middle(sizes[1..]);
        return others >= 10 ? others : Middle(sizes);
    }

    /// <param name="sizes">Descending.</param>
    private static int Middle(int[] sizes)
    {
        int half = (sizes.Sum() + 1) / 2;
        int sum = 0;
        return sizes.FirstOrDefault(s => (sum += s) >= half);
    }
}
