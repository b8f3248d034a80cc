namespace Pipeline.Models.Classification;

/// <summary>
/// The combination of machines, head by head. Its inputs are the scores that each machine gave to each class of the head, and, with a
/// smaller weight, to the classes of the other heads: what a complaint is about tells of its cause.
/// </summary>
/// <param name="Combiners">One for each head.</param>
/// <param name="Centres">Mean of each input, machine after machine, all classes each.</param>
/// <param name="Levels">What neighbours' scores are multiplied with, head by head; empty where none speak.</param>
/// <param name="HeldOut">Scores of each row by combinations that were fitted without its fold; laid out as the machines' scores.</param>
internal sealed record Stack(Combiner[] Combiners, float[] Centres, float[] Levels, ClassLayout Layout, float[] HeldOut)
{
    private const float OtherHeads = 0.3f;
    private const float Penalty = 1;
    private const float PenaltyOfFew = 0.3f;
    private const float PenaltyOfManyClasses = 0.1f; // most of them are rare: the data pay for less of a departure from the sum
    private const int FewTexts = 4000;

    /// <param name="unseen">For each machine the scores of the rows by solutions that had not seen them.</param>
    /// <param name="withNeighbours">The last of them is what neighbours say.</param>
    public static Stack Of(TrainingSet set, float[][] unseen, bool withNeighbours, TrainingOptions options, CancellationToken cancellation)
    {
        ClassLayout layout = set.Task.Layout;
        int rows = set.Matrix.Rows;
        int width = unseen.Length * layout.Classes;
        float[] inputs = new float[rows * width];
        double[] sums = new double[width];
        for (int row = 0; row < rows; row++)
        {
            for (int machine = 0; machine < unseen.Length; machine++)
            {
                ReadOnlySpan<float> own = unseen[machine].AsSpan(row * layout.Stride, layout.Classes);
                own.CopyTo(inputs.AsSpan((row * width) + (machine * layout.Classes)));
                for (int c = 0; c < own.Length; c++)
                {
                    sums[(machine * layout.Classes) + c] += own[c];
                }
            }
        }
        float[] centres = [.. sums.Select(s => (float)(s / rows))];
        for (int i = 0; i < inputs.Length; i++)
        {
            inputs[i] -= centres[i % width];
        }
        float[] levels = withNeighbours ? LevelNeighbours(inputs, width, layout) : [];
        int[][] targets = set.JudgedTargets;
        Combiner[] combiners = new Combiner[layout.Heads];
        float[] heldOut = new float[rows * layout.Stride];
        int[] numbers = [.. Enumerable.Range(0, width)];
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = options.Threads, CancellationToken = cancellation };
        Parallel.For(0, layout.Heads * (set.Folds + 1), parallel, problem =>
        {
            int head = problem % layout.Heads;
            int fold = (problem / layout.Heads) - 1;
            float[] weighed = ForHead(inputs, layout, head);
            int[] known = [.. targets[head].Select((t, row) => set.FoldOf[row] == fold ? -1 : t)];
            Combiner combiner = Combiner.Fit(weighed, width, layout.Offsets[head], layout.Classes, known, layout.Count(head), PenaltyFor(layout.Count(head), known.Count(t => t >= 0)), cancellation);
            if (fold < 0)
            {
                combiners[head] = combiner;
                return;
            }
            for (int row = 0; row < rows; row++)
            {
                if (set.FoldOf[row] == fold)
                {
                    combiner.Score(
                        weighed.AsSpan(row * width, width), numbers,
                        heldOut.AsSpan((row * layout.Stride) + layout.Offsets[head], layout.Count(head)));
                }
            }
        });
        return new Stack(combiners, centres, levels, layout, heldOut);
    }

    /// <summary>Brings what neighbours say, the last inputs of each row, to the spread of the first machine's scores, head by head.</summary>
    /// <returns>What each head's were multiplied with.</returns>
    private static float[] LevelNeighbours(float[] inputs, int width, ClassLayout layout)
    {
        float[] levels = new float[layout.Heads];
        int last = width - layout.Classes;
        for (int head = 0; head < layout.Heads; head++)
        {
            double wanted = 0;
            double found = 0;
            for (int row = 0; row < inputs.Length; row += width)
            {
                for (int c = layout.Offsets[head]; c < layout.Offsets[head + 1]; c++)
                {
                    wanted += (double)inputs[row + c] * inputs[row + c];
                    found += (double)inputs[row + last + c] * inputs[row + last + c];
                }
            }
            levels[head] = found > 0 ? (float)Math.Sqrt(wanted / found) : 0;
            for (int row = 0; row < inputs.Length; row += width)
            {
                foreach (ref float said in inputs.AsSpan(row + last + layout.Offsets[head], layout.Count(head)))
                {
                    said *= levels[head];
                }
            }
        }
        return levels;
    }

    /// <summary>
    /// Multiplies the combination into the machines' weights: a score is then a sum over the features of a text, one table for each
    /// machine. What neighbours say cannot be a table: for them the sums are given that each class's score adds to each class of the combination.
    /// </summary>
    public (WeightSheet[] Sheets, WeightTable Weights, float[] Bias, float[] NeighbourMixing) Fold(SolvedMachine[] machines, Vocabulary vocabulary, TrainingOptions options, CancellationToken cancellation)
    {
        float[] bias = new float[Layout.Classes];
        for (int head = 0; head < Layout.Heads; head++)
        {
            Combiners[head].Bias.CopyTo(bias, Layout.Offsets[head]);
        }
        WeightSheet[] sheets = new WeightSheet[machines.Length];
        WeightTable.Builder table = new(vocabulary.Count, machines.Length, Layout);
        for (int machine = 0; machine < machines.Length; machine++)
        {
            float[] mixing = Mixing(machine);
            SolvedMachine own = machines[machine];
            for (int input = 0; input < Layout.Classes; input++)
            {
                float level = own.Weights.Bias[input] - Centres[(machine * Layout.Classes) + input];
                for (int c = 0; c < Layout.Classes; c++)
                {
                    bias[c] += level * mixing[(input * Layout.Stride) + c];
                }
            }
            table.Add(machine, Multiply(own, mixing, vocabulary, options.Threads, cancellation), options.Steps);
            sheets[machine] = new WeightSheet(own.Machine.View, own.SheetMetric(vocabulary));
        }
        if (Levels.Length == 0)
        {
            return (sheets, table.Build(), bias, []);
        }
        float[] ofNeighbours = Mixing(machines.Length);
        for (int head = 0; head < Layout.Heads; head++)
        {
            for (int input = Layout.Offsets[head]; input < Layout.Offsets[head + 1]; input++)
            {
                for (int c = 0; c < Layout.Classes; c++)
                {
                    ref float mixed = ref ofNeighbours[(input * Layout.Stride) + c];
                    mixed *= Levels[head];
                    bias[c] -= Centres[(machines.Length * Layout.Classes) + input] * mixed;
                }
            }
        }
        return (sheets, table.Build(), bias, ofNeighbours);
    }

    /// <param name="texts">That the combination is fitted on; weak examples are not.</param>
    private static float PenaltyFor(int classes, int texts) =>
        classes > Machines.ManyClasses ? PenaltyOfManyClasses : texts < FewTexts ? PenaltyOfFew : Penalty;

    private float[] Multiply(SolvedMachine machine, float[] mixing, Vocabulary vocabulary, int threads, CancellationToken cancellation)
    {
        float[] folded = new float[vocabulary.Count * Layout.Stride];
        int[] numbers = [.. Enumerable.Range(0, Layout.Classes)];
        const int block = 1024;
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = threads, CancellationToken = cancellation };
        Parallel.For(0, (vocabulary.Count + block - 1) / block, parallel, number =>
        {
            float[] own = new float[Layout.Classes];
            for (int feature = number * block; feature < Math.Min(vocabulary.Count, (number + 1) * block); feature++)
            {
                float view = machine.Machine.View[vocabulary.GroupOf(feature)];
                if (view == 0)
                {
                    continue;
                }
                ReadOnlySpan<float> weights = machine.Weights.Weights.AsSpan(feature * Layout.Stride, Layout.Classes);
                for (int c = 0; c < own.Length; c++)
                {
                    own[c] = weights[c] * view;
                }
                LinearKernel.Accumulate(numbers, own, mixing, Layout.Stride, folded.AsSpan(feature * Layout.Stride, Layout.Stride));
            }
        });
        return folded;
    }

    /// <summary>What each class's score of a machine adds to each class of the combination: a row for each.</summary>
    private float[] Mixing(int machine)
    {
        float[] mixing = new float[Layout.Classes * Layout.Stride];
        for (int head = 0; head < Layout.Heads; head++)
        {
            Combiner combiner = Combiners[head];
            for (int input = 0; input < Layout.Classes; input++)
            {
                float scale = input >= Layout.Offsets[head] && input < Layout.Offsets[head + 1] ? 1 : OtherHeads;
                for (int c = 0; c < combiner.Classes; c++)
                {
                    mixing[(input * Layout.Stride) + Layout.Offsets[head] + c] =
                        scale * combiner.Weights[(((machine * Layout.Classes) + input) * combiner.Stride) + c];
                }
            }
        }
        return mixing;
    }

    private static float[] ForHead(float[] inputs, ClassLayout layout, int head)
    {
        float[] weighed = (float[])inputs.Clone();
        for (int i = 0; i < weighed.Length; i++)
        {
            int c = i % layout.Classes;
            weighed[i] *= c >= layout.Offsets[head] && c < layout.Offsets[head + 1] ? 1 : OtherHeads;
        }
        return weighed;
    }
}
