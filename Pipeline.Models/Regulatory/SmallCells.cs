namespace Pipeline.Models.Regulatory;

/// <summary>A count of an outward table.</summary>
/// <param name="Value">0 or more.</param>
/// <param name="Known">What was last published of the same growing count (a year to date); 0 for nothing.</param>
/// <param name="IsKept">Stands elsewhere too: hidden only where it is small itself, never to shield others.</param>
public readonly record struct SmallCell(long Value, long Known = 0, bool IsKept = false);

/// <summary>A total of an outward table is the sum of its parts; both are positions in the list of cells.</summary>
public sealed record CellSum(int Total, IReadOnlyList<int> Parts);

/// <summary>
/// Suppression of small cells in tables that leave the bank. Primary: a count that is not nought and below the threshold, and one that
/// grew since it was last published by less than the threshold (the difference of two publications would tell it). Complementary: further
/// cells, until no suppressed cell can be told exactly from totals, sums and what was published before. Whoever attacks is taken to know
/// that a suppressed count is at least 1 (noughts are printed) and no smaller than what was published of it.
/// </summary>
/// <remarks>
/// The problem is that of cell suppression (Cox, Journal of the American Statistical Association 75, 1980). Complementary cells are chosen one by
/// one in two orders, then those are printed again that are not needed (the clean-up of Kelly, Golden and Assad, Networks 22, 1992), and the
/// order that hides fewer cells is taken: safe, and not much more than the least.
/// </remarks>
public static class SmallCells
{
    /// <param name="below">Counts from 1 to one less than this are suppressed; 1 or less suppresses nothing.</param>
    /// <returns>Positions of the suppressed cells.</returns>
    public static IReadOnlySet<int> Suppress(IReadOnlyList<SmallCell> cells, IReadOnlyList<CellSum> sums, int below)
    {
        SortedSet<int> small = [.. Enumerable.Range(0, cells.Count).Where(i => IsSmall(cells[i], below))];
        if (small.Count == 0)
        {
            return small;
        }
        SortedSet<int> bySize = Shielded(cells, sums, small, isCrossing: false);
        SortedSet<int> byCrossing = Shielded(cells, sums, small, isCrossing: true);
        return Lost(byCrossing).CompareTo(Lost(bySize)) < 0 ? byCrossing : bySize;

        // The safe one before the one that hides less.
        (bool IsExposed, int Cells, long Complaints) Lost(SortedSet<int> hidden) => (Exposed(cells, sums, hidden) is not null, hidden.Count, hidden.Sum(i => cells[i].Value));
    }

    /// <summary>The small cells and further ones, of which none could be printed any more.</summary>
    /// <param name="isCrossing">See <see cref="Companion"/>.</param>
    private static SortedSet<int> Shielded(IReadOnlyList<SmallCell> cells, IReadOnlyList<CellSum> sums, SortedSet<int> small, bool isCrossing)
    {
        SortedSet<int> hidden = [.. small];
        SortedSet<int> lost = [];
        while (Exposed(cells, sums, hidden, lost) is { } exposed)
        {
            if (Companion(cells, sums, hidden, exposed, isCrossing) is not { } more)
            {
                // Nothing is left that could shield it: whatever is not nought in its sums is hidden already. The sums themselves go.
                if (sums.Where(s => s.Total == exposed || s.Parts.Contains(exposed)).Select(s => s.Total).FirstOrDefault(t => !hidden.Contains(t) && !cells[t].IsKept && cells[t].Value > 0, -1) is var total && total >= 0)
                {
                    hidden.Add(total);
                    continue;
                }
                lost.Add(exposed);
                continue;
            }
            hidden.Add(more);
        }
        // What shielded early may be shielded by later ones: it is printed again where nothing can be told then.
        foreach (int further in hidden.Except(small).OrderByDescending(i => cells[i].Value).ThenBy(i => i).ToArray())
        {
            hidden.Remove(further);
            if (Exposed(cells, sums, hidden, lost) is not null)
            {
                hidden.Add(further);
            }
        }
        return hidden;
    }

