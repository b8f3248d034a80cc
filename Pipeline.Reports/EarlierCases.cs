using Pipeline.Models.Complaints;
using Pipeline.Models.Measures;

namespace Pipeline.Reports;

/// <summary>
/// Which cases received before the reporting month are pinned with its report, so that figures of earlier periods and of the stock lead to
/// their complaints too: all of the months from <paramref name="From"/> on, and older ones that were open when that month began.
/// </summary>
/// <param name="From">First month of which all cases are pinned; the reporting month where only its opening stock is.</param>
/// <param name="Complaints">Their ids.</param>
public sealed record EarlierCases(ReportingMonth From, IReadOnlySet<long> Complaints)
{
    /// <summary>At most so many earlier cases are pinned: the months of a large bank would make each kept report a copy of its ledger.</summary>
    public const int Most = 20_000;

    /// <summary>The longest run of whole months before <paramref name="month"/>, back to <paramref name="history"/>, that is not too many cases; null where even the opening stock is.</summary>
    public static EarlierCases? Of(IReadOnlyList<ComplaintFact> facts, ReportingMonth month, ReportingMonth history, int most = Most)
    {
        EarlierCases? longest = null;
        for (ReportingMonth from = month; from >= history; from = from.Add(-1))
        {
            HashSet<long> those = [.. facts.Where(f => f.Received < month.FirstDay && FigureEngine.IsHandledSince(f, from.FirstDay)).Select(f => f.ComplaintId)];
            if (those.Count > most)
            {
                break;
            }
            longest = new EarlierCases(from, those);
        }
        return longest;
    }
}
