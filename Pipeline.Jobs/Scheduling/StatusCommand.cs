using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Store;

namespace Pipeline.Jobs.Scheduling;

/// <summary><c>status</c>: nodes, what runs where, what waits, what failed and why, and the history of tasks.</summary>
internal static class StatusCommand
{
    public static Command Create()
    {
        Option<int> most = new("--tasks") { Description = "Tasks to show (default 30) / 显示的任务数", DefaultValueFactory = _ => 30 };
        return new Command("status", """
            What runs where, what waits, what failed and why / 正在运行、等待与失败的任务
            Example: pipeline status
            Example: pipeline status --json --tasks 200
            """)
        {
            most,
        }.Runs(async (parsed, session) =>
        {
            int count = parsed.GetValue(most);
            if (count is < 1 or > 10_000)
            {
                throw PipelineFault.Usage($"--tasks 应为 1 到 10000，收到 {count}。", $"--tasks takes 1 to 10000, not {count}.");
            }
            SchedulePlan plan = ScheduleFile.Load(session.Home);
            await using Database database = await Database.OpenAsync(session);
            StatusView view = await StatusView.ReadAsync(database.Source, plan.Calendar, session.Time.GetUtcNow(), count, 36, session.Cancellation);
            Print(view, session);
            return view.Tasks.Any(t => t.NeedsLook) ? ExitCodes.LookNeeded : ExitCodes.Done;
        });
    }

    private static void Print(StatusView view, CommandSession session)
    {
        session.Document(new
        {
            Nodes = view.Nodes.Select(n => new
            {
                n.Node,
                n.Host,
                n.ProcessId,
                n.ProgramVersion,
                Rules = n.RulesSha256,
                n.StartedAt,
                n.SeenAt,
                n.ClockAheadMilliseconds,
                State = n.StoppedAt is not null ? "stopped" : n.IsLiving ? "working" : "silent",
            }),
            Jobs = view.Jobs.Select(j => new { j.Spec.Name, Kind = j.Spec.Kind.ToString().ToLowerInvariant(), j.Spec.When, j.Spec.TimeZone, j.Next, j.PausedAt, j.PausedBy }),
            Tasks = view.Tasks.Select(t => new
            {
                t.TaskId,
                t.Job,
                t.Kind,
                Month = t.Month?.ToString(),
                t.Source,
                t.State,
                MadeGood = t.IsMadeGood,
                t.Slot,
                t.DueAt,
                t.DeadlineAt,
                t.Attempt,
                t.Deaths,
                t.Node,
                t.StartedAt,
                t.FinishedAt,
                t.RunId,
                t.Reason,
                Error = t.Error is null ? null : new { Code = t.ErrorCode, Message = t.Error.In(session.Language) },
                t.Steps,
                Summary = t.SummaryJson is null ? null : JsonNode.Parse(t.SummaryJson),
            }),
            Months = view.Months.Select(m => new { m.Source, Month = m.Month.ToString(), m.Complaints, m.RunId, m.Edition, m.CompletedAt, m.Workbooks }),
            Undelivered = view.Undelivered.Select(u => new { u.Channel, Key = u.Subject, u.Attempts, u.Error }),
        });
        session.Line(view.Nodes.Count == 0 ? "没有节点在工作：运行 pipeline serve 启动。" : "节点", view.Nodes.Count == 0 ? "No node works: start one with 'pipeline serve'." : "Nodes");
        foreach (NodeState node in view.Nodes)
        {
            string zh = node.StoppedAt is not null ? "已停止" : node.IsLiving ? "工作中" : string.Create(CultureInfo.InvariantCulture, $"{node.SilentSeconds:0} 秒无响应");
            string en = node.StoppedAt is not null ? "stopped" : node.IsLiving ? "working" : string.Create(CultureInfo.InvariantCulture, $"silent for {node.SilentSeconds:0} s");
            session.Line($"  {node.Node}  {zh}  {node.ProgramVersion}", $"  {node.Node}  {en}  {node.ProgramVersion}");
        }
        session.Line("定时任务", "Recurring jobs");
        foreach (JobState job in view.Jobs)
        {
            string next = job.Next is { } at ? Local(at, job.Spec.TimeZone) : session.Say("暂停", "paused");
            session.Line($"  {job.Spec.Name,-18} {job.Spec.When,-26} {next}", $"  {job.Spec.Name,-18} {job.Spec.When,-26} {next}");
        }
        session.Line("任务", "Tasks");
        foreach (TaskState task in view.Tasks)
        {
            string what = $"{task.TaskId,5} {task.Job,-16} {task.Month?.ToString() ?? "",-7} {task.Source ?? "",-10}";
            string zh = StateWords.Of(task.State).Zh + (task.IsMadeGood ? "，其后已完成" : "");
            string en = StateWords.Of(task.State).En + (task.IsMadeGood ? ", done since" : "");
            string where = task.State == "running" ? $"  {task.Node}  {(task.Steps.Count > 0 ? task.Steps[^1].Name : "")}" : task.State == "waiting" ? $"  {task.DueAt:yyyy-MM-dd HH:mm}Z" : "";
            session.Line($"  {what} {zh}{where}", $"  {what} {en}{where}");
            if (task.Error is { } error && task.State != "done" && !task.IsMadeGood)
            {
                session.Line($"        {error.Zh}", $"        {error.En}");
            }
        }
        foreach ((string channel, string subject, int attempts, string? error) in view.Undelivered)
        {
            session.Line($"  未送达（{channel}，{attempts} 次）：{subject} {error}", $"  not delivered ({channel}, {attempts} attempts): {subject} {error}");
        }
    }

    internal static string Local(DateTimeOffset at, string zone) =>
        $"{TimeZoneInfo.ConvertTime(at, TimeZoneInfo.FindSystemTimeZoneById(zone)):yyyy-MM-dd HH:mm} {zone}";
}

/// <summary>The states of tasks in words.</summary>
internal static class StateWords
{
    public static Models.Text.Bilingual Of(string state) => state switch
    {
        "waiting" => new("等待", "waiting"),
        "running" => new("运行中", "running"),
        "retrying" => new("将重试", "to be tried again"),
        "done" => new("完成", "done"),
        "failed" => new("失败", "failed"),
        "gave_up" => new("已放弃", "gave up"),
        "withdrawn" => new("已撤回", "withdrawn"),
        _ => throw new ArgumentOutOfRangeException(nameof(state)),
    };
}
