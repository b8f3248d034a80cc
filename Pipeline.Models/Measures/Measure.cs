using Pipeline.Models.Complaints;
using Pipeline.Models.Text;

namespace Pipeline.Models.Measures;

/// <summary>The units of figures, used alike in JSON, SQL and sheets.</summary>
public static class Units
{
    public const string Complaints = "complaints";

    /// <summary>0 to 1.</summary>
    public const string Share = "share";

    public const string Persons = "persons";

    /// <summary>Calendar days.</summary>
    public const string Days = "days";

    public const string Yuan = "yuan";
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
}

/// <summary>What a condition may look at beside the complaint itself.</summary>
/// <param name="AsOf">The day the newest export in the ledger was made.</param>
/// <param name="Limits">The time limits in force.</param>
public sealed record MeasureContext(DateOnly AsOf, Taxonomy.TimeLimits Limits);

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
    Func<ComplaintFact, decimal?>? Value = null);
