using Pipeline.Models.Text;

namespace Pipeline.Reports.Workbooks;

internal static class WorkbookTitles
{
    /// <exception cref="ArgumentException">There is no such kind.</exception>
    public static Bilingual Of(string kind) => kind switch
    {
        WorkbookKinds.Regulatory => new("消费投诉监管统计表", "Regulatory complaint statistics"),
        WorkbookKinds.RootCause => new("消费投诉原因分析", "Root causes of complaints"),
        WorkbookKinds.Trend => new("消费投诉趋势（管理层）", "Complaint trends for management"),
        WorkbookKinds.Cases => new("重复与升级投诉清单", "Repeat and escalating cases"),
        WorkbookKinds.Quality => new("数据质量与隔离区", "Data quality and quarantine"),
        WorkbookKinds.Disclosure => new("消费投诉情况披露", "Complaints disclosed"),
        _ => throw new ArgumentException($"'{kind}' is no kind of workbook; expected one of {string.Join(", ", WorkbookKinds.Known)}", nameof(kind)),
    };
}
