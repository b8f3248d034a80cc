using System.Globalization;
using Pipeline.Models.Complaints;
using Pipeline.Models.Measures;
using Pipeline.Models.RootCauses;
using Pipeline.Models.Taxonomy;
using Pipeline.Models.Text;
using Pipeline.Reports.Sheets;

namespace Pipeline.Reports.Workbooks.RootCause;

/// <summary>What the complaints of a cause speak of: topics found in their texts, with what is new and what rose.</summary>
internal static class TopicsSheet
{
    /// <summary>A topic within chance is listed from so many complaints in the month on.</summary>
    private const int FewestListed = 3;

    /// <summary>A change by itself: the level of p-values beside which the verdict after control is read.</summary>
    private const double Unusual = 0.01;

    public static void Add(Composer c)
    {
        if (c.Report.RootCauses is not { } report)
        {
            return;
        }
        CauseTextFindings found = report.Texts;
        Sheet sheet = c.Page(c.T("子主题", "Topics"), c.T($"各{c.Noun(Dimensions.Cause)}的子主题", $"Topics within {c.Nouns(Dimensions.Cause)}"), c.T($"每类{c.Noun(Dimensions.Cause)}里客户在说什么；哪些是本月新出现、哪些上升", $"What customers speak of within each {c.Noun(Dimensions.Cause)}; what is new and what rose"));
        Topic[] listed = [.. found.Topics.Where(t => t.Complaints.Count >= FewestListed || t.State is TopicState.New or TopicState.Risen or TopicState.Fallen)];
        Topic[] news = [.. found.Topics.Where(t => t.State is TopicState.New or TopicState.Risen).OrderBy(t => t.State).ThenByDescending(t => t.Complaints.Count)];
        sheet.Width(1, 12);
        sheet.Width(2, 32);
        sheet.Paragraph(Finding(c, found, news), Styles.Finding, 1, 14);
        string rate = Composer.Percentage((decimal)report.Topics.FalseDiscoveryRate, 0);
        sheet.Paragraph(
            c.T($"方法：近 {found.BaselineMonths + 1} 个月同一{c.Noun(Dimensions.Cause)}的文本按词语的 TF-IDF 余弦做平均连接聚类（相似度 ≥ {report.Topics.JoinSimilarity:0.00}），其余文本归入最近的中心；标题取自原文中指称事项、覆盖最广且少见于别处的业务词语；至少 {report.Topics.MinPersons} 名投诉人。与以前各月主题按中心匹配（余弦 ≥ {report.Topics.MatchSimilarity:0.00}），编号和标题沿用；编号中的月份是首次命名的月份，主题的文本可早于它（见“最早文本”和走势）。检验：本月与基期的事项数（合并重复后），精确条件泊松检验（基期中自身有突发的月份不计：不少于 10 件且超过中位月 3 倍）。“控制虚警比例后”：每类内成立的变动中虚警预计不超过 {rate}（Benjamini–Hochberg）。“判断”是控制后的结论：p < {Unusual:0.00} 而控制后不成立的注明“单看异常，控制后不成立”；区间不含 1 本身不是结论。“新”：不是以前各月的主题，显著，且基期月均不超过本月的一成。{(found.BaselineShare < 1 ? $"基期文本只读取 {Composer.Percentage((decimal)found.BaselineShare)}。" : "")}",
                $"Method: the texts of one {c.Noun(Dimensions.Cause)} over {found.BaselineMonths + 1} months are joined by average linkage of TF-IDF cosines over phrases (≥ {report.Topics.JoinSimilarity:0.00}), the rest goes to the nearest centre; titles are the phrases of the texts that name a matter of the trade, cover most and are rare elsewhere; at least {report.Topics.MinPersons} complainants. Topics are matched to those of earlier months by their centres (cosine ≥ {report.Topics.MatchSimilarity:0.00}) and keep id and title; the month in an id is that of the run that first named it, and texts of the topic may be earlier (see earliest text, and the course). Test: matters (repeats merged) of the month against the baseline, exact conditional Poisson (baseline months with an event of their own, at least 10 and more than 3 times the middle month, are left out). After control: of the changes that stand within each {c.Noun(Dimensions.Cause)} at most {rate} are expected to be false (Benjamini–Hochberg). The verdict is the one after control: where p < {Unusual:0.00} and the change does not stand it says “unusual by itself, not after control”; an interval that leaves out 1 is no verdict. New: no topic of an earlier month, significant, and the baseline's monthly mean is at most a tenth of the month.{(found.BaselineShare < 1 ? $" Of the baseline's texts {Composer.Percentage((decimal)found.BaselineShare)} were read." : "")}"),
            Styles.Note, 1, 14);
        sheet.Skip();
        if (listed.Length == 0)
        {
            return;
        }
        Dictionary<long, CaseRow> cases = c.Report.Cases.ToDictionary(x => x.Fact.ComplaintId);
        Breakdown causes = new(c, Dimensions.Cause);
        Dictionary<string, int> order = causes.Ranked().Select((m, i) => (m, i)).ToDictionary(x => x.m, x => x.i, StringComparer.Ordinal);
        Topic[] sorted = [.. listed.OrderBy(t => order.GetValueOrDefault(t.Cause, int.MaxValue)).ThenByDescending(t => t.Complaints.Count).ThenBy(t => t.Id, StringComparer.Ordinal)];
        TablePlace place = sheet.Table(new SheetTable(
            "Topics",
            [
                new(c.T("主题编号", "Topic"), 12, true), new(TitleHead(c, sorted), 32, true), new(c.DimensionName(Dimensions.Cause), 26, true), new(c.T("判断（控制后）", "Verdict after control"), 26, true),
                new(c.T("本月件数", "Complaints"), 9), new(c.T("投诉人", "Persons"), 9), new(c.T("本月事项", "Matters"), 9), new(c.T("基期月均事项", "Mean before"), 10), new(c.T("比值", "Ratio"), 8),
                new(c.T("95% 区间下限", "95% from"), 9), new(c.T("95% 区间上限", "95% to"), 9), new(c.T("p 值", "p-value"), 9), new(c.T("最早文本", "Earliest text"), 10), new(c.T("首次命名", "First named"), 10), new(c.T("走势", "Course"), 16), new(c.T("最近中心的原文（脱敏）", "Text nearest to the centre (masked)"), 60, true),
            ],
            sorted.Length, sorted.Select(t => Row(c, t, cases))));
        for (int i = 0; i < sorted.Length; i++)
        {
            sheet.Sparklines.Add(new Sparkline(CellRef.Cell(place.FirstRow + i, 15), CourseData(c, sorted[i], i == 0)));
        }
        sheet.FreezeBelow(place, 2);
        sheet.Skip();
        int few = found.Topics.Count - listed.Length;
        sheet.Paragraph(
            c.T($"另有 {few} 个主题本月不足 {FewestListed} 件且无显著变化，未列。", $"Topics with fewer than {FewestListed} complaints in the month and no significant change are not listed: {few}."),
            Styles.Note, 1, 14);
    }

    private static IReadOnlyList<Cell> Row(Composer c, Topic topic, Dictionary<long, CaseRow> cases)
    {
        decimal? mean = topic.BaselineExposure == 0 ? null : HalfUp.Round((decimal)(topic.BaselineMatters / topic.BaselineExposure), 1);
        return
        [
            Cell.Of(topic.Id), Cell.Of(topic.Title, Styles.Text with { Bold = true }), Cell.Of(c.Label(Dimensions.Cause, topic.Cause)), State(c, topic),
            Cell.Of(topic.Complaints.Count), Cell.Of(topic.Persons), Cell.Of(topic.Matters), Cell.OrUndefined(mean, Styles.Days),
            Number(topic.Change?.Ratio), Number(topic.Change?.Low), Number(topic.Change?.High),
            topic.Change is { } change ? Cell.Of(Math.Round(change.PValue, 6), Styles.PValue) : Cell.Undefined(Styles.PValue),
            Cell.Of(Earliest(c, topic)), Cell.Of(topic.FirstMonth), Cell.Blank(Styles.Text),
            cases.TryGetValue(topic.Example, out CaseRow? row) ? Cases.CaseCells.Text(row) : Cell.Blank(Styles.Text),
        ];
    }

    /// <summary>The earliest month with a text of the topic: of those that were read, or the month whose run first named it where that is earlier.</summary>
    private static ReportingMonth Earliest(Composer c, Topic topic)
    {
        int first = topic.Counts.ToList().FindIndex(n => n > 0);
        ReportingMonth read = first < 0 ? c.Month : c.Month.Add(first - topic.Counts.Count + 1);
        return read < topic.FirstMonth ? read : topic.FirstMonth;
    }

    private static Cell Number(double? value) => Cell.OrUndefined(value is { } v ? HalfUp.Round((decimal)v, 2) : null, Styles.Score);

    private static Cell State(Composer c, Topic topic) => topic.State switch
    {
        TopicState.New => Cell.Of(c.T("★ 本月新出现", "★ new this month"), Styles.Text with { Color = Palette.Alert, Bold = true }),
        TopicState.Risen => Cell.Of(c.T("▲ 上升", "▲ risen"), Styles.Text with { Color = Palette.Alert, Bold = true }),
        TopicState.Fallen => Cell.Of(c.T("▼ 下降", "▼ fallen"), Styles.Text with { Color = Palette.Good, Bold = true }),
        TopicState.Steady when topic.Change?.PValue < Unusual => Cell.Of(c.T("单看异常，控制后不成立", "unusual by itself, not after control"), Styles.TextWrapped with { Color = Palette.Muted }),
        TopicState.Steady => Cell.Of(c.T("正常波动范围内", "within usual range"), Styles.Text with { Color = Palette.Muted }),
        _ => Cell.Of(c.T("样本太少，不作判断", "too few to judge"), Styles.Text with { Color = Palette.Muted }),
    };

    private static string Finding(Composer c, CauseTextFindings found, Topic[] news)
    {
        Topic[] judged = [.. found.Topics.Where(t => t.State is not TopicState.TooFew)];
        int alone = judged.Count(t => t.Change?.PValue < Unusual);
        string chance = (judged.Length * Unusual).ToString("0.0", CultureInfo.InvariantCulture);
        int fallen = judged.Count(t => t.State == TopicState.Fallen);
        string tested = found.Topics.Count == 0 ? c.T("本月文本太少，没有形成主题。", "The texts of the month are too few to form topics. ") : judged.Length == 0
            ? c.T($"{found.Topics.Count} 个主题件数都太少，未检验。", $"{English.Count(found.Topics.Count, "topic")}, all too small to be tested. ")
            : c.T(
                $"{found.Topics.Count} 个主题，{judged.Length} 个够多可检验：单独看 {alone} 个 p < {Unusual:0.00}（仅凭偶然预计不超过约 {chance} 个）；控制虚警比例后成立 {news.Length + fallen} 个：新出现或上升 {news.Length} 个，下降 {fallen} 个。",
                $"{English.Count(found.Topics.Count, "topic")}, {judged.Length} large enough to be tested: by themselves {alone} {(alone == 1 ? "has" : "have")} p < {Unusual:0.00} (chance alone is expected to give about {chance} at most); after control {news.Length + fallen} {(news.Length + fallen == 1 ? "stands" : "stand")}: {news.Length} new or risen, {fallen} fallen. ");
        string list = string.Join(c.T("；", "; "), news.Take(4).Select(t => c.T(
            $"“{t.Title}”（{c.Label(Dimensions.Cause, t.Cause)}，{t.Complaints.Count} 件，{(t.State == TopicState.New ? "新" : "上升")}）",
            $"“{t.Title}” ({c.Label(Dimensions.Cause, t.Cause)}, {English.Count(t.Complaints.Count, "complaint")}, {(t.State == TopicState.New ? "new" : "risen")})")));
        string named = news.Length == 0 ? "" : c.T($"新出现或上升的：{list}{(news.Length > 4 ? " 等" : "")}。", $"New or risen: {list}{(news.Length > 4 ? " and others" : "")}. ");
        long none = found.Unassigned.Values.Sum();
        long texts = none + found.Topics.SelectMany(t => t.Complaints).Distinct().Count();
        return (tested + named + (texts == 0 ? "" : c.T(
            $"本月有文本的 {texts} 件投诉中，{none} 件（{Composer.Percentage((decimal)none / texts)}）不属于任何主题（说法独特或文字太短）。",
            $"Of the month's {English.Count(texts, "complaint")} with a text, {none} ({Composer.Percentage((decimal)none / texts)}) belong to no topic (worded unlike any other, or too short)."))).TrimEnd();
    }

    /// <summary>Titles are words of the texts and stay in their language.</summary>
    private static string TitleHead(Composer c, IReadOnlyList<Topic> topics) => topics.Any(t => t.Title.Any(Widths.IsHan))
        ? c.T("主题（原文词语）", "Title (Chinese words of the texts)")
        : c.T("主题（英文原文词语）", "Title (words of the texts)");

    /// <summary>The numbers behind a sparkline stand on the sheet of chart data, one row a topic.</summary>
    private static string CourseData(Composer c, Topic topic, bool isFirst) => c.Charts.Row(
        isFirst ? c.T("子主题各月件数", "Topics by month") : null,
        isFirst ? [.. Enumerable.Range(0, topic.Counts.Count).Select(i => c.Head(c.Month.Add(i - topic.Counts.Count + 1)))] : [],
        $"{topic.Id} {topic.Title}", [.. topic.Counts.Select(n => (decimal?)n)]);
}
