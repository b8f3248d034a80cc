using System.Globalization;
using System.Net;
using System.Text;
using Pipeline.Models.Text;

namespace Pipeline.Jobs.Scheduling;

/// <summary>The first page as HTML: whole without script, in two languages, readable aloud. Every value is encoded.</summary>
internal static class FirstPageHtml
{
    private const int FaultsShown = 6;

    private static readonly (string Name, Bilingual Word)[] Steps =
    [
        ("classify", new("分类", "classify")), ("link", new("识别", "link")), ("flag", new("预警", "flag")), ("measure", new("指标", "measure")), ("report", new("报表", "report")),
    ];

    private static readonly Dictionary<string, Bilingual> Kinds = new(StringComparer.Ordinal)
    {
        ["regulatory"] = new("监管统计", "Regulatory"),
        ["rootcause"] = new("根因", "Root causes"),
        ["trend"] = new("趋势", "Trend"),
        ["cases"] = new("个案", "Cases"),
        ["quality"] = new("质量", "Quality"),
    };

    public static string SignIn(Language language, bool isWrong)
    {
        string Say(string zh, string en) => E(language == Language.Zh ? zh : en);
        string wrong = isWrong ? $"<p class=\"error\" role=\"alert\">{Say("口令不对。", "That token is not right.")}</p>" : "";
        return Page(language, $"""
            <main><section class="sign">
            <h2>{Say("登录", "Sign in")}</h2>
            <p class="soft">{Say("口令由 pipeline serve 启动时显示。", "The token was printed when 'pipeline serve' started.")}</p>
            {wrong}
            <form method="post" action="/sign-in">
            <label for="token">{Say("口令", "Token")}</label>
            <input id="token" name="token" type="password" autocomplete="off" required autofocus>
            <button>{Say("登录", "Sign in")}</button>
            </form></section></main>
            """, "", isLive: false);
    }

    public static string Status(StatusView view, Language language, DateTimeOffset now, SchedulePlan plan)
    {
        string Say(string zh, string en) => E(language == Language.Zh ? zh : en);
        TaskState[] running = [.. view.Tasks.Where(t => t.State is "running" or "retrying")];
        TaskState[] failed = [.. view.Tasks.Where(t => t.Error is not null && (t.NeedsLook || t.State == "retrying"))];
        int living = view.Nodes.Count(n => n.IsLiving);
        JobState? next = view.Jobs.Where(j => j.Next is not null && j.Spec.Kind == JobKind.Run).OrderBy(j => j.Next).FirstOrDefault();
        StringBuilder page = new();
        page.Append(CultureInfo.InvariantCulture, $"""
            <main id="main">
            <div class="tiles">
            {Tile(living.ToString(CultureInfo.InvariantCulture), Say("个节点在工作", living == 1 ? "node at work" : "nodes at work"), living == 0)}
            {Tile(running.Length.ToString(CultureInfo.InvariantCulture), Say("个任务在运行", running.Length == 1 ? "task running" : "tasks running"), false)}
            {Tile(failed.Length.ToString(CultureInfo.InvariantCulture), Say("个任务需要处理", failed.Length == 1 ? "task to look at" : "tasks to look at"), failed.Length > 0)}
            {Tile(next is null ? "–" : E(Local(next.Next!.Value, next.Spec.TimeZone, "MM-dd HH:mm")), next is null ? Say("没有排定的月度运行", "no monthly run is scheduled") : Say("下一次月度运行", "next monthly run"), false)}
            </div>
            """);
        if (failed.Length > 0)
        {
            page.Append($"<section aria-labelledby=\"e\"><h2 id=\"e\">{Say("需要处理", "To look at")}</h2>");
            foreach (TaskState task in failed.Take(FaultsShown))
            {
                page.Append($"""
                    <div class="error"><p><strong>{JobName(task.Job, language)}{(task.Month is { } m ? $" · {m}" : "")}</strong> {Pill(task.State, language)} <span class="soft">{Time(task.FinishedAt ?? task.StartedAt, plan)}</span></p>
                    <p>{E(task.Error!.In(language))}</p></div>
                    """);
            }
            page.Append("</section>");
        }
        page.Append($"<section aria-labelledby=\"r\"><h2 id=\"r\">{Say("正在运行与等待", "Running and waiting")}</h2>");
        Tasks(page, [.. view.Tasks.Where(t => t.State is "running" or "retrying" or "waiting")], language, plan);
        page.Append($"</section><section aria-labelledby=\"m\"><h2 id=\"m\">{Say("各月报表", "Months")}<small>{Say("步骤用时以秒计", "seconds per step")}</small></h2>");
        Months(page, view, language, plan);
        page.Append($"</section><div class=\"two\"><section aria-labelledby=\"s\"><h2 id=\"s\">{Say("定时任务", "Recurring jobs")}</h2>");
        Jobs(page, view, language);
        page.Append($"</section><section aria-labelledby=\"n\"><h2 id=\"n\">{Say("节点", "Nodes")}</h2>");
        Nodes(page, view, language, plan);
        page.Append($"</section></div><section aria-labelledby=\"h\"><h2 id=\"h\">{Say("最近完成", "Lately done")}</h2>");
        Tasks(page, [.. view.Tasks.Where(t => t.Kind != TaskKinds.Shard && t.State is "done" or "failed" or "gave_up").Take(15)], language, plan);
        page.Append("</section></main>");
        return Page(language, page.ToString(), Local(now, Zone(plan), "yyyy-MM-dd HH:mm"), isLive: true);
    }

