using System.IO.Compression;
using Pipeline.Models.Text;
using Pipeline.Reports;
using Pipeline.Reports.Workbooks;

namespace Pipeline.Tests.Reports;

public sealed class WorkbookWriterTests
{
    private static readonly MonthReport Small = InventedMonth.Report(seed: 3, perMonth: 60, months: 14);

    [Theory]
    [InlineData(Language.Zh)]
    [InlineData(Language.En)]
    public void The_same_report_gives_the_same_bytes(Language language)
    {
        IReadOnlyList<WorkbookFile> once = WorkbookWriter.Write(Small, WorkbookKinds.All, language);
        IReadOnlyList<WorkbookFile> again = WorkbookWriter.Write(InventedMonth.Report(seed: 3, perMonth: 60, months: 14), WorkbookKinds.All, language);
        Assert.Equal(once.Select(f => f.Sha256), again.Select(f => f.Sha256));
        Assert.All(once.Zip(again), p => Assert.True(p.First.Bytes.AsSpan().SequenceEqual(p.Second.Bytes)));
    }

    [Fact]
    public void No_part_carries_the_time_of_writing()
    {
        using ZipArchive zip = new(new MemoryStream(WorkbookWriter.Write(Small, [WorkbookKinds.Trend], Language.En)[0].Bytes));
        Assert.All(zip.Entries, e => Assert.Equal(new DateTime(1980, 1, 1), e.LastWriteTime.DateTime));
    }

    [Theory]
    [InlineData(1, "2026-10-trend.xlsx")]
    [InlineData(2, "2026-10-trend-r2.xlsx")]
    [InlineData(11, "2026-10-trend-r11.xlsx")]
    public void A_new_edition_has_its_number_in_the_name(int edition, string name) =>
        Assert.Equal(name, WorkbookWriter.Write(InventedMonth.Report(perMonth: 24, months: 2, edition: edition), [WorkbookKinds.Trend], Language.Zh)[0].FileName);

    [Fact]
    public void A_figure_that_is_not_planned_stops_the_writing_and_is_named()
    {
        MonthReport without = Small with { Figures = [.. Small.Figures.Where(f => f.Key != "repeat_rate_90/2026-10")] };
        KeyNotFoundException fault = Assert.Throws<KeyNotFoundException>(() => WorkbookWriter.Write(without, WorkbookKinds.All, Language.En));
        Assert.Contains("repeat_rate_90/2026-10", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_kind_is_refused_with_the_kinds_there_are() =>
        Assert.Contains("regulatory", Assert.Throws<ArgumentException>(() => WorkbookWriter.Write(Small, ["monthly"], Language.En)).Message, StringComparison.Ordinal);

    [Fact]
    public void Case_rows_in_another_order_change_no_figure()
    {
        MonthReport turned = Small with { Cases = [.. Small.Cases.Reverse()] };
        foreach (string kind in (string[])[WorkbookKinds.Regulatory, WorkbookKinds.Trend])
        {
            Assert.Equal(WorkbookWriter.Write(Small, [kind], Language.En)[0].Sha256, WorkbookWriter.Write(turned, [kind], Language.En)[0].Sha256);
        }
    }

    [Fact]
    public void A_month_that_is_not_over_is_marked_and_nothing_is_judged()
    {
        MonthReport early = InventedMonth.Report(seed: 5, perMonth: 120, months: 14, asOf: new DateOnly(2026, 10, 20));
        Spreadsheet book = new(WorkbookWriter.Write(early, [WorkbookKinds.Trend], Language.En)[0].Bytes);
        List<string> texts = [.. book.Sheet("Summary").Descendants(Spreadsheet.Main + "c").Select(book.Value).OfType<string>()];
        Assert.Contains(texts, t => t.Contains("nothing is judged", StringComparison.Ordinal));
        Assert.DoesNotContain(texts, t => t.StartsWith('▲') || t.StartsWith('▼'));
        Assert.Contains("2026-10*", texts);
    }

    [Fact]
    public void A_month_where_nothing_unusual_happened_names_no_change()
    {
        MonthReport calm = InventedMonth.Report(seed: 9, perMonth: 300, months: 14, hasRise: false);
        Spreadsheet book = new(WorkbookWriter.Write(calm, [WorkbookKinds.Trend], Language.En)[0].Bytes);
        Assert.Contains(book.Sheet("Summary").Descendants(Spreadsheet.Main + "c").Select(book.Value).OfType<string>(), t => t.StartsWith("Nothing moved beyond the usual range", StringComparison.Ordinal));
    }
}
