using Pipeline.Models.Classification;
using Pipeline.Models.Classification.Evaluation;
using Pipeline.Models.Taxonomy;
using Pipeline.Models.Text;

namespace Pipeline.Jobs.Classification;

/// <summary>A trained model with its whole card, and its held-out figures with intervals.</summary>
/// <param name="HeldOut">Rows of the answers are indices of <see cref="TrainedClassifier.Rows"/>.</param>
internal sealed record FinishedModel(LinearTextModel Model, IReadOnlyList<HeadEvaluation> HeldOut)
{
    /// <param name="corpus">What was trained on.</param>
    /// <param name="littleData">How weak knowledge was used beside the labels; null where it was not.</param>
    public static FinishedModel Of(
        TrainedClassifier trained, LabelledCorpus corpus, ComplaintTaxonomy taxonomy, TrainingOptions options, CancellationToken cancellation,
        Bilingual? littleData = null)
    {
        string[] texts = [.. trained.Rows.Select(row => corpus.Texts[row])];
        int[]? groups = trained.HeldOut.Count == 0 ? null : NearDuplicateIndex.Group(texts, threads: options.Threads, cancellation: cancellation).Leaders;
        HeadEvaluation[] heldOut = [.. trained.HeldOut.Select(head => head.WithIntervals(groups, options.Seed, options.Threads))];
        string? version = taxonomy.Dimensions.Any(d => !d.Open && trained.Model.Heads.Any(h => h.Name == d.Name)) ? taxonomy.Version : null;
        IEnumerable<string> seen = trained.Rows.Where(row => corpus.Weights is not { } weights || weights[row] >= 1).Select(row => corpus.Texts[row]);
        return new FinishedModel(trained.Model.WithCard(CardWriter.Complete(trained, seen, version, littleData, heldOut)), heldOut);
    }
}
