using System.Text.Json;
using Pipeline.Jobs.Regulatory;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Steps;
using Pipeline.Jobs.Store;
using Pipeline.Reports;
using Pipeline.Tests.Ingest;
using Pipeline.Tests.Scheduling;

namespace Pipeline.Tests.Regulatory;

/// <summary><c>idr</c> as the office runs it: an export, a run, the bank's table of codes (invented ones), the file.</summary>
public sealed class IdrCommandTests
{
    private const string Export = """
        工单号,受理日期,办结日期,状态,投诉渠道,投诉内容,被投诉机构,业务类别
        A0,2026-06-20,2026-07-05,已办结,客服热线,客户称手续费重复扣收，要求退还。,南京分行,信用卡
        A1,2026-10-02,2026-10-09,已办结,客服热线,客户称手续费重复扣收，要求退还。,南京分行,信用卡
        A2,2026-10-03,,处理中,客服热线,客户称贷款审批流程太慢，要求答复。,南京分行,信用卡
        A3,2026-10-04,,已撤诉,客服热线,客户称贷款审批流程太慢，后撤回投诉。,南京分行,信用卡
        """;

    [Fact]
    public async Task The_file_is_written_with_the_bank_s_codes_and_what_needs_a_person_ends_with_exit_code_3()
    {
        using IngestFixture fixture = await IngestFixture.CreateAsync();
        await fixture.IngestAsync(fixture.Write("2026-10.csv", Export));
        CommandSession session = fixture.Session();
        await using (Database database = await Database.OpenAsync(session))
        {
            await new MonthRun(database, fixture.Database.Keys, session)
                .ExecuteAsync(new RunRequest(new(2026, 10), null, Path.Combine(fixture.Folder, "out"), [WorkbookKinds.Regulatory]));
        }
        string output = Path.Combine(fixture.Folder, "idr.csv");
        string[] call = ["idr", "--month", "2026-10", "--output", output, "--json"];

        (int code, string said, string errors) = await PipelineProcess.RunAsync(fixture.Database, new Dictionary<string, string>(), call);
        Assert.Equal(ExitCodes.WrongUsage, code);
        Assert.Contains("codes.au-idr.csv", said + errors, StringComparison.Ordinal);
        Assert.False(File.Exists(output));

        string table = IdrCodeFiles.PathOf(fixture.Database.Home);
        Directory.CreateDirectory(Path.GetDirectoryName(table)!);
        await File.WriteAllTextAsync(table, "element,value,code\nstatus,open,11\nstatus,closed,12\nchannel,客服热线,21\nchannel,hotline,21\nbrand,南京分行,31\n");
        (code, said, errors) = await PipelineProcess.RunAsync(fixture.Database, new Dictionary<string, string>(), call);
        Assert.True(code == ExitCodes.LookNeeded, errors);
        JsonElement told = JsonDocument.Parse(said).RootElement;
        Assert.Equal((4, 1, 0), (told.GetProperty("rows").GetInt32(), told.GetProperty("day_unknown").GetInt32(), told.GetProperty("left_out").GetInt32()));
        Assert.Contains(told.GetProperty("missing").EnumerateArray(), m => m.GetProperty("element").GetString() == "complainant_type" && m.GetProperty("cases").GetInt32() == 4);
        Assert.DoesNotContain(told.GetProperty("missing").EnumerateArray(), m => m.GetProperty("element").GetString() is "gender" or "status");
        string[] lines = await File.ReadAllLinesAsync(output);
        Assert.Equal(["unique_identifier", "A0", "A1", "A2", "A3"], lines.Select(l => l.Split(',')[0]));
        Assert.Equal(["status", "12", "12", "11", "12"], lines.Select(l => l.Split(',')[6]));
        Assert.Equal(["date_closed", "05/07/2026", "09/10/2026", "", ""], lines.Select(l => l.Split(',')[9]));

        // Every value that was named gets a code: nothing is left to look at but the withdrawal without a day.
        await File.AppendAllLinesAsync(table, told.GetProperty("missing").EnumerateArray().Select((m, i) => $"{m.GetProperty("element").GetString()},{m.GetProperty("value").GetString()},{90 + i}"));
        (code, said, _) = await PipelineProcess.RunAsync(fixture.Database, new Dictionary<string, string>(), call);
        Assert.Equal((ExitCodes.LookNeeded, 0), (code, JsonDocument.Parse(said).RootElement.GetProperty("missing").GetArrayLength()));
        Assert.DoesNotContain((await File.ReadAllLinesAsync(output))[1..4].SelectMany(l => l.Split(',')[12..14]), c => c.Length == 0);
    }
}
