using System.Text.Json;
using Pipeline.Models.Taxonomy;
using Pipeline.Models.Text;

namespace Pipeline.Models.Regulatory;

/// <summary>Whether a limit that ends on a day off is over on the next working day, for complaints received from a day on.</summary>
/// <param name="RollToWorkday">Civil Code art. 203; whether the regulator applies it to 15 days is unconfirmed (DOMAIN A2.25), so both counts are printed and this one says which is in force.</param>
public sealed record RollRule(DateOnly EffectiveFrom, bool RollToWorkday, string Source);

/// <summary>
/// The dated switches of the regulatory statistics: a data file beside <c>rules.json</c>, so that the compliance owner's decision is a new
/// edition of the file.
/// </summary>
/// <param name="Views">Taxonomy id → views of the regulatory workbook (<see cref="RegulatoryViews"/>).</param>
/// <param name="Calendar">Id of the calendar of holidays (<c>calendar.ID.json</c>).</param>
/// <param name="Roll">By the day of receipt; the newest that has begun holds.</param>
/// <param name="PercentMinSignificantDigits">A share that would print with fewer significant digits gets more decimals; 0 switches it off.</param>
/// <param name="Population">Which cases count as complaints.</param>
/// <param name="PreFlight">View → what is checked before filing.</param>
/// <param name="IndustryClass">Class of the bulletin that the bank belongs to (key), or null to print them all without marking one.</param>
public sealed record RegulatoryRules(
    string Version,
    DateOnly EffectiveFrom,
    string Source,
    IReadOnlyDictionary<string, IReadOnlyList<string>> Views,
    string Calendar,
    IReadOnlyList<RollRule> Roll,
    int PercentMinSignificantDigits,
    string? IndustryClass,
    PopulationRules Population,
    IReadOnlyDictionary<string, PreFlightRules> PreFlight)
{
    /// <value>How products and causes map to the lines of the UK's return; null where there is none.</value>
    public UkRules? UnitedKingdom { get; init; }

    public static RegulatoryRules Parse(string json) =>
        JsonSerializer.Deserialize<RegulatoryRules>(json, RuleJson.Whole)
        ?? throw new InvalidDataException("the file of regulatory rules is empty; expected an object with version, effective_from, source and the switches");

    /// <summary>Whether limits of complaints received on the day roll over days off; false before the first rule.</summary>
    public bool RollsOn(DateOnly received)
    {
        // Asked for every complaint of every figure on limits: no sequence is made.
        RollRule? newest = null;
        for (int i = 0; i < Roll.Count; i++)
        {
            if (Roll[i].EffectiveFrom <= received && (newest is null || Roll[i].EffectiveFrom > newest.EffectiveFrom))
            {
                newest = Roll[i];
            }
        }
        return newest?.RollToWorkday ?? false;
    }

    public IReadOnlyList<string> ViewsOf(string taxonomyId) => Views.GetValueOrDefault(taxonomyId) ?? [];
}

/// <summary>A product grouping of the UK's return.</summary>
/// <param name="Business">Business lines (taxonomy keys) that belong to it.</param>
public sealed record UkGroup(string Key, string Zh, string En, IReadOnlyList<string> Business);

/// <summary>A category of cause of the UK's return.</summary>
public sealed record UkCause(string Key, string Zh, string En);

/// <summary>The map to the UK's return (DOMAIN C2.4, C2.5, F3): working defaults that the compliance owner checks.</summary>
/// <param name="Causes">Cause (taxonomy key) → category; see <see cref="CategoryOf"/>.</param>
/// <param name="VulnerableTags">Tags of the source that mark a customer as vulnerable.</param>
/// <param name="FailureTags">Tags that mark a complaint about failure to consider vulnerability.</param>
/// <param name="FailureCauses">Causes that are about it.</param>
public sealed record UkRules(
    string Source, IReadOnlyList<UkGroup> Groups, IReadOnlyList<UkCause> Categories, IReadOnlyDictionary<string, string> Causes,
    IReadOnlyList<string> VulnerableTags, IReadOnlyList<string> FailureTags, IReadOnlyList<string> FailureCauses)
{
    public const string Other = "other";

    /// <value>Category → words of a cause's own name that put it there, for sources that name causes themselves.</value>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> CauseWords { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <value>The firm's reference number for the return's header; null where none is given.</value>
    public string? FirmReferenceNumber { get; init; }

    /// <value>Whether the return is for a group; null where it is not said.</value>
    public bool? GroupReporting { get; init; }

    /// <summary>
    /// The category of a cause: as listed; else the category that the cause is named like; else the first, in the order of the return, of which
    /// the cause's name holds a word; else <see cref="Other"/>.
    /// </summary>
    public string CategoryOf(string cause, ComplaintTaxonomy taxonomy)
    {
        if (Causes.TryGetValue(cause, out string? listed))
        {
            return listed;
        }
        string[] names = [taxonomy.Label(Dimensions.Cause, cause, Language.En), taxonomy.Label(Dimensions.Cause, cause, Language.Zh)];
        return Categories.FirstOrDefault(k => names.Any(n => n.Equals(k.En, StringComparison.OrdinalIgnoreCase) || n.Equals(k.Zh, StringComparison.Ordinal)))?.Key
            ?? Categories.FirstOrDefault(k => CauseWords.TryGetValue(k.Key, out IReadOnlyList<string>? words) && words.Any(w => names.Any(n => n.Contains(w, StringComparison.OrdinalIgnoreCase))))?.Key
            ?? Other;
    }
}

/// <summary>Which regulator's sheets the regulatory workbook has.</summary>
public static class RegulatoryViews
{
    public const string China = "cn";
    public const string UnitedStates = "us";
    public const string UnitedKingdom = "uk";
    public const string Australia = "au";
}

/// <summary>Everything beside the ledger that regulatory figures are made of, pinned with the run.</summary>
public sealed record RegulatoryBook(
    RegulatoryRules Rules, WorkCalendar Calendar, Denominators Denominators, BulletinBook Bulletins, OfficialCodes Codes)
{
    /// <value>Codes of the Australian IDR data file; null where the source has no such view.</value>
    public IdrCodes? Idr { get; init; }

    /// <summary>The last day of a limit: calendar days, the day of receipt not counted; rolled over days off where asked.</summary>
    public DateOnly LastDay(DateOnly received, int limit, bool isRolled) =>
        isRolled ? Calendar.RollForward(received.AddDays(limit)) : received.AddDays(limit);
}
