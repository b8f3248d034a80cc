namespace Pipeline.Models.Classification;

/// <summary>Where the classes of all heads stand side by side in a row of weights.</summary>
internal sealed class ClassLayout
{
    /// <summary>Rows of weights are padded to a multiple of this, so that every machine's vectors fit into them.</summary>
    public const int Lanes = 16;

    public ClassLayout(IReadOnlyList<ClassifierHead> heads)
    {
        Offsets = new int[heads.Count + 1];
        for (int head = 0; head < heads.Count; head++)
        {
            Offsets[head + 1] = Offsets[head] + heads[head].Classes.Count;
        }
        Stride = (Offsets[^1] + Lanes - 1) / Lanes * Lanes;
    }

    /// <value>First class of each head; one more at the end.</value>
    public int[] Offsets { get; }

    public int Heads => Offsets.Length - 1;

    /// <value>Classes of all heads together.</value>
    public int Classes => Offsets[^1];

    /// <value>Floats from one row of weights to the next.</value>
    public int Stride { get; }

    public int Count(int head) => Offsets[head + 1] - Offsets[head];
}