    private static void Months(StringBuilder page, StatusView view, Language language, SchedulePlan plan)
    {
        string Say(string zh, string en) => E(language == Language.Zh ? zh : en);
        if (view.Months.Count == 0)
        {
            page.Append($"<p class=\"empty\">{Say("台账为空：把导出文件放入投递目录，或运行 pipeline ingest。", "The ledger is empty: put exports into the drop folder, or run 'pipeline ingest'.")}</p>");
            return;
        }
        page.Append($"""
            <div class="scroll"><table><thead><tr><th scope="col">{Say("月份", "Month")}</th><th scope="col">{Say("来源", "Source")}</th><th scope="col" class="n">{Say("投诉", "Complaints")}</th>
            <th scope="col">{Say("版次", "Edition")}</th><th scope="col">{Say("步骤", "Steps")}</th><th scope="col">{Say("完成于", "Finished")}</th><th scope="col">{Say("报表", "Workbooks")}</th></tr></thead><tbody>
            """);
        foreach (MonthState month in view.Months)
        {
            TaskState? open = view.Tasks.FirstOrDefault(t => t.Kind == TaskKinds.Run && t.Month == month.Month && (t.Source == month.Source || t.Source is null) && t.State is "running" or "retrying");
            TaskState? failed = open is null ? view.Tasks.FirstOrDefault(t => t.NeedsLook && t.Kind == TaskKinds.Run && t.Month == month.Month && (t.Source == month.Source || t.Source is null)) : null;
            string edition = (open ?? failed) is { } told ? Pill(told.State, language)
                : month.Edition is { } number ? $"<span class=\"pill good\">{Say($"第 {number} 版", $"edition {number}")}</span>" : $"<span class=\"pill\">{Say("未运行", "not run")}</span>";
            page.Append($"<tr><th scope=\"row\">{month.Month}</th><td>{E(month.Source)}</td><td class=\"n\">{month.Complaints:N0}</td><td>{edition}</td><td><div class=\"steps\">");
            foreach ((string name, Bilingual word) in Steps)
            {
                StepState? step = ((open ?? failed)?.Steps ?? month.Steps).FirstOrDefault(s => s.Name == name);
                string kind = step is null ? "" : step.Seconds is not null ? "good" : failed is null ? "run" : "bad";
                string shown = step is null ? "" : step.Seconds is { } seconds ? seconds.ToString(seconds < 10 ? "0.0" : "0", CultureInfo.InvariantCulture) : failed is null ? "…" : "✕";
                page.Append($"<i class=\"{kind}\" title=\"{E(word.In(language))}\"><span>{E(word.In(language))}</span><br>{(shown.Length == 0 ? "–" : shown)}</i>");
            }
            page.Append($"</div></td><td>{Time(month.CompletedAt, plan)}</td><td><div class=\"books\">");
            foreach (string kind in month.RunId is null ? [] : Reports.WorkbookKinds.All)
            {
                string label = Kinds.TryGetValue(kind, out Bilingual? known) ? known.In(language) : kind;
                page.Append($"<a href=\"/workbooks/{Uri.EscapeDataString(month.RunId!)}/{Uri.EscapeDataString(kind)}?lang={(language == Language.Zh ? "zh" : "en")}\">{E(label)}</a>");
            }
            page.Append("</div></td></tr>");
            if (failed?.Error is { } error)
            {
                page.Append($"<tr class=\"why\"><td></td><td colspan=\"6\" class=\"wrap\">{E(error.In(language))}</td></tr>");
            }
        }
        page.Append("</tbody></table></div>");
    }

