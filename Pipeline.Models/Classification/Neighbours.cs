namespace Pipeline.Models.Classification;

/// <summary>
/// The training texts that are most like a text speak for their classes. What a class is given is
/// Σ (s_j − s_k) · w_j · ([class of j is it] − p) over the k most similar texts j, where s is the cosine of the features that the view shows,
/// s_k that of the last of the k, w_j the weight of text j and p the share of the class: a neighbour that enters or leaves the k does so
/// with weight 0, so that the score has no jumps. For given neighbours it is a sum over the features of the text, which keeps explanations exact.
/// </summary>
/// <remarks>
/// Tables of weights see each feature by itself; neighbours see which stand together, and few labels are needed for that. Rows are found by
/// an inverted index. Distance-weighed nearest neighbours: Dudani 1976 (who also lets the last of the k have no weight).
/// </remarks>
internal sealed partial class Neighbours
{
    /// <value>How many texts speak.</value>
    public const int Nearest = 40;

    private readonly ClassLayout layout;
    private readonly int[] starts;
    private readonly int[] rows;
    private readonly float[] values;

    /// <param name="matrix">Its rows are the texts that speak.</param>
    /// <param name="targets">For each head the class of each row, or -1.</param>
    /// <param name="rowWeights">What each row counts; null: 1 for all.</param>
    public Neighbours(FeatureMatrix matrix, FeatureView view, int[][] targets, ClassLayout layout, IReadOnlyList<float>? rowWeights)
    {
        this.layout = layout;
        Matrix = matrix;
        View = view;
        Targets = targets;
        RowWeights = rowWeights is null ? null : [.. rowWeights];
        Shares = SharesOf(targets, layout, RowWeights);
        starts = new int[matrix.FeatureCount + 1];
        RowReader reader = new(matrix, view);
        for (int row = 0; row < matrix.Rows; row++)
        {
            reader.Read(row);
            foreach (int feature in reader.Features)
            {
                starts[feature + 1]++;
            }
        }
        for (int feature = 0; feature < matrix.FeatureCount; feature++)
        {
            starts[feature + 1] += starts[feature];
        }
        rows = new int[starts[^1]];
        values = new float[starts[^1]];
        int[] next = starts[..^1];
        for (int row = 0; row < matrix.Rows; row++)
        {
            reader.Read(row);
            float scale = matrix.ViewScale(row, view);
            for (int i = 0; i < reader.Features.Length; i++)
            {
                int place = next[reader.Features[i]]++;
                rows[place] = row;
                values[place] = reader.Values[i] * scale;
            }
        }
    }

    public FeatureMatrix Matrix { get; }

    public FeatureView View { get; }

    public int[][] Targets { get; }

    public float[]? RowWeights { get; }

    /// <value>Of each class its share among the texts of its head.</value>
    public float[] Shares { get; }

    /// <summary>What text j adds to each class, per unit of similarity beyond the last neighbour's.</summary>
    public void Speak(int row, float times, Span<float> scores)
    {
        times *= RowWeights?[row] ?? 1;
        for (int head = 0; head < layout.Heads; head++)
        {
            int target = Targets[head][row];
            if (target >= 0)
            {
                for (int c = layout.Offsets[head]; c < layout.Offsets[head + 1]; c++)
                {
                    scores[c] -= times * Shares[c];
                }
                scores[layout.Offsets[head] + target] += times;
            }
        }
    }

    private static float[] SharesOf(int[][] targets, ClassLayout layout, float[]? weights)
    {
        double[] sums = new double[layout.Classes];
        float[] shares = new float[layout.Classes];
        for (int head = 0; head < layout.Heads; head++)
        {
            double all = 0;
            for (int row = 0; row < targets[head].Length; row++)
            {
                if (targets[head][row] >= 0)
                {
                    double weight = weights?[row] ?? 1;
                    sums[layout.Offsets[head] + targets[head][row]] += weight;
                    all += weight;
                }
            }
            for (int c = layout.Offsets[head]; c < layout.Offsets[head + 1]; c++)
            {
                shares[c] = all > 0 ? (float)(sums[c] / all) : 0;
            }
        }
        return shares;
    }

