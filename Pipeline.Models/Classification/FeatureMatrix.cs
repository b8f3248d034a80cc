using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Pipeline.Models.Classification;

/// <summary>
/// The training texts as rows of weighted features, packed: about two bytes and a fifth for each feature of a text. Features of a group are
/// kept as differences, ascending: first those that the text has once, then, each with its count after it, those that it has more often
/// (<see cref="GapCode"/>). What a feature weighs follows from its count, its rarity and one factor for each group and row. A row is unpacked
/// by a <see cref="RowReader"/>.
/// </summary>
/// <remarks>A small matrix is also kept unpacked, which saves a tenth to a fifth of the time of a training.</remarks>
/// <param name="blocks">Each of <see cref="BlockRows"/> rows, the last of what is left.</param>
internal sealed class FeatureMatrix(FeatureBlock[] blocks, int rows, Vocabulary vocabulary)
{
    /// <summary>Rows of a block.</summary>
    public const int BlockRows = 512;

    public int Rows => rows;

    public int FeatureCount => vocabulary.Count;

    public Vocabulary Vocabulary => vocabulary;

    /// <summary>The block of a row.</summary>
    public FeatureBlock BlockOf(int row) => blocks[row / BlockRows];

    /// <summary>What brings a row to length 1 in a view; 0 where it has nothing of it. The same as <see cref="FeatureReader.ViewScale"/>.</summary>
    public float ViewScale(int row, FeatureView view)
    {
        ReadOnlySpan<float> scales = BlockOf(row).ScalesOf(row % BlockRows);
        float squares = 0;
        for (int group = 0; group < FeatureView.Groups; group++)
        {
            squares += scales[group] > 0 ? view[group] * view[group] : 0;
        }
        return squares > 0 ? 1 / MathF.Sqrt(squares) : 0;
    }
}

/// <summary>Some rows, packed.</summary>
/// <param name="codes">Row after row, group after group.</param>
/// <param name="starts">Where the codes of each row's groups begin: <see cref="RunsOfRow"/> for each row, one more at the end.</param>
internal sealed class FeatureBlock(ushort[] codes, int[] starts)
{
    /// <summary>Of each group what the text has once and what it has more often.</summary>
    public const int RunsOfRow = FeatureView.Groups * 2;

    private readonly float[] scales = new float[starts.Length / RunsOfRow * FeatureView.Groups];

    public int Rows => starts.Length / RunsOfRow;

    public ushort[] Codes => codes;

    /// <value>The rows as they stand when nothing is packed; null in a large matrix.</value>
    public PlainRows? Plain { get; private set; }

    public int[] Starts => starts;

    /// <summary>The starts of a row's runs, and the end of the last.</summary>
    /// <param name="row">Within the block.</param>
    public ReadOnlySpan<int> StartsOf(int row) => starts.AsSpan(row * RunsOfRow, RunsOfRow + 1);

    /// <summary>One over the length of each group of a row; 0 where it has nothing of a group.</summary>
    public Span<float> ScalesOf(int row) => scales.AsSpan(row * FeatureView.Groups, FeatureView.Groups);

    /// <summary>Computes <see cref="ScalesOf"/> of all rows, and holds the codes against the features that there are: no reader looks again.</summary>
    /// <exception cref="ArgumentException">The codes do not name features of their groups, or the starts do not ascend.</exception>
    public void Measure(Vocabulary vocabulary)
    {
        for (int run = 0; run < starts.Length - 1; run++)
        {
            int group = run % RunsOfRow / 2;
            uint feature = (uint)vocabulary.Starts[group];
            ref float scale = ref scales[run / 2];
            int end = starts[run + 1];
            if (starts[run] < 0 || starts[run] > end || end > codes.Length)
            {
                throw new ArgumentException($"run {run} of the packed texts goes from code {starts[run]} to {end} of {codes.Length}");
            }
            for (int next = starts[run]; next < end;)
            {
                GapCode.Read(codes.AsSpan(0, end), ref next, ref feature);
                int count = run % 2 == 0 ? 1 : codes[next++];
                if (feature >= vocabulary.Starts[group + 1] || count > FeatureReader.LargestCount || next > end)
                {
                    throw new ArgumentException($"run {run} of the packed texts names feature {feature}, {count} times, in group {group}");
                }
                float value = FeatureReader.LogCount(count) * vocabulary.Idf[feature];
                scale += value * value;
            }
        }
        foreach (ref float scale in scales.AsSpan())
        {
            scale = scale > 0 ? 1 / MathF.Sqrt(scale) : 0;
        }
    }

