namespace Pipeline.Jobs.Ingest.Reading;

/// <summary>How many columns the table has that a run of rows belongs to.</summary>
internal static class TableWidth
{
    /// <summary>Runs of rows that are shorter than this and narrower than half of what follows are preamble.</summary>
    private const int LongestNarrowRun = 12;

    public static int Of(IReadOnlyList<ReadRow> rows, int from)
    {
        List<(int Length, int Rows, int First)> runs = Runs(rows, from);
        long largest = runs.Max(run => Mass(run.Length, run.Rows));
        int chosen = runs.FindIndex(run => Mass(run.Length, run.Rows) == largest);
        for (int i = 0; i < chosen; i++)
        {
            // An earlier run is a table of its own where it is as wide as one; a preamble is narrow and short.
            bool wide = runs[i].Length * 2 > runs[chosen].Length || (runs[i].Length >= 3 && runs[i].Rows >= 3);
            if (runs[i].Rows >= 2 && runs[i].Length >= 2 && (runs[i].Rows > LongestNarrowRun || wide)
                && HeaderEvidence.BeginsTable(rows, runs[i].First, runs[i].Length, leastContrast: runs[i].Length * 2 > runs[chosen].Length ? 0 : 1))
            {
                chosen = i;
                break;
            }
        }
        int length = runs[chosen].Length;
        return Math.Max(length, HeaderReach(rows, runs[chosen].First, length));
    }

    /// <summary>
    /// Rows of equal length one after another; a stray row of another length does not end a run. A row with a single cell in wider company belongs to none.
    /// </summary>
    private static List<(int Length, int Rows, int First)> Runs(IReadOnlyList<ReadRow> rows, int from)
    {
        List<(int Length, int Rows, int First)> runs = [];
        for (int i = from; i < rows.Count; i++)
        {
            int length = rows[i].Cells.Length;
            int known = runs.Count - 1;
            if (known >= 0 && (runs[known].Length == length || (Continues(rows, i, runs[known].Length) && runs[known].Rows > 1)))
            {
                runs[known] = runs[known] with { Rows = runs[known].Rows + (runs[known].Length == length ? 1 : 0) };
                continue;
            }
            runs.Add((length, 1, i));
        }
        return runs;
    }

    /// <summary>Within the next rows the length of the run comes back.</summary>
    private static bool Continues(IReadOnlyList<ReadRow> rows, int at, int length)
    {
        for (int next = at + 1; next < rows.Count && next <= at + 3; next++)
        {
            if (rows[next].Cells.Length == length)
            {
                return true;
            }
        }
        return false;
    }

    private static long Mass(int length, int rows) => (long)rows * (length - 1) + (length > 1 ? 1 : 0);

    /// <summary>The header may name more columns than the rows fill: the row right above the first of them, where that is no header itself.</summary>
    private static int HeaderReach(IReadOnlyList<ReadRow> rows, int first, int length)
    {
        if (first == 0 || rows[first].BlankBefore || HeaderEvidence.BeginsTable(rows, first, length, leastContrast: 1))
        {
            return 0;
        }
        ReadRow above = rows[first - 1];
        return above.Cells.Length > length && HeaderEvidence.AllText(above.Cells) ? above.Reach : 0;
    }
}
