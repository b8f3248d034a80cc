using Pipeline.Jobs.Rules;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Store;

namespace Pipeline.Tests.Rules;

/// <summary>A mistake in a rule file of the office is named with file, line and member, in either language, before anything is done with it.</summary>
public sealed class RuleFaultTests : IDisposable
{
    private readonly string home = Directory.CreateTempSubdirectory("pipeline-rules-").FullName;

    [Theory]
    [InlineData("{ \"version\": \"1\",\n  \"alowed_rejected_share\": 0.1 }", 2, "没有名为 'alowed_rejected_share' 的项", "there is no member 'alowed_rejected_share'; here there may be: version, ")]
    [InlineData("{ \"version\": \"1\",\n  \"allowed_rejected_share\": \"five\" }", 2, "$.allowed_rejected_share 的值类型不对", "the value of $.allowed_rejected_share is of the wrong kind")]
    [InlineData("{ \"version\": \"1\",\n\n  \"allowed_rejected_share\" 0.1 }", 3, "不是有效的 JSON", "no valid JSON (at byte")]
    [InlineData("{ \"version\": \"1\" }", 1, "缺少必需的项：'effective_from'", "members that are needed are missing: 'effective_from'")]
    public void A_mistake_in_a_rule_file_is_named_with_file_line_and_what_is_expected(string json, int line, string zh, string en)
    {
        string path = Write("rules", "rules.json", json);
        PipelineFault fault = Assert.Throws<PipelineFault>(() => RuleFiles.Rules(home));
        Assert.Equal(ExitCodes.Failed, fault.ExitCode);
        Assert.Equal("invalid_data", fault.Code);
        Assert.Equal((path, (long?)line), (fault.Place!.File!, fault.Place.Line));
        Assert.Contains(zh, fault.Text.Zh, StringComparison.Ordinal);
        Assert.Contains(en, fault.Text.En, StringComparison.Ordinal);
        Assert.All([fault.Text.Zh, fault.Text.En], said => Assert.DoesNotContain("Pipeline.Models", said, StringComparison.Ordinal));
    }

    [Fact]
    public void Doctor_reads_every_file_of_the_office_and_tells_a_name_that_no_command_reads()
    {
        Assert.Equal([Health.Ok], HomeFilesCheck.Examine(home).Select(f => f.Health));
        Write("rules", "denominators.cn-bank.csv", "from_month,branch,outlets,personal_customers\n2026-08,甲,1,1\n");
        Assert.Equal([Health.Ok], HomeFilesCheck.Examine(home).Select(f => f.Health));

        Write("rules", "calendar.cn.json", "{");
        Write("rules", "rulez.json", "{}");
        Write("profiles", "own.json", "{ \"id\": 5 }");
        Write("", "schedule.json", "[]");
        Finding[] found = [.. HomeFilesCheck.Examine(home)];
        Assert.Equal(["rules fail", "rules warn", "profiles fail", "schedule fail"], found.Select(f => $"{f.Check} {f.Health.ToString().ToLowerInvariant()}"));
        Assert.Contains("calendar.cn.json", found[0].Found.En, StringComparison.Ordinal);
        Assert.Contains("rulez.json", found[1].Found.En, StringComparison.Ordinal);
        Assert.Contains("own.json", found[2].Found.En, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(home, recursive: true);

    private string Write(string folder, string name, string content)
    {
        string path = Path.Combine(home, folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        return path;
    }
}
