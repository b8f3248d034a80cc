using System.CommandLine;
using System.Globalization;
using Npgsql;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Steps;
using Pipeline.Jobs.Store;
using Pipeline.Models.Complaints;

namespace Pipeline.Jobs.Scheduling;

/// <summary><c>backfill</c>: what is missing or stale in a range of months, through the scheduler.</summary>
internal static class BackfillCommand
{
    private const int NewestPriority = 9;
    private const int OtherPriority = 4;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    public static Command Create()
    {
        Option<string> from = new("--from") { Description = "First month, YYYY-MM / 起始月份", Required = true };
        Option<string> to = new("--to") { Description = "Last month, YYYY-MM / 截止月份", Required = true };
        Option<string?> source = MonthOptions.Source();
        Option<bool> dry = new("--dry-run") { Description = "Say what would run and why, and change nothing / 只列出，不运行" };
        Option<string> output = new("--out") { Description = "Folder for the workbooks / 报表输出目录", DefaultValueFactory = _ => "out" };
        return new Command("backfill", """
            Runs what is missing or stale in a range of months: the newest first, then from the oldest on. One failed month stops no other; run it again after Ctrl-C or a crash and it goes on / 补跑
            Example: pipeline backfill --from 2025-01 --to 2026-10 --dry-run
            """)
        {
            from, to, source, dry, output,
        }.Runs(async (parsed, session) =>
        {
            ReportingMonth first = MonthOptions.ParseMonth(parsed.GetValue(from)!);
            ReportingMonth last = MonthOptions.ParseMonth(parsed.GetValue(to)!);
            if (first.CompareTo(last) > 0)
            {
                throw PipelineFault.Usage($"--from {first} 晚于 --to {last}。", $"--from {first} is later than --to {last}.");
            }
            await using Database database = await Database.OpenAsync(session);
            IReadOnlyList<BackfillMonth> plan;
            await using (NpgsqlConnection connection = await database.Source.OpenConnectionAsync(session.Cancellation))
            {
                plan = await BackfillPlan.MakeAsync(connection, first, last, parsed.GetValue(source), session);
            }
            BackfillMonth[] open = [.. plan.Where(m => m.State != BackfillState.Current)];
            Print(plan, session);
            if (parsed.GetValue(dry) || open.Length == 0)
            {
                session.Document(Document(plan, []));
                return open.Length == 0 ? ExitCodes.NothingToDo : ExitCodes.Done;
            }
            return await RunAsync(database, session, plan, open, Path.GetFullPath(parsed.GetValue(output)!));
        });
    }

    private static async Task<int> RunAsync(
        Database database, CommandSession session, IReadOnlyList<BackfillMonth> plan, BackfillMonth[] open, string output)
    {
        Dictionary<long, TaskState> ended = [];
        SchedulePlan schedule = ScheduleFile.Load(session.Home);
        // Nodes that work already take part; without any, this process does it alone.
        await NodeHost.RunAsync(session, database, schedule, new NodeOptions([], ClusterSettings.Default) { LogFrom = Microsoft.Extensions.Logging.LogLevel.Warning }, async (_, stop) =>
        {
            CommandSession stopping = session with { Cancellation = stop };
            await EndedAsync(database, stopping, await AskAsync(database, stopping, open, output), ended);
            // The newest month went first and did not have the topics of the months before it: what those moved is run once more.
            BackfillMonth[] moved = [.. (await AgainAsync(database, stopping, open)).Where(m => ended.Values.Any(t => t.Month == m.Month && t.Source == m.Source && t.State == "done"))];
            if (moved.Length > 0)
            {
                Print(moved, session);
                await EndedAsync(database, stopping, await AskAsync(database, stopping, moved, output), ended);
            }
        });
        session.Document(Document(plan, ended.Values));
        session.Cancellation.ThrowIfCancellationRequested();
        return ended.Values.All(t => t.State == "done") ? ExitCodes.Done : ExitCodes.Failed;
    }

