using Pipeline.Models.Taxonomy;
using Pipeline.Models.Text;

namespace Pipeline.Reports.Workbooks.Trend;

/// <summary>The trends for management: what changed beyond chance in plain words, then the series behind it.</summary>
internal static class TrendWorkbook
{
    public static void Compose(Composer c)
    {
        int months = c.Months(TotalSheet.Longest).Count;
        string span = English.Count(months, "month");
        SummarySheet.Add(c);
        NewSheet.Add(c);
        TotalSheet.Add(c);
        SeriesSheet.Add(c, Dimensions.Business, c.DimensionNames(Dimensions.Business), Title(Dimensions.Business), c.T($"各{c.Noun(Dimensions.Business)} {months} 个月走势", $"{c.DimensionNames(Dimensions.Business)} over {span}"), "BusinessMonths", charted: 6, isStacked: true);
        SeriesSheet.Add(c, Dimensions.Cause, c.DimensionNames(Dimensions.Cause), Title(Dimensions.Cause), c.T($"主要{c.Noun(Dimensions.Cause)} {months} 个月走势", $"The main {c.Nouns(Dimensions.Cause)} over {span}"), "CauseMonths", charted: 5, isStacked: false);
        ChannelTrendSheet.Add(c);
        RatesSheet.Add(c);
        TimelinessTrendSheet.Add(c);
        SeriesSheet.Add(c, Dimensions.Branch, c.DimensionNames(Dimensions.Branch), Title(Dimensions.Branch), c.T($"各{c.Noun(Dimensions.Branch)} {months} 个月走势与热力图", $"{c.DimensionNames(Dimensions.Branch)} over {span}, as a heat map"), "BranchMonths", charted: 5, isStacked: false, isHeat: true);
        CustomersSheet.Add(c);
        DriftSheet.Add(c);
        TestsSheet.Add(c);

        string Title(string dimension) => c.T($"{c.DimensionName(dimension)}走势", $"Complaints by {c.Noun(dimension)}");
    }
}
