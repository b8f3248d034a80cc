using Pipeline.Models.Taxonomy;
using Pipeline.Models.Text;

namespace Pipeline.Reports.Workbooks.Trend;

/// <summary>The trends for management: what changed beyond chance in plain words, then the series behind it.</summary>
internal static class TrendWorkbook
{
    public static void Compose(Composer c)
    {
        int months = c.Months(TotalSheet.Longest).Count;
        int listed = c.Months(SeriesSheet.Months).Count;
        string span = months == listed ? c.T($"{months} 个月", English.Count(months, "month")) : c.T($"图 {months} 个月、表 {listed} 个月", $"chart {English.Count(months, "month")}, table {listed}");
        SummarySheet.Add(c);
        NewSheet.Add(c);
        TotalSheet.Add(c);
        SeriesSheet.Add(c, Dimensions.Business, c.DimensionNames(Dimensions.Business), Title(Dimensions.Business), c.T($"各{c.Noun(Dimensions.Business)}走势：{span}", $"{c.DimensionNames(Dimensions.Business)}: {span}"), "BusinessMonths", charted: 6, isStacked: true);
        SeriesSheet.Add(c, Dimensions.Cause, c.DimensionNames(Dimensions.Cause), Title(Dimensions.Cause), c.T($"主要{c.Noun(Dimensions.Cause)}走势：{span}", $"The main {c.Nouns(Dimensions.Cause)}: {span}"), "CauseMonths", charted: 5, isStacked: false);
        ChannelTrendSheet.Add(c);
        RatesSheet.Add(c);
        TimelinessTrendSheet.Add(c);
        SeriesSheet.Add(c, Dimensions.Branch, c.DimensionNames(Dimensions.Branch), Title(Dimensions.Branch), c.T($"各{c.Noun(Dimensions.Branch)}走势与热力图：{span}", $"{c.DimensionNames(Dimensions.Branch)} as a heat map: {span}"), "BranchMonths", charted: 5, isStacked: false, isHeat: true);
        CustomersSheet.Add(c);
        DriftSheet.Add(c);
        TestsSheet.Add(c);

        string Title(string dimension) => c.T($"{c.DimensionName(dimension)}走势", $"Complaints by {c.Noun(dimension)}");
    }
}
