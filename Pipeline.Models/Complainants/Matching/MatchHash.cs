namespace Pipeline.Models.Complainants.Matching;

/// <summary>A stated 64-bit hash (SplitMix64, Steele, Lea and Flood 2014): the same on every machine and in every process.</summary>
internal static class MatchHash
{
    internal static ulong Mix(ulong value)
    {
        unchecked
        {
            value += 0x9E3779B97F4A7C15UL;
            value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9UL;
            value = (value ^ (value >> 27)) * 0x94D049BB133111EBUL;
            return value ^ (value >> 31);
        }
    }

    /// <summary>FNV-1a over the characters, then mixed; never 0.</summary>
    internal static ulong OfText(ReadOnlySpan<char> text)
    {
        ulong hash = 0xCBF29CE484222325UL;
        foreach (char c in text)
        {
            hash = unchecked((hash ^ c) * 0x100000001B3UL);
        }
        return Mix(hash) is not 0 and ulong mixed ? mixed : 1;
    }

    internal static ulong Combine(ulong seed, ulong value) => Mix(unchecked(seed * 31) ^ Mix(value));

    /// <summary>A whole number in [0, <paramref name="below"/>) from a hash.</summary>
    internal static int Below(ulong hash, int below) => (int)Math.BigMul(hash, (ulong)below, out _);
}
