using System.Text;
using Pipeline.Jobs.Ingest;
using Pipeline.Jobs.Ingest.Quarantine;
using Pipeline.Jobs.Shell;
using Pipeline.Models.Complaints;

namespace Pipeline.Tests.Ingest;

public sealed class LedgerLoadTests : IAsyncLifetime, IDisposable
{
    private const string Header = "工单号,受理日期,办结日期,状态,投诉内容,姓名,手机号,备注\n";

    private IngestFixture ledger = null!;

    public async Task InitializeAsync() => ledger = await IngestFixture.CreateAsync();

    public Task DisposeAsync() => ledger.DisposeAsync();

    public void Dispose() => ledger.Dispose();

    private static string Row(string number, string received = "2026-10-01", string closed = "", string status = "处理中", string text = "客户反映年费问题", string note = "") =>
        $"{number},{received},{closed},{status},{text},赵测试,13912345678,{note}\n";

    private async Task<FileResult> IngestOneAsync(string name, params string[] rows)
    {
        IngestResult result = await ledger.IngestAsync(ledger.Write(name, Header + string.Concat(rows)));
        return Assert.Single(result.Files);
    }

    private Task<string> StateAsync(string number) => ledger.ScalarAsync<string>(
        $"select concat_ws(' ', revision, status, closed_date, as_of_date, array_to_string(warnings, ',')) from complaint where case_number = '{number}'");

    [Fact]
    public async Task A_later_state_replaces_the_earlier_one_which_stays_as_a_revision()
    {
        await IngestOneAsync("2026-09-30.csv", Row("A000001", "2026-09-01"));
        FileResult second = await IngestOneAsync("2026-10-31.csv", Row("A000001", "2026-09-01", "2026-10-05", "已办结"));
        Assert.Equal(1, second.Counts.Updated);
        Assert.Equal("2 closed 2026-10-05 2026-10-31", (await StateAsync("A000001")).Trim());
        Assert.Equal("1 open", await ledger.ScalarAsync<string>("select concat_ws(' ', revision, status) from complaint_revision"));
        Assert.Equal(second.FileId, await ledger.ScalarAsync<long>("select superseded_by_file_id from complaint_revision"));
    }

    [Fact]
    public async Task An_older_export_that_arrives_late_becomes_an_earlier_revision_and_counts_as_unchanged()
    {
        await IngestOneAsync("2026-10-31.csv", Row("A000001", "2026-09-01", "2026-10-05", "已办结"));
        FileResult late = await IngestOneAsync("2026-09-30.csv", Row("A000001", "2026-09-01"));
        Assert.Equal((1, 1), (late.Counts.Unchanged, late.Counts.Late));
        Assert.StartsWith("2 closed", await StateAsync("A000001"), StringComparison.Ordinal);
        Assert.Equal("1 open", await ledger.ScalarAsync<string>("select concat_ws(' ', revision, status) from complaint_revision"));
    }

    [Fact]
    public async Task An_equal_row_of_the_same_file_is_a_duplicate_and_another_content_is_an_update_with_a_warning()
    {
        FileResult file = await IngestOneAsync("2026-10-31.csv", Row("A000001"), Row("A000001"), Row("A000001", note: "另一内容"), Row("A000002"));
        Assert.Equal((4, 2, 1, 0, 1), (file.Counts.Read, file.Counts.New, file.Counts.Updated, file.Counts.Unchanged, file.Counts.Duplicate));
        Assert.EndsWith(QualityCodes.RepeatedInFile, await StateAsync("A000001"), StringComparison.Ordinal);
        Assert.Equal(4, await ledger.ScalarAsync<long>("select line_number from complaint where case_number = 'A000001'"));
    }

    [Fact]
    public async Task A_closing_date_after_the_export_is_set_aside_until_a_later_export_confirms_it()
    {
        await IngestOneAsync("2026-09-30.csv", Row("A000001", "2026-09-01", "2026-10-05", "已办结"));
        Assert.EndsWith(QualityCodes.ClosedAfterExport, await StateAsync("A000001"), StringComparison.Ordinal);
        await IngestOneAsync("2026-10-31.csv", Row("A000001", "2026-09-01", "2026-10-05", "已办结"), Row("A000002"));
        Assert.Equal("2 closed 2026-10-05 2026-10-31", (await StateAsync("A000001")).Trim());
        Assert.Equal(0, await ledger.ScalarAsync<long>("select count(*) from complaint_warning"));
    }

