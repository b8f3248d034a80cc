using System.Runtime.InteropServices;

namespace Pipeline.Models.Classification;

/// <summary>
/// The weights of a model as its file keeps them: one signed byte q for each feature, sheet and class, which stands for
/// q · |q| / 127² · the largest weight of the class in the sheet: fine steps near 0, where most weights are. A model predicts with exactly these, whether it was
/// just trained or loaded. Features whose weights are alike in all sheets share a row, as those often do
/// that only one and the same training text has. Immutable.
/// </summary>
internal sealed class WeightTable
{
    internal const int Largest = 127;

    private readonly int[]? rowOf;
    private readonly sbyte[] steps;
    private readonly float[] units;
    private readonly float[] scales;

    /// <param name="rowOf">Row of each feature; null: each has its own.</param>
    /// <param name="steps">Row after row: a sheet's classes, padded to the layout's stride, after the other's.</param>
    /// <param name="scales">Largest weight of each class: sheet after sheet, without padding.</param>
    /// <exception cref="ArgumentException">The parts do not fit each other.</exception>
    public WeightTable(int features, int sheets, ClassLayout layout, int[]? rowOf, sbyte[] steps, float[] scales)
    {
        Stride = sheets * layout.Stride;
        this.steps = steps;
        if (rowOf is not null && rowOf.Any(row => row < 0 || row >= Rows))
        {
            throw new ArgumentException($"a feature has a row of weights that is none of {Rows}");
        }
        if (!scales.All(float.IsFinite))
        {
            throw new ArgumentException("the largest weight of a class is no number");
        }
        if (steps.Length != Rows * Stride || scales.Length != sheets * layout.Classes || (rowOf?.Length ?? Rows) != features)
        {
            throw new ArgumentException($"{steps.Length} weights and {scales.Length} scales do not fit {features} features, {sheets} sheets and {layout.Classes} classes");
        }
        this.rowOf = rowOf;
        this.scales = scales;
        units = new float[Stride];
        for (int column = 0; column < scales.Length; column++)
        {
            units[(column / layout.Classes * layout.Stride) + (column % layout.Classes)] = scales[column] / (Largest * Largest);
        }
    }

    /// <value>Columns of a row: sheets times the layout's stride.</value>
    public int Stride { get; }

    /// <value>Largest weight of each class: sheet after sheet, without padding.</value>
    public ReadOnlySpan<float> Scales => scales;

    /// <value>Different rows.</value>
    public int Rows => Stride == 0 ? 0 : steps.Length / Stride;

    /// <value>Row of each feature; null: each has its own.</value>
    public ReadOnlySpan<int> RowOf => rowOf;

    public bool SharesRows => rowOf is not null;

    public ReadOnlySpan<sbyte> Steps => steps;

    /// <param name="column">Sheet times the layout's stride, and the class.</param>
    public float Weight(int feature, int column) =>
        units[column] * Square(steps[((rowOf is null ? feature : rowOf[feature]) * Stride) + column]);

    /// <summary>Sums over the features of a text: <c>sums[column] = Σ values[i] · weight(features[i], column)</c>.</summary>
    /// <param name="rows">Room for a number for each feature.</param>
    public void Sum(ReadOnlySpan<int> features, ReadOnlySpan<float> values, Span<int> rows, Span<float> sums)
    {
        ReadOnlySpan<int> own = features;
        if (rowOf is not null)
        {
            for (int i = 0; i < features.Length; i++)
            {
                rows[i] = rowOf[features[i]];
            }
            own = rows[..features.Length];
        }
        sums.Clear();
        LinearKernel.AccumulateSteps(own, values, steps, Stride, sums);
        for (int column = 0; column < units.Length; column++)
        {
            sums[column] *= units[column];
        }
    }

    /// <summary>q · |q|.</summary>
    private static int Square(sbyte step) => step * Math.Abs((int)step);

    /// <summary>Takes the weights sheet by sheet.</summary>
    internal sealed class Builder(int features, int sheets, ClassLayout layout)
    {
        private readonly int stride = sheets * layout.Stride;
        private readonly sbyte[] steps = new sbyte[features * sheets * layout.Stride];
        private readonly float[] scales = new float[sheets * layout.Classes];
        private bool isBuilt;

