namespace Pipeline.Models.Flags;

/// <summary>Kinds of flags. The names are used alike in SQL, JSON and sheets.</summary>
public static class FlagKinds
{
    public const string Repeat = "repeat";
    public const string Escalating = "escalating";
    public const string Group = "group";
    public const string Organised = "organised";
}

/// <summary>Why a complaint is flagged: facts that a sentence can be made of in either language; no personal data.</summary>
/// <param name="Kind">See <see cref="FlagKinds"/>.</param>
/// <param name="Score">0 to 1; 1 for a flag that follows from rules alone.</param>
/// <param name="EarlierCaseNumber">The case that this one repeats.</param>
/// <param name="GapDays">Calendar days between the two.</param>
/// <param name="ChainNumber">1 for the first return.</param>
/// <param name="MatterBasis"><c>same_business_cause</c>, <c>similar_text</c> or <c>source_link</c>.</param>
/// <param name="TextSimilarity">0 to 1, where texts were compared.</param>
/// <param name="PersonBasis">Which identifier recognised the person: <c>identity</c>, <c>phone</c>, <c>email</c>, <c>account</c>, <c>match</c>.</param>
/// <param name="FromChannel">Taxonomy key of the earlier case's channel.</param>
/// <param name="ToChannel">Taxonomy key of this case's channel.</param>
/// <param name="Cues">Threat cues found in the text, as lexicon keys (<c>regulator</c>, <c>media</c>, <c>court</c>, …).</param>
public sealed record FlagEvidence(
    string Kind,
    double Score,
    string? EarlierCaseNumber = null,
    DateOnly? EarlierReceived = null,
    int? GapDays = null,
    int ChainNumber = 0,
    string? MatterBasis = null,
    double? TextSimilarity = null,
    string? PersonBasis = null,
    string? FromChannel = null,
    string? ToChannel = null,
    int? FromLevel = null,
    int? ToLevel = null,
    IReadOnlyList<string>? Cues = null);