    [Theory]
    [InlineData(",2026-10-01,,处理中,文,赵测试,,", QualityCodes.CaseNumberMissing)]
    [InlineData("2.02610E+15,2026-10-01,,处理中,文,赵测试,,", QualityCodes.CaseNumberUnreadable)]
    [InlineData("A000009,,,处理中,文,赵测试,,", QualityCodes.ReceivedDateMissing)]
    [InlineData("A000009,2026-02-30,,处理中,文,赵测试,,", QualityCodes.ReceivedDateImpossible)]
    [InlineData("A000009,昨天,,处理中,文,赵测试,,", QualityCodes.ReceivedDateUnreadable)]
    [InlineData("A000009,2026-11-01,,处理中,文,赵测试,,", QualityCodes.ReceivedAfterExport)]
    [InlineData("A000009,0206-10-01,,处理中,文,赵测试,,", QualityCodes.ReceivedTooOld)]
    public async Task A_row_that_cannot_be_counted_is_quarantined_with_its_reason(string row, string reason)
    {
        FileResult file = await IngestOneAsync("2026-10-31.csv", row + "\n", Row("A000001"));
        Assert.Equal((1, 1), (file.Counts.Rejected, file.Counts.New));
        Assert.Equal($"2 {reason}", await ledger.ScalarAsync<string>("select concat_ws(' ', line_number, reason_code) from quarantined_row"));
    }

    [Fact]
    public async Task A_name_that_slid_into_the_date_column_is_not_shown()
    {
        await IngestOneAsync("2026-10-31.csv", "A000009,赵测试,,处理中,文,2026-10-01,,\n", "A000010,13912345678,,处理中,文,赵测试,,\n", Row("A000001"));
        Assert.Equal("***,***********", await ledger.ScalarAsync<string>("select string_agg(value_masked, ',' order by line_number) from quarantined_row"));
    }

    [Theory]
    [InlineData("2026-09-15", "已办结", QualityCodes.ClosedBeforeReceived)]
    [InlineData("2026-02-30", "已办结", QualityCodes.ClosedDateImpossible)]
    [InlineData("已结", "已办结", QualityCodes.ClosedDateUnreadable)]
    [InlineData("", "已办结", QualityCodes.ClosedWithoutDate)]
    [InlineData("2026-10-05", "处理中", QualityCodes.ClosedDateOnOpenCase)]
    [InlineData("2026-10-05", "神秘状态", QualityCodes.StatusUnknown)]
    public async Task A_value_that_cannot_be_trusted_is_set_aside_with_a_warning_and_the_complaint_counts(string closed, string status, string code)
    {
        FileResult file = await IngestOneAsync("2026-10-31.csv", Row("A000001", "2026-10-01", closed, status));
        Assert.Equal((1, 1), (file.Counts.New, file.Counts.Warnings));
        Assert.Equal($"{QualityCodes.Field(code)} {code}", await ledger.ScalarAsync<string>("select concat_ws(' ', field, code) from complaint_warning"));
    }

    [Fact]
    public async Task A_dry_run_judges_all_files_and_changes_nothing()
    {
        string first = ledger.Write("2026-09-30.csv", Header + Row("A000001", "2026-09-01"));
        string second = ledger.Write("2026-10-31.csv", Header + Row("A000001", "2026-09-01", "2026-10-05", "已办结") + Row("A000002"));
        IngestResult trial = await ledger.IngestAsync(new IngestOptions([second, first], IsDryRun: true));
        Assert.Equal([(1L, 0L), (1L, 1L)], trial.Files.Select(f => (f.Counts.New, f.Counts.Updated)));
        Assert.Equal(0, await ledger.ScalarAsync<long>("select (select count(*) from complaint) + (select count(*) from source_file) + (select count(*) from audit_event)"));
        IngestResult real = await ledger.IngestAsync(second, first);
        Assert.Equal(trial.Files.Select(f => f.Counts), real.Files.Select(f => f.Counts));
    }

