namespace Pipeline.Reports.Sheets;

/// <summary>The rows of a sheet as they are shown, with their heights, and how they fall into printed pages.</summary>
internal sealed class SheetLayout
{
    private readonly Dictionary<RowBlock, IEnumerable<(IReadOnlyList<Cell> Cells, double Height)>> rows = new(ReferenceEqualityComparer.Instance);

    public SheetLayout(Sheet sheet)
    {
        RowFit fit = new(sheet);
        List<float> heights = [];
        foreach (RowBlock block in sheet.Blocks)
        {
            heights.AddRange(Enumerable.Repeat((float)RowFit.LineHeight, block.First - 1 - heights.Count));
            if (block.Height is { } height)
            {
                // Lists of a fixed height may be of any length: their rows are made while they are written.
                rows.Add(block, block.Rows.Select(r => (r, height)));
                heights.AddRange(Enumerable.Repeat((float)height, block.Count));
            }
            else
            {
                (IReadOnlyList<Cell> Cells, double Height)[] fitted = [.. block.Rows.Select(r => fit.Fit(block, r))];
                rows.Add(block, fitted);
                heights.AddRange(fitted.Select(r => (float)r.Height));
            }
        }
        int charted = sheet.Charts.Select(c => c.EndRow - 1).DefaultIfEmpty(0).Max();
        heights.AddRange(Enumerable.Repeat((float)RowFit.LineHeight, Math.Max(0, charted - heights.Count)));
        Pages = PagePlan.Of(sheet, heights);
    }

    public PagePlan Pages { get; }

    public IEnumerable<(IReadOnlyList<Cell> Cells, double Height)> RowsOf(RowBlock block) => rows[block];
}
