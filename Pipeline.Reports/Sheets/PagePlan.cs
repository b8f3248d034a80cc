namespace Pipeline.Reports.Sheets;

/// <summary>How a sheet falls into printed pages.</summary>
/// <param name="Breaks">Rows that a new page begins before.</param>
/// <param name="Repeated">Rows repeated at the head of each further page, or null.</param>
/// <param name="Scale">Percent of their size in which rows are printed; null where the sheet is fitted to the width of the page.</param>
internal sealed record PagePlan(IReadOnlyList<int> Breaks, (int First, int Last)? Repeated, int? Scale)
{
    /// <summary>Excel takes a sheet with more manual breaks for damaged; behind the last of them it breaks where a page is full.</summary>
    public const int MostBreaks = 1_026;

    /// <summary>Percents that a sheet of several pages may be printed at, where it is narrow enough.</summary>
    private static readonly int[] Scales = [75, 70, 65, 60];

    /// <summary>Rows of a table that goes over pages however small it is printed are not printed smaller than this.</summary>
    private const int UsualScale = 70;

    /// <summary>Columns are as wide as the digits of a face: a sheet must not be wider than the page where another one stands in for it.</summary>
    private const double Narrower = 0.8;

    /// <param name="heights">Points of each row, the first at 0.</param>
    public static PagePlan Of(Sheet sheet, IReadOnlyList<float> heights)
    {
        PagePlan plan = Flow(sheet, heights);
        return plan.Breaks.Count > MostBreaks ? plan with { Breaks = [.. plan.Breaks.Take(MostBreaks)] } : plan;
    }

    private static PagePlan Flow(Sheet sheet, IReadOnlyList<float> heights)
    {
        if (sheet.OnOnePage || sheet.Unprinted is not null || heights.Count == 0)
        {
            return new PagePlan([], null, null);
        }
        double fitted = PageFlow.Fitted(sheet);
        PagePlan best = new PageFlow(sheet, heights, fitted).Plan(null, out int torn);
        if (best.Breaks.Count == 0 && torn == 0)
        {
            return best;
        }
        // Smaller where that saves tables from being torn, or paper.
        foreach (int scale in Scales.Where(s => s <= fitted * Narrower * 100))
        {
            PagePlan smaller = new PageFlow(sheet, heights, scale / 100.0).Plan(scale, out int tornSmaller);
            if (tornSmaller < torn || (tornSmaller == torn && (torn > 0 ? scale >= UsualScale : smaller.Breaks.Count < best.Breaks.Count)))
            {
                (best, torn) = (smaller, tornSmaller);
            }
        }
        return best;
    }
}