    /// <summary>Keeps the rows unpacked too.</summary>
    public void Unpack(Vocabulary vocabulary)
    {
        PackedRow packed = new(vocabulary);
        int[] features = new int[codes.Length];
        float[] values = new float[codes.Length];
        int[] groupStarts = new int[(Rows * FeatureView.Groups) + 1];
        int next = 0;
        for (int row = 0; row < Rows; row++)
        {
            for (int group = 0; group < FeatureView.Groups; group++)
            {
                groupStarts[(row * FeatureView.Groups) + group] = next;
                packed.Clear();
                packed.Read(this, row, group, 1);
                packed.Features.CopyTo(features.AsSpan(next));
                packed.Values.CopyTo(values.AsSpan(next));
                next += packed.Features.Length;
            }
        }
        groupStarts[^1] = next;
        Plain = new PlainRows(features[..next], values[..next], groupStarts);
    }
}

/// <summary>Features and weights row after row, group after group; each group has length 1.</summary>
/// <param name="GroupStarts">First of each row's groups; one more at the end.</param>
internal sealed record PlainRows(int[] Features, float[] Values, int[] GroupStarts);

/// <summary>
/// Ascending numbers as differences of 16 bits. The largest code means "that much, and the next code more", so that any difference can be
/// written and nearly every one takes one code.
/// </summary>
internal static class GapCode
{
    public const ushort More = ushort.MaxValue;

    /// <summary>How many codes a difference takes.</summary>
    public static int Length(uint gap) => (int)(gap / More) + 1;

    /// <summary>Writes a difference.</summary>
    /// <returns>Where the next code goes.</returns>
    public static int Write(uint gap, Span<ushort> codes, int next)
    {
        for (; gap >= More; gap -= More)
        {
            codes[next++] = More;
        }
        codes[next++] = (ushort)gap;
        return next;
    }

    /// <summary>Adds the difference that begins at <paramref name="next"/> to <paramref name="number"/>, and goes on to what follows it.</summary>
    public static void Read(ReadOnlySpan<ushort> codes, ref int next, ref uint number)
    {
        ushort code;
        do
        {
            code = codes[next++];
            number += code;
        }
        while (code == More);
    }
}

/// <summary>Reads rows as a view shows them; serves one thread.</summary>
internal sealed class RowReader
{
    private readonly FeatureMatrix matrix;
    private readonly FeatureView view;
    private readonly PackedRow row;
    private readonly int firstGroup;
    private readonly int endGroup;
    private readonly bool isSlice; // all of some neighbouring groups: nothing is to be copied
    private PlainRows? plain;
    private int first;
    private int count;

    public RowReader(FeatureMatrix matrix, FeatureView view)
    {
        this.matrix = matrix;
        this.view = view;
        row = new PackedRow(matrix.Vocabulary);
        int[] seen = [.. Enumerable.Range(0, FeatureView.Groups).Where(g => view[g] > 0 && matrix.Vocabulary.Starts[g] < matrix.Vocabulary.Starts[g + 1])];
        (firstGroup, endGroup) = seen.Length == 0 ? (0, 0) : (seen[0], seen[^1] + 1);
        isSlice = Enumerable.Range(firstGroup, endGroup - firstGroup).All(g => view[g] == 1);
    }

