using Pipeline.Jobs.Ingest;
using Pipeline.Jobs.Shell;
using Pipeline.Models.Text;

namespace Pipeline.Tests.Ingest;

/// <summary>What a person is told of a file that was taken, or that was not.</summary>
public sealed class FileNoticesTests(IngestFixture ledger) : IClassFixture<IngestFixture>
{
    private const string Header = "工单号,受理日期,投诉内容,工单来源\n";

    [Fact]
    public async Task Columns_that_came_or_went_since_the_export_before_are_named()
    {
        await TakeAsync("2026-08-31.csv", Header + "C1,2026-08-01,年费问题,来电\n");
        Assert.Empty((await TakeAsync("2026-09-30.csv", Header + "C1,2026-08-01,年费问题,来访\n")).Notices);
        Bilingual said = Assert.Single((await TakeAsync("2026-10-31.csv", "工单号,受理日期,投诉内容,渠道来源\nC1,2026-08-01,年费问题,来访\n")).Notices);
        Assert.Equal(
            "2026-09-30.csv 有而本文件没有的列：工单来源；多出的列：渠道来源。缺列按空值读取，已有工单的相应内容也会变空。若是改名或漏导，请改好后重新导出，用 files rollback 撤回本文件。", said.Zh);
        Assert.StartsWith("columns that 2026-09-30.csv had and this file lacks: 工单来源; columns that it did not have: 渠道来源.", said.En, StringComparison.Ordinal);
        // A late file is compared with the export before it, not with the newest.
        Assert.Empty((await TakeAsync("2026-09-15.csv", Header + "C2,2026-09-01,年费问题,来访\n")).Notices);
    }

    [Fact]
    public async Task A_trial_says_why_rows_would_be_rejected_and_sends_nobody_to_a_quarantine_that_is_empty()
    {
        string path = ledger.Write("trial.csv", Header + "D1,2026-02-30,年费问题,来电\nD2,01/02/2026,年费问题,来电\nD3,2026-02-30,年费问题,来电\n");
        using StringWriter error = new();
        IngestResult result = await ledger.IngestAsync(new IngestOptions([path]) { IsDryRun = true });
        IngestReport.Notices(ledger.Session(error: error), result);
        string said = error.ToString();
        Assert.Equal(ExitCodes.LookNeeded, result.ExitCode);
        Assert.Contains("2 rows not taken (the first in line 2): 受理日期 The date of receipt does not exist", said, StringComparison.Ordinal);
        Assert.Contains("1 row not taken (the first in line 3): 受理日期 The date of receipt cannot be read as a date", said, StringComparison.Ordinal);
        Assert.Contains("3 rows would be in quarantine", said, StringComparison.Ordinal);
        Assert.DoesNotContain("quarantine list", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_correction_whose_name_stands_before_the_file_that_it_corrects_is_told_to_change_nothing_and_how_it_would()
    {
        await TakeAsync("2026-06.csv", Header + "L1,2026-06-01,年费问题,来电\n");
        Bilingual said = Assert.Single((await TakeAsync("2026-06-corrected.csv", Header + "L1,2026-06-01,年费问题,来访\n")).Notices);
        Assert.StartsWith("1 行是更早的状态", said.Zh, StringComparison.Ordinal);
        Assert.Contains("2026-06.csv is of the same day", said.En, StringComparison.Ordinal);
        Assert.Contains("for example 2026-06_2.csv", said.En, StringComparison.Ordinal);
        Assert.Equal(1, (await TakeAsync("2026-06_2.csv", Header + "L1,2026-06-02,年费问题,来访\n")).Counts.Updated);
    }

    [Fact]
    public async Task A_header_without_rows_is_told() =>
        Assert.Contains((await TakeAsync("2026-07-31.csv", Header)).Notices, n => n.En.Contains("no rows below the header", StringComparison.Ordinal));

    [Fact]
    public async Task A_bank_export_with_one_renamed_column_says_which_name_stands_in_its_place()
    {
        string export = await File.ReadAllTextAsync(Path.Combine(SampleData.Bank, "exports", "2025-01.csv"));
        FileResult refused = await TakeAsync("2025-01.csv", export.Replace("投诉受理日期", "受理日", StringComparison.Ordinal));
        Assert.Equal(FileOutcome.Failed, refused.Outcome);
        Assert.Contains("缺少必需的列：投诉受理日期。其位置上现为（第几列：列名）9: '受理日'。", refused.Error!.Zh, StringComparison.Ordinal);
        Assert.Contains("In its place stands (column: name) 9: '受理日'.", refused.Error.En, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("utf-8")]
    [InlineData("iso-8859-1")]
    public async Task A_file_that_was_saved_after_being_read_in_a_wrong_encoding_is_told_so(string read)
    {
        string garbled = System.Text.Encoding.GetEncoding(read).GetString(System.Text.Encoding.GetEncoding("gb18030").GetBytes("工单号,投诉受理日期,投诉内容\nE1,2026-10-01,客户反映年费问题\n"));
        FileResult refused = await TakeAsync("garbled.csv", garbled);
        Assert.Equal(FileOutcome.Failed, refused.Outcome);
        Assert.Contains("乱码", refused.Error!.Zh, StringComparison.Ordinal);
        Assert.Contains("the column names are garbled", refused.Error.En, StringComparison.Ordinal);
    }

    private async Task<FileResult> TakeAsync(string name, string content) => Assert.Single((await ledger.IngestAsync(ledger.Write(name, content))).Files);
}
