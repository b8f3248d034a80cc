using Pipeline.Jobs.Ingest;
using Pipeline.Jobs.Ingest.Ledger;
using Pipeline.Jobs.Ingest.Quarantine;
using Pipeline.Jobs.Ingest.Reading;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Store;

namespace Pipeline.Tests.Ingest.Quarantine;

public sealed class QuarantineTests : IAsyncLifetime, IDisposable
{
    private const string Header = "工单号,受理日期,状态,投诉内容,姓名,手机号,身份证号\n";
    private const string Person = "钱测试,13912345678,11010519491231002X";

    private IngestFixture ledger = null!;
    private Database database = null!;
    private CommandSession session = null!;

    public async Task InitializeAsync()
    {
        ledger = await IngestFixture.CreateAsync();
        session = ledger.Session();
        database = await Database.OpenAsync(session);
        await ledger.IngestAsync(ledger.Write(
            "2026-09-30.csv",
            Header + $"A000001,2026-02-30,处理中,=1+1 客户电话13912345678,{Person}\n,2026-09-02,处理中,\"第一行\n第二行\",{Person}\nA000003,2026-09-03,处理中,好的,{Person}\n"));
    }

    public async Task DisposeAsync()
    {
        await database.DisposeAsync();
        await ledger.DisposeAsync();
    }

    public void Dispose() => ledger.Dispose();

    private async Task<string> ExportAsync(string name, bool unmasked)
    {
        string path = Path.Combine(ledger.Folder, name);
        Assert.Equal(2, await QuarantineExport.RunAsync(session, database, path, null, unmasked));
        return path;
    }

    /// <summary>The sheet as the analyst would see it, with some cells changed, written back as CSV.</summary>
    private string Edit(string path, params (long Id, string Column, string Value)[] changes)
    {
        using ITableSource table = TableReader.Open(path, new ReadOptions()).First();
        List<string> columns = [.. table.Shape.Columns];
        List<string[]> rows = [.. table.Rows().Select(r => r.Cells)];
        foreach ((long id, string column, string value) in changes)
        {
            rows.Single(r => r[0] == $"{id}")[columns.IndexOf(column)] = value;
        }
        string edited = Path.Combine(ledger.Folder, $"edited-{Path.GetFileName(path)}");
        CorrectionWorkbook.Write(edited, [new CorrectionSheet("1", columns, rows)]);
        return edited;
    }

    [Theory]
    [InlineData("q.xlsx", false)]
    [InlineData("q.csv", false)]
    [InlineData("q.xlsx", true)]
    [InlineData("q.csv", true)]
    public async Task Corrected_rows_become_complaints_and_masked_cells_keep_their_original_values(string name, bool unmasked)
    {
        string edited = Edit(await ExportAsync(name, unmasked), (1, "受理日期", "2026-09-01"), (2, "工单号", "A000002"));
        ReleaseResult result = await QuarantineRelease.FromSheetAsync(session, database, edited);
        Assert.Equal([1L, 2L], result.Released);
        Assert.Equal(2, result.Counts.New);
        SealedRow row = await SealedAsync("A000001");
        Assert.Equal(("=1+1 客户电话13912345678", "钱测试", "13912345678"), (row[SealedRow.Narrative], row[SealedRow.Name], row[SealedRow.PhoneContact]));
        Assert.Equal("第一行\n第二行", (await SealedAsync("A000002"))[SealedRow.Narrative]);
        Assert.Equal(1, await ledger.ScalarAsync<long>("select count(distinct identity_token) from complaint"));
        Assert.Equal(2, await ledger.ScalarAsync<long>("select count(*) from quarantined_row where state = 'released' and decided_file_id is not null"));
        Assert.Equal(0, await ledger.ScalarAsync<long>(
            "select count(*) from source_file where read_count <> new_count + updated_count + unchanged_count + duplicate_count + rejected_count"));

        ReleaseResult again = await QuarantineRelease.FromSheetAsync(session, database, edited);
        Assert.Equal((0, 2), (again.Released.Count, again.NotOpen.Count));
    }

    [Fact]
    public async Task A_masked_export_shows_no_personal_value()
    {
        string text = await File.ReadAllTextAsync(await ExportAsync("q.csv", unmasked: false));
        Assert.DoesNotContain("13912345678", text, StringComparison.Ordinal);
        Assert.DoesNotContain("11010519491231002X", text, StringComparison.Ordinal);
        Assert.DoesNotContain("钱测试", text, StringComparison.Ordinal);
        Assert.Contains("'=1+1", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("open.xlsx")]
    [InlineData("open.csv")]
    public async Task An_unmasked_export_is_for_its_writer_alone(string name)
    {
        string path = await ExportAsync(name, unmasked: true);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        }
    }

    [Fact]
    public async Task A_row_that_is_still_wrong_stays_open_with_its_new_reason()
    {
        string edited = Edit(await ExportAsync("q.xlsx", unmasked: false), (1, "受理日期", "2027-01-01"), (2, "工单号", "A000002"));
        ReleaseResult result = await QuarantineRelease.FromSheetAsync(session, database, edited);
        Assert.Equal([2L], result.Released);
        Assert.Equal("received_after_export", Assert.Single(result.StillRejected).Reason);
        Assert.Equal("open", await ledger.ScalarAsync<string>("select state from quarantined_row where quarantine_id = 1"));
    }

