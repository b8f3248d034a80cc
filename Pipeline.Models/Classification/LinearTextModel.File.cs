using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using Pipeline.Models.Taxonomy;

namespace Pipeline.Models.Classification;

public sealed partial class LinearTextModel
{
    internal ReadOnlyMemory<byte> WriteContent()
    {
        ArrayBufferWriter<byte> output = new(1 << 16);
        WriteBlock(output, JsonSerializer.SerializeToUtf8Bytes(Card, RuleJson.Options));
        WriteBlock(output, MemoryMarshal.AsBytes<uint>(Differences(vocabulary.Buckets)));
        WriteBlock(output, MemoryMarshal.AsBytes<Half>([.. vocabulary.Idf.Select(v => (Half)v)]));
        WriteConcepts(output);
        WriteBlock(output, MemoryMarshal.AsBytes<float>(bias.AsSpan(0, layout.Classes)));
        WriteBlock(output, MemoryMarshal.AsBytes<float>([.. sheets.SelectMany(s => Enumerable.Range(0, FeatureView.Groups).Select(g => s.View[g]))]));
        foreach (WeightSheet sheet in sheets)
        {
            WriteBlock(output, MemoryMarshal.AsBytes<Half>([.. (sheet.Metric ?? []).Select(m => (Half)m)]));
        }
        WriteBlock(output, MemoryMarshal.AsBytes<int>(RowCodes(weights.RowOf)));
        bool isCoarse = CoarseSteps.TryPack(weights.Steps, out byte[] pairs, out int[] highest);
        WriteBlock(output, isCoarse ? [] : MemoryMarshal.AsBytes(weights.Steps));
        WriteBlock(output, pairs);
        WriteBlock(output, MemoryMarshal.AsBytes<int>(highest));
        WriteBlock(output, MemoryMarshal.AsBytes<float>(weights.Scales));
        WriteBlock(output, MemoryMarshal.AsBytes<float>([.. calibrations.SelectMany(c => (float[])[c.Slope, c.TopSlope, c.TopOffset])]));
        WriteBlock(output, MemoryMarshal.AsBytes<float>([.. calibrations.SelectMany(c => c.Offsets)]));
        if (neighbours is not null)
        {
            neighbours.Write(output);
            WriteBlock(output, MemoryMarshal.AsBytes<float>(neighbourMixing));
        }
        return output.WrittenMemory;
    }

    internal static ModelCard ReadCard(ReadOnlySpan<byte> content) => ReadCard(ref content);

    private static ModelCard ReadCard(ref ReadOnlySpan<byte> content)
    {
        ModelCard? card = JsonSerializer.Deserialize<ModelCard>(ReadBlock(ref content), RuleJson.Options);
        return card is { Identity: not null, Grams: not null, Metrics: not null, DataSha256: not null, Heads.Count: > 0 }
            && card.Heads.All(h => h is { Name: not null, Classes.Count: > 0, TrainingTexts: not null })
            ? card
            : throw new JsonException("the card lacks an identity, n-grams, metrics, the sum of its data, or a head with classes");
    }

    internal static LinearTextModel ReadContent(ReadOnlySpan<byte> content)
    {
        Beginning begun = ReadBeginning(ref content);
        WeightSheet[] sheets = new WeightSheet[begun.Views.Length / FeatureView.Groups];
        for (int sheet = 0; sheet < sheets.Length; sheet++)
        {
            sheets[sheet] = Sheet(begun, sheet, ReadBlock(ref content));
        }
        int[]? rowOf = RowsOf(MemoryMarshal.Cast<byte, int>(ReadBlock(ref content)));
        ReadOnlySpan<sbyte> fine = MemoryMarshal.Cast<byte, sbyte>(ReadBlock(ref content));
        byte[] pairs = ReadBlock(ref content).ToArray();
        ReadOnlySpan<int> highest = MemoryMarshal.Cast<byte, int>(ReadBlock(ref content));
        sbyte[] steps = fine.IsEmpty ? CoarseSteps.Unpack(pairs, highest) : fine.ToArray();
        float[] scales = MemoryMarshal.Cast<byte, float>(ReadBlock(ref content)).ToArray();
        WeightTable weights = new(begun.Vocabulary.Count, sheets.Length, begun.Layout, rowOf, steps, scales);
        return ReadEnd(content, begun, sheets, weights, withNeighbours: null);
    }

