using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Pipeline.Models.Text;

namespace Pipeline.Jobs.Scheduling;

/// <summary>Reads the jobs of a schedule file and notes what is wrong with its place, without stopping at the first fault.</summary>
internal sealed partial class ScheduleReader(List<Bilingual> faults)
{
    private static readonly string[] Members =
    [
        "name", "kind", "when", "time_zone", "folder", "stable_seconds", "source", "month_offset", "deadline_minutes", "language", "attempts",
        "keep_backups", "keep_history_days", "ready_within_hours", "about",
    ];

    public PlannedJob? Job(JsonNode? node, string path, string zoneName)
    {
        if (node is not JsonObject job)
        {
            faults.Add(new($"{path}：应为对象", $"{path}: expected an object"));
            return null;
        }
        int before = faults.Count;
        RefuseOthers(job, path, Members);
        string? name = Required(job, path, "name");
        if (name is not null && !NamePattern().IsMatch(name))
        {
            faults.Add(new($"{path}.name：'{name}' 只能含字母、数字、'-' 和 '_'（至多 60 个）", $"{path}.name: '{name}' may hold letters, digits, '-' and '_' only (60 at most)"));
        }
        string? kindText = Required(job, path, "kind");
        bool isKnownKind = Enum.TryParse(kindText, ignoreCase: true, out JobKind kind) && Enum.IsDefined(kind);
        if (kindText is not null && !isKnownKind)
        {
            string kinds = string.Join(", ", Enum.GetNames<JobKind>().Select(k => k.ToLowerInvariant()));
            faults.Add(new($"{path}.kind：没有任务类型 '{kindText}'，可选：{kinds}", $"{path}.kind: there is no kind '{kindText}'; choose from {kinds}"));
        }
        string? whenText = Required(job, path, "when");
        Occurrence? when = whenText is null ? null : OccurrenceText.Parse(whenText, QuartzCron.After);
        if (whenText is not null && when is null)
        {
            faults.Add(new(
                $"{path}.when：'{whenText}' 无法识别：不是时间描述，也不是 cron 表达式（{QuartzCron.Why(whenText)}）。可写 {OccurrenceText.ExamplesZh}",
                $"{path}.when: '{whenText}' is neither a plain description nor a cron expression ({QuartzCron.Why(whenText)}). Write {OccurrenceText.ExamplesEn}"));
        }
        TimeZoneInfo? zone = Zone(Text(job, path, "time_zone") ?? zoneName, path);
        JobSpec spec = new(name ?? "", kind, whenText ?? "", zone?.Id ?? "")
        {
            Folder = Text(job, path, "folder"),
            StableSeconds = Number(job, path, "stable_seconds", 1, 3600) ?? 10,
            Source = Text(job, path, "source"),
            MonthOffset = Number(job, path, "month_offset", -24, 0) ?? -1,
            DeadlineMinutes = Number(job, path, "deadline_minutes", 1, 100_000),
            Language = Text(job, path, "language") ?? "zh",
            Attempts = Number(job, path, "attempts", 1, 20) ?? 6,
            KeepBackups = Number(job, path, "keep_backups", 1, 10_000) ?? 14,
            KeepHistoryDays = Number(job, path, "keep_history_days", 1, 10_000) ?? 400,
            ReadyWithinHours = Number(job, path, "ready_within_hours", 1, 100_000),
        };
        if (spec.Language is not ("zh" or "en"))
        {
            faults.Add(new($"{path}.language：只能是 zh 或 en，收到 '{spec.Language}'", $"{path}.language: zh or en, not '{spec.Language}'"));
        }
        if (spec.Kind == JobKind.Watch && isKnownKind && spec.Folder is null)
        {
            faults.Add(new($"{path}.folder：watch 任务需要投递目录", $"{path}.folder: a watch job needs its drop folder"));
        }
        if ((spec.Kind == JobKind.Watch) != when is EveryInterval && when is not null && isKnownKind)
        {
            faults.Add(spec.Kind == JobKind.Watch
                ? new($"{path}.when：watch 任务按间隔执行，例如 '每30秒'", $"{path}.when: a watch job goes by an interval, for example 'every 30 seconds'")
                : new($"{path}.when：{kindText} 任务按日历执行，不能按间隔", $"{path}.when: a {kindText} job goes by the calendar, not by an interval"));
        }
        return faults.Count == before ? new PlannedJob(spec, when!, zone!) : null;
    }

    public string? Text(JsonObject parent, string path, string member)
    {
        if (parent[member] is not { } node)
        {
            return null;
        }
        if (node.GetValueKind() == JsonValueKind.String)
        {
            return (string?)node;
        }
        faults.Add(new($"{Place(path, member)}：应为文本", $"{Place(path, member)}: expected a text"));
        return null;
    }

    public void RefuseOthers(JsonObject parent, string path, string[] known)
    {
        foreach (string other in parent.Select(m => m.Key).Except(known, StringComparer.Ordinal))
        {
            faults.Add(new($"{Place(path, other)}：没有这个设置", $"{Place(path, other)}: there is no such setting"));
        }
    }

    private string? Required(JsonObject parent, string path, string member)
    {
        if (parent[member] is null)
        {
            faults.Add(new($"{Place(path, member)}：缺少", $"{Place(path, member)}: is missing"));
        }
        return Text(parent, path, member);
    }

    private int? Number(JsonObject parent, string path, string member, int least, int most)
    {
        if (parent[member] is not { } node)
        {
            return null;
        }
        if (node is JsonValue value && value.TryGetValue(out int number) && number >= least && number <= most)
        {
            return number;
        }
        faults.Add(new($"{Place(path, member)}：应为 {least} 到 {most} 的整数", $"{Place(path, member)}: expected a whole number from {least} to {most}"));
        return null;
    }

    private TimeZoneInfo? Zone(string name, string path)
    {
        if (TimeZoneInfo.TryFindSystemTimeZoneById(name, out TimeZoneInfo? zone))
        {
            return zone;
        }
        bool hasZones = TimeZoneInfo.TryFindSystemTimeZoneById("Asia/Shanghai", out _);
        faults.Add(new(
            $"{Place(path, "time_zone")}：时区 '{name}' 不存在{(hasZones ? "，应为 IANA 名称，例如 Asia/Shanghai" : "（本机没有时区数据，请安装 tzdata）")}",
            $"{Place(path, "time_zone")}: there is no time zone '{name}'{(hasZones ? "; write an IANA name such as Asia/Shanghai" : " (this machine has no time zone data: install tzdata)")}"));
        return null;
    }

    private static string Place(string path, string member) => path.Length == 0 ? member : $"{path}.{member}";

    [GeneratedRegex("^[A-Za-z0-9_-]{1,60}$")]
    private static partial Regex NamePattern();
}
