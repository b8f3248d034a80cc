using System.Globalization;
using Pipeline.Models.Complaints;
using Pipeline.Models.Measures;
using Pipeline.Models.Measures.Series;
using Pipeline.Models.Taxonomy;
using Pipeline.Models.Text;
using Pipeline.Reports.Charts;
using Pipeline.Reports.Sheets;

namespace Pipeline.Reports.Workbooks.Trend;

/// <summary>What management reads: at most eight sentences, none of a change that chance explains, then the key numbers and two charts.</summary>
internal static class SummarySheet
{
    private const int LastColumn = 7;

    private static readonly string[] Key =
        ["complaints", "after_merging", "repeat_rate_90", "escalation_rate", "regulator_share", "bypass", "on_time_rate", "closure_rate", "over_60_days", "satisfaction_rate"];

    public static void Add(Composer c)
    {
        Sheet sheet = c.Page(c.T("管理摘要", "Summary"), c.T($"消费投诉管理摘要 · {c.Month}", $"Complaints: management summary · {c.Month}"), c.T("本月要点、关键指标与走势", "What matters this month, key numbers and trends"), isOnOnePage: true);
        c.Book.Opened = sheet;
        double[] widths = [34, 14, 14, 14, 16, 26, 30];
        for (int i = 0; i < widths.Length; i++)
        {
            sheet.Width(i + 1, widths[i]);
        }
        Findings(c, sheet);
        sheet.Skip();
        KeyNumbers(c, sheet);
        sheet.Skip();
        sheet.ChartsBeside(TotalSheet.TotalChart(c, 13), RatesSheet.RatesChart(c, 13), 4, LastColumn, 16);
        string chart = !TotalSheet.HasLimits(c, 13) ? ""
            : c.T("虚线：各月按其此前月份算得的期望与上下控制限。", "Dashed: what each month was expected to be, and its limits, from the months before it. ")
                + (TotalSheet.Beyond(c, 13) == 0 ? "" : c.T($"菱形：超出控制限的月份（仅凭偶然预计 {TotalSheet.ExpectedByChance(c, 13)} 个）。", $"Diamonds: months beyond their limits (by chance alone about {TotalSheet.ExpectedByChance(c, 13)}). "));
        sheet.Paragraph(
            chart + c.T("带下划线的数字可点击，通往它的出处。", "Underlined numbers lead to where they come from."),
            Styles.Note, 1, LastColumn);
        Uncovered.Note(c, sheet, LastColumn);
    }

    private static void Findings(Composer c, Sheet sheet)
    {
        sheet.Row(Cell.Of(c.T("本月要点", "What matters this month"), Styles.Section));
        if (!c.Judged.IsJudged)
        {
            sheet.Paragraph(
                c.T($"数据截至 {Composer.Iso(c.Report.Lineage.AsOf)}，报告月尚未结束：只列数，不作判断。", $"The data end on {Composer.Iso(c.Report.Lineage.AsOf)}, before the month does: numbers are shown, nothing is judged."),
                Styles.Finding with { Fill = Palette.AlertFill }, 1, LastColumn);
            return;
        }
        List<Signal> judged = [.. c.Judged.Signals.Signals.Where(s => s.IsJudged)];
        IReadOnlyList<Sentence> sentences = Sentences.Of(c);
        if (judged.Count == 0)
        {
            sheet.Paragraph(
                c.T($"往月数据不足 {c.Report.Rules.Trend.LeastMonths} 个月或件数太少，尚不能判断变动是否只是偶然。", $"Fewer than {c.Report.Rules.Trend.LeastMonths} earlier months stand, or counts are too small: no change can be told from chance yet."),
                Styles.Finding with { Fill = Palette.Paper }, 1, LastColumn);
        }
        else if (!sentences.Any(s => s.Topic is Topic.Worse or Topic.Better))
        {
            sheet.Paragraph(
                c.T($"本月没有超出正常波动的变动：投诉 {c.Count("complaints")} 件，各{Kinds(c)}与往月相符。",
                    $"Nothing moved beyond the usual range: {c.Count("complaints")} complaints, with {Kinds(c)} in line with the months before."),
                Styles.Finding with { Fill = Palette.GoodFill }, 1, LastColumn);
        }
        foreach (Sentence sentence in sentences)
        {
            (string word, string fill) = sentence.Topic switch
            {
                Topic.New => (c.T("● 新情况", "● New"), Palette.Paper),
                Topic.Worse => (c.T("▲ 变差", "▲ Worse"), Palette.AlertFill),
                Topic.Better => (c.T("▼ 好转", "▼ Better"), Palette.GoodFill),
                _ => (c.T("→ 待决策", "→ To decide"), Palette.Paper),
            };
            sheet.Finding(
                Cell.Of(word, Styles.Finding with { Fill = fill, Bold = true }),
                sentence.Text, Styles.Finding with { Fill = fill }, 2, LastColumn - 1,
                sentence.Figure with { Style = Styles.Finding with { Fill = fill, Bold = true, Underline = true, Color = Palette.Blue, Align = CellAlign.Right, Wrap = false, Format = sentence.Figure.Style.Format } });
        }
        if (judged.Count > 0)
        {
            sheet.Paragraph(Tested(c, judged, sentences), Styles.Note, 1, LastColumn);
        }
    }

