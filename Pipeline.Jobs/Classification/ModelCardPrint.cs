using System.Globalization;
using Pipeline.Jobs.Shell;
using Pipeline.Models.Classification;
using Pipeline.Models.Text;

namespace Pipeline.Jobs.Classification;

/// <summary>A model's card as it is read by a person, and as JSON.</summary>
internal static class ModelCardPrint
{
    /// <summary>The card without the fingerprints, which tell a reader nothing.</summary>
    public static object Json(ModelCard card) => new
    {
        card.Identity,
        card.TaxonomyVersion,
        card.Heads,
        card.Grams,
        card.Rows,
        card.DataSha256,
        card.Seed,
        card.Engine,
        card.Metrics,
        card.IntendedUse,
        card.Limits,
        card.LittleData,
        KnowsItsTexts = card.SeenTexts is not null,
    };

    public static void Print(string id, LinearTextModel model, CommandSession session)
    {
        ModelCard card = model.Card;
        string version = card.TaxonomyVersion is null ? "" : $" {card.TaxonomyVersion}";
        session.Line(
            $"模型 {id} “{card.Identity.Name}”：{card.Identity.Taxonomy}{version}，{card.Identity.Language}，{card.Rows} 条训练文本，{model.Features} 个 n 元特征，{card.Engine} 引擎，种子 {card.Seed}，数据 sha256 {card.DataSha256[..12]}…",
            $"Model {id} '{card.Identity.Name}': {card.Identity.Taxonomy}{version}, {card.Identity.Language}, {card.Rows} training texts, {model.Features} n-gram features, {card.Engine} engine, seed {card.Seed}, data sha256 {card.DataSha256[..12]}...");
        foreach (ClassifierHead head in card.Heads)
        {
            string classes = string.Join(", ", head.Classes.Select((c, i) => $"{c} {head.TrainingTexts[i]}"));
            session.Line(
                $"  {head.Name}：{head.Classes.Count} 类（{classes}）；留出准确率 {Metric(card, head, "accuracy")}，宏 F1 {Metric(card, head, "macro_f1")}，校准误差 {Plain(card, head, "ece")}，准确率 95% 时可自动判定 {Plain(card, head, "coverage_at_95")}",
                $"  {head.Name}: {head.Classes.Count} classes ({classes}); held-out accuracy {Metric(card, head, "accuracy")}, macro-F1 {Metric(card, head, "macro_f1")}, calibration error {Plain(card, head, "ece")}, share that can do without a person at 95% accuracy {Plain(card, head, "coverage_at_95")}");
        }
        if (card.LittleData is { } little)
        {
            session.Line($"少样本：{little.Zh}", $"Little data: {little.En}");
        }
        Bilingual use = card.IntendedUse ?? new Bilingual(
            "按文本为投诉建议类别，供统计与复核；不用于对个人作出决定。",
            "Proposes classes of complaints from their text, for statistics and review; not for decisions about persons.");
        session.Line($"用途：{use.Zh}", $"Use: {use.En}");
        foreach (Bilingual limit in card.Limits ?? [])
        {
            session.Line($"局限：{limit.Zh}", $"Limit: {limit.En}");
        }
    }

    /// <summary>A figure with its interval, where the card has one.</summary>
    private static string Metric(ModelCard card, ClassifierHead head, string name) =>
        card.Metrics.TryGetValue($"{head.Name}.{name}_low", out double low) && card.Metrics.TryGetValue($"{head.Name}.{name}_high", out double high)
            ? string.Create(CultureInfo.InvariantCulture, $"{Plain(card, head, name)} ({low:0.000}-{high:0.000})")
            : Plain(card, head, name);

    private static string Plain(ModelCard card, ClassifierHead head, string name) =>
        card.Metrics.TryGetValue($"{head.Name}.{name}", out double value) ? value.ToString("0.000", CultureInfo.InvariantCulture) : "-";
}
