using System.IO.Compression;

namespace Pipeline.Jobs.Ingest.Reading;

/// <summary>
/// Inflates gzip and notices where it is cut off, which GZipStream does not (it ends as if the file did, .NET 10). Behind the file's bytes stands a small gzip
/// member of our own: only a file that is whole lets it be inflated as the last thing. Several members one behind the other are read as one.
/// </summary>
internal sealed class WholeGzipStream : ForwardStream
{
    private static readonly byte[] Seal = [.. "\u0001end of a whole file\u0002"u8];
    private static readonly byte[] SealMember = Compress(Seal);

    private readonly Stream inner;
    private readonly byte[] buffer = new byte[64 * 1024];
    private int begin;
    private int end;
    private bool finished;

    public WholeGzipStream(Stream compressed) => inner = new GZipStream(new Followed(compressed, SealMember), CompressionMode.Decompress);

    /// <exception cref="InvalidDataException">The file ends before its compressed data do, or they are damaged.</exception>
    public override int Read(Span<byte> target)
    {
        // As many bytes as the seal has are always kept back, for they may be the seal.
        while (end - begin <= Seal.Length && !finished)
        {
            buffer.AsSpan(begin, end - begin).CopyTo(buffer);
            end -= begin;
            begin = 0;
            int read = inner.Read(buffer.AsSpan(end));
            finished = read == 0;
            end += read;
        }
        int ready = end - begin - Seal.Length;
        if (finished && (ready < 0 || !buffer.AsSpan(end - Seal.Length, Seal.Length).SequenceEqual(Seal)))
        {
            throw new InvalidDataException("The gzip file is cut off.");
        }
        int given = Math.Min(ready, target.Length);
        buffer.AsSpan(begin, given).CopyTo(target);
        begin += given;
        return given;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }
        base.Dispose(disposing);
    }

    private static byte[] Compress(byte[] content)
    {
        using MemoryStream stream = new();
        using (GZipStream gzip = new(stream, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(content);
        }
        return stream.ToArray();
    }

    /// <summary>A stream and behind it some bytes.</summary>
    private sealed class Followed(Stream first, byte[] tail) : ForwardStream
    {
        private int given;

        public override int Read(Span<byte> target)
        {
            int read = given == 0 ? first.Read(target) : 0;
            if (read == 0)
            {
                read = Math.Min(tail.Length - given, target.Length);
                tail.AsSpan(given, read).CopyTo(target);
                given += read;
            }
            return read;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                first.Dispose();
            }
            base.Dispose(disposing);
        }
    }
}
