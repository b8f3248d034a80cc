using Pipeline.Models.Complaints;
using Pipeline.Models.Measures;
using Pipeline.Reports;

namespace Pipeline.Tests.Reports;

/// <summary>Which earlier cases are pinned with a report, so that numbers of other periods lead to their complaints.</summary>
public sealed class EarlierCasesTests
{
    private static readonly ReportingMonth October = new(2026, 10);

    private static readonly List<ComplaintFact> Facts =
    [
        Case(1, "2026-05-03", "2026-05-09"), Case(2, "2026-06-20", "2026-09-02"), Case(3, "2026-08-11", "2026-08-30"), Case(4, "2026-08-29", null),
        Case(5, "2026-09-01", "2026-10-04"), Case(6, "2026-09-30", "2026-09-30"), Case(7, "2026-10-01", null),
    ];

    [Theory]
    [InlineData(6, "2026-05", "1,2,3,4,5,6")]
    [InlineData(5, "2026-06", "2,3,4,5,6")] // May's case was closed in May
    [InlineData(4, "2026-09", "2,4,5,6")] // two were open when September began
    [InlineData(3, "2026-10", "4,5")]
    [InlineData(2, "2026-10", "4,5")]
    public void All_of_the_latest_months_are_pinned_and_what_was_open_when_they_began(int most, string from, string ids)
    {
        EarlierCases earlier = EarlierCases.Of(Facts, October, new ReportingMonth(2026, 5), most)!;
        Assert.Equal((from, ids), (earlier.From.ToString(), string.Join(',', earlier.Complaints.Order())));
    }

    [Fact]
    public void Nothing_is_pinned_where_the_stock_alone_is_too_much() => Assert.Null(EarlierCases.Of(Facts, October, new ReportingMonth(2026, 5), 1));

    [Fact]
    public void Months_before_the_history_are_not_pinned() => Assert.Equal("2026-08", EarlierCases.Of(Facts, October, new ReportingMonth(2026, 8))!.From.ToString());

    [Fact]
    public void A_figure_is_pinned_only_where_all_its_complaints_are()
    {
        MonthReport report = InventedMonth.Report(months: 6) with { PinnedFrom = new ReportingMonth(2026, 8) };
        Assert.True(report.IsPinned(FigureKey.Parse("complaints/2026-08..2026-10")));
        Assert.True(report.IsPinned(FigureKey.Parse("closed_in_period/2026-08")));
        Assert.False(report.IsPinned(FigureKey.Parse("complaints/2026-07")));
        Assert.False(report.IsPinned(FigureKey.Parse("complaints/2026-07..2026-10")));
        MonthReport older = report with { PinnedFrom = null };
        Assert.True(older.IsPinned(FigureKey.Parse("complaints/2026-10")));
        Assert.False(older.IsPinned(FigureKey.Parse("closed_in_period/2026-10")));
    }

    private static ComplaintFact Case(long id, string received, string? closed) => new()
    {
        ComplaintId = id,
        CaseNumber = $"TS{id}",
        Received = DateOnly.Parse(received, System.Globalization.CultureInfo.InvariantCulture),
        Closed = closed is null ? null : DateOnly.Parse(closed, System.Globalization.CultureInfo.InvariantCulture),
        Status = closed is null ? "open" : "closed",
    };
}
