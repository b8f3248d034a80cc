using System.Globalization;
using Pipeline.Models.Complaints;

namespace Pipeline.Models.Flags.Groups;

/// <summary>
/// Finds groups: at one place and on one business line, in a window of few days, as many different persons as the rules ask and many
/// times more than usual there. Windows that overlap are one group. A sudden rise of a product over many places is no group: nothing
/// says that its persons act together; <see cref="WideRiseFinder"/> lists it for a person to look at.
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
        BurstRules burst = new(rules.WindowCalendarDays, rules.SuspectedPersons, rules.TimesUsual, rules.UsualCalendarDays);
        foreach (IGrouping<string, ComplaintFact> place in facts.Where(f => Place(f) is not null).GroupBy(f => Place(f)!, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            ComplaintFact[] all = [.. place.OrderBy(f => f.Received).ThenBy(f => f.CaseNumber, StringComparer.Ordinal)];
            if (all.Length < rules.SuspectedPersons)
            {
                continue;
            }
            foreach (IGrouping<string, ComplaintFact> line in all.GroupBy(f => f.Business.Class ?? "", StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal))
            {
                groups.AddRange(Bursts.Find([.. line], burst).Select(b => Group(place.Key, line.Key, b, all, rules)));
            }
        }
        return [.. groups.OrderBy(g => g.First).ThenBy(g => g.Place, StringComparer.Ordinal).ThenBy(g => g.Business, StringComparer.Ordinal)
            .GroupBy(g => g.First).SelectMany(day => day.Select((g, i) => g with
            {
                Key = string.Create(CultureInfo.InvariantCulture, $"G-{g.First:yyyyMMdd}-{i + 1}"),
            }))];
    }

    private static string? Place(ComplaintFact fact) => fact.BranchName ?? fact.Branch;

    private static ComplaintGroup Group(
        string place, string business, Burst span, ComplaintFact[] all, GroupRules rules)
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
            Bursts.Persons(members), Bursts.Persons(inPerson), Bursts.Persons(unknown), span.Usual, [.. members.Select(f => f.ComplaintId)]);
    }

    private static string? Most(IEnumerable<string?> values) => values.OfType<string>().GroupBy(v => v, StringComparer.Ordinal)
        .OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).FirstOrDefault()?.Key;
}
