namespace Pipeline.Models.Text;

/// <summary>Rows in disjoint sets. The lowest row of a set is its root, so that sets do not depend on the order of joining.</summary>
/// <param name="rows">Each row begins as a set of its own.</param>
internal sealed class RowSets(int rows)
{
    private readonly int[] parent = [.. Enumerable.Range(0, rows)];

    public int Root(int row)
    {
        while (parent[row] != row)
        {
            parent[row] = parent[parent[row]];
            row = parent[row];
        }
        return row;
    }

    public void Join(int first, int second)
    {
        first = Root(first);
        second = Root(second);
        parent[Math.Max(first, second)] = Math.Min(first, second);
    }

    /// <summary>The root of each row.</summary>
    public int[] Roots() => [.. parent.Select((_, row) => Root(row))];
}
