using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using Pipeline.Models.Taxonomy;

namespace Pipeline.Models.Classification;

/// <summary>Why bytes are not a model that can be used.</summary>
public enum ModelFault
{
    /// <summary>Something else than a model file.</summary>
    Foreign,

    /// <summary>A model file that was cut short or altered.</summary>
    Damaged,

    /// <summary>A model file of a version that this program does not read.</summary>
    OtherVersion,
}

public sealed class ModelFileException(ModelFault fault, string message) : Exception(message)
{
    public ModelFault Fault { get; } = fault;
}

/// <summary>
/// A model as bytes: 8 letters, version, length of the content before compression, SHA-256 of everything that follows, then the
/// content compressed with Brotli: the card as JSON, buckets as differences, rarity weights as half floats, the hashes of the lexicon's phrases, and for each table of weights what it weighs and
/// its weights as signed bytes; in version 3 then the training texts that speak as neighbours, packed, with their classes.
/// A model without neighbours is written as version 2. Little-endian. The same model gives the same bytes.
/// </summary>
public static class ModelFile
{
    private const uint Version = 2;
    private const uint VersionWithNeighbours = 3;
    private const int HeaderBytes = 8 + 4 + 4 + 32;
    private const int LargestContent = 1 << 30;

    private static ReadOnlySpan<byte> Magic => "PIPEMODL"u8;

    public static byte[] Write(LinearTextModel model)
    {
        byte[] content = model.WriteContent();
        byte[] packed = new byte[BrotliEncoder.GetMaxCompressedLength(content.Length)];
        if (!BrotliEncoder.TryCompress(content, packed, out int written, quality: 6, window: 22))
        {
            throw new InvalidOperationException("Brotli refused a buffer of its own greatest length");
        }
        byte[] file = new byte[HeaderBytes + written];
        Magic.CopyTo(file);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(8), model.HasNeighbours ? VersionWithNeighbours : Version);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(12), content.Length);
        packed.AsSpan(0, written).CopyTo(file.AsSpan(HeaderBytes));
        SHA256.HashData(file.AsSpan(HeaderBytes), file.AsSpan(16, 32));
        return file;
    }

    /// <summary>What a model was made from and how good it was, without its weights.</summary>
    /// <exception cref="ModelFileException">The bytes are no model, a damaged one, or one of another version.</exception>
    public static ModelCard ReadCard(ReadOnlySpan<byte> file)
    {
        byte[] content = Unpack(file);
        try
        {
            return LinearTextModel.ReadCard(content);
        }
        catch (Exception fault) when (fault is JsonException or ArgumentException or OverflowException)
        {
            throw new ModelFileException(ModelFault.Damaged, $"the content does not begin with the card of a model: {fault.Message}");
        }
    }

    /// <exception cref="ModelFileException">The bytes are no model, a damaged one, or one of another version.</exception>
    public static LinearTextModel Read(ReadOnlySpan<byte> file)
    {
        byte[] content = Unpack(file);
        try
        {
            return LinearTextModel.ReadContent(content, BinaryPrimitives.ReadUInt32LittleEndian(file[8..]) == VersionWithNeighbours);
        }
        catch (Exception fault) when (fault is JsonException or ArgumentException or IndexOutOfRangeException or OverflowException)
        {
            throw new ModelFileException(ModelFault.Damaged, $"the content is not that of a model: {fault.Message}");
        }
    }

    private static byte[] Unpack(ReadOnlySpan<byte> file)
    {
        if (file.Length < Magic.Length || !file.StartsWith(Magic))
        {
            throw new ModelFileException(ModelFault.Foreign, "the bytes do not begin with PIPEMODL");
        }
        if (file.Length < HeaderBytes)
        {
            throw new ModelFileException(ModelFault.Damaged, $"the file ends after {file.Length} bytes, inside its header");
        }
        uint version = BinaryPrimitives.ReadUInt32LittleEndian(file[8..]);
        if (version is not (Version or VersionWithNeighbours))
        {
            throw new ModelFileException(
                ModelFault.OtherVersion, $"the file has version {version}, this program reads versions {Version} and {VersionWithNeighbours}");
        }
        int length = BinaryPrimitives.ReadInt32LittleEndian(file[12..]);
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(file[HeaderBytes..], hash);
        if (!hash.SequenceEqual(file.Slice(16, 32)) || length is <= 0 or > LargestContent)
        {
            throw new ModelFileException(ModelFault.Damaged, "the checksum does not fit the content: the file was cut short or altered");
        }
        byte[] content = new byte[length];
        if (!BrotliDecoder.TryDecompress(file[HeaderBytes..], content, out int read) || read != length)
        {
            throw new ModelFileException(ModelFault.Damaged, "the content does not unpack to the length that the header states");
        }
        return content;
    }

    /// <summary>First 12 hex digits of the SHA-256 of a model's bytes.</summary>
    public static string IdOf(ReadOnlySpan<byte> file) => Convert.ToHexStringLower(SHA256.HashData(file))[..12];
}

