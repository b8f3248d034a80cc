using System.Runtime.InteropServices;

namespace Pipeline.Models.Classification;

/// <summary>
/// Steps of weights two a byte, for tables whose steps are all multiples of 16 (the last one 127), as those of a model with one very large head: such a table
/// is half as long to pack and unpack, on all processors. A half byte holds a level from −8 to 7; where the level is 8, the cell is listed beside.
/// </summary>
internal static class CoarseSteps
{
    private const int Grain = 16;
    private const int Block = 1 << 16;

    private static readonly ushort[] Pairs = [.. Enumerable.Range(0, 256).Select(pair => Pair(Step(pair << 28 >> 28), Step(pair << 24 >> 28)))];

    /// <returns>False where a step is no level.</returns>
    /// <param name="steps">An even number.</param>
    public static bool TryPack(ReadOnlySpan<sbyte> steps, out byte[] pairs, out int[] highest)
    {
        pairs = [];
        highest = [];
        foreach (sbyte step in steps)
        {
            if (Step(LevelOf(step)) != step)
            {
                return false;
            }
        }
        pairs = new byte[steps.Length / 2];
        List<int> cells = [];
        for (int cell = 0; cell < steps.Length; cell++)
        {
            int level = LevelOf(steps[cell]);
            if (level == 8)
            {
                cells.Add(cell);
                level = 7;
            }
            pairs[cell / 2] |= (byte)((level & 15) << (cell % 2 * 4));
        }
        highest = [.. cells];
        return true;
    }

    /// <exception cref="ArgumentException">A listed cell does not exist.</exception>
    public static sbyte[] Unpack(ReadOnlyMemory<byte> pairs, ReadOnlySpan<int> highest)
    {
        sbyte[] steps = GC.AllocateUninitializedArray<sbyte>(2 * pairs.Length);
        Parallel.For(0, (pairs.Length + Block - 1) / Block, number =>
        {
            int first = number * Block;
            ReadOnlySpan<byte> own = pairs.Span[first..Math.Min(pairs.Length, first + Block)];
            Span<ushort> two = MemoryMarshal.Cast<sbyte, ushort>(steps.AsSpan(2 * first, 2 * own.Length));
            for (int i = 0; i < own.Length; i++)
            {
                two[i] = Pairs[own[i]];
            }
        });
        foreach (int cell in highest)
        {
            steps[cell >= 0 && cell < steps.Length ? cell : throw new ArgumentException($"cell {cell} of {steps.Length} weights")] = WeightTable.Largest;
        }
        return steps;
    }

    /// <summary>Two steps as they follow each other in memory.</summary>
    private static ushort Pair(sbyte first, sbyte second) => MemoryMarshal.Read<ushort>([unchecked((byte)first), unchecked((byte)second)]);

    private static int LevelOf(sbyte step) => (int)MathF.Round(step / (float)Grain);

    private static sbyte Step(int level) => (sbyte)Math.Clamp(level * Grain, -WeightTable.Largest, WeightTable.Largest);
}