    /// <summary>Finds neighbours of texts one after another; serves one thread.</summary>
    public sealed class Search(Neighbours all)
    {
        private readonly float[] similarities = new float[all.Matrix.Rows];
        private readonly int[] nearest = new int[Nearest];
        private readonly float[] highest = new float[Nearest];
        private int count;

        /// <summary>Writes what the neighbours of a text say of each class.</summary>
        /// <param name="features">Of the text; those that the view does not show count nothing.</param>
        /// <param name="foldOf">With <paramref name="unseen"/>: texts of that fold are no neighbours. Null: all are.</param>
        public void Score(
            ReadOnlySpan<int> features, ReadOnlySpan<float> values, float scale, Span<float> scores, int[]? foldOf = null, int unseen = -1)
        {
            Find(features, values, scale, foldOf, unseen);
            scores[..all.layout.Classes].Clear();
            float last = Last;
            for (int i = 0; i < count; i++)
            {
                all.Speak(nearest[i], highest[i] - last, scores);
            }
        }

        /// <summary>What each feature of a text adds to Σ over classes of score · <paramref name="mixing"/>, through the neighbours that it has.</summary>
        /// <param name="mixing">What each class's score counts.</param>
        public double[] Contributions(ReadOnlySpan<int> features, ReadOnlySpan<float> values, float scale, ReadOnlySpan<float> mixing)
        {
            Find(features, values, scale, null, -1);
            double[] says = new double[similarities.Length];
            float[] own = new float[all.layout.Classes];
            for (int i = 0; i < count; i++)
            {
                Array.Clear(own);
                all.Speak(nearest[i], 1, own);
                double sum = 0;
                for (int c = 0; c < own.Length; c++)
                {
                    sum += (double)own[c] * mixing[c];
                }
                says[nearest[i]] += sum;
                if (count == Nearest)
                {
                    says[nearest[^1]] -= sum;
                }
            }
            double[] result = new double[features.Length];
            for (int i = 0; i < features.Length; i++)
            {
                float weight = values[i] * scale * all.View[all.Matrix.Vocabulary.GroupOf(features[i])];
                if (weight != 0)
                {
                    for (int place = all.starts[features[i]]; place < all.starts[features[i] + 1]; place++)
                    {
                        result[i] += weight * all.values[place] * says[all.rows[place]];
                    }
                }
            }
            return result;
        }

        private float Last => count == Nearest ? highest[^1] : 0;

        private void Find(ReadOnlySpan<int> features, ReadOnlySpan<float> values, float scale, int[]? foldOf, int unseen)
        {
            Array.Clear(similarities);
            for (int i = 0; i < features.Length; i++)
            {
                float weight = values[i] * scale * all.View[all.Matrix.Vocabulary.GroupOf(features[i])];
                if (weight == 0)
                {
                    continue;
                }
                int first = all.starts[features[i]];
                int length = all.starts[features[i] + 1] - first;
                ReadOnlySpan<int> rows = all.rows.AsSpan(first, length);
                ReadOnlySpan<float> own = all.values.AsSpan(first, length);
                for (int place = 0; place < rows.Length; place++)
                {
                    similarities[rows[place]] += weight * own[place];
                }
            }
            count = 0;
            for (int row = 0; row < similarities.Length; row++)
            {
                float similarity = similarities[row];
                if (similarity <= 0 || (count == Nearest && similarity <= highest[^1]) || (foldOf is not null && foldOf[row] == unseen))
                {
                    continue;
                }
                int place = count < Nearest ? count++ : Nearest - 1;
                for (; place > 0 && highest[place - 1] < similarity; place--)
                {
                    (highest[place], nearest[place]) = (highest[place - 1], nearest[place - 1]);
                }
                (highest[place], nearest[place]) = (similarity, row);
            }
        }
    }
}
