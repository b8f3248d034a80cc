using System.Buffers;
using System.Runtime.InteropServices;

namespace Pipeline.Models.Classification;

internal sealed partial class Neighbours
{
    /// <summary>Writes the view, the rows as they are packed, the class of each row in each head and the rows' weights.</summary>
    public void Write(ArrayBufferWriter<byte> output)
    {
        LinearTextModel.WriteBlock(output, MemoryMarshal.AsBytes<float>([.. Enumerable.Range(0, FeatureView.Groups).Select(g => View[g])]));
        LinearTextModel.WriteBlock(output, MemoryMarshal.AsBytes<int>([Matrix.Rows]));
        for (int row = 0; row < Matrix.Rows; row += FeatureMatrix.BlockRows)
        {
            FeatureBlock block = Matrix.BlockOf(row);
            LinearTextModel.WriteBlock(output, MemoryMarshal.AsBytes<ushort>(block.Codes.AsSpan(0, block.Starts[^1])));
            LinearTextModel.WriteBlock(output, MemoryMarshal.AsBytes<int>([.. block.Starts.Select((s, i) => i == 0 ? s : s - block.Starts[i - 1])]));
        }
        LinearTextModel.WriteBlock(output, MemoryMarshal.AsBytes<short>([.. Targets.SelectMany(t => t.Select(c => (short)c))]));
        LinearTextModel.WriteBlock(output, MemoryMarshal.AsBytes<float>(RowWeights ?? []));
    }

    /// <exception cref="ArgumentException">The parts do not fit each other.</exception>
    public static Neighbours Read(ref ReadOnlySpan<byte> content, Vocabulary vocabulary, ClassLayout layout)
    {
        float[] view = MemoryMarshal.Cast<byte, float>(LinearTextModel.ReadBlock(ref content)).ToArray();
        int rows = MemoryMarshal.Read<int>(LinearTextModel.ReadBlock(ref content));
        if (view.Length != FeatureView.Groups || rows < 1)
        {
            throw new ArgumentException($"{rows} neighbours under a view of {view.Length} groups");
        }
        FeatureBlock[] blocks = new FeatureBlock[(rows + FeatureMatrix.BlockRows - 1) / FeatureMatrix.BlockRows];
        for (int number = 0; number < blocks.Length; number++)
        {
            ushort[] codes = MemoryMarshal.Cast<byte, ushort>(LinearTextModel.ReadBlock(ref content)).ToArray();
            int[] starts = MemoryMarshal.Cast<byte, int>(LinearTextModel.ReadBlock(ref content)).ToArray();
            int own = Math.Min(FeatureMatrix.BlockRows, rows - (number * FeatureMatrix.BlockRows));
            if (starts.Length != (own * FeatureBlock.RunsOfRow) + 1)
            {
                throw new ArgumentException($"{starts.Length} starts for {own} packed texts");
            }
            for (int i = 1; i < starts.Length; i++)
            {
                starts[i] += starts[i - 1];
            }
            blocks[number] = new FeatureBlock(codes, starts);
            blocks[number].Measure(vocabulary);
        }
        ReadOnlySpan<short> classes = MemoryMarshal.Cast<byte, short>(LinearTextModel.ReadBlock(ref content));
        float[] weights = MemoryMarshal.Cast<byte, float>(LinearTextModel.ReadBlock(ref content)).ToArray();
        if (classes.Length != rows * layout.Heads || (weights.Length != 0 && weights.Length != rows))
        {
            throw new ArgumentException($"{classes.Length} classes and {weights.Length} weights for {rows} neighbours and {layout.Heads} heads");
        }
        int[][] targets = new int[layout.Heads][];
        for (int head = 0; head < layout.Heads; head++)
        {
            targets[head] = new int[rows];
            for (int row = 0; row < rows; row++)
            {
                int target = classes[(head * rows) + row];
                targets[head][row] = target >= -1 && target < layout.Count(head) ? target : throw new ArgumentException($"class {target} of head {head}");
            }
        }
        return new Neighbours(
            new FeatureMatrix(blocks, rows, vocabulary), new FeatureView(view[0], view[1], view[2], view[3]), targets, layout,
            weights.Length == 0 ? null : weights);
    }
}