    /// <value>Features of the last row that was read, each once: group after group.</value>
    public ReadOnlySpan<int> Features => plain is { } own ? own.Features.AsSpan(first, count) : row.Features;

    /// <value>Their weights: each group scaled to length 1 and then weighed by the view.</value>
    public ReadOnlySpan<float> Values => plain is { } own ? own.Values.AsSpan(first, count) : row.Values;

    public void Read(int number)
    {
        FeatureBlock block = matrix.BlockOf(number);
        number %= FeatureMatrix.BlockRows;
        if (isSlice && block.Plain is not null)
        {
            plain = block.Plain;
            first = plain.GroupStarts[(number * FeatureView.Groups) + firstGroup];
            count = plain.GroupStarts[(number * FeatureView.Groups) + endGroup] - first;
            return;
        }
        row.Clear();
        for (int group = firstGroup; group < endGroup; group++)
        {
            row.Read(block, number, group, view[group]);
        }
    }
}

/// <summary>The unpacked groups of a row.</summary>
internal sealed class PackedRow(Vocabulary vocabulary)
{
    private int[] features = [];
    private float[] values = [];
    private int count;

    public ReadOnlySpan<int> Features => features.AsSpan(0, count);

    public ReadOnlySpan<float> Values => values.AsSpan(0, count);

    public void Clear() => count = 0;

    /// <summary>Adds a group of a row, brought to length <paramref name="weight"/>.</summary>
    /// <param name="row">Within the block.</param>
    public void Read(FeatureBlock block, int row, int group, float weight)
    {
        float factor = block.ScalesOf(row)[group] * weight;
        if (factor > 0)
        {
            ReadOnlySpan<int> starts = block.StartsOf(row).Slice(group * 2, 3);
            int room = count + starts[2] - starts[0];
            if (features.Length < room)
            {
                Array.Resize(ref features, Math.Max(room, features.Length * 2));
                Array.Resize(ref values, features.Length);
            }
            ReadOnce(block.Codes.AsSpan(starts[0]..starts[1]), vocabulary.Starts[group], factor);
            ReadRepeated(block.Codes.AsSpan(starts[1]..starts[2]), vocabulary.Starts[group], factor);
        }
    }

    /// <summary>Both loops run for every text in every pass of training, so they go without checks: the codes were written by <see cref="CorpusReader"/>.</summary>
    private void ReadOnce(ReadOnlySpan<ushort> codes, int first, float factor)
    {
        unchecked
        {
            ref float idf = ref MemoryMarshal.GetArrayDataReference(vocabulary.Idf);
            ref int feature = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(features), count);
            ref float value = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(values), count);
            nuint number = (nuint)first;
            nuint next = 0;
            foreach (ushort code in codes)
            {
                number += code;
                if (code != GapCode.More)
                {
                    Unsafe.Add(ref feature, next) = (int)number;
                    Unsafe.Add(ref value, next) = Unsafe.Add(ref idf, number) * factor;
                    next++;
                }
            }
            count += (int)next;
        }
    }

    private void ReadRepeated(ReadOnlySpan<ushort> codes, int first, float factor)
    {
        unchecked
        {
            ref float idf = ref MemoryMarshal.GetArrayDataReference(vocabulary.Idf);
            ref float logCount = ref MemoryMarshal.GetReference(FeatureReader.LogCounts);
            ref int feature = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(features), count);
            ref float value = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(values), count);
            nuint number = (nuint)first;
            nuint next = 0;
            for (int i = 0; i < codes.Length; i++)
            {
                ushort code = codes[i];
                number += code;
                if (code != GapCode.More)
                {
                    i++;
                    Unsafe.Add(ref feature, next) = (int)number;
                    Unsafe.Add(ref value, next) = Unsafe.Add(ref logCount, (nuint)codes[i]) * Unsafe.Add(ref idf, number) * factor;
                    next++;
                }
            }
            count += (int)next;
        }
    }
}
