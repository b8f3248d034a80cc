using Pipeline.Models.Taxonomy;

namespace Pipeline.Models.Flags;

/// <summary>One complaint as the flags see it: the person behind it, the labels that count, the channel, the text.</summary>
public sealed record FlagInput
{
    public required long ComplaintId { get; init; }

    public required string CaseNumber { get; init; }

    public required DateOnly Received { get; init; }

    /// <value>Null where nobody is shown: such a complaint repeats none, unless its source links it.</value>
    public long? PersonKey { get; init; }

    /// <value>See <see cref="Complainants.PersonBases"/>.</value>
    public string? PersonBasis { get; init; }

    /// <value>Taxonomy key of the channel through which the complaint came in.</value>
    public string? Channel { get; init; }

    /// <value>Rung of the escalation ladder, 0 to 6; 0 where the channel is unknown.</value>
    public int Level { get; init; }

    /// <value>The business line that counts, or null.</value>
    public string? Business { get; init; }

    /// <value>The cause that counts, or null.</value>
    public string? Cause { get; init; }

    /// <value>The case number that the source itself says this one continues, or null.</value>
    public string? LinkedCaseNumber { get; init; }

    /// <value>The narrative in clear, where all is judged at once; it leaves no trace in the outcome. Null where texts are given beside.</value>
    public string? Text { get; init; }
}

/// <summary>The flags of one complaint, as <see cref="Complaints.ComplaintFact"/> carries them, with their evidence.</summary>
/// <param name="ChainNumber">0 for the first complaint of a matter, 1 for its first return, and so on.</param>
/// <param name="RepeatOf">The complaint that this one repeats, or null.</param>
/// <param name="RepeatGapDays">Calendar days from that complaint, 0 to the window.</param>
/// <param name="IsEscalation">A repeat whose channel stands higher on the ladder than the case that it repeats.</param>
/// <param name="IsBypass">First contact is already outside the bank (level 3 or higher) and no earlier case of the matter is known.</param>
/// <param name="Stage">See <see cref="Stages"/>; null without text.</param>
/// <param name="HasThreat">The text threatens, or reports, a step outside the bank.</param>
/// <param name="Evidence">One for each flag raised: <see cref="FlagKinds.Repeat"/>, <see cref="FlagKinds.Escalating"/>.</param>
public sealed record CaseFlags(
    long ComplaintId,
    int ChainNumber,
    long? RepeatOf,
    string? RepeatOfCaseNumber,
    int? RepeatGapDays,
    bool IsEscalation,
    bool IsBypass,
    string? Stage,
    bool HasThreat,
    IReadOnlyList<FlagEvidence> Evidence);

/// <summary>The thresholds of the flags.</summary>
/// <param name="WindowCalendarDays">A return later than this many calendar days after the previous case of the matter is a new beginning; 1 or more.</param>
/// <param name="MatterTextSimilarity">Two texts of one person at least this alike are one matter; above 0, up to 1.</param>
public sealed record FlagRules(int WindowCalendarDays, double MatterTextSimilarity)
{
    public static FlagRules Of(RuleBook rules) => new(rules.RepeatWindowCalendarDays[^1], rules.MatterTextSimilarity);
}

/// <summary>How two complaints of one person came to be one matter. The names are used alike in SQL, JSON and sheets.</summary>
public static class MatterBases
{
    public const string SourceLink = "source_link";
    public const string SimilarText = "similar_text";
    public const string SameBusinessCause = "same_business_cause";
}

/// <summary>The four stages of the trade (萌芽, 抱怨, 投诉, 升级), as the text's own words show them.</summary>
public static class Stages
{
    public const string Enquiry = "enquiry";
    public const string Grievance = "grievance";
    public const string Complaint = "complaint";
    public const string Escalation = "escalation";
}
