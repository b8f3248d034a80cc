using System.Globalization;
using Pipeline.Models.Measures;
using Pipeline.Models.Measures.Series;
using Pipeline.Models.RootCauses;
using Pipeline.Models.Taxonomy;
using Pipeline.Models.Text;
using Pipeline.Reports.Sheets;

namespace Pipeline.Reports.Workbooks.RootCause;

/// <summary>What complaints touch, ask for and risk, by dated word lists and fields: counts, share, change, weight.</summary>
internal static class TagsSheet
{
    private const string Complaints = "complaints";
    private const string Amount = "amount_claimed";
    private static readonly string[] Measures = ["persons", Amount, "repeat_90", "escalated", "regulator_transfers"];

    /// <summary>The eight consumer rights are those of Chinese rules (Order 2022 No.9).</summary>
    private static bool IsPrinted(Composer c, string group) => group != "right" || c.IsUnderChineseRules;

    public static void Add(Composer c)
    {
        if (c.Report.RootCauses?.Tags is not { } tags)
        {
            return;
        }
        Sheet sheet = c.Page(c.T("标签统计", "Tags"), c.T("权益、诉求与风险标签", "Rights, demands and risks"), c.T("涉及哪些消费者权益、被拒绝什么、要求什么、有哪些风险", "Which rights are touched, what was refused, what is asked for, which risks there are"));
        HashSet<string> counted = [.. c.Members[Dimensions.Tag]];
        long total = c.Count(Complaints);
        sheet.Width(1, 34);
        sheet.Paragraph(
            c.T($"标签来自有日期的词表（{tags.Version}）与编码字段：正文出现所列词语（否定句除外，个别词语须与“拒绝”一类动词同现）即计；导出编码的{c.Noun(Dimensions.Cause)}可直接带来权益标签，模型预测的不计；高龄、疾病等取自关照词表；风险取自升级威胁词表。一件投诉可有多个标签，故各行不相加。标签是线索，不作定性。",
                $"Tags come from dated word lists ({tags.Version}) and coded fields: a text that holds a listed phrase counts (negations left out; some words need a refusal beside them); a coded {c.Noun(Dimensions.Cause)} may give a right, a predicted one never does; age, illness and the like come from the list of vulnerability; risks from the list of threats. A complaint may have several tags, so rows do not add up. Evidence, not a verdict."),
            Styles.Note, 1, 11);
        TrendSignals family = c.Judged.Tags;
        int judged = family.Signals.Count(s => s.IsJudged);
        if (judged > 0)
        {
            string expected = family.ExpectedFalseAlarms.ToString("0.00", CultureInfo.InvariantCulture);
            string rate = Composer.Percentage((decimal)c.Report.Rules.Trend.FalseDiscoveryRate, 0);
            sheet.Paragraph(
                c.T($"{judged} 个标签够多可以检验，自成一组，不计入趋势报表的检验：单独判断时，仅凭偶然预计 {expected} 个虚警；“控制虚警比例后”在这一组内把误报比例控制在 {rate}。",
                    $"{English.Count(judged, "tag")} {(judged == 1 ? "is" : "are")} frequent enough to be tested, as a family of their own that the tests of the trend workbook leave out: by themselves, chance alone is expected to call {expected} of them unusual; “after control” keeps false alarms to {rate} of what stands in this family."),
                Styles.Note, 1, 11);
        }
        // A sum of no amount is no sum of nought: where no complaint of the tag states one, there is a dash.
        HashSet<string> stated = [.. c.Report.Cases.Where(r => r.Fact.Amount is not null).SelectMany(r => r.Fact.Tags)];
        int number = 0;
        foreach (TagGroup group in tags.Groups.Where(g => IsPrinted(c, g.Key)))
        {
            TagName[] names = [.. tags.Names.Where(n => n.Group == group.Key && counted.Contains(n.Key))
                .OrderByDescending(n => c.Count(Complaints, Term(n.Key))).ThenBy(n => n.Key, StringComparer.Ordinal)];
            sheet.Skip();
            sheet.Row(Cell.Of(c.T(group.Zh, group.En), Styles.Section));
            if (names.Length == 0)
            {
                sheet.Row(Cell.Of(c.T($"近 {c.Months(25).Count} 个月没有这类标签。", $"No complaint of the last {English.Count(c.Months(25).Count, "month")} has such a tag."), Styles.Finding));
                continue;
            }
            TablePlace place = sheet.Table(SheetTable.Of(
                $"Tags{++number}",
                [
                    new(c.T("标签", "Tag"), 34, true), new(c.T("本月件数", "Complaints"), 11), new(c.T("占比", "Share"), 9), new(c.T("此前月均", "Mean before"), 11), new(c.T("比值", "Ratio"), 9),
                    new(Judgement.Head(c), 24, true), new(c.T("控制虚警比例后", "After control"), 12, true), .. Measures.Select(m => new TableColumn(c.MeasureName(m), 13)),
                ],
                [.. names.Select(n => (IReadOnlyList<Cell>)[
                    Cell.Of(Name(c, n)), c.Cell(Complaints, c.Month, Term(n.Key)), c.Share(c.Count(Complaints, Term(n.Key)), total), .. Change(c, n.Key),
                    .. Measures.Select(m => m == Amount && !stated.Contains(n.Key) ? Cell.Undefined(c.StyleOf(Units.Yuan)) : c.Cell(m, c.Month, Term(n.Key))),
                ])]));
            sheet.Conditions.Add(ConditionalRule.Bar(place.Column(1)));
        }
        ByCause(c, sheet, tags, counted);
    }

