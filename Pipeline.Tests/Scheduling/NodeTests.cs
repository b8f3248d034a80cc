using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.Logging;
using Npgsql;
using Pipeline.Jobs.Scheduling;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Steps;
using Pipeline.Models.Complaints;
using Pipeline.Reports;
using Pipeline.Tests.Ingest;

namespace Pipeline.Tests.Scheduling;

/// <summary>A node at work in this process, on a real database: schedule, backfill, pages.</summary>
public sealed class NodeTests(IngestFixture fixture) : IClassFixture<IngestFixture>
{
    private static readonly ReportingMonth November = new(2024, 11);
    private static readonly ReportingMonth December = new(2024, 12);

    [Fact]
    public async Task A_node_whose_port_is_taken_says_so_in_one_sentence_and_without_a_trace()
    {
        using TestDatabase own = new();
        await own.InitializeAsync();
        using System.Net.Sockets.TcpListener taken = new(IPAddress.Loopback, 0);
        taken.Start();
        string url = $"http://127.0.0.1:{((IPEndPoint)taken.LocalEndpoint).Port}";
        (int code, _, string errors) = await PipelineProcess.RunAsync(own, new Dictionary<string, string>(), "serve", "--urls", url);
        Assert.Equal(ExitCodes.EnvironmentFailed, code);
        Assert.Contains($"{url} cannot be listened on: the port is in use already.", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
        await own.DisposeAsync();
    }

    [Fact]
    public async Task A_backfill_runs_what_is_missing_through_the_scheduler_with_the_bytes_of_a_run_by_hand_and_then_has_nothing_to_do()
    {
        await fixture.IngestAsync(Export("2024-11.csv"), Export("2024-12.csv"));
        string plain = Path.Combine(fixture.Folder, "by-hand");
        using IngestFixture other = await IngestFixture.CreateAsync();
        await other.IngestAsync(Export("2024-11.csv"), Export("2024-12.csv"));
        RunResult byHand;
        await using (Jobs.Store.Database database = await Jobs.Store.Database.OpenAsync(other.Session()))
        {
            byHand = await new MonthRun(database, database.Keys, other.Session()).ExecuteAsync(new RunRequest(November, null, plain, WorkbookKinds.All));
        }

        string output = Path.Combine(fixture.Folder, "out");
        (int dry, string listed) = await CommandAsync("backfill", "--from", "2024-11", "--to", "2024-12", "--dry-run");
        Assert.Equal(ExitCodes.Done, dry);
        Assert.True(listed.IndexOf("2024-12", StringComparison.Ordinal) < listed.IndexOf("2024-11", StringComparison.Ordinal), "the newest month goes first");
        Assert.Equal(0L, await fixture.ScalarAsync<long>("select count(*) from task"));

        (int code, string said) = await CommandAsync("backfill", "--from", "2024-11", "--to", "2024-12", "--out", output);
        Assert.True(code == ExitCodes.Done, said);
        foreach (PublishedWorkbook book in byHand.Workbooks)
        {
            Assert.Equal(File.ReadAllBytes(book.Path), File.ReadAllBytes(Path.Combine(output, Path.GetFileName(book.Path))));
        }
        // December went first, and once more when it had November's topics.
        Assert.Contains("2024-12 cn-bank    stale    topics of earlier months", said, StringComparison.Ordinal);
        Assert.Equal(3L, await fixture.ScalarAsync<long>("select count(*) from outbox where kind = 'run_finished'"));
        Assert.Equal(3L, await fixture.ScalarAsync<long>("select count(*) from outbox_delivery where state = 'delivered'"));
        Assert.Equal(15L, await fixture.ScalarAsync<long>("select count(*) from task_step where seconds is not null"));
        Assert.Equal(ExitCodes.NothingToDo, (await CommandAsync("backfill", "--from", "2024-11", "--to", "2024-12")).Code);

        // What changed is said: a third file makes both months stale.
        await fixture.IngestAsync(Export("2025-01.csv"));
        Assert.Contains("new file 2025-01.csv", (await CommandAsync("backfill", "--from", "2024-11", "--to", "2024-12", "--dry-run")).Said, StringComparison.Ordinal);

        (int status, string json) = await CommandAsync("status", "--json");
        Assert.Equal(ExitCodes.Done, status);
        using System.Text.Json.JsonDocument document = System.Text.Json.JsonDocument.Parse(json);
        Assert.Equal(3, document.RootElement.GetProperty("tasks").EnumerateArray().Count(t => t.GetProperty("state").GetString() == "done" && t.GetProperty("steps").GetArrayLength() == 5));
    }

    [Fact]
    public async Task The_page_shows_nothing_without_the_token_and_workbooks_with_it()
    {
        using IngestFixture own = await IngestFixture.CreateAsync();
        await own.IngestAsync(Export("2024-11.csv"));
        CommandSession session = own.Session() with { Time = TimeProvider.System };
        await using Jobs.Store.Database database = await Jobs.Store.Database.OpenAsync(session);
        RunResult run = await new MonthRun(database, database.Keys, session).ExecuteAsync(new RunRequest(November, null, null, []));
        SchedulePlan plan = ScheduleFile.Load(session.Home);
        FirstPage pages = new(database, session, plan);
        await NodeHost.RunAsync(session, database, plan, new NodeOptions(["http://127.0.0.1:0"], ClusterSettings.Default, "pages") { Pages = pages.Map, LogFrom = LogLevel.None }, async (urls, stop) =>
        {
            using HttpClient client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = new Uri(urls.Single()) };
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/health/live", stop)).StatusCode);
            HttpResponseMessage refused = await client.GetAsync("/", stop);
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
            Assert.Contains("default-src 'none'", refused.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
            Assert.DoesNotContain("2024-11", await refused.Content.ReadAsStringAsync(stop), StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync($"/workbooks/{run.Report.Lineage.RunId}/trend", stop)).StatusCode);
            using FormUrlEncodedContent wrong = new([new("token", "guess")]);
            Assert.Equal(HttpStatusCode.Unauthorized, (await client.PostAsync("/sign-in", wrong, stop)).StatusCode);
            using HttpRequestMessage elsewhere = new(HttpMethod.Get, "/") { Headers = { Host = "evil.example" } };
            Assert.Equal(HttpStatusCode.MisdirectedRequest, (await client.SendAsync(elsewhere, stop)).StatusCode);

            HttpResponseMessage signed = await client.GetAsync($"/?token={pages.Token}", stop);
            string cookie = signed.Headers.GetValues("Set-Cookie").Single();
            Assert.Equal("/", signed.Headers.Location!.ToString());
            Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
            client.DefaultRequestHeaders.Add("Cookie", cookie.Split(';')[0]);
            string page = await client.GetStringAsync("/?lang=zh", stop);
            Assert.Contains("2024-11", page, StringComparison.Ordinal);
            Assert.Contains("各月报表", page, StringComparison.Ordinal);
            byte[] book = await client.GetByteArrayAsync($"/workbooks/{run.Report.Lineage.RunId}/trend?lang=en", stop);
            Assert.Equal(WorkbookWriter.Write(run.Report, ["trend"], Models.Text.Language.En).Single().Bytes, book);
            Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/workbooks/nothing/trend", stop)).StatusCode);
            Assert.Equal(HttpStatusCode.OK, (await ReadyAsync(client, stop)).StatusCode);
        });
        Assert.Empty(await Nodes.LivingAsync(database.Source, default));
        await own.DisposeAsync();
    }

