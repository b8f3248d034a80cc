namespace Pipeline.Models.Classification;

/// <summary>The answer of one head about one text.</summary>
/// <param name="Class">Index among the head's classes; <see cref="None"/> where the text says nothing (no word, ideograph or number).</param>
/// <param name="Probability">Of that class, 0 to 1; 0 where there is none.</param>
public readonly record struct HeadPrediction(int Class, float Probability)
{
    public const int None = -1;

    public static HeadPrediction Nothing => new(None, 0);
}

/// <summary>A stretch of the text with what it adds to a score.</summary>
/// <param name="Start">First UTF-16 index in the text.</param>
/// <param name="Length">In UTF-16 units.</param>
/// <param name="Contribution">In units of the score (log-odds scale); negative speaks against the class.</param>
public readonly record struct ExplainedSpan(int Start, int Length, double Contribution);

/// <summary>
/// Why a head answered as it did. <see cref="Bias"/> and the contributions of all spans add up to <see cref="Score"/>. The class
/// with the highest score is the answer; its probability follows from the scores of all classes of the head.
/// </summary>
/// <param name="Spans">In the order of the text; each unit of the text that carries weight is in exactly one.</param>
public sealed record TextExplanation(string Head, string Class, double Probability, double Score, double Bias, IReadOnlyList<ExplainedSpan> Spans);

/// <summary>Judges texts: the seam behind which another engine can stand.</summary>
public interface ITextClassifier
{
    IReadOnlyList<ClassifierHead> Heads { get; }

    /// <summary>The answers of all heads, text after text: <c>result[(text * Heads.Count) + head]</c>. The same for any number of threads.</summary>
    /// <param name="threads">At least 1.</param>
    HeadPrediction[] Predict(IReadOnlyList<string> texts, int threads, CancellationToken cancellation = default);

    /// <summary>Probabilities of all classes of a head, in the order of its classes; empty where the text says nothing.</summary>
    IReadOnlyList<double> Probabilities(string text, int head);

    /// <summary>Why <paramref name="head"/> gives <paramref name="classIndex"/> its score.</summary>
    TextExplanation Explain(string text, int head, int classIndex);
}

/// <summary>Makes classifiers from labelled texts: the other half of the seam.</summary>
public interface IClassifierTrainer
{
    /// <summary>Trains one model with a head for each label column, and judges it on held-out folds.</summary>
    /// <exception cref="TrainingException">The corpus cannot be learned from: no text with a label.</exception>
    TrainedClassifier Train(LabelledCorpus corpus, TrainingOptions options, CancellationToken cancellation = default);
}

/// <summary>A corpus that cannot be learned from; the message says why and names no text.</summary>
public sealed class TrainingException(string message) : Exception(message);

/// <summary>How a model is made.</summary>
public enum ClassifierEngine
{
    /// <summary>One machine on n-grams: trains and predicts fastest.</summary>
    Linear,

    /// <summary>Several machines, combined by what each gets right on texts that it had not seen: more accurate, several times slower.</summary>
    Stacked,
}

/// <summary>What a model is called and for.</summary>
/// <param name="Taxonomy">Id of the taxonomy whose classes it answers with, for example <c>cn-jrt0169</c>.</param>
/// <param name="Language">Of the texts: <c>zh</c>, <c>en</c>, or <c>und</c>.</param>
public sealed record ModelIdentity(string Name, string Taxonomy, string Language);

/// <summary>How a model is trained. The same options and corpus give the same bytes of model.</summary>
public sealed record TrainingOptions
{
    /// <value>What the model is called and for.</value>
    public ModelIdentity Identity { get; init; } = new("unnamed", "generic", "und");

    /// <value>How the model is made; default linear.</value>
    public ClassifierEngine Engine { get; init; }

    /// <value>Phrases of the trade that are features of their own in the stacked engine; null for none.</value>
    public ConceptLexicon? Concepts { get; init; }

    public GramOptions Grams { get; init; } = new();

