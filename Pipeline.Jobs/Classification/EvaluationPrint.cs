using System.Globalization;
using Pipeline.Jobs.Shell;
using Pipeline.Models.Classification;
using Pipeline.Models.Classification.Evaluation;

namespace Pipeline.Jobs.Classification;

/// <summary>An evaluation as an analyst reads it in a terminal of 100 columns or more.</summary>
internal static class EvaluationPrint
{
    /// <summary>A confusion matrix with more classes than this is not printed; its largest cells are.</summary>
    private const int MatrixClasses = 16;

    private const int LongestClass = 28;

    public static void Print(EvaluationDocument document, CommandSession session)
    {
        foreach (HeadEvaluation head in document.Heads)
        {
            Summary(head, document, session);
            if (head.Texts > 0)
            {
                Classes(head, document, session);
                Matrix(head, session);
                Confusions(head, session);
                Errors(head, document, session);
                Calibration(head, session);
            }
        }
    }

    private static void Summary(HeadEvaluation head, EvaluationDocument document, CommandSession session)
    {
        session.Line("", "");
        if (head.Texts == 0)
        {
            session.Line($"== {head.Head}：没有可评估的标签 ==", $"== {head.Head}: no labelled text to judge ==");
            return;
        }
        Interval macro = head.MacroF1Interval ?? default;
        CoverageAtAccuracy covered = head.CoverageAt(EvaluationDocument.CoveredAccuracy);
        session.Line($"== {head.Head}（{head.Texts} 条文本，{head.Groups} 组近重复） ==", $"== {head.Head} ({head.Texts} texts in {head.Groups} groups of near-duplicates) ==");
        session.Line(
            $"  准确率 {head.Accuracy:0.000}（95% 区间 {head.AccuracyLow:0.000}–{head.AccuracyHigh:0.000}），宏 F1 {head.MacroF1:0.000}（{macro.Low:0.000}–{macro.High:0.000}），校准误差 {head.Ece:0.000}",
            $"  accuracy {head.Accuracy:0.000} (95% interval {head.AccuracyLow:0.000}-{head.AccuracyHigh:0.000}), macro-F1 {head.MacroF1:0.000} ({macro.Low:0.000}-{macro.High:0.000}), calibration error {head.Ece:0.000}");
        session.Line(
            $"  复核阈值 {document.ReviewBelow:0.00}：{1 - head.Coverage:0.0%} 交人工复核，其余准确率 {head.AccuracyAtCoverage:0.000}",
            $"  review threshold {document.ReviewBelow:0.00}: {1 - head.Coverage:0.0%} go to review, the others are {head.AccuracyAtCoverage:0.000} accurate");
        session.Line(
            covered.Threshold is { } t
                ? $"  准确率 95% 时可自动判定 {covered.Coverage:0.0%}（概率不低于 {t:0.000}）" : "  没有哪个阈值能使准确率达到 95%",
            covered.Threshold is { } u
                ? $"  at 95% accuracy {covered.Coverage:0.0%} can do without a person (probability {u:0.000} or more)" : "  no threshold reaches 95% accuracy");
    }

    private static void Classes(HeadEvaluation head, EvaluationDocument document, CommandSession session)
    {
        Dictionary<string, ClassThreshold> thresholds = head.ThresholdsAt(document.Precision).ToDictionary(t => t.Class);
        List<string[]> rows =
        [
            [
                session.Say("类别", "class"), session.Say("精确率", "precision"), session.Say("召回率", "recall"), "F1", session.Say("条数", "texts"),
                session.Say($"精确率≥{document.Precision:0.00} 的阈值", $"threshold for precision {document.Precision:0.00}"), session.Say("其召回率", "its recall"),
            ],
        ];
        foreach (ClassEvaluation c in head.Classes)
        {
            ClassThreshold own = thresholds[c.Class];
            rows.Add([
                TerminalText.Cut(c.Class, LongestClass), Number(c.Precision), Number(c.Recall), Number(c.F1), c.Support.ToString(CultureInfo.InvariantCulture),
                own.Threshold is { } t ? Number(t) : "-", own.Threshold is null ? "-" : Number(own.Recall),
            ]);
        }
        Table(rows, session);
    }

