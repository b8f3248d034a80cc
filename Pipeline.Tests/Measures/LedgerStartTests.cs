using Pipeline.Jobs.Regulatory;
using Pipeline.Models.Complaints;
using Pipeline.Models.Measures;
using Pipeline.Models.Regulatory;
using Pipeline.Models.Text;
using Pipeline.Reports;
using Pipeline.Tests.Reports;

namespace Pipeline.Tests.Measures;

/// <summary>The ledger begins where monthly intake becomes continuous.</summary>
public sealed class LedgerStartTests
{
    private static readonly ReportingMonth October = new(2026, 10);

    private static IEnumerable<DateOnly> Days(ReportingMonth month, int count) => Enumerable.Range(0, count).Select(i => month.FirstDay.AddDays((i * 7) % 28));

    private static IEnumerable<DateOnly> Bulk(int months, int each) => Enumerable.Range(0, months).SelectMany(i => Days(October.Add(-i), each));

    private static LedgerStart Of(IEnumerable<DateOnly> days) => LedgerStart.Of(days, October, 0.1)!;

    [Fact]
    public void With_its_first_complaint_where_every_month_has_some() =>
        Assert.Equal(new LedgerStart(new(2024, 11, 1), null), Of(Bulk(24, 500)));

    [Fact]
    public void Not_with_a_single_old_case_that_came_with_the_first_export()
    {
        DateOnly old = new(2021, 3, 9);
        Assert.Equal(new LedgerStart(new(2024, 11, 1), new EarlierIntake(1, old, old)), Of(Bulk(24, 500).Append(old)));
        // Nor with a backlog of a few in each month before.
        DateOnly[] backlog = [.. Enumerable.Range(24, 12).SelectMany(i => Days(October.Add(-i), 4))];
        Assert.Equal((new DateOnly(2024, 11, 1), 48), (Of(Bulk(24, 500).Concat(backlog)) is var start ? start.Begins : default, Of(Bulk(24, 500).Concat(backlog)).Earlier!.Count));
        // Nor in the first month of all.
        Assert.Equal(new DateOnly(2026, 10, 1), Of(Bulk(1, 500).Concat(Enumerable.Range(1, 12).SelectMany(i => Days(October.Add(-i), 4)))).Begins);
        // Nor where the bulk is young, so that most of the last twelve months hold such cases.
        Assert.Equal(new DateOnly(2026, 8, 1), Of(Bulk(3, 500).Concat(Enumerable.Range(3, 12).SelectMany(i => Days(October.Add(-i), 4)))).Begins);
    }

    [Fact]
    public void Behind_a_month_whose_export_is_missing() =>
        Assert.Equal(new DateOnly(2026, 3, 1), Of(Bulk(24, 500).Where(d => !new ReportingMonth(2026, 2).Contains(d))).Begins);

    [Fact]
    public void Whatever_one_month_with_very_many_is_like()
    {
        Assert.Equal(new DateOnly(2024, 11, 1), Of(Bulk(24, 50).Concat(Days(new(2026, 4), 900))).Begins);
        Assert.Equal(new DateOnly(2024, 11, 1), Of(Bulk(24, 50).Concat(Days(October, 900))).Begins);
    }

    [Fact]
    public void With_the_first_complaint_where_so_few_come_that_months_without_any_are_usual()
    {
        DateOnly[] few = [new(2024, 12, 3), new(2025, 3, 5), new(2026, 1, 8), new(2026, 5, 1), new(2026, 9, 9)];
        Assert.Equal(new LedgerStart(new(2024, 12, 3), null), Of(few));
    }

    [Fact]
    public void With_the_part_of_a_first_month_that_the_export_begins_in() =>
        Assert.Equal(new DateOnly(2024, 10, 21), Of(Bulk(24, 500).Concat(Enumerable.Range(0, 150).Select(i => new DateOnly(2024, 10, 21).AddDays(i % 10)))).Begins);

    [Fact]
    public void Nowhere_where_nothing_was_received_up_to_the_month()
    {
        Assert.Null(LedgerStart.Of([], October, 0.1));
        Assert.Null(LedgerStart.Of([new(2026, 11, 1)], October, 0.1));
        Assert.Equal(new LedgerStart(October.FirstDay, null), Of(Days(October, 3)));
    }

    [Fact]
    public void What_stands_before_is_a_warning_before_filing_and_the_note_of_marked_figures_says_it()
    {
        MonthReport report = InventedMonth.Report(perMonth: 60, months: 14);
        report = report with { LedgerBegins = report.History.FirstDay };
        Assert.DoesNotContain(PreFlightCheck.Of(report).Findings, f => f.Code == "ledger_not_continuous");
        MonthReport strayed = report with { BeforeLedger = new EarlierIntake(1, new(2021, 3, 9), new(2021, 3, 9)) };
        PreFlightFinding finding = PreFlightCheck.Of(strayed).Findings.Single(f => f.Code == "ledger_not_continuous");
        Assert.Equal((PreFlightSeverity.Warning, 1), (finding.Severity, finding.Rows));
        Assert.Contains("Before 2025-09-01 intake is not continuous: 1 complaint received from 2021-03-09", finding.Found.En, StringComparison.Ordinal);
        Assert.Contains("continuous from 2025-09-01 on", Pipeline.Reports.Workbooks.Uncovered.Legend(strayed, Language.En), StringComparison.Ordinal);
    }
}
