using Pipeline.Models.Regulatory;

namespace Pipeline.Tests.Regulatory;

/// <summary>No suppressed cell can be told: attacked by looking for another table that fits what is printed.</summary>
public sealed class SmallCellsTests
{
    private const int Below = 5;

    [Fact]
    public void A_single_small_cell_takes_the_smallest_of_its_row_with_it()
    {
        // 3 + 12 + 40 = 55
        IReadOnlySet<int> hidden = SmallCells.Suppress([new(55), new(3), new(12), new(40)], [new CellSum(0, [1, 2, 3])], Below);
        Assert.Equal([1, 2], hidden.Order());
    }

    [Fact]
    public void Two_small_cells_whose_sum_leaves_no_choice_are_not_enough()
    {
        // Each hidden cell is at least 1, so a sum of 2 would tell both.
        IReadOnlySet<int> hidden = SmallCells.Suppress([new(32), new(1), new(1), new(30)], [new CellSum(0, [1, 2, 3])], Below);
        Assert.Equal([1, 2, 3], hidden.Order());
        Assert.Equal([1, 2], SmallCells.Suppress([new(34), new(1), new(3), new(30)], [new CellSum(0, [1, 2, 3])], Below).Order());
    }

    [Fact]
    public void A_difference_to_what_was_published_is_a_small_cell_too()
    {
        // 40 was published, 43 would tell that three came since.
        IReadOnlySet<int> hidden = SmallCells.Suppress([new(143, 120), new(43, 40), new(60, 50), new(40, 30)], [new CellSum(0, [1, 2, 3])], Below);
        Assert.Contains(1, hidden);
        Assert.Equal(2, hidden.Count);
        Assert.Empty(SmallCells.Suppress([new(145, 120), new(45, 40), new(60, 50), new(40, 30)], [new CellSum(0, [1, 2, 3])], Below));
        Assert.Empty(SmallCells.Suppress([new(140, 120), new(40, 40), new(60, 50), new(40, 30)], [new CellSum(0, [1, 2, 3])], Below));
    }

    [Fact]
    public void Noughts_are_printed() =>
        Assert.Empty(SmallCells.Suppress([new(50), new(0), new(20), new(30)], [new CellSum(0, [1, 2, 3])], Below));

    [Theory]
    [InlineData(3, 3, 150)]
    [InlineData(2, 4, 150)]
    [InlineData(4, 4, 60)]
    public void No_hidden_cell_of_a_crossed_table_has_only_one_value_that_fits(int rows, int columns, int tables)
    {
        Random chance = new(17);
        for (int table = 0; table < tables; table++)
        {
            (List<SmallCell> cells, List<CellSum> sums) = Crossed(chance, rows, columns);
            IReadOnlySet<int> hidden = SmallCells.Suppress(cells, sums, Below);
            Assert.All(Enumerable.Range(0, cells.Count).Where(i => cells[i].Value is > 0 and < Below), i => Assert.Contains(i, hidden));
            foreach ((int cell, HashSet<long> fitting) in Attack(cells, sums, hidden))
            {
                Assert.True(fitting.Count > 1, $"table {table}: cell {cell} of {string.Join(' ', cells.Select((c, i) => hidden.Contains(i) ? "*" : c.Value.ToString(null, null)))} can only be {fitting.FirstOrDefault()}");
            }
        }
    }

