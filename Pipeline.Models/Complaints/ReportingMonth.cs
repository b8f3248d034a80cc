using System.Globalization;

namespace Pipeline.Models.Complaints;

/// <summary>
/// A calendar month that figures are reported for. Closed interval: the first and the last day both belong to it, because
/// complaint exports carry dates without times.
/// </summary>
/// <remarks><c>default</c> is the month 0001-01, which no export reaches.</remarks>
public readonly record struct ReportingMonth : IComparable<ReportingMonth>
{
    private readonly int index; // months since 0001-01

    /// <param name="year">1 to 9999.</param>
    /// <param name="month">1 to 12.</param>
    public ReportingMonth(int year, int month)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(year, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(year, 9999);
        ArgumentOutOfRangeException.ThrowIfLessThan(month, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(month, 12);
        index = ((year - 1) * 12) + month - 1;
    }

    public int Year => (index / 12) + 1;

    /// <value>1 to 12.</value>
    public int Month => (index % 12) + 1;

    public DateOnly FirstDay => new(Year, Month, 1);

    public DateOnly LastDay => FirstDay.AddMonths(1).AddDays(-1);

    public static ReportingMonth Of(DateOnly date) => new(date.Year, date.Month);

    public ReportingMonth Add(int months)
    {
        int target = index + months;
        return new ReportingMonth((target / 12) + 1, (target % 12) + 1);
    }

    /// <summary>Months from <paramref name="earlier"/> to this one; negative when this one is earlier.</summary>
    public int MonthsSince(ReportingMonth earlier) => index - earlier.index;

    public bool Contains(DateOnly date) => date.Year == Year && date.Month == Month;

    /// <summary>Reads <c>yyyy-MM</c>.</summary>
    public static bool TryParse(string? text, out ReportingMonth month)
    {
        if (DateOnly.TryParseExact(text, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly first))
        {
            month = Of(first);
            return true;
        }
        month = default;
        return false;
    }

    public int CompareTo(ReportingMonth other) => index.CompareTo(other.index);

    public static bool operator <(ReportingMonth left, ReportingMonth right) => left.index < right.index;

    public static bool operator >(ReportingMonth left, ReportingMonth right) => left.index > right.index;

    public static bool operator <=(ReportingMonth left, ReportingMonth right) => left.index <= right.index;

    public static bool operator >=(ReportingMonth left, ReportingMonth right) => left.index >= right.index;

    public override string ToString() => FirstDay.ToString("yyyy-MM", CultureInfo.InvariantCulture);
}
