using System.Text.Json.Nodes;
using Pipeline.Jobs.Scheduling;
using Pipeline.Jobs.Shell;

namespace Pipeline.Tests.Scheduling;

public sealed class ScheduleFileTests
{
    [Fact]
    public void The_schedule_that_comes_with_the_program_is_right_and_has_every_kind_of_job()
    {
        SchedulePlan plan = ScheduleFile.Load("/nowhere");
        Assert.Equal(Enum.GetValues<JobKind>().Order(), plan.Jobs.Select(j => j.Spec.Kind).Order());
        Assert.All(plan.Jobs, j => Assert.Equal("Asia/Shanghai", j.Zone.Id));
    }

    [Fact]
    public void Everything_that_is_wrong_is_said_at_once_with_its_place()
    {
        const string text = """
            { "time_zone": "Mars/Olympus", "jobs": [
                { "name": "a", "kind": "run", "when": "0 0 6 ? * FUNDAY" },
                { "name": "a b", "kind": "dance", "when": "every day 02:00", "time_zone": "Asia/Shanghai", "colour": "red" },
                { "name": "c", "kind": "watch", "when": "every day 02:00", "time_zone": "Asia/Shanghai", "stable_seconds": 0 },
                { "kind": "quality", "when": "every Monday 07:30", "time_zone": "Asia/Shanghai" } ] }
            """;
        PipelineFault fault = Assert.Throws<PipelineFault>(() => ScheduleFile.Parse(text, "/etc/schedule.json", "/nowhere"));
        Assert.Equal(ExitCodes.WrongUsage, fault.ExitCode);
        foreach (string place in (string[])["/etc/schedule.json", "jobs[0].when", "FUNDAY", "jobs[0].time_zone", "Mars/Olympus", "jobs[1].name", "jobs[1].kind", "dance", "jobs[1].colour", "jobs[2].stable_seconds", "jobs[2].folder", "jobs[2].when", "jobs[3].name"])
        {
            Assert.Contains(place, fault.Text.En, StringComparison.Ordinal);
            Assert.Contains(place, fault.Text.Zh, StringComparison.Ordinal);
        }
        // What holds for one kind is not asked of a job whose kind is not known.
        Assert.DoesNotContain("jobs[1].folder", fault.Text.En, StringComparison.Ordinal);
        Assert.DoesNotContain("jobs[1].when", fault.Text.En, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{ \"jobs\": [ ")]
    [InlineData("[]")]
    [InlineData("{ \"calendar\": \"moon\", \"jobs\": [] }")]
    [InlineData("{ }")]
    public void A_file_that_is_no_schedule_is_refused(string text) =>
        Assert.Equal(ExitCodes.WrongUsage, Assert.Throws<PipelineFault>(() => ScheduleFile.Parse(text, null, "/nowhere")).ExitCode);

    [Fact]
    public void A_job_that_is_added_stands_beside_the_others_and_replaces_the_one_of_its_name()
    {
        string text = ScheduleFile.WithJob(ScheduleFile.Text("/nowhere"), Job("every day 03:00"));
        Assert.Equal("every day 03:00", Of(text).When);
        Assert.Equal(6, ScheduleFile.Parse(text, null, "/nowhere").Jobs.Count);
        string again = ScheduleFile.WithJob(text, Job("每周一 07:30"));
        Assert.Equal("每周一 07:30", Of(again).When);
        Assert.Equal(6, ScheduleFile.Parse(again, null, "/nowhere").Jobs.Count);

        static JsonObject Job(string when) => new() { ["name"] = "extra", ["kind"] = "quality", ["when"] = when };
        static JobSpec Of(string file) => ScheduleFile.Parse(file, null, "/nowhere").Jobs.Single(j => j.Spec.Name == "extra").Spec;
    }

    [Fact]
    public void Faults_of_the_alert_file_are_said_at_once()
    {
        string home = Directory.CreateTempSubdirectory("pipeline-alerts-").FullName;
        File.WriteAllText(Path.Combine(home, AlertFile.Name), """{ "channels": [ { "kind": "webhook", "url": "ftp://x" }, { "kind": "smtp", "from": "nobody", "to": [] }, { "kind": "pigeon" } ] }""");
        PipelineFault fault = Assert.Throws<PipelineFault>(() => AlertFile.Load(home));
        foreach (string place in (string[])["channels[0].url", "channels[1].to", "channels[1].host", "nobody", "channels[2].kind", "pigeon"])
        {
            Assert.Contains(place, fault.Text.En, StringComparison.Ordinal);
        }
        Directory.Delete(home, recursive: true);
    }
}
