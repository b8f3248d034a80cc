using System.Globalization;
using Pipeline.Models.Complaints;
using Pipeline.Models.Measures;
using Pipeline.Reports.Charts;
using Pipeline.Reports.Sheets;

namespace Pipeline.Reports.Workbooks.Trend;

/// <summary>What management reads: at most eight sentences, none of a change that chance explains, then the key numbers and two charts.</summary>
internal static class SummarySheet
{
    private const int MostSentences = 8;
    private const int LastColumn = 7;

    private static readonly string[] Key =
        ["complaints", "after_merging", "repeat_rate_90", "escalation_rate", "regulator_share", "bypass", "on_time_rate", "closure_rate", "over_60_days", "satisfaction_rate"];

    public static void Add(Composer c, IReadOnlyList<Signal> signals)
    {
        Sheet sheet = c.Page(c.T("管理摘要", "Summary"), c.T($"消费投诉管理摘要 · {c.Month}", $"Complaints: management summary · {c.Month}"), c.T("本月要点、关键指标与走势", "What matters this month, key numbers and trends"), isOnOnePage: true);
        c.Book.Opened = sheet;
        double[] widths = [34, 14, 14, 14, 16, 26, 30];
        for (int i = 0; i < widths.Length; i++)
        {
            sheet.Width(i + 1, widths[i]);
        }
        Sentences(c, sheet, signals);
        sheet.Skip();
        KeyNumbers(c, sheet);
        sheet.Skip();
        int row = sheet.NextRow;
        sheet.ChartAt(TotalSheet.TotalChart(c, 13), row, 1, row + 15, 4);
        sheet.ChartAt(RatesSheet.RatesChart(c, 13), row, 5, row + 15, LastColumn);
        sheet.Skip(17);
    }

    private static void Sentences(Composer c, Sheet sheet, IReadOnlyList<Signal> signals)
    {
        List<Signal> judged = [.. signals.Where(s => s.IsJudged)];
        // What became worse stands before what became better, the total before its parts, then the least likely by chance.
        List<Signal> named = [.. judged
            .Where(s => s is { Stands: true, Follows: false })
            .OrderByDescending(s => s.Verdict.Kind == ChanceKind.Higher)
            .ThenByDescending(s => s is { Measure: "complaints", Term: null })
            .ThenBy(s => s.Verdict.PValue)];
        sheet.Row(Cell.Of(c.T("本月要点", "What changed beyond chance"), Styles.Section));
        if (c.IsIncomplete(c.Month))
        {
            sheet.Paragraph(
                c.T($"数据截至 {Composer.Iso(c.Report.Lineage.AsOf)}，报告月尚未结束：只列数，不作判断。", $"The data end on {Composer.Iso(c.Report.Lineage.AsOf)}, before the month does: numbers are shown, nothing is judged."),
                Styles.Finding with { Fill = Palette.AlertFill }, 1, LastColumn);
            return;
        }
        if (judged.Count == 0)
        {
            sheet.Paragraph(
                c.T("往月数据不足三个月或件数太少，尚不能判断变动是否超出随机波动。", "Fewer than three earlier months stand, or counts are too small: no change can be told from chance yet."),
                Styles.Finding with { Fill = Palette.Paper }, 1, LastColumn);
        }
        else if (named.Count == 0)
        {
            sheet.Paragraph(
                c.T($"本月没有变动超出随机波动：投诉 {c.Count("complaints")} 件，各业务、原因、渠道、分行与此前 {c.Earlier(Judgement.Baseline).Count} 个月相符。",
                    $"Nothing changed beyond chance: {c.Count("complaints")} complaints, with business lines, causes, channels and branches in line with the {c.Earlier(Judgement.Baseline).Count} months before."),
                Styles.Finding with { Fill = Palette.GoodFill }, 1, LastColumn);
        }
        foreach (Signal signal in named.Take(MostSentences))
        {
            FigureKey key = new(signal.Measure, FigurePeriod.Of(c.Month), signal.Terms);
            c.Register.Take(key);
            sheet.Paragraph(
                Sentence(c, signal),
                Styles.Finding with { Fill = signal.Verdict.Kind == ChanceKind.Higher ? Palette.AlertFill : Palette.GoodFill },
                1, LastColumn, c.Register.Place(key), key.Text);
        }
        if (judged.Count > 0)
        {
            int following = judged.Count(s => s.Follows);
            string more = named.Count > MostSentences ? c.T($"另有 {named.Count - MostSentences} 项见“变动检验”表。", $" {named.Count - MostSentences} more on the sheet of tests.") : "";
            sheet.Paragraph(
                c.T($"检验 {judged.Count} 个序列（另有 {signals.Count - judged.Count} 个件数太少未检验）；{judged.Count(s => s.Verdict.Kind != ChanceKind.WithinChance)} 个单独看超出随机波动（p < {Chance.Level}），同等数量的检验预计有 {Expected(judged.Count)} 个虚警；{judged.Count(s => s.Stands)} 个经错误发现率 10% 控制后成立{(following == 0 ? "" : $"，其中 {following} 个只是随整体变动，不另列")}。{more}",
                    $"{judged.Count} series tested ({signals.Count - judged.Count} more were too small); {judged.Count(s => s.Verdict.Kind != ChanceKind.WithinChance)} differ by themselves (p < {Chance.Level}), where {Expected(judged.Count)} false alarms are to be expected; {judged.Count(s => s.Stands)} stand at a false discovery rate of 10 %{(following == 0 ? "" : $", {following} of them only with the whole that they are part of and not named")}.{more}"),
                Styles.Note, 1, LastColumn);
        }
    }

