using System.Text.Json;
using Pipeline.Jobs.Store;
using Pipeline.Models.Complainants;
using Pipeline.Models.Complainants.Matching;
using Pipeline.Models.Text;

namespace Pipeline.Jobs.Complainants;

/// <summary>Why a complaint is linked to its person, as the column <c>evidence</c> holds it: the rule and the token, never the value.</summary>
/// <param name="Basis">See <see cref="Models.Complainants.PersonBases"/>.</param>
/// <param name="JoinedCase">The case with which it was joined; null where it stands first or alone.</param>
/// <param name="Token">The token that decided, as 32 hexadecimal digits.</param>
/// <param name="Match">Of basis <c>match</c>: the weights, as they were when the link was made.</param>
public sealed record LinkEvidence(string Basis, string? JoinedCase, string? Token, MatchWeights? Match = null)
{
    /// <summary>The same reason. Weights are learned again as the ledger grows; that they moved a little is no other reason.</summary>
    internal bool IsSameReason(LinkEvidence other) => Basis == other.Basis && JoinedCase == other.JoinedCase && Token == other.Token;

    internal static LinkEvidence Parse(string json) => JsonSerializer.Deserialize<LinkEvidence>(json, StoredJson.Evidence)
        ?? throw new InvalidDataException("the evidence of a link is empty");

    internal string Json() => JsonSerializer.Serialize(this, StoredJson.Evidence);
}

/// <summary>Why two complaints are one person's: the weight of each field that both show, in bits.</summary>
/// <param name="Case">The complaint of this one's group that was compared.</param>
/// <param name="With">The complaint of the other group.</param>
/// <param name="Probability">Of their being one person.</param>
/// <param name="Prior">log2 of the odds before anything is compared.</param>
public sealed record MatchWeights(string Case, string With, double Probability, double Prior, IReadOnlyList<FieldBits> Fields)
{
    /// <summary>The weights in one sentence, the heaviest first.</summary>
    internal Bilingual Sentence => new MatchExplanation(
        Prior, [.. Fields.Select(f => new FieldWeight(f.Field, Enum.GetValues<Agreement>().First(l => Agreements.Name(l) == f.Level), f.Bits))]).Sentence;

    internal static MatchWeights Parse(string json) => JsonSerializer.Deserialize<MatchWeights>(json, StoredJson.Evidence)
        ?? throw new InvalidDataException("the weights of a match are empty");

    internal static MatchWeights Of(MatchEvidence match, Func<long, string> caseNumber) => new(
        caseNumber(match.ComplaintId), caseNumber(match.With), Math.Round(match.Why.Probability, 6), Math.Round(match.Why.PriorBits, 1),
        [.. match.Why.Fields.Where(f => f.Level != Agreement.Missing).Select(f => new FieldBits(f.Field, Agreements.Name(f.Level), Math.Round(f.Bits, 1)))]);
}

/// <param name="Level">See <see cref="Agreements"/>.</param>
public sealed record FieldBits(string Field, string Level, double Bits);
