using System.Text.Json;
using Pipeline.Jobs.Privacy;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Store;
using Pipeline.Models.Text;

namespace Pipeline.Tests.Store;

public sealed class DoctorTests(TestDatabase fixture) : IClassFixture<TestDatabase>
{
    [Fact]
    public async Task A_healthy_installation_passes_every_check()
    {
        await (await Database.OpenAsync(fixture.Session())).DisposeAsync();
        using StringWriter output = new();
        Assert.Equal(ExitCodes.Done, await Doctor.RunAsync(fixture.Session(output: output, json: true)));
        JsonElement document = JsonDocument.Parse(output.ToString()).RootElement;
        Assert.True(document.GetProperty("healthy").GetBoolean());
        Assert.Equal(
            ["home", "disk", "keys", "own files", "connection", "schema", "key match", "clock"],
            document.GetProperty("checks").EnumerateArray().Select(check => check.GetProperty("check").GetString()));
    }

    [Fact]
    public async Task A_home_that_was_never_used_is_healthy_and_stays_untouched()
    {
        string home = Path.Combine(fixture.Home, "unused");
        IReadOnlyList<Finding> findings = await Doctor.ExamineAsync(fixture.Session() with { Home = home, Server = null });
        Assert.DoesNotContain(findings, finding => finding.Health == Health.Fail);
        Assert.False(Directory.Exists(home));
    }

    [Fact]
    public async Task A_wrong_key_fails_with_the_way_to_mend_it()
    {
        await (await Database.OpenAsync(fixture.Session())).DisposeAsync();
        string other = Path.Combine(fixture.Home, "stranger");
        KeyRing.Open(other);
        using StringWriter output = new();
        Assert.Equal(ExitCodes.EnvironmentFailed, await Doctor.RunAsync(fixture.Session(output: output, language: Language.Zh) with { Home = other }));
        Assert.Contains("fail  key match", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("不是这个数据库所用的密钥", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_away_fails()
    {
        IReadOnlyList<Finding> findings = await Doctor.ExamineAsync(fixture.Session() with { Server = "Host=127.0.0.1;Port=1;Username=x" });
        Assert.Contains(findings, finding => finding is { Check: "connection", Health: Health.Fail });
    }

    [Fact]
    public async Task A_clock_before_the_program_was_made_fails()
    {
        IReadOnlyList<Finding> findings = await Doctor.ExamineAsync(fixture.Session(new Stopped(new DateTimeOffset(1970, 1, 1, 0, 0, 0, TimeSpan.Zero))));
        Assert.Equal(Health.Fail, findings.Single(finding => finding.Check == "clock").Health);
    }

    private sealed class Stopped(DateTimeOffset at) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => at;
    }
}
