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

/// <summary>Why complaints that look like one person's were held apart. The names are used alike in SQL, JSON and sheets.</summary>
public static class HeldReasons
{
    /// <summary>Two different valid identity numbers.</summary>
    public const string Identity = "different_identity";
    public const string BirthYear = "different_birth_year";
    public const string Gender = "different_gender";

    /// <summary>The key leads to several identity numbers, and the complaint shows none.</summary>
    public const string Ambiguous = "ambiguous";

    /// <summary>An analyst said so.</summary>
    public const string Word = "analyst";

    /// <summary>By probability: the two persons show different valid values of a field that contradicts.</summary>
    public const string Contradiction = "contradiction";

    /// <summary>By probability: taken together, the other complaints of the two persons speak against it.</summary>
    public const string Average = "average";

    /// <summary>By probability: alike, but not probable enough.</summary>
    public const string Threshold = "threshold";
}

/// <summary>A join that an exact key proposed and a guard refused.</summary>
/// <param name="Kind">The key: <c>phone</c>, <c>email</c>, <c>account</c> together with the name, <c>identity</c>, or <c>analyst</c>: a word that cannot be kept.</param>
/// <param name="Reason">See <see cref="HeldReasons"/>.</param>
public sealed record RefusedJoin(long ComplaintId, long OtherComplaintId, string Kind, string Reason);

/// <summary>The persons behind a set of complaints, with the evidence of each link and what the guards held apart.</summary>
public sealed record PersonClusters(
    IReadOnlyList<PersonCluster> Persons,
    IReadOnlyList<PersonLink> Links,
    IReadOnlyList<SharedContact> SharedContacts,
    IReadOnlyList<RefusedJoin> Refused);
