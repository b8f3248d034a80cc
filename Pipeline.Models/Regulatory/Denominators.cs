using Pipeline.Models.Complaints;

namespace Pipeline.Models.Regulatory;

/// <summary>Outlets and personal customers of one branch from a month on, for three months or until its next entry.</summary>
/// <param name="Outlets">1 or more.</param>
/// <param name="PersonalCustomers">1 or more.</param>
public sealed record DenominatorEntry(ReportingMonth From, string Branch, long Outlets, long PersonalCustomers);

/// <summary>
/// What complaints are set against: outlets and personal customers by branch and quarter. An entry holds for the quarter that it opens
/// (its month and the two after it); a branch whose newest entry is older has none, and a figure of it is not defined.
/// </summary>
/// <param name="Entries">In any order; one per branch and month.</param>
/// <param name="Sha256">Of the file that was loaded; null where none was.</param>
public sealed record Denominators(IReadOnlyList<DenominatorEntry> Entries, string? Sha256)
{
    public const string Outlets = "outlets";
    public const string PersonalCustomers = "personal_customers";

    /// <summary>Months that an entry holds for.</summary>
    public const int MonthsOfEntry = 3;

    public static Denominators None { get; } = new([], null);

    public IReadOnlyList<string> Branches => [.. Entries.Select(e => e.Branch).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>The entry that holds in the month, or null.</summary>
    public DenominatorEntry? InForce(string branch, ReportingMonth month) => Entries
        .Where(e => e.Branch == branch && e.From <= month && month.MonthsSince(e.From) < MonthsOfEntry)
        .MaxBy(e => e.From);

    /// <summary>Branches that have entries, but none for the month.</summary>
    public IReadOnlyList<string> Missing(ReportingMonth month) => [.. Branches.Where(b => InForce(b, month) is null)];

    /// <summary>
    /// Stretches of months, between the first entry and the end of the last, in which branches have none: there the bank's number, and that
    /// of the branches named, is not defined.
    /// </summary>
    public IReadOnlyList<DenominatorGap> Gaps()
    {
        List<DenominatorGap> gaps = [];
        if (Entries.Count == 0)
        {
            return gaps;
        }
        ReportingMonth end = Entries.Max(e => e.From).Add(MonthsOfEntry);
        for (ReportingMonth month = Entries.Min(e => e.From); month < end; month = month.Add(1))
        {
            IReadOnlyList<string> missing = Missing(month);
            if (missing.Count > 0 && gaps is [.., { } last] && last.Through.Add(1) == month && last.Branches.SequenceEqual(missing, StringComparer.Ordinal))
            {
                gaps[^1] = last with { Through = month };
            }
            else if (missing.Count > 0)
            {
                gaps.Add(new DenominatorGap(month, month, missing));
            }
        }
        return gaps;
    }

    /// <summary>The number of a branch in the month, or of all branches (null); null where an entry is missing.</summary>
    /// <param name="name"><see cref="Outlets"/> or <see cref="PersonalCustomers"/>.</param>
    public long? Of(string name, string? branch, ReportingMonth month)
    {
        if (branch is not null)
        {
            return InForce(branch, month) is { } entry ? Number(entry, name) : null;
        }
        long sum = 0;
        foreach (string one in Branches)
        {
            if (InForce(one, month) is not { } entry)
            {
                return null;
            }
            sum += Number(entry, name);
        }
        return sum == 0 ? null : sum;
    }

    private static long Number(DenominatorEntry entry, string name) => name switch
    {
        Outlets => entry.Outlets,
        PersonalCustomers => entry.PersonalCustomers,
        _ => throw new ArgumentException($"'{name}' is no denominator; expected {Outlets} or {PersonalCustomers}", nameof(name)),
    };
}

/// <summary>Months, both ends included, in which branches have no entry.</summary>
public sealed record DenominatorGap(ReportingMonth From, ReportingMonth Through, IReadOnlyList<string> Branches);
