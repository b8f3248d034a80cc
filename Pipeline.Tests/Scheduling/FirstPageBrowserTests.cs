using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;
using Npgsql;
using Pipeline.Jobs.Scheduling;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Steps;
using Pipeline.Models.Complaints;
using Pipeline.Models.Text;
using Pipeline.Reports;
using Pipeline.Tests.Ingest;

namespace Pipeline.Tests.Scheduling;

/// <summary>The first page as a person meets it, in a real browser, in both languages.</summary>
public sealed class FirstPageBrowserTests
{
    private static readonly ReportingMonth November = new(2024, 11);
    private static readonly ReportingMonth December = new(2024, 12);

    [BrowserFact]
    public async Task A_person_signs_in_sees_months_by_steps_and_a_failed_month_in_plain_words_and_downloads_a_workbook()
    {
        using IngestFixture fixture = await IngestFixture.CreateAsync();
        await fixture.IngestAsync(Path.Combine(SampleData.Bank, "exports", "2024-11.csv"), Path.Combine(SampleData.Bank, "exports", "2024-12.csv"));
        CommandSession session = fixture.Session() with { Time = TimeProvider.System };
        await using Jobs.Store.Database database = await Jobs.Store.Database.OpenAsync(session);
        RunResult run = await new MonthRun(database, database.Keys, session).ExecuteAsync(new RunRequest(November, null, null, []));
        Bilingual why = new("无法写入报表目录：磁盘已满。", "The workbooks cannot be written: the disk is full.");
        TaskClaim failed = await FailedAsync(fixture, why);
        SchedulePlan plan = ScheduleFile.Load(session.Home);
        FirstPage pages = new(database, session, plan);
        await using Browser browser = await Browser.StartAsync();
        await NodeHost.RunAsync(session, database, plan, new NodeOptions(["http://127.0.0.1:0"], ClusterSettings.Default, "pages") { Pages = pages.Map, LogFrom = LogLevel.None }, async (urls, stop) =>
        {
            IPage page = await browser.PageAsync();
            List<string> complaints = [];
            page.Console += (_, said) => complaints.Add($"{said.Type}: {said.Text}");
            page.PageError += (_, fault) => complaints.Add(fault);
            await page.GotoAsync(urls.Single() + "/?lang=en");
            Assert.Equal("Sign in", await page.InnerTextAsync("h2"));
            Assert.DoesNotContain("2024-11", await page.ContentAsync(), StringComparison.Ordinal);
            await Browser.ShotAsync(page, "sign-in-en");
            await page.FillAsync("#token", "guess");
            await page.ClickAsync("button");
            Assert.Equal("That token is not right.", await page.InnerTextAsync("[role=alert]"));
            complaints.Clear(); // the browser notes each refusal
            await page.FillAsync("#token", pages.Token);
            await page.ClickAsync("button");

            // Months by steps, the failed one with its reason.
            ILocator november = page.Locator("tr:has(th:text-is('2024-11'))").First;
            Assert.Equal(["classify", "link", "flag", "measure", "report"], await november.Locator(".steps i").EvaluateAllAsync<string[]>("all => all.map(i => i.title)"));
            Assert.Contains("edition 1", await november.InnerTextAsync(), StringComparison.Ordinal);
            Assert.Equal(WorkbookKinds.All.Count, await november.Locator(".books a").CountAsync());
            ILocator months = page.Locator("section[aria-labelledby=m]");
            Assert.Contains("failed", await months.Locator("tr:has(th:text-is('2024-12'))").First.InnerTextAsync(), StringComparison.Ordinal);
            Assert.Contains(why.En, await months.InnerTextAsync(), StringComparison.Ordinal);
            Assert.Contains(why.En, await page.Locator("section[aria-labelledby=e]").InnerTextAsync(), StringComparison.Ordinal);
            Assert.Contains("1\ntask to look at", await page.Locator(".tiles").InnerTextAsync(), StringComparison.Ordinal);
            await Browser.ShotAsync(page, "status-en");

            IDownload download = await page.RunAndWaitForDownloadAsync(() => november.Locator(".books a").First.ClickAsync());
            byte[] bytes = await File.ReadAllBytesAsync(await download.PathAsync(), stop);
            WorkbookFile expected = WorkbookWriter.Write(run.Report, [WorkbookKinds.All[0]], Language.En).Single();
            Assert.Equal((expected.FileName, Convert.ToHexStringLower(SHA256.HashData(expected.Bytes))), (download.SuggestedFilename, Convert.ToHexStringLower(SHA256.HashData(bytes))));

            // The same in Chinese, and nothing is cut off on a narrow screen.
            await page.ClickAsync("text=中文");
            Assert.Equal("zh-CN", await page.GetAttributeAsync("html", "lang"));
            Assert.Contains(why.Zh, await page.Locator("section[aria-labelledby=m]").InnerTextAsync(), StringComparison.Ordinal);
            Assert.Contains("个任务需要处理", await page.Locator(".tiles").InnerTextAsync(), StringComparison.Ordinal);
            await Browser.ShotAsync(page, "status-zh");
            await page.SetViewportSizeAsync(390, 844);
            Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= window.innerWidth"), "the page is wider than a narrow screen");
            await Browser.ShotAsync(page, "status-zh-narrow");
            await page.SetViewportSizeAsync(1280, 900);

            // Once the month is done the failure is history; the page finds out by itself.
            await DoneAsync(fixture, failed);
            await Assertions.Expect(page.Locator("section[aria-labelledby=e]")).ToHaveCountAsync(0, new() { Timeout = 20_000 });
            Assert.Contains("其后已完成", await page.Locator("section[aria-labelledby=h]").InnerTextAsync(), StringComparison.Ordinal);
            await Browser.ShotAsync(page, "status-zh-mended");
            Assert.Empty(complaints);
        });
        await fixture.DisposeAsync();
    }

