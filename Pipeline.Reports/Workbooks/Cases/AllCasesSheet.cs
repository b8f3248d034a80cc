using Pipeline.Models.Complaints;
using Pipeline.Models.Taxonomy;
using Pipeline.Reports.Sheets;

namespace Pipeline.Reports.Workbooks.Cases;

/// <summary>Every complaint of the month, one row each, to filter and to pivot.</summary>
internal static class AllCasesSheet
{
    public static void Add(Composer c, CaseLinks links)
    {
        Sheet sheet = c.Page(c.T("全部投诉", "All cases"), c.T("本月全部投诉", "All complaints of the month"), c.T("本月逐件明细，可筛选、可透视", "Every complaint of the month, to filter and to pivot"));
        if (c.Report.Cases.Count > 0)
        {
            sheet.Row(Cell.Of(
                c.T("投诉内容只显示前几行，单元格内为脱敏后的前 500 字；全文见“来源文件”与“行号”所指的导出文件。", "Of a text the first lines are shown; the cell holds its first 500 characters, masked. The whole text stands in the export that File and Line name."),
                Styles.Note with { Wrap = false }));
        }
        CaseCells.List(
            c, sheet, "AllCases",
            [
                CaseCells.CaseNumberColumn(c), new(c.T("受理日期", "Received"), 12), new(c.T("办结日期", "Closed"), 12), new(c.T("状态", "Status"), 10), new(c.T("办理天数", "Handling days"), 10),
                CaseCells.ChannelColumn(c), new(c.T("层级", "Level"), 8), new(c.DimensionName(Dimensions.BusinessChannel), 16, true), new(c.DimensionName(Dimensions.Nature), 10, true),
                CaseCells.BusinessColumn(c), CaseCells.CauseColumn(c), new(c.T("标签来源", "Label from"), 11, true), new(c.T($"{c.DimensionName(Dimensions.Cause)}概率", $"{c.DimensionName(Dimensions.Cause)} probability"), 10), new(c.T("待复核", "Review"), 9),
                .. c.NamesComplained ? (TableColumn[])[new(c.DimensionName(Dimensions.Branch), 18, true)] : [], CaseCells.BranchColumn(c), new(c.DimensionName(Dimensions.Region), 12, true), new(c.DimensionName(Dimensions.Severity), 9, true),
                CaseCells.AmountColumn(c), new(c.T("人数", "Persons"), 8), new(c.T("满意度", "Satisfaction"), 11, true), new(c.T("有责", "Liable"), 8),
                CaseCells.PersonColumn(c), new(c.T("标记", "Marks"), 16, true), new(c.T("重复于", "Repeats"), 20, true), CaseCells.TextColumn(c), new(c.T("来源文件", "File"), 20, true), new(c.T("行号", "Line"), 9),
            ],
            c.Report.Cases,
            r => Row(c, links, r),
            c.T("本月没有投诉。", "There are no complaints this month."),
            rowHeight: c.Report.Cases.Count > MostFitted ? 15 : null);
    }

    /// <summary>A longer list is for the filter alone: one line a case, which costs no memory.</summary>
    private const int MostFitted = 5_000;

    private static Cell[] Row(Composer c, CaseLinks links, CaseRow r)
    {
        ComplaintFact f = r.Fact;
        bool isDoubtful = Doubtful(f.Nature) || Doubtful(f.Business) || Doubtful(f.Cause);
        return
        [
            CaseCells.CaseNumber(r), Cell.Of(f.Received), CaseCells.Closed(f), Cell.Of(Words.Status(c, f.Status), CaseCells.Centered), CaseCells.HandlingDays(f),
            CaseCells.Channel(c, r), CaseCells.Rung(f), CaseCells.Class(c, Dimensions.BusinessChannel, f.BusinessChannel), CaseCells.Class(c, Dimensions.Nature, f.Nature.Class),
            CaseCells.Business(c, r), CaseCells.Cause(c, r), Cell.Of(Words.Basis(c, f.Cause.Basis)), f.Cause.Probability is { } p ? Cell.Of(Math.Round(p, 3), Styles.Probability) : Cell.Blank(Styles.Probability),
            Cell.Of(isDoubtful ? c.T("是", "yes") : "", CaseCells.Centered),
            .. c.NamesComplained ? (Cell[])[CaseCells.Class(c, Dimensions.Branch, f.Branch)] : [], CaseCells.Branch(r), CaseCells.Class(c, Dimensions.Region, f.Region), CaseCells.Class(c, Dimensions.Severity, f.Severity),
            CaseCells.Amount(f), Cell.Of(f.Persons), CaseCells.Satisfaction(c, f), CaseCells.Liable(c, f),
            CaseCells.Person(r, links), Cell.Of(CaseCells.Marks(c, r)), links.Case(f.RepeatOfCaseNumber), CaseCells.Text(r), Cell.Of(r.File), Cell.Of(r.Line),
        ];
    }

    private static bool Doubtful(HeadLabel label) => label is { Basis: LabelBasis.Predicted, NeedsReview: true };
}
