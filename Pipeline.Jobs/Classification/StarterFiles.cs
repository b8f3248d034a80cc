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

    /// <summary>The one to learn from beside these labels: the texts are of its language, and there are fewer than <see cref="StarterCorpus.EnoughOwn"/>.</summary>
    internal static PinnedRule<StarterCorpus>? For(LabelledCorpus own, string taxonomyId, string home) =>
        own.Texts.Count < StarterCorpus.EnoughOwn
        && Find(taxonomyId, home) is { } starter
        && TextLanguage.Of(own.Texts) == TextLanguage.Of(starter.Value.Corpus.Texts)
        && own.Columns.Any(c => starter.Value.Corpus.Columns.Any(s => s.Head == c.Head))
            ? starter
            : null;
}
