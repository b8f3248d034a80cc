using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using Npgsql;
using Pipeline.Jobs.Ingest;
using Pipeline.Jobs.Shell;

namespace Pipeline.Tests.Ingest;

/// <summary>A real process, killed with SIGKILL at random moments: a file is wholly in or not at all.</summary>
public sealed class KilledIngestTests(IngestFixture ledger) : IClassFixture<IngestFixture>
{
    private const int Rows = 10_000;
    private const int Kills = 10;

    [Fact]
    public async Task An_ingest_killed_at_any_moment_leaves_the_file_wholly_in_or_not_at_all()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }
        string path = ledger.Write("2024-10-31.csv", Content());
        TimeSpan whole = await TimeOfDryRunAsync(path);
        Random random = new(20261121);
        int absent = 0;
        for (int i = 0; i < Kills; i++)
        {
            using Process process = Start(path);
            await Task.Delay(whole * random.NextDouble());
            process.Kill();
            await process.WaitForExitAsync();
            absent += await AssertWholeOrAbsentAsync() ? 0 : 1;
            if (await ledger.ScalarAsync<long>("select count(*) from source_file") == 1)
            {
                await ledger.ScalarAsync<object>("with f as (delete from complaint_warning) select 1");
                await ledger.ScalarAsync<object>("with c as (delete from complaint) select 1");
                await ledger.ScalarAsync<object>("with q as (delete from quarantined_row) select 1");
                await ledger.ScalarAsync<object>("with f as (delete from source_file) select 1");
            }
        }
        Assert.True(absent > 0, "no kill hit the ingest at work: the test says nothing");

        using Process last = Start(path);
        await last.WaitForExitAsync();
        Assert.Equal(0, last.ExitCode);
        Assert.True(await AssertWholeOrAbsentAsync());
        IReadOnlyList<string> killed = await ledger.SnapshotAsync();
        using IngestFixture undisturbed = await IngestFixture.CreateAsync();
        await undisturbed.IngestAsync(path);
        LedgerSnapshot.AssertSame(await undisturbed.SnapshotAsync(), killed);
        await undisturbed.DisposeAsync();
    }

    [Fact]
    public async Task A_database_connection_that_breaks_in_the_middle_leaves_nothing_and_says_so_with_exit_code_5()
    {
        using IngestFixture own = await IngestFixture.CreateAsync();
        string path = own.Write("2024-10-31.csv", Content());
        // The ingest waits for this lock in the middle of its work: no moment has to be hit.
        await using NpgsqlConnection other = await own.Source.OpenConnectionAsync();
        await using NpgsqlTransaction holding = await other.BeginTransactionAsync();
        await using (NpgsqlCommand hold = new("lock table quarantined_row in exclusive mode", other))
        {
            await hold.ExecuteNonQueryAsync();
        }
        Task<IngestResult> ingest = own.IngestAsync(path);
        // On another connection: a transaction sees one picture of the activity, taken at its first look.
        await using NpgsqlCommand terminate = own.Source.CreateCommand(
            "select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'");
        while (!ingest.IsCompleted && (long)(await terminate.ExecuteScalarAsync())! == 0)
        {
            await Task.Delay(20);
        }
        await holding.RollbackAsync();
        Exception fault = await Assert.ThrowsAnyAsync<Exception>(() => ingest);
        Assert.True(fault is NpgsqlException or IOException, fault.ToString());
        Assert.Equal(0, await own.ScalarAsync<long>("select (select count(*) from complaint) + (select count(*) from source_file)"));
        Assert.Equal(FileOutcome.Ingested, Assert.Single((await own.IngestAsync(path)).Files).Outcome);
        await own.DisposeAsync();
    }

    [Fact]
    public async Task An_ingest_that_is_stopped_leaves_nothing()
    {
        using IngestFixture own = await IngestFixture.CreateAsync();
        string path = own.Write("2024-10-31.csv", Content());
        using CancellationTokenSource stop = new();
        CommandSession session = own.Session(cancellation: stop.Token);
        await using Jobs.Store.Database database = await Jobs.Store.Database.OpenAsync(session);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => IngestFiles.RunAsync(session, database, new IngestOptions([path]), _ => stop.Cancel()));
        Assert.Equal(0, await own.ScalarAsync<long>("select (select count(*) from complaint) + (select count(*) from source_file)"));
        await own.DisposeAsync();
    }

    [Fact]
    public async Task A_file_that_breaks_off_in_the_middle_fails_alone_and_leaves_nothing()
    {
        using IngestFixture own = await IngestFixture.CreateAsync();
        string good = own.Write("2024-09-30.csv", "case number,received date,description\nK-0000001,2024-09-01,some words\nK-0000002,2024-09-01,other words\n");
        string broken = Path.Combine(own.Folder, "2024-10-31.csv.gz");
        using (MemoryStream packed = new())
        {
            using (GZipStream zip = new(packed, CompressionLevel.Fastest, leaveOpen: true))
            {
                zip.Write(Encoding.UTF8.GetBytes(Content()));
            }
            File.WriteAllBytes(broken, packed.ToArray()[..(int)(packed.Length * 2 / 3)]);
        }
        IngestResult result = await own.IngestAsync(broken, good);
        Assert.Equal(ExitCodes.Failed, result.ExitCode);
        Assert.Equal(["2024-10-31.csv.gz"], result.Files.Where(f => f.Outcome == FileOutcome.Failed).Select(f => Path.GetFileName(f.Path)));
        Assert.Equal("1 2", await own.ScalarAsync<string>("select concat_ws(' ', (select count(*) from source_file), (select count(*) from complaint))"));
        await own.DisposeAsync();
    }

    private static string Content()
    {
        StringBuilder text = new("case number,received date,description,phone\n");
        for (int i = 0; i < Rows; i++)
        {
            text.Append($"K-{i:0000000},{(i % 97 == 0 ? "2024-02-30" : "2024-10-01")},complaint number {i} about a fee that nobody explained,139{i:00000000}\n");
        }
        return text.ToString();
    }

    private async Task<TimeSpan> TimeOfDryRunAsync(string path)
    {
        Stopwatch watch = Stopwatch.StartNew();
        using Process process = Start(path, "--dry-run");
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        return watch.Elapsed;
    }

    /// <returns>True where the file is in.</returns>
    private async Task<bool> AssertWholeOrAbsentAsync()
    {
        string counts = await ledger.ScalarAsync<string>("""
            select concat_ws(' ', (select count(*) from source_file), (select count(*) from complaint), (select count(*) from quarantined_row),
                (select coalesce(max(read_count), 0) from source_file))
            """);
        int bad = (Rows + 96) / 97;
        Assert.Contains(counts, (string[])["0 0 0 0", $"1 {Rows - bad} {bad} {Rows}"]);
        return counts[0] == '1';
    }

    private Process Start(params string[] arguments)
    {
        ProcessStartInfo start = new("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in (string[])[typeof(IngestCommand).Assembly.Location, "ingest", .. arguments, "--home", ledger.Database.Home])
        {
            start.ArgumentList.Add(argument);
        }
        start.Environment["PIPELINE_DATABASE"] = ledger.Database.Server;
        Process process = Process.Start(start)!;
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }
}
