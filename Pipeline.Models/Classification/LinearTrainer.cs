using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Pipeline.Models.Text;

namespace Pipeline.Models.Classification;

/// <summary>
/// Trains the linear engine: one reading of the texts for all heads, one-versus-rest support vector machines, probabilities fitted on
/// scores of folds that the scoring model had not seen. N-grams and their rarity are taken from all texts, folds included: they hold
/// nothing of the labels.
/// </summary>
/// <param name="onStage">Told as each stage begins, so that a caller with a clock can time it.</param>
public sealed class LinearTrainer(Action<TrainingStage>? onStage = null) : IClassifierTrainer
{
    /// <inheritdoc/>
    public TrainedClassifier Train(LabelledCorpus corpus, TrainingOptions options, CancellationToken cancellation = default)
    {
        options.Grams.Validate();
        onStage?.Invoke(TrainingStage.Features);
        LabelledCorpus clean = Clean(corpus, out int[] rows);
        ClassifierHead[] heads = [.. clean.Columns.Select(HeadOf)];
        int[][] targets = [.. clean.Columns.Select((column, head) => TargetsOf(column, heads[head]))];
        ClassLayout layout = new(heads);
        (Vocabulary vocabulary, FeatureMatrix matrix) = CorpusReader.Read(
            clean.Texts, options.Grams, options.MinimumTexts, options.MaximumFeatures, options.Threads, cancellation);
        int[] groups = NearDuplicates.Groups(matrix);

        onStage?.Invoke(TrainingStage.Fit);
        int folds = Math.Min(options.Folds, groups.Distinct().Count());
        int[] foldOf = folds < 2 ? [] : Folds.Assign(groups, targets, layout, folds, options.Seed);
        float[] heldOut = new float[matrix.Rows * layout.Stride];
        LinearWeights? whole = null;
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = options.Threads, CancellationToken = cancellation };
        Parallel.For(0, folds < 2 ? 1 : folds + 1, parallel, problem =>
        {
            if (problem == 0)
            {
                whole = DualSolver.Solve(matrix, [.. Enumerable.Range(0, matrix.Rows)], targets, layout, options, cancellation, clean.Weights);
                return;
            }
            int fold = problem - 1;
            int[] known = [.. Enumerable.Range(0, matrix.Rows).Where(r => foldOf[r] != fold)];
            LinearWeights weights = DualSolver.Solve(matrix, known, targets, layout, options, cancellation, clean.Weights);
            for (int row = 0; row < matrix.Rows; row++)
            {
                if (foldOf[row] == fold)
                {
                    Span<float> scores = heldOut.AsSpan(row * layout.Stride, layout.Stride);
                    weights.Bias.CopyTo(scores);
                    LinearKernel.Accumulate(matrix.FeaturesOf(row), matrix.ValuesOf(row), weights.Weights, layout.Stride, scores);
                }
            }
        });

        onStage?.Invoke(TrainingStage.Calibrate);
        HeldOutScores judged = new(heldOut, foldOf, folds, WithoutWeak(targets, clean.Weights), layout, heads);
        Calibration[] calibrations = [.. heads.Select((_, head) => judged.Calibrate(head))];
        HeadEvaluation[] evaluations = folds < 2 ? [] : [.. heads.Select((_, head) => judged.Evaluate(head, options.ReviewBelow))];
        ModelCard card = new(
            options.Identity, heads, options.Grams, clean.Texts.Count, HashOf(clean), options.Seed, MetricsOf(evaluations));
        LinearTextModel model = new(card, vocabulary, QuantisedWeights.Of(whole!, vocabulary.Count, layout), calibrations);
        return new TrainedClassifier(
            model,
            evaluations,
            rows,
            [.. heads.SelectMany(h => h.Classes.Where((_, c) => h.TrainingTexts[c] < options.RareBelow).Select(c => $"{h.Name}/{c}"))],
            groups.Where((leader, row) => leader != row).Count());
    }

    /// <summary>The texts that can be learned from, and the fold of each.</summary>
    internal static (LabelledCorpus Clean, int[] FoldOf, int Folds) Split(
        LabelledCorpus corpus, TrainingOptions options, CancellationToken cancellation)
    {
        LabelledCorpus clean = Clean(corpus, out _);
        ClassifierHead[] heads = [.. clean.Columns.Select(HeadOf)];
        int[][] targets = [.. clean.Columns.Select((column, head) => TargetsOf(column, heads[head]))];
        (_, FeatureMatrix matrix) = CorpusReader.Read(
            clean.Texts, options.Grams, options.MinimumTexts, options.MaximumFeatures, options.Threads, cancellation);
        int[] groups = NearDuplicates.Groups(matrix);
        int folds = Math.Min(options.Folds, groups.Distinct().Count());
        return (clean, folds < 2 ? [] : Folds.Assign(groups, targets, new ClassLayout(heads), folds, options.Seed), folds);
    }

    /// <summary>Leaves out texts that say nothing and rows without any label; trims labels.</summary>
    private static LabelledCorpus Clean(LabelledCorpus corpus, out int[] rows)
    {
        LabelColumn[] columns = [.. corpus.Columns.Select(c => new LabelColumn(
            c.Head, [.. c.Labels.Select(l => string.IsNullOrWhiteSpace(l) ? null : l.Trim())]))];
        TextUnits units = new();
        List<int> kept = [];
        for (int row = 0; row < corpus.Texts.Count; row++)
        {
            if (columns.Any(c => c.Labels[row] is not null))
            {
                units.Read(corpus.Texts[row]);
                if (FeatureReader.HasContent(units))
                {
                    kept.Add(row);
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
        return new LabelledCorpus(corpus.Texts, columns, corpus.Weights).Take(kept);
    }

    /// <summary>Targets without those of weak examples.</summary>
    private static int[][] WithoutWeak(int[][] targets, IReadOnlyList<float>? weights) =>
        weights is null ? targets : [.. targets.Select(own => (int[])[.. own.Select((target, row) => weights[row] < 1 ? -1 : target)])];

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

    /// <summary>SHA-256 of heads, texts and labels in their order, each with its length before it, and the weights where there are any.</summary>
    private static string HashOf(LabelledCorpus corpus)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[4];
        foreach (string part in corpus.Columns.SelectMany(c => c.Labels.Select(l => l ?? "").Prepend(c.Head)).Concat(corpus.Texts))
        {
            byte[] bytes = Encoding.UTF8.GetBytes(part);
            BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
            hash.AppendData(length);
            hash.AppendData(bytes);
        }
        foreach (float weight in corpus.Weights ?? [])
        {
            BinaryPrimitives.WriteSingleLittleEndian(length, weight);
            hash.AppendData(length);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static SortedDictionary<string, double> MetricsOf(HeadEvaluation[] evaluations)
    {
        SortedDictionary<string, double> metrics = new(StringComparer.Ordinal);
        foreach (HeadEvaluation head in evaluations)
        {
            metrics[$"{head.Head}.accuracy"] = Math.Round(head.Accuracy, 4);
            metrics[$"{head.Head}.macro_f1"] = Math.Round(head.MacroF1, 4);
            metrics[$"{head.Head}.ece"] = Math.Round(head.Ece, 4);
            metrics[$"{head.Head}.coverage"] = Math.Round(head.Coverage, 4);
            metrics[$"{head.Head}.accuracy_at_coverage"] = Math.Round(head.AccuracyAtCoverage, 4);
            metrics[$"{head.Head}.texts"] = head.Texts;
        }
        return metrics;
    }
}
