using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.Jobs.Rules;
using Pipeline.Jobs.Shell;
using Pipeline.Models.Regulatory;
using Pipeline.Models.Text;

namespace Pipeline.Jobs.Scheduling;

/// <summary>
/// The schedule file: <c>schedule.json</c> in the home folder, else the one that came with the program. Everything that is wrong with it is
/// said at once, each with its place in the file.
/// </summary>
public static class ScheduleFile
{
    public const string Name = "schedule.json";

    private static readonly JsonDocumentOptions Lenient = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    private static readonly JsonSerializerOptions Written = new()
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string PathOf(string home) => Path.Combine(home, Name);

    /// <exception cref="PipelineFault">The file is wrong; exit code 2.</exception>
    public static SchedulePlan Load(string home)
    {
        string own = PathOf(home);
        bool isOwn = File.Exists(own);
        return Parse(Text(home), isOwn ? own : null, home);
    }

    /// <summary>The file's text, or the text that came with the program.</summary>
    public static string Text(string home) => File.Exists(PathOf(home)) ? File.ReadAllText(PathOf(home)) : Store.Sql.Text("Pipeline.Jobs.Scheduling.schedule.json");

    /// <param name="path">For messages; null: the program's own.</param>
    /// <exception cref="PipelineFault">Every fault of the file, in one message.</exception>
    public static SchedulePlan Parse(string text, string? path, string home)
    {
        List<Bilingual> faults = [];
        List<PlannedJob> jobs = [];
        WorkCalendar? calendar = null;
        try
        {
            if (JsonNode.Parse(text, documentOptions: Lenient) is not JsonObject root)
            {
                throw new JsonException("the file is no JSON object");
            }
            ScheduleReader reader = new(faults);
            calendar = Calendar(home, reader.Text(root, "", "calendar") ?? "cn", faults);
            string zone = reader.Text(root, "", "time_zone") ?? "Asia/Shanghai";
            reader.RefuseOthers(root, "", ["about", "calendar", "time_zone", "jobs"]);
            if (root["jobs"] is not JsonArray list)
            {
                faults.Add(new("jobs：缺少任务列表", "jobs: the list of jobs is missing"));
                list = [];
            }
            for (int i = 0; i < list.Count; i++)
            {
                if (reader.Job(list[i], $"jobs[{i}]", zone) is { } job)
                {
                    if (jobs.Any(j => j.Spec.Name == job.Spec.Name))
                    {
                        faults.Add(new($"jobs[{i}].name：名称 '{job.Spec.Name}' 重复", $"jobs[{i}].name: '{job.Spec.Name}' is there twice"));
                    }
                    jobs.Add(job);
                }
            }
        }
        catch (JsonException broken)
        {
            faults.Add(new($"不是有效的 JSON（第 {broken.LineNumber + 1} 行）：{broken.Message}", $"no valid JSON (line {broken.LineNumber + 1}): {broken.Message}"));
        }
        if (faults.Count > 0 || calendar is null)
        {
            string file = path ?? Name;
            throw PipelineFault.Usage(
                $"定时文件 {file} 有 {faults.Count} 处错误，未作任何改动：\n{string.Join('\n', faults.Select(f => "  " + f.Zh))}",
                $"The schedule file {file} has {faults.Count} faults; nothing was changed:\n{string.Join('\n', faults.Select(f => "  " + f.En))}",
                new FaultPlace(file));
        }
        return new SchedulePlan(jobs, calendar, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))), path);
    }

    /// <summary>The text with one more job, or with another in place of the one of that name.</summary>
    public static string WithJob(string text, JsonObject job)
    {
        JsonObject root = (JsonObject)JsonNode.Parse(text, documentOptions: Lenient)!;
        JsonArray jobs = root["jobs"] as JsonArray ?? [];
        JsonNode? same = jobs.FirstOrDefault(j => (string?)j?["name"] == (string?)job["name"]);
        if (same is not null)
        {
            jobs[jobs.IndexOf(same)] = job;
        }
        else
        {
            jobs.Add((JsonNode)job);
        }
        root["jobs"] ??= jobs;
        return root.ToJsonString(Written) + "\n";
    }

    private static WorkCalendar? Calendar(string home, string id, List<Bilingual> faults)
    {
        try
        {
            return RuleFiles.Load(home, $"calendar.{id}.json", WorkCalendar.Parse).Value;
        }
        catch (FileNotFoundException)
        {
            faults.Add(new($"calendar：没有工作日历 calendar.{id}.json", $"calendar: there is no calendar.{id}.json among the rules"));
        }
        catch (PipelineFault wrong)
        {
            faults.Add(new($"calendar：{wrong.Text.Zh}", $"calendar: {wrong.Text.En}"));
        }
        return null;
    }
}