    private static void Tasks(StringBuilder page, TaskState[] tasks, Language language, SchedulePlan plan)
    {
        string Say(string zh, string en) => E(language == Language.Zh ? zh : en);
        if (tasks.Length == 0)
        {
            page.Append($"<p class=\"empty\">{Say("没有。", "None.")}</p>");
            return;
        }
        page.Append($"""
            <div class="scroll"><table><thead><tr><th scope="col">{Say("任务", "Task")}</th><th scope="col">{Say("月份", "Month")}</th><th scope="col">{Say("状态", "State")}</th><th scope="col">{Say("进度", "Progress")}</th>
            <th scope="col">{Say("节点", "Node")}</th><th scope="col">{Say("时间", "Time")}</th></tr></thead><tbody>
            """);
        foreach (TaskState task in tasks)
        {
            string progress = "";
            if (task.Kind == TaskKinds.Run && task.State == "running")
            {
                int done = task.Steps.Count(s => s.Seconds is not null);
                string at = task.Steps.Count > 0 ? Steps.FirstOrDefault(s => s.Name == task.Steps[^1].Name).Word?.In(language) ?? task.Steps[^1].Name : "";
                progress = $"<progress max=\"{Steps.Length}\" value=\"{done}\" aria-label=\"{Say("进度", "Progress")}\"></progress> {E(at)}";
            }
            else if (task is { StartedAt: { } begun, FinishedAt: { } ended })
            {
                progress = $"<span class=\"soft\">{(ended - begun).TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture)} s</span>";
            }
            string since = task.IsMadeGood ? $" <span class=\"soft\">{Say("其后已完成", "done since")}</span>" : "";
            string attempts = task.Attempt > 1 ? $" <span class=\"soft\">{Say($"第 {task.Attempt} 次", $"attempt {task.Attempt}")}</span>" : "";
            page.Append($"<tr><th scope=\"row\">{JobName(task.Job, language)}</th><td>{task.Month?.ToString() ?? ""}</td><td>{Pill(task.State, language)}{attempts}{since}</td><td>{progress}</td><td class=\"soft\">{E(task.State == "waiting" ? "" : task.Node ?? "")}</td><td>{Time(task.FinishedAt ?? task.StartedAt ?? task.DueAt, plan)}</td></tr>");
        }
        page.Append("</tbody></table></div>");
    }

    private static void Jobs(StringBuilder page, StatusView view, Language language)
    {
        string Say(string zh, string en) => E(language == Language.Zh ? zh : en);
        page.Append($"<div class=\"scroll\"><table><thead><tr><th scope=\"col\">{Say("名称", "Name")}</th><th scope=\"col\">{Say("何时", "When")}</th><th scope=\"col\">{Say("下一次", "Next")}</th></tr></thead><tbody>");
        foreach (JobState job in view.Jobs)
        {
            string next = job.PausedAt is not null ? $"<span class=\"pill warn\">{Say("已暂停", "paused")}</span>"
                : job.Spec.Kind == JobKind.Watch ? $"<span class=\"pill good\">{Say("持续查看", "always looking")}</span>"
                : job.Next is { } at ? E(Local(at, job.Spec.TimeZone, "yyyy-MM-dd HH:mm")) : "–";
            page.Append($"<tr><th scope=\"row\">{E(job.Spec.Name)}</th><td>{E(job.Spec.When)}</td><td>{next}</td></tr>");
        }
        page.Append("</tbody></table></div>");
    }