    [Fact]
    public void No_hidden_cell_of_a_tree_has_only_one_value_that_fits_month_after_month()
    {
        Random chance = new(23);
        for (int table = 0; table < 100; table++)
        {
            // total = a + b + c; a = a1 + a2 + a3, growing over four months, each with what was published before it.
            long[] parts = new long[5];
            long[] published = new long[7];
            for (int month = 0; month < 4; month++)
            {
                for (int i = 0; i < parts.Length; i++)
                {
                    parts[i] += chance.Next(4) switch { 0 => 0, 1 => chance.Next(1, 4), 2 => chance.Next(3, 8), _ => chance.Next(6, 15) };
                }
                long a = parts[0] + parts[1] + parts[2];
                long[] values = [a + parts[3] + parts[4], a, parts[3], parts[4], parts[0], parts[1], parts[2]];
                List<SmallCell> cells = [.. values.Select((v, i) => new SmallCell(v, published[i]))];
                List<CellSum> sums = [new CellSum(0, [1, 2, 3]), new CellSum(1, [4, 5, 6])];
                IReadOnlySet<int> hidden = SmallCells.Suppress(cells, sums, Below);
                for (int i = 0; i < values.Length; i++)
                {
                    Assert.True(hidden.Contains(i) || !SmallCells.IsSmall(cells[i], Below));
                    published[i] = hidden.Contains(i) ? published[i] : values[i];
                }
                foreach ((int cell, HashSet<long> fitting) in Attack(cells, sums, hidden))
                {
                    Assert.True(fitting.Count > 1, $"tree {table}, month {month}: cell {cell} can only be {fitting.FirstOrDefault()}");
                }
            }
        }
    }

    /// <summary>The least that any choice hides, found by trying all of them, the fewest cells first.</summary>
    [Fact]
    public void Little_more_is_hidden_than_the_least_that_is_safe_and_nothing_that_could_be_printed()
    {
        Random chance = new(29);
        (int chosen, int least) = (0, 0);
        for (int table = 0; table < 60; table++)
        {
            (List<SmallCell> cells, List<CellSum> sums) = Crossed(chance, 2, 3);
            IReadOnlySet<int> hidden = SmallCells.Suppress(cells, sums, Below);
            int[] small = [.. Enumerable.Range(0, cells.Count).Where(i => SmallCells.IsSmall(cells[i], Below))];
            if (SmallCells.Exposed(cells, sums, hidden) is not null)
            {
                continue; // whatever is not nought is hidden, and still there is no choice
            }
            Assert.All(hidden.Except(small), further => Assert.NotNull(SmallCells.Exposed(cells, sums, hidden.Where(h => h != further).ToHashSet())));
            int[] others = [.. Enumerable.Range(0, cells.Count).Where(i => cells[i].Value > 0 && !small.Contains(i))];
            int best = Enumerable.Range(0, 1 << others.Length)
                .Where(set => small.Length + System.Numerics.BitOperations.PopCount((uint)set) < hidden.Count)
                .Select(set => (HashSet<int>)[.. small, .. others.Where((_, i) => (set & (1 << i)) != 0)])
                .Where(set => SmallCells.Exposed(cells, sums, set) is null)
                .Select(set => set.Count).DefaultIfEmpty(hidden.Count).Min();
            chosen += hidden.Count;
            least += best;
        }
        Assert.True(least > 100, $"{least} cells are little to judge by");
        // Totals are kept where cells can shield instead, so a tenth more is hidden than the least.
        Assert.InRange((double)chosen / least, 1, 1.15);
    }

    private static (List<SmallCell> Cells, List<CellSum> Sums) Crossed(Random chance, int rows, int columns)
    {
        long[,] inner = new long[rows, columns];
        for (int r = 0; r < rows; r++)
        {
            for (int k = 0; k < columns; k++)
            {
                inner[r, k] = chance.Next(4) switch { 0 => 0, 1 => chance.Next(1, 5), 2 => chance.Next(4, 9), _ => chance.Next(5, 14) };
            }
        }
        List<SmallCell> cells = [];
        int Inner(int r, int k) => (r * columns) + k;
        foreach (long value in inner)
        {
            cells.Add(new SmallCell(value));
        }
        List<CellSum> sums = [];
        for (int r = 0; r < rows; r++)
        {
            cells.Add(new SmallCell(Enumerable.Range(0, columns).Sum(k => inner[r, k])));
            sums.Add(new CellSum(cells.Count - 1, [.. Enumerable.Range(0, columns).Select(k => Inner(r, k))]));
        }
        for (int k = 0; k < columns; k++)
        {
            cells.Add(new SmallCell(Enumerable.Range(0, rows).Sum(r => inner[r, k])));
            sums.Add(new CellSum(cells.Count - 1, [.. Enumerable.Range(0, rows).Select(r => Inner(r, k))]));
        }
        int firstRowTotal = rows * columns;
        cells.Add(new SmallCell(cells.Take(firstRowTotal).Sum(c => c.Value)));
        sums.Add(new CellSum(cells.Count - 1, [.. Enumerable.Range(firstRowTotal, rows)]));
        sums.Add(new CellSum(cells.Count - 1, [.. Enumerable.Range(firstRowTotal + rows, columns)]));
        return (cells, sums);
    }

