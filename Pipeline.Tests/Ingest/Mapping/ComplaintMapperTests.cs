using Pipeline.Jobs.Ingest.Cleaning;
using Pipeline.Jobs.Ingest.Mapping;
using Pipeline.Jobs.Ingest.Profiles;
using Pipeline.Jobs.Ingest.Reading;
using Pipeline.Jobs.Privacy;
using Pipeline.Jobs.Rules;
using Pipeline.Models.Complaints;

namespace Pipeline.Tests.Ingest.Mapping;

public sealed class ComplaintMapperTests : IDisposable
{
    private static readonly string[] Header = ["工单号", "受理日期", "投诉内容", "姓名", "联系电话"];

    private readonly string home = Directory.CreateTempSubdirectory("pipeline-mapper-").FullName;
    private readonly MappedBatch batch = new();
    private readonly ComplaintMapper mapper;

    public ComplaintMapperTests()
    {
        ColumnMap map = ColumnMap.Of(ProfileFiles.Named(ProfileFiles.Load(home), "generic"), [Header], Header);
        mapper = new ComplaintMapper(
            map, new MappingFrame("generic", new DateOnly(2026, 10, 31), 1), null, RuleFiles.Taxonomy(home, "generic").Value, KeyRing.Open(home), new CellCleaner());
    }

    public void Dispose() => Directory.Delete(home, recursive: true);

    [Fact]
    public void A_header_that_recurs_and_a_total_are_skipped()
    {
        mapper.Map(new TableRow(2, Header), batch);
        mapper.Map(new TableRow(3, ["合 计", "2", "", "", ""]), batch);
        Assert.Equal((2, 0, 0), (batch.Skipped, batch.Rows.Count, batch.Rejected.Count));
    }

    [Theory]
    [InlineData(RowFault.TooManyCells, QualityCodes.TooManyCells)]
    [InlineData(RowFault.TooFewCells, QualityCodes.TooFewCells)]
    [InlineData(RowFault.BrokenQuote, QualityCodes.BrokenQuote)]
    [InlineData(RowFault.BrokenEncoding, QualityCodes.BrokenEncoding)]
    [InlineData(RowFault.ErrorCell, QualityCodes.ErrorCell)]
    public void A_row_that_was_read_with_a_fault_is_rejected_and_names_its_case_only_if_that_is_a_system_number(RowFault fault, string reason)
    {
        mapper.Map(new TableRow(2, ["TS20261001000001", "2026-10-01", "内容", "孙测试", ""], fault, 3), batch);
        mapper.Map(new TableRow(3, ["孙测试", "2026-10-01", "内容", "", ""], fault, 3), batch);
        mapper.Map(new TableRow(4, ["11010519491231002X", "2026-10-01", "内容", "", ""], fault, 3), batch);
        mapper.Map(new TableRow(5, ["13912345678", "2026-10-01", "内容", "", ""], fault, 3), batch);
        Assert.All(batch.Rejected, r => Assert.Equal((reason, 2), (r.Reason, r.Column)));
        Assert.Equal(["TS20261001000001", null, null, null], batch.Rejected.Select(r => r.CaseNumber));
    }

    [Fact]
    public void The_content_of_a_row_does_not_depend_on_safe_repairs()
    {
        mapper.Map(new TableRow(2, ["TS1", "2026-10-01", "一\r\n二", "孙测试", "13912345678"]), batch);
        mapper.Map(new TableRow(3, ["TS1\t", "2026/10/1", "一\n二 ", "孙测试", "１３９１２３４５６７８"]), batch);
        mapper.Map(new TableRow(4, ["TS1", "2026-10-01", "一\n三", "孙测试", "13912345678"]), batch);
        Assert.Equal(batch.Rows[0].ContentHash, batch.Rows[1].ContentHash);
        Assert.NotEqual(batch.Rows[0].ContentHash, batch.Rows[2].ContentHash);
    }
}
