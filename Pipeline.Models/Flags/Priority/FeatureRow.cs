namespace Pipeline.Models.Flags.Priority;

/// <summary>A row of features of which most are nought: those that are not.</summary>
/// <param name="Columns">Ascending, each once.</param>
/// <param name="Values">Of the same length.</param>
public readonly record struct FeatureRow(int[] Columns, double[] Values)
{
    public static FeatureRow Of(double[] row)
    {
        int[] columns = [.. Enumerable.Range(0, row.Length).Where(j => row[j] != 0)];
        return new FeatureRow(columns, [.. columns.Select(j => row[j])]);
    }

    /// <summary>The weighted sum in the order of the columns.</summary>
    /// <param name="weights">One for each column, then the intercept.</param>
    public double Sum(double[] weights)
    {
        double sum = weights[^1];
        for (int i = 0; i < Columns.Length; i++)
        {
            sum += weights[Columns[i]] * Values[i];
        }
        return sum;
    }
}
