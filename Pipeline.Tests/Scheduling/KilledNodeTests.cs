using System.Diagnostics;
using Npgsql;
using Pipeline.Jobs.Scheduling;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Steps;
using Pipeline.Jobs.Store;
using Pipeline.Models.Complaints;
using Pipeline.Reports;
using Pipeline.Tests.Ingest;

namespace Pipeline.Tests.Scheduling;

/// <summary>Real nodes and a real server, struck in the middle of a run: one effect, the same bytes.</summary>
public sealed class KilledNodeTests
{
    private static readonly ReportingMonth November = new(2024, 11);

    [Theory]
    [InlineData("KILL")]
    [InlineData("STOP")]
    public async Task A_node_that_dies_or_sleeps_in_the_middle_of_a_run_is_replaced_and_the_run_has_one_effect(string signal)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }
        using IngestFixture fixture = await IngestFixture.CreateAsync();
        await fixture.IngestAsync(Path.Combine(SampleData.Bank, "exports", "2024-11.csv"));
        // The run waits for this lock after its first steps: no moment has to be hit.
        await using NpgsqlConnection gate = await fixture.Source.OpenConnectionAsync();
        await using NpgsqlTransaction held = await gate.BeginTransactionAsync();
        await ExecuteAsync(gate, "lock table text_reading in access exclusive mode");
        long task = await AskAsync(fixture);
        using Process first = PipelineProcess.Start(fixture.Database, "serve", "--urls", "http://127.0.0.1:0", "--node", "first");
        await UntilAsync(fixture, $"select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%text_reading%')");
        Signal(first, signal);
        using Process second = PipelineProcess.Start(fixture.Database, "serve", "--urls", "http://127.0.0.1:0", "--node", "second");
        await UntilAsync(fixture, $"select fence > 1 and node = 'second' from task where task_id = {task}");
        await held.RollbackAsync();
        await UntilAsync(fixture, $"select state in ('done', 'failed', 'gave_up') from task where task_id = {task}");
        if (signal == "STOP")
        {
            // It wakes up and finds its session gone: nothing that it does counts.
            Signal(first, "CONT");
            await Task.Delay(TimeSpan.FromSeconds(3));
        }
        Signal(first, "KILL");
        Signal(second, "TERM");
        await second.WaitForExitAsync();
        await first.WaitForExitAsync();

        Assert.Equal("done second 1", await fixture.ScalarAsync<string>($"select concat_ws(' ', state, node, deaths) from task where task_id = {task}"));
        Assert.Equal(1L, await fixture.ScalarAsync<long>("select count(*) from run"));
        Assert.Equal(1L, await fixture.ScalarAsync<long>("select count(*) from outbox where kind = 'run_finished'"));

        await AssertUndisturbedAsync(Path.Combine(fixture.Database.Home, "workbooks"));
        await fixture.DisposeAsync();
    }

    [Fact]
    public async Task A_run_whose_session_the_database_ends_is_tried_again_and_has_one_effect()
    {
        using IngestFixture fixture = await IngestFixture.CreateAsync();
        await fixture.IngestAsync(Path.Combine(SampleData.Bank, "exports", "2024-11.csv"));
        await using NpgsqlConnection gate = await fixture.Source.OpenConnectionAsync();
        await using NpgsqlTransaction held = await gate.BeginTransactionAsync();
        await ExecuteAsync(gate, "lock table text_reading in access exclusive mode");
        long task = await AskAsync(fixture);
        using Process node = PipelineProcess.Start(fixture.Database, "serve", "--urls", "http://127.0.0.1:0", "--node", "node");
        await UntilAsync(fixture, "select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%text_reading%')");
        Assert.Equal(1L, await fixture.ScalarAsync<long>("select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%text_reading%'"));
        await UntilAsync(fixture, $"select attempt > 1 or state = 'retrying' from task where task_id = {task}");
        await held.RollbackAsync();
        await UntilAsync(fixture, $"select state in ('done', 'failed', 'gave_up') from task where task_id = {task}");
        node.Kill();
        await node.WaitForExitAsync();
        Assert.Equal("done 2 0", await fixture.ScalarAsync<string>($"select concat_ws(' ', state, attempt, deaths) from task where task_id = {task}"));
        Assert.Equal("1 1", await fixture.ScalarAsync<string>("select concat_ws(' ', (select count(*) from run), (select count(*) from outbox))"));
        await AssertUndisturbedAsync(Path.Combine(fixture.Database.Home, "workbooks"));
        await fixture.DisposeAsync();
    }

    [Fact]
    public async Task A_run_in_which_the_database_crashes_is_done_once_the_database_is_back_and_has_one_effect()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }
        // A server of its own: the others' must not fall.
        string root = Path.Combine((await TestCluster.SharedAsync()).Root, "crash");
        PrivateCluster cluster = new(Path.Combine(root, "server"), TestCluster.Settings with { IsDurable = true });
        string home = Path.Combine(root, "home");
        Directory.CreateDirectory(home);
        await using NpgsqlDataSource source = await cluster.OpenAsync(TestCluster.Quiet(cluster.Home));
        CommandSession session = TestCluster.Quiet(home) with { Server = cluster.ConnectionString(cluster.SocketFolder), Time = IngestFixture.Clock };
        await using (Database database = await Database.OpenAsync(session))
        {
            await Jobs.Ingest.IngestFiles.RunAsync(session, database, new Jobs.Ingest.IngestOptions([Path.Combine(SampleData.Bank, "exports", "2024-11.csv")]));
        }
        long task;
        await using NpgsqlConnection gate = await source.OpenConnectionAsync();
        await using (NpgsqlTransaction held = await gate.BeginTransactionAsync())
        {
            task = await AskAsync(source);
            await ExecuteAsync(gate, "lock table text_reading in access exclusive mode");
            using Process node = PipelineProcess.Start(home, session.Server, new Dictionary<string, string>(), "serve", "--urls", "http://127.0.0.1:0", "--node", "node");
            await UntilAsync(source, "select exists (select from pg_stat_activity where wait_event_type = 'Lock' and query like '%text_reading%')");
            Signal(int.Parse(File.ReadLines(Path.Combine(cluster.DataFolder, "postmaster.pid")).First(), System.Globalization.CultureInfo.InvariantCulture), "QUIT");
            await Task.Delay(1_000);
            await (await cluster.OpenAsync(TestCluster.Quiet(cluster.Home))).DisposeAsync();
            source.Clear(); // its idle connections are gone with the server
            await UntilAsync(source, $"select state in ('done', 'failed', 'gave_up') from task where task_id = {task}");
            node.Kill();
            await node.WaitForExitAsync();
        }
        await using (NpgsqlCommand command = source.CreateCommand($"select concat_ws(' ', state, (select count(*) from run), (select count(*) from outbox)) from task where task_id = {task}"))
        {
            Assert.Equal("done 1 1", await command.ExecuteScalarAsync());
        }
        await AssertUndisturbedAsync(Path.Combine(home, "workbooks"));
        await cluster.StopAsync(TestCluster.Quiet(cluster.Home));
    }

    /// <summary>The workbooks are those of a run that nobody disturbed.</summary>
    private static async Task AssertUndisturbedAsync(string workbooks)
    {
        using IngestFixture calm = await IngestFixture.CreateAsync();
        await calm.IngestAsync(Path.Combine(SampleData.Bank, "exports", "2024-11.csv"));
        await using Database database = await Database.OpenAsync(calm.Session());
        CommandSession chinese = calm.Session() with { Language = Models.Text.Language.Zh };
        RunResult undisturbed = await new MonthRun(database, database.Keys, chinese)
            .ExecuteAsync(new RunRequest(November, null, Path.Combine(calm.Folder, "out"), WorkbookKinds.All));
        foreach (PublishedWorkbook book in undisturbed.Workbooks)
        {
            Assert.Equal(File.ReadAllBytes(book.Path), File.ReadAllBytes(Path.Combine(workbooks, Path.GetFileName(book.Path))));
        }
        Assert.Equal(undisturbed.Workbooks.Count, Directory.GetFiles(workbooks).Length); // nothing half written is left beside them
        await calm.DisposeAsync();
    }

    private static Task<long> AskAsync(IngestFixture fixture) => AskAsync(fixture.Source);

    private static async Task<long> AskAsync(NpgsqlDataSource source)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync();
        JobSpec spec = new("request", JobKind.Run, "", "UTC") { Folder = "workbooks" };
        return (await TaskLedger.AddAsync(
            connection, new NewTask(TaskOrigins.Request, TaskKinds.Run, "test", "cn-bank", November, spec, null, 5, DateTimeOffset.UnixEpoch, null), default))!.Value;
    }

    private static Task UntilAsync(IngestFixture fixture, string condition) => UntilAsync(fixture.Source, condition);

    private static async Task UntilAsync(NpgsqlDataSource source, string condition)
    {
        long started = Stopwatch.GetTimestamp();
        while (!await IsAsync(source, condition))
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromMinutes(5), $"in five minutes it never became true: {condition}");
            await Task.Delay(200);
        }
    }

    private static async Task<bool> IsAsync(NpgsqlDataSource source, string condition)
    {
        await using NpgsqlCommand command = source.CreateCommand(condition);
        return (bool)(await command.ExecuteScalarAsync())!;
    }

    private static void Signal(Process process, string signal) => Signal(process.Id, signal);

    private static void Signal(int process, string signal)
    {
        using Process kill = Process.Start("kill", ["-" + signal, process.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using NpgsqlCommand command = new(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
