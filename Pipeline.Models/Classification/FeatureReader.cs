using System.Runtime.CompilerServices;
using Pipeline.Models.Text;

namespace Pipeline.Models.Classification;

/// <summary>
/// Reads a text as weighted features: (1 + ln tf) · idf, each <see cref="FeatureGroup"/> scaled to length 1, so that a long text and a short one
/// weigh the same. One instance serves one thread for many texts.
/// </summary>
internal sealed class FeatureReader
{
    /// <summary>A count beyond this weighs as this.</summary>
    internal const int LargestCount = 255;

    private static readonly float[] LogCountTable = [.. Enumerable.Range(0, LargestCount + 1).Select(n => n == 0 ? 0f : 1f + MathF.Log(n))];

    /// <value>The weight of each count up to <see cref="LargestCount"/> before rarity.</value>
    internal static ReadOnlySpan<float> LogCounts => LogCountTable;

    private readonly Vocabulary vocabulary;
    private readonly GramOptions options;
    private readonly ConceptTable? concepts;
    private readonly int[] counts;
    private readonly TextUnits units = new();
    private int[] features = new int[4096];
    private float[] values = new float[4096];
    private int count;

    public FeatureReader(Vocabulary vocabulary, GramOptions options, ConceptTable? concepts = null)
    {
        this.vocabulary = vocabulary;
        this.options = options;
        this.concepts = concepts;
        counts = new int[vocabulary.Count];
    }

    /// <value>Feature numbers of the last text in the order of their first occurrence, each once.</value>
    public ReadOnlySpan<int> Features => features.AsSpan(0, count);

    /// <value>Their weights in the text.</value>
    public ReadOnlySpan<float> Values => values.AsSpan(0, count);

    /// <value>The units of the last text.</value>
    public TextUnits Units => units;

    /// <summary>Reads <paramref name="text"/>.</summary>
    /// <returns>False where the text has no unit at all: nothing but spaces and signs.</returns>
    public bool Read(ReadOnlySpan<char> text)
    {
        units.Read(text);
        CountingSink sink = new(this);
        count = 0;
        GramReader.Read(units, options, ref sink);
        concepts?.Read(units, 1u << options.BucketBits, ref sink);
        Weigh();
        return HasContent(units);
    }

    /// <summary>Whether a text says anything: at least one ideograph, word or number.</summary>
    public static bool HasContent(TextUnits units)
    {
        foreach (ref readonly TextUnit unit in units.Units)
        {
            if (unit.Kind is UnitKind.Ideograph or UnitKind.Word or UnitKind.Number)
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>The weight of a count before rarity.</summary>
    internal static float LogCount(int count) => LogCountTable[Math.Min(count, LargestCount)];

    /// <summary>Scales each group to length 1; <paramref name="values"/> come in as (1 + ln tf) · idf.</summary>
    internal static void Scale(ReadOnlySpan<int> features, Span<float> values, Vocabulary vocabulary)
    {
        Span<float> scales = stackalloc float[FeatureView.Groups];
        scales.Clear();
        for (int i = 0; i < features.Length; i++)
        {
            scales[vocabulary.GroupOf(features[i])] += values[i] * values[i];
        }
        for (int group = 0; group < scales.Length; group++)
        {
            scales[group] = scales[group] > 0 ? 1 / MathF.Sqrt(scales[group]) : 0;
        }
        for (int i = 0; i < features.Length; i++)
        {
            values[i] *= scales[vocabulary.GroupOf(features[i])];
        }
    }

    /// <summary>What brings a row to length 1 in a view; 0 where it has nothing of it.</summary>
    internal static float ViewScale(ReadOnlySpan<int> features, FeatureView view, Vocabulary vocabulary)
    {
        int present = 0;
        foreach (int feature in features)
        {
            present |= 1 << vocabulary.GroupOf(feature);
        }
        float squares = 0;
        for (int group = 0; group < FeatureView.Groups; group++)
        {
            squares += (present >> group & 1) * view[group] * view[group];
        }
        return squares > 0 ? 1 / MathF.Sqrt(squares) : 0;
    }

    private void Weigh()
    {
        if (values.Length < features.Length)
        {
            values = new float[features.Length];
        }
        float[] idf = vocabulary.Idf;
        for (int i = 0; i < count; i++)
        {
            int feature = features[i];
            values[i] = LogCount(counts[feature]) * idf[feature];
            counts[feature] = 0;
        }
        Scale(features.AsSpan(0, count), values.AsSpan(0, count), vocabulary);
    }

    private readonly struct CountingSink(FeatureReader reader) : IGramSink
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Add(uint bucket, int firstUnit, int lastUnit)
        {
            int feature = reader.vocabulary.FeatureOf(bucket);
            if (feature < 0)
            {
                return;
            }
            if (reader.counts[feature]++ == 0)
            {
                if (reader.count == reader.features.Length)
                {
                    Array.Resize(ref reader.features, reader.features.Length * 2);
                }
                reader.features[reader.count++] = feature;
            }
        }
    }
}
