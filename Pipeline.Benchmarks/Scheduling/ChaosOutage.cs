using System.Globalization;
using System.Runtime.Versioning;
using Npgsql;
using Pipeline.Jobs.Scheduling;

namespace Pipeline.Benchmarks.Scheduling;

/// <summary>
/// Nodes that are all away while work comes due. A round of the first kind leaves the ledger as a node of some weeks ago left it and starts nodes together:
/// months, weeks and nights that passed are made up. A round of the second kind needs no other clock: jobs are due every ten seconds, the nodes are
/// stopped or killed for half a minute or more, and started. Right where each job has one task done for each period that passed, and no more.
/// </summary>
[UnsupportedOSPlatform("windows")]
internal sealed class ChaosOutage(ChaosStage stage, Random random)
{
    private const int Complaints = 40;
    private const string Calendar =
        """
        { "time_zone": "Asia/Shanghai", "jobs": [
          { "name": "month", "kind": "run", "when": "3rd working day 06:00", "folder": "workbooks" },
          { "name": "expected", "kind": "expect", "when": "2nd working day 12:00" },
          { "name": "week", "kind": "quality", "when": "every Monday 07:30" },
          { "name": "night", "kind": "maintenance", "when": "every day 02:00" } ] }
        """;

    private const string Often =
        """
        { "time_zone": "Asia/Shanghai", "jobs": [
          { "name": "month", "kind": "run", "when": "0/10 * * * * ?", "folder": "workbooks" },
          { "name": "expected", "kind": "expect", "when": "0/10 * * * * ?" },
          { "name": "week", "kind": "quality", "when": "0/10 * * * * ?" } ] }
        """;

    public async Task<int> RunAsync(int rounds, int nodeCount)
    {
        await stage.ToolAsync("ingest", stage.SmallExport("2024-11", Complaints), stage.SmallExport("2024-12", Complaints), stage.SmallExport("2025-01", Complaints));
        int wrong = 0;
        for (int round = 1; round <= rounds; round++)
        {
            wrong += await AwayForWeeksAsync(round, nodeCount) ? 0 : 1;
            wrong += await AwayAsync(round, nodeCount) ? 0 : 1;
        }
        Console.WriteLine($"outage: {rounds} rounds of two kinds with {nodeCount} nodes, {wrong} wrong; load {ChaosBenchmark.Load()}");
        return wrong == 0 ? 0 : 1;
    }

    private async Task<bool> AwayForWeeksAsync(int round, int nodeCount)
    {
        SchedulePlan plan = await ResetAsync(Calendar);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        DateTimeOffset stopped = now.AddDays(-random.Next(15, 130)).AddMinutes(-random.Next(1440));
        await using (NpgsqlConnection connection = await stage.Source.OpenConnectionAsync())
        {
            await RecurringJobs.ApplyAsync(connection, plan, stopped, default);
        }
        await RecurringJobs.PlanAsync(stage.Source, plan.Calendar, stopped, default);
        await Task.WhenAll(Enumerable.Range(0, nodeCount).Select(_ => stage.StartNodeAsync()));
        await stage.UntilAsync("select not exists (select from task where state in ('waiting', 'running', 'retrying') and due_at <= now())");
        List<string> found = [];
        bool isRight = true;
        foreach (PlannedJob job in plan.Jobs)
        {
            List<DateTimeOffset> slots = [];
            for (DateTimeOffset? slot = job.Next(stopped, plan.Calendar); slot <= now; slot = job.Next(slot.Value, plan.Calendar))
            {
                slots.Add(slot.Value);
            }
            string expected = job.Spec.Kind is JobKind.Run or JobKind.Expect
                ? string.Join(',', slots.Select(s => RecurringJobs.Period(job, s).ToString()).Distinct().Order(StringComparer.Ordinal))
                : slots.Count == 0 ? "" : "once";
            string done = await stage.TextAsync(
                $"select coalesce(string_agg(coalesce(to_char(month, 'YYYY-MM'), 'once'), ',' order by month), '') from task where job = '{job.Spec.Name}' and state = 'done'");
            string others = await stage.TextAsync($"select count(*) from task where job = '{job.Spec.Name}' and state not in ('done', 'withdrawn') and due_at <= '{now:yyyy-MM-dd HH:mm:ss}Z'");
            isRight &= done == expected && others == "0";
            found.Add($"{job.Spec.Name} {slots.Count} missed, done {done}{(done == expected ? "" : $" EXPECTED {expected}")}");
        }
        string effects = await stage.TextAsync(
            "select concat_ws('/', (select count(*) from run), (select count(distinct month) from run), (select count(*) from outbox where kind = 'run_finished'))");
        isRight &= effects.Split('/').Distinct().Count() == 1;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{round,3} away for {(now - stopped).TotalDays:0.0} days: {string.Join("; ", found)}; runs/months/finished {effects}{(isRight ? "" : " WRONG")}"));
        return isRight;
    }

