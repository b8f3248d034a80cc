using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Pipeline.Models.Text;

namespace Pipeline.Models.Classification;

/// <summary>A corpus made ready to learn from: clean rows, classes in order, features, near-duplicates and folds.</summary>
/// <param name="Rows">Numbers of the corpus rows that are left.</param>
/// <param name="Grams">Those of the options, without runs of letters for the linear engine on long texts.</param>
/// <param name="LongTexts">
/// Texts have 60 words or more on average and few ideographs. Runs of letters then add nothing to whole words that log-count ratios do not
/// add better, and cost two thirds of the time; short texts and Chinese lean on them, or are worse with ratios (docs/classification.md).
/// </param>
/// <param name="ShortOfMany">
/// For the stacked engine: short texts of words and a head of more than <see cref="Machines.ManyClasses"/> classes. A word that one text alone has, and
/// runs of two letters, then still tell a class from its neighbours (docs/classification.md).
/// </param>
/// <param name="Groups">For each row the first row of its group of near-duplicates.</param>
/// <param name="FoldOf">Empty where there are no folds.</param>
/// <param name="Folds">Below 2: all texts are near-duplicates of one another.</param>
internal sealed record TrainingSet(
    LabelledCorpus Corpus,
    int[] Rows,
    ClassifierHead[] Heads,
    LearningTask Task,
    GramOptions Grams,
    bool LongTexts,
    bool ShortOfMany,
    ConceptTable? Concepts,
    FeatureMatrix Matrix,
    int[] Groups,
    int[] FoldOf,
    int Folds)
{
    private const int LongTextWords = 60;
    private const int ShortRun = 2;

    /// <param name="wantedFolds">Fewer where there are not as many groups of near-duplicates.</param>
    /// <exception cref="TrainingException">The corpus cannot be learned from.</exception>
    public static TrainingSet Of(LabelledCorpus corpus, TrainingOptions options, int wantedFolds, CancellationToken cancellation)
    {
        options.Grams.Validate();
        LabelledCorpus clean = Clean(corpus, out int[] rows, out bool longTexts, out bool ofWords);
        ClassifierHead[] heads = [.. clean.Columns.Select(HeadOf)];
        bool shortOfMany = options.Engine == ClassifierEngine.Stacked && ofWords && !longTexts && Largest(heads) > Machines.ManyClasses;
        GramOptions grams = longTexts && options.Engine == ClassifierEngine.Linear ? options.Grams with { LettersTo = 0 }
            : shortOfMany ? options.Grams with { LettersFrom = Math.Min(ShortRun, options.Grams.LettersFrom) } : options.Grams;
        int[][] targets = [.. clean.Columns.Select((column, head) => TargetsOf(column, heads[head]))];
        ClassLayout layout = new(heads);
        ConceptTable? concepts = options is { Engine: ClassifierEngine.Stacked, Concepts: { } lexicon } ? ConceptTable.Of(lexicon) : null;
        FeatureMatrix matrix = CorpusReader.Read(
            clean.Texts, grams, shortOfMany ? 1 : options.MinimumTexts, options.MaximumFeatures, options.Threads, cancellation, concepts);
        int[] groups = NearDuplicates.Groups(matrix, options.Threads, cancellation);
        int folds = Math.Min(wantedFolds, groups.Distinct().Count());
        return new TrainingSet(
            clean, rows, heads, new LearningTask(layout, targets, clean.Weights), grams, longTexts, shortOfMany, concepts, matrix, groups,
            folds < 2 ? [] : Classification.Folds.Assign(groups, targets, layout, folds, options.Seed), folds);
    }

    /// <value>Classes of the head that has most.</value>
    public int LargestHead => Largest(Heads);

    /// <value>Targets without those of weak examples: what probabilities are fitted on and a model is judged by.</value>
    public int[][] JudgedTargets => Corpus.Weights is not { } weights
        ? Task.Targets
        : [.. Task.Targets.Select(own => (int[])[.. own.Select((target, row) => weights[row] < 1 ? -1 : target)])];

    /// <summary>SHA-256 of heads, texts and labels in their order, each with its length before it, and the weights where there are any.</summary>
    public string Hash()
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[4];
        foreach (string part in Corpus.Columns.SelectMany(c => c.Labels.Select(l => l ?? "").Prepend(c.Head)).Concat(Corpus.Texts))
        {
            byte[] bytes = Encoding.UTF8.GetBytes(part);
            BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
            hash.AppendData(length);
            hash.AppendData(bytes);
        }
        foreach (float weight in Corpus.Weights ?? [])
        {
            BinaryPrimitives.WriteSingleLittleEndian(length, weight);
            hash.AppendData(length);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Leaves out texts that say nothing and rows without any label; trims labels.</summary>
    private static LabelledCorpus Clean(LabelledCorpus corpus, out int[] rows, out bool longTexts, out bool ofWords)
    {
        LabelColumn[] columns = [.. corpus.Columns.Select(c => new LabelColumn(
            c.Head, [.. c.Labels.Select(l => string.IsNullOrWhiteSpace(l) ? null : l.Trim())]))];
        TextUnits units = new();
        List<int> kept = [];
        long words = 0;
        long ideographs = 0;
        for (int row = 0; row < corpus.Texts.Count; row++)
        {
            if (columns.Any(c => c.Labels[row] is not null))
            {
                units.Read(corpus.Texts[row]);
                if (FeatureReader.HasContent(units))
                {
                    kept.Add(row);
                    foreach (ref readonly TextUnit unit in units.Units)
                    {
                        words += unit.Kind == UnitKind.Word ? 1 : 0;
                        ideographs += unit.Kind == UnitKind.Ideograph ? 1 : 0;
                    }
                }
            }
        }
        foreach (LabelColumn column in columns)
        {
            if (kept.All(row => column.Labels[row] is null))
            {
                throw new TrainingException($"no text has a label in column '{column.Head}': {corpus.Texts.Count} rows were read");
            }
        }
        rows = [.. kept];
        ofWords = words > ideographs;
        longTexts = words >= (long)LongTextWords * kept.Count && ofWords;
        return new LabelledCorpus(corpus.Texts, columns, corpus.Weights).Take(kept);
    }

    private static int Largest(ClassifierHead[] heads) => heads.Max(h => h.Classes.Count);

    private static ClassifierHead HeadOf(LabelColumn column)
    {
        var classes = column.Labels.OfType<string>().GroupBy(l => l, StringComparer.Ordinal)
            .OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => (g.Key, Texts: g.Count())).ToArray();
        return new ClassifierHead(column.Head, [.. classes.Select(c => c.Key)], [.. classes.Select(c => c.Texts)]);
    }

    private static int[] TargetsOf(LabelColumn column, ClassifierHead head)
    {
        Dictionary<string, int> index = head.Classes.Select((c, i) => (c, i)).ToDictionary(p => p.c, p => p.i, StringComparer.Ordinal);
        return [.. column.Labels.Select(l => l is null ? -1 : index[l])];
    }
}
