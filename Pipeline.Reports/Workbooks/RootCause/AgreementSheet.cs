using Pipeline.Models.Measures;
using Pipeline.Models.Taxonomy;
using Pipeline.Models.Text;
using Pipeline.Reports.Sheets;

namespace Pipeline.Reports.Workbooks.RootCause;

/// <summary>The cause that was coded in the export against the cause that the model reads in the text.</summary>
internal static class AgreementSheet
{
    private const int MostColumns = 16;

    public static void Add(Composer c)
    {
        Sheet sheet = c.Page(c.T("编码与预测对照", "Reported and predicted"), c.T($"{c.DimensionName(Dimensions.Cause)}：导出编码 × 模型预测", $"{c.DimensionName(Dimensions.Cause)}: reported by predicted"), c.T($"导出编码的{c.Noun(Dimensions.Cause)}与正文所述是否一致", $"Whether the coded {c.Noun(Dimensions.Cause)} agrees with what the text says"), isOnOnePage: true);
        List<string> known = Listed(c);
        Dictionary<(string? Reported, string? Predicted), long> counts = c.Report.Cases
            .GroupBy(x => (Known(x.Fact.Cause.Reported, known), Known(x.Fact.Cause.Predicted, known)))
            .ToDictionary(g => g.Key, g => (long)g.Count());
        List<string?> rows = Present(known, [.. counts.Keys.Select(k => k.Reported)]);
        List<string?> columns = Present(known, [.. counts.Keys.Select(k => k.Predicted)]);
        long both = counts.Where(p => p.Key is { Reported: not null, Predicted: not null }).Sum(p => p.Value);
        long equal = counts.Where(p => p.Key.Reported is { } r && r == p.Key.Predicted).Sum(p => p.Value);
        sheet.Width(1, 36);
        sheet.Paragraph(
            both == 0
                ? c.T("本月没有同时具备编码和预测的投诉。", $"No complaint of the month has both a coded and a predicted {c.Noun(Dimensions.Cause)}.")
                : c.T($"既有编码又有预测的 {both} 件中，{equal} 件一致（{Composer.Percentage((decimal)equal / both)}）。加粗格为一致；偏离集中处值得抽样复核。其中有模型学过的文本，一致率偏高，不是准确率。",
                    $"Of {both} complaints with both, {equal} agree ({Composer.Percentage((decimal)equal / both)}). Bold cells agree; where disagreement gathers, look at a sample. Texts that the model learned from are among them: the share is too high and no accuracy."),
            Styles.Finding, 1, 10);
        sheet.Skip();
        string Head(string? member) => member is null ? c.T("未注明", "Not stated") : member == Others ? c.RestLabel : c.Label(Dimensions.Cause, member);
        CellStyle agreed = Styles.Count with { Bold = true, Fill = Palette.Paper };
        TablePlace place = sheet.Table(SheetTable.Of(
            "ReportedByPredicted",
            [new(c.T("编码 ↓  预测 →", "Reported ↓  predicted →"), 36, true), .. columns.Select(k => new TableColumn(Head(k))), new(c.T("合计", "Total"))],
            [.. rows.Select(r => (IReadOnlyList<Cell>)
            [
                Cell.Of(Head(r)),
                .. columns.Select(k => Cell.Of(counts.GetValueOrDefault((r, k)), r is not null && r == k ? agreed : counts.ContainsKey((r, k)) ? Styles.Count : Styles.Nought)),
                Cell.Of(columns.Sum(k => counts.GetValueOrDefault((r, k))), Styles.Count with { Bold = true }),
            ])],
            [Cell.Of(c.T("合计", "Total")), .. columns.Select(k => Cell.Of(rows.Sum(r => counts.GetValueOrDefault((r, k))))), Cell.Of(counts.Values.Sum())],
            [new HeadGroup("", 1), new HeadGroup(c.T($"模型预测的{c.Noun(Dimensions.Cause)}", $"Predicted {c.Noun(Dimensions.Cause)}"), columns.Count + 1)]));
        if (!place.IsEmpty)
        {
            sheet.FreezeBelow(place);
        }
        Found(c, sheet);
    }

