namespace Pipeline.Reports.Sheets;

/// <summary>How high the rows of a sheet must be for their texts, and which texts must wrap because something stands beside them.</summary>
internal sealed class RowFit(Sheet sheet)
{
    /// <summary>Points of a row of one line.</summary>
    public const double LineHeight = 15;

    /// <summary>Excel's limit of a row in points.</summary>
    public const double Highest = 409;

    /// <summary>Digits that an indent takes.</summary>
    public const double IndentWidth = 1.3;

    /// <summary>Digits between the text of a cell and its edges.</summary>
    private const double Padding = 0.7;

    /// <summary>Faces of other machines are a little wider than they are counted here.</summary>
    private const double Caution = 0.95;

    private const double Bold = 1.08;
    private readonly Dictionary<CellStyle, CellStyle> wrapped = [];
    private readonly Dictionary<CellStyle, CellStyle> atTop = [];

    /// <param name="block">Of no given height.</param>
    /// <returns>The cells as they are shown, and the row's height in points.</returns>
    public (IReadOnlyList<Cell> Cells, double Height) Fit(RowBlock block, IReadOnlyList<Cell> row)
    {
        if (block.SpanTo > 0)
        {
            double width = Enumerable.Range(block.Column, block.SpanTo - block.Column + 1).Sum(sheet.WidthOf);
            return (row, 2 + TextHeight(row[0].Text ?? "", width, row[0].Style));
        }
        Cell[]? changed = null;
        double most = 0;
        for (int i = 0; i < row.Count; i++)
        {
            if (row[i] is not { Kind: CellKind.Text, Text: { } text, Style: { } style } || style.Align == CellAlign.Across)
            {
                continue;
            }
            double width = sheet.WidthOf(block.Column + i) - Padding;
            if (!style.Wrap && (block.IsTable || (i + 1 < row.Count && row[i + 1].Kind != CellKind.Blank)) && CellText.Width(text) > Digits(width, style))
            {
                changed ??= [.. row];
                changed[i] = row[i] with { Style = style = Wrapped(style) };
            }
            most = Math.Max(most, style.Wrap ? TextHeight(text, width, style) + 2 : style.Size > 11 ? (style.Size * 1.6) + 2 : 0);
        }
        double height = Math.Clamp(Math.Round(most, 2), LineHeight, Highest);
        if (block.IsTable && height > LineHeight)
        {
            // In a tall row everything begins at the same edge.
            changed ??= [.. row];
            for (int i = 0; i < changed.Length; i++)
            {
                changed[i] = changed[i] with { Style = AtTop(changed[i].Style) };
            }
        }
        return (changed ?? row, height);
    }

    /// <summary>Points that a text takes where it wraps.</summary>
    /// <param name="width">Of its cells, in digits of the usual size.</param>
    public static double TextHeight(string text, double width, CellStyle style)
    {
        int lines = CellText.Lines(text, Digits(width, style) * Caution);
        return (style.MostLines > 0 ? Math.Min(lines, style.MostLines) : lines) * style.Size * CellText.LineHeight(text);
    }

    /// <summary>Room for a text in digits of its own size.</summary>
    private static double Digits(double width, CellStyle style) => (width - (style.Indent * IndentWidth)) * 10 / style.Size / (style.Bold ? Bold : 1);

    private CellStyle Wrapped(CellStyle style) => Variant(wrapped, style, s => s with { Wrap = true });

    private CellStyle AtTop(CellStyle style) => style.Top ? style : Variant(atTop, style, s => s with { Top = true });

    /// <summary>One object for each look, so that the style catalog finds it by reference.</summary>
    private static CellStyle Variant(Dictionary<CellStyle, CellStyle> known, CellStyle style, Func<CellStyle, CellStyle> make)
    {
        if (!known.TryGetValue(style, out CellStyle? made))
        {
            known.Add(style, made = make(style));
        }
        return made;
    }
}