    private static void Nodes(StringBuilder page, StatusView view, Language language, SchedulePlan plan)
    {
        string Say(string zh, string en) => E(language == Language.Zh ? zh : en);
        page.Append($"<div class=\"scroll\"><table><thead><tr><th scope=\"col\">{Say("节点", "Node")}</th><th scope=\"col\">{Say("状态", "State")}</th><th scope=\"col\">{Say("最近响应", "Last seen")}</th></tr></thead><tbody>");
        foreach (NodeState node in view.Nodes)
        {
            string state = node.StoppedAt is not null ? $"<span class=\"pill\">{Say("已停止", "stopped")}</span>"
                : node.IsLiving ? $"<span class=\"pill good\">{Say("工作中", "working")}</span>" : $"<span class=\"pill bad\">{Say("无响应", "silent")}</span>";
            string clock = Math.Abs(node.ClockAheadMilliseconds) > Scheduling.Nodes.ClockToleranceMilliseconds
                ? $" <span class=\"pill warn\">{Say($"时钟差 {node.ClockAheadMilliseconds} 毫秒", $"clock {node.ClockAheadMilliseconds} ms off")}</span>" : "";
            page.Append($"<tr><th scope=\"row\">{E(node.Node)}</th><td>{state}{clock}</td><td>{Time(node.SeenAt, plan)}</td></tr>");
        }
        page.Append("</tbody></table></div>");
    }

    private static string Page(Language language, string main, string at, bool isLive) => $"""
        <!doctype html>
        <html lang="{(language == Language.Zh ? "zh-CN" : "en")}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Pipeline · {(language == Language.Zh ? "运行状况" : "Status")}</title><link rel="stylesheet" href="/page.css">{(isLive ? "<script src=\"/page.js\" defer></script>" : "")}</head><body>
        <a class="skip" href="#main">{(language == Language.Zh ? "跳到正文" : "Skip to content")}</a>
        <header><div class="in"><h1>Pipeline</h1><p>{(language == Language.Zh ? "投诉数据处理 · 运行状况" : "Complaint pipeline · status")}</p>
        <nav aria-label="{(language == Language.Zh ? "语言" : "Language")}"><a href="/?lang=zh" lang="zh-CN">中文</a><a href="/?lang=en" lang="en">English</a></nav></div></header>
        {main}
        <footer>{E(at)}</footer></body></html>
        """;

    private static string Tile(string number, string text, bool isBad) => $"<div class=\"tile{(isBad ? " bad" : "")}\"><b>{number}</b><span>{text}</span></div>";

    private static string Pill(string state, Language language)
    {
        string kind = state switch
        {
            "done" => "good",
            "running" => "run",
            "retrying" => "warn",
            "failed" or "gave_up" => "bad",
            _ => "",
        };
        return $"<span class=\"pill {kind}\">{E(StateWords.Of(state).In(language))}</span>";
    }

    private static string Zone(SchedulePlan plan) => plan.Jobs.Count > 0 ? plan.Jobs[0].Spec.TimeZone : "UTC";

    private static string Time(DateTime? at, SchedulePlan plan) =>
        at is { } time ? E(Local(new DateTimeOffset(DateTime.SpecifyKind(time, DateTimeKind.Utc)), Zone(plan), "yyyy-MM-dd HH:mm")) : "";

    private static string Local(DateTimeOffset at, string zone, string format) =>
        TimeZoneInfo.ConvertTime(at, TimeZoneInfo.FindSystemTimeZoneById(zone)).ToString(format, CultureInfo.InvariantCulture);

    /// <summary>The recurring job, or in words what else asked for the task.</summary>
    private static string JobName(string job, Language language) => E(job switch
    {
        TaskOrigins.Backfill => new Bilingual("补跑", "backfill").In(language),
        TaskOrigins.Request => new Bilingual("手动执行", "by request").In(language),
        MonthShards.Job => new Bilingual("月度分片", "part of a month").In(language),
        _ => job,
    });

    private static string E(string text) => WebUtility.HtmlEncode(text);
}