    private static void Matrix(HeadEvaluation head, CommandSession session)
    {
        string[] classes = [.. head.Classes.Select(c => c.Class)];
        if (classes.Length > MatrixClasses)
        {
            return;
        }
        bool unanswered = head.Confusions.Any(c => c.Predicted.Length == 0);
        Dictionary<(string, string), int> cells = head.Confusions.ToDictionary(c => (c.Truth, c.Predicted), c => c.Texts);
        string[] answers = unanswered ? [.. classes, ""] : classes;
        session.Line("  混淆矩阵（行：实际，列：判为；· 为 0）", "  confusion (rows: truth, columns: answer; · is 0)");
        List<string[]> rows = [["", .. answers.Select(a => a.Length == 0 ? session.Say("无", "none") : TerminalText.Cut(a, 9))]];
        foreach (string truth in classes)
        {
            rows.Add([
                TerminalText.Cut(truth, LongestClass),
                .. answers.Select(a => cells.TryGetValue((truth, a), out int n) ? n.ToString(CultureInfo.InvariantCulture) : "·"),
            ]);
        }
        Table(rows, session);
    }

    private static void Confusions(HeadEvaluation head, CommandSession session)
    {
        IReadOnlyList<Confusion> largest = head.LargestConfusions(EvaluationDocument.ConfusionsShown);
        if (largest.Count == 0)
        {
            return;
        }
        session.Line("  最多的混淆（实际 → 判为）", "  largest confusions (truth → answer)");
        Dictionary<string, int> supports = head.Classes.ToDictionary(c => c.Class, c => c.Support);
        foreach (Confusion cell in largest)
        {
            string line = $"    {cell.Truth} → {(cell.Predicted.Length == 0 ? "-" : cell.Predicted)}  {cell.Texts}";
            session.Line(
                $"{line}（占 {cell.Truth} 的 {(double)cell.Texts / supports[cell.Truth]:0%}）", $"{line} ({(double)cell.Texts / supports[cell.Truth]:0%} of {cell.Truth})");
        }
    }

    private static void Errors(HeadEvaluation head, EvaluationDocument document, CommandSession session)
    {
        IReadOnlyList<JudgedAnswer> worst = head.WorstErrors(EvaluationDocument.ErrorsShown);
        if (worst.Count == 0)
        {
            session.Line("  没有错误", "  no errors");
            return;
        }
        session.Line("  最自信的错误（先核对标注是否有误）", "  surest errors (check the label first)");
        foreach (JudgedAnswer error in worst)
        {
            string text = TerminalText.Cut(document.Shown(error.Row), 60);
            session.Line(
                $"    第 {document.RowName(error.Row)} 行  {error.Probability:0.000}  {error.Truth} 判为 {error.Answer ?? "-"}  {text}",
                $"    row {document.RowName(error.Row)}  {error.Probability:0.000}  {error.Truth} answered {error.Answer ?? "-"}  {text}");
        }
    }

    private static void Calibration(HeadEvaluation head, CommandSession session)
    {
        session.Line("  可靠性（按概率等分，平均概率与实际准确率）", "  reliability (bins of equal mass: mean probability and accuracy)");
        Table(
            [
                [session.Say("概率", "probability"), .. head.Reliability.Select(b => b.MeanProbability.ToString("0.00", CultureInfo.InvariantCulture))],
                [session.Say("准确率", "accuracy"), .. head.Reliability.Select(b => b.Accuracy.ToString("0.00", CultureInfo.InvariantCulture))],
                [session.Say("条数", "texts"), .. head.Reliability.Select(b => b.Texts.ToString(CultureInfo.InvariantCulture))],
            ],
            session);
    }

    /// <summary>Columns as wide as their widest cell; the first to the left, numbers to the right.</summary>
    public static void Table(IReadOnlyList<string[]> rows, CommandSession session)
    {
        int[] widths = [.. Enumerable.Range(0, rows.Max(r => r.Length)).Select(c => rows.Where(r => c < r.Length).Max(r => TerminalText.Width(r[c])))];
        foreach (string[] row in rows)
        {
            string line = "    " + string.Join("  ", row.Select((cell, c) => c == 0 ? TerminalText.PadRight(cell, widths[c]) : TerminalText.PadLeft(cell, widths[c])));
            session.Line(line.TrimEnd(), line.TrimEnd());
        }
    }

    private static string Number(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);
}
