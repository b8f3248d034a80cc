using System.Globalization;
using Pipeline.Models.Measures;
using Pipeline.Models.RootCauses;
using Pipeline.Models.Taxonomy;
using Pipeline.Models.Text;
using Pipeline.Reports.Sheets;

namespace Pipeline.Reports.Workbooks.RootCause;

/// <summary>The largest causes one by one: change, where they gather, the chain that they feed, their words and three texts.</summary>
internal static class TopCausesSheet
{
    private const string Complaints = "complaints";
    private const int DefaultCauses = 6;
    private const int Places = 5;
    private const int LastColumn = 12;
    private static readonly string[] Columns = [Dimensions.Business, Dimensions.Branch, Dimensions.Channel, Dimensions.BusinessChannel];

    public static void Add(Composer c)
    {
        Breakdown causes = new(c, Dimensions.Cause);
        string[] shown = [.. causes.Ranked().Where(m => m != FigurePlan.NoMember).Take(c.Report.RootCauses?.TopCauses ?? DefaultCauses)];
        Sheet sheet = c.Page(c.T($"主要{c.Noun(Dimensions.Cause)}", $"Main {c.Nouns(Dimensions.Cause)}"), c.T($"主要{c.Noun(Dimensions.Cause)}详情", $"The main {c.Nouns(Dimensions.Cause)}"), c.T($"件数最多的 {shown.Length} 类{c.Noun(Dimensions.Cause)}各集中在哪里、带来什么、客户怎么说", $"Where each of the {shown.Length} largest {c.Nouns(Dimensions.Cause)} gathers, what follows, and what customers say"));
        double[] widths = [30, 8, 8, 24, 8, 8, 28, 8, 8, 26, 8, 8];
        for (int i = 0; i < widths.Length; i++)
        {
            sheet.Width(i + 1, widths[i]);
        }
        Rules(c, sheet);
        Dictionary<string, CauseVoice> voices = c.Report.RootCauses?.Texts.Voices.ToDictionary(v => v.Cause, StringComparer.Ordinal) ?? [];
        Dictionary<long, CaseRow> cases = c.Report.Cases.ToDictionary(x => x.Fact.ComplaintId);
        int number = 0;
        foreach (string cause in shown)
        {
            number++;
            Heading(c, sheet, causes, cause, number);
            Distributions(c, sheet, cause);
            sheet.Paragraph(Gathers(c, cause), Styles.Value, 1, LastColumn);
            sheet.Paragraph(Chain(c, causes, cause), Styles.Value, 1, LastColumn);
            if (voices.TryGetValue(cause, out CauseVoice? voice))
            {
                TypicalWordRows(c, sheet, voice);
                foreach (CaseRow row in voice.Examples.Where(cases.ContainsKey).Select(id => cases[id]))
                {
                    sheet.Paragraph($"{row.Fact.CaseNumber}  “{Cut(row.TextMasked)}”", Styles.Value with { Size = 9, Fill = Palette.Paper }, 1, LastColumn);
                }
            }
            sheet.Skip();
        }
    }

    private static void Rules(Composer c, Sheet sheet)
    {
        string texts = c.Report.RootCauses is { } found
            ? c.T($"典型用语：本月该类投诉与其他类相比，对数几率比（信息性 Dirichlet 先验，Monroe 等 2008；先验为近 {found.Texts.BaselineMonths + 1} 个月全部投诉的用语，权重 {found.Words.PriorWords:0} 词），只列 z ≥ {found.Words.MinZ:0.0}、至少 3 名投诉人用过的词语；z 之后为本类件数/其他类件数。代表性原文：先取与其余文本平均余弦最高者，再在靠近中心的一半中依次取与已选最不相像者；同一投诉人只取一件；文字已脱敏并截取。",
                $"Typical words: complaints of the class against those of other classes in the month, log-odds ratio with an informative Dirichlet prior (Monroe et al. 2008; prior: the words of all complaints of {found.Texts.BaselineMonths + 1} months, weight {found.Words.PriorWords:0} words); only z ≥ {found.Words.MinZ:0.0} and used by at least 3 complainants; after z stand complaints of the class / of other classes. Texts: first the one with the highest mean cosine to the others, then, among the half nearest to the centre, the one least like those chosen; one for each complainant; masked and cut.")
            : c.T("该版报表由旧版程序固定，没有典型用语和代表性原文。", "This edition was kept by an older program: it has no typical words and no representative texts.");
        sheet.Paragraph(
            texts + c.T(" ▲：该处件数超出其余投诉的分布所能解释（精确二项检验，经 Bonferroni 校正，p < 0.01）。", " ▲: more there than the spread of the other complaints explains (exact binomial test, Bonferroni, p < 0.01)."),
            Styles.Note, 1, LastColumn);
        sheet.Skip();
    }

