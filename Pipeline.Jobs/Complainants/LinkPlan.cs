using Pipeline.Models.Complainants;

namespace Pipeline.Jobs.Complainants;

/// <summary>Persons as they are recognised from rows of a source (whole components), and what becomes of the keys that stand: nothing is written yet.</summary>
internal sealed record LinkPlan(IReadOnlyList<StandingLink> Rows, RecognisedPersons Recognised, KeyAssignment Assignment)
{
    /// <summary>Keys of persons who are new in a plan that is only looked at: above every key that the ledger will ever give.</summary>
    public const long Unborn = 1L << 60;

    internal static LinkPlan Of(IReadOnlyList<StandingLink> rows, RecognisedPersons recognised, KeyHistory history) => new(
        rows, recognised,
        PersonKeys.Assign(
            recognised.Clusters.Persons, rows.Where(r => r.Person is not null).ToDictionary(r => r.Evidence.ComplaintId, r => r.Person!.Value), history));

    /// <summary>The rows as they would stand after the plan.</summary>
    /// <param name="keys">By person; null: new persons get keys from <see cref="Unborn"/> on.</param>
    internal List<StandingLink> After(IReadOnlyList<long>? keys = null)
    {
        Dictionary<long, PersonLink> links = Recognised.Clusters.Links.ToDictionary(l => l.ComplaintId);
        return [.. Rows.Select(row => links.TryGetValue(row.Evidence.ComplaintId, out PersonLink? link)
            ? row with
            {
                Person = keys is null ? Assignment.KeyOfPerson[link.Person] ?? Unborn + link.Person : keys[link.Person],
                LinkedRevision = row.Revision,
                WhyJson = Evidence(link).Json(),
            }
            : row with { Person = null, LinkedRevision = null })];
    }

    /// <summary>Why a complaint belongs to its person, as the ledger keeps it.</summary>
    internal LinkEvidence Evidence(PersonLink link) => new(
        link.Basis, link.JoinedTo is long other ? CaseNumber(other) : null, link.Token.IsShown ? link.Token.ToString() : null,
        Recognised.Matches.TryGetValue(link.ComplaintId, out MatchEvidence? match) ? MatchWeights.Of(match, CaseNumber) : null);

    /// <summary>The complaints that were judged; of others nothing is known here.</summary>
    internal long[] Judged() => [.. Rows.Select(r => r.Evidence.ComplaintId)];

    internal string CaseNumber(long complaintId) => byId.Value[complaintId].Evidence.CaseNumber;

    internal StandingLink Row(long complaintId) => byId.Value[complaintId];

    private readonly Lazy<Dictionary<long, StandingLink>> byId = new(() => Rows.ToDictionary(r => r.Evidence.ComplaintId));
}