    /// <summary>The content of files before version 4: for each sheet its metric, its weights class after class, and their scales.</summary>
    internal static LinearTextModel ReadClassMajorContent(ReadOnlySpan<byte> content, bool withNeighbours)
    {
        Beginning begun = ReadBeginning(ref content);
        WeightSheet[] sheets = new WeightSheet[begun.Views.Length / FeatureView.Groups];
        ReadOnlySpan<byte> ahead = content;
        for (int sheet = 0; sheet < sheets.Length; sheet++)
        {
            ReadBlock(ref ahead);
            if (ReadBlock(ref ahead).Length != (long)begun.Vocabulary.Count * begun.Layout.Classes)
            {
                throw new ArgumentException("a table of weights has a length that does not fit the features");
            }
            ReadBlock(ref ahead);
        }
        WeightTable.Builder weights = new(begun.Vocabulary.Count, sheets.Length, begun.Layout);
        for (int sheet = 0; sheet < sheets.Length; sheet++)
        {
            sheets[sheet] = Sheet(begun, sheet, ReadBlock(ref content));
            ReadOnlySpan<sbyte> steps = MemoryMarshal.Cast<byte, sbyte>(ReadBlock(ref content));
            weights.AddSteps(sheet, steps, MemoryMarshal.Cast<byte, float>(ReadBlock(ref content)));
        }
        return ReadEnd(content, begun, sheets, weights.Build(), withNeighbours);
    }

    /// <summary>What the content of every version begins with.</summary>
    private readonly record struct Beginning(
        ModelCard Card, ClassLayout Layout, Vocabulary Vocabulary, ConceptTable? Concepts, float[] Bias, float[] Views);

    private static Beginning ReadBeginning(ref ReadOnlySpan<byte> content)
    {
        ModelCard card = ReadCard(ref content);
        card.Grams.Validate();
        uint[] buckets = MemoryMarshal.Cast<byte, uint>(ReadBlock(ref content)).ToArray();
        for (int i = 1; i < buckets.Length; i++)
        {
            buckets[i] += buckets[i - 1];
        }
        Half[] idf = MemoryMarshal.Cast<byte, Half>(ReadBlock(ref content)).ToArray();
        ConceptTable? concepts = ReadConcepts(ref content);
        float[] bias = MemoryMarshal.Cast<byte, float>(ReadBlock(ref content)).ToArray();
        float[] views = MemoryMarshal.Cast<byte, float>(ReadBlock(ref content)).ToArray();
        ClassLayout layout = new(card.Heads);
        if (idf.Length != buckets.Length || bias.Length != layout.Classes || views.Length < FeatureView.Groups)
        {
            throw new ArgumentException("the parts have lengths that do not fit each other");
        }
        if (!idf.All(Half.IsFinite) || !bias.All(float.IsFinite) || !views.All(float.IsFinite))
        {
            throw new ArgumentException("a rarity, a bias or a view is no number");
        }
        Vocabulary vocabulary = new(
            card.Grams.BucketBits, buckets, [.. idf.Select(v => (float)v)], concepts?.Phrases.Length ?? 0, concepts?.ConceptCount ?? 0);
        return new Beginning(card, layout, vocabulary, concepts, bias, views);
    }

    private static WeightSheet Sheet(Beginning begun, int sheet, ReadOnlySpan<byte> block)
    {
        ReadOnlySpan<float> view = begun.Views.AsSpan(sheet * FeatureView.Groups, FeatureView.Groups);
        Half[] metric = MemoryMarshal.Cast<byte, Half>(block).ToArray();
        if ((metric.Length != 0 && metric.Length != begun.Vocabulary.Count) || !metric.All(Half.IsFinite))
        {
            throw new ArgumentException("the metric of a sheet has a length that does not fit the features, or is no number");
        }
        return new WeightSheet(new FeatureView(view[0], view[1], view[2], view[3]), metric.Length == 0 ? null : [.. metric.Select(m => (float)m)]);
    }

