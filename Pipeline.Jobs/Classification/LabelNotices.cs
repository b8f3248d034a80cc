using Pipeline.Jobs.Shell;
using Pipeline.Models.Classification;
using Pipeline.Models.Classification.Evaluation;

namespace Pipeline.Jobs.Classification;

/// <summary>Says what is odd about label files: on standard error, and as the field <c>findings</c> of the JSON document.</summary>
internal static class LabelNotices
{
    private const int Shown = 5;

    /// <returns>For the JSON document.</returns>
    public static object Say(Labels read, LabelledCorpus corpus, CommandSession session)
    {
        LabelFindings found = LabelFindings.Of(corpus);
        if (found.EmptyTexts > 0)
        {
            session.Notice(
                $"{found.EmptyTexts} 行没有文本（没有字、词或数字），不参与。", $"{found.EmptyTexts} rows have no text (no character, word or number) and are left out.");
        }
        if (found.Unlabelled > 0)
        {
            session.Notice($"{found.Unlabelled} 行有文本但没有标签。", $"{found.Unlabelled} rows have a text and no label.");
        }
        if (read.StraySpaces > 0)
        {
            session.Notice($"{read.StraySpaces} 个标签前后有空格，已去掉。", $"{read.StraySpaces} labels had spaces around them, which were taken off.");
        }
        foreach (string head in found.OneClass)
        {
            session.Notice($"{head} 列只有一个类别，无从区分。", $"Column {head} holds one class only: there is nothing to tell apart.");
        }
        foreach (int row in found.HugeTexts)
        {
            session.Notice(
                $"第 {read.RowName(row)} 行的文本有 {corpus.Texts[row].Length:N0} 个字符，照常使用；若非本意，请检查该行的引号是否成对。",
                $"The text of row {read.RowName(row)} has {corpus.Texts[row].Length:N0} characters. It is used as it is; if that is a surprise, look for a quote that is not closed.");
        }
        if (found.Contradictions.Count > 0)
        {
            session.Notice(
                $"{found.Contradictions.Count} 处文本相同而标签不同（原样使用，请核对）：",
                $"{found.Contradictions.Count} texts stand more than once with different labels (used as they are; please check):");
            foreach (Contradiction one in found.Contradictions.Take(Shown))
            {
                session.Notice(
                    $"  第 {string.Join("、", one.Rows.Select(read.RowName))} 行，{one.Head}：{string.Join("、", one.Labels)}",
                    $"  rows {string.Join(", ", one.Rows.Select(read.RowName))}, {one.Head}: {string.Join(", ", one.Labels)}");
            }
        }
        return new
        {
            found.EmptyTexts,
            found.Unlabelled,
            RepeatedTexts = found.Repeated,
            read.StraySpaces,
            found.OneClass,
            HugeTexts = found.HugeTexts.Select(read.RowName),
            Contradictions = found.Contradictions.Select(c => new { c.Head, Rows = c.Rows.Select(read.RowName), c.Labels }),
        };
    }
}
