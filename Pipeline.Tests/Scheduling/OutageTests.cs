using System.Diagnostics;
using Npgsql;
using Pipeline.Jobs.Scheduling;
using Pipeline.Tests.Ingest;

namespace Pipeline.Tests.Scheduling;

/// <summary>Real nodes that were away while work came due.</summary>
public sealed class OutageTests
{
    private const string Schedule =
        """
        { "time_zone": "Asia/Shanghai", "jobs": [
          { "name": "month", "kind": "run", "when": "3rd working day 06:00", "folder": "workbooks" },
          { "name": "expected", "kind": "expect", "when": "2nd working day 12:00" },
          { "name": "week", "kind": "quality", "when": "every Monday 07:30" },
          { "name": "night", "kind": "maintenance", "when": "every day 02:00" } ] }
        """;

    [Fact]
    public async Task Two_nodes_that_start_together_after_an_outage_of_ten_weeks_make_each_period_up_exactly_once()
    {
        using IngestFixture fixture = await IngestFixture.CreateAsync();
        await fixture.IngestAsync(Path.Combine(SampleData.Bank, "exports", "2024-11.csv"));
        // This month and those before it, whenever the test runs: the nodes have the machine's clock.
        await ExecuteAsync(fixture, """
            update complaint
            set received_date = (date_trunc('month', now() at time zone 'Asia/Shanghai') - make_interval(months => (complaint_id % 5)::integer) + make_interval(days => (complaint_id % 28)::integer))::date,
                closed_date = null
            """);
        await File.WriteAllTextAsync(Path.Combine(fixture.Database.Home, ScheduleFile.Name), Schedule);
        SchedulePlan plan = ScheduleFile.Load(fixture.Database.Home);
        DateTimeOffset before = TimeProvider.System.GetUtcNow();
        DateTimeOffset stopped = before.AddDays(-70);
        await using (NpgsqlConnection connection = await fixture.Source.OpenConnectionAsync())
        {
            // As a node left it that worked then: applied, and the next slot of each job waiting.
            await RecurringJobs.ApplyAsync(connection, plan, stopped, default);
        }
        await RecurringJobs.PlanAsync(fixture.Source, plan.Calendar, stopped, default);
        Assert.Equal(4L, await fixture.ScalarAsync<long>("select count(*) from task where state = 'waiting'"));

        using Process one = PipelineProcess.Start(fixture.Database, "serve", "--urls", "http://127.0.0.1:0", "--node", "one");
        using Process two = PipelineProcess.Start(fixture.Database, "serve", "--urls", "http://127.0.0.1:0", "--node", "two");
        long started = Stopwatch.GetTimestamp();
        while (await fixture.ScalarAsync<bool>("select (select count(*) < 2 from node) or exists (select from task where state in ('waiting', 'running', 'retrying') and due_at <= now())"))
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromMinutes(8), await fixture.ScalarAsync<string>("select string_agg(concat_ws(' ', job, slot, state, error_en), '; ') from task"));
            await Task.Delay(500);
        }
        DateTimeOffset after = TimeProvider.System.GetUtcNow();
        foreach (Process node in (Process[])[one, two])
        {
            node.Kill();
            await node.WaitForExitAsync();
        }

        foreach (PlannedJob job in plan.Jobs)
        {
            List<DateTimeOffset> slots = [];
            for (DateTimeOffset? slot = job.Next(stopped, plan.Calendar); slot <= before; slot = job.Next(slot.Value, plan.Calendar))
            {
                slots.Add(slot.Value);
            }
            Assert.True(slots.Count >= 2, $"{job.Spec.Name}: {slots.Count} slots were missed");
            string[] expected = job.Spec.Kind is JobKind.Run or JobKind.Expect
                ? [.. slots.Select(s => RecurringJobs.Period(job, s).ToString()).Order(StringComparer.Ordinal)]
                : [""];
            string done = await fixture.ScalarAsync<string>(
                $"select coalesce(string_agg(coalesce(to_char(month, 'YYYY-MM'), ''), ',' order by month), '-') from task where job = '{job.Spec.Name}' and state = 'done' and due_at <= '{before:yyyy-MM-dd HH:mm:ss}Z'");
            Assert.Equal(string.Join(',', expected), done);
            Assert.Equal(0L, await fixture.ScalarAsync<long>($"select count(*) from task where job = '{job.Spec.Name}' and state not in ('done', 'waiting', 'withdrawn')"));
            Assert.Equal(1L, await fixture.ScalarAsync<long>($"select count(*) from task where job = '{job.Spec.Name}' and state = 'waiting' and due_at > '{after:yyyy-MM-dd HH:mm:ss}Z'"));
        }
        Assert.True(await fixture.ScalarAsync<bool>("select count(*) = count(distinct month) from run"));
        Assert.True(await fixture.ScalarAsync<bool>("select count(*) = (select count(*) from run) from outbox where kind = 'run_finished'"));
        await fixture.DisposeAsync();
    }

    private static async Task ExecuteAsync(IngestFixture fixture, string sql)
    {
        await using NpgsqlCommand command = fixture.Source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
