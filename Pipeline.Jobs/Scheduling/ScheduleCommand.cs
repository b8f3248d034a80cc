using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Npgsql;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Steps;
using Pipeline.Jobs.Store;
using Pipeline.Models.Complaints;

namespace Pipeline.Jobs.Scheduling;

/// <summary><c>schedule list|add|pause|resume|trigger</c>: the recurring jobs.</summary>
internal static class ScheduleCommand
{
    private const int Upcoming = 3;

    public static Command Create()
    {
        Command command = new("schedule", "The recurring jobs: list, add, pause, resume, trigger / 定时任务\nExample: pipeline schedule list");
        command.Subcommands.Add(List());
        command.Subcommands.Add(AddJob());
        command.Subcommands.Add(Hold("pause", "No slot of the job becomes due until it is resumed; slots that pass meanwhile are not made up / 暂停", PauseAsync));
        command.Subcommands.Add(Hold("resume", "The job goes on with its next slot / 恢复", ResumeAsync));
        command.Subcommands.Add(Trigger());
        return command;
    }

    private static Command List() =>
        new Command("list", "The jobs of the schedule file with their next times / 列出\nExample: pipeline schedule list --json").Runs(async (_, session) =>
        {
            SchedulePlan plan = ScheduleFile.Load(session.Home);
            await using Database database = await Database.OpenAsync(session);
            await using NpgsqlConnection connection = await database.Source.OpenConnectionAsync(session.Cancellation);
            Dictionary<string, AppliedJob> applied = (await RecurringJobs.ListAsync(connection, session.Cancellation)).ToDictionary(j => j.Spec.Name, StringComparer.Ordinal);
            bool isApplied = await RecurringJobs.AppliedAsync(connection, session.Cancellation) == plan.Sha256;
            var jobs = plan.Jobs.Select(j => new { Job = j, Next = Next(j, plan, session.Time.GetUtcNow()), Paused = applied.GetValueOrDefault(j.Spec.Name)?.PausedAt }).ToArray();
            session.Document(new
            {
                File = plan.Path ?? "builtin",
                Applied = isApplied,
                Jobs = jobs.Select(j => new { j.Job.Spec.Name, Kind = j.Job.Spec.Kind.ToString().ToLowerInvariant(), j.Job.Spec.When, j.Job.Spec.TimeZone, j.Next, PausedAt = j.Paused }),
            });
            foreach (var job in jobs)
            {
                JobSpec spec = job.Job.Spec;
                string times = job.Paused is not null ? session.Say("已暂停", "paused") : string.Join("; ", job.Next.Select(n => StatusCommand.Local(n, spec.TimeZone)));
                session.Line($"{spec.Name,-18} {spec.Kind.ToString().ToLowerInvariant(),-12} {spec.When,-26} {times}", $"{spec.Name,-18} {spec.Kind.ToString().ToLowerInvariant(),-12} {spec.When,-26} {times}");
            }
            if (!isApplied)
            {
                session.Notice("此文件尚未生效：下一个 pipeline serve 启动时生效。", "This file is not in force yet: the next 'pipeline serve' that starts applies it.");
            }
            foreach (int year in jobs.SelectMany(j => j.Next).Select(n => n.Year).Distinct().Where(y => !plan.Calendar.Covers(y)))
            {
                session.Notice($"工作日历没有 {year} 年的节假日：该年只按周末计算。", $"The calendar has no holidays of {year} yet: weekends only.");
            }
            return ExitCodes.Done;
        });

    private static DateTimeOffset[] Next(PlannedJob job, SchedulePlan plan, DateTimeOffset now)
    {
        List<DateTimeOffset> next = [];
        for (DateTimeOffset? at = job.Next(now, plan.Calendar); at is { } slot && next.Count < (job.When is EveryInterval ? 1 : Upcoming); at = job.Next(slot, plan.Calendar))
        {
            next.Add(slot);
        }
        return [.. next];
    }

