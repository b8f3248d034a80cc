using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using Npgsql;
using Pipeline.Jobs.Scheduling;
using Pipeline.Models.Complaints;

namespace Pipeline.Benchmarks.Scheduling;

/// <summary>
/// A month that is cut into parts, of whose nodes one is struck in the middle of a part: killed, or in every third round stopped for twenty seconds and
/// woken. Right where month, labels, persons and workbooks are those of the undisturbed run and each complaint was judged and prepared in a part.
/// </summary>
[UnsupportedOSPlatform("windows")]
internal sealed class ChaosShards(ChaosStage stage, Random random)
{
    private const int Complaints = 20_000;
    private static readonly TimeSpan Sleep = TimeSpan.FromSeconds(20);

    private ReportingMonth month;
    private int asked;

    public async Task<int> RunAsync(int rounds, int nodeCount)
    {
        await File.WriteAllTextAsync(Path.Combine(stage.Home, "schedule.json"), """{ "jobs": [] }""");
        string export = Path.Combine(stage.Root, "2026-10-31.csv");
        ShardsBenchmark.Write(export, Complaints);
        await stage.ToolAsync("ingest", export);
        string fullest = await stage.TextAsync("select to_char(received_date, 'YYYY-MM') from complaint group by 1 order by count(*) desc, 1 limit 1");
        month = ReportingMonth.TryParse(fullest, out ReportingMonth named) ? named : throw new InvalidOperationException($"no month: '{fullest}'");
        await stage.ReplenishAsync(nodeCount);
        // The first round trains the model and gives persons their keys; the second is the undisturbed one.
        await UndisturbedAsync();
        await ResetAsync();
        double whole = await UndisturbedAsync();
        string expected = await OutcomeAsync();
        double part = double.Parse(await stage.TextAsync("select avg(extract(epoch from finished_at - started_at)) from task where kind = 'shard'"), CultureInfo.InvariantCulture);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"undisturbed: {Complaints} complaints, {whole:0.0} s, a part {part:0.0} s; {expected}"));

        int wrong = 0, struck = 0;
        for (int round = 1; round <= rounds; round++)
        {
            await ResetAsync();
            await AskAsync();
            await stage.UntilAsync("select exists (select from task where kind = 'shard' and state = 'running')");
            await Task.Delay(TimeSpan.FromSeconds(part * random.NextDouble()));
            string[] held = (await stage.TextAsync("select node || ' ' || task_id || ' ' || fence from task where kind = 'shard' and state = 'running' order by task_id limit 1")).Split(' ');
            Process? node = held.Length == 3 ? stage.NodeOf(held[0]) : null;
            bool isStopped = round % 3 == 0;
            struck += node is null ? 0 : 1;
            if (isStopped)
            {
                ChaosStage.Signal(node, "STOP");
                await Task.Delay(Sleep);
                ChaosStage.Signal(node, "CONT");
            }
            else
            {
                node?.Kill();
            }
            await stage.UntilAsync("select not exists (select from task where state in ('waiting', 'running', 'retrying'))");
            string fences = held.Length == 3 ? await stage.TextAsync($"select 'claim ' || {held[2]} || ' to ' || fence || ' of ' || node from task where task_id = {held[1]}") : "none struck";
            await stage.ReplenishAsync(nodeCount);
            string outcome = await OutcomeAsync();
            string state = await stage.TextAsync("select concat_ws(' ', string_agg(distinct state, ','), count(*) filter (where kind = 'shard'), 'parts, deaths', sum(deaths)) from task");
            bool isRight = outcome == expected && state.StartsWith("done ", StringComparison.Ordinal);
            wrong += isRight ? 0 : 1;
            Console.WriteLine($"{round,3} {(isStopped ? "stopped" : "killed")}: {state}; {fences}; {(outcome == expected ? "equal" : "DIFFERS " + outcome)}{(isRight ? "" : " WRONG")}");
        }
        Console.WriteLine($"shards: {rounds} rounds with {nodeCount} nodes, {struck} struck in a part, {wrong} wrong; load {ChaosBenchmark.Load()}");
        return wrong == 0 ? 0 : 1;
    }

    private async Task<string> OutcomeAsync() => string.Join("; ",
        "labels " + await stage.TextAsync("select md5(string_agg(concat_ws('|', complaint_id, head, class, probability, needs_review), E'\\n' order by complaint_id, head)) from label"),
        "persons " + await stage.TextAsync("select md5(string_agg(concat_ws('|', complaint_id, person_key, evidence), E'\\n' order by complaint_id)) from complainant_link"),
        await stage.TextAsync("select concat_ws(' ', sum((summary ->> 'judged')::int) > 0, 'judged', sum((summary ->> 'prepared')::int), 'prepared') from task where kind = 'shard'"),
        await stage.TextAsync("select concat_ws(' ', (select count(*) from run), 'run', (select count(*) from outbox), 'alert', (select count(*) from match_prepared), 'left')"),
        "workbooks " + stage.Workbooks()[..12]);

    private async Task<double> UndisturbedAsync()
    {
        long begun = Stopwatch.GetTimestamp();
        await AskAsync();
        await stage.UntilAsync("select not exists (select from task where state in ('waiting', 'running', 'retrying'))");
        string failed = await stage.TextAsync("select string_agg(distinct error_en, '; ') from task where state <> 'done'");
        return failed.Length == 0 ? Stopwatch.GetElapsedTime(begun).TotalSeconds : throw new InvalidOperationException(failed);
    }

    private async Task AskAsync()
    {
        await using NpgsqlConnection connection = await stage.Source.OpenConnectionAsync();
        JobSpec spec = new("request", JobKind.Run, "", "UTC") { Folder = "workbooks", Attempts = 20 };
        await TaskLedger.AddAsync(
            connection, new NewTask(TaskOrigins.Request, TaskKinds.Run, $"{++asked}", "cn-bank", month, spec, null, 5, DateTimeOffset.UnixEpoch, null), default);
    }

    /// <summary>As before the first run, but that persons keep their keys: nothing is judged, nothing is known of how persons were found.</summary>
    private async Task ResetAsync()
    {
        foreach (string sql in (string[])[
            "delete from task", "delete from outbox", "delete from run", "truncate label, judged_text, text_reading, case_reading, match_prepared", "delete from match_state"])
        {
            await stage.ExecuteAsync(sql);
        }
        Directory.Delete(Path.Combine(stage.Home, "workbooks"), recursive: true);
    }
}
