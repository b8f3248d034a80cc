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
/// <param name="PersonBasis">Which identifier recognised the person: <c>identity</c>, <c>phone</c>, <c>email</c>, <c>account</c>, <c>match</c>, <c>analyst</c>.</param>
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
    IReadOnlyList<string>? Cues = null)
{
    /// <value>How a repeat stands to the case that it repeats, see <see cref="RepeatCourses"/>; null for other flags.</value>
    public string? Course { get; init; }

    /// <value>It escalates again after an escalated case of the matter was closed (二次升级).</value>
    public bool? IsSecondEscalation { get; init; }

    /// <value>Key of the group or pattern that the complaint belongs to.</value>
    public string? Cluster { get; init; }

    /// <value>Different persons of the group or pattern.</value>
    public int? Persons { get; init; }

    public DateOnly? ClusterFirst { get; init; }

    public DateOnly? ClusterLast { get; init; }

    /// <value>The organisation that a group complains of.</value>
    public string? Place { get; init; }

    /// <value>Persons of a group who came face to face.</value>
    public int? FaceToFacePersons { get; init; }

    /// <value>What ties the complaint to its pattern, see <see cref="Organised.LetterTies"/>.</value>
    public string? Tie { get; init; }

    /// <value>For each contact that several persons of the pattern use: how many persons; largest first.</value>
    public IReadOnlyList<int>? SharedContacts { get; init; }
}

/// <summary>How a repeat stands to the case that it repeats (Order 2020 No.3 art. 18, DOMAIN A2.9). The names are used alike in SQL, JSON and sheets.</summary>
public static class RepeatCourses
{
    /// <summary>The same complaint from two channels within few days: proposed as one matter, nothing is deleted.</summary>
    public const string TwoChannels = "two_channels";

    /// <summary>While the earlier case was being handled, the same content: it may be merged.</summary>
    public const string WhileOpen = "while_open";

    /// <summary>While the earlier case was being handled, other content: new facts and reasons restart the time limit; not merged.</summary>
    public const string NewFacts = "new_facts";

    /// <summary>After the earlier case was closed.</summary>
    public const string AfterClosing = "after_closing";
}