    /// <summary>How many questions were asked, and how many false answers are to be expected of so many.</summary>
    private static string Tested(Composer c, List<Signal> judged, IReadOnlyList<Sentence> sentences)
    {
        TrendSignals signals = c.Judged.Signals;
        int alone = judged.Count(s => s.IsAlarm);
        List<Signal> standing = [.. judged.Where(s => s.Stands)];
        string rate = Composer.Percentage((decimal)c.Report.Rules.Trend.FalseDiscoveryRate, 0);
        TrendDrifts drifts = c.Judged.Drifts;
        string drift = drifts.Charts.Count == 0 ? "" : c.T(
            $"缓慢漂移图 {drifts.Charts.Count} 张：{drifts.Charts.Count(d => d.Verdict.IsSignal)} 张报警，仅凭偶然预计约 {One(drifts.ExpectedFalseSignals)} 张；{drifts.Charts.Count(d => d.Stands)} 张成立，见“{DriftSheet.Name(c)}”。",
            $" Of {drifts.Charts.Count} charts of slow drift {drifts.Charts.Count(d => d.Verdict.IsSignal)} signal, where chance alone gives about {One(drifts.ExpectedFalseSignals)}; {drifts.Charts.Count(d => d.Stands)} stand (sheet {DriftSheet.Name(c)}).");
        return c.T(
            $"{judged.Count} 个序列中，{standing.Count} 个的变动超出偶然（其中虚警预计不超过 {rate}）。单独看，{alone} 个 p 值低于 {Level(c)}，仅凭偶然预计约 {One(signals.ExpectedFalseAlarms)} 个；另有 {signals.Signals.Count - judged.Count} 个件数太少未检验，见“{TestsSheet.Name(c)}”。{Untold(c, standing, sentences)}{drift}",
            $"{standing.Count} of {judged.Count} series moved by more than chance explains; at most {rate} of such findings may be false. Each by itself, {alone} have a p-value below {Level(c)}, where chance alone gives about {One(signals.ExpectedFalseAlarms)}; {signals.Signals.Count - judged.Count} more were too small to test (sheet {TestsSheet.Name(c)}).{Untold(c, standing, sentences)}{drift}");
    }

    /// <summary>The series that stand and that no sentence is of, so that the page is not read against the sheets that mark them.</summary>
    private static string Untold(Composer c, List<Signal> standing, IReadOnlyList<Sentence> sentences)
    {
        const int Named = 4;
        List<Signal> untold = [.. standing.Where(s => !sentences.Any(t => t.Signal is { } told && told.Measure == s.Measure && told.Terms.SequenceEqual(s.Terms)))];
        if (untold.Count == 0)
        {
            return "";
        }
        string Name(Signal s) => s.Terms.Count == 0 ? c.MeasureName(s.Measure)
            : s.Measure == "complaints" ? TestsSheet.Class(c, s.Terms) : c.T($"{TestsSheet.Class(c, s.Terms)}（{c.MeasureName(s.Measure)}）", $"{TestsSheet.Class(c, s.Terms)} ({c.MeasureName(s.Measure)})");
        string more = untold.Count > Named ? c.T($"等 {untold.Count} 个", $"; and {untold.Count - Named} more") : "";
        return c.T(
            $"成立而上文未另写的（与上文所写多为同一批投诉，或列于关键指标，或限于篇幅）：{string.Join("；", untold.Take(Named).Select(Name))}{more}。",
            $" Moved too, and not told above by themselves (largely the same complaints as what is told, among the key numbers, or left out for room): {string.Join("; ", untold.Take(Named).Select(Name))}{more}.");
    }

    /// <summary>What the series are of, in the words of the source.</summary>
    private static string Kinds(Composer c) => c.T(
        $"{c.Noun(Dimensions.Business)}、{c.Noun(Dimensions.Cause)}、渠道、{c.Noun(Dimensions.Branch)}",
        $"{c.Nouns(Dimensions.Business)}, {c.Nouns(Dimensions.Cause)}, channels and {c.Nouns(Dimensions.Branch)}");

    /// <summary>The p-value below which a series is unusual by itself.</summary>
    internal static string Level(Composer c) => c.Report.Rules.Trend.Level.ToString("0.###", CultureInfo.InvariantCulture);