    private static void Heading(Composer c, Sheet sheet, Breakdown causes, string cause, int number)
    {
        long count = causes.Count(Complaints, cause);
        FilterTerm term = causes.Term(cause);
        ChanceVerdict verdict = Judgement.OfCount(c, Complaints, term);
        string change = verdict.Kind == ChanceKind.TooFew
            ? Judgement.Words(c, verdict.Kind)
            : c.T($"预期 {verdict.Expected:0.0} 件，{Judgement.Words(c, verdict.Kind)}（p = {Words.P(verdict.PValue)}）", $"expected {verdict.Expected:0.0}, {Judgement.Words(c, verdict.Kind)} (p = {Words.P(verdict.PValue)})");
        FigureKey key = new(Complaints, FigurePeriod.Of(c.Month), term);
        c.Register.Take(key);
        string figures = c.T($"{count} 件 · 占 {Composer.Percentage((decimal)count / c.Count(Complaints))} · {change}", $"{English.Count(count, "complaint")} · {Composer.Percentage((decimal)count / c.Count(Complaints))} · {change}");
        sheet.Row(1, 22, [Cell.Of($"{number}. {causes.Label(cause)}   {figures}", Styles.Section).To(c.Register.Place(key), null)]);
    }

    private static void Distributions(Composer c, Sheet sheet, string cause)
    {
        long count = c.Count(Complaints, Composer.Term(Dimensions.Cause, cause));
        List<List<(string Member, bool IsDense)>> lists = [];
        foreach (string dimension in Columns)
        {
            Breakdown places = new(c, dimension);
            HashSet<string> dense = [.. Spread(c, places, cause)?.Dense.Select(d => d.Member) ?? []];
            lists.Add([.. places.Members.Where(m => OfCause(c, places, m, cause) > 0)
                .OrderByDescending(m => OfCause(c, places, m, cause)).Take(Places).Select(m => (m, dense.Contains(m)))]);
        }
        sheet.Row([.. Columns.SelectMany(d => (Cell[])[Cell.Of(c.DimensionName(d), Styles.HeadLeft), Cell.Of(c.T("件", "Count"), Styles.Head), Cell.Of(c.T("占比", "Share"), Styles.Head)])]);
        for (int i = 0; i < lists.Max(l => l.Count); i++)
        {
            sheet.Row([.. lists.SelectMany((list, column) =>
            {
                if (i >= list.Count)
                {
                    return (Cell[])[Cell.Blank(Styles.Text), Cell.Blank(Styles.Text), Cell.Blank(Styles.Text)];
                }
                (string member, bool isDense) = list[i];
                string label = c.Label(Columns[column], member);
                return
                [
                    isDense ? Cell.Of("▲ " + label, Styles.Text with { Color = Palette.Alert, Bold = true }) : Cell.Of(label),
                    c.Cell(Complaints, c.Month, Composer.Term(Columns[column], member), Composer.Term(Dimensions.Cause, cause)),
                    c.Share(c.Count(Complaints, Composer.Term(Columns[column], member), Composer.Term(Dimensions.Cause, cause)), count),
                ];
            })]);
        }
    }

    private static long OfCause(Composer c, Breakdown places, string member, string cause) => c.Count(Complaints, places.Term(member), Composer.Term(Dimensions.Cause, cause));

    private static Concentration? Spread(Composer c, Breakdown places, string cause) =>
        Concentration.Of([.. places.Members.Select(m => (m, OfCause(c, places, m, cause), places.Count(Complaints, m)))]);