    [Fact]
    public async Task A_correction_states_what_was_so_on_the_day_of_its_export()
    {
        await ledger.IngestAsync(ledger.Write("2026-10-31.csv", Header + $"A000001,2026-09-01,已办结,后来的内容,{Person}\n"));
        Assert.Equal("2026-10-31.csv", (await RowsAsync())[0].ArrivedIn);
        string edited = Edit(await ExportAsync("q.xlsx", unmasked: false), (1, "受理日期", "2026-09-01"));
        await QuarantineRelease.FromSheetAsync(session, database, edited);
        Assert.Equal("2 closed", await ledger.ScalarAsync<string>("select concat_ws(' ', revision, status) from complaint where case_number = 'A000001'"));
    }

    [Fact]
    public async Task A_correction_taken_back_opens_its_rows_again_and_its_original_cannot_go_before_it()
    {
        string edited = Edit(await ExportAsync("q.xlsx", unmasked: false), (1, "受理日期", "2026-09-01"), (2, "工单号", "A000002"));
        await QuarantineRelease.FromSheetAsync(session, database, edited);
        long correction = await ledger.ScalarAsync<long>("select max(file_id) from source_file");
        PipelineFault fault = await Assert.ThrowsAsync<PipelineFault>(() => FileRollback.RunAsync(session, database, 1));
        Assert.Contains($"file {correction}", fault.Text.En, StringComparison.Ordinal);
        RollbackCounts counts = await FileRollback.RunAsync(session, database, correction);
        Assert.Equal((2, 2), (counts.Removed, counts.Reopened));
        Assert.Equal(2, (await RowsAsync()).Count);
        ReleaseResult again = await QuarantineRelease.FromSheetAsync(session, database, edited);
        Assert.Equal(2, again.Released.Count);
    }

    [Theory]
    [InlineData("13/09/2026", "2026-09-03")]
    [InlineData("09/13/2026", "2026-03-09")]
    public async Task A_corrected_date_is_read_in_the_order_that_its_file_proved(string proof, string expected)
    {
        await ledger.IngestAsync(ledger.Write(
            "2026-10-31.csv", Header + $"B000001,{proof},处理中,好的,{Person}\nB000002,45/45/2026,处理中,好的,{Person}\nB000003,{proof},处理中,好的,{Person}\n"));
        long id = await ledger.ScalarAsync<long>("select quarantine_id from quarantined_row where case_number = 'B000002'");
        ReleaseResult result = await QuarantineRelease.FromSheetAsync(session, database, ledger.Write("fix.csv", $"quarantine_id,受理日期\n{id},03/09/2026\n"));
        Assert.Equal([id], result.Released);
        Assert.Equal(expected, await ledger.ScalarAsync<string>("select received_date::text from complaint where case_number = 'B000002'"));
    }

    [Fact]
    public async Task Of_two_releases_of_one_row_at_once_one_takes_it_and_the_other_finds_it_decided()
    {
        string edited = Edit(await ExportAsync("q.xlsx", unmasked: false), (1, "受理日期", "2026-09-01"), (2, "工单号", "A000002"));
        string other = Edit(await ExportAsync("q.csv", unmasked: false), (1, "受理日期", "2026-09-04"), (2, "工单号", "A000002"));
        Task<ReleaseResult>[] releases;
        await using (Npgsql.NpgsqlConnection first = await ledger.Source.OpenConnectionAsync())
        await using (Npgsql.NpgsqlTransaction held = await first.BeginTransactionAsync())
        {
            // Whoever holds the row keeps both from reading it, so that they go on at one moment.
            await using (Npgsql.NpgsqlCommand hold = new("select 1 from quarantined_row where quarantine_id = 1 for update", first))
            {
                await hold.ExecuteScalarAsync();
            }
            releases = [.. ((string[])[edited, other]).Select(sheet => Task.Run(() => QuarantineRelease.FromSheetAsync(session, database, sheet)))];
            while (await ledger.ScalarAsync<long>("select count(*) from pg_locks join pg_database on pg_database.oid = database where not granted and datname = current_database()")
                + await ledger.ScalarAsync<long>("select count(*) from pg_stat_activity where datname = current_database() and wait_event = 'transactionid'") < 2)
            {
                Assert.DoesNotContain(releases, r => r.IsCompleted);
                await Task.Delay(20);
            }
            await held.CommitAsync();
        }
        ReleaseResult[] results = await Task.WhenAll(releases);
        Assert.Equal([0, 2], results.Select(r => r.Released.Count).Order());
        Assert.Equal([0, 2], results.Select(r => r.NotOpen.Count).Order());
        Assert.Equal("3 2", await ledger.ScalarAsync<string>("select concat_ws(' ', (select count(*) from complaint), (select count(*) from source_file))"));
        Assert.Equal(0, await ledger.ScalarAsync<long>("select count(*) from complaint_revision"));
    }

    [Fact]
    public async Task A_file_that_is_no_correction_sheet_is_refused()
    {
        string other = ledger.Write("other.csv", "甲,乙,丙\n1,2,3\n4,5,6\n");
        PipelineFault fault = await Assert.ThrowsAsync<PipelineFault>(() => QuarantineRelease.FromSheetAsync(session, database, other));
        Assert.Contains("quarantine_id", fault.Text.En, StringComparison.Ordinal);
    }

    private async Task<IReadOnlyList<QuarantinedRow>> RowsAsync()
    {
        await using Npgsql.NpgsqlConnection connection = await ledger.Source.OpenConnectionAsync();
        return await QuarantinedRow.ReadAsync(connection, "open", null, null, CancellationToken.None);
    }

    private async Task<SealedRow> SealedAsync(string number)
    {
        byte[] bytes = await ledger.ScalarAsync<byte[]>($"select sealed from complaint where case_number = '{number}'");
        return SealedRow.Read(database.Keys.Open(bytes, database.Keys.CurrentKeyId, SealedRow.Place("generic", number)));
    }
}