    [Fact]
    public async Task Tables_of_a_scheduler_of_another_version_are_refused_and_left_as_they_are()
    {
        using TestDatabase own = new();
        await own.InitializeAsync();
        CommandSession session = own.Session();
        await using Jobs.Store.Database database = await Jobs.Store.Database.OpenAsync(session);
        await using (NpgsqlCommand old = own.Source.CreateCommand(
            "create table qrtz_job_details (sched_name text not null, job_name text not null, job_group text not null, primary key (sched_name, job_name, job_group))"))
        {
            await old.ExecuteNonQueryAsync();
        }
        SchedulePlan plan = ScheduleFile.Load(session.Home);
        PipelineFault fault = await Assert.ThrowsAsync<PipelineFault>(() => NodeHost.RunAsync(
            session, database, plan, new NodeOptions([], ClusterSettings.Default, "old") { LogFrom = LogLevel.None }, (_, _) => Task.CompletedTask));
        Assert.Equal(ExitCodes.EnvironmentFailed, fault.ExitCode);
        Assert.Contains("scheduler schema of another version", fault.Text.En, StringComparison.Ordinal);
        await own.DisposeAsync();
    }

    [Fact]
    public async Task Nodes_without_pages_listen_nowhere_and_so_several_may_work_on_one_machine()
    {
        using TestDatabase own = new();
        await own.InitializeAsync();
        CommandSession session = own.Session();
        await using Jobs.Store.Database database = await Jobs.Store.Database.OpenAsync(session);
        SchedulePlan plan = ScheduleFile.Load(session.Home);
        using SemaphoreSlim both = new(0);
        async Task<IReadOnlyList<string>> RunAsync(string name, bool isLast)
        {
            IReadOnlyList<string>? listened = null;
            await NodeHost.RunAsync(session, database, plan, new NodeOptions([], ClusterSettings.Default, name) { LogFrom = LogLevel.None }, async (urls, stop) =>
            {
                listened = urls;
                if (isLast)
                {
                    both.Release();
                }
                else
                {
                    await both.WaitAsync(stop);
                }
            });
            return listened!;
        }
        Task<IReadOnlyList<string>> first = RunAsync("first", isLast: false);
        Assert.Empty(await RunAsync("second", isLast: true));
        Assert.Empty(await first);
        await own.DisposeAsync();
    }

    private static async Task<HttpResponseMessage> ReadyAsync(HttpClient client, CancellationToken stop)
    {
        while (true)
        {
            HttpResponseMessage answer = await client.GetAsync("/health/ready", stop);
            if (answer.IsSuccessStatusCode)
            {
                return answer;
            }
            await Task.Delay(200, stop);
        }
    }

    private async Task<(int Code, string Said)> CommandAsync(params string[] arguments)
    {
        (int code, string said, string errors) = await PipelineProcess.RunAsync(fixture.Database, new Dictionary<string, string>(), arguments);
        return (code, code is ExitCodes.Done or ExitCodes.NothingToDo ? said : said + errors);
    }

    private static string Export(string name) => Path.Combine(SampleData.Bank, "exports", name);
}
