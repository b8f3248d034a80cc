using Pipeline.Models.Complaints;
using Pipeline.Models.Measures;
using Pipeline.Models.Taxonomy;
using Pipeline.Reports.Sheets;

namespace Pipeline.Reports.Workbooks.RootCause;

/// <summary>The largest causes one by one: where they gather, and three texts that stand for each.</summary>
internal static class TopCausesSheet
{
    private const int Causes = 6;
    private const int CausesOnPage = 3;
    private const int Places = 5;

    public static void Add(Composer c)
    {
        Breakdown causes = new(c, Dimensions.Cause);
        Sheet sheet = c.Page(c.T("主要原因详情", "Main causes"), c.T("主要原因详情", "The main causes"), c.T("各主要原因集中在哪里、客户原话怎么说", "Where each main cause gathers, and what customers say"), printScale: 70);
        double[] widths = [25, 9, 9, 25, 9, 9, 25, 9, 9];
        for (int i = 0; i < widths.Length; i++)
        {
            sheet.Width(i + 1, widths[i]);
        }
        sheet.Paragraph(
            c.T("代表性原文的选取规则：本月该原因的投诉中，先取模型预测与计数标签一致者，按预测概率从高到低，同一投诉人只取一件，文字相同只取一件，取前三件；文字已脱敏并截取。分布由本月案件清单计数。",
                "Rule of the texts: among the month's complaints of the cause, those whose prediction agrees with the label that counts come first, by descending probability; one for each complainant, equal texts once; the first three, masked and cut. The distributions are counted from the month's cases."),
            Styles.Note, 1, 9);
        sheet.Skip();
        ILookup<string, CaseRow> cases = c.Report.Cases.ToLookup(x => FigurePlan.MemberOf(x.Fact, Dimensions.Cause), StringComparer.Ordinal);
        int number = 0;
        foreach (string cause in causes.Ranked().Where(m => m != FigurePlan.NoMember).Take(Causes))
        {
            if (number > 0 && number % CausesOnPage == 0)
            {
                sheet.BreakPage();
            }
            number++;
            List<CaseRow> rows = [.. cases[cause]];
            long count = causes.Count("complaints", cause);
            sheet.Row(1, 22, [
                Cell.Of($"{number}. {causes.Label(cause)}", Styles.Section), Cell.Blank(), Cell.Blank(),
                Cell.Of(c.T($"{count} 件 · 占 {Composer.Percentage((decimal)count / c.Count("complaints"))}", $"{count} complaints · {Composer.Percentage((decimal)count / c.Count("complaints"))}"), Styles.Section)
                    .To(Place(c, cause), null)]);
            Distributions(c, sheet, rows);
            foreach (CaseRow row in Representative(rows, cause))
            {
                sheet.Paragraph($"{row.Fact.CaseNumber}  {c.T("“", "“")}{Cut(row.TextMasked)}{c.T("”", "”")}", Styles.Value with { Size = 9, Fill = Palette.Paper }, 1, 9);
            }
            sheet.Skip();
        }
    }

    /// <summary>The texts that stand for a cause, by the rule printed on the sheet.</summary>
    internal static IReadOnlyList<CaseRow> Representative(IReadOnlyList<CaseRow> rows, string cause)
    {
        List<CaseRow> chosen = [];
        HashSet<string> people = new(StringComparer.Ordinal);
        HashSet<string> texts = new(StringComparer.Ordinal);
        foreach (CaseRow row in rows
            .Where(r => r.TextMasked.Length > 0)
            .OrderByDescending(r => r.Fact.Cause.Predicted == cause)
            .ThenByDescending(r => r.Fact.Cause.Predicted == cause ? r.Fact.Cause.Probability ?? 0 : 0)
            .ThenBy(r => r.Fact.CaseNumber, StringComparer.Ordinal))
        {
            if (texts.Add(TaxonomyClass.Fold(row.TextMasked)) && (row.PersonToken is null || people.Add(row.PersonToken)))
            {
                chosen.Add(row);
                if (chosen.Count == 3)
                {
                    break;
                }
            }
        }
        return chosen;
    }

    private static void Distributions(Composer c, Sheet sheet, List<CaseRow> rows)
    {
        string[] dimensions = [Dimensions.Business, Dimensions.Branch, Dimensions.Channel];
        List<List<(string Label, int Count)>> lists = [.. dimensions.Select(d => rows
            .GroupBy(r => FigurePlan.MemberOf(r.Fact, d), StringComparer.Ordinal)
            .Select(g => (c.Label(d, g.Key), g.Count()))
            .OrderByDescending(x => x.Item2).ThenBy(x => x.Item1, StringComparer.Ordinal)
            .Take(Places).ToList())];
        sheet.Row([.. dimensions.SelectMany(d => (Cell[])[Cell.Of(c.DimensionName(d), Styles.HeadLeft), Cell.Of(c.T("件", "Count"), Styles.Head), Cell.Of(c.T("占比", "Share"), Styles.Head)])]);
        for (int i = 0; i < lists.Max(l => l.Count); i++)
        {
            sheet.Row([.. lists.SelectMany(l => i < l.Count
                ? (Cell[])[Cell.Of(l[i].Label), Cell.Of(l[i].Count), c.Share(l[i].Count, rows.Count)]
                : [Cell.Blank(Styles.Text), Cell.Blank(Styles.Text), Cell.Blank(Styles.Text)])]);
        }
    }

    private static string Place(Composer c, string cause)
    {
        FigureKey key = new("complaints", FigurePeriod.Of(c.Month), Composer.Term(Dimensions.Cause, cause));
        c.Register.Take(key);
        return c.Register.Place(key);
    }

    private static string Cut(string text)
    {
        string line = text.ReplaceLineEndings(" ");
        return line.Length <= 180 ? line : (char.IsHighSurrogate(line[179]) ? line[..179] : line[..180]) + "…";
    }
}
