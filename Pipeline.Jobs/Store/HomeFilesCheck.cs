using System.Text.RegularExpressions;
using Pipeline.Jobs.Classification;
using Pipeline.Jobs.Complainants;
using Pipeline.Jobs.Flags;
using Pipeline.Jobs.Ingest.Profiles;
using Pipeline.Jobs.Regulatory;
using Pipeline.Jobs.RootCauses;
using Pipeline.Jobs.Rules;
using Pipeline.Jobs.Scheduling;
using Pipeline.Jobs.Shell;
using Pipeline.Models.Flags.Organised;
using Pipeline.Models.Flags.Profiles;
using Pipeline.Models.Regulatory;

namespace Pipeline.Jobs.Store;

/// <summary>
/// Reads every file of the home folder that a person writes: rules, profiles, schedule, alerts. A file among the rules whose name no
/// command reads is told too, because a mistyped name leaves the program's own rules in force.
/// </summary>
internal static class HomeFilesCheck
{
    /// <summary>By file name; a star stands for an id, which the reader is given.</summary>
    private static readonly (string Name, Action<string, string> Read)[] Readers =
    [
        ("rules.json", (home, _) => RuleFiles.Rules(home)),
        ("regulatory.json", (home, _) => RuleFiles.Load(home, "regulatory.json", RegulatoryRules.Parse)),
        ("rootcause.json", (home, _) => RootCauseStep.Rules(home)),
        ("matching.json", (home, _) => LinkRules.Load(home)),
        ("signals.organised.json", (home, _) => RuleFiles.Load(home, "signals.organised.json", OrganisedRules.Parse)),
        ("bulletins.cn-banking.json", (home, _) => RuleFiles.Load(home, "bulletins.cn-banking.json", BulletinBook.Parse)),
        ("lexicon.concepts.json", (home, _) => RuleFiles.Concepts(home)),
        ("lexicon.names.json", (home, _) => PersonTables.Lexicon(home)),
        ("lexicon.tags.json", (home, _) => RootCauseStep.Tags(home)),
        ("lexicon.threats.json", (home, _) => FlagStep.Lexicon(home)),
        ("lexicon.vulnerable.json", (home, _) => RuleFiles.Load(home, "lexicon.vulnerable.json", VulnerableLexicon.Parse)),
        ("taxonomy.*.json", (home, id) => RuleFiles.Taxonomy(home, id)),
        ("calendar.*.json", (home, id) => RuleFiles.Load(home, $"calendar.{id}.json", WorkCalendar.Parse)),
        ("starter.*.csv", (home, id) => StarterFiles.Find(id, home)),
        ("denominators.*.csv", (home, id) => DenominatorFiles.Load(home, id)),
        (IdrCodeFiles.FileName, (home, _) => IdrCodeFiles.Load(home)),
        ("codes.*.csv", (home, id) => OfficialCodeFiles.Load(home, id)),
    ];

    public static IEnumerable<Finding> Examine(string home)
    {
        int before = 0;
        int files = 0;
        foreach (Finding finding in Rules(home).Concat(Others(home)))
        {
            files++;
            if (finding.Health != Health.Ok)
            {
                before++;
                yield return finding;
            }
        }
        if (before == 0)
        {
            yield return new Finding("own files", Health.Ok, files == 0
                ? new("没有自有的规则、模板与定时文件，使用程序自带的", "no rules, profiles or schedule of its own: those that came with the program hold")
                : new($"{files} 个自有文件（规则、模板、定时、告警）均可读", $"{files} of its own (rules, profiles, schedule, alerts) can be read"));
        }
    }

    private static IEnumerable<Finding> Rules(string home)
    {
        string folder = Path.Combine(home, "rules");
        foreach (string path in Files(folder))
        {
            string name = Path.GetFileName(path);
            (Action<string, string>? read, string id) = ReaderOf(name);
            yield return read is null
                ? new Finding("rules", Health.Warn,
                    new($"{path} 不是程序会读的文件名，不起作用", $"{path} has a name that no command reads, so it has no effect"),
                    new($"改名或移走；可用的名称：{string.Join("、", Readers.Select(r => r.Name))}", $"rename it or move it away; names that are read: {string.Join(", ", Readers.Select(r => r.Name))}"))
                : Try("rules", path, () => read(home, id));
        }
    }

    private static IEnumerable<Finding> Others(string home)
    {
        string profiles = Path.Combine(home, "profiles");
        if (Files(profiles).Any())
        {
            yield return Try("profiles", profiles, () => ProfileFiles.Load(home));
        }
        if (File.Exists(ScheduleFile.PathOf(home)))
        {
            yield return Try("schedule", ScheduleFile.PathOf(home), () => ScheduleFile.Load(home));
        }
        if (File.Exists(Path.Combine(home, AlertFile.Name)))
        {
            yield return Try("alerts", Path.Combine(home, AlertFile.Name), () => AlertFile.Load(home));
        }
    }

    private static Finding Try(string check, string path, Action read)
    {
        try
        {
            read();
            return new Finding(check, Health.Ok, new(path, path));
        }
        catch (PipelineFault wrong)
        {
            return new Finding(check, Health.Fail, wrong.Text);
        }
        catch (Exception denied) when (denied is IOException or UnauthorizedAccessException)
        {
            return new Finding(check, Health.Fail, new($"{path} 无法读取：{SystemWords.Of(denied).Zh}", $"{path} cannot be read: {SystemWords.Of(denied).En}"),
                new("给当前用户读权限", "give this user the right to read it"));
        }
    }

    private static (Action<string, string>? Read, string Id) ReaderOf(string name)
    {
        foreach ((string pattern, Action<string, string> read) in Readers)
        {
            Match match = Regex.Match(name, $"^{Regex.Escape(pattern).Replace(@"\*", "(.+)", StringComparison.Ordinal)}$");
            if (match.Success)
            {
                return (read, match.Groups[1].Value);
            }
        }
        return (null, "");
    }

    private static IEnumerable<string> Files(string folder) =>
        Directory.Exists(folder) ? Directory.EnumerateFiles(folder).Where(f => !Path.GetFileName(f).EndsWith(".tmp", StringComparison.Ordinal)).Order(StringComparer.Ordinal) : [];
}
