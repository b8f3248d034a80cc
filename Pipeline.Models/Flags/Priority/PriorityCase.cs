using Pipeline.Models.Complaints;

namespace Pipeline.Models.Flags.Priority;

/// <summary>A state of a complaint as an export reported it.</summary>
/// <param name="KnownFrom">The day of the first export that reported it.</param>
/// <param name="FollowedUp">The day on which the complainant was asked whether he is satisfied.</param>
public readonly record struct CaseState(
    DateOnly KnownFrom, string Status, DateOnly? Closed, DateOnly? FollowedUp, string? Satisfaction, bool? IsLiable, bool? IsCompensated);

/// <summary>A complaint with everything that the priority list may look at, each part with the day from which it was known.</summary>
/// <param name="Fact">Of this only what holds from receipt on is used: never its closing, satisfaction, liability or return.</param>
/// <param name="Cues">Threats that its text makes.</param>
/// <param name="States">Ascending by <see cref="CaseState.KnownFrom"/>; at least one.</param>
/// <param name="GroupSince">The day on which its group was large enough to be one; null without group.</param>
/// <param name="OrganisedSince">The day on which its pattern was large enough to be one; null without pattern.</param>
public sealed record PriorityCase(
    ComplaintFact Fact, IReadOnlyList<string> Cues, IReadOnlyList<CaseState> States, DateOnly? GroupSince = null, DateOnly? OrganisedSince = null);

/// <summary>A complaint as it stood on a day: what the model is shown.</summary>
/// <param name="Closed">Null while open on <paramref name="Day"/>, and where the closing was not known yet.</param>
/// <param name="Satisfaction">Null where nobody had asked by then.</param>
/// <param name="EarlierCases">Complaints of the person in the year before receipt, whatever the matter.</param>
/// <param name="EarlierReturns">Those of them that were returns.</param>
public readonly record struct PriorityPoint(
    PriorityCase Case, DateOnly Day, DateOnly? Closed, string? Satisfaction, bool? IsLiable, bool? IsCompensated,
    int EarlierCases, int EarlierReturns)
{
    public int DaysOpen => (Closed ?? Day).DayNumber - Case.Fact.Received.DayNumber;

    public int? DaysSinceClosing => Closed is { } closed ? Day.DayNumber - closed.DayNumber : null;
}
