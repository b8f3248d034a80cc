using Pipeline.Jobs.Ingest;
using Pipeline.Jobs.Ingest.Ledger;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Store;

namespace Pipeline.Tests.Ingest.Ledger;

public sealed class FileRollbackTests : IAsyncLifetime, IDisposable
{
    private const string Header = "工单号,受理日期,状态,投诉内容\n";

    private IngestFixture ledger = null!;

    public async Task InitializeAsync() => ledger = await IngestFixture.CreateAsync();

    public Task DisposeAsync() => ledger.DisposeAsync();

    public void Dispose() => ledger.Dispose();

    private async Task<FileResult> IngestAsync(string name, params string[] rows) =>
        (await ledger.IngestAsync(ledger.Write(name, Header + string.Concat(rows.Select(r => r + "\n"))))).Files[0];

    private async Task<RollbackCounts> RollbackAsync(long fileId)
    {
        CommandSession session = ledger.Session();
        await using Jobs.Store.Database database = await Jobs.Store.Database.OpenAsync(session);
        return await FileRollback.RunAsync(session, database, fileId);
    }

    [Fact]
    public async Task The_last_file_taken_back_leaves_the_ledger_as_if_it_had_never_come()
    {
        await IngestAsync("2026-08-31.csv", "A000001,2026-08-01,处理中,甲", "A000002,2026-08-02,处理中,乙", "A000003,2026-08-02,处理中,丙");
        IReadOnlyList<string> before = await ledger.SnapshotAsync();
        FileResult second = await IngestAsync("2026-09-30.csv", "A000001,2026-08-01,已办结,甲", "A000002,2026-08-02,处理中,乙", "A000004,2026-09-02,处理中,丁", ",2026-09-03,处理中,无号");
        RollbackCounts counts = await RollbackAsync(second.FileId!.Value);
        Assert.Equal((1, 2), (counts.Removed, counts.Restored));
        LedgerSnapshot.AssertSame(before, await ledger.SnapshotAsync());
        Assert.Equal(0, await ledger.ScalarAsync<long>("select count(*) from quarantined_row"));
        Assert.Equal("rolled_back", await ledger.ScalarAsync<string>($"select state from source_file where file_id = {second.FileId}"));

        FileResult again = await IngestAsync("2026-09-30.csv", "A000001,2026-08-01,已办结,甲", "A000002,2026-08-02,处理中,乙", "A000004,2026-09-02,处理中,丁", ",2026-09-03,处理中,无号");
        Assert.Equal(second.Counts, again.Counts);
        Assert.Equal(FileOutcome.Ingested, again.Outcome);
        Assert.NotEqual(second.FileId, again.FileId);
        // Both loads of the content keep their row, with what each brought.
        Assert.Equal("rolled_back ingested", await ledger.ScalarAsync<string>(
            $"select string_agg(state, ' ' order by file_id) from source_file where sha256 = '{again.Sha256}' and read_count = 4"));
    }

    [Fact]
    public async Task A_file_whose_rows_later_files_changed_is_not_taken_back_and_the_files_are_named()
    {
        FileResult first = await IngestAsync("2026-08-31.csv", "A000001,2026-08-01,处理中,甲", "A000002,2026-08-02,处理中,乙");
        FileResult second = await IngestAsync("2026-09-30.csv", "A000001,2026-08-01,已办结,甲");
        IReadOnlyList<string> before = await ledger.SnapshotAsync();
        PipelineFault fault = await Assert.ThrowsAsync<PipelineFault>(() => RollbackAsync(first.FileId!.Value));
        Assert.Equal(ExitCodes.Failed, fault.ExitCode);
        Assert.Contains($"file {second.FileId} (2026-09-30.csv) changed 1 of its complaints", fault.Text.En, StringComparison.Ordinal);
        LedgerSnapshot.AssertSame(before, await ledger.SnapshotAsync());
    }

    [Fact]
    public async Task What_a_later_file_only_confirms_stays_with_that_file()
    {
        FileResult first = await IngestAsync("2026-08-31.csv", "A000001,2026-08-01,处理中,甲", "A000002,2026-08-02,处理中,乙");
        await IngestAsync("2026-09-30.csv", "A000009,2026-09-01,处理中,己", "A000001,2026-08-01,处理中,甲");
        RollbackCounts counts = await RollbackAsync(first.FileId!.Value);
        Assert.Equal((1, 1), (counts.Removed, counts.Restored));
        Assert.Equal(
            "A000001 1 2026-09-30.csv 3",
            await ledger.ScalarAsync<string>("select concat_ws(' ', case_number, revision, name, line_number) from complaint join source_file using (file_id) where case_number <> 'A000009'"));
    }

    [Fact]
    public async Task A_late_older_file_taken_back_restores_the_history_without_it()
    {
        await IngestAsync("2026-08-31.csv", "A000001,2026-08-01,处理中,甲");
        await IngestAsync("2026-10-31.csv", "A000001,2026-08-01,已办结,甲");
        IReadOnlyList<string> before = await ledger.SnapshotAsync();
        FileResult late = await IngestAsync("2026-09-30.csv", "A000001,2026-08-01,待处理,甲改");
        Assert.Equal(3, await ledger.ScalarAsync<int>("select revision from complaint"));
        await RollbackAsync(late.FileId!.Value);
        LedgerSnapshot.AssertSame(before, await ledger.SnapshotAsync());
    }

    [Fact]
    public async Task A_file_that_is_not_there_or_was_taken_back_is_refused_in_plain_words()
    {
        FileResult first = await IngestAsync("2026-08-31.csv", "A000001,2026-08-01,处理中,甲");
        await RollbackAsync(first.FileId!.Value);
        Assert.Contains("already", (await Assert.ThrowsAsync<PipelineFault>(() => RollbackAsync(first.FileId!.Value))).Text.En, StringComparison.Ordinal);
        Assert.Contains("no file 4711", (await Assert.ThrowsAsync<PipelineFault>(() => RollbackAsync(4711))).Text.En, StringComparison.Ordinal);
    }
}
