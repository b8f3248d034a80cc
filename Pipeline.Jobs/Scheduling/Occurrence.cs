using System.Globalization;
using System.Text.RegularExpressions;
using Pipeline.Models.Regulatory;

namespace Pipeline.Jobs.Scheduling;

/// <summary>
/// When a recurring job is due: plain words in English or Chinese, or a cron expression. Pure: the instant after a given one, in a stated
/// time zone, by a stated calendar of working days.
/// </summary>
public abstract record Occurrence(string Text)
{
    /// <summary>The first due instant after <paramref name="after"/>; null where there is none within two years.</summary>
    public abstract DateTimeOffset? Next(DateTimeOffset after, TimeZoneInfo zone, WorkCalendar calendar);

    /// <summary>
    /// The instant of a wall-clock time. A time that the clocks skip is as much later as they skip (02:30 becomes 03:30); of a time that
    /// they show twice the first is meant.
    /// </summary>
    public static DateTimeOffset Instant(DateOnly day, TimeOnly time, TimeZoneInfo zone)
    {
        DateTime local = day.ToDateTime(time, DateTimeKind.Unspecified);
        TimeSpan offset = zone.IsInvalidTime(local) ? zone.GetUtcOffset(local.AddDays(-1))
            : zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max()
            : zone.GetUtcOffset(local);
        return new DateTimeOffset(DateTime.SpecifyKind(local - offset, DateTimeKind.Utc));
    }
}

/// <summary>Again and again, so long after the one before.</summary>
public sealed record EveryInterval(string Text, TimeSpan Interval) : Occurrence(Text)
{
    public override DateTimeOffset? Next(DateTimeOffset after, TimeZoneInfo zone, WorkCalendar calendar) => after + Interval;
}

/// <summary>At a wall-clock time of the days that a rule names.</summary>
public sealed record OnDays(string Text, DayRule Rule, TimeOnly Time) : Occurrence(Text)
{
    private const int Horizon = 750;

    public override DateTimeOffset? Next(DateTimeOffset after, TimeZoneInfo zone, WorkCalendar calendar)
    {
        DateOnly first = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(after, zone).DateTime);
        for (int i = 0; i < Horizon; i++)
        {
            DateOnly day = first.AddDays(i);
            if (Rule.Holds(day, calendar) && Instant(day, Time, zone) is DateTimeOffset at && at > after)
            {
                return at;
            }
        }
        return null;
    }
}

/// <summary>A cron expression of five fields (as Unix has it) or six and seven (as Quartz has it).</summary>
public sealed record ByCron(string Text, Func<DateTimeOffset, TimeZoneInfo, DateTimeOffset?> After) : Occurrence(Text)
{
    public override DateTimeOffset? Next(DateTimeOffset after, TimeZoneInfo zone, WorkCalendar calendar) => After(after, zone);
}

/// <summary>Which days are meant.</summary>
/// <param name="Number">The n-th working day or the day of the month, from 1; -1: the last one.</param>
public sealed record DayRule(DayKind Kind, int Number = 0, DayOfWeek Weekday = DayOfWeek.Sunday)
{
    public bool Holds(DateOnly day, WorkCalendar calendar) => Kind switch
    {
        DayKind.Every => true,
        DayKind.Weekday => day.DayOfWeek == Weekday,
        DayKind.EveryWorkingDay => calendar.IsWorkingDay(day),
        DayKind.WorkingDay when !calendar.IsWorkingDay(day) => false,
        DayKind.WorkingDay when Number > 0 => Days(new DateOnly(day.Year, day.Month, 1), day).Count(calendar.IsWorkingDay) == Number,
        DayKind.WorkingDay => !Days(day.AddDays(1), LastOf(day)).Any(calendar.IsWorkingDay),
        // A month without that day is due on its last one: no month is left out.
        DayKind.DayOfMonth => day.Day == (Number < 0 ? LastOf(day).Day : Math.Min(Number, LastOf(day).Day)),
        _ => throw new ArgumentOutOfRangeException(nameof(day)),
    };

    private static DateOnly LastOf(DateOnly day) => new(day.Year, day.Month, DateTime.DaysInMonth(day.Year, day.Month));

    private static IEnumerable<DateOnly> Days(DateOnly from, DateOnly to)
    {
        for (DateOnly day = from; day <= to; day = day.AddDays(1))
        {
            yield return day;
        }
    }
}

public enum DayKind
{
    Every,
    Weekday,
    EveryWorkingDay,
    WorkingDay,
    DayOfMonth,
}

/// <summary>Reads the words of <see cref="Occurrence"/>.</summary>
public static partial class OccurrenceText
{
    /// <value>What may be written, for messages.</value>
    public const string ExamplesEn = "'every 30 seconds', 'every day 02:00', 'every Monday 07:30', 'every working day 08:00', '3rd working day 06:00', 'last working day 18:00', 'day 5 06:00', 'last day 23:00', or a cron expression such as '0 30 7 ? * MON'";
    public const string ExamplesZh = "'每30秒'、'每天 02:00'、'每周一 07:30'、'每个工作日 08:00'、'第3个工作日 06:00'、'最后一个工作日 18:00'、'每月5日 06:00'、'每月最后一天 23:00'，或 cron 表达式如 '0 30 7 ? * MON'";

