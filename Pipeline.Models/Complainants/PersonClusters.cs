namespace Pipeline.Models.Complainants;

/// <summary>Why a complaint belongs to its person.</summary>
/// <param name="Person">0-based index into <see cref="PersonClusters.Persons"/>.</param>
/// <param name="Basis">See <see cref="PersonBases"/>: the identifier that joined the complaint to its person.</param>
/// <param name="JoinedTo">The complaint with which it was joined, or null where it stands first or alone.</param>
/// <param name="Token">The token that decided; not shown where the complaint stands alone.</param>
public sealed record PersonLink(long ComplaintId, int Person, string Basis, long? JoinedTo, EvidenceToken Token);

/// <summary>One person: their complaints in the order of receipt.</summary>
public sealed record PersonCluster(DateOnly FirstSeen, IReadOnlyList<long> ComplaintIds);

/// <summary>A telephone, e-mail address or account that too many differently named persons use: it identifies nobody.</summary>
/// <param name="Kind"><c>phone</c>, <c>email</c> or <c>account</c>.</param>
/// <param name="Persons">Differently named persons; names that one identity number bears count once.</param>
public sealed record SharedContact(string Kind, EvidenceToken Token, int Persons, IReadOnlyList<long> ComplaintIds);

/// <summary>A join that an exact key proposed and a guard refused.</summary>
/// <param name="Kind">The key: <c>phone</c>, <c>email</c> or <c>account</c>, together with the name.</param>
/// <param name="Reason"><c>different_identity</c>, <c>different_birth_year</c>, <c>different_gender</c>, or <c>ambiguous</c>: the key leads to several identity numbers and the complaint shows none.</param>
public sealed record RefusedJoin(long ComplaintId, long OtherComplaintId, string Kind, string Reason);

/// <summary>The persons behind a set of complaints, with the evidence of each link and what the guards held apart.</summary>
public sealed record PersonClusters(
    IReadOnlyList<PersonCluster> Persons,
    IReadOnlyList<PersonLink> Links,
    IReadOnlyList<SharedContact> SharedContacts,
    IReadOnlyList<RefusedJoin> Refused);