    /// <summary>A month whose run broke off in its third step.</summary>
    private static async Task<TaskClaim> FailedAsync(IngestFixture fixture, Bilingual why)
    {
        await using NpgsqlConnection connection = await fixture.Source.OpenConnectionAsync();
        JobSpec spec = new("request", JobKind.Run, "", "UTC");
        long id = (await TaskLedger.AddAsync(
            connection, new NewTask(TaskOrigins.Request, TaskKinds.Run, "test", "cn-bank", December, spec, null, 5, DateTimeOffset.UnixEpoch, null), default))!.Value;
        TaskClaim claim = (await TaskLedger.ClaimAsync(fixture.Source, id, "gone", default))!;
        await TaskLedger.StepAsync(fixture.Source, claim, 1, "classify", 635, 1.5, default);
        await TaskLedger.StepAsync(fixture.Source, claim, 2, "link", 635, 0.4, default);
        await TaskLedger.StepAsync(fixture.Source, claim, 3, "flag", null, null, default);
        await TaskLedger.FinishAsync(connection, claim, "failed", null, null, null, "environment", why, default);
        return claim;
    }

    private static async Task DoneAsync(IngestFixture fixture, TaskClaim failed)
    {
        await using NpgsqlConnection connection = await fixture.Source.OpenConnectionAsync();
        // Not due for the node of the test: it is claimed here.
        long id = (await TaskLedger.AddAsync(
            connection, new NewTask(TaskOrigins.Backfill, TaskKinds.Run, "again", failed.Source, failed.Month, failed.Spec, null, 5, DateTimeOffset.UnixEpoch.AddYears(300), null), default))!.Value;
        TaskClaim claim = (await TaskLedger.ClaimAsync(fixture.Source, id, "other", default))!;
        await TaskLedger.FinishAsync(connection, claim, "done", null, null, null, null, null, default);
    }
}
