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
        (IClassifierTrainer trainer, Bilingual? said) = StarterFiles.Beside(new LinearTrainer(), corpus, taxonomyId, home);
        return FinishedModel.Of(trainer.Train(corpus, options, cancellation), corpus, taxonomy, options, cancellation, said).Model;
    }

    private static LabelledCorpus Read(string corpus, (string Head, string Column)[] heads)
    {
        using LabelFile file = LabelFile.Bundled(corpus);
        return file.ReadCorpus(heads);
    }
}
