using Pipeline.Jobs.Regulatory;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Steps;
using Pipeline.Jobs.Store;
using Pipeline.Models.Measures;
using Pipeline.Models.Regulatory;
using Pipeline.Models.Taxonomy;
using Pipeline.Reports;
using Pipeline.Tests.Ingest;

namespace Pipeline.Tests.Regulatory;

/// <summary>From an export to the regulatory workbook: what does not count, and what is pinned.</summary>
public sealed class RegulatoryRunTests
{
    private const string Export = """
        工单号,受理日期,办结日期,状态,投诉渠道,投诉内容,事项类型,核减类型
        A1,2026-10-02,2026-10-09,已办结,客服热线,客户称手续费重复扣收，要求退还。,投诉,
        A2,2026-10-03,,处理中,12378转办,客户称贷款审批流程太慢，要求答复。,消费投诉,
        A3,2026-10-04,2026-10-04,已办结,客服热线,客户询问网点营业时间。,咨询,
        A4,2026-10-05,2026-10-06,已办结,客服热线,客户称手续费重复扣收，要求退还，同一件登记了两次。,投诉,重复登记
        A5,2026-10-06,2026-10-07,已办结,网点,表扬大堂经理耐心细致。,表扬,
        A6,2026-10-07,2026-10-12,已办结,客服热线,客户称短信通知费未经同意开通。,,不明理由
        """;

    private static async Task<RunResult> RunAsync(IngestFixture fixture)
    {
        CommandSession session = fixture.Session();
        await using Database database = await Database.OpenAsync(session);
        return await new MonthRun(database, fixture.Database.Keys, session)
            .ExecuteAsync(new RunRequest(new(2026, 10), null, Path.Combine(fixture.Folder, "out"), [WorkbookKinds.Regulatory]));
    }

    [Fact]
    public async Task Other_matters_and_cases_taken_out_are_in_no_figure_and_each_is_listed_with_its_reason()
    {
        using IngestFixture fixture = await IngestFixture.CreateAsync();
        await fixture.IngestAsync(fixture.Write("2026-10.csv", Export));
        MonthReport report = (await RunAsync(fixture)).Report;
        FigureSet figures = new(report.Figures);

        Assert.Equal(3, figures.Of("complaints", report.Month).Value);
        Assert.Equal(3, figures.Of("excluded", report.Month).Value);
        Assert.Equal(2, figures.Of("closed", report.Month).Value);
        Assert.Equal(1, figures.Of("excluded", report.Month, new FilterTerm(Dimensions.Exclusion, "reason:duplicate")).Value);
        Assert.Equal(["A1", "A2", "A6"], report.Cases.Select(c => c.Fact.CaseNumber));
        Assert.Equal(
            [("A3", "matter:enquiry", 4L), ("A4", "reason:duplicate", 5L), ("A5", "matter:praise", 6L)],
            report.Excluded.Select(c => (c.Fact.CaseNumber, c.Fact.Exclusion!, c.Line)));
    }

    [Fact]
    public async Task Denominators_and_the_bank_s_own_rules_are_inputs_of_a_run()
    {
        using IngestFixture fixture = await IngestFixture.CreateAsync();
        await fixture.IngestAsync(fixture.Write("2026-10.csv", Export));
        RunResult first = await RunAsync(fixture);
        RunResult again = await RunAsync(fixture);
        string path = DenominatorFiles.PathOf(fixture.Database.Home, "generic");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllTextAsync(
            path,
            DenominatorFiles.Header + "\n2026-10,全行,60,1200000\n");
        RunResult loaded = await RunAsync(fixture);

        Assert.True(again.Reused);
        Assert.False(loaded.Reused);
        Assert.Equal((1, 2), (first.Report.Lineage.Edition, loaded.Report.Lineage.Edition));
        Assert.Null(new FigureSet(first.Report.Figures).Of("per_1000_outlets", first.Report.Month).Value);
        Assert.Equal(50, new FigureSet(loaded.Report.Figures).Of("per_1000_outlets", loaded.Report.Month).Value); // 3 / 60 × 1000
    }

    [Fact]
    public void A_finding_that_blocks_asks_for_a_person()
    {
        StringWriter error = new();
        CommandSession session = new("/nowhere", Models.Text.Language.En, false, TimeProvider.System, TextWriter.Null, error, default);
        MonthReport sound = Reports.InventedMonth.Report(perMonth: 60);
        PreFlightFinding blocking = new("x", PreFlightSeverity.Blocking, new("甲", "A field"), 3, new("缺。", "It is missing."), new("补。", "Complete it."));

        Assert.Equal(ExitCodes.Done, RunCommand.TellPreFlight(sound, session));
        Assert.Equal(ExitCodes.LookNeeded, RunCommand.TellPreFlight(sound with { PreFlight = [blocking, .. sound.PreFlight!] }, session));
        Assert.Contains("Do not file: A field: It is missing. Complete it.", error.ToString(), StringComparison.Ordinal);
    }
}
