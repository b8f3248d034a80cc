namespace Pipeline.Reports.Sheets;

internal enum CellAlign
{
    /// <summary>Text left, numbers right.</summary>
    General,
    Left,
    Center,
    Right,

    /// <summary>Centred across this cell and the empty cells of the same style to its right: a group heading without merging.</summary>
    Across,
}

internal enum CellBorder
{
    None,

    /// <summary>A light line below: rows of a table.</summary>
    Row,

    /// <summary>A strong line below: heads of tables.</summary>
    Head,

    /// <summary>A strong line above and below: totals.</summary>
    Total,
}

/// <summary>How a cell looks. A value: equal styles share one entry of the workbook's style part.</summary>
internal sealed record CellStyle
{
    /// <value>Excel number format code; <c>General</c> for text.</value>
    public string Format { get; init; } = "General";

    /// <value>Points.</value>
    public double Size { get; init; } = 10;

    public bool Bold { get; init; }

    public bool Italic { get; init; }

    public bool Underline { get; init; }

    /// <value>RRGGBB.</value>
    public string Color { get; init; } = Palette.Ink;

    /// <value>RRGGBB, or null for none.</value>
    public string? Fill { get; init; }

    public CellAlign Align { get; init; }

    public bool Wrap { get; init; }

    /// <value>Text stands at the upper edge of a tall row.</value>
    public bool Top { get; init; }

    public int Indent { get; init; }

    public CellBorder Border { get; init; }

    /// <value>What stands below stays with it on one printed page.</value>
    public bool IsHeading { get; init; }

    /// <value>A longer text is cut off after so many lines where it is shown, not in the cell; 0 shows all that a row can hold.</value>
    public int MostLines { get; init; }

    /// <value>May be edited on a protected sheet.</value>
    public bool IsUnlocked { get; init; }

    /// <value>An edit, or a re-export as CSV, keeps a text that begins like a formula a text (RELIABILITY 1.4).</value>
    public bool QuotePrefix { get; init; }
}

/// <summary>The looks that sheets are composed of.</summary>
internal static class Styles
{
    public const string CountFormat = "#,##0";
    public const string DateFormat = "yyyy\\-mm\\-dd";

    public static readonly CellStyle Plain = new();
    public static readonly CellStyle Title = new() { Size = 18, Bold = true, Color = Palette.Navy, IsHeading = true };
    public static readonly CellStyle Subtitle = new() { Size = 10, Color = Palette.Muted };
    public static readonly CellStyle Section = new() { Size = 12, Bold = true, Color = Palette.Navy, IsHeading = true };
    public static readonly CellStyle Note = new() { Size = 9, Color = Palette.Muted, Wrap = true, Top = true };
    public static readonly CellStyle Finding = new() { Size = 11, Wrap = true, Top = true };
    public static readonly CellStyle Label = new() { Color = Palette.Muted, Top = true };
    public static readonly CellStyle Value = new() { Wrap = true, Top = true };
    public static readonly CellStyle Link = new() { Color = Palette.Blue, Underline = true, Border = CellBorder.Row, Top = true, Indent = 1 };

    public static readonly CellStyle Head = new()
    {
        Bold = true,
        Color = "FFFFFF",
        Fill = Palette.Navy,
        Wrap = true,
        Align = CellAlign.Center,
        Border = CellBorder.Head,
    };

    public static readonly CellStyle HeadLeft = Head with { Align = CellAlign.Left, Indent = 1 };
    public static readonly CellStyle GroupHead = Head with { Fill = Palette.Steel, Align = CellAlign.Across, Wrap = false };

    public static readonly CellStyle Text = new() { Border = CellBorder.Row, Indent = 1 };
    public static readonly CellStyle TextWrapped = Text with { Wrap = true, Top = true };
    public static readonly CellStyle Code = Text with { Color = Palette.Muted, Size = 9 };
    public static readonly CellStyle Count = new() { Format = CountFormat, Border = CellBorder.Row };

    /// <summary>A nought among many numbers, so that what is there stands out.</summary>
    public static readonly CellStyle Nought = Count with { Color = "A6A6A6" };

    public static readonly CellStyle Date = new() { Format = DateFormat, Border = CellBorder.Row, Align = CellAlign.Center };
    public static readonly CellStyle Days = new() { Format = "#,##0.0", Border = CellBorder.Row };
    public static readonly CellStyle OneDecimal = new() { Format = "#,##0.0", Border = CellBorder.Row };
    public static readonly CellStyle Money = new() { Format = "#,##0.00", Border = CellBorder.Row };
    public static readonly CellStyle Score = new() { Format = "0.00", Border = CellBorder.Row };
    public static readonly CellStyle Probability = new() { Format = "0.000", Border = CellBorder.Row };
    /// <summary>A p-value: what four decimals cannot show is said to be smaller, and the cell keeps its number.</summary>
    public static readonly CellStyle PValue = new() { Format = "[<0.0001]\"<0.0001\";0.0000", Border = CellBorder.Row };

    public static readonly CellStyle ChangeMoney = new() { Format = "+#,##0.00;-#,##0.00;0.00", Border = CellBorder.Row };
    public static readonly CellStyle ChangeCount = new() { Format = "+#,##0;-#,##0;0", Border = CellBorder.Row };

    /// <summary>A change with so many decimals, as the numbers that it is between.</summary>
    public static CellStyle ChangeOf(int decimals)
    {
        string places = new('0', decimals);
        return new() { Format = $"+#,##0.{places};-#,##0.{places};0.{places}", Border = CellBorder.Row };
    }

    /// <param name="decimals">Of the percentage, 0 to 4.</param>
    public static CellStyle Share(int decimals) => new() { Format = decimals == 0 ? "0%" : $"0.{new string('0', decimals)}%", Border = CellBorder.Row };

    public static CellStyle ChangeShare(int decimals)
    {
        string number = decimals == 0 ? "0" : $"0.{new string('0', decimals)}";
        return new() { Format = $"+{number}%;-{number}%;{number}%", Border = CellBorder.Row };
    }

    /// <summary>Difference of two shares, in percentage points.</summary>
    public static readonly CellStyle Points = new() { Format = "+0.0;-0.0;0.0", Border = CellBorder.Row };

    /// <summary>A number whose right-hand neighbour is a sparkline, which fills its cell to the edge.</summary>
    public static CellStyle BesideSparkline(this CellStyle style) => style with { Align = CellAlign.Right, Indent = 1 };

    public static CellStyle AsTotal(this CellStyle style) => style with { Bold = true, Border = CellBorder.Total, Fill = Palette.Paper };
}
