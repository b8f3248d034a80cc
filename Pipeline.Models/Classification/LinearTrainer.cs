namespace Pipeline.Models.Classification;

/// <summary>
/// Trains models: one reading of the texts for all heads; machines (<see cref="Machine"/>) solved for all texts and for each fold without
/// it; for the stacked engine a combination (<see cref="Combiner"/>) of the scores that the machines gave to texts that they had not seen;
/// probabilities fitted on scores of unseen texts. N-grams and their rarity are taken from all texts, folds included: they hold nothing
/// of the labels.
/// </summary>
/// <param name="onStage">Told as each stage begins, so that a caller with a clock can time it.</param>
public sealed class LinearTrainer(Action<TrainingStage>? onStage = null) : IClassifierTrainer
{
    private const int FewTexts = 4000;
    private const int FoldsOfMany = 3; // of more texts, for the linear engine: enough to fit probabilities on, and each costs as much as the model

    /// <inheritdoc/>
    public TrainedClassifier Train(LabelledCorpus corpus, TrainingOptions options, CancellationToken cancellation = default)
    {
        onStage?.Invoke(TrainingStage.Features);
        TrainingSet set = TrainingSet.Of(
            corpus, options, options.Engine == ClassifierEngine.Linear && corpus.Texts.Count > FewTexts ? Math.Min(options.Folds, FoldsOfMany) : options.Folds,
            cancellation);
        ClassLayout layout = set.Task.Layout;

        onStage?.Invoke(TrainingStage.Fit);
        Machine[] machines = Machines.For(options, set);
        long weightsInAll = (long)set.Matrix.Vocabulary.Count * machines.Length * layout.Stride;
        if (weightsInAll > ModelFile.MostWeights)
        {
            throw new TrainingException(
                $"{set.Matrix.Vocabulary.Count} n-grams times {machines.Length} machines times {layout.Classes} classes are {weightsInAll} weights, a model holds {ModelFile.MostWeights}: "
                + "train fewer label columns in one model");
        }
        SolvedMachine[] solved = new SolvedMachine[machines.Length];
        float[][] unseen = [.. machines.Select(_ => new float[set.Matrix.Rows * layout.Stride])];
        int[] all = [.. Enumerable.Range(0, set.Matrix.Rows)];
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = options.Threads, CancellationToken = cancellation };
        int problems = set.Folds < 2 ? 1 : set.Folds + 1;
        Parallel.For(0, machines.Length * problems, parallel, number =>
        {
            int machine = number % machines.Length;
            int fold = (number / machines.Length) - 1;
            if (fold < 0)
            {
                solved[machine] = machines[machine].Solve(set.Matrix, all, set.Task, options, cancellation);
                return;
            }
            int[] known = [.. all.Where(r => set.FoldOf[r] != fold)];
            SolvedMachine own = machines[machine].Solve(set.Matrix, known, set.Task, options, cancellation);
            RowReader reader = new(set.Matrix, own.Machine.View);
            foreach (int row in all.Where(r => set.FoldOf[r] == fold))
            {
                own.Score(reader, row, layout.Stride, unseen[machine].AsSpan(row * layout.Stride, layout.Stride));
            }
        });
        WeightSheet[] sheets;
        WeightTable weights;
        float[] bias;
        float[] heldOut;
        Neighbours? neighbours = null;
        float[] mixing = [];
        if (options.Engine == ClassifierEngine.Stacked && set.Folds >= 2)
        {
            neighbours = Machines.NeighboursFor(set);
            Stack stack = Stack.Of(set, neighbours is null ? unseen : [.. unseen, Unseen(neighbours, set, parallel)], neighbours is not null, options, cancellation);
            (sheets, weights, bias, mixing) = stack.Fold(solved, set.Matrix.Vocabulary, options, cancellation);
            heldOut = stack.HeldOut;
        }
        else
        {
            (WeightSheet sheet, weights) = Sheet(solved[0], set.Matrix.Vocabulary, layout, options.Steps);
            sheets = [sheet];
            bias = solved[0].Weights.Bias[..layout.Classes];
            heldOut = unseen[0];
        }

        onStage?.Invoke(TrainingStage.Calibrate);
        HeldOutScores judged = new(heldOut, set.FoldOf, set.Folds, set.JudgedTargets, layout, set.Heads);
        Calibration[] calibrations = new Calibration[set.Heads.Length];
        HeadEvaluation[] evaluations = new HeadEvaluation[set.Folds < 2 ? 0 : set.Heads.Length];
        Parallel.For(0, set.Heads.Length, parallel, head =>
        {
            calibrations[head] = judged.Calibrate(head);
            if (evaluations.Length > 0)
            {
                evaluations[head] = judged.Evaluate(head, options.ReviewBelow);
            }
        });
        ModelCard card = new(
            options.Identity, set.Heads, set.Grams, set.Corpus.Texts.Count, set.Hash(), options.Seed, MetricsOf(evaluations),
            options.Engine == ClassifierEngine.Stacked ? "stacked" : "linear");
        LinearTextModel model = new(card, set.Matrix.Vocabulary, set.Concepts, sheets, weights, bias, calibrations, neighbours, mixing);
        return new TrainedClassifier(
            model,
            evaluations,
            set.Rows,
            [.. set.Heads.SelectMany(h => h.Classes.Where((_, c) => h.TrainingTexts[c] < options.RareBelow).Select(c => $"{h.Name}/{c}"))],
            set.Groups.Where((leader, row) => leader != row).Count());
    }

    /// <summary>The texts that can be learned from, and the fold of each.</summary>
    internal static (LabelledCorpus Clean, int[] FoldOf, int Folds) Split(
        LabelledCorpus corpus, TrainingOptions options, CancellationToken cancellation)
    {
        TrainingSet set = TrainingSet.Of(corpus, options, options.Folds, cancellation);
        return (set.Corpus, set.FoldOf, set.Folds);
    }

    /// <summary>What the neighbours outside each text's fold say of it; laid out as the machines' scores.</summary>
    private static float[] Unseen(Neighbours neighbours, TrainingSet set, ParallelOptions parallel)
    {
        int stride = set.Task.Layout.Stride;
        float[] scores = new float[set.Matrix.Rows * stride];
        const int block = 64;
        Parallel.For(0, (set.Matrix.Rows + block - 1) / block, parallel, number =>
        {
            Neighbours.Search search = new(neighbours);
            RowReader reader = new(set.Matrix, FeatureView.Everything);
            for (int row = number * block; row < Math.Min(set.Matrix.Rows, (number + 1) * block); row++)
            {
                reader.Read(row);
                search.Score(
                    reader.Features, reader.Values, set.Matrix.ViewScale(row, neighbours.View), scores.AsSpan(row * stride, stride), set.FoldOf, set.FoldOf[row]);
            }
        });
        return scores;
    }

    private static (WeightSheet Sheet, WeightTable Weights) Sheet(SolvedMachine machine, Vocabulary vocabulary, ClassLayout layout, StepSizes steps)
    {
        float[] weights = (float[])machine.Weights.Weights.Clone();
        for (int feature = 0; feature < vocabulary.Count; feature++)
        {
            float view = machine.Machine.View[vocabulary.GroupOf(feature)];
            foreach (ref float weight in weights.AsSpan(feature * layout.Stride, layout.Stride))
            {
                weight *= view;
            }
        }
        WeightTable.Builder table = new(vocabulary.Count, 1, layout);
        table.Add(0, weights, steps);
        return (new WeightSheet(machine.Machine.View, machine.SheetMetric(vocabulary)), table.Build());
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
