using System.Numerics;

namespace Pipeline.Models.Classification;

/// <summary>Puts many short lists of numbers in ascending order: byte by byte from the lowest (Knuth, volume 3, 5.2.5, algorithm R). Serves one thread.</summary>
/// <param name="above">All numbers are below this.</param>
internal sealed class AscendingSort(uint above)
{
    private const int WorthIt = 128; // below, clearing the counters costs more than comparing

    private readonly int bytes = Math.Max(1, (BitOperations.Log2(Math.Max(1, above - 1)) / 8) + 1);
    private readonly int[] counters = new int[256];
    private uint[] scratch = [];

    public void Sort(Span<uint> numbers)
    {
        if (numbers.Length < WorthIt)
        {
            numbers.Sort();
            return;
        }
        if (scratch.Length < numbers.Length)
        {
            scratch = new uint[numbers.Length * 2];
        }
        Span<uint> from = numbers;
        Span<uint> to = scratch.AsSpan(0, numbers.Length);
        for (int shift = 0; shift < bytes * 8; shift += 8)
        {
            Pass(from, to, shift);
            Span<uint> other = from;
            from = to;
            to = other;
        }
        if (bytes % 2 == 1)
        {
            from.CopyTo(numbers);
        }
    }

    private void Pass(ReadOnlySpan<uint> from, Span<uint> to, int shift)
    {
        Array.Clear(counters);
        foreach (uint number in from)
        {
            counters[(int)(number >> shift & 0xFF)]++;
        }
        int next = 0;
        foreach (ref int counter in counters.AsSpan())
        {
            (counter, next) = (next, next + counter);
        }
        foreach (uint number in from)
        {
            to[counters[(int)(number >> shift & 0xFF)]++] = number;
        }
    }
}
