using Pipeline.Models.Editions;
using Pipeline.Models.Measures;
using Pipeline.Reports.Sheets;
using Pipeline.Reports.Workbooks.Front;

namespace Pipeline.Reports.Workbooks.Regulatory;

/// <summary>
/// What moved since the edition that was published last: every figure of the month's workbooks, the complaints that moved it, and why. It
/// stands in the regulatory workbook, because that is what is filed; the covers of the others point here.
/// </summary>
internal static class ChangesSheet
{
    /// <summary>Rows of the second sheet: beyond them a sheet takes minutes to open. What is cut is said.</summary>
    private const int MostRows = 200_000;

    public static void Add(Composer c)
    {
        if (c.Report.Changes is not { } changes)
        {
            return;
        }
        string name = EditionWords.ChangedFigures(c);
        string rowsName = c.T("变动工单", "Changed complaints");
        Sheet sheet = c.Page(name, name, c.T(
            $"与{EditionWords.Against(c, changes)}比，哪些指标变了、为什么", $"Which figures moved against {EditionWords.Against(c, changes)}, and why"));
        Inputs(c, sheet, changes);
        if (changes.Figures.Count == 0)
        {
            sheet.Paragraph(EditionWords.Changes(c)!, Styles.Finding, 1, 8);
            return;
        }
        (Dictionary<int, (int First, int Last)> ranges, int listed) = Ranges(changes);
        sheet.Row(Cell.Of(c.T($"变动指标（{changes.Figures.Count}）", $"Changed figures ({changes.Figures.Count})"), Styles.Section));
        TablePlace place = sheet.Table(new SheetTable(
            "ChangedFigures",
            [
                new(c.T("数字键", "Key"), 46, true), new(c.T("指标", "Measure"), 22, true), new(c.T("期间", "Period"), 17, true), new(c.T("筛选", "Filter"), 30, true),
                new(c.T("原值", "Old"), 12), new(c.T("新值", "New"), 12), new(c.T("差", "Difference"), 12), new(c.T("单位", "Unit"), 10, true),
                new(c.T("进入", "Entered"), 9), new(c.T("离开", "Left"), 9), new(c.T("改变", "Changed"), 9), new(c.T("印于本册", "Printed here"), 10, true), new(c.T("原因", "Why"), 90, true),
            ],
            changes.Figures.Count,
            changes.Figures.OrderBy(f => c.Register.Has(f.Key) ? 0 : 1).Select(f => Row(c, changes, f, rowsName, ranges))));
        sheet.FreezeBelow(place);
        if (changes.Complaints.Count > 0)
        {
            Rows(c, changes, rowsName, ranges, listed);
        }
    }

    private static void Inputs(Composer c, Sheet sheet, EditionChanges changes)
    {
        sheet.Row(Cell.Of(c.T($"两版输入的差别（{changes.Inputs.Count}）", $"What differs between the inputs ({changes.Inputs.Count})"), Styles.Section));
        foreach (ChangeCause cause in changes.Inputs)
        {
            sheet.Row(Cell.Of($"· {EditionWords.Cause(c, cause)}", Styles.Plain));
        }
        if (!changes.IsTraced)
        {
            sheet.Row(Cell.Of(c.T(
                "前一版产生时尚未保存逐件计数状态：只能比较指标，逐件原因无法追溯。", "The earlier edition was made before the counted state of complaints was kept: figures are compared, causes by complaint are not known."), Styles.Finding));
        }
        sheet.Skip();
    }

