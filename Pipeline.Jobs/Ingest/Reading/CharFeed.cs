using System.Text;

namespace Pipeline.Jobs.Ingest.Reading;

/// <summary>
/// Decodes a stream into a buffer of characters that keeps what the reader has not yet passed. NUL characters are left out: they are padding of old
/// systems, no database takes them in text, and no value is told apart by them.
/// </summary>
internal sealed class CharFeed : IDisposable
{
    public const int DefaultCapacity = 64 * 1024;

    private readonly Stream stream;
    private readonly Decoder decoder;
    private readonly byte[] bytes;
    private int markLeft;

    /// <param name="capacity">Characters of the buffer at first, at least 128; tests take little ones so that every boundary is met.</param>
    public CharFeed(Stream stream, TextEncoding encoding, int capacity = DefaultCapacity)
    {
        this.stream = stream;
        decoder = encoding.Decoder();
        markLeft = encoding.MarkLength;
        bytes = new byte[capacity / 4];
        Buffer = new char[capacity];
    }

    /// <summary>A text that is already decoded.</summary>
    public CharFeed(string text)
    {
        stream = Stream.Null;
        decoder = Encoding.UTF8.GetDecoder();
        bytes = [];
        Buffer = text.ToCharArray();
        End = text.Length;
        AtEnd = true;
    }

    public char[] Buffer { get; private set; }

    /// <summary>Characters in the buffer.</summary>
    public int End { get; private set; }

    public bool AtEnd { get; private set; }

    /// <summary>Some characters of the buffer may stand for broken bytes.</summary>
    public bool HoldsBroken { get; private set; }

    /// <summary>Drops what stands before <paramref name="keepFrom"/> and fills up behind the rest; the buffer grows where the rest fills half of it.</summary>
    public void Refill(int keepFrom)
    {
        int kept = End - keepFrom;
        char[] target = kept > Buffer.Length / 2 ? new char[checked(Buffer.Length * 2)] : Buffer;
        Array.Copy(Buffer, keepFrom, target, 0, kept);
        Buffer = target;
        End = kept;
        HoldsBroken = HoldsBroken && Buffer.AsSpan(0, kept).Contains(TextEncoding.Broken);
        // At most one character comes of one byte, and a few that the decoder held back.
        while (!AtEnd && Buffer.Length - End > bytes.Length + 16)
        {
            int read = stream.Read(bytes);
            AtEnd = read == 0;
            int mark = Math.Min(markLeft, read);
            markLeft -= mark;
            End += Decode(bytes.AsSpan(mark, read - mark));
        }
    }

    private int Decode(ReadOnlySpan<byte> fresh)
    {
        Span<char> decoded = Buffer.AsSpan(End);
        decoded = decoded[..decoder.GetChars(fresh, decoded, flush: AtEnd)];
        HoldsBroken |= decoded.Contains(TextEncoding.Broken);
        int write = decoded.IndexOf('\0');
        if (write < 0)
        {
            return decoded.Length;
        }
        foreach (char character in decoded[write..])
        {
            if (character != '\0')
            {
                decoded[write++] = character;
            }
        }
        return write;
    }

    public void Dispose() => stream.Dispose();
}
