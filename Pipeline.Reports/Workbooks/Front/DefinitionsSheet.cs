using Pipeline.Models.Measures;
using Pipeline.Models.Taxonomy;
using Pipeline.Reports.Sheets;

namespace Pipeline.Reports.Workbooks.Front;

/// <summary>What each measure printed in the workbook means, and the methods behind judgements.</summary>
internal static class DefinitionsSheet
{
    public static void Add(Composer c)
    {
        Sheet sheet = c.Page(c.Names.Definitions, c.Names.Definitions, c.T("指标公式与方法依据", "Formulas of the measures and the methods behind judgements"));
        HashSet<string> used = [.. c.Register.Used.Select(u => u.Key.Measure)];
        List<Measure> measures = [.. MeasureCatalog.All.Where(m => used.Contains(m.Key))];
        CellStyle top = Styles.Code with { Top = true };
        // One table: its heads stand right above whatever page it goes on to.
        TablePlace place = sheet.Table(SheetTable.Of(
            "Definitions",
            [
                new(c.T("指标或方法", "Measure or method"), 30, true), new(c.T("键", "Key"), 24, true), new(c.T("单位", "Unit"), 12, true),
                new(c.T("公式、定义或方法", "Formula, definition or method"), 96, true),
            ],
            [
                .. measures.Select(m => (IReadOnlyList<Cell>)
                [
                    Cell.Of(c.MeasureName(m.Key), Styles.TextWrapped), Cell.Of(m.Key, top), Cell.Of(c.UnitName(m.Unit), top), Cell.Of(c.Definition(m.Key), Styles.TextWrapped),
                ]),
                .. Methods(c).Select(m => (IReadOnlyList<Cell>)
                [
                    Cell.Of(m.Name, Styles.TextWrapped), Cell.Of(c.T("方法", "method"), top), Cell.Of((string?)null, top), Cell.Of(m.Text, Styles.TextWrapped),
                ]),
            ]));
        sheet.FreezeBelow(place);
    }

    private static IEnumerable<(string Name, string Text)> Methods(Composer c)
    {
        yield return (
            c.T("变动", "Change"),
            c.T("环比为较上月，同比为较去年同月；比率的变动以百分点表示。", "Against the month before and the same month last year; changes of shares are in percentage points."));
        foreach ((string Name, string Text) method in TrendMethods.Of(c))
        {
            yield return method;
        }
        yield return (
            c.T("随整体变动", "With its whole"),
            c.T("某类投诉与其所属整体同向变动、且占整体的比例未超出随机波动的，首页不另列。", "A part that moves in the direction of its whole while its share in it stays within chance is not named on the first page."));
        yield return (
            c.T("未满期", "Still maturing"),
            c.T("办结、满意、有责等指标在时限届满前会继续变动，只列数，不与往月比较，也不作判断。", "Measures of closing, satisfaction and liability keep moving until the time limits have run out; they are printed, neither compared with earlier months nor judged."));
        if (c.Register.Used.Any(u => u.Figure.IsKnown && !c.IsCovered(u.Key.Measure, u.Key.Period)) && Uncovered.Explained(c.Report) is { } explained)
        {
            yield return (c.T("窗口未覆盖", "Window not covered"), c.T(explained));
        }
        yield return (
            c.T("帕累托", "Pareto"),
            c.T($"{c.DimensionName(Dimensions.Cause)}按件数降序，累计占比首次达到 80% 为止的为主要{c.Noun(Dimensions.Cause)}。", $"{c.DimensionNames(Dimensions.Cause)} in descending order; those up to the one at which the cumulative share first reaches 80% are the main ones."));
    }
}
