using Pipeline.Jobs.Rules;
using Pipeline.Models.Classification;
using Pipeline.Models.Taxonomy;
using Pipeline.Models.Text;

namespace Pipeline.Jobs.Classification;

/// <summary>
/// The labelled corpora that came with the program, and the model that each taxonomy begins with. The Chinese corpus answers nature,
/// business line and cause; the English one nature and product family: its 199 issue labels of 30 classes are too few to learn from.
/// Where the classes of an export are unknown (generic), only its nature can be judged.
/// </summary>
internal static class FirstModels
{
    private const string Name = "first";

    /// <param name="language">Of the texts to be judged.</param>
    public static LinearTextModel Train(string taxonomyId, string language, string home, double reviewBelow, CancellationToken cancellation)
    {
        LabelledCorpus corpus = taxonomyId switch
        {
            "cn-jrt0169" => Read("cn-bank", [(Dimensions.Nature, "nature"), (Dimensions.Business, "business"), (Dimensions.Cause, "cause")]),
            "us-cfpb" => Read("en-sample", [(Dimensions.Nature, "nature"), (Dimensions.Business, "product")]),
            _ => Read(language == TextLanguage.Chinese ? "cn-bank" : "en-sample", [(Dimensions.Nature, "nature")]),
        };
        ComplaintTaxonomy taxonomy = RuleFiles.Taxonomy(home, taxonomyId).Value;
        TrainingOptions options = new()
        {
            Identity = new ModelIdentity(Name, taxonomyId, language),
            Threads = Environment.ProcessorCount,
            ReviewBelow = reviewBelow,
            Engine = ClassifierEngine.Stacked,
            Concepts = RuleFiles.Concepts(home).Value,
        };
        corpus = Labels.InKeys(corpus, taxonomy);
        return FinishedModel.Of(new LinearTrainer().Train(corpus, options, cancellation), corpus, taxonomy, options, cancellation).Model;
    }

    private static LabelledCorpus Read(string corpus, (string Head, string Column)[] heads)
    {
        using LabelFile file = LabelFile.Bundled(corpus);
        int text = file.Column("text");
        int[] columns = [.. heads.Select(h => file.Column(h.Column))];
        List<string> texts = [];
        List<string?>[] labels = [.. heads.Select(_ => new List<string?>())];
        while (file.Read() is { } row)
        {
            texts.Add(row[text]);
            for (int head = 0; head < columns.Length; head++)
            {
                labels[head].Add(row[columns[head]].Length == 0 ? null : row[columns[head]]);
            }
        }
        return new LabelledCorpus(texts, [.. heads.Select((h, i) => new LabelColumn(h.Head, labels[i]))]);
    }
}
