using System.Text.Json;
using Pipeline.Models.Taxonomy;
using Pipeline.Models.Text;

namespace Pipeline.Models.Flags.Organised;

/// <summary>A published feature of organised letters (DOMAIN A4.3): evidence with a weight, never a verdict.</summary>
/// <param name="Key">One of <see cref="OrganisedSignals"/>, or any other key with words.</param>
/// <param name="Weight">0 or more; a score is the weighted mean of the signals' strengths.</param>
/// <param name="Words">For a signal of words: the strength is the share of letters that hold one of them. Null for one that is computed.</param>
public sealed record OrganisedSignal(string Key, string Zh, string En, double Weight, IReadOnlyList<string>? Words = null);

/// <summary>Signals that are computed from the letters of a pattern; each 0 to 1.</summary>
public static class OrganisedSignals
{
    /// <summary>Share of the letters that have a near-duplicate by another person.</summary>
    public const string NearIdentical = "near_identical";

    /// <summary>Share of the persons who wrote within the busiest seven days.</summary>
    public const string Burst = "burst";

    /// <summary>Share of the letters whose telephone or e-mail serves several persons of the pattern.</summary>
    public const string SharedContact = "shared_contact";

    /// <summary>Several channels in the same days: 0 for one, 1 for four and more.</summary>
    public const string ManyChannels = "many_channels";

    /// <summary>Share of the letters that came from outside the bank.</summary>
    public const string Outside = "outside";
}

/// <summary>An edition of the file of signals: thresholds, boilerplate and signals.</summary>
/// <param name="NearSimilarity">Jaccard from which two letters are near-identical.</param>
/// <param name="EditedSimilarity">Jaccard from which an edited letter belongs to a family of near-identical ones.</param>
/// <param name="WindowCalendarDays">Days within which near-identical letters count together.</param>
/// <param name="MinPersons">Different persons with near-identical letters from which a pattern is reported.</param>
/// <param name="ContactMinPersons">Different persons of a pattern who share a telephone or e-mail, from which that is evidence.</param>
/// <param name="JoinDays">Days before and after a pattern in which another small family of the same business line joins it.</param>
/// <param name="JoinMinPersons">Persons with near-identical letters that such a family must have.</param>
/// <param name="BoilerplateShare">Where texts have no dates (<c>patterns</c>): clauses in at least this share of all texts are a form's.</param>
/// <param name="BoilerplateMinTexts">Clauses of fewer texts than this never are.</param>
/// <param name="BoilerplateMinPeriods">Where texts have dates: clauses in so many different periods of thirty days are a form's.</param>
/// <param name="LookBackCalendarDays">Days before the month's end whose texts are compared.</param>
public sealed record OrganisedRules(
    string Version,
    DateOnly EffectiveFrom,
    string Source,
    double NearSimilarity,
    double EditedSimilarity,
    int WindowCalendarDays,
    int MinPersons,
    int ContactMinPersons,
    int JoinDays,
    int JoinMinPersons,
    double BoilerplateShare,
    int BoilerplateMinTexts,
    int BoilerplateMinPeriods,
    int LookBackCalendarDays,
    IReadOnlyList<string> Boilerplate,
    IReadOnlyList<OrganisedSignal> Signals)
{
    public FamilyRules Families => new(NearSimilarity, EditedSimilarity);

    public static OrganisedRules Parse(string json) =>
        JsonSerializer.Deserialize<OrganisedRules>(json, RuleJson.Whole)
        ?? throw new InvalidDataException("the file of signals is empty; expected an object with version, the thresholds, boilerplate and signals");
}
