using Pipeline.Jobs.Ingest.Profiles;

namespace Pipeline.Tests.Ingest.Profiles;

public sealed class ExportDateTests
{
    [Theory]
    [InlineData("2024-11.csv", 5, "2024-12-05")]
    [InlineData("2026-12.xlsx", 5, "2027-01-05")]
    [InlineData("投诉工单_202602.csv", 0, "2026-02-28")]
    [InlineData("export-2026-10-07.csv", 5, "2026-10-07")]
    [InlineData("export_20261007_final.csv", 5, "2026-10-07")]
    [InlineData("2026-01-01_2026-01-31.csv", 5, "2026-01-31")]
    [InlineData("2026年10月.xlsx", 5, "2026-11-05")]
    [InlineData("folder-2020-01/2026-10.csv", 0, "2026-10-31")]
    public void A_date_or_a_month_in_the_name_states_the_day_of_the_export(string name, int graceDays, string expected) =>
        Assert.Equal(DateOnly.Parse(expected), ExportDate.FromName(name, graceDays));

    [Theory]
    [InlineData("complaints.csv.gz")]
    [InlineData("TS20241101000004.csv")]
    [InlineData("2026-13.csv")]
    [InlineData("report-2026.csv")]
    public void A_name_without_date_states_nothing(string name) => Assert.Null(ExportDate.FromName(name, 5));
}