    private static string Gathers(Composer c, string cause)
    {
        Breakdown branches = new(c, Dimensions.Branch);
        if (branches.IsSilent || Spread(c, branches, cause) is not { } spread)
        {
            return c.T($"{c.Noun(Dimensions.Branch)}集中度：导出文件未注明{c.Noun(Dimensions.Branch)}，无法计算。", $"Concentration: the export names no {c.Noun(Dimensions.Branch)}.");
        }
        string dense = spread.Dense.Count == 0
            ? c.T($"没有哪个{c.Noun(Dimensions.Branch)}超出其规模所能解释", $"no {c.Noun(Dimensions.Branch)} has more than its size explains")
            : string.Join(c.T("、", ", "), spread.Dense.Select(d => c.T(
                $"{branches.Label(d.Member)} {d.Count} 件（按规模应为 {d.Expected:0.0}，p = {Words.P(d.PValue)}）", $"{branches.Label(d.Member)} {d.Count} (by its size {d.Expected:0.0}, p = {Words.P(d.PValue)})")));
        return c.T(
            $"{c.Noun(Dimensions.Branch)}集中度：前 {Concentration.TopPlaces} 家占 {Composer.Percentage((decimal)spread.TopShare)}（其余投诉中占 {Composer.Percentage((decimal)spread.UsualTopShare)}），赫芬达尔指数 {spread.Index:0.000}（其余投诉 {spread.UsualIndex:0.000}）；{dense}。",
            $"Concentration: the first {Concentration.TopPlaces} {c.Nouns(Dimensions.Branch)} have {Composer.Percentage((decimal)spread.TopShare)} ({Composer.Percentage((decimal)spread.UsualTopShare)} of the other complaints), Herfindahl index {spread.Index:0.000} ({spread.UsualIndex:0.000} of the others); {dense}.");
    }

    private static string Chain(Composer c, Breakdown causes, string cause)
    {
        FilterTerm term = causes.Term(cause);
        long all = causes.Count(Complaints, cause);
        string Number(string measure) => c.Value(measure, c.Month, term)?.ToString("0", CultureInfo.InvariantCulture) ?? Cell.UndefinedText;
        if (c.Value("repeat_90", c.Month, term) is not { } repeated)
        {
            return c.T(
                $"链条：{all} 件；来源不含投诉人信息，无从知道其中多少是重复、升级。含升级威胁 {Number("threats")} 件。",
                $"Chain: {English.Count(all, "complaint")}; the source does not say who complained, so it is not known how many came back or went higher. {Number("threats")} threaten to escalate.");
        }
        long repeats = (long)repeated;
        string escalated = c.Value("escalated", c.Month, term) is { } higherNow ? Of((long)higherNow, repeats) : Cell.UndefinedText;
        string now = c.T(
            $"链条：{all} 件 → 其中重复投诉 {repeats} 件（{Of(repeats, all)}）→ 其中升级 {Number("escalated")} 件（占重复的 {escalated}）；另有越级 {Number("bypass")} 件、含升级威胁 {Number("threats")} 件。",
            $"Chain: {English.Count(all, "complaint")} → {repeats} of them repeats ({Of(repeats, all)}) → {Number("escalated")} of these escalated ({escalated} of the repeats); {Number("bypass")} bypassed the bank, {Number("threats")} threaten to escalate.");
        if (FigurePlan.Matured(c.Month, c.Report.History) is not { } matured)
        {
            return now;
        }
        Figure returned = c.Register.Peek(new FigureKey("return_rate_90", matured, term));
        Figure higher = c.Register.Peek(new FigureKey("escalated_after_rate_90", matured, term));
        string Higher() => higher.Value is { } share ? Composer.Percentage(share) : Cell.UndefinedText;
        return returned.Value is not { } rate ? now : now + c.T(
            $" {matured.Span} 受理的 {returned.Denominator:0} 件中，90 日内再投诉的占 {Composer.Percentage(rate)}；再投诉且该次升级的占全部 {returned.Denominator:0} 件的 {Higher()}。",
            $" Of {returned.Denominator:0} received in {matured.Span}, {Composer.Percentage(rate)} returned within 90 days; {Higher()} of all {returned.Denominator:0} returned through a higher channel.");
    }

    private static void TypicalWordRows(Composer c, Sheet sheet, CauseVoice voice)
    {
        string words = voice.Words.Count == 0
            ? c.T("没有明显区别于其他类的用语", "none that sets the class apart")
            : string.Join(c.T("、", ", "), voice.Words.Select(w => string.Create(CultureInfo.InvariantCulture, $"{w.Text} (z {w.Z:0.0}; {w.Count}/{w.Elsewhere})")));
        sheet.Paragraph(c.T($"典型用语：{words}", $"Typical words: {words}"), Styles.Value, 1, LastColumn);
    }

    private static string Of(long part, long whole) => whole == 0 ? Cell.UndefinedText : Composer.Percentage((decimal)part / whole);

    private static string Cut(string text)
    {
        string line = text.ReplaceLineEndings(" ");
        return line.Length <= 200 ? line : (char.IsHighSurrogate(line[199]) ? line[..199] : line[..200]) + "…";
    }
}
