using System.Globalization;
using Pipeline.Models.Measures;
using Pipeline.Models.Measures.Series;
using Pipeline.Reports.Sheets;

namespace Pipeline.Reports.Workbooks.Trend;

/// <summary>Every series that was tested, with its verdict: what the summary chose its sentences from.</summary>
internal static class TestsSheet
{
    public static string Name(Composer c) => c.T("变动检验", "Tests");

    public static void Add(Composer c)
    {
        Sheet sheet = c.Page(Name(c), c.T("变动检验", "Tests of change"), c.T("每个序列本月是否超出偶然波动，按超限程度排列", "Whether each series moved beyond chance, those furthest beyond their limits first"));
        TrendSignals signals = c.Judged.Signals;
        List<Signal> listed = [.. signals.Signals.Where(s => s.IsJudged)];
        sheet.Paragraph(
            c.T($"{Rule(c, listed)}另有 {signals.Signals.Count - listed.Count} 个期望不足 {c.Report.Rules.Trend.LeastExpected} 件或往月不足 {c.Report.Rules.Trend.LeastMonths} 个月，未检验。方法见“{c.Names.Definitions}”。",
                $"{Rule(c, listed)} {signals.Signals.Count - listed.Count} more expect fewer than {c.Report.Rules.Trend.LeastExpected}, or have fewer than {c.Report.Rules.Trend.LeastMonths} earlier months, and were not tested. Methods: sheet {c.Names.Definitions}."),
            Styles.Note, 1, 16);
        if (listed.Count == 0)
        {
            return;
        }
        TablePlace place = sheet.Table(SheetTable.Of(
            "Tests",
            [
                new(c.T("指标", "Measure"), 22, true), new(c.T("维度", "Dimension"), 24, true), new(c.T("类别", "Class"), 48, true), new(c.T("本月", "This month"), 11),
                new(c.T("期望", "Expected"), 11), new(c.T("比值", "Ratio"), 9), new(c.T("比值下限", "Ratio from"), 9), new(c.T("比值上限", "Ratio to"), 9), new(c.T("下控制限", "Low limit"), 10), new(c.T("上控制限", "High limit"), 10),
                new(c.T("超限程度", "Exceedance"), 12), new(c.T("p 值", "p-value"), 10), new(c.T("虚警概率", "False alarm"), 10), new(c.T("离散程度", "Dispersion"), 12), new(c.T("方法", "Method"), 26, true), new(c.T("剔除月数", "Months left out"), 10),
                new(c.T("单独判断", "By itself"), 22, true), new(c.T("控制虚警比例后", "After control"), 22, true),
            ],
            [.. listed.Select(s => Row(c, s))]));
        sheet.FreezeBelow(place, 3);
    }

    /// <summary>By which threshold a series is unusual by itself, by which it stands, and how many false alarms are to be expected.</summary>
    private static string Rule(Composer c, List<Signal> judged)
    {
        if (judged.Count == 0)
        {
            return "";
        }
        string level = SummarySheet.Level(c);
        string One(double probability) => probability.ToString("0.####", CultureInfo.InvariantCulture);
        (string low, string high) = (One(judged.Min(s => s.Verdict.FalseAlarm)), One(judged.Max(s => s.Verdict.FalseAlarm)));
        double[] standing = [.. judged.Where(s => s.Stands).Select(s => s.Verdict.PValue)];
        string rate = Composer.Percentage((decimal)c.Report.Rules.Trend.FalseDiscoveryRate, 0);
        string last = standing.Length == 0 ? "" : standing.Max() < 0.0001 ? "< 0.0001" : $"≤ {One(standing.Max())}";
        return c.T(
            $"{judged.Count} 个序列。单独判断：p 值低于 {level}（即超限程度大于 1）为异常，共 {judged.Count(s => s.IsAlarm)} 个；仅凭偶然预计 {SummarySheet.One(c.Judged.Signals.ExpectedFalseAlarms)} 个，为“虚警概率”一列之和。件数是整数，各序列仅凭偶然低于该 p 值的概率略低或略高于 {level}（{low} 至 {high}）。控制虚警比例后：成立的变动中虚警预计不超过 {rate}，成立 {standing.Length} 个{(standing.Length == 0 ? "" : $"（p 值 {last}）")}。",
            $"{judged.Count} series. By itself: unusual where the p-value is below {level} (exceedance above 1): {judged.Count(s => s.IsAlarm)}; chance alone is expected to make {SummarySheet.One(c.Judged.Signals.ExpectedFalseAlarms)} so, the sum of the column “False alarm”. Counts are whole numbers, so that for a single series chance gets below that p-value a little less or more often than {level} ({low} to {high}). After control: of the changes that stand at most {rate} are expected to be false; {standing.Length} stand{(standing.Length == 0 ? "" : $" (p-value {last})")}.");
    }

    private static IReadOnlyList<Cell> Row(Composer c, Signal s)
    {
        SeriesVerdict v = s.Verdict;
        CellStyle unit = s.IsShare ? c.ShareStyle : Styles.Days;
        return
        [
            Cell.Of(c.MeasureName(s.Measure)), Cell.Of(Dimension(c, s.Terms)), Cell.Of(Class(c, s.Terms)), c.Cell(s.Measure, c.Month, s.Terms),
            Number(v.Expected, unit), Number(v.Ratio, Styles.Score), Number(v.RatioLow, Styles.Score), Number(v.RatioHigh, Styles.Score),
            v.LowLimit < 0 ? Cell.Undefined(unit) : Number(v.LowLimit, unit), Number(v.HighLimit, unit),
            Number(v.Exceedance, Styles.Score), Number(v.PValue, Styles.PValue), Number(v.FalseAlarm, Styles.PValue), Number(v.Dispersion, Styles.Score), Cell.Of(Method(c, v)), Cell.Of(v.LeftOut.Count),
            Words.Verdict(c, v.Kind, s.Measure is not ("on_time_rate" or "closure_rate" or "satisfaction_rate" or "first_contact_rate")),
            Cell.Of(s.Follows ? c.T("成立，随整体变动", "stands, with its whole") : s.Stands ? c.T("成立", "stands") : "–", Styles.Text with { Color = s.Stands ? Palette.Ink : Palette.Muted }),
        ];
    }

    public static string Dimension(Composer c, IReadOnlyList<FilterTerm> terms) => terms.Count == 0 ? c.T("全部", "All") : string.Join(" × ", terms.Select(t => c.DimensionName(t.Dimension)));

    public static string Class(Composer c, IReadOnlyList<FilterTerm> terms) => terms.Count == 0 ? c.T("合计", "Total") : string.Join(" × ", terms.Select(t => c.Label(t.Dimension, t.Member)));

    private static string Method(Composer c, SeriesVerdict v) => v.Method switch
    {
        SeriesMethod.ExactPoisson => c.T("精确条件泊松", "exact Poisson"),
        SeriesMethod.QuasiPoisson => c.T("准泊松", "quasi-Poisson"),
        SeriesMethod.SeasonTrend => (v.HasTrend, v.HasSeason) switch
        {
            (true, true) => c.T("回归：趋势与季节", "regression: trend, season"),
            (true, false) => c.T("回归：趋势", "regression: trend"),
            _ => c.T("回归：季节", "regression: season"),
        },
        SeriesMethod.Share => c.T("比率（过离散二项）", "share (widened binomial)"),
        _ => "",
    };

    internal static Cell Number(double value, CellStyle style) => double.IsFinite(value) ? Cell.Of(HalfUp.Round((decimal)Math.Clamp(value, -1e12, 1e12), 6), style) : Cell.Undefined(style);
}