public sealed partial class LinearTextModel
{
    internal byte[] WriteContent()
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
            WriteBlock(output, MemoryMarshal.AsBytes<sbyte>(sheet.Weights.Steps));
            WriteBlock(output, MemoryMarshal.AsBytes<float>(sheet.Weights.Scales));
        }
        WriteBlock(output, MemoryMarshal.AsBytes<float>([.. calibrations.SelectMany(c => (float[])[c.Slope, c.TopSlope, c.TopOffset])]));
        WriteBlock(output, MemoryMarshal.AsBytes<float>([.. calibrations.SelectMany(c => c.Offsets)]));
        if (neighbours is not null)
        {
            neighbours.Write(output);
            WriteBlock(output, MemoryMarshal.AsBytes<float>(neighbourMixing));
        }
        return output.WrittenSpan.ToArray();
    }

    internal static ModelCard ReadCard(ReadOnlySpan<byte> content) => ReadCard(ref content);

    private static ModelCard ReadCard(ref ReadOnlySpan<byte> content) =>
        JsonSerializer.Deserialize<ModelCard>(ReadBlock(ref content), RuleJson.Options) ?? throw new JsonException("no card");

    internal static LinearTextModel ReadContent(ReadOnlySpan<byte> content, bool withNeighbours)
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
        ClassLayout layout = new(card.Heads);
        float[] bias = MemoryMarshal.Cast<byte, float>(ReadBlock(ref content)).ToArray();
        float[] views = MemoryMarshal.Cast<byte, float>(ReadBlock(ref content)).ToArray();
        WeightSheet[] sheets = new WeightSheet[views.Length / FeatureView.Groups];
        for (int sheet = 0; sheet < sheets.Length; sheet++)
        {
            sheets[sheet] = ReadSheet(ref content, views.AsSpan(sheet * FeatureView.Groups, FeatureView.Groups), buckets.Length, layout.Classes);
        }
        float[] slopes = MemoryMarshal.Cast<byte, float>(ReadBlock(ref content)).ToArray();
        float[] offsets = MemoryMarshal.Cast<byte, float>(ReadBlock(ref content)).ToArray();
        if (idf.Length != buckets.Length || bias.Length != layout.Classes || offsets.Length != layout.Classes || slopes.Length != 3 * layout.Heads
            || sheets.Length == 0)
        {
            throw new ArgumentException("the parts have lengths that do not fit each other");
        }
        Vocabulary vocabulary = new(
            card.Grams.BucketBits, buckets, [.. idf.Select(v => (float)v)], concepts?.Phrases.Length ?? 0, concepts?.ConceptCount ?? 0);
        Neighbours? neighbours = withNeighbours ? Neighbours.Read(ref content, vocabulary, layout) : null;
        float[] mixing = neighbours is null ? [] : MemoryMarshal.Cast<byte, float>(ReadBlock(ref content)).ToArray();
        if (!content.IsEmpty || (neighbours is not null && mixing.Length != layout.Classes * layout.Stride))
        {
            throw new ArgumentException("what neighbours add has a length that does not fit the classes, or bytes follow the last part");
        }
        return new LinearTextModel(
            card,
            vocabulary,
            concepts,
            sheets,
            bias,
            [.. card.Heads.Select((_, head) => new Calibration(
                slopes[3 * head], offsets[layout.Offsets[head]..layout.Offsets[head + 1]], slopes[(3 * head) + 1], slopes[(3 * head) + 2]))],
            neighbours,
            mixing);
    }

    private static WeightSheet ReadSheet(ref ReadOnlySpan<byte> content, ReadOnlySpan<float> view, int features, int classes)
    {
        Half[] metric = MemoryMarshal.Cast<byte, Half>(ReadBlock(ref content)).ToArray();
        sbyte[] steps = MemoryMarshal.Cast<byte, sbyte>(ReadBlock(ref content)).ToArray();
        float[] scales = MemoryMarshal.Cast<byte, float>(ReadBlock(ref content)).ToArray();
        if (steps.Length != features * classes || scales.Length != classes || (metric.Length != 0 && metric.Length != features))
        {
            throw new ArgumentException("a table of weights has a length that does not fit the features");
        }
        return new WeightSheet(
            new FeatureView(view[0], view[1], view[2], view[3]),
            metric.Length == 0 ? null : [.. metric.Select(m => (float)m)],
            new QuantisedWeights(steps, scales));
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
