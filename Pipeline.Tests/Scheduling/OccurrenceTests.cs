using System.Globalization;
using Pipeline.Jobs.Rules;
using Pipeline.Jobs.Scheduling;
using Pipeline.Models.Complaints;
using Pipeline.Models.Regulatory;

namespace Pipeline.Tests.Scheduling;

public sealed class OccurrenceTests
{
    private static readonly WorkCalendar Calendar = RuleFiles.Load("/nowhere", "calendar.cn.json", WorkCalendar.Parse).Value;
    private static readonly TimeZoneInfo Shanghai = TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai");
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    [Theory]
    [InlineData("3rd working day 06:00", "第3个工作日 06:00", "2026-10-01", "2026-10-10 06:00")] // holidays to the 7th; Thursday 8, Friday 9, Saturday 10 is worked
    [InlineData("working day 1 06:00", "每月第一个工作日 06:00", "2026-02-01", "2026-02-02 06:00")]
    [InlineData("last working day 18:00", "最后一个工作日 18:00", "2026-09-01", "2026-09-30 18:00")]
    [InlineData("every Monday 07:30", "每周一 07:30", "2026-11-24", "2026-11-30 07:30")]
    [InlineData("every Sunday 07:30", "每周日 07:30", "2026-11-24", "2026-11-29 07:30")]
    [InlineData("every day 02:00", "每天 02:00", "2026-12-31", "2026-12-31 02:00")]
    [InlineData("every working day 08:00", "每个工作日 08:00", "2026-10-01", "2026-10-08 08:00")]
    [InlineData("day 31 06:00", "每月31日 06:00", "2026-02-01", "2026-02-28 06:00")] // a short month is due on its last day
    [InlineData("last day 23:00", "每月最后一天 23:00", "2028-02-01", "2028-02-29 23:00")]
    [InlineData("day 5 06:00", "每月五日 06:00", "2026-12-06", "2027-01-05 06:00")]
    public void The_same_words_in_both_languages_name_the_same_instant(string english, string chinese, string after, string expected)
    {
        DateTimeOffset from = Local(after + " 00:00", Shanghai);
        Assert.Equal(Local(expected, Shanghai), Next(english, from, Shanghai));
        Assert.Equal(Local(expected, Shanghai), Next(chinese, from, Shanghai));
    }

    [Theory]
    [InlineData("every 30 seconds", 30)]
    [InlineData("每30秒", 30)]
    [InlineData("every minute", 60)]
    [InlineData("每隔5分钟", 300)]
    [InlineData("every 2 hours", 7200)]
    public void An_interval_is_read_in_both_languages(string words, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Assert.IsType<EveryInterval>(Parse(words)).Interval);

    [Theory]
    [InlineData("0 30 7 ? * MON")]
    [InlineData("30 7 * * 1")]
    public void A_cron_expression_of_either_kind_names_what_the_words_name(string cron)
    {
        DateTimeOffset from = Local("2026-11-24 00:00", Shanghai);
        Assert.Equal(Next("every Monday 07:30", from, Shanghai), Next(cron, from, Shanghai));
    }

    [Theory]
    [InlineData("whenever")]
    [InlineData("25th working day 06:00")]
    [InlineData("every Monday 25:00")]
    [InlineData("每月32日 06:00")]
    [InlineData("61 * * * *")]
    [InlineData("0 0 6 ? * FUNDAY")]
    [InlineData("")]
    public void What_is_no_time_is_not_read(string words) => Assert.Null(OccurrenceText.Parse(words, QuartzCron.After));

    [Fact]
    public void A_time_that_the_clocks_skip_comes_once_as_much_later_and_one_shown_twice_comes_the_first_time()
    {
        // Clocks in Berlin go from 02:00 to 03:00 on 2026-03-29 and from 03:00 back to 02:00 on 2026-10-25.
        Assert.Equal(DateTimeOffset.Parse("2026-03-29T01:30:00Z", null), Next("every day 02:30", DateTimeOffset.Parse("2026-03-28T12:00:00Z", null), Berlin));
        DateTimeOffset first = Next("every day 02:30", DateTimeOffset.Parse("2026-10-24T12:00:00Z", null), Berlin);
        Assert.Equal(DateTimeOffset.Parse("2026-10-25T00:30:00Z", null), first);
        Assert.Equal(DateTimeOffset.Parse("2026-10-26T01:30:00Z", null), Next("every day 02:30", first, Berlin));
    }

    [Fact]
    public void Through_four_years_each_month_has_exactly_one_third_working_day_and_each_day_one_slot()
    {
        DateTimeOffset end = Local("2028-01-01 00:00", Berlin);
        List<DateTimeOffset> thirds = All("3rd working day 02:30", Local("2024-01-01 00:00", Berlin), end);
        Assert.Equal(48, thirds.Select(t => ReportingMonth.Of(DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(t, Berlin).DateTime))).Distinct().Count());
        Assert.Equal(48, thirds.Count);
        List<DateTimeOffset> days = All("every day 02:30", Local("2024-01-01 00:00", Berlin), end);
        Assert.Equal((int)(new DateOnly(2028, 1, 1).DayNumber - new DateOnly(2024, 1, 1).DayNumber), days.Count);
        Assert.Equal(days.Count, days.Select(t => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(t, Berlin).DateTime)).Distinct().Count());
    }

    private static List<DateTimeOffset> All(string words, DateTimeOffset from, DateTimeOffset to)
    {
        List<DateTimeOffset> all = [];
        for (DateTimeOffset at = Next(words, from, Berlin); at < to; at = Next(words, at, Berlin))
        {
            all.Add(at);
        }
        return all;
    }

    private static Occurrence? Parse(string words) => OccurrenceText.Parse(words, QuartzCron.After);

    private static DateTimeOffset Next(string words, DateTimeOffset after, TimeZoneInfo zone) =>
        (Parse(words) ?? throw new InvalidOperationException($"'{words}' is not read")).Next(after, zone, Calendar)!.Value;

    private static DateTimeOffset Local(string text, TimeZoneInfo zone)
    {
        DateTime local = DateTime.ParseExact(text, "yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
        return new DateTimeOffset(local, zone.GetUtcOffset(local));
    }
}
