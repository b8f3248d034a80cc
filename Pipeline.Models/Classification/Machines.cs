namespace Pipeline.Models.Classification;

/// <summary>The machines of each engine. Which ones, and their penalties, were chosen by cross-validation on training data: docs/classification.md.</summary>
internal static class Machines
{
    /// <summary>A head with more classes than this has few texts of most.</summary>
    public const int ManyClasses = 30;

    /// <summary>Of more texts none are kept to be asked as neighbours.</summary>
    private const int MostNeighbours = 5000;

    private const float CloseFit = 1;

    private static readonly FeatureView Grams = new(1, 1, 0, 0);
    private static readonly FeatureView UnitsOnly = new(1, 0, 0, 0);
    private static readonly FeatureView LettersOnly = new(0, 1, 0, 0);
    private static readonly FeatureView GramsAndConcepts = new(1, 1, 0.5f, 0.5f);
    private static readonly FeatureView UnitsAndFewConcepts = new(1, 0, 0, 0.3f);
    private static readonly FeatureView UnitsAndConcepts = new(1, 0, 0.5f, 0.5f);

    /// <remarks>
    /// Groups of features that no text has are left out. Of many classes most are rare and their ratios noisy: on long texts the linear engine
    /// then does without ratios, and the stacked one without letters through ratios; on short texts of words units and letters are then learned each by itself too, and all fit closer.
    /// </remarks>
    public static Machine[] For(TrainingOptions options, TrainingSet set)
    {
        Vocabulary vocabulary = set.Matrix.Vocabulary;
        bool isLongOfMany = set.LongTexts && set.LargestHead > ManyClasses;
        Machine plain = new(Grams, false, options.Penalty);
        if (options.Engine == ClassifierEngine.Linear)
        {
            return [set.LongTexts && !isLongOfMany ? new(UnitsOnly, true, 0.4f) : plain];
        }
        List<Machine> machines = [set.ShortOfMany ? plain with { Penalty = CloseFit } : plain, new(UnitsOnly, true, 0.4f)];
        if (!isLongOfMany && vocabulary.Starts[2] - vocabulary.Starts[1] > (vocabulary.Starts[1] - vocabulary.Starts[0]) / 4)
        {
            machines.Add(new(LettersOnly, true, 0.4f));
        }
        if (set.ShortOfMany)
        {
            machines.Add(new(LettersOnly, false, CloseFit));
            machines.Add(new(UnitsOnly, false, CloseFit));
        }
        if (vocabulary.Count > vocabulary.Starts[2])
        {
            machines.Add(new(GramsAndConcepts, false, 0.6f));
            machines.Add(new(UnitsAndConcepts, true, 0.4f));
        }
        return [.. machines];
    }

    /// <summary>The neighbours that speak beside the machines of the stacked engine; null where they were found to add nothing: among many texts, or classes.</summary>
    public static Neighbours? NeighboursFor(TrainingSet set) =>
        set.Matrix.Rows > MostNeighbours || set.LargestHead > ManyClasses
            ? null
            : new Neighbours(set.Matrix, UnitsAndFewConcepts, set.Task.Targets, set.Task.Layout, set.Corpus.Weights);
}
