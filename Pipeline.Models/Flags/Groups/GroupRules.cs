namespace Pipeline.Models.Flags.Groups;

/// <summary>
/// When many persons with one matter at one place are a group (群诉). The regulator knows only the threshold of a major complaint: 20
/// complainants face to face (Order 2020 No.3 art. 29, DOMAIN A2.17); the smaller ones are a working definition.
/// </summary>
/// <param name="WindowCalendarDays">Days in which the persons come, the first one counted; 1 or more.</param>
/// <param name="SuspectedPersons">Different persons from which a group is suspected; 2 or more.</param>
/// <param name="TimesUsual">How many times the usual number of persons of that place and business line they must be.</param>
/// <param name="UsualCalendarDays">Days before the window from which the usual number is taken.</param>
/// <param name="MajorPersons">Persons face to face from which the complaint is a major one.</param>
/// <param name="FaceToFaceChannels">Channels (taxonomy keys) through which a person comes in person. Of any other channel it is unknown or not so.</param>
/// <param name="RemoteChannels">Channels through which nobody comes in person.</param>
public sealed record GroupRules(
    int WindowCalendarDays,
    int SuspectedPersons,
    double TimesUsual,
    int UsualCalendarDays,
    int MajorPersons,
    IReadOnlyList<string> FaceToFaceChannels,
    IReadOnlyList<string> RemoteChannels)
{
    /// <value>The working definition of 2026-11, for rule files that were written before groups were judged.</value>
    public static GroupRules Default { get; } = new(
        3, 8, 5, 90, 20, ["branch_counter"], ["hotline", "mobile_bank", "mail", "city_hotline", "consumer_12315", "media", "regulator", "regulator_live", "central_bank"]);
}

/// <summary>A group of complaints, as it was known on its last day.</summary>
/// <param name="Key"><c>G-</c>, first day, <c>-</c> and its number among the groups that began on that day.</param>
/// <param name="Place">The organisation complained of.</param>
/// <param name="Business">Taxonomy key that most members share, or null.</param>
/// <param name="Cause">Taxonomy key that most members share, or null.</param>
/// <param name="Reached">The day on which the suspected number was reached.</param>
/// <param name="Persons">Different persons; a complaint that shows nobody is one.</param>
/// <param name="FaceToFacePersons">Those who came in person.</param>
/// <param name="UnknownPersons">Those of whom the channel does not tell whether they came in person.</param>
/// <param name="UsualPersons">Persons that the place sees in so many days otherwise.</param>
/// <param name="Complaints">Complaint ids in the order of receipt.</param>
public sealed record ComplaintGroup(
    string Key, string Place, string? Business, string? Cause, DateOnly First, DateOnly Last, DateOnly Reached,
    int Persons, int FaceToFacePersons, int UnknownPersons, double UsualPersons, IReadOnlyList<long> Complaints)
{
    /// <summary>Whether it is major by the number face to face; null where those of whom it is unknown decide.</summary>
    public bool? IsMajor(GroupRules rules) => FaceToFacePersons >= rules.MajorPersons
        ? true
        : FaceToFacePersons + UnknownPersons >= rules.MajorPersons ? null : false;
}

/// <summary>When a matter that comes up suddenly at many places is listed. A working definition: no regulation has a number for it.</summary>
/// <param name="WindowCalendarDays">Days in which the persons come, the first one counted; 1 or more.</param>
/// <param name="SuspectedPersons">Different persons in the window; 2 or more.</param>
/// <param name="Places">Different places in the window; 2 or more.</param>
/// <param name="TimesUsual">How many times the usual number of that business line and cause they must be.</param>
/// <param name="UsualCalendarDays">Days before the window from which the usual number is taken; the ledger must reach so far back.</param>
/// <param name="AlikeText">Two texts at least this alike (0 to 1) are on one topic: evidence, no condition.</param>
public sealed record WideRiseRules(
    int WindowCalendarDays, int SuspectedPersons, int Places, double TimesUsual, int UsualCalendarDays, double AlikeText)
{
    /// <summary>The working definition of 2026-11, for rule files that were written before wide rises were listed.</summary>
    public static WideRiseRules Default { get; } = new(3, 8, 4, 5, 90, 0.3);
}

/// <summary>A matter that came up suddenly at many places: a candidate for a person to look at, never a flag of a complaint.</summary>
/// <param name="Key"><c>W-</c>, first day, <c>-</c> and its number among those that began on that day.</param>
/// <param name="Reached">The day on which the number was reached.</param>
/// <param name="Places">Different organisations complained of.</param>
/// <param name="UsualPersons">Persons that the matter sees in such a window otherwise.</param>
/// <param name="MostAtOnePlace">Complaints of the place that has most of them.</param>
/// <param name="InPatterns">Complaints that are letters of an organised pattern: a campaign shows here too.</param>
/// <param name="AlikeTexts">Complaints with a text like another member's, organised patterns left out; null where texts were not compared.</param>
/// <param name="Complaints">Complaint ids in the order of receipt.</param>
public sealed record WideRise(
    string Key, string Business, string Cause, DateOnly First, DateOnly Last, DateOnly Reached,
    int Persons, int Places, double UsualPersons, int MostAtOnePlace, int InPatterns, int? AlikeTexts, IReadOnlyList<long> Complaints)
{
    /// <value>Most of it is an organised pattern, which stands on its own sheet.</value>
    public bool IsMostlyPatterns => 2 * InPatterns > Complaints.Count;
}
