using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Pipeline.Jobs.Ingest.Profiles;
using Pipeline.Jobs.Privacy;

namespace Pipeline.Jobs.Ingest.Mapping;

/// <summary>
/// The canonical form of a row: what it says, whatever the order of columns, the encoding or the kind of file. Two rows with one
/// canonical form are the same state of a case. Hashed with a key, because it holds personal data.
/// </summary>
public sealed class CanonicalContent
{
    private byte[] bytes = new byte[4096];
    private int length;

    public void Clear() => length = 0;

    /// <summary>Adds a field; an empty value is as if the column were not there.</summary>
    public void Add(CanonicalField field, ReadOnlySpan<char> value)
    {
        if (!value.IsEmpty)
        {
            Reserve(8 + (value.Length * 3));
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(length), (int)field);
            length += 4;
            Put(value);
        }
    }

    public void Add(CanonicalField field, DateOnly date)
    {
        Span<char> text = stackalloc char[10];
        date.TryFormat(text, out _, "yyyy-MM-dd", CultureInfo.InvariantCulture);
        Add(field, text);
    }

    /// <summary>Adds a column that no field takes.</summary>
    public void Add(string header, ReadOnlySpan<char> value)
    {
        if (!value.IsEmpty)
        {
            Reserve(8 + ((header.Length + value.Length) * 3));
            Put(header);
            Put(value);
        }
    }

    public UInt128 Hash(KeyRing keys) => BinaryPrimitives.ReadUInt128BigEndian(keys.Token("content", bytes.AsSpan(0, length)));

    private void Put(ReadOnlySpan<char> text)
    {
        int count = Encoding.UTF8.GetBytes(text, bytes.AsSpan(length + 4));
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(length), count);
        length += 4 + count;
    }

    private void Reserve(int count)
    {
        if (bytes.Length - length < count)
        {
            Array.Resize(ref bytes, Math.Max(bytes.Length * 2, length + count));
        }
    }
}
