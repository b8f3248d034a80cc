using Pipeline.Models.Complaints;

namespace Pipeline.Models.Flags.Groups;

/// <summary>What makes many complaints in few days a burst.</summary>
/// <param name="WindowCalendarDays">Days in which the persons come, the first one counted; 1 or more.</param>
/// <param name="Persons">Different persons in the window.</param>
/// <param name="TimesUsual">How many times the usual number they must be.</param>
/// <param name="UsualCalendarDays">Days before the window from which the usual number is taken.</param>
internal readonly record struct BurstRules(int WindowCalendarDays, int Persons, double TimesUsual, int UsualCalendarDays);

/// <param name="Reached">The day on which the persons were first as many as the rules ask.</param>
/// <param name="Usual">Persons of such a window in the days before.</param>
internal readonly record struct Burst(DateOnly First, DateOnly Last, DateOnly Reached, double Usual);

/// <summary>Finds spans of days in which a window holds many more persons than usual; windows that overlap are one span.</summary>
internal static class Bursts
{
    /// <param name="line">Complaints of one matter in the order of receipt.</param>
    /// <param name="isEnough">What the complaints of a window must be besides; null: nothing.</param>
    internal static IEnumerable<Burst> Find(ComplaintFact[] line, BurstRules rules, Func<ArraySegment<ComplaintFact>, bool>? isEnough = null)
    {
        Burst? open = null;
        int from = 0;
        for (int to = 0; to < line.Length; to++)
        {
            while (line[to].Received.DayNumber - line[from].Received.DayNumber >= rules.WindowCalendarDays)
            {
                from++;
            }
            ArraySegment<ComplaintFact> window = new(line, from, to + 1 - from);
            int persons = window.Count < rules.Persons ? 0 : Persons(window);
            if (persons < rules.Persons || (isEnough is not null && !isEnough(window)))
            {
                continue;
            }
            (DateOnly first, DateOnly last) = (line[from].Received, line[to].Received);
            if (open is { } known && first <= known.Last)
            {
                open = known with { Last = last };
                continue;
            }
            double usual = Usual(line, first, rules);
            if (persons < rules.TimesUsual * usual)
            {
                continue;
            }
            if (open is { } done)
            {
                yield return done;
            }
            open = new Burst(first, last, last, usual);
        }
        if (open is { } rest)
        {
            yield return rest;
        }
    }

    /// <summary>Different persons; a complaint that shows nobody is one.</summary>
    internal static int Persons(IReadOnlyCollection<ComplaintFact> facts)
    {
        HashSet<long> known = [];
        int others = 0;
        foreach (ComplaintFact fact in facts)
        {
            if (fact.PersonKey is { } person)
            {
                known.Add(person);
            }
            else
            {
                others++;
            }
        }
        return known.Count + others;
    }

    /// <summary>Complaints per window in the days before.</summary>
    private static double Usual(ComplaintFact[] line, DateOnly first, BurstRules rules)
    {
        int before = line.Count(f => f.Received < first && first.DayNumber - f.Received.DayNumber <= rules.UsualCalendarDays);
        return (double)before * rules.WindowCalendarDays / rules.UsualCalendarDays;
    }
}
