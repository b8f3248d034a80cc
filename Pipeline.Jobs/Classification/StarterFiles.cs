using System.Globalization;
using Pipeline.Jobs.Rules;
using Pipeline.Models.Classification;
using Pipeline.Models.Classification.LittleData;
using Pipeline.Models.Taxonomy;
using Pipeline.Models.Text;

namespace Pipeline.Jobs.Classification;

/// <summary>
/// Starter corpora: <c>starter.&lt;taxonomy&gt;.csv</c> among the rule files, with the columns text, nature, business and cause, labels being
/// keys of the taxonomy.
/// </summary>
public static class StarterFiles
{
    /// <summary>Of a taxonomy; null where it has none.</summary>
    public static PinnedRule<StarterCorpus>? Find(string taxonomyId, string home)
    {
        string name = $"starter.{taxonomyId}.csv";
        return RuleFiles.Exists(home, name)
            ? RuleFiles.Load(home, name, content =>
            {
                using LabelFile file = LabelFile.Of(name, content);
                return new StarterCorpus(file.ReadCorpus([.. Dimensions.Heads.Select(h => (h, h))]));
            })
            : null;
    }

    /// <summary>
    /// The trainer with the starter corpus of the taxonomy beside the labels, and what is said of it; the trainer itself and null where there is
    /// none for texts of this language and these heads, or where own labels are enough (<see cref="StarterCorpus.EnoughOwn"/>).
    /// </summary>
    /// <param name="own">Labels as keys of the taxonomy.</param>
    internal static (IClassifierTrainer Trainer, Bilingual? Said) Beside(IClassifierTrainer trainer, LabelledCorpus own, string taxonomyId, string home)
    {
        if (own.Texts.Count >= StarterCorpus.EnoughOwn
            || Find(taxonomyId, home) is not { } starter
            || TextLanguage.Of(own.Texts) != TextLanguage.Of(starter.Value.Corpus.Texts)
            || !own.Columns.Any(c => starter.Value.Corpus.Columns.Any(s => s.Head == c.Head)))
        {
            return (trainer, null);
        }
        int texts = starter.Value.Corpus.Texts.Count;
        string weight = StarterCorpus.Weight.ToString(CultureInfo.InvariantCulture);
        return (new StarterTrainer(trainer, starter.Value), new Bilingual(
            $"另以随程序附带的起步语料（{texts} 条虚构投诉，权重 {weight}，sha256 {starter.Sha256[..12]}）为弱样本；评估只看自有标注。用 --labels-only 可只用标注。",
            $"The starter corpus that came with the program ({texts} invented complaints, weight {weight}, sha256 {starter.Sha256[..12]}) is learned from as weak examples; figures are of the own labels alone. --labels-only uses labels alone."));
    }
}
