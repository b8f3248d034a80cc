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

    internal static ulong Combine(ulong seed, ulong value) => Mix(unchecked(seed * 31) ^ Mix(value));

    /// <summary>A whole number in [0, <paramref name="below"/>) from a hash.</summary>
    internal static int Below(ulong hash, int below) => (int)Math.BigMul(hash, (ulong)below, out _);
}