    /// <param name="withNeighbours">Null: they speak where the content goes on.</param>
    private static LinearTextModel ReadEnd(ReadOnlySpan<byte> content, Beginning begun, WeightSheet[] sheets, WeightTable weights, bool? withNeighbours)
    {
        (ModelCard card, ClassLayout layout, Vocabulary vocabulary, ConceptTable? concepts, float[] bias, _) = begun;
        float[] slopes = MemoryMarshal.Cast<byte, float>(ReadBlock(ref content)).ToArray();
        float[] offsets = MemoryMarshal.Cast<byte, float>(ReadBlock(ref content)).ToArray();
        if (offsets.Length != layout.Classes || slopes.Length != 3 * layout.Heads || !offsets.All(float.IsFinite) || !slopes.All(float.IsFinite))
        {
            throw new ArgumentException("what probabilities are made with has a length that does not fit the classes, or is no number");
        }
        Neighbours? neighbours = withNeighbours ?? !content.IsEmpty ? Neighbours.Read(ref content, vocabulary, layout) : null;
        float[] mixing = neighbours is null ? [] : MemoryMarshal.Cast<byte, float>(ReadBlock(ref content)).ToArray();
        if (!content.IsEmpty || (neighbours is not null && (mixing.Length != layout.Classes * layout.Stride || !mixing.All(float.IsFinite))))
        {
            throw new ArgumentException("what neighbours add has a length that does not fit the classes, or bytes follow the last part");
        }
        return new LinearTextModel(
            card,
            vocabulary,
            concepts,
            sheets,
            weights,
            bias,
            [.. card.Heads.Select((_, head) => new Calibration(
                slopes[3 * head], offsets[layout.Offsets[head]..layout.Offsets[head + 1]], slopes[(3 * head) + 1], slopes[(3 * head) + 2]))],
            neighbours,
            mixing);
    }

    /// <summary>For each feature 0 where it is the first of the next row, else how many rows before the next its row stands; empty: each has its own.</summary>
    private static int[] RowCodes(ReadOnlySpan<int> rowOf)
    {
        int[] codes = new int[rowOf.Length];
        int next = 0;
        for (int feature = 0; feature < codes.Length; feature++)
        {
            codes[feature] = next - rowOf[feature];
            next += codes[feature] == 0 ? 1 : 0;
        }
        return codes;
    }

    private static int[]? RowsOf(ReadOnlySpan<int> codes)
    {
        if (codes.IsEmpty)
        {
            return null;
        }
        int[] rowOf = new int[codes.Length];
        int next = 0;
        for (int feature = 0; feature < rowOf.Length; feature++)
        {
            rowOf[feature] = next - codes[feature];
            next += codes[feature] == 0 ? 1 : 0;
        }
        return rowOf;
    }

    private void WriteConcepts(ArrayBufferWriter<byte> output)
    {
        WriteBlock(output, MemoryMarshal.AsBytes<ulong>(concepts?.Phrases ?? []));
        WriteBlock(output, concepts?.Lengths ?? []);
        WriteBlock(output, MemoryMarshal.AsBytes<ulong>(concepts?.Firsts ?? []));
        WriteBlock(output, MemoryMarshal.AsBytes<int>([concepts?.ConceptCount ?? 0, .. (concepts?.Concepts ?? []).SelectMany(own => own.Prepend(own.Length))]));
    }

    private static ConceptTable? ReadConcepts(ref ReadOnlySpan<byte> content)
    {
        ulong[] phrases = MemoryMarshal.Cast<byte, ulong>(ReadBlock(ref content)).ToArray();
        byte[] lengths = ReadBlock(ref content).ToArray();
        ulong[] firsts = MemoryMarshal.Cast<byte, ulong>(ReadBlock(ref content)).ToArray();
        int[] lists = MemoryMarshal.Cast<byte, int>(ReadBlock(ref content)).ToArray();
        int[][] concepts = new int[phrases.Length][];
        int next = 1;
        for (int phrase = 0; phrase < concepts.Length; phrase++)
        {
            int count = lists[next++];
            concepts[phrase] = lists[next..(next + count)];
            next += count;
        }
        return phrases.Length == 0 ? null : new ConceptTable(phrases, lengths, firsts, concepts, lists[0]);
    }

    private static uint[] Differences(uint[] ascending) => [.. ascending.Select((b, i) => i == 0 ? b : b - ascending[i - 1])];

    internal static void WriteBlock(ArrayBufferWriter<byte> output, ReadOnlySpan<byte> bytes)
    {
        BinaryPrimitives.WriteInt32LittleEndian(output.GetSpan(4), bytes.Length);
        output.Advance(4);
        output.Write(bytes);
    }

    internal static ReadOnlySpan<byte> ReadBlock(ref ReadOnlySpan<byte> content)
    {
        int length = BinaryPrimitives.ReadInt32LittleEndian(content);
        ReadOnlySpan<byte> block = content.Slice(4, length);
        content = content[(4 + length)..];
        return block;
    }
}
