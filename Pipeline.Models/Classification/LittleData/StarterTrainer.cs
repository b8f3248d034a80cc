namespace Pipeline.Models.Classification.LittleData;

/// <summary>
/// Trains with a starter corpus beside the own labels. Rows, counts of texts and held-out figures of what comes of it are of the own corpus
/// alone.
/// </summary>
/// <param name="inner">How the joined corpus is learned.</param>
public sealed class StarterTrainer(IClassifierTrainer inner, StarterCorpus starter, float weight = StarterCorpus.Weight) : IClassifierTrainer
{
    /// <inheritdoc/>
    public TrainedClassifier Train(LabelledCorpus corpus, TrainingOptions options, CancellationToken cancellation = default)
    {
        TrainedClassifier joined = inner.Train(starter.Join(corpus, options.Threads, weight, cancellation), options, cancellation);
        return joined.OfFirst(corpus, options);
    }
}
