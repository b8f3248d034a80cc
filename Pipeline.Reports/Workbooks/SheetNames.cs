using Pipeline.Models.Text;

namespace Pipeline.Reports.Workbooks;

/// <summary>Names of the sheets that stand in every workbook.</summary>
internal sealed class SheetNames(Language language)
{
    public string Cover { get; } = language == Language.Zh ? "目录与口径" : "Contents";

    public string Definitions { get; } = language == Language.Zh ? "指标定义" : "Definitions";

    public string Lineage { get; } = language == Language.Zh ? "数据来源" : "Lineage";

    public string Figures { get; } = language == Language.Zh ? "数字清单" : "Figures";

    public string Rows { get; } = language == Language.Zh ? "明细" : "Rows";

    public string ChartData { get; } = language == Language.Zh ? "图表数据" : "Chart data";
}
