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
    IReadOnlyDictionary<string, double> Metrics,
    string Engine = "linear")
{
    /// <value>Edition of the taxonomy; null in models of earlier programs and where the classes were taken as they came.</value>
    public string? TaxonomyVersion { get; init; }

    /// <value>What the model is for.</value>
    public Bilingual? IntendedUse { get; init; }

    /// <value>What is known to be weak about it, from its own figures.</value>
    public IReadOnlyList<Bilingual>? Limits { get; init; }

    /// <value>How weak knowledge was used beside the labels; null where labels alone were.</value>
    public Bilingual? LittleData { get; init; }

    /// <value>By head: which class the held-out texts of each class were taken for; null in models of earlier programs.</value>
    public IReadOnlyDictionary<string, IReadOnlyList<Confusion>>? Confusions { get; init; }

    /// <value>Fingerprints of the training texts, see <see cref="Evaluation.SeenTexts"/>; null in models of earlier programs.</value>
    public string? SeenTexts { get; init; }
}

/// <summary>
/// A classifier whose scores are sums over the n-grams of a text: one table of weights for the linear engine; for the stacked engine one
/// for each machine, into which the combination is multiplied, and, where it learned from few texts, what the neighbours among them say.
/// Immutable; may be used by many threads at once.
/// </summary>
public sealed partial class LinearTextModel : ITextClassifier
{
    private readonly Vocabulary vocabulary;
    private readonly ConceptTable? concepts;
    private readonly WeightSheet[] sheets;
    private readonly Calibration[] calibrations;
    private readonly ClassLayout layout;
    private readonly Neighbours? neighbours;
    private readonly float[] neighbourMixing;
    private readonly WeightTable weights;
    private readonly float[] bias;

    /// <param name="bias">One for each class of all heads.</param>
    /// <param name="neighbours">Of the same vocabulary; null where none speak.</param>
    /// <param name="neighbourMixing">What each class's score by neighbours adds to each class: a row of the layout's stride for each.</param>
    internal LinearTextModel(
        ModelCard card, Vocabulary vocabulary, ConceptTable? concepts, WeightSheet[] sheets, WeightTable weights, float[] bias, Calibration[] calibrations,
        Neighbours? neighbours = null, float[]? neighbourMixing = null)
    {
        this.neighbours = neighbours;
        this.neighbourMixing = neighbourMixing ?? [];
        Card = card;
        this.vocabulary = vocabulary;
        this.concepts = concepts;
        this.sheets = sheets;
        this.weights = weights;
        this.calibrations = calibrations;
        layout = new ClassLayout(card.Heads);
        this.bias = new float[layout.Stride];
        bias.CopyTo(this.bias, 0);
    }

    public ModelCard Card { get; }

    /// <value>Training texts stand in the model, packed, and speak as neighbours.</value>
    internal bool HasNeighbours => neighbours is not null;

    /// <summary>The same model with another card; heads and n-grams must be its own.</summary>
    public LinearTextModel WithCard(ModelCard card) => new(card, vocabulary, concepts, sheets, weights, bias[..layout.Classes], calibrations, neighbours, neighbourMixing);

    public IReadOnlyList<ClassifierHead> Heads => Card.Heads;

    /// <value>N-grams (buckets) that carry weight.</value>
    public int Features => vocabulary.Count;

    /// <value>Different rows of weights: at most one for each feature.</value>
    public int WeightRows => weights.Rows;

    /// <inheritdoc/>
    public HeadPrediction[] Predict(IReadOnlyList<string> texts, int threads, CancellationToken cancellation = default)
    {
        HeadPrediction[] result = new HeadPrediction[texts.Count * Heads.Count];
        const int block = 64;
        int blocks = (texts.Count + block - 1) / block;
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = threads, CancellationToken = cancellation };
        Parallel.For(0, blocks, parallel, () => new Scorer(this), (number, _, own) =>
        {
            int end = Math.Min(texts.Count, (number + 1) * block);
            for (int text = number * block; text < end; text++)
            {
                Predict(texts[text], own, result.AsSpan(text * Heads.Count, Heads.Count));
            }
            return own;
        }, _ => { });
        return result;
    }

    /// <inheritdoc/>
    public IReadOnlyList<double> Probabilities(string text, int head)
    {
        Scorer scorer = new(this);
        if (!scorer.Read(text))
        {
            return [];
        }
        double[] probabilities = new double[layout.Count(head)];
        calibrations[head].Probabilities(scorer.ScoresOf(head), probabilities);
        return probabilities;
    }

    private void Predict(string text, Scorer scorer, Span<HeadPrediction> answers)
    {
        if (!scorer.Read(text))
        {
            answers.Fill(HeadPrediction.Nothing);
            return;
        }
        for (int head = 0; head < answers.Length; head++)
        {
            answers[head] = calibrations[head].Best(scorer.ScoresOf(head));
        }
    }

    /// <summary>Scores texts one after another; serves one thread.</summary>
    private sealed class Scorer(LinearTextModel model)
    {
        private readonly float[] parts = new float[model.weights.Stride];
        private int[] rows = new int[1024];
        private readonly float[] scores = new float[model.layout.Stride];
        private readonly float[] scales = new float[model.sheets.Length];
        private readonly Neighbours.Search? search = model.neighbours is null ? null : new(model.neighbours);
        private readonly float[] spoken = new float[model.layout.Stride];
        private readonly int[] classes = [.. Enumerable.Range(0, model.layout.Classes)];

        public FeatureReader Reader { get; } = new(model.vocabulary, model.Card.Grams, model.concepts);

        /// <value>What the sum of each sheet is multiplied with for the last text.</value>
        public ReadOnlySpan<float> Scales => scales;

        /// <returns>False where the text says nothing.</returns>
        public bool Read(string text)
        {
            if (!Reader.Read(text))
            {
                return false;
            }
            if (rows.Length < Reader.Features.Length)
            {
                rows = new int[2 * Reader.Features.Length];
            }
            model.weights.Sum(Reader.Features, Reader.Values, rows, parts);
            model.bias.CopyTo(scores, 0);
            int stride = model.layout.Stride;
            for (int sheet = 0; sheet < scales.Length; sheet++)
            {
                float scale = model.sheets[sheet].Scale(Reader.Features, Reader.Values, model.vocabulary);
                scales[sheet] = scale;
                ReadOnlySpan<float> part = parts.AsSpan(sheet * stride, stride);
                for (int c = 0; c < stride; c++)
                {
                    scores[c] += part[c] * scale;
                }
            }
            if (search is not null)
            {
                search.Score(Reader.Features, Reader.Values, NeighbourScale, spoken);
                LinearKernel.Accumulate(classes, spoken.AsSpan(0, classes.Length), model.neighbourMixing, stride, scores);
            }
            return true;
        }

        /// <value>What brings the last text to length 1 as neighbours see it.</value>
        public float NeighbourScale => FeatureReader.ViewScale(Reader.Features, model.neighbours!.View, model.vocabulary);

        /// <summary>What each feature of the last text adds to a class through the text's neighbours.</summary>
        public double[] ThroughNeighbours(int column) => search is null
            ? new double[Reader.Features.Length]
            : search.Contributions(
                Reader.Features, Reader.Values, NeighbourScale, [.. classes.Select(c => model.neighbourMixing[(c * model.layout.Stride) + column])]);

        public ReadOnlySpan<float> ScoresOf(int head) => scores.AsSpan(model.layout.Offsets[head], model.layout.Count(head));
    }
}
