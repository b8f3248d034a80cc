using Pipeline.Models.Complaints;

namespace Pipeline.Models.Regulatory;

/// <summary>A complaint as it stood at the end of the period.</summary>
/// <param name="IsEnded">Closed or withdrawn by then; what happened later belongs to the next file.</param>
public sealed record IdrLine(ComplaintFact Fact, bool IsEnded)
{
    /// <value>The day it ended; null while open, and where the source does not state it.</value>
    public DateOnly? Ended => IsEnded ? Fact.Closed : null;
}

/// <summary>Which complaints a period's file holds.</summary>
/// <param name="Lines">In order of receipt.</param>
/// <param name="DayUnknown">Lines that ended on a day that the source does not state: received in the period, taken as ended in it.</param>
/// <param name="LeftOut">Received before the period, ended on a day that is not known and taken as ended before it, as the opening stock of the figures does.</param>
public sealed record IdrSelection(IReadOnlyList<IdrLine> Lines, IReadOnlyList<ComplaintFact> DayUnknown, IReadOnlyList<ComplaintFact> LeftOut);

/// <summary>The elements of the Australian IDR data file (DOMAIN D4, D5) and what the ledger has of each.</summary>
public static class IdrReturn
{
    public const string NotStated = "not_stated";
    public const string NotCollected = "not_collected";

    /// <value>Coded elements; each value of the ledger needs a code.</value>
    public static IReadOnlyList<string> Elements { get; } =
        ["brand", "complainant_type", "gender", "age", "postcode", "status", "channel", "about_representative", "product", "issue", "outcome"];

    /// <value>Elements that exports do not state of the complainant and that firms may leave out (DOMAIN D4): blank where the table has no code for it.</value>
    public static IReadOnlyList<string> Optional { get; } = ["gender", "age", "postcode"];

    /// <value>Elements of which a complaint may have several (DOMAIN D4).</value>
    public static IReadOnlyList<string> Repeatable { get; } = ["product", "issue", "outcome"];

    /// <param name="facts">Complaints with labels decided; what is no complaint is left out.</param>
    /// <param name="from">First day of the period.</param>
    /// <param name="to">Last day of the period.</param>
    public static IdrSelection Select(IEnumerable<ComplaintFact> facts, DateOnly from, DateOnly to)
    {
        List<IdrLine> lines = [];
        List<ComplaintFact> leftOut = [];
        foreach (ComplaintFact fact in facts.Where(f => f.Exclusion is null && f.Received <= to).OrderBy(f => f.Received).ThenBy(f => f.CaseNumber, StringComparer.Ordinal))
        {
            bool isDayUnknown = fact.Closed is null && fact.Status != "open";
            if (fact.Received >= from || (fact.Closed is { } closed ? closed >= from : !isDayUnknown))
            {
                lines.Add(new IdrLine(fact, isDayUnknown || fact.Closed <= to));
            }
            else if (isDayUnknown)
            {
                leftOut.Add(fact);
            }
        }
        return new IdrSelection(lines, [.. lines.Where(l => l.IsEnded && l.Ended is null).Select(l => l.Fact)], leftOut);
    }

    /// <summary>The value of a coded element; null where it does not apply (the outcome of an open complaint).</summary>
    public static string? Value(IdrLine line, string element) => element switch
    {
        "brand" => line.Fact.Branch ?? NotStated,
        "status" => line.IsEnded ? "closed" : "open",
        "channel" => line.Fact.Channel ?? NotStated,
        "product" => line.Fact.Business.Class ?? NotStated,
        "issue" => line.Fact.Cause.Class ?? NotStated,
        "outcome" => line.IsEnded ? Outcome(line.Fact) : null,
        "complainant_type" or "gender" or "age" or "postcode" or "about_representative" => NotCollected,
        _ => throw new ArgumentOutOfRangeException(nameof(element), element, "not an element of the file"),
    };

    /// <summary>Element and value pairs of the lines that the table has no code for, with how many lines need each.</summary>
    public static IReadOnlyDictionary<(string Element, string Value), int> Unmapped(IEnumerable<IdrLine> lines, IdrCodes codes)
    {
        Dictionary<(string, string), int> missing = [];
        foreach (IdrLine line in lines)
        {
            foreach (string element in Elements)
            {
                if (Value(line, element) is { } value && codes.Of(element, value) is null && !Optional.Contains(element))
                {
                    missing[(element, value)] = missing.GetValueOrDefault((element, value)) + 1;
                }
            }
        }
        return missing;
    }

    /// <summary>What came of an ended complaint, as far as the ledger tells.</summary>
    private static string Outcome(ComplaintFact fact) => fact switch
    {
        { Status: "withdrawn" } => "withdrawn",
        { Compensation: > 0 } => "monetary_remedy",
        { IsLiable: true } => "upheld_without_money",
        { IsLiable: false } => "no_remedy",
        _ => "explanation",
    };
}