    /// <summary>The cause that investigation found, beside the coded and the predicted one: per cause how often each names it and how often they agree with what was found.</summary>
    private static void Found(Composer c, Sheet sheet)
    {
        sheet.Skip();
        sheet.Row(Cell.Of(c.T("认定原因（调查后）", "Found cause (after investigation)"), Styles.Section));
        List<CaseRow> found = [.. c.Report.Cases.Where(x => x.Fact.CauseFound is not null)];
        if (found.Count == 0)
        {
            string headers = string.Join(c.T("、", ", "), (c.Report.RootCauses?.FoundCauseHeaders ?? []).Where(h => h.Any(Widths.IsHan) == (c.Language == Language.Zh)));
            sheet.Paragraph(
                c.T($"导出文件没有给出调查后认定的原因（查找的列名：{headers}），因此无法与编码和预测对照。编码反映的是客户诉称的原因。", $"The export gives no cause found by investigation (columns looked for: {headers}), so it cannot be set beside the coded and the predicted one. The coded cause is what the customer alleges."),
                Styles.Finding, 1, 10);
            return;
        }
        int withReported = found.Count(x => x.Fact.Cause.Reported is not null);
        int reportedRight = found.Count(x => x.Fact.Cause.Reported == x.Fact.CauseFound);
        int withPredicted = found.Count(x => x.Fact.Cause.Predicted is not null);
        int predictedRight = found.Count(x => x.Fact.Cause.Predicted == x.Fact.CauseFound);
        sheet.Paragraph(
            c.T($"本月 {found.Count} 件有认定原因：编码与之一致 {reportedRight}/{withReported} 件，模型预测与之一致 {predictedRight}/{withPredicted} 件。", $"{found.Count} complaints of the month have a found cause: the coded one agrees in {reportedRight} of {withReported}, the predicted one in {predictedRight} of {withPredicted}."),
            Styles.Finding, 1, 10);
        sheet.Table(SheetTable.Of(
            "FoundCause",
            [
                new(c.T("认定原因", "Found cause"), 36, true), new(c.T("认定件数", "Found")), new(c.T("编码件数", "Reported")), new(c.T("预测件数", "Predicted")),
                new(c.T("认定且编码一致", "Found and reported alike")), new(c.T("认定且预测一致", "Found and predicted alike")),
            ],
            [.. found.GroupBy(x => x.Fact.CauseFound!, StringComparer.Ordinal).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).Take(MostColumns).Select(g => (IReadOnlyList<Cell>)
            [
                Cell.Of(c.Label(Dimensions.Cause, g.Key)), Cell.Of(g.Count()), Cell.Of(found.Count(x => x.Fact.Cause.Reported == g.Key)), Cell.Of(found.Count(x => x.Fact.Cause.Predicted == g.Key)),
                Cell.Of(g.Count(x => x.Fact.Cause.Reported == g.Key)), Cell.Of(g.Count(x => x.Fact.Cause.Predicted == g.Key)),
            ])]));
    }

    private const string Others = "";

    private static string? Known(string? member, List<string> known) => member is null ? null : known.Contains(member) ? member : Others;

    /// <summary>The causes of the plan in its order; of a long open taxonomy those that weigh most.</summary>
    private static List<string> Listed(Composer c)
    {
        Dictionary<string, int> weights = c.Report.Cases
            .SelectMany(x => (IEnumerable<string?>)[x.Fact.Cause.Reported, x.Fact.Cause.Predicted])
            .OfType<string>()
            .GroupBy(m => m, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.Count(), StringComparer.Ordinal);
        List<string> listed = [.. c.Members[Dimensions.Cause].Where(weights.ContainsKey)];
        return listed.Count <= MostColumns ? listed : [.. listed.OrderByDescending(m => weights[m]).Take(MostColumns)];
    }

    private static List<string?> Present(List<string> known, HashSet<string?> seen) =>
        [.. known.Where(seen.Contains), .. seen.Contains(Others) ? (string?[])[Others] : [], .. seen.Contains(null) ? (string?[])[null] : []];
}
