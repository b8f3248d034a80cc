using System.Runtime.InteropServices;

namespace Pipeline.Models.Flags.Priority;

/// <summary>Rows of features as numbers, before it is known which of them are seen often enough.</summary>
/// <param name="keepsValues">Whether a feature is more than there or not.</param>
internal sealed class CodedFeatures(bool keepsValues)
{
    private readonly Dictionary<PriorityFeature, int> codes = [];
    private readonly List<int> seen = []; // by code
    private readonly List<int> ends = [];
    private readonly List<int> shown = [];
    private readonly List<double> values = []; // beside the codes

    public int Count => ends.Count;

    public void AddRow(IEnumerable<(PriorityFeature Feature, double Value)> row)
    {
        foreach ((PriorityFeature feature, double value) in row)
        {
            if (!codes.TryGetValue(feature, out int code))
            {
                codes.Add(feature, code = codes.Count);
                seen.Add(0);
            }
            shown.Add(code);
            if (keepsValues)
            {
                values.Add(value);
            }
        }
        ends.Add(shown.Count);
    }

    public ReadOnlySpan<int> Row(int row) => CollectionsMarshal.AsSpan(shown)[(row == 0 ? 0 : ends[row - 1])..ends[row]];

    public ReadOnlySpan<double> Values(int row) => CollectionsMarshal.AsSpan(values)[(row == 0 ? 0 : ends[row - 1])..ends[row]];

    /// <summary>Notes that so many points show the row.</summary>
    public void See(int row, int points)
    {
        foreach (int code in Row(row))
        {
            seen[code] += points;
        }
    }

    /// <summary>The features that at least so many points show.</summary>
    public IEnumerable<PriorityFeature> Often(int fewest) => codes.Where(c => seen[c.Value] >= fewest).Select(c => c.Key);

    /// <summary>By code its column; -1 where it has none.</summary>
    public int[] Places(Dictionary<PriorityFeature, int> places) => [.. codes.Select(c => places.GetValueOrDefault(c.Key, -1))];
}
