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
    private readonly PriorityCase[] cases; // in the order of receipt
    private readonly (int Cases, int Returns)[] personYears; // beside the cases: what the person had complained of in the year before
    private readonly DateOnly[] exports;
    private readonly Dictionary<long, List<PriorityCase>> returns = [];

    /// <param name="cases">
    /// All complaints of the source that were open or closed in the months asked about and in those learned from, with all of their complainants; in any order.
    /// </param>
    /// <param name="exports">The days on which exports were made.</param>
    /// <param name="first">See <see cref="First"/>; null: the month of the earliest case.</param>
    public PriorityHistory(IReadOnlyList<PriorityCase> cases, IEnumerable<DateOnly> exports, ReportingMonth? first = null)
    {
        this.cases = [.. cases.OrderBy(c => c.Fact.Received).ThenBy(c => c.Fact.CaseNumber, StringComparer.Ordinal)];
        this.exports = [.. exports.Distinct().Order()];
        First = first ?? (this.cases.Length == 0 ? null : ReportingMonth.Of(this.cases[0].Fact.Received));
        Dictionary<long, List<int>> ofPerson = [];
        for (int i = 0; i < this.cases.Length; i++)
        {
            if (this.cases[i].Fact.RepeatOf is { } earlier)
            {
                Of(returns, earlier).Add(this.cases[i]);
            }
            if (this.cases[i].Fact.PersonKey is { } person)
            {
                Of(ofPerson, person).Add(i);
            }
        }
        personYears = new (int, int)[this.cases.Length];
        foreach (List<int> own in ofPerson.Values.Where(o => o.Count > 1))
        {
            CountYears(own);
        }
    }

    /// <summary>The first month that can be learned from; null where there is none.</summary>
    public ReportingMonth? First { get; }

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
        for (int i = 0; i < cases.Length && cases[i].Fact.Received <= day; i++)
        {
            if (Course(cases[i], knownBy) is { } course && course.IsOpenTo(day) && (course.State.Closed is not { } closed || closed > day || closed >= closedFrom))
            {
                points.Add(Point(i, day, course.State));
            }
        }
        return points;
    }

    /// <summary>
    /// The complaints to choose from on each of several days, complaint by complaint: one closed more than <paramref name="closedDays"/> before a day is done with.
    /// </summary>
    /// <param name="between">Days between one day and the next, from <paramref name="last"/> back to <paramref name="first"/>.</param>
    /// <param name="knownBy">What later exports tell is not known.</param>
    public IEnumerable<PriorityPoint> Candidates(DateOnly first, DateOnly last, int between, int closedDays, DateOnly knownBy)
    {
        for (int i = 0; i < cases.Length && cases[i].Fact.Received <= last; i++)
        {
            if (Course(cases[i], knownBy) is not { } course)
            {
                continue;
            }
            DateOnly from = cases[i].Fact.Received > first ? cases[i].Fact.Received : first;
            DateOnly end = course.State.Closed is { } closed ? closed.AddDays(closedDays) : last;
            int passed = last.DayNumber - end.DayNumber;
            for (DateOnly day = passed <= 0 ? last : last.AddDays(-(passed + between - 1) / between * between); day >= from; day = day.AddDays(-between))
            {
                if (course.IsOpenTo(day))
                {
                    yield return Point(i, day, course.State);
                }
            }
        }
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

    private PriorityPoint Point(int number, DateOnly day, CaseState state)
    {
        DateOnly? closed = state.Closed <= day ? state.Closed : null;
        bool isAsked = closed is not null && (state.FollowedUp ?? state.Closed) <= day;
        return new PriorityPoint(
            cases[number], day, closed, isAsked ? state.Satisfaction : null, closed is null ? null : state.IsLiable, closed is null ? null : state.IsCompensated,
            personYears[number].Cases, personYears[number].Returns);
    }

    /// <summary>What is known of a complaint by a day; null where it never is one to choose from.</summary>
    private Known? Course(PriorityCase one, DateOnly knownBy)
    {
        if (StateOn(one, knownBy) is not { Status: not "withdrawn" } state || (state.Closed is null && state.Status != "open"))
        {
            return null;
        }
        DateOnly? returned = null;
        if (returns.TryGetValue(one.Fact.ComplaintId, out List<PriorityCase>? later))
        {
            foreach (PriorityCase next in later)
            {
                if (next.States[0].KnownFrom <= knownBy && (returned is not { } sooner || next.Fact.Received < sooner))
                {
                    returned = next.Fact.Received;
                }
            }
        }
        return new Known(state, returned);
    }

    /// <summary>Counts for each case of a person the others received up to its day and at most a year before it.</summary>
    /// <param name="own">Numbers of cases, in the order of receipt.</param>
    private void CountYears(List<int> own)
    {
        int from = 0;
        int to = 0;
        int returned = 0;
        for (int i = 0; i < own.Count; i++)
        {
            DateOnly received = cases[own[i]].Fact.Received;
            for (; to < own.Count && cases[own[to]].Fact.Received <= received; to++)
            {
                returned += cases[own[to]].Fact.RepeatOf is null ? 0 : 1;
            }
            for (; received.DayNumber - cases[own[from]].Fact.Received.DayNumber > PersonYearDays; from++)
            {
                returned -= cases[own[from]].Fact.RepeatOf is null ? 0 : 1;
            }
            personYears[own[i]] = (to - from - 1, returned - (cases[own[i]].Fact.RepeatOf is null ? 0 : 1));
        }
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

    /// <param name="Returned">The day of its first return; null where none is known.</param>
    private readonly record struct Known(CaseState State, DateOnly? Returned)
    {
        /// <summary>Not returned up to the day.</summary>
        public bool IsOpenTo(DateOnly day) => !(Returned <= day);
    }

    private static List<T> Of<T>(Dictionary<long, List<T>> lists, long key)
    {
        if (!lists.TryGetValue(key, out List<T>? list))
        {
            lists.Add(key, list = []);
        }
        return list;
    }
}
