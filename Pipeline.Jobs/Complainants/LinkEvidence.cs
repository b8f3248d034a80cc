using System.Text.Json;
using System.Text.Json.Serialization;

namespace Pipeline.Jobs.Complainants;

/// <summary>Why a complaint is linked to its person, as the column <c>evidence</c> holds it: the rule and the token, never the value.</summary>
/// <param name="Basis">See <see cref="Models.Complainants.PersonBases"/>.</param>
/// <param name="JoinedCase">The case with which it was joined; null where it stands first or alone.</param>
/// <param name="Token">The token that decided, as 32 hexadecimal digits.</param>
public sealed record LinkEvidence(string Basis, string? JoinedCase, string? Token)
{
    internal static JsonSerializerOptions Options { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    internal string Json() => JsonSerializer.Serialize(this, Options);
}
