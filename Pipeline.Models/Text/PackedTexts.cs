using System.Collections;
using System.Runtime.InteropServices;

namespace Pipeline.Models.Text;

/// <summary>
/// Many texts in little room: the 223 commonest characters of the first <see cref="Sampled"/> texts take one byte, the next 8,192 two, others
/// three. A text is unpacked anew each time that it is asked for. Texts are added by one thread; after <see cref="Seal"/> any number reads.
/// </summary>
public sealed class PackedTexts : IReadOnlyList<string>
{
    /// <summary>Texts by which the commonest characters are known.</summary>
    private const int Sampled = 2_000;

    private const int OneByte = 223;
    private const int Leads = 32;
    private const byte Escape = 255;
    private const int ChunkBits = 20;
    private const int ChunkBytes = 1 << ChunkBits;

    private readonly List<string> first = [];
    private readonly List<byte[]> chunks = [];
    private readonly List<ulong> starts = [];
    private readonly ushort[] codes = new ushort[char.MaxValue + 1];
    private readonly char[] characters = new char[OneByte + (Leads * 256)];
    private int used = ChunkBytes;
    private bool isSealed;

    public int Count => starts.Count + first.Count;

    /// <value>Bytes that the packed texts take.</value>
    public long Bytes => chunks.Sum(c => (long)c.Length) + ((long)starts.Count * sizeof(ulong));

    /// <exception cref="InvalidOperationException">They are not sealed yet.</exception>
    public string this[int index] => isSealed
        ? Unpack(starts[index])
        : throw new InvalidOperationException("texts are read when all were added");

    /// <summary>Adds a text.</summary>
    /// <returns>Its place.</returns>
    public int Add(string text)
    {
        if (isSealed)
        {
            throw new InvalidOperationException("all texts were added");
        }
        if (starts.Count > 0)
        {
            starts.Add(Pack(text));
            return starts.Count - 1;
        }
        first.Add(text);
        if (first.Count < Sampled)
        {
            return first.Count - 1;
        }
        PackFirst();
        return starts.Count - 1;
    }

    /// <summary>All texts were added.</summary>
    public PackedTexts Seal()
    {
        PackFirst();
        isSealed = true;
        if (chunks.Count > 0)
        {
            chunks[^1] = chunks[^1].AsSpan(0, Math.Min(used, chunks[^1].Length)).ToArray();
        }
        return this;
    }

    public IEnumerator<string> GetEnumerator() => Enumerable.Range(0, Count).Select(i => this[i]).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private void PackFirst()
    {
        if (first.Count == 0)
        {
            return;
        }
        int[] seen = new int[char.MaxValue + 1];
        foreach (string text in first)
        {
            foreach (char c in text)
            {
                seen[c]++;
            }
        }
        // Code 0 stands for a character that has none.
        int code = 0;
        foreach (int c in Enumerable.Range(0, seen.Length).Where(c => seen[c] > 0).OrderByDescending(c => seen[c]).ThenBy(c => c).Take(characters.Length))
        {
            characters[code] = (char)c;
            codes[c] = (ushort)(++code);
        }
        foreach (string text in first)
        {
            starts.Add(Pack(text));
        }
        first.Clear();
    }

    /// <summary>Appends a text.</summary>
    /// <returns>Where it begins: number of the chunk, place in it, and length in characters.</returns>
    private ulong Pack(string text)
    {
        int most = checked(text.Length * 3);
        if (used + most > ChunkBytes)
        {
            if (chunks.Count > 0)
            {
                // What the last text might have needed and did not is given back.
                chunks[^1] = chunks[^1].Length == used ? chunks[^1] : chunks[^1].AsSpan(0, Math.Min(used, chunks[^1].Length)).ToArray();
            }
            chunks.Add(new byte[Math.Max(ChunkBytes, most)]);
            used = 0;
        }
        byte[] chunk = chunks[^1];
        int start = used;
        foreach (char c in text)
        {
            int code = codes[c] - 1;
            if (code < 0)
            {
                chunk[used++] = Escape;
                chunk[used++] = (byte)(c >> 8);
                chunk[used++] = (byte)(c & 0xFF);
            }
            else if (code < OneByte)
            {
                chunk[used++] = (byte)code;
            }
            else
            {
                chunk[used++] = (byte)(OneByte + ((code - OneByte) >> 8));
                chunk[used++] = (byte)((code - OneByte) & 0xFF);
            }
        }
        return ((ulong)(chunks.Count - 1) << 48) | ((ulong)start << 28) | checked((uint)text.Length);
    }

    private string Unpack(ulong start)
    {
        int length = (int)(start & ((1UL << 28) - 1));
        return string.Create(length, (Packed: this, Start: start), static (into, from) =>
        {
            ReadOnlySpan<byte> bytes = CollectionsMarshal.AsSpan(from.Packed.chunks)[(int)(from.Start >> 48)];
            int at = (int)((from.Start >> 28) & (ChunkBytes - 1));
            char[] characters = from.Packed.characters;
            for (int i = 0; i < into.Length; i++)
            {
                byte code = bytes[at++];
                if (code < OneByte)
                {
                    into[i] = characters[code];
                }
                else if (code < Escape)
                {
                    into[i] = characters[OneByte + ((code - OneByte) << 8) + bytes[at++]];
                }
                else
                {
                    into[i] = (char)((bytes[at] << 8) | bytes[at + 1]);
                    at += 2;
                }
            }
        });
    }
}

/// <summary>A text that may be packed with others: unpacked when it is asked for.</summary>
public readonly struct KeptText
{
    private readonly object? kept; // the text, or the texts that it is one of
    private readonly int index;

    private KeptText(object? kept, int index) => (this.kept, this.index) = (kept, index);

    /// <summary>The text.</summary>
    public string Value => kept as string ?? (kept as PackedTexts)?[index] ?? "";

    /// <summary>A text of <paramref name="texts"/>, by its place.</summary>
    public static KeptText Of(PackedTexts texts, int index) => new(texts, index);

    /// <summary>A text as it is.</summary>
    public static KeptText From(string text) => new(text, 0);

    public static implicit operator KeptText(string text) => From(text);

    public override string ToString() => Value;
}

/// <summary>Texts that are made each time that they are asked for, so that none of them is kept.</summary>
public sealed class MadeTexts(int count, Func<int, string> make) : IReadOnlyList<string>
{
    public int Count => count;

    public string this[int index] => make(index);

    public IEnumerator<string> GetEnumerator() => Enumerable.Range(0, count).Select(make).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
