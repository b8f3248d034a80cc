using Pipeline.Models.Complaints;

namespace Pipeline.Tests.Complaints;

public sealed class ReportingMonthTests
{
    [Fact]
    public void Both_ends_belong_to_the_month()
    {
        ReportingMonth february = new(2024, 2);
        Assert.True(february.Contains(new DateOnly(2024, 2, 1)));
        Assert.True(february.Contains(new DateOnly(2024, 2, 29)));
        Assert.False(february.Contains(new DateOnly(2024, 3, 1)));
        Assert.Equal(new DateOnly(2024, 2, 29), february.LastDay);
    }

    [Theory]
    [InlineData(2026, 1, -1, "2025-12")]
    [InlineData(2025, 12, 1, "2026-01")]
    [InlineData(2026, 10, -24, "2024-10")]
    public void Months_are_counted_across_years(int year, int month, int add, string expected)
    {
        ReportingMonth moved = new ReportingMonth(year, month).Add(add);
        Assert.Equal(expected, moved.ToString());
        Assert.Equal(add, moved.MonthsSince(new ReportingMonth(year, month)));
    }

    [Theory]
    [InlineData("2026-10", true)]
    [InlineData("2026-1", false)]
    [InlineData("2026-13", false)]
    [InlineData("202610", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void Only_a_year_and_a_month_of_two_digits_are_read(string? text, bool expected) =>
        Assert.Equal(expected, ReportingMonth.TryParse(text, out _));
}
