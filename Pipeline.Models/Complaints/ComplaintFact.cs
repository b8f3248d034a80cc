namespace Pipeline.Models.Complaints;

/// <summary>Whose label a figure uses.</summary>
public enum LabelBasis
{
    /// <summary>No label at all.</summary>
    None,
    Analyst,
    Reported,
    Predicted,
}

/// <summary>The label of one head that figures use, with what stands beside it.</summary>
/// <param name="Class">Taxonomy key that counts, or null where there is none.</param>
/// <param name="Basis">Where <paramref name="Class"/> comes from.</param>
/// <param name="Reported">The coded value of the export, or null.</param>
/// <param name="Predicted">The model's class, or null where no model judged the text.</param>
/// <param name="Probability">The model's probability of <paramref name="Predicted"/>, 0 to 1.</param>
/// <param name="NeedsReview">The prediction is below the review threshold.</param>
public readonly record struct HeadLabel(
    string? Class, LabelBasis Basis, string? Reported, string? Predicted, double? Probability, bool NeedsReview);

/// <summary>
/// One complaint as figures count it: no personal data, labels decided, person and flags attached. The engine of figures, the
/// workbooks and the console all read this and nothing else.
/// </summary>
public sealed record ComplaintFact
{
    public required long ComplaintId { get; init; }

    public required string CaseNumber { get; init; }

    public required DateOnly Received { get; init; }

    /// <value>Day the case was closed; null while open, and where the closing date was set aside.</value>
    public DateOnly? Closed { get; init; }

    /// <value><c>open</c>, <c>closed</c> or <c>withdrawn</c>.</value>
    public required string Status { get; init; }

    public DateOnly? Due { get; init; }

    /// <value>Taxonomy key of the channel through which the complaint came in, or null.</value>
    public string? Channel { get; init; }

    /// <value>Rung of the escalation ladder, 0 to 6; 0 where the channel is unknown.</value>
    public int Level { get; init; }

    /// <value><c>own</c>, <c>platform</c>, <c>regulator</c>, <c>petition</c>, <c>court</c>, or null.</value>
    public string? ChannelGroup { get; init; }

    public string? BusinessChannel { get; init; }

    public HeadLabel Nature { get; init; }

    public HeadLabel Business { get; init; }

    public HeadLabel Cause { get; init; }

    public string? BranchName { get; init; }

    /// <value>The reporting organisation: the superior of the branch, or the branch itself.</value>
    public string? Branch { get; init; }

    public string? Region { get; init; }

    public string? Severity { get; init; }

    public decimal? Amount { get; init; }

    /// <value>At least 1.</value>
    public int Persons { get; init; } = 1;

    /// <value><c>satisfied</c>, <c>fairly_satisfied</c>, <c>dissatisfied</c>, <c>not_reached</c>, or null.</value>
    public string? Satisfaction { get; init; }

    public bool? IsLiable { get; init; }

    public bool? IsCompensated { get; init; }

    public decimal? Compensation { get; init; }

    /// <value>The source's own word on timeliness (US export).</value>
    public bool? IsTimelyReported { get; init; }

    public string? Response { get; init; }

    /// <value>Null where the export shows nobody.</value>
    public long? PersonKey { get; init; }

    /// <value>Which identifier recognised the person: <c>identity</c>, <c>phone</c>, <c>email</c>, <c>account</c>, <c>alone</c>; null without person.</value>
    public string? PersonBasis { get; init; }

    /// <value>0 for the first complaint of a matter, 1 for its first return, and so on.</value>
    public int ChainNumber { get; init; }

    /// <value>The complaint that this one repeats (same person, same matter, within the longest window), or null.</value>
    public long? RepeatOf { get; init; }

    public string? RepeatOfCaseNumber { get; init; }

    /// <value>Calendar days from the complaint that this one repeats; null when it repeats none.</value>
    public int? RepeatGapDays { get; init; }

    /// <value>A repeat whose channel stands higher on the ladder than the case that it repeats.</value>
    public bool IsEscalation { get; init; }

    /// <value>First contact is already outside the bank (level 3 or higher) and no earlier case of the matter is known (越级).</value>
    public bool IsBypass { get; init; }

    /// <value><c>enquiry</c>, <c>grievance</c>, <c>complaint</c>, <c>escalation</c> (萌芽, 抱怨, 投诉, 升级), or null.</value>
    public string? Stage { get; init; }

    /// <value>The text threatens to go to a regulator, a court, the media or the petition office.</value>
    public bool HasThreat { get; init; }

    /// <value>Calendar days from closing to the next complaint of the same matter (negative when it came before closing); null when none came or the case is open.</value>
    public int? ReturnAfterClosingDays { get; init; }

    /// <value>How a repeat stands to the case that it repeats (<c>two_channels</c>, <c>while_open</c>, <c>new_facts</c>, <c>after_closing</c>); null for no repeat.</value>
    public string? RepeatCourse { get; init; }

    /// <value>Of a group whose complainants face to face reach the number that makes it a major complaint.</value>
    public bool IsMajorGroup { get; init; }

    /// <value>The kind of matter in the export's own words; null where it states none.</value>
    public string? MatterType { get; init; }

    /// <value>The reason for which the case was taken out of the count after review (核减), in the export's own words; null where it was not.</value>
    public string? ExclusionReason { get; init; }

    /// <value>Why it is no complaint by the rules in force (<c>matter:enquiry</c>, <c>reason:duplicate</c>, <c>withdrawn</c>); null where it counts.</value>
    public string? Exclusion { get; init; }

    /// <value>The source says why it was not closed within the first limit.</value>
    public bool HasOverdueReason { get; init; }

    /// <value>The regulator's own number of the case is there.</value>
    public bool HasRegulatorNumber { get; init; }

    /// <value>Other labels of the source (US export: older American, servicemember).</value>
    public string? SourceTags { get; init; }

    /// <value>Tags by dated word lists and coded fields, see the lexicon of tags; each once.</value>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <value>Taxonomy key of the cause that investigation found; null where the export has no such column.</value>
    public string? CauseFound { get; init; }

    /// <value>Calendar days to the next complaint of the same matter; null where none came.</value>
    public int? NextGapDays { get; init; }

    /// <value>The next complaint of the same matter was an escalation.</value>
    public bool IsNextEscalation { get; init; }

    /// <summary>Codes of values that were set aside on this complaint.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Calendar days from receipt to closing, the day of receipt not counted (Civil Code art. 201); null while open.</summary>
    public int? HandlingDays => Closed is { } closed ? closed.DayNumber - Received.DayNumber : null;
}
