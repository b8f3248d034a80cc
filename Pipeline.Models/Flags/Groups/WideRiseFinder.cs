using System.Globalization;
using Pipeline.Models.Complaints;

namespace Pipeline.Models.Flags.Groups;

/// <summary>
/// Lists matters that came up suddenly at many places: one business line and cause, in a window of few days as many different persons
/// over as many places as the rules ask, and many times more than usual. Windows that overlap are one. That many came at once is all that is
/// said: a fault of a product, a campaign and a group that no place holds look alike here, so that nothing is flagged; how many are letters of
/// an organised pattern, and how many texts are alike, stand beside it.
/// </summary>
public static class WideRiseFinder
{
    /// <param name="facts">Complaints up to the day that is looked back from, in any order; those of the days before tell what is usual.</param>
    /// <param name="inPatterns">Complaints that are letters of organised patterns.</param>
    /// <param name="text">The text of a complaint, or null where it is not known; asked of members only.</param>
    /// <returns>In the order of their first day, then of business line and cause.</returns>
    public static IReadOnlyList<WideRise> Find(
        IEnumerable<ComplaintFact> facts, WideRiseRules rules, IReadOnlySet<long> inPatterns, Func<long, string?>? text = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rules.WindowCalendarDays, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(rules.SuspectedPersons, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(rules.Places, 2);
        BurstRules burst = new(rules.WindowCalendarDays, rules.SuspectedPersons, rules.TimesUsual, rules.UsualCalendarDays);
        List<WideRise> rises = [];
        DateOnly? earliest = null;
        Dictionary<(string Business, string Cause), List<ComplaintFact>> matters = [];
        foreach (ComplaintFact fact in facts)
        {
            earliest = earliest is { } known && known <= fact.Received ? known : fact.Received;
            if (fact.Business.Class is { } business && fact.Cause.Class is { } cause && Place(fact) is not null)
            {
                if (!matters.TryGetValue((business, cause), out List<ComplaintFact>? matter))
                {
                    matters.Add((business, cause), matter = []);
                }
                matter.Add(fact);
            }
        }
        foreach (((string business, string cause), List<ComplaintFact> matter) in matters)
        {
            ComplaintFact[] line = [.. matter.OrderBy(f => f.Received).ThenBy(f => f.CaseNumber, StringComparer.Ordinal)];
            foreach (Burst span in Bursts.Find(line, burst, window => Places(window) >= rules.Places))
            {
                // Before the ledger reaches back far enough nothing is known to be unusual.
                if (span.First.DayNumber - earliest!.Value.DayNumber >= rules.UsualCalendarDays)
                {
                    rises.Add(Rise(business, cause, span, line, rules, inPatterns, text));
                }
            }
        }
        return [.. rises.OrderBy(r => r.First).ThenBy(r => r.Business, StringComparer.Ordinal).ThenBy(r => r.Cause, StringComparer.Ordinal)
            .GroupBy(r => r.First).SelectMany(day => day.Select((r, i) => r with
            {
                Key = string.Create(CultureInfo.InvariantCulture, $"W-{r.First:yyyyMMdd}-{i + 1}"),
            }))];
    }

    private static WideRise Rise(
        string business, string cause, Burst span, ComplaintFact[] line, WideRiseRules rules, IReadOnlySet<long> inPatterns, Func<long, string?>? text)
    {
        ComplaintFact[] members = [.. line.Where(f => f.Received >= span.First && f.Received <= span.Last)];
        return new WideRise(
            "", business, cause, span.First, span.Last, span.Reached, Bursts.Persons(members), Places(members), span.Usual,
            members.GroupBy(f => Place(f), StringComparer.Ordinal).Max(g => g.Count()), members.Count(f => inPatterns.Contains(f.ComplaintId)),
            text is null ? null : Alike([.. members.Where(f => !inPatterns.Contains(f.ComplaintId))], rules.AlikeText, text),
            [.. members.Select(f => f.ComplaintId)]);
    }

    /// <summary>Members whose text is like that of another person among them.</summary>
    private static int Alike(ComplaintFact[] members, double alike, Func<long, string?> text)
    {
        MatterText?[] texts = [.. members.Select(f => text(f.ComplaintId) is { Length: > 0 } t ? MatterText.Of(t) : null)];
        return Enumerable.Range(0, members.Length).Count(i => texts[i] is { } own && Enumerable.Range(0, members.Length).Any(j =>
            j != i && texts[j] is { } other && (members[i].PersonKey is null || members[i].PersonKey != members[j].PersonKey)
            && MatterText.Similarity(own, other) >= alike));
    }

    private static int Places(IEnumerable<ComplaintFact> facts) => facts.Select(f => Place(f)!).Distinct(StringComparer.Ordinal).Count();

    private static string? Place(ComplaintFact fact) => fact.BranchName ?? fact.Branch;
}
