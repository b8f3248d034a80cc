using Pipeline.Jobs.Shell;

namespace Pipeline.Jobs.Ingest.Reading;

/// <summary>How much an archive or a workbook may hold. Declared sizes can lie, so bytes are counted as they come out.</summary>
/// <param name="Parts">Most members of an archive or parts of a workbook.</param>
/// <param name="Ratio">Most bytes out for one byte in, above <see cref="Free"/>.</param>
/// <param name="InflatedBytes">Most bytes out in all.</param>
internal sealed record InflationLimits(int Parts = 2000, int Ratio = 200, long InflatedBytes = 8L << 30)
{
    /// <summary>Up to so many bytes no ratio is asked for: small files of one value compress without measure.</summary>
    public const long Free = 16 << 20;

    public static readonly InflationLimits Default = new();

    /// <summary>Bytes that may come out of <paramref name="compressed"/> bytes.</summary>
    public long For(long compressed) => Math.Min(InflatedBytes, Math.Max(Free, checked(compressed * Ratio)));
}

/// <summary>Passes on a decompressed stream; ends in a fault where more comes out than may, or where the compressed data is damaged or cut off.</summary>
internal sealed class LimitedStream(Stream inner, long limit, string name, long? expected, params IDisposable[] owned) : ForwardStream
{
    private long count;

    public override long Position { get => count; set => throw new NotSupportedException(); }

    public override int Read(Span<byte> buffer)
    {
        int read;
        try
        {
            read = inner.Read(buffer);
        }
        catch (Exception fault) when (fault is InvalidDataException or EndOfStreamException)
        {
            throw Damaged(name, fault);
        }
        count += read;
        if (count > limit)
        {
            throw PipelineFault.Failed(
                $"'{name}' 解压后超过 {limit >> 20} MiB，超出允许的压缩比，疑为压缩炸弹，已停止读取。请核对来源，或先自行解压。",
                $"'{name}' inflates past {limit >> 20} MiB, more than its compressed size allows: it may be a bomb, and was not read on. Check where it comes from, or unpack it yourself.");
        }
        if (read == 0 && !buffer.IsEmpty && expected is long whole && count != whole)
        {
            throw Damaged(name, null);
        }
        return read;
    }

    public static PipelineFault Damaged(string name, Exception? cause) => PipelineFault.Failed(
        $"'{name}' 的压缩数据已损坏或不完整（可能未传输完）。请重新获取该文件；未读入任何内容。",
        $"The compressed data of '{name}' is damaged or cut off (a transfer that did not finish?). Get the file again; nothing of it was taken in.",
        cause);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
            foreach (IDisposable thing in owned)
            {
                thing.Dispose();
            }
        }
        base.Dispose(disposing);
    }
}