        /// <param name="weights">A row of the layout's stride for each feature.</param>
        public void Add(int sheet, float[] weights, StepSizes sizes)
        {
            int head = 0;
            for (int c = 0; c < layout.Classes; c++)
            {
                head += c == layout.Offsets[head + 1] ? 1 : 0;
                float largest = 0;
                for (int f = 0; f < features; f++)
                {
                    largest = MathF.Max(largest, MathF.Abs(weights[(f * layout.Stride) + c]));
                }
                scales[(sheet * layout.Classes) + c] = largest;
                int grain = sizes.Of(features, layout.Count(head));
                for (int f = 0; f < features && largest > 0; f++)
                {
                    float weight = weights[(f * layout.Stride) + c];
                    steps[(f * stride) + (sheet * layout.Stride) + c] = Step(MathF.Sqrt(MathF.Abs(weight) / largest), grain, weight);
                }
            }
        }

        /// <param name="classMajor">Class after class, a byte for each feature, as files before version 4 have them.</param>
        public void AddSteps(int sheet, ReadOnlySpan<sbyte> classMajor, ReadOnlySpan<float> largest)
        {
            if (classMajor.Length != features * layout.Classes || largest.Length != layout.Classes)
            {
                throw new ArgumentException("a table of weights has a length that does not fit the features");
            }
            largest.CopyTo(scales.AsSpan(sheet * layout.Classes));
            for (int c = 0; c < layout.Classes; c++)
            {
                for (int f = 0; f < features; f++)
                {
                    steps[(f * stride) + (sheet * layout.Stride) + c] = classMajor[(c * features) + f];
                }
            }
        }

        /// <summary>The table, rows that are alike kept once, in the order of the first feature that has them. It takes over what was added: once only.</summary>
        public WeightTable Build()
        {
            ObjectDisposedException.ThrowIf(isBuilt, this);
            isBuilt = true;
            int[] rowOf = new int[features];
            Dictionary<ulong, int> rowsByHash = new(features);
            int rows = 0;
            for (int feature = 0; feature < features; feature++)
            {
                ReadOnlySpan<sbyte> own = steps.AsSpan(feature * stride, stride);
                ulong hash = HashOf(own);
                if (rowsByHash.TryGetValue(hash, out int known) && own.SequenceEqual(steps.AsSpan(known * stride, stride)))
                {
                    rowOf[feature] = known;
                    continue;
                }
                own.CopyTo(steps.AsSpan(rows * stride, stride));
                rowsByHash[hash] = rows;
                rowOf[feature] = rows++;
            }
            return rows == features
                ? new WeightTable(features, sheets, layout, null, steps, scales)
                : new WeightTable(features, sheets, layout, rowOf, steps[..(rows * stride)], scales);
        }

        private static sbyte Step(float size, int grain, float sign) =>
            (sbyte)MathF.CopySign(MathF.Min(MathF.Round(size * Largest / grain) * grain, Largest), sign);

        /// <summary>Equal rows have equal hashes; a row whose hash another row has is only not shared.</summary>
        private static ulong HashOf(ReadOnlySpan<sbyte> row)
        {
            ulong hash = 14695981039346656037;
            foreach (ulong word in MemoryMarshal.Cast<sbyte, ulong>(row))
            {
                hash = unchecked((hash ^ word) * 0x9E3779B97F4A7C15);
                hash ^= hash >> 32;
            }
            return hash;
        }
    }
}

/// <summary>
/// How fine the steps of weights are. The tables of heads of many classes are what files are made of: in a large one steps are multiples of 8, in a
/// very large one of 16. What that costs is no more than chance gives (docs/classification.md).
/// </summary>
/// <param name="MediumAbove">Features times classes above which a head of many classes is kept in steps of 8; below, in steps of 1.</param>
/// <param name="CoarseAbove">The same for steps of 16.</param>
internal readonly record struct StepSizes(long MediumAbove, long CoarseAbove)
{
    /// <value>A smaller table makes a file of a few megabytes as it is.</value>
    public static StepSizes Default { get; } = new(1 << 21, 1 << 23);

    public int Of(int features, int classes)
    {
        long weights = classes > Machines.ManyClasses ? (long)features * classes : 0;
        return weights > CoarseAbove ? 16 : weights > MediumAbove ? 8 : 1;
    }
}