    private static string Expected(int tests) => (tests * Chance.Level).ToString("0.0", CultureInfo.InvariantCulture);

    internal static string Sentence(Composer c, Signal signal)
    {
        bool isHigher = signal.Verdict.Kind == ChanceKind.Higher;
        double expected = signal.Verdict.Expected;
        string mean = expected.ToString("0.0", CultureInfo.InvariantCulture);
        string change = ((signal.Count - expected) / expected).ToString("+0%;-0%", CultureInfo.InvariantCulture);
        int months = c.Earlier(Judgement.Baseline).Count;
        string measure = c.MeasureName(signal.Measure);
        string sign = isHigher ? "▲" : "▼";
        string zh = $"{sign} {Subject(c, signal, measure)} {signal.Count} 件，{(isHigher ? "高" : "低")}于此前 {months} 个月月均 {mean} 件（{change}）";
        string en = $"{sign} {Subject(c, signal, measure)}: {signal.Count}, {(isHigher ? "above" : "below")} the mean of {mean} over the {months} months before ({change})";
        if (isHigher && signal is { Measure: "complaints", Term: { } term } && Signals.Driver(c, term) is { } driver)
        {
            string share = Composer.Percentage((decimal)driver.Count / signal.Count, 0);
            zh += $"；其中“{c.Label(driver.Dimension, driver.Member)}”{driver.Count} 件（{share}）最多";
            en += $"; mostly {c.Label(driver.Dimension, driver.Member)}, {driver.Count} ({share})";
        }
        return c.T(zh + "。", en + ".");
    }

    private static string Subject(Composer c, Signal signal, string measure) => signal.Term is { } term
        ? c.T($"{c.DimensionName(term.Dimension)}“{c.Label(term.Dimension, term.Member)}”的{measure}", $"{measure}, {c.DimensionName(term.Dimension).ToLowerInvariant()} “{c.Label(term.Dimension, term.Member)}”")
        : measure;

    private static Cell Strong(Cell cell) => cell with { Style = cell.Style with { Bold = true } };

    private static void KeyNumbers(Composer c, Sheet sheet)
    {
        sheet.Row(Cell.Of(c.T("关键指标", "Key numbers"), Styles.Section));
        IReadOnlyList<ReportingMonth> earlier = c.Earlier(Judgement.Baseline);
        List<IReadOnlyList<Cell>> rows = [];
        foreach (string key in Key)
        {
            Measure measure = MeasureCatalog.Find(key);
            bool isMaturing = Maturity.IsMaturing(key, c.Month, c.Report.Lineage.AsOf, c.Report.Rules.TimeLimitCalendarDays);
            List<decimal> known = [.. earlier.Select(m => c.Value(key, m)).OfType<decimal>()];
            decimal? mean = known.Count == 0 ? null : Math.Round(known.Average(), measure.Unit == Units.Share ? 6 : 1);
            bool isShare = measure.Unit == Units.Share;
            rows.Add(
            [
                Cell.Of(c.T(measure.Name)), Strong(c.Cell(key, c.Month)), c.Cell(key, c.Previous), c.Cell(key, c.YearAgo),
                Composer.Derived(mean, isShare ? c.ShareStyle : Styles.Days), Cell.Blank(Styles.Text),
                isMaturing
                    ? Cell.Of(c.T("未满期，不比较", "still maturing, not compared"), Styles.Text with { Color = Palette.Muted })
                    : Words.Verdict(c, (isShare ? Judgement.OfShare(c, key) : Judgement.OfCount(c, key)).Kind, key is not ("on_time_rate" or "closure_rate" or "satisfaction_rate")),
            ]);
        }
        TablePlace place = sheet.Table(SheetTable.Of(
            "KeyNumbers",
            [
                new(c.T("指标", "Indicator"), 34, true), new(c.Head(c.Month), 14), new(c.T("上月", "Month before"), 14), new(c.T("去年同月", "Same month last year"), 14),
                new(c.T($"前 {earlier.Count} 个月平均", $"Mean of {earlier.Count} months"), 16), new(c.T("近 13 个月", "13 months"), 26), new(c.T("与往常相比", "Against the usual"), 30, true),
            ],
            rows));
        for (int i = 0; i < Key.Length; i++)
        {
            sheet.Sparklines.Add(new Sparkline(CellRef.Cell(place.FirstRow + i, 6), TotalSheet.SparklineData(c, Key[i])));
        }
    }
}