    private static Cell[] Row(Composer c, EditionChanges changes, ChangedFigure figure, string rowsName, Dictionary<int, (int First, int Last)> ranges)
    {
        FigureKey key = FigureKey.Parse(figure.Key);
        Measure measure = MeasureCatalog.Find(key.Measure);
        IReadOnlyList<ComplaintEffect> set = figure.Set >= 0 ? changes.Sets[figure.Set] : [];
        string? link = ranges.TryGetValue(figure.Set, out (int First, int Last) rows)
            ? $"{CellRef.Place(rowsName, rows.First, 1)}:{CellRef.Cell(rows.Last, 6)}"
            : null;
        Cell Effects(ChangeEffect effect)
        {
            int count = set.Count(e => e.Effect == effect);
            return count == 0 ? Cell.Of(0, Styles.Nought) : Cell.Of(count).To(link);
        }
        CellStyle style = c.StyleOf(figure.Unit);
        return
        [
            Cell.Of(key.Text, Styles.Code), Cell.Of(c.MeasureName(measure.Key)), Cell.Of(key.Period.Span, Styles.Code), Cell.Of(c.FilterText(key)),
            figure.WasListed || figure.Old is not null ? Cell.OrUndefined(figure.Old, style) : Cell.Blank(style),
            figure.IsListed || figure.New is not null ? Cell.OrUndefined(figure.New, style) : Cell.Blank(style),
            Composer.Change(figure.New, figure.Old, figure.Unit), Cell.Of(FiguresSheet.Units(c, figure.Unit), Styles.Code),
            Effects(ChangeEffect.Entered), Effects(ChangeEffect.Left), Effects(ChangeEffect.Changed), Cell.Of(c.Register.Has(figure.Key) ? c.T("是", "yes") : ""),
            Cell.Of(changes.IsTraced ? EditionWords.Causes(c, changes, figure.Causes) : c.T("无法追溯", "not traced")),
        ];
    }

    /// <summary>Where each set stands on the second sheet, as far as it has room.</summary>
    private static (Dictionary<int, (int First, int Last)> Ranges, int Rows) Ranges(EditionChanges changes)
    {
        Dictionary<int, (int First, int Last)> ranges = [];
        int rows = 0;
        for (int i = 0; i < changes.Sets.Count; i++)
        {
            if (rows + changes.Sets[i].Count <= MostRows)
            {
                ranges.Add(i, (FirstRow + rows, FirstRow + rows + changes.Sets[i].Count - 1));
                rows += changes.Sets[i].Count;
            }
        }
        return (ranges, rows);
    }

    /// <summary>Title, subtitle, way back, a free row, the note, the heads.</summary>
    private const int FirstRow = 7;

    private static void Rows(Composer c, EditionChanges changes, string name, Dictionary<int, (int First, int Last)> ranges, int count)
    {
        Sheet sheet = c.Page(name, name, c.T("使指标变动的每一件工单：变了什么、为什么", "Every complaint that moved a figure: what changed on it, and why"));
        int cut = changes.Sets.Count - ranges.Count;
        sheet.Row(Cell.Of(cut == 0
            ? c.T("由同样工单、同样方式变动的指标共用一组。本表供点击与筛选，不打印。", "Figures that the same complaints moved in the same way share a set. Not printed.")
            : c.T($"由同样工单、同样方式变动的指标共用一组；另有 {cut} 组过长，未列。", $"Figures that the same complaints moved in the same way share a set; {cut} more sets are too long and are not listed."), Styles.Note with { Wrap = false }));
        string[] first = new string[changes.Sets.Count];
        foreach (ChangedFigure figure in changes.Figures.Where(f => f.Set >= 0))
        {
            first[figure.Set] ??= figure.Key;
        }
        TablePlace place = sheet.Table(new SheetTable(
            "ChangedComplaints",
            [
                new(c.T("指标（首个）", "Figure (the first)"), 46, true), new(c.T("工单号", "Case number"), 20, true), new(c.T("受理日期", "Received"), 12), new(c.T("作用", "Effect"), 10, true),
                new(c.T("变了什么", "What changed"), 70, true), new(c.T("原因", "Why"), 80, true),
            ],
            count,
            Enumerable.Range(0, changes.Sets.Count).Where(ranges.ContainsKey).SelectMany(s => changes.Sets[s].Select(e => Row(c, changes, first[s], e)))));
        if (place.FirstRow != FirstRow)
        {
            throw new InvalidOperationException($"the rows of '{name}' begin in row {place.FirstRow}, and links lead to row {FirstRow}");
        }
        sheet.FreezeBelow(place, 2);
        sheet.Unprinted = c.T("供点击与筛选", "to be clicked and filtered");
    }

    private static Cell[] Row(Composer c, EditionChanges changes, string key, ComplaintEffect effect)
    {
        ChangedComplaint complaint = changes.Complaints[effect.Complaint];
        return
        [
            Cell.Of(key, Styles.Code), Cell.Of(complaint.CaseNumber), Cell.Of(complaint.Received), Cell.Of(EditionWords.Effect(c, effect.Effect)),
            Cell.Of(EditionWords.Fields(c, complaint), Styles.Code), Cell.Of(EditionWords.Causes(c, changes, complaint.Causes)),
        ];
    }
}
