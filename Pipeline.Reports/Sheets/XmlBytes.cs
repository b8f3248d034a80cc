using System.Buffers.Text;
using System.Text;

namespace Pipeline.Reports.Sheets;

/// <summary>Writes XML straight as UTF-8 through one buffer; the cells of a large sheet never stand in memory.</summary>
internal sealed class XmlBytes(Stream target)
{
    private const int Room = 64;
    private readonly byte[] buffer = new byte[64 * 1024];
    private int used;

    /// <summary>Writes markup as it is.</summary>
    public XmlBytes Raw(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > buffer.Length - used)
        {
            Flush();
            if (utf8.Length > buffer.Length)
            {
                target.Write(utf8);
                return this;
            }
        }
        utf8.CopyTo(buffer.AsSpan(used));
        used += utf8.Length;
        return this;
    }

    /// <summary>Writes markup as it is.</summary>
    public XmlBytes Raw(string markup) => Chars(markup);

    private XmlBytes Chars(ReadOnlySpan<char> rest)
    {
        while (rest.Length > 0)
        {
            int take = Math.Min(rest.Length, (buffer.Length / 4) - 1);
            if (take < rest.Length && char.IsHighSurrogate(rest[take - 1]))
            {
                take--;
            }
            Reserve(take * 3);
            used += Encoding.UTF8.GetBytes(rest[..take], buffer.AsSpan(used));
            rest = rest[take..];
        }
        return this;
    }

    /// <summary>Writes text with the characters escaped that markup is made of.</summary>
    public XmlBytes Text(string text)
    {
        ReadOnlySpan<char> rest = text;
        while (rest.Length > 0)
        {
            int plain = rest.IndexOfAny("&<>\"");
            if (plain != 0)
            {
                Chars(rest[..(plain < 0 ? rest.Length : plain)]);
            }
            if (plain < 0)
            {
                break;
            }
            Raw(rest[plain] switch { '&' => "&amp;"u8, '<' => "&lt;"u8, '>' => "&gt;"u8, _ => "&quot;"u8 });
            rest = rest[(plain + 1)..];
        }
        return this;
    }

    public XmlBytes Number(long value)
    {
        Reserve(Room);
        Utf8Formatter.TryFormat(value, buffer.AsSpan(used), out int written);
        used += written;
        return this;
    }

    public XmlBytes Number(decimal value)
    {
        Reserve(Room);
        Utf8Formatter.TryFormat(value, buffer.AsSpan(used), out int written);
        used += written;
        return this;
    }

    public void Flush()
    {
        target.Write(buffer, 0, used);
        used = 0;
    }

    private void Reserve(int bytes)
    {
        if (bytes > buffer.Length - used)
        {
            Flush();
        }
    }
}