    [Theory]
    [InlineData("plain", "gz")]
    [InlineData("gz", "plain")]
    [InlineData("zip", "gz")]
    [InlineData("plain", "zip")]
    public async Task The_same_content_in_another_wrapper_is_the_same_file(string first, string second)
    {
        byte[] content = Encoding.UTF8.GetBytes(Header + Row("A000001") + Row("A000002") + Row(""));
        FileResult taken = Assert.Single((await ledger.IngestAsync(Wrapped(first, content))).Files);
        FileResult again = Assert.Single((await ledger.IngestAsync(Wrapped(second, content))).Files);
        Assert.Equal((FileOutcome.Ingested, FileOutcome.AlreadyIngested), (taken.Outcome, again.Outcome));
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(content)), taken.Sha256);
        Assert.Equal((taken.FileId, taken.Sha256, 2L), (again.FileId, again.Sha256, again.Counts.Unchanged));
        Assert.Equal(first == "plain", taken.Sha256 == taken.OfferedSha256);
        Assert.Equal(1, await ledger.ScalarAsync<long>($"select count(*) from source_file where offered_sha256 = '{taken.OfferedSha256}'"));
        Assert.Equal(1, await ledger.ScalarAsync<long>("select count(*) from quarantined_row"));
    }

    [Fact]
    public async Task A_compressed_file_that_an_earlier_ledger_knew_by_its_archive_is_still_known()
    {
        string path = Wrapped("zip", Encoding.UTF8.GetBytes(Header + Row("A000001") + Row("A000002")));
        FileResult taken = Assert.Single((await ledger.IngestAsync(path)).Files);
        await ledger.ScalarAsync<long>($"update source_file set sha256 = offered_sha256 || '!2026-10-31.csv' where file_id = {taken.FileId} returning file_id");
        FileResult again = Assert.Single((await ledger.IngestAsync(path)).Files);
        Assert.Equal((FileOutcome.AlreadyIngested, taken.FileId), (again.Outcome, again.FileId));
    }

    [Fact]
    public async Task Three_hundred_files_are_taken_by_a_process_that_may_open_few()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }
        string folder = Path.Combine(ledger.Folder, "many");
        Directory.CreateDirectory(folder);
        for (int i = 0; i < 300; i++)
        {
            File.WriteAllText(Path.Combine(folder, $"2026-10-31 {i:000}.csv"), Header + Row($"A{i:000000}") + Row($"B{i:000000}"));
        }
        using System.Diagnostics.Process process = new()
        {
            StartInfo = new("sh", ["-c", "ulimit -n 256 && exec dotnet \"$@\"", "sh", typeof(IngestCommand).Assembly.Location, "ingest", folder, "--home", ledger.Database.Home, "--json"])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        process.StartInfo.Environment["PIPELINE_DATABASE"] = ledger.Database.Server;
        process.Start();
        Task<string> said = process.StandardError.ReadToEndAsync();
        await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await said);
        Assert.Equal(600, await ledger.ScalarAsync<long>("select count(*) from complaint"));
    }

    /// <summary>The export 2026-10-31.csv, as it is, compressed, or in an archive.</summary>
    private string Wrapped(string wrapper, byte[] content)
    {
        string path = Path.Combine(ledger.Folder, wrapper switch { "plain" => "2026-10-31.csv", "gz" => "2026-10-31.csv.gz", _ => "pack.zip" });
        using FileStream file = File.Create(path);
        if (wrapper == "zip")
        {
            using System.IO.Compression.ZipArchive zip = new(file, System.IO.Compression.ZipArchiveMode.Create);
            using Stream member = zip.CreateEntry("2026-10-31.csv").Open();
            member.Write(content);
            return path;
        }
        using Stream target = wrapper == "gz" ? new System.IO.Compression.GZipStream(file, System.IO.Compression.CompressionLevel.Fastest) : file;
        target.Write(content);
        return path;
    }

    [Fact]
    public async Task Too_many_rejected_rows_ask_for_a_person()
    {
        string path = ledger.Write("2026-10-31.csv", Header + Row("A000001") + Row("A000002") + Row("") + Row("A000003"));
        Assert.Equal(ExitCodes.LookNeeded, (await ledger.IngestAsync(new IngestOptions([path], IsDryRun: true))).ExitCode);
        Assert.Equal(ExitCodes.Done, (await ledger.IngestAsync(new IngestOptions([path], MaxRejectedShare: 0.25))).ExitCode);
    }

    [Fact]
    public async Task An_unknown_table_is_explained_and_stops_no_other_file()
    {
        string unknown = ledger.Write("unknown.csv", "品名,数量,单价\n苹果,3,5\n梨,4,6\n桃,1,9\n");
        string good = ledger.Write("2026-10-31.csv", Header + Row("A000001") + Row("A000002"));
        IngestResult result = await ledger.IngestAsync(unknown, good);
        Assert.Equal(ExitCodes.Failed, result.ExitCode);
        FileResult failed = Assert.Single(result.Files, f => f.Outcome == FileOutcome.Failed);
        Assert.Contains("品名 | 数量 | 单价", failed.Error!.En, StringComparison.Ordinal);
        Assert.Contains("needs", failed.Error.En, StringComparison.Ordinal);
        Assert.Equal(2, await ledger.ScalarAsync<long>("select count(*) from complaint"));
    }

    [Fact]
    public async Task Cells_are_cleaned_where_that_is_safe_and_counted()
    {
        string path = ledger.Write("2026-10-31.csv", Header + "'A000001\t,２０２６-10-01,,处理中,\"一行\r\n二行\",赵 测试,１３９１２３４５６７８,=1+1\n");
        FileResult file = Assert.Single((await ledger.IngestAsync(path)).Files);
        Assert.Equal(0, file.Counts.Warnings + file.Counts.Rejected);
        Assert.Equal("A000001 2026-10-01", await ledger.ScalarAsync<string>("select concat_ws(' ', case_number, received_date) from complaint"));
        SealedRow row = await SealedAsync("A000001");
        Assert.Equal(("一行\n二行", "13912345678", "=1+1"), (row[SealedRow.Narrative], row[SealedRow.PhoneContact], row["column:8:备注"]));
        Assert.Equal(["excel_wrapper", "full_width", "line_end", "outer_space"], file.Repairs.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Totals_and_repeated_headers_are_no_rows()
    {
        FileResult file = await IngestOneAsync(
            "2026-10-31.csv",
            [.. Enumerable.Range(1, 20).Select(i => Row($"A{i:000000}")), Header, .. Enumerable.Range(21, 20).Select(i => Row($"A{i:000000}")), "合计,40,,,,,,\n"]);
        // The reader may itself see two tables in this file; then it is the second one's header that is no row.
        Assert.InRange(file.Counts.Skipped, 1, 2);
        Assert.Equal((40, 40, 0), (file.Counts.Read, file.Counts.New, file.Counts.Rejected));
    }

    [Fact]
    public async Task Splitting_shuffling_and_other_encodings_give_the_same_ledger()
    {
        string[] rows = [.. Enumerable.Range(1, 300).Select(i => Row(
            $"A{i:000000}", $"2026-10-{1 + (i % 28):00}", i % 3 == 0 ? "2026-10-30" : "", i % 3 == 0 ? "已办结" : "处理中", $"第{i}件：客户反映费用\u3000问题", i % 7 == 0 ? "=1+1" : "备"))];
        await ledger.IngestAsync(ledger.Write("2026-10-31.csv", Header + string.Concat(rows)));
        IReadOnlyList<string> expected = await ledger.SnapshotAsync(withLineage: false);
        Assert.Equal(300, expected.Count);

        string[] shuffled = [.. rows];
        new Random(7).Shuffle(shuffled);
        Encoding gb = Encoding.GetEncoding("gb18030");
        List<Func<IngestFixture, string[]>> variants =
        [
            other => [other.Write("2026-10-31.csv", Header + string.Concat(shuffled))],
            other => [.. Enumerable.Range(0, 3).Select(part => other.Write($"2026-10-31-{part}.csv", Header + string.Concat(rows.Where((_, i) => i % 3 == part))))],
            other => [other.WriteBytes("2026-10-31.csv", gb.GetBytes(Header + string.Concat(rows)))],
            other => [other.WriteBytes("2026-10-31.csv", [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes((Header + string.Concat(rows)).Replace(',', '\t'))])],
            other => [other.Write("2026-10-31.csv", (Header + string.Concat(rows)).Replace("\n", "\r\n", StringComparison.Ordinal))],
            other => [Workbook(other, Header, rows)],
        ];
        foreach (Func<IngestFixture, string[]> variant in variants)
        {
            using IngestFixture other = await IngestFixture.CreateAsync();
            await other.IngestAsync(variant(other));
            LedgerSnapshot.AssertSame(expected, await other.SnapshotAsync(withLineage: false));
            await other.DisposeAsync();
        }
    }

    private static string Workbook(IngestFixture other, string header, string[] rows)
    {
        string path = Path.Combine(other.Folder, "2026-10-31.xlsx");
        string[][] cells = [.. rows.Select(r => r.TrimEnd('\n').Split(',').ToArray())];
        CorrectionWorkbook.Write(path, [new CorrectionSheet("明细", header.TrimEnd('\n').Split(','), cells)]);
        return path;
    }

    [Fact]
    public async Task Random_histories_give_the_same_ledger_in_any_order_of_arrival()
    {
        // An oracle that knows nothing of the load: the states of a case are its contents by export date, without repetitions.
        for (int seed = 0; seed < 3; seed++)
        {
            Random random = new(seed);
            List<(string Name, string Content)> files = [];
            SortedDictionary<string, List<string>> history = new(StringComparer.Ordinal);
            for (int month = 1; month <= 6; month++)
            {
                StringBuilder content = new(Header);
                for (int number = 1; number <= 12; number++)
                {
                    int rows = random.Next(4) == 3 ? 2 : random.Next(2);
                    for (int k = 0; k < rows; k++)
                    {
                        string note = $"状态{random.Next(3)}";
                        content.Append(Row($"A{number:000000}", "2026-01-01", note: note));
                        history.TryAdd($"A{number:000000}", []);
                        if (history[$"A{number:000000}"].LastOrDefault() != note)
                        {
                            history[$"A{number:000000}"].Add(note);
                        }
                    }
                }
                content.Append(Row("A999999", "2026-01-01"));
                files.Add(($"2026-{month:00}-28.csv", content.ToString()));
            }
            using IngestFixture other = await IngestFixture.CreateAsync();
            foreach ((string name, string content) in files.OrderBy(_ => random.Next()).ToList())
            {
                await other.IngestAsync(other.Write(name, content));
            }
            await using Npgsql.NpgsqlCommand states = other.Source.CreateCommand("""
                select case_number, revision, sealed, key_id from complaint
                union all select case_number, revision, sealed, key_id from complaint_revision
                order by case_number, revision
                """);
            await using Npgsql.NpgsqlDataReader reader = await states.ExecuteReaderAsync();
            SortedDictionary<string, List<string>> found = new(StringComparer.Ordinal);
            while (await reader.ReadAsync())
            {
                string number = reader.GetString(0);
                if (number == "A999999")
                {
                    continue;
                }
                found.TryAdd(number, []);
                Assert.Equal(found[number].Count + 1, reader.GetInt32(1));
                SealedRow row = SealedRow.Read(other.Database.Keys.Open((byte[])reader[2], reader.GetInt32(3), SealedRow.Place("generic", number)));
                found[number].Add(row["column:8:备注"]!);
            }
            Assert.Equal(history.Select(h => $"{h.Key} {string.Join(' ', h.Value)}"), found.Select(h => $"{h.Key} {string.Join(' ', h.Value)}"));
            await other.DisposeAsync();
        }
    }

    [Fact]
    public async Task Numbers_and_types_arrive_as_they_were_written()
    {
        string path = ledger.Write("2026-10-31.csv",
            "case number,received,description,amount,compensation,persons count,escalated,email,account number,id number\n"
            + "C-0000001,2026-10-01,text one two three,\"1,234.565\",0.10,7,yes,Test@Example.com,6200000000000005,11010519491231002X\n"
            + "C-0000002,2026-10-02,text one two three,12.3万,10000,1,no,,,\n"
            + "C-0000003,2026-10-03,text one two three,0,9999999999999999.99,1,,,,\n");
        FileResult file = Assert.Single((await ledger.IngestAsync(path)).Files);
        Assert.Equal("generic", file.Profile);
        Assert.Equal(
            "1234.57 0.10 | 123000.00 10000.00 | 0.00 9999999999999999.99",
            await ledger.ScalarAsync<string>("select string_agg(concat_ws(' ', amount_yuan, compensation_yuan), ' | ' order by case_number) from complaint"));
        Assert.Equal("valid 1949 female t", await ledger.ScalarAsync<string>(
            "select concat_ws(' ', identity_state, birth_year, gender, is_escalated_reported) from complaint where case_number = 'C-0000001'"));
        Assert.Equal(1, await ledger.ScalarAsync<long>("select count(*) from complaint where length(email_token) = 16 and length(account_token) = 16 and length(identity_token) = 16"));
        Assert.Equal(7, await ledger.ScalarAsync<int>("select max(persons_count) from complaint"));
    }

    private async Task<SealedRow> SealedAsync(string number)
    {
        byte[] bytes = await ledger.ScalarAsync<byte[]>($"select sealed from complaint where case_number = '{number}'");
        return SealedRow.Read(ledger.Database.Keys.Open(bytes, ledger.Database.Keys.CurrentKeyId, SealedRow.Place("generic", number)));
    }
}
