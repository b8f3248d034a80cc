using Pipeline.Models.Complaints;
using Pipeline.Models.Measures;
using Pipeline.Models.Measures.Series;
using Pipeline.Reports.Charts;
using Pipeline.Reports.Sheets;

namespace Pipeline.Reports.Workbooks.Trend;

/// <summary>Slow drift: cumulative sums of counts and shares against the first twelve months that figures reach back to.</summary>
internal static class DriftSheet
{
    private const int Listed = 30;

    public static string Name(Composer c) => c.T("缓慢漂移", "Slow drift");

    public static void Add(Composer c)
    {
        TrendDrifts drifts = c.Judged.Drifts;
        Sheet sheet = c.Page(Name(c), Name(c), c.T("逐月小幅累积、单月看不出的上升或下降", "Rises and falls too small to be seen in one month, added up"), isOnOnePage: true);
        if (drifts.Charts.Count == 0)
        {
            sheet.Width(1, 100);
            sheet.Row(Cell.Of(c.T(
                $"需 {c.Judged.Baseline} 个月作基期并至少再有一个完整月，目前不足。", $"{c.Judged.Baseline} months are needed as a baseline and one complete month beyond them; fewer stand."), Styles.Finding));
            return;
        }
        List<Drift> listed = [.. drifts.Charts.Take(Listed)];
        Drift? shown = listed.Find(d => d is { Stands: true, IsShare: true, Terms.Count: 1 }) ?? listed[0];
        sheet.ChartsBeside(Level(c, shown), Sum(c, shown), 5, 15, 17);
        sheet.Paragraph(
            c.T($"{drifts.Charts.Count} 张图，{drifts.Charts.Count(d => d.Verdict.IsSignal)} 张报警，仅凭偶然预计 {SummarySheet.One(drifts.ExpectedFalseSignals)} 张；{drifts.Charts.Count(d => d.Stands)} 张成立。下表列累积和最接近或超过决策限的 {listed.Count} 张。每张图以其起点起的 {c.Judged.Baseline} 个月为基期（见“基期起”）；回看窗口早于台账起点的指标起点较晚。",
                $"Of {drifts.Charts.Count} charts {drifts.Charts.Count(d => d.Verdict.IsSignal)} signal, where chance alone is expected to have {SummarySheet.One(drifts.ExpectedFalseSignals)} in signal; {drifts.Charts.Count(d => d.Stands)} stand. Listed are the {listed.Count} whose sums are nearest to their limits or beyond. The baseline of a chart is its first {c.Judged.Baseline} months (from the month in “Baseline from”); measures that look back before the ledger begins start later."),
            Styles.Note, 1, 15);
        sheet.Table(SheetTable.Of(
            "Drifts",
            [
                new(c.T("指标", "Measure"), 20, true), new(c.T("维度", "Dimension"), 18, true), new(c.T("类别", "Class"), 34, true), new(c.T("统计口径", "Counted as"), 16, true), new(c.T("监测方向", "Watches for"), 10, true),
                new(c.T("基期起", "Baseline from"), 11, true), new(c.T("基期水平", "Baseline level"), 10), new(c.T("目标检出水平", "Level to detect"), 11), new(c.T("本月水平", "This month"), 11), new(c.T("本月对基期", "Month against baseline"), 12, true), new(c.T("累积和", "Sum"), 10), new(c.T("决策限", "Limit"), 10),
                new(c.T("起于", "Since"), 11, true), new(c.T("报警自", "Signal since"), 11, true), new(c.T("判断", "Verdict"), 22, true),
            ],
            [.. listed.Select(d => Row(c, d))]));
        sheet.Skip();
        sheet.Paragraph(
            c.T($"漂移由累积和判断：每月相对基期的小幅偏离逐月累加，达到决策限即报警；它说明几个月合在一起偏离了基期，本月单月水平可能在基期的另一侧（见“本月对基期”）。水平：占比图为占比，件数图为每月件数（按本月天数）。图在无变化时平均运行 {c.Report.Rules.Trend.DriftRunLength:0} 个月才误报一次（基期水平已知时）；基期只有 12 个月，误报更多些，已计入上述预计数。",
                $"A drift is told by a sum: what each month lies off the baseline is added up, and the chart signals at its limit. It says that several months together are off the baseline; this month by itself may lie on the other side (“Month against baseline”). Levels: shares for charts of shares, complaints in a month of this length for charts of counts. Where nothing changes a chart runs {c.Report.Rules.Trend.DriftRunLength:0} months on average before it signals (its baseline being known); twelve months know the baseline only roughly, which the expected number above allows for."),
            Styles.Note, 1, 15);
    }

    /// <summary>The months that a chart's start is the mean of; both ends belong to it.</summary>
    public static (ReportingMonth From, ReportingMonth To) Baseline(Composer c, Drift d) => (d.FirstWatched.Add(-c.Judged.Baseline), d.FirstWatched.Add(-1));

