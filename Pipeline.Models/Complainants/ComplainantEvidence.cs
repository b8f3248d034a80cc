using System.Buffers.Binary;
using System.Globalization;

namespace Pipeline.Models.Complainants;

/// <summary>A keyed token of one identifier: equal tokens, equal identifiers. The identifier itself is never here.</summary>
/// <remarks><c>default</c> means that the complaint does not show this identifier; no keyed token is all zeros.</remarks>
public readonly record struct EvidenceToken(UInt128 Value)
{
    public bool IsShown => Value != UInt128.Zero;

    /// <param name="bytes">The 16 bytes of the token, or nothing.</param>
    /// <exception cref="ArgumentException">Neither 0 nor 16 bytes.</exception>
    public static EvidenceToken Of(ReadOnlySpan<byte> bytes) => bytes.Length switch
    {
        0 => default,
        16 => new EvidenceToken(BinaryPrimitives.ReadUInt128BigEndian(bytes)),
        _ => throw new ArgumentException($"a token has 16 bytes, not {bytes.Length}", nameof(bytes)),
    };

    public override string ToString() => Value.ToString("x32", CultureInfo.InvariantCulture);
}

/// <summary>What one complaint shows of the person behind it: tokens, never the values.</summary>
public sealed record ComplainantEvidence
{
    public required long ComplaintId { get; init; }

    /// <value>Breaks ties of the day, so that the outcome does not depend on the order in which files were taken.</value>
    public required string CaseNumber { get; init; }

    public required DateOnly Received { get; init; }

    /// <value>Of the folded name.</value>
    public EvidenceToken Name { get; init; }

    /// <value>Of a valid identity number; a masked or damaged one shows nothing here.</value>
    public EvidenceToken Identity { get; init; }

    /// <value>Contact, reply and reserved telephone.</value>
    public IReadOnlyList<EvidenceToken> Phones { get; init; } = [];

    public EvidenceToken Email { get; init; }

    public EvidenceToken Account { get; init; }

    public int? BirthYear { get; init; }

    /// <value>As the export writes it; only compared.</value>
    public string? Gender { get; init; }

    /// <summary>The complaint shows somebody: at least one of name, identity number, telephone, e-mail and account.</summary>
    public bool ShowsSomebody => Name.IsShown || Identity.IsShown || Phones.Count > 0 || Email.IsShown || Account.IsShown;
}

/// <summary>Which identifier recognised a person. The names are used alike in SQL, JSON and sheets.</summary>
public static class PersonBases
{
    public const string Identity = "identity";
    public const string Phone = "phone";
    public const string Email = "email";
    public const string Account = "account";

    /// <summary>No key, but several details that together are probable enough.</summary>
    public const string Match = "match";

    /// <summary>An analyst said so.</summary>
    public const string Analyst = "analyst";

    /// <summary>Nothing joins the complaint to another one.</summary>
    public const string Alone = "alone";
}
