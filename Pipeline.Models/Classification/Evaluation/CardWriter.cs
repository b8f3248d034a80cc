using System.Globalization;
using Pipeline.Models.Text;

namespace Pipeline.Models.Classification.Evaluation;

/// <summary>Completes the card of a trained model with what its figures show.</summary>
public static class CardWriter
{
    /// <param name="seen">Texts that were trained on, weak examples not among them.</param>
    /// <param name="taxonomyVersion">Null where the classes were taken as they came.</param>
    /// <param name="littleData">How weak knowledge was used; null where it was not.</param>
    /// <param name="evaluations">Held-out figures with their intervals; empty where there are none.</param>
    public static ModelCard Complete(
        TrainedClassifier trained, IEnumerable<string> seen, string? taxonomyVersion, Bilingual? littleData, IReadOnlyList<HeadEvaluation> evaluations) =>
        trained.Model.Card with
        {
            TaxonomyVersion = taxonomyVersion,
            LittleData = littleData,
            SeenTexts = SeenTexts.Of(seen).Pack(),
            Metrics = Metrics(evaluations),
            Confusions = evaluations.ToDictionary(e => e.Head, e => e.Confusions),
            IntendedUse = new Bilingual(
                "按文本为投诉建议类别，供统计与复核；不用于对个人作出决定。",
                "Proposes classes of complaints from their text, for statistics and review; not for decisions about persons."),
            Limits = [.. Limits(trained, evaluations)],
        };

    private static SortedDictionary<string, double> Metrics(IReadOnlyList<HeadEvaluation> evaluations)
    {
        SortedDictionary<string, double> metrics = new(StringComparer.Ordinal);
        foreach (HeadEvaluation head in evaluations)
        {
            metrics[$"{head.Head}.texts"] = head.Texts;
            metrics[$"{head.Head}.accuracy"] = Math.Round(head.Accuracy, 4);
            metrics[$"{head.Head}.macro_f1"] = Math.Round(head.MacroF1, 4);
            metrics[$"{head.Head}.ece"] = Math.Round(head.Ece, 4);
            metrics[$"{head.Head}.coverage"] = Math.Round(head.Coverage, 4);
            metrics[$"{head.Head}.accuracy_at_coverage"] = Math.Round(head.AccuracyAtCoverage, 4);
            metrics[$"{head.Head}.accuracy_low"] = Math.Round(head.AccuracyLow, 4);
            metrics[$"{head.Head}.accuracy_high"] = Math.Round(head.AccuracyHigh, 4);
            if (head.MacroF1Interval is { } macro)
            {
                metrics[$"{head.Head}.macro_f1_low"] = Math.Round(macro.Low, 4);
                metrics[$"{head.Head}.macro_f1_high"] = Math.Round(macro.High, 4);
            }
            metrics[$"{head.Head}.coverage_at_95"] = Math.Round(head.CoverageAt(0.95).Coverage, 4);
        }
        return metrics;
    }

    private static IEnumerable<Bilingual> Limits(TrainedClassifier trained, IReadOnlyList<HeadEvaluation> evaluations)
    {
        yield return evaluations.Count == 0
            ? new Bilingual("文本太少或几乎相同，没有留出评估：质量未知。", "Too few or too similar texts to hold some out: its quality is not known.")
            : new Bilingual(
                "指标来自训练语料的留出部分；在其他来源的文本上准确率会更低，请先用 evaluate 检验。",
                "Figures are of held-out texts of its own corpus; on texts from other sources it is less accurate: check with 'evaluate' first.");
        foreach (ClassifierHead head in trained.Model.Card.Heads.Where(h => h.Classes.Count == 1))
        {
            yield return new Bilingual(
                $"{head.Name} 只有一个类别（{head.Classes[0]}），回答总是它。", $"{head.Name} has one class only ({head.Classes[0]}): that is what it always answers.");
        }
        if (trained.RareClasses.Count > 0)
        {
            yield return new Bilingual(
                $"样本太少、不可靠的类别：{string.Join("、", trained.RareClasses)}。",
                $"Classes with too few texts to rely on: {string.Join(", ", trained.RareClasses)}.");
        }
        foreach (HeadEvaluation head in evaluations)
        {
            string[] weak = [.. head.Classes.Where(c => c.Support >= 10 && c.F1 < 0.5).Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.Class} {c.F1:0.00}"))];
            if (weak.Length > 0)
            {
                yield return new Bilingual($"{head.Head} 中 F1 低于 0.5 的类别：{string.Join("、", weak)}。", $"Classes of {head.Head} with an F1 below 0.5: {string.Join(", ", weak)}.");
            }
            if (head.Ece > 0.05)
            {
                yield return new Bilingual(
                    string.Create(CultureInfo.InvariantCulture, $"{head.Head} 的概率平均偏差 {head.Ece:0.000}：复核阈值仅供参考。"),
                    string.Create(CultureInfo.InvariantCulture, $"Probabilities of {head.Head} are off by {head.Ece:0.000} on average: take the review threshold as a guide only."));
            }
        }
    }
}
