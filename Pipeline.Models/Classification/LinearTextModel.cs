using Pipeline.Models.Text;

namespace Pipeline.Models.Classification;

/// <summary>What a model was made from and how good it was on texts that it had not seen.</summary>
/// <param name="Rows">Training texts.</param>
/// <param name="DataSha256">Of heads, texts and labels.</param>
/// <param name="Metrics">Held-out: <c>nature.accuracy</c>, <c>nature.macro_f1</c>, <c>nature.ece</c>, …; empty where the corpus could not be split.</param>
public sealed record ModelCard(
    ModelIdentity Identity,
    IReadOnlyList<ClassifierHead> Heads,
    GramOptions Grams,
    int Rows,
    string DataSha256,
    int Seed,
    IReadOnlyDictionary<string, double> Metrics)
{
    /// <value>Edition of the taxonomy; null in models of earlier programs and where the classes were taken as they came.</value>
    public string? TaxonomyVersion { get; init; }

    /// <value>What the model is for.</value>
    public Bilingual? IntendedUse { get; init; }

    /// <value>What is known to be weak about it, from its own figures.</value>
    public IReadOnlyList<Bilingual>? Limits { get; init; }

    /// <value>How weak knowledge was used beside the labels; null where labels alone were.</value>
    public Bilingual? LittleData { get; init; }

    /// <value>Fingerprints of the training texts, see <see cref="Evaluation.SeenTexts"/>; null in models of earlier programs.</value>
    public string? SeenTexts { get; init; }
}

/// <summary>The linear engine's classifier. Immutable; may be used by many threads at once.</summary>
public sealed partial class LinearTextModel : ITextClassifier
{
    private readonly Vocabulary vocabulary;
    private readonly QuantisedWeights quantised;
    private readonly Calibration[] calibrations;
    private readonly ClassLayout layout;
    private readonly float[] weights;
    private readonly float[] bias;

    internal LinearTextModel(ModelCard card, Vocabulary vocabulary, QuantisedWeights quantised, Calibration[] calibrations)
    {
        Card = card;
        this.vocabulary = vocabulary;
        this.quantised = quantised;
        this.calibrations = calibrations;
        layout = new ClassLayout(card.Heads);
        weights = quantised.Expand(vocabulary.Count, layout);
        bias = new float[layout.Stride];
        quantised.Bias.CopyTo(bias, 0);
    }

    public ModelCard Card { get; }

    /// <summary>The same model with another card; heads and n-grams must be its own.</summary>
    public LinearTextModel WithCard(ModelCard card) => new(card, vocabulary, quantised, calibrations);

    public IReadOnlyList<ClassifierHead> Heads => Card.Heads;

    /// <value>N-grams (buckets) that carry weight.</value>
    public int Features => vocabulary.Count;

    /// <inheritdoc/>
    public HeadPrediction[] Predict(IReadOnlyList<string> texts, int threads, CancellationToken cancellation = default)
    {
        HeadPrediction[] result = new HeadPrediction[texts.Count * Heads.Count];
        const int block = 64;
        int blocks = (texts.Count + block - 1) / block;
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = threads, CancellationToken = cancellation };
        Parallel.For(0, blocks, parallel, () => (Reader: new FeatureReader(vocabulary, Card.Grams), Scores: new float[layout.Stride]), (number, _, own) =>
        {
            int end = Math.Min(texts.Count, (number + 1) * block);
            for (int text = number * block; text < end; text++)
            {
                Predict(texts[text], own.Reader, own.Scores, result.AsSpan(text * Heads.Count, Heads.Count));
            }
            return own;
        }, _ => { });
        return result;
    }

    /// <inheritdoc/>
    public IReadOnlyList<double> Probabilities(string text, int head)
    {
        FeatureReader reader = new(vocabulary, Card.Grams);
        float[] scores = new float[layout.Stride];
        if (!Score(text, reader, scores))
        {
            return [];
        }
        double[] probabilities = new double[layout.Count(head)];
        calibrations[head].Probabilities(scores.AsSpan(layout.Offsets[head], layout.Count(head)), probabilities);
        return probabilities;
    }

    private void Predict(string text, FeatureReader reader, float[] scores, Span<HeadPrediction> answers)
    {
        if (!Score(text, reader, scores))
        {
            answers.Fill(HeadPrediction.Nothing);
            return;
        }
        for (int head = 0; head < answers.Length; head++)
        {
            answers[head] = calibrations[head].Best(scores.AsSpan(layout.Offsets[head], layout.Count(head)));
        }
    }

    private bool Score(string text, FeatureReader reader, float[] scores)
    {
        if (!reader.Read(text))
        {
            return false;
        }
        bias.CopyTo(scores, 0);
        LinearKernel.Accumulate(reader.Features, reader.Values, weights, layout.Stride, scores);
        return true;
    }
}
