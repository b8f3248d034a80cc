using System.Buffers.Binary;
using System.Text;
using Pipeline.Jobs.Privacy;
using Pipeline.Models.Complainants;

namespace Pipeline.Jobs.Complainants;

/// <summary>What keys and values look like where they are kept: 64 bits of a keyed hash, the last seven of a key telling its space.</summary>
internal sealed class LinkSigns
{
    private const string Kind = "match";
    private const long SpaceBits = 0x7F;

    private readonly KeyRing keys;
    private readonly byte[] source;

    internal LinkSigns(KeyRing keys, string source)
    {
        this.keys = keys;
        this.source = Encoding.UTF8.GetBytes(source);
    }

    internal long Key(LinkKey key) => (Sign(key.Space, key.Hash) & ~SpaceBits) | (long)key.Space;

    /// <summary>The space and index of a kept key; its hash is not known.</summary>
    internal static LinkKey Space(long key) => new((int)(key & SpaceBits), 0);

    /// <summary>Sign of a field's value, for the weights.</summary>
    internal ulong Value(int field, ulong hash) => unchecked((ulong)Sign(-1 - field, hash));

    /// <summary>Sign of how a name sounds; 0 where there is none.</summary>
    internal long Sound(ulong hash) => hash == 0 ? 0 : Sign(int.MinValue, hash);

    /// <summary>A keyed hash of what a complaint shows of its person.</summary>
    internal byte[] Digest(StandingLink row)
    {
        StringBuilder text = new();
        ComplainantEvidence shown = row.Evidence;
        text.Append(shown.CaseNumber).Append('\n').Append(shown.Received.DayNumber).Append('\n').Append(shown.Name).Append(shown.Identity);
        foreach (EvidenceToken phone in shown.Phones)
        {
            text.Append('\n').Append(phone);
        }
        text.Append('\n').Append(shown.Email).Append(shown.Account).Append('\n').Append(shown.BirthYear).Append('\n').Append(shown.Gender);
        foreach (string cell in row.Shown)
        {
            text.Append('\n').Append(cell.Length).Append(':').Append(cell);
        }
        return keys.Token(Kind, Encoding.UTF8.GetBytes(text.ToString()));
    }

    private long Sign(int space, ulong hash)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int) + sizeof(ulong) + source.Length];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, space);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[sizeof(int)..], hash);
        source.CopyTo(bytes[(sizeof(int) + sizeof(ulong))..]);
        return BinaryPrimitives.ReadInt64LittleEndian(keys.Token(Kind, bytes));
    }
}
