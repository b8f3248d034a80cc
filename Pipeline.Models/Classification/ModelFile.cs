using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;

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
/// content in frames of 4 MiB, each compressed with Brotli by itself so that all processors unpack it: their number, the packed length of each, the frames. The content:
/// the card as JSON, buckets as differences, rarity weights as half floats, the hashes of the lexicon's phrases, what each sheet weighs, the rows of
/// weights that features share and their weights as signed bytes (<see cref="WeightTable"/>); where neighbours speak, the training texts, packed, with their classes.
/// Little-endian. The same model gives the same bytes. Versions 2 and 3 (one frame, weights class after class; 3 with neighbours) are read.
/// </summary>
public static class ModelFile
{
    private const uint Version = 4;
    private const uint OneFrame = 2;
    private const uint OneFrameWithNeighbours = 3;
    private const int HeaderBytes = 8 + 4 + 4 + 32;
    private const int FrameBytes = 1 << 22;
    private const int LargestContent = 1 << 30;

    /// <summary>Weights of a model at most: with all else they fit into a file.</summary>
    internal const long MostWeights = LargestContent / 2;

    private static ReadOnlySpan<byte> Magic => "PIPEMODL"u8;

    /// <remarks>Uses all processors, as reading does.</remarks>
    /// <exception cref="InvalidOperationException">The content is larger than a file holds.</exception>
    public static byte[] Write(LinearTextModel model)
    {
        ReadOnlyMemory<byte> content = model.WriteContent();
        if (content.Length > LargestContent)
        {
            throw new InvalidOperationException($"the content of the model has {content.Length} bytes, a file holds {LargestContent}");
        }
        byte[][] frames = new byte[(content.Length + FrameBytes - 1) / FrameBytes][];
        Parallel.For(0, frames.Length, number =>
        {
            ReadOnlySpan<byte> own = content.Span[(number * FrameBytes)..Math.Min(content.Length, (number + 1) * FrameBytes)];
            byte[] packed = new byte[BrotliEncoder.GetMaxCompressedLength(own.Length)];
            if (!BrotliEncoder.TryCompress(own, packed, out int written, quality: 6, window: 22))
            {
                throw new InvalidOperationException("Brotli refused a buffer of its own greatest length");
            }
            frames[number] = packed[..written];
        });
        byte[] file = new byte[HeaderBytes + (4 * (1 + frames.Length)) + frames.Sum(f => f.Length)];
        Magic.CopyTo(file);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(8), Version);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(12), content.Length);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(HeaderBytes), frames.Length);
        int at = HeaderBytes + (4 * (1 + frames.Length));
        for (int number = 0; number < frames.Length; number++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(HeaderBytes + (4 * (1 + number))), frames[number].Length);
            frames[number].CopyTo(file, at);
            at += frames[number].Length;
        }
        SHA256.HashData(file.AsSpan(HeaderBytes), file.AsSpan(16, 32));
        return file;
    }

    /// <summary>What a model was made from and how good it was, without its weights.</summary>
    /// <exception cref="ModelFileException">The bytes are no model, a damaged one, or one of another version.</exception>
    public static ModelCard ReadCard(ReadOnlyMemory<byte> file)
    {
        Packed packed = Open(file);
        try
        {
            long card = BinaryPrimitives.ReadInt32LittleEndian(Unpack(packed, 4));
            return LinearTextModel.ReadCard(Unpack(packed, card + 4));
        }
        catch (Exception fault) when (fault is JsonException or ArgumentException or OverflowException)
        {
            throw new ModelFileException(ModelFault.Damaged, $"the content does not begin with the card of a model: {fault.Message}");
        }
    }

    /// <exception cref="ModelFileException">The bytes are no model, a damaged one, or one of another version.</exception>
    public static LinearTextModel Read(ReadOnlyMemory<byte> file)
    {
        Packed packed = Open(file);
        byte[] content = Unpack(packed, packed.Length);
        try
        {
            return packed.Version == Version
                ? LinearTextModel.ReadContent(content)
                : LinearTextModel.ReadClassMajorContent(content, packed.Version == OneFrameWithNeighbours);
        }
        catch (Exception fault) when (fault is JsonException or ArgumentException or IndexOutOfRangeException or OverflowException)
        {
            throw new ModelFileException(ModelFault.Damaged, $"the content is not that of a model: {fault.Message}");
        }
    }

    /// <summary>First 12 hex digits of the SHA-256 of a model's bytes.</summary>
    public static string IdOf(ReadOnlySpan<byte> file) => Convert.ToHexStringLower(SHA256.HashData(file))[..12];

    /// <param name="Length">Bytes of the content, all frames unpacked.</param>
    private readonly record struct Packed(uint Version, int Length, ReadOnlyMemory<byte>[] Frames);

    private static Packed Open(ReadOnlyMemory<byte> memory)
    {
        ReadOnlySpan<byte> file = memory.Span;
        if (file.Length < Magic.Length || !file.StartsWith(Magic))
        {
            throw new ModelFileException(ModelFault.Foreign, "the bytes do not begin with PIPEMODL");
        }
        if (file.Length < HeaderBytes)
        {
            throw new ModelFileException(ModelFault.Damaged, $"the file ends after {file.Length} bytes, inside its header");
        }
        uint version = BinaryPrimitives.ReadUInt32LittleEndian(file[8..]);
        if (version is not (Version or OneFrame or OneFrameWithNeighbours))
        {
            throw new ModelFileException(
                ModelFault.OtherVersion, $"the file has version {version}, this program reads versions {OneFrame} to {Version}");
        }
        int length = BinaryPrimitives.ReadInt32LittleEndian(file[12..]);
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(file[HeaderBytes..], hash);
        if (length is <= 0 or > LargestContent)
        {
            throw new ModelFileException(ModelFault.Damaged, $"the file states a content of {length} bytes");
        }
        if (!hash.SequenceEqual(file.Slice(16, 32)))
        {
            throw new ModelFileException(ModelFault.Damaged, "the checksum does not fit the content: the file was cut short or altered");
        }
        return new Packed(version, length, version == Version ? FramesOf(memory, length) : [memory[HeaderBytes..]]);
    }

    private static ReadOnlyMemory<byte>[] FramesOf(ReadOnlyMemory<byte> file, int length)
    {
        ReadOnlyMemory<byte>[] frames = new ReadOnlyMemory<byte>[(length + FrameBytes - 1) / FrameBytes];
        long at = HeaderBytes + (4L * (1 + frames.Length));
        ModelFileException torn = new(ModelFault.Damaged, "the frames of the content do not have the lengths that the file states");
        if (file.Length < at || BinaryPrimitives.ReadInt32LittleEndian(file.Span[HeaderBytes..]) != frames.Length)
        {
            throw torn;
        }
        for (int number = 0; number < frames.Length; number++)
        {
            int own = BinaryPrimitives.ReadInt32LittleEndian(file.Span[(HeaderBytes + (4 * (1 + number)))..]);
            frames[number] = own > 0 && at + own <= file.Length ? file.Slice((int)at, own) : throw torn;
            at += own;
        }
        return at == file.Length ? frames : throw torn;
    }

    /// <param name="wanted">Bytes of the content, from its beginning; more are unpacked, as frames end.</param>
    private static byte[] Unpack(Packed packed, long wanted)
    {
        int frame = packed.Version == Version ? FrameBytes : packed.Length;
        int frames = (int)Math.Clamp((wanted + frame - 1) / frame, 1, packed.Frames.Length);
        int length = (int)Math.Min(packed.Length, (long)frames * frame);
        byte[] content = GC.AllocateUninitializedArray<byte>(length);
        bool isWhole = true;
        Parallel.For(0, frames, number =>
        {
            int first = number * frame;
            Span<byte> own = content.AsSpan(first, Math.Min(frame, length - first));
            if (!BrotliDecoder.TryDecompress(packed.Frames[number].Span, own, out int read) || read != own.Length)
            {
                Volatile.Write(ref isWhole, false);
            }
        });
        return isWhole ? content : throw new ModelFileException(ModelFault.Damaged, "the content does not unpack to the length that the header states");
    }
}
