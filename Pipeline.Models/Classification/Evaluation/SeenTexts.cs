using System.Runtime.InteropServices;
using Pipeline.Models.Text;

namespace Pipeline.Models.Classification.Evaluation;

/// <summary>
/// Which texts a model was trained on, as 32-bit fingerprints: enough to leave such rows out of a judgement, too little to read a text
/// from. A text that was not trained on is taken for one that was with a probability of (texts / 2^32): 2 in 10,000 for a million.
/// Texts that differ only in width, case, spaces, punctuation and numbers have one fingerprint.
/// </summary>
public sealed class SeenTexts
{
    private readonly HashSet<uint> prints;

    private SeenTexts(HashSet<uint> prints) => this.prints = prints;

    public static SeenTexts Of(IEnumerable<string> texts)
    {
        ShingleReader reader = new();
        return new SeenTexts([.. texts.Select(t => Print(reader, t)).OfType<uint>()]);
    }

    /// <summary>Reads what <see cref="Pack"/> wrote.</summary>
    /// <exception cref="FormatException">Something else.</exception>
    public static SeenTexts Parse(string packed)
    {
        HashSet<uint> prints = [];
        ulong current = 0;
        ulong difference = 0;
        int shift = 0;
        foreach (byte b in Convert.FromBase64String(packed))
        {
            difference |= (ulong)(b & 0x7F) << shift;
            shift += 7;
            if ((b & 0x80) != 0)
            {
                if (shift > 28)
                {
                    throw new FormatException("a fingerprint has more than 32 bits");
                }
                continue;
            }
            current += difference;
            if (current > uint.MaxValue)
            {
                throw new FormatException("a fingerprint has more than 32 bits");
            }
            prints.Add((uint)current);
            (difference, shift) = (0, 0);
        }
        return shift == 0 ? new SeenTexts(prints) : throw new FormatException("the fingerprints are cut short");
    }

    public bool Contains(string text) => Print(new ShingleReader(), text) is { } print && prints.Contains(print);

    /// <summary>For each text whether it was seen.</summary>
    public bool[] Contains(IReadOnlyList<string> texts)
    {
        ShingleReader reader = new();
        return [.. texts.Select(t => Print(reader, t) is { } print && prints.Contains(print))];
    }

    /// <summary>The fingerprints in ascending order as differences of seven bits a byte, in base 64: about 4 characters each.</summary>
    public string Pack()
    {
        List<byte> bytes = new(prints.Count * 4);
        uint before = 0;
        foreach (uint print in prints.Order())
        {
            uint difference = print - before;
            for (; difference >= 0x80; difference >>= 7)
            {
                bytes.Add(unchecked((byte)(difference | 0x80)));
            }
            bytes.Add((byte)difference);
            before = print;
        }
        return Convert.ToBase64String(CollectionsMarshal.AsSpan(bytes));
    }

    private static uint? Print(ShingleReader reader, string text) => reader.Fingerprint(text) is { } print ? (uint)(print >> 32) : null;
}
