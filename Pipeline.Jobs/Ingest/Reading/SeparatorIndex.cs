using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Pipeline.Jobs.Ingest.Reading;

/// <summary>
/// The places of the characters that can end or quote a cell, found for a whole buffer at once: the parser then steps from one to the next
/// instead of looking at every character.
/// </summary>
internal sealed class SeparatorIndex(char delimiter, char quote)
{
    private int[] places = new int[1024];

    public int Count { get; private set; }

    public ReadOnlySpan<int> Places => places.AsSpan(0, Count);

    public void Build(ReadOnlySpan<char> text)
    {
        if (places.Length < text.Length + Vector256<ushort>.Count)
        {
            places = new int[text.Length + Vector256<ushort>.Count];
        }
        unchecked
        {
            Span<int> found = places;
            int count = 0;
            int i = 0;
            if (Vector256.IsHardwareAccelerated)
            {
                Vector256<ushort> delimiters = Vector256.Create((ushort)delimiter);
                Vector256<ushort> quotes = Vector256.Create((ushort)quote);
                Vector256<ushort> lineFeeds = Vector256.Create((ushort)'\n');
                Vector256<ushort> carriageReturns = Vector256.Create((ushort)'\r');
                ref ushort first = ref MemoryMarshal.GetReference(MemoryMarshal.Cast<char, ushort>(text));
                for (; i <= text.Length - Vector256<ushort>.Count; i += Vector256<ushort>.Count)
                {
                    Vector256<ushort> block = Vector256.LoadUnsafe(ref first, (nuint)i);
                    Vector256<ushort> hits = Vector256.Equals(block, delimiters) | Vector256.Equals(block, quotes)
                        | Vector256.Equals(block, lineFeeds) | Vector256.Equals(block, carriageReturns);
                    uint mask = hits.ExtractMostSignificantBits();
                    while (mask != 0)
                    {
                        found[count++] = i + BitOperations.TrailingZeroCount(mask);
                        mask &= mask - 1;
                    }
                }
            }
            for (; i < text.Length; i++)
            {
                char character = text[i];
                if (character == delimiter || character == quote || character is '\n' or '\r')
                {
                    found[count++] = i;
                }
            }
            Count = count;
        }
    }

    /// <summary>Number of the first place at or behind <paramref name="position"/>.</summary>
    public int From(int position)
    {
        int at = Array.BinarySearch(places, 0, Count, position);
        return at < 0 ? ~at : at;
    }
}
