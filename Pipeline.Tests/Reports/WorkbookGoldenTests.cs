using Pipeline.Models.Complaints;
using Pipeline.Models.Text;
using Pipeline.Reports;
using Pipeline.Tests.Flags;

namespace Pipeline.Tests.Reports;

/// <summary>
/// What the workbooks hold, sheet by sheet, against files beside this test (<see cref="GoldenFile"/>): of the root causes and the case lists
/// a month of the invented bank, of the others an invented month. Values are lines of text, other parts (charts, styles, tables) hashes.
/// </summary>
public sealed class WorkbookGoldenTests
{
    [Theory]
    [InlineData(WorkbookKinds.RootCause)]
    [InlineData(WorkbookKinds.Cases)]
    public void A_month_of_the_invented_bank_is_that_of_the_golden_file(string kind) =>
        Check(kind, "cn-bank-2025-12", InventedBank.Open()!.Report(new ReportingMonth(2025, 12)), Language.Zh);

    [Theory]
    [InlineData(WorkbookKinds.Regulatory)]
    [InlineData(WorkbookKinds.Trend)]
    [InlineData(WorkbookKinds.Quality)]
    public void An_invented_month_is_that_of_the_golden_file(string kind) => Check(kind, "invented-2026-10", InventedMonth.Report(perMonth: 120), Language.En);

    private static void Check(string kind, string month, MonthReport report, Language language) =>
        GoldenFile.Check($"Pipeline.Tests/Reports/{kind}.{month}.golden.txt", WorkbookText.Lines(WorkbookWriter.Write(report, [kind], language).Single().Bytes));
}