    /// <summary>As it stands in a cell, not within a sentence.</summary>
    private static string Name(Composer c, TagName tag) => c.T(tag.Zh, char.ToUpperInvariant(tag.En[0]) + tag.En[1..]);

    private static FilterTerm Term(string tag) => new(Dimensions.Tag, tag);

    private static Cell[] Change(Composer c, string tag)
    {
        ChanceVerdict verdict = Judgement.OfCount(c, Complaints, Term(tag));
        return
        [
            c.Earlier(c.Judged.Baseline).Count == 0 ? Cell.Undefined(Styles.Days) : Cell.Of(Math.Round(verdict.Expected, 1), Styles.Days),
            verdict.Expected > 0 ? Cell.Of(Math.Round(c.Count(Complaints, Term(tag)) / verdict.Expected, 2), Styles.Score) : Cell.Undefined(Styles.Score),
            Words.Verdict(c, verdict.Kind),
            Cell.Of(c.Judged.Find(Complaints, Term(tag)) is { Stands: true } ? c.T("成立", "stands") : "–", Styles.Text),
        ];
    }

    /// <summary>Rights, refusals and risks against the causes: which cause brings which.</summary>
    private static void ByCause(Composer c, Sheet sheet, TagReport tags, HashSet<string> counted)
    {
        Breakdown causes = new(c, Dimensions.Cause);
        List<string> rows = [.. causes.Ranked().Where(m => m != FigurePlan.NoMember).Take(15)];
        TagName[] columns = [.. tags.Names.Where(n => n.Group is "right" or "refusal" && IsPrinted(c, n.Group) && counted.Contains(n.Key))];
        if (rows.Count == 0 || columns.Length == 0)
        {
            return;
        }
        sheet.Skip();
        sheet.Row(Cell.Of(c.T($"权益与拒绝办理 × {c.DimensionName(Dimensions.Cause)}", $"Rights and refusals by {c.Noun(Dimensions.Cause)}"), Styles.Section));
        TablePlace place = sheet.Table(SheetTable.Of(
            "TagsByCause",
            [new(c.DimensionName(Dimensions.Cause), 34, true), .. columns.Select(n => new TableColumn(Name(c, n), 11))],
            [.. rows.Select(m => (IReadOnlyList<Cell>)[Cell.Of(causes.Label(m)), .. columns.Select(n => c.Cell(Complaints, c.Month, causes.Term(m), Term(n.Key)))])]));
        sheet.Conditions.Add(ConditionalRule.Heat(place.Columns(1, columns.Length)));
    }
}
