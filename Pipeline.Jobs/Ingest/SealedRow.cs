using System.Buffers.Binary;
using System.Collections;
using System.Text;

namespace Pipeline.Jobs.Ingest;

/// <summary>
/// The content of the column <c>complaint.sealed</c>: what may identify a person, and every non-empty column of the export that no
/// canonical field takes. An ordered set of names and values; empty values are not held.
/// </summary>
/// <remarks>
/// Written as: one byte version (1), then per entry the name and the value, each as a four-byte little-endian length in bytes and UTF-8.
/// Sealed with <c>KeyRing.Seal(row.Write(), SealedRow.Place(source, caseNumber))</c>.
/// </remarks>
public sealed class SealedRow : IEnumerable<KeyValuePair<string, string>>
{
    public const string Name = "name";
    public const string IdentityNumber = "identity_number";
    public const string PhoneContact = "phone_contact";
    public const string PhoneReply = "phone_reply";
    public const string PhoneReserved = "phone_reserved";
    public const string Email = "email";
    public const string Account = "account";
    public const string Address = "address";
    public const string Narrative = "narrative";

    /// <summary>Before the name of a canonical field whose value was set aside with a warning: the value as it came.</summary>
    public const string SetAsidePrefix = "set_aside:";

    private const byte Version = 1;

    private readonly List<KeyValuePair<string, string>> entries = [];

    public int Count => entries.Count;

    /// <summary>The value of <paramref name="field"/>, or null where the row has none.</summary>
    public string? this[string field]
    {
        get
        {
            foreach (KeyValuePair<string, string> entry in entries)
            {
                if (entry.Key == field)
                {
                    return entry.Value;
                }
            }
            return null;
        }
    }

    /// <summary>The name under which an unmapped column is held.</summary>
    /// <param name="number">1-based position of the column.</param>
    public static string ColumnName(int number, string header) => $"column:{number}:{header}";

    /// <summary>The 1-based position in a name made by <see cref="ColumnName"/>.</summary>
    /// <exception cref="InvalidDataException">The name was not made by it.</exception>
    public static int ColumnNumber(string name)
    {
        string[] parts = name.Split(':', 3);
        return parts is ["column", string number, _] && int.TryParse(number, out int position) && position >= 1
            ? position
            : throw new InvalidDataException("a sealed row of cells holds a name that is no column");
    }

    /// <summary>What the sealed value is bound to; a value moved to another complaint is refused on opening.</summary>
    public static string Place(string source, string caseNumber) => string.Concat("complaint|", source, "|", caseNumber);

    /// <summary>Adds a value; an empty one is left out.</summary>
    public void Add(string field, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            entries.Add(new KeyValuePair<string, string>(field, value));
        }
    }

    public byte[] Write()
    {
        int size = 1;
        foreach ((string field, string value) in entries)
        {
            size += 8 + Encoding.UTF8.GetByteCount(field) + Encoding.UTF8.GetByteCount(value);
        }
        byte[] bytes = new byte[size];
        bytes[0] = Version;
        int position = 1;
        foreach ((string field, string value) in entries)
        {
            position = Put(bytes, position, field);
            position = Put(bytes, position, value);
        }
        return bytes;
    }

    /// <exception cref="InvalidDataException">The bytes are not a sealed row of this program.</exception>
    public static SealedRow Read(byte[] bytes)
    {
        if (bytes.Length == 0 || bytes[0] != Version)
        {
            throw new InvalidDataException("not a sealed row: the first byte is not its version, 1");
        }
        SealedRow row = new();
        int position = 1;
        while (position < bytes.Length)
        {
            string field = Take(bytes, ref position);
            row.entries.Add(new KeyValuePair<string, string>(field, Take(bytes, ref position)));
        }
        return row;
    }

    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => entries.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static int Put(byte[] bytes, int position, string text)
    {
        int length = Encoding.UTF8.GetBytes(text, bytes.AsSpan(position + 4));
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(position), length);
        return position + 4 + length;
    }

    private static string Take(byte[] bytes, ref int position)
    {
        if (bytes.Length - position < 4)
        {
            throw new InvalidDataException("a sealed row ends inside a length");
        }
        int length = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(position));
        if (length < 0 || length > bytes.Length - position - 4)
        {
            throw new InvalidDataException("a sealed row ends inside a value");
        }
        string text = Encoding.UTF8.GetString(bytes, position + 4, length);
        position += 4 + length;
        return text;
    }
}
