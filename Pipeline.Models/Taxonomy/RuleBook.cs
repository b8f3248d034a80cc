using System.Text.Json;
using Pipeline.Models.Flags.Groups;
using Pipeline.Models.Measures.Series;

namespace Pipeline.Models.Taxonomy;

/// <summary>Time limits of Order 2020 No.3 art. 18 (DOMAIN A2.7): calendar days, the day of receipt not counted.</summary>
public sealed record TimeLimits(int First, int Extended, int Final);

/// <summary>
/// The dated working rules: windows, limits and thresholds. A data file, so that a change of the rules is a new edition of the
/// file and not of the program. Each member states its unit in its name.
/// </summary>
/// <param name="LabelPrecedence">Whose label a figure uses, first wins: <c>analyst</c>, <c>reported</c> (coded in the export and valid), <c>predicted</c>.</param>
/// <param name="ReviewBelowProbability">A prediction below this probability (0 to 1) is marked for review.</param>
/// <param name="RepeatWindowCalendarDays">Windows that repeats are counted for, ascending.</param>
/// <param name="RepeatWindowDefaultCalendarDays">The window that a repeat flag uses where none is named.</param>
/// <param name="MatterTextSimilarity">Two texts of one person at least this alike (0 to 1) are one matter.</param>
/// <param name="SharedPhoneMinPersons">A phone or e-mail used by this many differently named persons identifies nobody.</param>
/// <param name="AllowedRejectedShare">Above this share of rejected rows (0 to 1) a person must look (exit code 3).</param>
/// <param name="PercentPolicy"><c>plain</c> or <c>largest_remainder</c>.</param>
/// <param name="SmallCellBelow">Outward tables suppress counts below this number.</param>
public sealed record RuleBook(
    string Version,
    DateOnly EffectiveFrom,
    string Source,
    IReadOnlyList<string> LabelPrecedence,
    double ReviewBelowProbability,
    IReadOnlyList<int> RepeatWindowCalendarDays,
    int RepeatWindowDefaultCalendarDays,
    double MatterTextSimilarity,
    int SharedPhoneMinPersons,
    TimeLimits TimeLimitCalendarDays,
    double AllowedRejectedShare,
    string PercentPolicy,
    int PercentDecimals,
    int SmallCellBelow,
    int RetentionYears)
{
    /// <value>When many persons with one matter are a group.</value>
    public GroupRules Group { get; init; } = GroupRules.Default;

    /// <value>How monthly series are judged.</value>
    public SeriesRules Trend { get; init; } = SeriesRules.Default;

    /// <value>When a matter that comes up suddenly at many places is listed.</value>
    public WideRiseRules WideRise { get; init; } = WideRiseRules.Default;

    /// <value>Cases that the team can look at in a month: where the priority list is cut; 1 or more.</value>
    public int PriorityCapacity { get; init; } = 40;

    /// <value>Complaints of one person about one matter that arrive through two channels within so many calendar days, with texts alike, are proposed as one.</value>
    public int TwoChannelsCalendarDays { get; init; } = 7;

    /// <value>A month with fewer than this part (0 to 1) of the usual number of complaints breaks the intake: the ledger begins behind it. See <see cref="Measures.LedgerStart"/>.</value>
    public double ContinuousIntakeShare { get; init; } = 0.1;

    public static RuleBook Parse(string json) =>
        JsonSerializer.Deserialize<RuleBook>(json, RuleJson.Whole)
        ?? throw new InvalidDataException("the rule file is empty; expected an object with version, effective_from, source and the thresholds");
}