    private async Task<bool> AwayAsync(int round, int nodeCount)
    {
        SchedulePlan plan = await ResetAsync(Often);
        await Task.WhenAll(Enumerable.Range(0, nodeCount).Select(_ => stage.StartNodeAsync()));
        foreach (PlannedJob job in plan.Jobs)
        {
            await stage.UntilAsync($"select exists (select from task where job = '{job.Spec.Name}' and state = 'done')");
        }
        bool isKilled = random.Next(2) == 0;
        if (isKilled)
        {
            await stage.KillNodesAsync();
        }
        else
        {
            await stage.StopNodesAsync();
        }
        string stopped = await stage.TextAsync("select clock_timestamp()");
        await Task.Delay(TimeSpan.FromSeconds(25 + (random.NextDouble() * 40)));
        string started = await stage.TextAsync("select clock_timestamp()");
        await Task.WhenAll(Enumerable.Range(0, nodeCount).Select(_ => stage.StartNodeAsync()));
        List<string> found = [];
        bool isRight = true;
        foreach (PlannedJob job in plan.Jobs)
        {
            string name = job.Spec.Name;
            await stage.UntilAsync($"select exists (select from task where job = '{name}' and requested_at > '{started}' and state = 'done')");
            string planned = await stage.TextAsync($"select min(requested_at) from task where job = '{name}' and requested_at > '{started}'");
            string made = await stage.TextAsync(
                $"select concat_ws(' ', count(*) filter (where state <> 'withdrawn'), count(*) filter (where state = 'withdrawn')) from task where job = '{name}' and due_at > '{stopped}' and due_at <= '{planned}'");
            string missed = await stage.TextAsync($"select (extract(epoch from '{planned}'::timestamptz)::bigint / 10 - extract(epoch from '{stopped}'::timestamptz)::bigint / 10)");
            bool isOnce = made.StartsWith("1 ", StringComparison.Ordinal) && int.Parse(missed, CultureInfo.InvariantCulture) >= 2;
            isRight &= isOnce;
            found.Add($"{name} {missed} missed, made up and withdrawn {made}");
        }
        Console.WriteLine($"{round,3} {(isKilled ? "killed" : "stopped")} for real: {string.Join("; ", found)}{(isRight ? "" : " WRONG")}");
        return isRight;
    }

    /// <summary>No nodes, no tasks, no runs; the schedule is written and not applied yet.</summary>
    private async Task<SchedulePlan> ResetAsync(string schedule)
    {
        await stage.KillNodesAsync();
        foreach (string sql in (string[])["delete from task", "delete from outbox", "delete from run", "delete from schedule_job", "delete from schedule_applied", "delete from node"])
        {
            await stage.ExecuteAsync(sql);
        }
        // This month and the five before it: the nodes have the machine's clock, by which the month may turn meanwhile.
        await stage.ExecuteAsync(
            """
            update complaint
            set received_date = (date_trunc('month', now() at time zone 'Asia/Shanghai') - make_interval(months => (complaint_id % 6)::integer)
                    + make_interval(days => (complaint_id % 28)::integer))::date,
                closed_date = null
            """);
        await File.WriteAllTextAsync(Path.Combine(stage.Home, ScheduleFile.Name), schedule);
        return ScheduleFile.Load(stage.Home);
    }
}
