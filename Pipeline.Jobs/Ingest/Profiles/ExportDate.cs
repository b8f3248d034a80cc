using System.Globalization;
using System.Text.RegularExpressions;

namespace Pipeline.Jobs.Ingest.Profiles;

/// <summary>The day on which an export was made. It decides which of two states of a case is the later one.</summary>
public static partial class ExportDate
{
    /// <summary>
    /// The date that a file name states: the last full date in it; else the last month in it, taken as the month's last day plus
    /// <paramref name="graceDays"/>. Null where the name states neither.
    /// </summary>
    /// <param name="name">File name with or without folder and ending.</param>
    /// <param name="graceDays">Days after the end of the month on which monthly exports of this kind are made.</param>
    public static DateOnly? FromName(string name, int graceDays)
    {
        string file = name[(name.LastIndexOfAny(['/', '\\']) + 1)..];
        DateOnly? day = null;
        foreach (Match match in Day().Matches(file))
        {
            string text = match.Groups["y"].Value + match.Groups["m"].Value + match.Groups["d"].Value;
            if (DateOnly.TryParseExact(text, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly found))
            {
                day = found;
            }
        }
        if (day is not null)
        {
            return day;
        }
        DateOnly? month = null;
        foreach (Match match in Month().Matches(file))
        {
            DateOnly first = new(int.Parse(match.Groups["y"].Value), int.Parse(match.Groups["m"].Value), 1);
            month = first.AddMonths(1).AddDays(graceDays - 1);
        }
        return month;
    }

    [GeneratedRegex("(?<![0-9])(?<y>(?:19|20)[0-9]{2})[-_.年]?(?<m>0[1-9]|1[0-2])[-_.月]?(?<d>0[1-9]|[12][0-9]|3[01])(?![0-9])")]
    private static partial Regex Day();

    [GeneratedRegex("(?<![0-9])(?<y>(?:19|20)[0-9]{2})[-_.年]?(?<m>0[1-9]|1[0-2])(?![0-9])")]
    private static partial Regex Month();
}
