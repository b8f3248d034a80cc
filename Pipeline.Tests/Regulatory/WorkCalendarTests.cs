using Pipeline.Jobs.Regulatory;
using Pipeline.Jobs.Rules;
using Pipeline.Models.Complaints;
using Pipeline.Models.Measures;
using Pipeline.Models.Regulatory;
using Pipeline.Tests.Measures;

namespace Pipeline.Tests.Regulatory;

public sealed class WorkCalendarTests
{
    private static readonly WorkCalendar Calendar = RuleFiles.Load("/nowhere", "calendar.cn.json", WorkCalendar.Parse).Value;

    [Theory]
    [InlineData("2026-10-09", "2026-10-09")] // a Friday after the holidays
    [InlineData("2026-10-10", "2026-10-10")] // a Saturday that is worked
    [InlineData("2026-10-11", "2026-10-12")] // a Sunday
    [InlineData("2026-10-01", "2026-10-08")] // the national holidays
    [InlineData("2026-02-15", "2026-02-24")] // the spring festival
    [InlineData("2025-10-04", "2025-10-09")]
    [InlineData("2024-02-17", "2024-02-18")] // the Sunday after the festival is worked
    public void A_last_day_off_rolls_over_to_the_next_working_day(string day, string expected) =>
        Assert.Equal(DateOnly.Parse(expected, null), Calendar.RollForward(DateOnly.Parse(day, null)));

    [Fact]
    public void A_year_that_was_not_announced_has_weekends_only_and_says_so()
    {
        Assert.True(Calendar.Covers(2026));
        Assert.False(Calendar.Covers(2027));
        Assert.Equal(new DateOnly(2027, 1, 1), Calendar.RollForward(new DateOnly(2027, 1, 1))); // New Year's Day, a Friday
        Assert.Equal(new DateOnly(2027, 1, 4), Calendar.RollForward(new DateOnly(2027, 1, 2)));
    }

    [Fact]
    public void Working_days_are_counted_one_by_one()
    {
        foreach (DateOnly start in (DateOnly[])[new(2026, 9, 23), new(2026, 2, 13), new(2026, 10, 9)])
        {
            for (int days = 0; days <= 12; days++)
            {
                DateOnly end = Calendar.AddWorkingDays(start, days);
                int counted = 0;
                for (DateOnly day = start.AddDays(1); day <= end; day = day.AddDays(1))
                {
                    counted += Calendar.IsWorkingDay(day) ? 1 : 0;
                }
                Assert.Equal(days, counted);
            }
        }
    }

    /// <summary>Its name ends like that of a language, which must not take it out of the program.</summary>
    [Fact]
    public void The_calendar_of_the_UK_comes_with_the_program() =>
        Assert.Equal(new DateOnly(2026, 12, 29), RuleFiles.Load("/nowhere", "calendar.uk.json", WorkCalendar.Parse).Value.RollForward(new DateOnly(2026, 12, 25)));

    [Fact]
    public void A_make_up_day_that_is_no_weekend_is_refused() =>
        Assert.Throws<InvalidDataException>(() => new WorkCalendar("x", "1", "", [new CalendarYear(2026, "", [], [new DateOnly(2026, 10, 12)])]));

    [Fact]
    public void The_switch_decides_which_count_is_in_force_and_both_stand_beside_it()
    {
        // Received on 2026-09-16: the fifteenth day is 2026-10-01, a holiday; the next working day is 2026-10-08.
        DateOnly received = new(2026, 9, 16);
        ComplaintFact[] facts =
        [
            Facts.Plain(1, received) with { Status = "closed", Closed = new DateOnly(2026, 10, 1) },
            Facts.Plain(2, received) with { Status = "closed", Closed = new DateOnly(2026, 10, 8) },
            Facts.Plain(3, received) with { Status = "closed", Closed = new DateOnly(2026, 10, 9) },
        ];
        RegulatoryBook book = RegulatoryRuleFiles.Load("/nowhere", "cn-jrt0169", null).Book;
        RegulatoryBook rolling = book with { Rules = book.Rules with { Roll = [new RollRule(new DateOnly(2026, 9, 1), true, "")] } };
        decimal? Count(RegulatoryBook with, string measure) => new FigureEngine(
            facts, RuleFiles.Taxonomy("/nowhere", "cn-jrt0169").Value, RuleFiles.Rules("/nowhere").Value, new DateOnly(2026, 11, 5), with)
            .Evaluate(new FigureKey(measure, FigurePeriod.Of(new ReportingMonth(2026, 9)))).Value;

        Assert.Equal((1, 1, 2), (Count(book, "closed_on_time_15"), Count(book, "closed_on_time_15_strict"), Count(book, "closed_on_time_15_rolled")));
        Assert.Equal((2, 1, 2), (Count(rolling, "closed_on_time_15"), Count(rolling, "closed_on_time_15_strict"), Count(rolling, "closed_on_time_15_rolled")));
        RegulatoryBook later = book with { Rules = book.Rules with { Roll = [new RollRule(new DateOnly(2026, 10, 1), true, "")] } };
        Assert.Equal(1, Count(later, "closed_on_time_15")); // the rule begins after the receipt
    }
}
