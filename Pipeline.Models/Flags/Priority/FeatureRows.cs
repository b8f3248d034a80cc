namespace Pipeline.Models.Flags.Priority;

/// <summary>
/// Rows of features of which most are nought, in groups that share a part: a complaint that is shown on several days is a group, and what does not change
/// of it is kept, summed and multiplied once. What a row has beside the shared part is of columns that hold one value or nought.
/// </summary>
public sealed class FeatureRows
{
    private readonly List<int> groupEnds = []; // of the rows
    private readonly List<int> sharedEnds = []; // of the shared values of a group
    private readonly List<int> sharedColumns = [];
    private readonly List<double> sharedValues = [];
    private readonly List<int> ownEnds = []; // of the own columns of a row
    private readonly List<ushort> ownColumns = [];
    private readonly double[] ownValues;

    /// <param name="ownValues">For each column the value that it has where a row shows it beside the shared part.</param>
    public FeatureRows(double[] ownValues) => this.ownValues = ownValues;

    public int Columns => ownValues.Length;

    public int Count => ownEnds.Count;

    public int Groups => groupEnds.Count;

    /// <summary>Begins a group with the part that its rows share; the rows follow.</summary>
    /// <param name="columns">Each once; no row of the group shows one of them besides.</param>
    public void Begin(ReadOnlySpan<int> columns, ReadOnlySpan<double> values)
    {
        sharedColumns.AddRange(columns);
        sharedValues.AddRange(values);
        sharedEnds.Add(sharedColumns.Count);
        groupEnds.Add(Count);
    }

    /// <summary>Adds a row to the group that was begun last.</summary>
    /// <param name="columns">Beside the shared ones, each once.</param>
    public void Add(ReadOnlySpan<ushort> columns)
    {
        ownColumns.AddRange(columns);
        ownEnds.Add(ownColumns.Count);
        groupEnds[^1] = Count;
    }

    /// <summary>The rows of a group: the first, and the one behind the last.</summary>
    internal (int From, int To) Rows(int group) => (group == 0 ? 0 : groupEnds[group - 1], groupEnds[group]);

    internal ReadOnlySpan<int> SharedColumns(int group) => Span(sharedColumns)[(group == 0 ? 0 : sharedEnds[group - 1])..sharedEnds[group]];

    internal ReadOnlySpan<double> SharedValues(int group) => Span(sharedValues)[(group == 0 ? 0 : sharedEnds[group - 1])..sharedEnds[group]];

    internal ReadOnlySpan<ushort> Own(int row)
    {
        int from = row == 0 ? 0 : ownEnds[row - 1];
        return Span(ownColumns)[from..ownEnds[row]];
    }

    internal double OwnValue(int column) => ownValues[column];

    /// <summary>The mean of each column.</summary>
    public double[] Means()
    {
        double[] sums = new double[Columns];
        for (int group = 0; group < Groups; group++)
        {
            (int from, int to) = Rows(group);
            ReadOnlySpan<int> columns = SharedColumns(group);
            ReadOnlySpan<double> values = SharedValues(group);
            for (int i = 0; i < columns.Length; i++)
            {
                sums[columns[i]] += values[i] * (to - from);
            }
            for (int row = from; row < to; row++)
            {
                foreach (ushort column in Own(row))
                {
                    sums[column] += ownValues[column];
                }
            }
        }
        return [.. sums.Select(s => s / Count)];
    }

    private static ReadOnlySpan<T> Span<T>(List<T> list) => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(list);
}