    private static IReadOnlyList<Cell> Row(Composer c, Drift d)
    {
        DriftVerdict v = d.Verdict;
        bool isShare = d.IsShare;
        CellStyle unit = isShare ? c.ShareStyle : Styles.Days;
        double days = isShare ? 1 : TrendJudgement.Days(c.Month);
        decimal? now = Observed(c, d, c.Month) is { } observed ? HalfUp.Round(observed, 6) : null;
        return
        [
            Cell.Of(c.MeasureName(d.Measure)), Cell.Of(TestsSheet.Dimension(c, d.Terms)), Cell.Of(TestsSheet.Class(c, d.Terms)),
            Cell.Of(isShare ? c.T("占比", "share") : c.T("件数", "count")), Cell.Of(v.IsUp ? c.T("上升", "rise") : c.T("下降", "fall")),
            Cell.Of(Baseline(c, d).From.ToString()), TestsSheet.Number(v.Start * days, unit), TestsSheet.Number(v.Drifted * days, unit), Cell.OrUndefined(now, isShare ? unit : Styles.Count), Cell.Of(Against(c, now, (decimal)(v.Start * days))),
            TestsSheet.Number(v.Sums[^1], Styles.Days), TestsSheet.Number(v.Limit, Styles.Days),
            Cell.Of(d.Since?.ToString()), Cell.Of(d.SignalSince?.ToString()),
            d.Stands ? Cell.Of((v.IsUp ? "▲ " : "▼ ") + c.T("成立", "stands"), Styles.Text with { Bold = true, Color = v.IsUp ? Palette.Alert : Palette.Good })
                : Cell.Of(v.IsSignal ? c.T("报警，控制后不成立", "signal, not after control") : c.T("未报警", "no signal"), Styles.Text with { Color = Palette.Muted }),
        ];
    }

    private static string Against(Composer c, decimal? now, decimal start) => now is not { } value ? Cell.UndefinedText
        : value > start ? c.T("高于", "above") : value < start ? c.T("低于", "below") : c.T("持平", "level");

    private static decimal? Observed(Composer c, Drift d, ReportingMonth month)
    {
        decimal? value = c.Covered(d.Measure, month, d.Terms);
        return d.IsShare && d.Terms.Count > 0 ? value is { } v && c.Value("complaints", month) is > 0 and var all ? v / all : null : value;
    }

    private static string Title(Composer c, Drift d) => (d.Terms.Count == 0 ? c.MeasureName(d.Measure) : TestsSheet.Class(c, d.Terms)) + (d.IsShare && d.Terms.Count > 0 ? c.T("占比", ", share") : "");

    private static ChartSpec? Level(Composer c, Drift d)
    {
        IReadOnlyList<ReportingMonth> months = c.Months(TotalSheet.Longest);
        double days = d.IsShare ? 1 : TrendJudgement.Days(c.Month);
        decimal start = HalfUp.Round((decimal)(d.Verdict.Start * days), 6);
        CellStyle style = d.IsShare ? c.ShareStyle : Styles.Days;
        return c.Charts.Chart(
            ChartData.Shape(
                c.T($"{Title(c, d)}与基期水平", $"{Title(c, d)} and its baseline"),
                c.T($"折线图：{Title(c, d)}逐月水平；虚线为基期平均。", $"Line: {Title(c, d)} by month; dashed: mean of the baseline.")) with
            { Format = d.IsShare ? "0%" : "#,##0" },
            [.. months.Select(c.Head)],
            [
                new(Title(c, d), [.. months.Select(m => Observed(c, d, m) is { } v ? HalfUp.Round(v, 6) : (decimal?)null)], SeriesShape.Line, Palette.Series[0], style),
                new(c.T("基期平均", "Mean of the baseline"), [.. months.Select(_ => (decimal?)start)], SeriesShape.Level, Palette.Series[2], style),
            ]);
    }

    private static ChartSpec? Sum(Composer c, Drift d)
    {
        IReadOnlyList<ReportingMonth> months = [.. Enumerable.Range(0, d.Verdict.Sums.Count).Select(d.FirstWatched.Add)];
        decimal limit = HalfUp.Round((decimal)d.Verdict.Limit, 4);
        return c.Charts.Chart(
            ChartData.Shape(
                c.T($"累积和（{(d.Verdict.IsUp ? "上升" : "下降")}）：{Title(c, d)}", $"Cumulative sum ({(d.Verdict.IsUp ? "rise" : "fall")}): {Title(c, d)}"),
                c.T($"柱形图：{Title(c, d)}的累积和；虚线为决策限 {limit:0.0}，达到即报警。", $"Columns: cumulative sum of {Title(c, d)}; dashed: the limit {limit:0.0}, from which it signals.")) with
            { Format = "#,##0" },
            [.. months.Select(c.Head)],
            [
                new(c.T("累积和（件）", "Sum (complaints)"), [.. d.Verdict.Sums.Select(s => (decimal?)HalfUp.Round((decimal)s, 4))], SeriesShape.Bar, Palette.Series[1], Styles.Days),
                new(c.T("决策限", "Limit"), [.. months.Select(_ => (decimal?)limit)], SeriesShape.Level, Palette.Series[2], Styles.Days),
            ]);
    }
}