    public static bool IsSmall(SmallCell cell, int below) =>
        cell.Value > 0 && (cell.Value < below || (cell.Known > 0 && cell.Value > cell.Known && cell.Value - cell.Known < below));

    /// <summary>A hidden cell that can be told exactly, or null where none can.</summary>
    /// <param name="except">Hidden cells that are not asked about: nothing shields them.</param>
    public static int? Exposed(IReadOnlyList<SmallCell> cells, IReadOnlyList<CellSum> sums, IReadOnlySet<int> hidden, IReadOnlySet<int>? except = null)
    {
        int[] unknown = [.. hidden.Order()];
        if (unknown.Length == 0)
        {
            return null;
        }
        Dictionary<int, int> place = unknown.Select((cell, i) => (cell, i)).ToDictionary(p => p.cell, p => p.i);
        List<(double[] Row, double Right)> rows = [];
        foreach (CellSum sum in sums)
        {
            double[] row = new double[unknown.Length];
            double right = 0;
            bool any = false;
            foreach ((int cell, int sign) in sum.Parts.Select(p => (p, 1)).Append((sum.Total, -1)))
            {
                if (place.TryGetValue(cell, out int at))
                {
                    row[at] += sign;
                    right -= sign * Lower(cells[cell]); // counted from the least that each can be
                    any = true;
                }
                else
                {
                    right -= sign * (double)cells[cell].Value;
                }
            }
            if (any)
            {
                rows.Add((row, right));
            }
        }
        bool[] varies = new bool[unknown.Length];
        for (int i = 0; i < unknown.Length; i++)
        {
            if (varies[i] || except?.Contains(unknown[i]) == true)
            {
                continue;
            }
            foreach (int direction in (int[])[1, -1])
            {
                double[]? other = LinearBounds.Extreme(rows, unknown.Length, i, direction);
                if (other is null)
                {
                    varies[i] = true; // without bound
                    continue;
                }
                for (int j = 0; j < unknown.Length; j++)
                {
                    varies[j] |= Math.Abs(other[j] + Lower(cells[unknown[j]]) - cells[unknown[j]].Value) > 0.999;
                }
            }
            if (!varies[i])
            {
                return unknown[i];
            }
        }
        return null;
    }

    private static long Lower(SmallCell cell) => Math.Max(1, Math.Min(cell.Known, cell.Value));

    /// <summary>
    /// The visible cell to hide next: in a sum with one hidden cell alone, which it tells; else in a sum with the exposed cell; else with any hidden
    /// one. Totals go last, because they tell most; of the others the smallest.
    /// </summary>
    /// <param name="isCrossing">First those that stand in the most sums with one hidden cell alone: they shield several at once.</param>
    private static int? Companion(IReadOnlyList<SmallCell> cells, IReadOnlyList<CellSum> sums, SortedSet<int> hidden, int exposed, bool isCrossing)
    {
        HashSet<int> totals = [.. sums.Select(s => s.Total)];
        CellSum[] lonely = [.. sums.Where(s => s.Parts.Append(s.Total).Count(hidden.Contains) == 1)];
        int? Of(IEnumerable<CellSum> among) => among
            .SelectMany(s => s.Parts.Append(s.Total))
            .Where(c => !hidden.Contains(c) && !cells[c].IsKept && cells[c].Value > 0)
            .Distinct()
            .OrderByDescending(c => isCrossing ? lonely.Count(s => s.Total == c || s.Parts.Contains(c)) : 0)
            .ThenBy(totals.Contains).ThenBy(c => cells[c].Value).ThenBy(c => c)
            .Select(c => (int?)c).FirstOrDefault();

        return Of(lonely) ?? Of(sums.Where(s => s.Total == exposed || s.Parts.Contains(exposed)))
            ?? Of(sums.Where(s => s.Parts.Append(s.Total).Any(hidden.Contains)));
    }
}