    private static Command AddJob()
    {
        Argument<string> name = new("name") { Description = "Letters, digits, - and _ / 名称" };
        Option<string> kind = new("--kind") { Description = "watch, run, expect, quality or maintenance / 类型", Required = true };
        Option<string> when = new("--when") { Description = "Plain words or a cron expression, e.g. \"3rd working day 06:00\" or \"第3个工作日 06:00\" / 时间", Required = true };
        Option<string?> zone = new("--time-zone") { Description = "IANA name (default: the file's) / 时区" };
        Option<string?> folder = new("--folder") { Description = "Drop folder (watch) or folder for workbooks (run) / 目录" };
        Option<string?> source = new("--source") { Description = "Source of the complaints / 数据来源" };
        return new Command("add", """
            Adds a job to the schedule file, or replaces the one of that name, and applies it / 新增或替换
            Example: pipeline schedule add us-month --kind run --when "2nd working day 05:00" --source cfpb --folder workbooks-us
            """)
        {
            name, kind, when, zone, folder, source,
        }.Runs(async (parsed, session) =>
        {
            JsonObject job = new() { ["name"] = parsed.GetRequiredValue(name), ["kind"] = parsed.GetRequiredValue(kind), ["when"] = parsed.GetRequiredValue(when) };
            foreach ((string member, string? value) in ((string, string?)[])[("time_zone", parsed.GetValue(zone)), ("folder", parsed.GetValue(folder)), ("source", parsed.GetValue(source))])
            {
                if (value is not null)
                {
                    job[member] = value;
                }
            }
            string text = ScheduleFile.WithJob(ScheduleFile.Text(session.Home), job);
            string path = ScheduleFile.PathOf(session.Home);
            SchedulePlan plan = ScheduleFile.Parse(text, path, session.Home);
            await using Database database = await Database.OpenAsync(session);
            await using NpgsqlConnection connection = await database.Source.OpenConnectionAsync(session.Cancellation);
            await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(session.Cancellation);
            await RecurringJobs.ApplyAsync(connection, plan, session.Time.GetUtcNow(), session.Cancellation);
            await AtomicFile.WriteAsync(path, Encoding.UTF8.GetBytes(text), session.Cancellation);
            await transaction.CommitAsync(session.Cancellation);
            PlannedJob added = plan.Jobs.Single(j => j.Spec.Name == parsed.GetRequiredValue(name));
            DateTimeOffset[] next = Next(added, plan, session.Time.GetUtcNow());
            session.Document(new { File = path, added.Spec.Name, Next = next });
            string times = string.Join("; ", next.Select(n => StatusCommand.Local(n, added.Spec.TimeZone)));
            session.Line($"已写入 {path} 并生效；接下来：{times}", $"Written to {path} and in force; next: {times}");
            return ExitCodes.Done;
        });
    }

    private static Command Hold(string verb, string description, Func<NpgsqlConnection, string, CommandSession, Task<bool>> change)
    {
        Argument<string> name = new("name") { Description = "Job of the schedule file / 任务名称" };
        return new Command(verb, $"{description}\nExample: pipeline schedule {verb} month") { name }.Runs(async (parsed, session) =>
        {
            await using Database database = await Database.OpenAsync(session);
            await ApplyFirstAsync(database, session);
            await using NpgsqlConnection connection = await database.Source.OpenConnectionAsync(session.Cancellation);
            await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(session.Cancellation);
            string job = parsed.GetRequiredValue(name);
            if (!await change(connection, job, session))
            {
                throw await UnknownAsync(connection, job, session);
            }
            await transaction.CommitAsync(session.Cancellation);
            session.Line(verb == "pause" ? $"已暂停 {job}。" : $"已恢复 {job}。", verb == "pause" ? $"{job} is paused." : $"{job} goes on.");
            session.Document(new { Name = job, State = verb == "pause" ? "paused" : "active" });
            return ExitCodes.Done;
        });
    }

    private static Task<bool> PauseAsync(NpgsqlConnection connection, string name, CommandSession session) =>
        RecurringJobs.PauseAsync(connection, name, Environment.UserName, session.Cancellation);

