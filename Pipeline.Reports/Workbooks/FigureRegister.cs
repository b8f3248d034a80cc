using Pipeline.Models.Measures;
using Pipeline.Reports.Sheets;

namespace Pipeline.Reports.Workbooks;

/// <summary>
/// The one door between the workbooks and the figures: what is asked for and not in the plan fails loudly, and what is printed is
/// remembered in the order of first use, so that the sheet of figures lists it and the printed number links to its row there.
/// </summary>
internal sealed class FigureRegister(FigureSet figures, string sheetName)
{
    /// <summary>Row of the first figure on the sheet of figures.</summary>
    public const int FirstRow = 6;

    private readonly Dictionary<string, int> rows = new(StringComparer.Ordinal);
    private readonly List<(FigureKey Key, Figure Figure)> used = [];

    public IReadOnlyList<(FigureKey Key, Figure Figure)> Used => used;

    public Figure Take(FigureKey key)
    {
        Figure figure = figures[key];
        if (rows.TryAdd(key.Text, FirstRow + used.Count))
        {
            used.Add((key, figure));
        }
        return figure;
    }

    /// <summary>Looks without printing: for tests against chance and for ordering.</summary>
    public Figure Peek(FigureKey key) => figures[key];

    public bool Has(FigureKey key) => figures.Find(key.Text) is not null;

    /// <summary>Where a figure that was taken stands on the sheet of figures.</summary>
    public string Place(FigureKey key) => CellRef.Place(sheetName, rows[key.Text], 1);
}
