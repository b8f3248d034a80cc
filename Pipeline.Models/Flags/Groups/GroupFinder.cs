using System.Globalization;
using Pipeline.Models.Complaints;

namespace Pipeline.Models.Flags.Groups;

/// <summary>
/// Finds groups: at one place and on one business line, in a window of few days, as many different persons as the rules ask and many
/// times more than usual there. Windows that overlap are one group. A sudden rise of a product over many places is no group: nothing
/// says that its persons act together; it stands among the sudden rises of the trends.
/// </summary>
public static class GroupFinder
{
    /// <param name="facts">Complaints up to the day that is looked back from, in any order; those of the days before tell what is usual.</param>
    /// <returns>In the order of their first day, then of place.</returns>
    public static IReadOnlyList<ComplaintGroup> Find(IEnumerable<ComplaintFact> facts, GroupRules rules)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rules.WindowCalendarDays, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(rules.SuspectedPersons, 2);
        List<ComplaintGroup> groups = [];
        foreach (IGrouping<string, ComplaintFact> place in facts.Where(f => Place(f) is not null).GroupBy(f => Place(f)!, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            ComplaintFact[] all = [.. place.OrderBy(f => f.Received).ThenBy(f => f.CaseNumber, StringComparer.Ordinal)];
            if (all.Length < rules.SuspectedPersons)
            {
                continue;
            }
            foreach (IGrouping<string, ComplaintFact> line in all.GroupBy(f => f.Business.Class ?? "", StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal))
            {
                groups.AddRange(Spans([.. line], rules).Select(s => Group(place.Key, line.Key, s, all, rules)));
            }
        }
        return [.. groups.OrderBy(g => g.First).ThenBy(g => g.Place, StringComparer.Ordinal).ThenBy(g => g.Business, StringComparer.Ordinal)
            .GroupBy(g => g.First).SelectMany(day => day.Select((g, i) => g with
            {
                Key = string.Create(CultureInfo.InvariantCulture, $"G-{g.First:yyyyMMdd}-{i + 1}"),
            }))];
    }

    private static string? Place(ComplaintFact fact) => fact.BranchName ?? fact.Branch;

    /// <summary>Spans of days in which a window holds enough persons, with the day on which it first did and what is usual.</summary>
    /// <param name="line">Complaints of one place and business line in the order of receipt.</param>
    private static IEnumerable<(DateOnly First, DateOnly Last, DateOnly Reached, double Usual)> Spans(ComplaintFact[] line, GroupRules rules)
    {
        (DateOnly First, DateOnly Last, DateOnly Reached, double Usual)? open = null;
        int from = 0;
        for (int to = 0; to < line.Length; to++)
        {
            while (line[to].Received.DayNumber - line[from].Received.DayNumber >= rules.WindowCalendarDays)
            {
                from++;
            }
            int persons = to + 1 - from < rules.SuspectedPersons ? 0 : Persons(line.AsSpan(from, to + 1 - from));
            if (persons < rules.SuspectedPersons)
            {
                continue;
            }
            DateOnly first = line[from].Received;
            DateOnly last = line[to].Received;
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
            open = (first, last, last, usual);
        }
        if (open is { } rest)
        {
            yield return rest;
        }
    }

    /// <summary>Persons per window in the days before.</summary>
    private static double Usual(ComplaintFact[] line, DateOnly first, GroupRules rules)
    {
        int before = line.Count(f => f.Received < first && first.DayNumber - f.Received.DayNumber <= rules.UsualCalendarDays);
        return (double)before * rules.WindowCalendarDays / rules.UsualCalendarDays;
    }

    private static ComplaintGroup Group(
        string place, string business, (DateOnly First, DateOnly Last, DateOnly Reached, double Usual) span, ComplaintFact[] all, GroupRules rules)
    {
        ComplaintFact[] near = [.. all.Where(f => f.Received >= span.First && f.Received <= span.Last)];
        ComplaintFact[] core = [.. near.Where(f => (f.Business.Class ?? "") == business)];
        string? cause = Most(core.Select(f => f.Cause.Class));
        string? channel = Most(core.Select(f => f.Channel));
        // One that came the same way in the same days with the same cause belongs, whatever business line was coded.
        ComplaintFact[] members = [.. near.Where(f => (f.Business.Class ?? "") == business || (cause is not null && f.Cause.Class == cause && f.Channel == channel))];
        ComplaintFact[] inPerson = [.. members.Where(f => f.Channel is { } c && rules.FaceToFaceChannels.Contains(c))];
        ComplaintFact[] unknown = [.. members.Where(f => f.Channel is not { } c || (!rules.FaceToFaceChannels.Contains(c) && !rules.RemoteChannels.Contains(c)))];
        return new ComplaintGroup(
            "", place, business.Length == 0 ? null : business, cause, span.First, span.Last, span.Reached,
            Persons(members), Persons(inPerson), Persons(unknown), span.Usual, [.. members.Select(f => f.ComplaintId)]);
    }

    private static int Persons(ReadOnlySpan<ComplaintFact> facts)
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

    private static string? Most(IEnumerable<string?> values) => values.OfType<string>().GroupBy(v => v, StringComparer.Ordinal)
        .OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).FirstOrDefault()?.Key;
}
