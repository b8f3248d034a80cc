using Pipeline.Models.Complaints;

namespace Pipeline.Models.Flags.Profiles;

/// <summary>A class with how often it occurs.</summary>
public sealed record Occurrence(string Key, int Count);

/// <summary>What makes an agent likely. The names are used alike in JSON and sheets.</summary>
public static class AgentCues
{
    /// <summary>A telephone or e-mail that several persons use.</summary>
    public const string SharedContact = "shared_contact";

    /// <summary>A letter in a suspected organised pattern.</summary>
    public const string Organised = "organised";

    /// <summary>Words of the agents' trade.</summary>
    public const string AgencyTerms = "agency_terms";
}

/// <summary>A complainant as the ledger knows him up to the month's end (投诉人画像): evidence, not a verdict; no personal data.</summary>
/// <param name="Complaints">All complaints of the person.</param>
/// <param name="InYear">Those of the last 365 days.</param>
/// <param name="Amount">Sum of the amounts claimed; null where none is stated.</param>
/// <param name="StagePath">Stages in the order of receipt, without repeats in a row.</param>
/// <param name="Agent">See <see cref="AgentCues"/>.</param>
/// <param name="Vulnerable">Keys of <see cref="VulnerableLexicon"/>.</param>
/// <param name="Timeline">Complaint ids in the order of receipt.</param>
public sealed record ComplainantProfile(
    long PersonKey, int Complaints, int InYear, int Matters, int Returns, int Escalations, int Open, int Withdrawn, int Liable, int Compensated,
    decimal? Amount, decimal? Compensation, DateOnly First, DateOnly Last, int HighestLevel,
    IReadOnlyList<Occurrence> Channels, IReadOnlyList<Occurrence> Satisfaction, IReadOnlyList<string> StagePath,
    IReadOnlyList<string> Cues, IReadOnlyList<string> Agent, IReadOnlyList<string> Vulnerable, IReadOnlyList<long> Timeline)
{
    private const int YearDays = 365;

    /// <param name="facts">All complaints of one person; at least one.</param>
    /// <param name="upTo">Complaints received later are left out; at least one must remain.</param>
    public static ComplainantProfile Of(
        IEnumerable<ComplaintFact> facts, DateOnly upTo, IReadOnlyList<string> cues, IReadOnlyList<string> agent, IReadOnlyList<string> vulnerable)
    {
        ComplaintFact[] all = [.. facts.Where(f => f.Received <= upTo).OrderBy(f => f.Received).ThenBy(f => f.CaseNumber, StringComparer.Ordinal)];
        List<string> stages = [];
        foreach (string stage in all.Select(f => f.Stage).OfType<string>())
        {
            if (stages.Count == 0 || stages[^1] != stage)
            {
                stages.Add(stage);
            }
        }
        return new ComplainantProfile(
            all[0].PersonKey ?? throw new ArgumentException("a profile needs a person", nameof(facts)),
            all.Length, all.Count(f => upTo.DayNumber - f.Received.DayNumber < YearDays), all.Count(f => f.RepeatOf is null), all.Count(f => f.RepeatOf is not null),
            all.Count(f => f.IsEscalation), all.Count(f => f.Status == "open"), all.Count(f => f.Status == "withdrawn"), all.Count(f => f.IsLiable == true), all.Count(f => f.IsCompensated == true),
            Sum(all.Select(f => f.Amount)), Sum(all.Select(f => f.Compensation)), all[0].Received, all[^1].Received, all.Max(f => f.Level),
            Count(all.Select(f => f.Channel)), Count(all.Select(f => f.Satisfaction)), stages, cues, agent, vulnerable, [.. all.Select(f => f.ComplaintId)]);
    }

    private static decimal? Sum(IEnumerable<decimal?> amounts) => amounts.OfType<decimal>().ToArray() is { Length: > 0 } stated ? stated.Sum() : null;

    private static Occurrence[] Count(IEnumerable<string?> keys) => [.. keys.OfType<string>().GroupBy(k => k, StringComparer.Ordinal)
        .Select(g => new Occurrence(g.Key, g.Count())).OrderByDescending(o => o.Count).ThenBy(o => o.Key, StringComparer.Ordinal)];
}
