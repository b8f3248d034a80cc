using System.Diagnostics;
using Npgsql;
using Pipeline.Jobs.Scheduling;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Steps;
using Pipeline.Models.Complaints;
using Pipeline.Reports;
using Pipeline.Tests.Ingest;

namespace Pipeline.Tests.Scheduling;

/// <summary>Real nodes, killed and stopped in the middle of a run: one effect, the same bytes.</summary>
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

        using IngestFixture calm = await IngestFixture.CreateAsync();
        await calm.IngestAsync(Path.Combine(SampleData.Bank, "exports", "2024-11.csv"));
        await using Jobs.Store.Database database = await Jobs.Store.Database.OpenAsync(calm.Session());
        CommandSession chinese = calm.Session() with { Language = Models.Text.Language.Zh };
        RunResult undisturbed = await new MonthRun(database, database.Keys, chinese)
            .ExecuteAsync(new RunRequest(November, null, Path.Combine(calm.Folder, "out"), WorkbookKinds.All));
        foreach (PublishedWorkbook book in undisturbed.Workbooks)
        {
            Assert.Equal(File.ReadAllBytes(book.Path), File.ReadAllBytes(Path.Combine(fixture.Database.Home, "workbooks", Path.GetFileName(book.Path))));
        }
        await fixture.DisposeAsync();
        await calm.DisposeAsync();
    }

    private static async Task<long> AskAsync(IngestFixture fixture)
    {
        await using NpgsqlConnection connection = await fixture.Source.OpenConnectionAsync();
        JobSpec spec = new("request", JobKind.Run, "", "UTC") { Folder = "workbooks" };
        return (await TaskLedger.AddAsync(
            connection, new NewTask(TaskOrigins.Request, TaskKinds.Run, "test", "cn-bank", November, spec, null, 5, DateTimeOffset.UnixEpoch, null), default))!.Value;
    }

    private static async Task UntilAsync(IngestFixture fixture, string condition)
    {
        long started = Stopwatch.GetTimestamp();
        while (!await fixture.ScalarAsync<bool>(condition))
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromMinutes(5), $"in five minutes it never became true: {condition}");
            await Task.Delay(200);
        }
    }

    private static void Signal(Process process, string signal)
    {
        using Process kill = Process.Start("kill", ["-" + signal, process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using NpgsqlCommand command = new(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
