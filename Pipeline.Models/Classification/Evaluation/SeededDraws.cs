namespace Pipeline.Models.Classification.Evaluation;

/// <summary>
/// A stream of numbers that depends on its seed alone: SplitMix64 (Steele, Lea and Flood 2014). Each draw of a bootstrap has a stream of
/// its own, so that draws may be made in any order and by any number of threads.
/// </summary>
public sealed class SeededDraws
{
    private ulong state;

    /// <param name="stream">Number of the draw.</param>
    public SeededDraws(int seed, int stream)
    {
        state = unchecked(((ulong)(uint)seed << 32) | (uint)stream);
        state = NextBits() ^ 0x6A09E667F3BCC909;
    }

    /// <summary>A number from 0 up to, but not including, <paramref name="below"/>.</summary>
    /// <remarks>Multiply and shift: a value is more frequent than another by less than 2^-32 of its share.</remarks>
    public int Next(int below) => (int)(((NextBits() >> 32) * (ulong)below) >> 32);

    private ulong NextBits()
    {
        unchecked
        {
            state += 0x9E3779B97F4A7C15;
            ulong z = state;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }
}
