using Pipeline.Models.Complaints;

namespace Pipeline.Models.Flags.Priority;

/// <summary>
/// What was known when. A list for a month is made on the day of the first export that was made on or after the month's last day;
/// what that export and earlier ones told of days up to the month's end is known, nothing else. An outcome is a return received in
/// the <see cref="HorizonDays"/> days after the month's end.
/// </summary>
public sealed class PriorityHistory
{
    /// <value>Calendar days after the month's end in which a return counts.</value>
    public const int HorizonDays = 30;

    private const int PersonYearDays = 365;
    private readonly IReadOnlyList<PriorityCase> cases;
    private readonly DateOnly[] exports;
    private readonly Dictionary<long, List<PriorityCase>> returns = [];
    private readonly Dictionary<long, List<ComplaintFact>> ofPerson = [];

    /// <param name="cases">All complaints of the source, in any order.</param>
    /// <param name="exports">The days on which exports were made.</param>
    public PriorityHistory(IReadOnlyList<PriorityCase> cases, IEnumerable<DateOnly> exports)
    {
        this.cases = [.. cases.OrderBy(c => c.Fact.Received).ThenBy(c => c.Fact.CaseNumber, StringComparer.Ordinal)];
        this.exports = [.. exports.Distinct().Order()];
        foreach (PriorityCase one in this.cases)
        {
            if (one.Fact.RepeatOf is { } earlier)
            {
                Of(returns, earlier).Add(one);
            }
            if (one.Fact.PersonKey is { } person)
            {
                Of(ofPerson, person).Add(one.Fact);
            }
        }
    }

    /// <summary>The first month with a complaint; null where there is none.</summary>
    public ReportingMonth? First => cases.Count == 0 ? null : ReportingMonth.Of(cases[0].Fact.Received);

    /// <summary>The last day that a list for the month looks back from: the month's end, or the last export where that is earlier.</summary>
    public DateOnly DayOf(ReportingMonth month) => exports.Length > 0 && exports[^1] < month.LastDay ? exports[^1] : month.LastDay;

    /// <summary>The day of the export from which the list for the month is made.</summary>
    public DateOnly KnownBy(ReportingMonth month)
    {
        DateOnly day = DayOf(month);
        foreach (DateOnly export in exports)
        {
            if (export >= day)
            {
                return export;
            }
        }
        return day;
    }

    /// <summary>The complaints to choose from: known, received by the month's end, open then or closed in the month, and not returned already.</summary>
    public IReadOnlyList<PriorityPoint> Candidates(ReportingMonth month) => Candidates(DayOf(month), month.FirstDay, KnownBy(month));

    /// <summary>The complaints to choose from on a day.</summary>
    /// <param name="closedFrom">Complaints closed before this day are done with.</param>
    /// <param name="knownBy">What later exports tell is not known.</param>
    public IReadOnlyList<PriorityPoint> Candidates(DateOnly day, DateOnly closedFrom, DateOnly knownBy)
    {
        List<PriorityPoint> points = [];
        foreach (PriorityCase one in cases)
        {
            if (one.Fact.Received > day)
            {
                break;
            }
            if (StateOn(one, knownBy) is not { Status: not "withdrawn" } state || HasReturned(one, DateOnly.MinValue, day, knownBy))
            {
                continue;
            }
            DateOnly? closed = state.Closed <= day ? state.Closed : null;
            bool isOpen = closed is null && (state.Status == "open" || state.Closed > day);
            if (isOpen || closed >= closedFrom)
            {
                points.Add(Point(one, day, knownBy, state, closed));
            }
        }
        return points;
    }

    /// <summary>Whether a complaint came back in the days after <paramref name="day"/>, as far as is known by <paramref name="knownBy"/>.</summary>
    public bool Returned(PriorityPoint point, DateOnly knownBy) =>
        HasReturned(point.Case, point.Day, point.Day.AddDays(HorizonDays), knownBy);

    /// <summary>Whether it came back from higher on the ladder.</summary>
    public bool Escalated(PriorityPoint point, DateOnly knownBy) =>
        returns.TryGetValue(point.Case.Fact.ComplaintId, out List<PriorityCase>? later) && later.Exists(
            r => r.Fact.IsEscalation && r.Fact.Received > point.Day && r.Fact.Received <= point.Day.AddDays(HorizonDays) && r.States[0].KnownFrom <= knownBy);

    /// <summary>Earlier months whose days of outcome had passed when the list for <paramref name="month"/> was made, oldest first.</summary>
    public IReadOnlyList<ReportingMonth> TrainingMonths(ReportingMonth month, int most)
    {
        List<ReportingMonth> months = [];
        if (First is not { } first)
        {
            return months;
        }
        DateOnly knownBy = KnownBy(month);
        for (ReportingMonth m = month.Add(-1); m >= first && months.Count < most; m = m.Add(-1))
        {
            if (m.LastDay.AddDays(HorizonDays) <= knownBy)
            {
                months.Insert(0, m);
            }
        }
        return months;
    }

    private PriorityPoint Point(PriorityCase one, DateOnly day, DateOnly knownBy, CaseState state, DateOnly? closed)
    {
        bool isAsked = closed is not null && (state.FollowedUp ?? state.Closed) <= day;
        int earlier = 0;
        int earlierReturns = 0;
        if (one.Fact.PersonKey is { } person)
        {
            foreach (ComplaintFact other in ofPerson[person])
            {
                if (other.Received > one.Fact.Received)
                {
                    break;
                }
                if (other.ComplaintId != one.Fact.ComplaintId && one.Fact.Received.DayNumber - other.Received.DayNumber <= PersonYearDays)
                {
                    earlier++;
                    earlierReturns += other.RepeatOf is null ? 0 : 1;
                }
            }
        }
        return new PriorityPoint(
            one, day, closed, isAsked ? state.Satisfaction : null, closed is null ? null : state.IsLiable, closed is null ? null : state.IsCompensated,
            earlier, earlierReturns);
    }

    private static CaseState? StateOn(PriorityCase one, DateOnly knownBy)
    {
        CaseState? last = null;
        foreach (CaseState state in one.States)
        {
            last = state.KnownFrom <= knownBy ? state : last;
        }
        return last;
    }

    /// <param name="after">A return received on this day does not count.</param>
    private bool HasReturned(PriorityCase one, DateOnly after, DateOnly upTo, DateOnly knownBy) =>
        returns.TryGetValue(one.Fact.ComplaintId, out List<PriorityCase>? later)
        && later.Exists(r => r.Fact.Received > after && r.Fact.Received <= upTo && r.States[0].KnownFrom <= knownBy);

    private static List<T> Of<T>(Dictionary<long, List<T>> lists, long key)
    {
        if (!lists.TryGetValue(key, out List<T>? list))
        {
            lists.Add(key, list = []);
        }
        return list;
    }
}
