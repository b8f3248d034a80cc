using System.Globalization;

namespace Pipeline.Jobs.Ingest.Cleaning;

/// <summary>What became of a date cell.</summary>
public enum DateState
{
    Absent,
    Valid,

    /// <summary>It has the form of a date, but there is no such day (30 February, month 13).</summary>
    Impossible,

    /// <summary>It has no form of a date.</summary>
    Unreadable,
}

/// <param name="Date">Only where <paramref name="State"/> is <see cref="DateState.Valid"/>.</param>
public readonly record struct DateReading(DateState State, DateOnly Date);

/// <summary>
/// Reads the dates of one export. yyyy-MM-dd is always read; further formats come from the profile. A time of day behind the date is
/// dropped. Nothing is repaired: 30 February is no day, not 2 March.
/// </summary>
public sealed class DateReader
{
    /// <summary>Days since 1899-12-30, as a text export of a workbook shows a date that lost its format.</summary>
    public const string ExcelSerial = "excel_serial";

    /// <summary>Day/month/year or month/day/year, whichever the first rows prove; neither where they prove nothing.</summary>
    public const string SlashBySample = "slash_by_sample";

    private const int FirstSerial = 20_000; // 1954-10-03
    private const int LastSerial = 80_000; // 2119-01-11

    private readonly string[] formats;
    private readonly bool readsSerials;

    /// <param name="slashFormat">What <see cref="SlashBySample"/> stands for in this file, or null.</param>
    public DateReader(IEnumerable<string> formats, string? slashFormat = null)
    {
        List<string> given = [.. formats];
        readsSerials = given.Remove(ExcelSerial);
        int sampled = given.IndexOf(SlashBySample);
        if (sampled >= 0)
        {
            given.RemoveAt(sampled);
            if (slashFormat is not null)
            {
                given.Insert(sampled, slashFormat);
            }
        }
        this.formats = [.. given];
    }

    public DateReading Read(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
        {
            return new DateReading(DateState.Absent, default);
        }
        if (TryIso(text, out DateReading iso))
        {
            return iso;
        }
        ReadOnlySpan<char> day = WithoutTime(text);
        foreach (string format in formats)
        {
            if (DateOnly.TryParseExact(day, format, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly date))
            {
                return new DateReading(DateState.Valid, date);
            }
        }
        if (readsSerials && int.TryParse(day, NumberStyles.None, CultureInfo.InvariantCulture, out int serial) && serial is >= FirstSerial and <= LastSerial)
        {
            return new DateReading(DateState.Valid, new DateOnly(1899, 12, 30).AddDays(serial));
        }
        return new DateReading(LooksLikeDate(day) ? DateState.Impossible : DateState.Unreadable, default);
    }

    /// <summary>Which of the two slash formats the cells prove, or null where none has a part above 12 or they contradict each other.</summary>
    public static string? SlashFormat(IEnumerable<string> cells)
    {
        bool dayFirst = false;
        bool monthFirst = false;
        foreach (string cell in cells)
        {
            string[] parts = WithoutTime(cell.AsSpan().Trim()).ToString().Split('/');
            if (parts is [{ Length: 1 or 2 } first, { Length: 1 or 2 } second, { Length: 4 }]
                && int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out int a)
                && int.TryParse(second, NumberStyles.None, CultureInfo.InvariantCulture, out int b))
            {
                dayFirst |= a is > 12 and <= 31 && b <= 12;
                monthFirst |= b is > 12 and <= 31 && a <= 12;
            }
        }
        return dayFirst == monthFirst ? null : dayFirst ? "d/M/yyyy" : "M/d/yyyy";
    }

    private static bool TryIso(ReadOnlySpan<char> text, out DateReading reading)
    {
        reading = default;
        if (text.Length < 10 || text[4] != '-' || text[7] != '-' || (text.Length > 10 && text[10] is not (' ' or 'T')))
        {
            return false;
        }
        if (!Digits(text[..4], out int year) || !Digits(text[5..7], out int month) || !Digits(text[8..10], out int day))
        {
            return false;
        }
        reading = year >= 1 && month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month)
            ? new DateReading(DateState.Valid, new DateOnly(year, month, day))
            : new DateReading(DateState.Impossible, default);
        return true;
    }

    private static bool Digits(ReadOnlySpan<char> text, out int value) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);

    private static ReadOnlySpan<char> WithoutTime(ReadOnlySpan<char> text)
    {
        int colon = text.IndexOf(':');
        if (colon < 0)
        {
            return text;
        }
        int cut = text[..colon].LastIndexOfAny(' ', 'T', '\t');
        return cut > 0 ? text[..cut].Trim() : text;
    }

    /// <summary>
    /// Three groups of digits, one of them with four, or a run of eight digits: the form of a date. A year at the end is one only where a
    /// format has it there: 10/01/2026 in an export of years first is no day that does not exist, but a form that was not agreed.
    /// </summary>
    private bool LooksLikeDate(ReadOnlySpan<char> text)
    {
        int groups = 0;
        int length = 0;
        int longest = 0;
        int first = 0;
        foreach (char c in text)
        {
            if (char.IsAsciiDigit(c))
            {
                groups += length == 0 ? 1 : 0;
                length++;
                longest = Math.Max(longest, length);
                first = groups == 1 ? length : first;
            }
            else if (c is '-' or '/' or '.' or '年' or '月' or '日' or ' ')
            {
                length = 0;
            }
            else
            {
                return false;
            }
        }
        bool isKnownOrder = first == 4;
        foreach (string format in formats)
        {
            isKnownOrder |= !format.StartsWith('y') && text.Contains(format.FirstOrDefault(c => c is '-' or '/' or '.'));
        }
        return (groups == 3 && longest == 4 && isKnownOrder) || (groups == 1 && longest == 8);
    }
}