    private static Task<bool> ResumeAsync(NpgsqlConnection connection, string name, CommandSession session) =>
        RecurringJobs.ResumeAsync(connection, name, session.Time.GetUtcNow(), session.Cancellation);

    private static Command Trigger()
    {
        Argument<string> name = new("name") { Description = "Job of the schedule file / 任务名称" };
        Option<string?> month = new("--month") { Description = "Month of a run (default: as if its slot were now) / 报告月份" };
        return new Command("trigger", """
            Has a job done now, by whichever node is free; its schedule stays as it is / 立即执行一次
            Example: pipeline schedule trigger month --month 2026-10
            """)
        {
            name, month,
        }.Runs(async (parsed, session) =>
        {
            string wanted = parsed.GetRequiredValue(name);
            ReportingMonth? of = parsed.GetValue(month) is { } text ? MonthOptions.ParseMonth(text) : null;
            await using Database database = await Database.OpenAsync(session);
            await ApplyFirstAsync(database, session);
            await using NpgsqlConnection connection = await database.Source.OpenConnectionAsync(session.Cancellation);
            AppliedJob job = (await RecurringJobs.ListAsync(connection, session.Cancellation)).FirstOrDefault(j => j.Spec.Name == wanted)
                ?? throw await UnknownAsync(connection, wanted, session);
            if (job.Spec.Kind == JobKind.Watch)
            {
                throw PipelineFault.Usage($"{wanted} 会自行定期查看投递目录，无需触发。", $"{wanted} looks at its folder by itself; there is nothing to trigger.");
            }
            DateTimeOffset now = session.Time.GetUtcNow();
            bool hasMonth = job.Spec.Kind is JobKind.Run or JobKind.Expect;
            ReportingMonth? period = hasMonth ? of ?? RecurringJobs.Period(RecurringJobs.Resolve(job.Spec), now) : null;
            string slot = string.Create(CultureInfo.InvariantCulture, $"{wanted} {now.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'}");
            long? added = await TaskLedger.AddAsync(
                connection, new NewTask(TaskOrigins.Request, RecurringJobs.KindOf(job.Spec.Kind), slot, job.Spec.Source, period, job.Spec, null, 8, now, null), session.Cancellation);
            bool works = (await Nodes.ListAsync(connection, session.Cancellation)).Any(n => n.IsLiving);
            if (added is null)
            {
                session.Line($"{period} 已在等待或运行中。", $"{period} waits or runs already.");
                session.Document(new { Name = wanted, State = "already_open" });
                return ExitCodes.NothingToDo;
            }
            session.Line($"任务 {added} 已交给节点（{wanted}{(period is { } m ? $" {m}" : "")}）。", $"Task {added} is put to the nodes ({wanted}{(period is { } p ? $" {p}" : "")}).");
            session.Document(new { Name = wanted, TaskId = added, Month = period?.ToString() });
            if (!works)
            {
                session.Notice("没有节点在工作：启动 pipeline serve 后执行。", "No node works: it is done once 'pipeline serve' is started.");
            }
            return ExitCodes.Done;
        });
    }

    /// <summary>Where no schedule was ever applied, the file's is: pausing a job before the first start holds it.</summary>
    private static async Task ApplyFirstAsync(Database database, CommandSession session)
    {
        SchedulePlan plan = ScheduleFile.Load(session.Home);
        await using NpgsqlConnection connection = await database.Source.OpenConnectionAsync(session.Cancellation);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(session.Cancellation);
        if (await RecurringJobs.AppliedAsync(connection, session.Cancellation) is null)
        {
            await RecurringJobs.ApplyAsync(connection, plan, session.Time.GetUtcNow(), session.Cancellation);
        }
        await transaction.CommitAsync(session.Cancellation);
    }

    private static async Task<PipelineFault> UnknownAsync(NpgsqlConnection connection, string name, CommandSession session)
    {
        string known = string.Join(", ", (await RecurringJobs.ListAsync(connection, session.Cancellation)).Select(j => j.Spec.Name));
        return PipelineFault.Usage($"没有名为 '{name}' 的定时任务，现有：{known}。", $"There is no recurring job '{name}'; there are: {known}.");
    }
}