    private const string Numerals = "一二三四五六七八九十";
    private static readonly string[] Weekdays = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];

    /// <param name="cron">Reads a cron expression; null where it is none.</param>
    /// <returns>Null where the text is none of these.</returns>
    public static Occurrence? Parse(string text, Func<string, Func<DateTimeOffset, TimeZoneInfo, DateTimeOffset?>?> cron)
    {
        string words = Spaces().Replace(text.Trim().ToLowerInvariant(), " ").Replace('：', ':');
        if (Interval().Match(words) is { Success: true } interval)
        {
            int count = interval.Groups["n"].Value is { Length: > 0 } digits ? int.Parse(digits, CultureInfo.InvariantCulture) : 1;
            TimeSpan unit = interval.Groups["u"].Value[0] switch
            {
                's' or '秒' => TimeSpan.FromSeconds(1),
                'm' or '分' => TimeSpan.FromMinutes(1),
                _ => TimeSpan.FromHours(1),
            };
            return count is >= 1 and <= 10_000 ? new EveryInterval(text, unit * count) : null;
        }
        if (DayAndTime().Match(words) is { Success: true } parts
            && TimeOnly.TryParseExact(parts.Groups["t"].Value, ["H:mm", "HH:mm", "HH:mm:ss"], CultureInfo.InvariantCulture, DateTimeStyles.None, out TimeOnly time)
            && Rule(parts.Groups["d"].Value) is { } rule)
        {
            return new OnDays(text, rule, time);
        }
        return cron(text.Trim()) is { } after ? new ByCron(text, after) : null;
    }

    private static DayRule? Rule(string days)
    {
        if (days is "every day" or "daily" or "每天" or "每日")
        {
            return new DayRule(DayKind.Every);
        }
        if (days is "every working day" or "every workday" or "每个工作日" or "每工作日")
        {
            return new DayRule(DayKind.EveryWorkingDay);
        }
        if (days is "last working day" or "最后一个工作日" or "每月最后一个工作日")
        {
            return new DayRule(DayKind.WorkingDay, -1);
        }
        if (days is "last day" or "最后一天" or "每月最后一天" or "月末")
        {
            return new DayRule(DayKind.DayOfMonth, -1);
        }
        if (NthWorkingDay().Match(days) is { Success: true } nth)
        {
            return Number(nth.Groups["n"].Value) is >= 1 and <= 20 and int number ? new DayRule(DayKind.WorkingDay, number) : null;
        }
        if (DayOfMonth().Match(days) is { Success: true } of)
        {
            return Number(of.Groups["n"].Value) is >= 1 and <= 31 and int number ? new DayRule(DayKind.DayOfMonth, number) : null;
        }
        if (EveryWeekday().Match(days) is { Success: true } weekday)
        {
            string name = weekday.Groups["w"].Value;
            int index = name.Length == 1 ? "日一二三四五六".IndexOf(name == "天" ? '日' : name[0], StringComparison.Ordinal) : Array.IndexOf(Weekdays, name);
            return index >= 0 ? new DayRule(DayKind.Weekday, Weekday: (DayOfWeek)index) : null;
        }
        return null;
    }

    /// <summary>Digits, or a Chinese numeral from 一 to 三十一.</summary>
    private static int? Number(string text)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int digits))
        {
            return digits;
        }
        int ten = text.IndexOf('十', StringComparison.Ordinal);
        if (ten < 0)
        {
            return text.Length == 1 && Numerals.IndexOf(text[0], StringComparison.Ordinal) is >= 0 and int one ? one + 1 : null;
        }
        int tens = ten == 0 ? 1 : Numerals.IndexOf(text[0], StringComparison.Ordinal) + 1;
        int ones = ten == text.Length - 1 ? 0 : Numerals.IndexOf(text[ten + 1], StringComparison.Ordinal) + 1;
        return tens > 0 ? (tens * 10) + ones : null;
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();

    [GeneratedRegex(@"^(?:every ?(?<n>\d+)? ?(?<u>seconds?|minutes?|hours?)|每隔? ?(?<n>\d+)? ?个?(?<u>秒钟?|分钟|小时))$")]
    private static partial Regex Interval();

    [GeneratedRegex(@"^(?<d>.+?) ?(?:(?<= )at )?(?<t>(?<![\d:])\d{1,2}:\d{2}(?::\d{2})?)$")]
    private static partial Regex DayAndTime();

    [GeneratedRegex(@"^(?:(?:working day|workday) (?<n>\d{1,2})|(?<n>\d{1,2})(?:st|nd|rd|th) (?:working day|workday)|(?:每月)?第 ?(?<n>[一二三四五六七八九十\d]{1,3}) ?个?工作日)$")]
    private static partial Regex NthWorkingDay();

    [GeneratedRegex(@"^(?:(?:every )?day (?<n>\d{1,2})|(?<n>\d{1,2})(?:st|nd|rd|th) day|每月 ?(?<n>[一二三四五六七八九十\d]{1,3}) ?[日号])$")]
    private static partial Regex DayOfMonth();

    [GeneratedRegex(@"^(?:every (?<w>monday|tuesday|wednesday|thursday|friday|saturday|sunday)|每(?:周|星期|礼拜) ?(?<w>[一二三四五六日天]))$")]
    private static partial Regex EveryWeekday();
}