    internal static string One(double number) => number.ToString("0.0", CultureInfo.InvariantCulture);

    private static Cell Strong(Cell cell) => cell with { Style = cell.Style with { Bold = true } };

    private static void KeyNumbers(Composer c, Sheet sheet)
    {
        sheet.Row(Cell.Of(c.T("关键指标", "Key numbers"), Styles.Section));
        IReadOnlyList<ReportingMonth> earlier = c.Earlier(c.Judged.Baseline);
        string[] keys = [.. Key.Where(k => c.Months(13).Any(m => c.Value(k, m) is not null))];
        List<IReadOnlyList<Cell>> rows = [];
        List<string> shorter = [];
        foreach (string key in keys)
        {
            Measure measure = MeasureCatalog.Find(key);
            IReadOnlyList<Figure> compared = Compared(c, key, earlier);
            if (compared.Count < earlier.Count)
            {
                shorter.Add(c.T($"{c.MeasureName(measure.Key)} {compared.Count} 个月", $"{c.MeasureName(measure.Key)} {compared.Count}"));
            }
            bool isShare = measure.Unit == Units.Share;
            rows.Add(
            [
                Cell.Of(c.MeasureName(measure.Key)), c.IsMaturing(key, FigurePeriod.Of(c.Month)) ? c.Cell(key, c.Month) : Strong(c.Cell(key, c.Month)), c.Cell(key, c.Previous), c.Cell(key, c.YearAgo),
                Composer.Derived(Mean(measure, compared), (isShare ? c.ShareStyle : Styles.Days).BesideSparkline()), Cell.Blank(Styles.Text),
                c.Value(key, c.Month) is null ? Cell.Of(Cell.UndefinedText, Styles.Text with { Color = Palette.Muted })
                    : Uncovered.Word(c, key, FigurePeriod.Of(c.Month)) is { } word ? Cell.Of(word, Styles.Text with { Color = Palette.Muted })
                    : Words.Verdict(c, (isShare ? Judgement.OfShare(c, key) : Judgement.OfCount(c, key)).Kind, key is not ("on_time_rate" or "closure_rate" or "satisfaction_rate")),
            ]);
        }
        TablePlace place = sheet.Table(SheetTable.Of(
            "KeyNumbers",
            [
                new(c.T("指标", "Indicator"), 34, true), new(c.Head(c.Month), 14), new(c.T("上月", "Month before"), 14), new(c.T("去年同月", "Same month last year"), 14),
                new(Judgement.MeanHead(c), 16), new(c.T($"近 {c.Months(13).Count} 个月", English.Count(c.Months(13).Count, "month")), 26), new(c.T("与往常相比", "Against the usual"), 30, true),
            ],
            rows));
        for (int i = 0; i < keys.Length; i++)
        {
            sheet.Sparklines.Add(new Sparkline(CellRef.Cell(place.FirstRow + i, 6), TotalSheet.SparklineData(c, keys[i])));
        }
        string[] unknown = [.. Key.Except(keys).Select(c.MeasureName)];
        string note = string.Join(c.T("", " "), ((string[])
        [
            shorter.Count == 0 ? "" : c.T($"平均不含窗口未覆盖和未满期的月份，所用月数：{string.Join("、", shorter)}。", $"Means leave out months whose window is not covered or that still mature; months used: {string.Join(", ", shorter)}."),
            unknown.Length == 0 ? "" : c.T($"本来源无从得知、未列：{string.Join("、", unknown)}。", $"Not known from this source and not listed: {string.Join(", ", unknown)}."),
        ]).Where(n => n.Length > 0));
        if (note.Length > 0)
        {
            sheet.Paragraph(note, Styles.Note, 1, LastColumn);
        }
    }

    /// <summary>The earlier months whose figures are set beside others (<see cref="Composer.IsCompared"/>).</summary>
    private static IReadOnlyList<Figure> Compared(Composer c, string key, IReadOnlyList<ReportingMonth> earlier) =>
    [
        .. earlier.Where(m => c.IsCompared(key, FigurePeriod.Of(m)) && c.Value(key, m) is not null).Select(m => c.Register.Peek(new FigureKey(key, FigurePeriod.Of(m)))),
    ];

    /// <summary>The mean count, and of a share the share of all their complaints, not the mean of monthly shares.</summary>
    private static decimal? Mean(Measure measure, IReadOnlyList<Figure> known)
    {
        if (measure.Unit == Units.Share)
        {
            decimal below = known.Sum(f => f.Denominator ?? 0);
            return below == 0 ? null : HalfUp.Round(known.Sum(f => f.Numerator ?? 0) / below, 6);
        }
        return known.Count == 0 ? null : HalfUp.Round(known.Average(f => f.Value ?? 0), 1);
    }
}