    /// <summary>
    /// For each hidden cell the value that it has and another that it could have, if there is one: whole numbers, at least 1 and at least
    /// what was published. Search over the ranges that the sums leave, apart from the linear programme that suppresses.
    /// </summary>
    internal static Dictionary<int, HashSet<long>> Attack(List<SmallCell> cells, List<CellSum> sums, IReadOnlySet<int> hidden)
    {
        long most = cells.Max(c => c.Value) + 10;
        long[] low = [.. cells.Select((c, i) => hidden.Contains(i) ? Math.Max(1, Math.Min(c.Known, c.Value)) : c.Value)];
        long[] high = [.. cells.Select((c, i) => hidden.Contains(i) ? most : c.Value)];
        Dictionary<int, HashSet<long>> fitting = [];
        foreach (int cell in hidden.Order())
        {
            fitting.Add(cell, [cells[cell].Value]);
            for (long other = low[cell]; other <= cells[cell].Value + 8 && fitting[cell].Count == 1; other++)
            {
                long[] least = [.. low];
                long[] largest = [.. high];
                (least[cell], largest[cell]) = (other, other);
                if (other != cells[cell].Value && IsPossible(least, largest))
                {
                    fitting[cell].Add(other);
                }
            }
        }
        return fitting;

        bool IsPossible(long[] least, long[] largest)
        {
            if (!Narrow(least, largest))
            {
                return false;
            }
            int open = Enumerable.Range(0, least.Length).Where(i => least[i] < largest[i]).OrderBy(i => largest[i] - least[i]).FirstOrDefault(-1);
            if (open < 0)
            {
                return true;
            }
            for (long value = least[open]; value <= largest[open]; value++)
            {
                long[] from = [.. least];
                long[] to = [.. largest];
                (from[open], to[open]) = (value, value);
                if (IsPossible(from, to))
                {
                    return true;
                }
            }
            return false;
        }

        // Each sum bounds its total by its parts, and each part by the total and the other parts, until nothing moves.
        bool Narrow(long[] least, long[] largest)
        {
            for (bool isMoved = true; isMoved;)
            {
                isMoved = false;
                foreach (CellSum sum in sums)
                {
                    long leastParts = sum.Parts.Sum(p => least[p]);
                    long largestParts = sum.Parts.Sum(p => largest[p]);
                    isMoved |= Raise(least, sum.Total, leastParts) | Lower(largest, sum.Total, largestParts);
                    foreach (int part in sum.Parts)
                    {
                        isMoved |= Raise(least, part, least[sum.Total] - (sum.Parts.Sum(p => largest[p]) - largest[part]));
                        isMoved |= Lower(largest, part, largest[sum.Total] - (sum.Parts.Sum(p => least[p]) - least[part]));
                    }
                }
                if (Enumerable.Range(0, least.Length).Any(i => least[i] > largest[i]))
                {
                    return false;
                }
            }
            return true;
        }

        static bool Raise(long[] least, int cell, long bound)
        {
            bool isHigher = bound > least[cell];
            least[cell] = isHigher ? bound : least[cell];
            return isHigher;
        }

        static bool Lower(long[] largest, int cell, long bound)
        {
            bool isLower = bound < largest[cell];
            largest[cell] = isLower ? bound : largest[cell];
            return isLower;
        }
    }
}