    /// <value>Seed of the order of texts and of the folds; default 1.</value>
    public int Seed { get; init; } = 1;

    /// <value>Threads to use, at least 1; changes no result.</value>
    public int Threads { get; init; } = 1;

    /// <value>An n-gram is a feature when at least this many texts have it; default 2.</value>
    public int MinimumTexts { get; init; } = 2;

    /// <value>Most features kept (those in most texts); default 262,144.</value>
    public int MaximumFeatures { get; init; } = 1 << 18;

    /// <value>Weight of a training error against the length of the weights (C of LIBLINEAR); above 0, default 0.5.</value>
    public float Penalty { get; init; } = 0.5f;

    /// <value>Errors on a class count (average texts per class / texts of the class) to this power more; 0 to 1, default 0.5.</value>
    public float RareClassPower { get; init; } = 0.5f;

    /// <value>Passes over the texts at most; default 10.</value>
    public int Epochs { get; init; } = 10;

    /// <value>Training ends when no text violates its condition by more than this; default 0.1.</value>
    public float Tolerance { get; init; } = 0.1f;

    /// <value>Folds for held-out scores, at least 2; default 5. The linear engine takes at most 3 of more than 4,000 texts, because each costs as much as the model.</value>
    public int Folds { get; init; } = 5;

    /// <value>Probability (0 to 1) from which held-out answers count as covered; default 0.6.</value>
    public double ReviewBelow { get; init; } = 0.6;

    /// <value>A class with fewer texts is reported as rare; default 10.</value>
    public int RareBelow { get; init; } = 10;

    /// <value>How fine weights are kept.</value>
    internal StepSizes Steps { get; init; } = StepSizes.Default;
}

/// <summary>What a trainer is at. Seconds are the caller's to measure: the trainer knows no clock.</summary>
public enum TrainingStage
{
    /// <summary>N-grams are counted, chosen and weighed; near-duplicates are found.</summary>
    Features,

    /// <summary>The model and the models of all folds are solved.</summary>
    Fit,

    /// <summary>Scores become probabilities; the model is judged on held-out texts.</summary>
    Calibrate,
}

/// <summary>A model with what its training showed.</summary>
/// <param name="Model">The model.</param>
/// <param name="HeldOut">For each head the answers on the training texts by models that had not seen them (nor their near-duplicates).</param>
/// <param name="Rows">Numbers of the corpus rows that were trained on; rows without text or without any label are left out.</param>
/// <param name="RareClasses">Classes with fewer texts than <see cref="TrainingOptions.RareBelow"/>, as <c>head/class</c>.</param>
/// <param name="NearDuplicateTexts">Training texts that are a near-duplicate of an earlier one.</param>
public sealed record TrainedClassifier(
    LinearTextModel Model, IReadOnlyList<HeadEvaluation> HeldOut, IReadOnlyList<int> Rows, IReadOnlyList<string> RareClasses, int NearDuplicateTexts)
{
    /// <summary>
    /// The same model, where <paramref name="own"/> is the first part of what it was trained on and weak examples came behind: rows, counts
    /// of texts and rare classes are of that part; figures are for the caller to make anew.
    /// </summary>
    internal TrainedClassifier OfFirst(LabelledCorpus own, TrainingOptions options)
    {
        int[] rows = [.. Rows.Where(row => row < own.Texts.Count)];
        ClassifierHead[] heads = [.. Model.Heads.Select((head, h) => head with
        {
            TrainingTexts = [.. head.Classes.Select(c => rows.Count(row => own.Columns[h].Labels[row]?.Trim() == c))],
        })];
        return this with
        {
            Model = Model.WithCard(Model.Card with { Heads = heads, Rows = rows.Length, Metrics = new SortedDictionary<string, double>() }),
            Rows = rows,
            RareClasses = [.. heads.SelectMany(h => h.Classes.Where((_, c) => h.TrainingTexts[c] < options.RareBelow).Select(c => $"{h.Name}/{c}"))],
        };
    }
}
