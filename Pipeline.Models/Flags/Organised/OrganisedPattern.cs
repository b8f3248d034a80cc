using Pipeline.Models.Complaints;
using Pipeline.Models.Text;

namespace Pipeline.Models.Flags.Organised;

/// <summary>A letter as the search for patterns sees it.</summary>
/// <param name="Text">The narrative; it leaves no trace in the outcome.</param>
/// <param name="Contacts">Telephones and e-mail as opaque tokens: equal contact, equal token.</param>
public readonly record struct OrganisedLetter(ComplaintFact Fact, KeptText Text, IReadOnlyList<string> Contacts);

/// <summary>What ties a letter to its pattern. The names are used alike in SQL, JSON and sheets.</summary>
public static class LetterTies
{
    /// <summary>Near-identical to the letter of another person.</summary>
    public const string NearIdentical = "near_identical";

    /// <summary>An edited form of such a letter.</summary>
    public const string Edited = "edited";

    /// <summary>Another wording, with a telephone or e-mail that several persons of the pattern use.</summary>
    public const string Contact = "contact";
}

/// <param name="Similarity">Jaccard to the most alike letter of the pattern that it was compared with, 0 to 1.</param>
public sealed record PatternLetter(long ComplaintId, string Tie, double Similarity);

/// <param name="Strength">0 to 1.</param>
public sealed record SignalFinding(string Key, double Strength);

/// <summary>Letters of different persons that look organised: evidence for a person to look at, never a verdict.</summary>
/// <param name="Key"><c>O-</c>, first day, <c>-</c> and its number among the patterns that began on that day.</param>
/// <param name="Reached">The day on which enough persons had written.</param>
/// <param name="Persons">Different persons.</param>
/// <param name="NearPersons">Those whose letter is near-identical to another person's.</param>
/// <param name="Families">Wordings that were joined.</param>
/// <param name="SharedContacts">For each contact that several of them use: how many persons; largest first.</param>
/// <param name="Channels">Taxonomy keys, most letters first.</param>
/// <param name="Business">Taxonomy key that most letters share, or null.</param>
/// <param name="Score">0 to 1: weighted mean of the signals.</param>
public sealed record OrganisedPattern(
    string Key, DateOnly First, DateOnly Last, DateOnly Reached, int Persons, int NearPersons, int Families,
    IReadOnlyList<int> SharedContacts, IReadOnlyList<string> Channels, string? Business, string? Cause,
    IReadOnlyList<SignalFinding> Signals, double Score, IReadOnlyList<PatternLetter> Letters);
