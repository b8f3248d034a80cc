using Pipeline.Models.Complaints;
using Pipeline.Models.Regulatory;
using Pipeline.Models.Text;

namespace Pipeline.Models.Measures;

/// <summary>The units of figures, used alike in JSON, SQL and sheets.</summary>
public static class Units
{
    public const string Complaints = "complaints";

    /// <summary>0 to 1.</summary>
    public const string Share = "share";

    /// <summary>0 to 1, of a number so large that the share is small: complaints of customers.</summary>
    public const string Rate = "rate";

    public const string Persons = "persons";

    /// <summary>Calendar days.</summary>
    public const string Days = "days";

    public const string Yuan = "yuan";

    /// <summary>How <see cref="Yuan"/>, the unit of all amounts in figures, is printed of a source whose amounts are US dollars.</summary>
    public const string UsDollars = "usd";

    public const string Per1000Outlets = "per_1000_outlets";

    public const string Per10MCustomers = "per_10m_customers";

    public const string Per10KCustomers = "per_10k_customers";

    /// <summary>Complaints by outlet and month.</summary>
    public const string PerOutletMonth = "per_outlet_month";
}

/// <summary>How a measure makes one number of complaints.</summary>
public enum MeasureKind
{
    /// <summary>How many complaints meet the numerator's condition.</summary>
    Count,

    /// <summary>Numerator ÷ denominator, both counts; not defined where the denominator is empty.</summary>
    Share,

    /// <summary>The sum of a value over the complaints that state one.</summary>
    Sum,

    /// <summary>The statistical median of a value over the complaints that state one; the mean of the middle two where even.</summary>
    Median,

    /// <summary>How many different complainants; complaints without a known complainant count one each.</summary>
    DistinctPersons,

    /// <summary>Numerator set against outlets or customers, see <see cref="BaseNumber"/>; not defined where the denominators miss.</summary>
    PerBase,
}

/// <summary>Which complaints a measure looks at.</summary>
public enum MeasureBasis
{
    /// <summary>Those received in the period.</summary>
    Received,

    /// <summary>Those that were handled in the period: received in it, or still open when it began.</summary>
    Handled,

    /// <summary>Those received in the period that are no complaints by the rules in force; no other measure sees them.</summary>
    Excluded,
}

/// <summary>What a measure of <see cref="MeasureKind.PerBase"/> is set against.</summary>
/// <param name="Name">See <see cref="Denominators"/>.</param>
/// <param name="Multiplier">1000 for "per 1,000".</param>
/// <param name="IsPerMonth">Divided by the months of the period too.</param>
public sealed record BaseNumber(string Name, long Multiplier, bool IsPerMonth = false);

/// <summary>What a condition may look at beside the complaint itself.</summary>
/// <param name="AsOf">The day the newest export in the ledger was made.</param>
/// <param name="Limits">The time limits in force.</param>
public sealed record MeasureContext(DateOnly AsOf, Taxonomy.TimeLimits Limits)
{
    /// <value>Calendar, switches and denominators; null for figures that need none of them.</value>
    public RegulatoryBook? Book { get; init; }

    /// <value>The period that is counted.</value>
    public FigurePeriod Period { get; init; }

    /// <summary>The last day of a limit, by the rule in force for complaints of that day.</summary>
    public DateOnly LastDay(DateOnly received, int limit) => Book?.LastDay(received, limit, Book.Rules.RollsOn(received)) ?? received.AddDays(limit);

    /// <summary>The last day of a limit that rolls over days off; without a calendar as if no day were one.</summary>
    public DateOnly RolledLastDay(DateOnly received, int limit) => Book?.LastDay(received, limit, isRolled: true) ?? received.AddDays(limit);
}

/// <summary>A named, defined way to make a number of complaints.</summary>
/// <param name="Key">snake_case, used alike in figure keys, SQL and JSON.</param>
/// <param name="Counted">The condition of the numerator; for <see cref="MeasureKind.Share"/> looked at only where <paramref name="Base"/> holds.</param>
/// <param name="Base">The condition of the denominator, or null for every complaint.</param>
/// <param name="Value">The value that is added up or put in order, or null.</param>
public sealed record Measure(
    string Key,
    MeasureKind Kind,
    string Unit,
    Bilingual Name,
    Bilingual Definition,
    Func<ComplaintFact, MeasureContext, bool> Counted,
    Func<ComplaintFact, MeasureContext, bool>? Base = null,
    Func<ComplaintFact, decimal?>? Value = null)
{
    public MeasureBasis Basis { get; init; }

    /// <value>Planned only where the taxonomy has this view; null for every run.</value>
    public string? View { get; init; }

    /// <value>The Chinese rule that the measure rests on, as a sentence; null where it rests on none. See <see cref="MeasureWords"/>.</value>
    public Bilingual? ChineseRule { get; init; }

    /// <value>Its words name a business line or a cause, which sources call by other names. See <see cref="MeasureWords"/>.</value>
    public bool NamesDimension { get; init; }

    /// <value>For <see cref="MeasureKind.PerBase"/>; otherwise null.</value>
    public BaseNumber? Per { get; init; }

    /// <value>What the source must state: without it the figure is not known, which is not nought. See <see cref="KnownEvidence"/>.</value>
    public Evidence Needs { get; init; }

    /// <value>What it needs beside <see cref="Needs"/> by the rules in force; null: nothing.</value>
    public Func<RegulatoryBook?, Evidence>? NeedsByRules { get; init; }
}
