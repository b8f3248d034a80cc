using Pipeline.Models.Complainants;

namespace Pipeline.Jobs.Complainants;

/// <summary>What linking a source's complaints to persons came to.</summary>
/// <param name="Judged">Complaints that were judged: those that are new or changed and all that they may concern. The rest stands as it is.</param>
/// <param name="Linked">Of those, the ones that show somebody; each has a link.</param>
/// <param name="Persons">Persons behind them.</param>
/// <param name="NewPersons">Persons that received a key now.</param>
/// <param name="Matched">Of those, the ones whose group was joined by probability, not by a key.</param>
/// <param name="Merges">Keys that were merged into older ones; each is an identity event.</param>
/// <param name="Splits">Parts of persons that left their key; each is an identity event.</param>
/// <param name="ChangedLinks">Links written or removed; 0 when nothing changed since the last time.</param>
/// <param name="SharedContacts">Telephones, e-mail addresses and accounts that identify nobody, most used first; as far as they were judged.</param>
/// <param name="Refused">Joins that a guard refused, of the complaints that were judged.</param>
public sealed record LinkResult(
    int Judged,
    int Linked,
    int Persons,
    int NewPersons,
    int Matched,
    int Merges,
    int Splits,
    int ChangedLinks,
    IReadOnlyList<SharedContact> SharedContacts,
    IReadOnlyList<RefusedJoin> Refused)
{
    /// <value>Numbers of the identity events that were written.</value>
    public IReadOnlyList<long> Events { get; init; } = [];
}
