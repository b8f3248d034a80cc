using Pipeline.Models.Measures;
using Pipeline.Reports.Sheets;

namespace Pipeline.Reports.Workbooks.RootCause;

/// <summary>What the counts are once the model's confusion is accounted for, beside the counts as they stand.</summary>
internal static class CorrectionSheet
{
    private static readonly CellStyle Estimate = Styles.Days;
    private static readonly CellStyle Outside = Styles.Text with { Color = Palette.Alert, Bold = true };
    private static readonly CellStyle Quiet = Styles.Text with { Color = Palette.Muted };

    public static void Add(Composer c)
    {
        if (c.Report.Corrected.Count == 0)
        {
            return;
        }
        string name = c.T("误差校正", "Error-corrected");
        Sheet sheet = c.Page(name, c.T("按模型误差校正的件数与占比", "Counts corrected for the model's errors"), c.T("模型会认错：扣除误差后各类实际约有多少", "The model errs: about how many there are of each class once that is accounted for"));
        sheet.Width(1, 34);
        sheet.Paragraph(
            c.T("只校正由模型判定的工单；人工认定和导出编码的照旧。按模型对留出文本的误认比例，反复抽取各件的真实类别（数据增广，1,000 次）：区间为 95%；校正件数由均值向原件数收缩，收缩多少看校正量是否超出其自身误差（James–Stein），类别多、件数少时可能不作校正。本月文本与留出文本同类同貌时成立。“校正”不改变其他各表的件数。",
                "Only complaints that the model decided are corrected; analysts' and coded classes stand. The true class of each is drawn from what the model took for what on held-out texts (data augmentation, 1,000 draws): the interval is of 95%; the estimate is the mean, drawn back towards the count as far as the correction is not more than its own error (James and Stein), so that with many classes and few complaints nothing may be corrected. It holds where texts of a class are like the held-out texts of that class. No other sheet's counts are changed by it."),
            Styles.Note with { Color = Palette.Ink }, 1, 9);
        foreach (CorrectedHead head in c.Report.Corrected)
        {
            sheet.Skip();
            sheet.Row(Cell.Of(c.T(
                $"{c.DimensionName(head.Head)}：模型判定 {head.Predicted} 件，其余 {head.Decided} 件照旧；模型在 {head.HeldOut} 条留出文本上的准确率 {Composer.Percentage((decimal)head.Accuracy)}",
                $"{c.DimensionName(head.Head)}: {head.Predicted} decided by the model, {head.Decided} by others; accuracy of the model on {head.HeldOut} held-out texts {Composer.Percentage((decimal)head.Accuracy)}"), Styles.Section));
            Table(c, sheet, head);
        }
    }

    private static void Table(Composer c, Sheet sheet, CorrectedHead head)
    {
        double all = head.Decided + head.Predicted;
        Cell Share(double count) => Cell.Of(HalfUp.Round((decimal)(count / all), 6), c.ShareStyle);
        sheet.Table(SheetTable.Of(
            $"Corrected_{head.Head}",
            [
                new(c.DimensionName(head.Head), 34, true), new(c.T("件数", "Counted"), 10), new(c.T("其中模型判定", "By the model"), 11), new(c.T("占比", "Share"), 10),
                new(c.T("校正件数", "Corrected"), 11), new(c.T("校正占比", "Corrected share"), 11), new(c.T("下限（占比）", "Low (share)"), 11), new(c.T("上限（占比）", "High (share)"), 11),
                new(c.T("判断", "Verdict"), 30, true),
            ],
            [
                .. head.Classes.Select(k => (IReadOnlyList<Cell>)
                [
                    Cell.Of(c.Label(head.Head, k.Class)), Cell.Of(k.Raw), Cell.Of(k.Answered), Share(k.Raw), Cell.Of(k.Corrected, Estimate), Share(k.Corrected), Share(k.Low), Share(k.High),
                    k.IsRawOutside
                        ? Cell.Of(k.Raw > k.High ? c.T("▼ 件数偏高，超出误差", "▼ counted too high, beyond error") : c.T("▲ 件数偏低，超出误差", "▲ counted too low, beyond error"), Outside)
                        : Cell.Of(c.T("误差范围内", "within error"), Quiet),
                ]),
            ],
            [
                Cell.Of(c.T("合计", "Total")), Cell.Of(head.Classes.Sum(k => k.Raw)), Cell.Of(head.Classes.Sum(k => k.Answered)), Share(head.Classes.Sum(k => k.Raw)),
                Cell.Of(Math.Round(head.Classes.Sum(k => k.Corrected)), Estimate), Share(Math.Round(head.Classes.Sum(k => k.Corrected))),
                Cell.Blank(c.ShareStyle), Cell.Blank(c.ShareStyle), Cell.Blank(Styles.Text),
            ]));
    }
}