    /// <summary>Puts the months to the nodes in their order.</summary>
    private static async Task<HashSet<long>> AskAsync(Database database, CommandSession session, BackfillMonth[] open, string output)
    {
        HashSet<long> tasks = [];
        await using NpgsqlConnection connection = await database.Source.OpenConnectionAsync(session.Cancellation);
        DateTimeOffset now = session.Time.GetUtcNow();
        ReportingMonth newest = open.Max(m => m.Month);
        bool hasSeveral = open.Select(m => m.Source).Distinct(StringComparer.Ordinal).Count() > 1;
        for (int i = 0; i < open.Length; i++)
        {
            BackfillMonth month = open[i];
            string language = session.Language == Models.Text.Language.Zh ? "zh" : "en";
            JobSpec spec = new(TaskOrigins.Backfill, JobKind.Run, "", "UTC")
            {
                Source = month.Source,
                Folder = hasSeveral ? Path.Combine(output, month.Source) : output,
                Language = language,
            };
            string slot = string.Create(CultureInfo.InvariantCulture, $"{month.Month} {month.Source} {now.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'}");
            // The scheduler takes what is due first, then what is more urgent: the order of the plan is the order of their times.
            await TaskLedger.AddAsync(
                connection,
                new NewTask(
                    TaskOrigins.Backfill, TaskKinds.Run, slot, month.Source, month.Month, spec, month.Why.En, month.Month == newest ? NewestPriority : OtherPriority,
                    now.AddMilliseconds(i), null),
                session.Cancellation);
            tasks.Add(await OpenTaskAsync(connection, month, session.Cancellation));
        }
        return tasks;
    }

    /// <summary>Waits for the end of the tasks and tells each.</summary>
    private static async Task EndedAsync(Database database, CommandSession session, HashSet<long> tasks, Dictionary<long, TaskState> ended)
    {
        while (!tasks.All(ended.ContainsKey))
        {
            await using NpgsqlConnection connection = await database.Source.OpenConnectionAsync(session.Cancellation);
            foreach (long id in tasks.Where(t => !ended.ContainsKey(t)))
            {
                TaskState task = (await StatusView.TasksAsync(connection, id, 1, session.Cancellation)).Single();
                if (task.State is "done" or "failed" or "gave_up" or "withdrawn")
                {
                    ended.Add(id, task);
                    session.Line($"{task.Month} {task.Source}：{StateWords.Of(task.State).Zh} {task.RunId} {task.Error?.Zh}", $"{task.Month} {task.Source}: {StateWords.Of(task.State).En} {task.RunId} {task.Error?.En}");
                }
            }
            await Task.Delay(Look, session.Cancellation);
        }
    }

    /// <summary>Of the months that were run, those whose inputs have moved since.</summary>
    private static async Task<BackfillMonth[]> AgainAsync(Database database, CommandSession session, BackfillMonth[] run)
    {
        await using NpgsqlConnection connection = await database.Source.OpenConnectionAsync(session.Cancellation);
        IReadOnlyList<BackfillMonth> plan = await BackfillPlan.MakeAsync(connection, run.Min(m => m.Month), run.Max(m => m.Month), null, session);
        return [.. plan.Where(m => m.State == BackfillState.Stale && run.Any(r => r.Month == m.Month && r.Source == m.Source))];
    }

    /// <summary>The task that has the month: the one just added, or the one of an earlier backfill that was not finished.</summary>
    private static async Task<long> OpenTaskAsync(NpgsqlConnection connection, BackfillMonth month, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = new(
            "select task_id from task where kind = 'run' and month = $1 and source = $2 and job in ('backfill', 'request') order by task_id desc limit 1", connection)
        {
            Parameters = { new() { Value = month.Month.FirstDay }, new() { Value = month.Source } },
        };
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }

    private static void Print(IReadOnlyList<BackfillMonth> plan, CommandSession session)
    {
        foreach (BackfillMonth month in plan)
        {
            string zh = month.State switch { BackfillState.Current => "不需要", BackfillState.Stale => "过期", _ => "缺少" };
            session.Line(
                $"{month.Month} {month.Source,-10} {zh}：{month.Why.Zh}", $"{month.Month} {month.Source,-10} {month.State.ToString().ToLowerInvariant(),-8} {month.Why.En}");
        }
        if (plan.Count == 0)
        {
            session.Line("该范围内台账没有投诉。", "The ledger holds no complaints in that range.");
        }
    }

    private static object Document(IReadOnlyList<BackfillMonth> plan, IEnumerable<TaskState> ended)
    {
        Dictionary<(ReportingMonth, string), TaskState> by = ended.GroupBy(t => (t.Month!.Value, t.Source!)).ToDictionary(g => g.Key, g => g.MaxBy(t => t.TaskId)!);
        return new
        {
            Months = plan.Select(m => new
            {
                Month = m.Month.ToString(),
                m.Source,
                m.Complaints,
                State = m.State.ToString().ToLowerInvariant(),
                Why = m.Why.En,
                Outcome = by.GetValueOrDefault((m.Month, m.Source))?.State,
                by.GetValueOrDefault((m.Month, m.Source))?.RunId,
            }),
        };
    }
}
