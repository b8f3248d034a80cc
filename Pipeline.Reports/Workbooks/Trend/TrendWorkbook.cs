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
        SeriesSheet.Add(c, Dimensions.Business, c.T("业务类别", "Business lines"), c.T("业务类别走势", "Complaints by business line"), c.T($"各业务类别 {months} 个月走势", $"Business lines over {span}"), "BusinessMonths", charted: 6, isStacked: true);
        SeriesSheet.Add(c, Dimensions.Cause, c.T("投诉原因", "Causes"), c.T("投诉原因走势", "Complaints by cause"), c.T($"主要原因 {months} 个月走势", $"The main causes over {span}"), "CauseMonths", charted: 5, isStacked: false);
        ChannelTrendSheet.Add(c);
        RatesSheet.Add(c);
        TimelinessTrendSheet.Add(c);
        SeriesSheet.Add(c, Dimensions.Branch, c.T("分行", "Branches"), c.T("分行走势", "Complaints by branch"), c.T($"各分行 {months} 个月走势与热力图", $"Branches over {span}, as a heat map"), "BranchMonths", charted: 5, isStacked: false, isHeat: true);
        CustomersSheet.Add(c);
        DriftSheet.Add(c);
        TestsSheet.Add(c);
    }
}
