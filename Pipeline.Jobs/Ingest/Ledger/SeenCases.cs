using System.Runtime.InteropServices;

namespace Pipeline.Jobs.Ingest.Ledger;

/// <summary>
/// Which case numbers a load has met, in bounded memory: a Bloom filter (Bloom 1970) of 2^26 bits, 8 MB. "No" is certain; "yes" is
/// checked in the database. With four probes a million case numbers give about one wrong "yes" in 100,000.
/// </summary>
public sealed class SeenCases
{
    private const int Bits = 1 << 26;
    private const int Probes = 4;

    private readonly ulong[] words = new ulong[Bits / 64];

    /// <summary>Notes <paramref name="caseNumber"/>; false where it is certain that it was not noted before.</summary>
    public bool Add(string caseNumber)
    {
        ulong hash = Hash(MemoryMarshal.AsBytes(caseNumber.AsSpan()));
        uint step = (uint)(hash >> 32) | 1;
        uint position = unchecked((uint)hash);
        bool seen = true;
        for (int i = 0; i < Probes; i++)
        {
            uint bit = position % Bits;
            ulong mask = 1UL << (int)(bit % 64);
            seen &= (words[bit / 64] & mask) != 0;
            words[bit / 64] |= mask;
            position = unchecked(position + step);
        }
        return seen;
    }

    /// <summary>FNV-1a over the UTF-16 bytes, then the finaliser of MurmurHash3: the low bits must differ too.</summary>
    private static ulong Hash(ReadOnlySpan<byte> bytes)
    {
        unchecked
        {
            ulong hash = 14695981039346656037;
            foreach (byte b in bytes)
            {
                hash = (hash ^ b) * 1099511628211;
            }
            hash = (hash ^ (hash >> 33)) * 0xFF51AFD7ED558CCD;
            hash = (hash ^ (hash >> 33)) * 0xC4CEB9FE1A85EC53;
            return hash ^ (hash >> 33);
        }
    }
}
