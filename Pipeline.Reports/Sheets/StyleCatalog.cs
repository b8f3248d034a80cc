using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Spreadsheet;

namespace Pipeline.Reports.Sheets;

/// <summary>The looks that one workbook uses, numbered in the order of first use, and its style part.</summary>
/// <param name="font">A face that stands on the readers' machines, for example <c>Microsoft YaHei</c>.</param>
internal sealed class StyleCatalog(string font)
{
    /// <summary>Name of the table style with light stripes.</summary>
    public const string TableStyle = "PipelineTable";

    private const uint FirstOwnFormat = 164;
    private static readonly Dictionary<string, uint> BuiltInFormats = new(StringComparer.Ordinal)
    {
        ["General"] = 0,
        ["0"] = 1,
        ["0.00"] = 2,
        ["#,##0"] = 3,
        ["#,##0.00"] = 4,
        ["0%"] = 9,
        ["0.00%"] = 10,
        ["@"] = 49,
    };

    private readonly Dictionary<CellStyle, int> numbers = new() { [Styles.Plain] = 0 };
    private readonly List<CellStyle> styles = [Styles.Plain];
    private readonly Dictionary<CellStyle, int> byReference = new(ReferenceEqualityComparer.Instance);

    public string Font => font;

    public int Number(CellStyle style)
    {
        // Most cells share a few style objects; comparing references first spares hashing the whole record for each cell.
        if (byReference.TryGetValue(style, out int number))
        {
            return number;
        }
        if (!numbers.TryGetValue(style, out number))
        {
            number = styles.Count;
            styles.Add(style);
            numbers.Add(style, number);
        }
        byReference.Add(style, number);
        return number;
    }

    /// <summary>The same look, with the mark that keeps a text a text.</summary>
    public int QuotedNumber(CellStyle style) => Number(Quoted(style));

    private readonly Dictionary<CellStyle, CellStyle> quoted = [];

    private CellStyle Quoted(CellStyle style)
    {
        if (!quoted.TryGetValue(style, out CellStyle? marked))
        {
            quoted.Add(style, marked = style with { QuotePrefix = true });
        }
        return marked;
    }

    public Stylesheet Stylesheet()
    {
        List<string> formats = [.. styles.Select(s => s.Format).Where(f => !BuiltInFormats.ContainsKey(f)).Distinct(StringComparer.Ordinal)];
        List<(double Size, bool Bold, bool Italic, bool Underline, string Color)> fonts = [.. styles.Select(FontOf).Distinct()];
        List<string?> fills = [null, "gray125", .. styles.Select(s => s.Fill).OfType<string>().Distinct(StringComparer.Ordinal)];
        List<CellBorder> borders = [.. styles.Select(s => s.Border).Prepend(CellBorder.None).Distinct()];
        Stylesheet sheet = new();
        if (formats.Count > 0)
        {
            sheet.Append(new NumberingFormats(formats.Select((f, i) => new NumberingFormat { NumberFormatId = FirstOwnFormat + (uint)i, FormatCode = f }))
            {
                Count = (uint)formats.Count,
            });
        }
        sheet.Append(
            new Fonts(fonts.Select(f => FontElement(f.Size, f.Bold, f.Italic, f.Underline, f.Color))) { Count = (uint)fonts.Count },
            new Fills(fills.Select(FillElement)) { Count = (uint)fills.Count },
            new Borders(borders.Select(BorderElement)) { Count = (uint)borders.Count },
            new CellStyleFormats(new CellFormat { NumberFormatId = 0, FontId = 0, FillId = 0, BorderId = 0 }) { Count = 1 },
            new CellFormats(styles.Select(s => Format(
                s,
                BuiltInFormats.TryGetValue(s.Format, out uint builtIn) ? builtIn : FirstOwnFormat + (uint)formats.IndexOf(s.Format),
                (uint)fonts.IndexOf(FontOf(s)),
                s.Fill is null ? 0 : (uint)fills.IndexOf(s.Fill),
                (uint)borders.IndexOf(s.Border))))
            { Count = (uint)styles.Count },
            new CellStyles(new DocumentFormat.OpenXml.Spreadsheet.CellStyle { Name = "Normal", FormatId = 0, BuiltinId = 0 }) { Count = 1 },
            new DifferentialFormats(
                new DifferentialFormat(new Fill(new PatternFill(new BackgroundColor { Rgb = "FF" + Palette.Stripe }) { PatternType = PatternValues.Solid })),
                new DifferentialFormat(
                    new Font(new Bold(), new Color { Rgb = "FFFFFFFF" }),
                    new Fill(new PatternFill(new BackgroundColor { Rgb = "FF" + Palette.Navy }) { PatternType = PatternValues.Solid })),
                Highlight(Palette.Alert, Palette.AlertFill),
                Highlight(Palette.Good, Palette.GoodFill))
            { Count = 4 },
            new TableStyles(
                new TableStyle(
                    new TableStyleElement { Type = TableStyleValues.HeaderRow, FormatId = 1 },
                    new TableStyleElement { Type = TableStyleValues.SecondRowStripe, FormatId = 0 })
                { Name = TableStyle, Pivot = false, Count = 2 })
            { Count = 1, DefaultTableStyle = TableStyle, DefaultPivotStyle = "PivotStyleLight16" });
        return sheet;
    }

    /// <summary>Number of the conditional look for what is overdue, worse or wrong.</summary>
    public const int AlertFormat = 2;

    /// <summary>Number of the conditional look for what is in order.</summary>
    public const int GoodFormat = 3;

    private static DifferentialFormat Highlight(string ink, string fill) => new(
        new Font(new Color { Rgb = "FF" + ink }),
        new Fill(new PatternFill(new BackgroundColor { Rgb = "FF" + fill }) { PatternType = PatternValues.Solid }));

    private static (double Size, bool Bold, bool Italic, bool Underline, string Color) FontOf(CellStyle s) => (s.Size, s.Bold, s.Italic, s.Underline, s.Color);

    private Font FontElement(double size, bool bold, bool italic, bool underline, string color)
    {
        Font element = new();
        if (bold)
        {
            element.Append(new Bold());
        }
        if (italic)
        {
            element.Append(new Italic());
        }
        if (underline)
        {
            element.Append(new Underline());
        }
        element.Append(new FontSize { Val = size }, new Color { Rgb = "FF" + color }, new FontName { Val = font });
        return element;
    }

    private static Fill FillElement(string? color) => color switch
    {
        null => new Fill(new PatternFill { PatternType = PatternValues.None }),
        "gray125" => new Fill(new PatternFill { PatternType = PatternValues.Gray125 }),
        _ => new Fill(new PatternFill(new ForegroundColor { Rgb = "FF" + color }) { PatternType = PatternValues.Solid }),
    };

    private static Border BorderElement(CellBorder border)
    {
        TopBorder top = new();
        BottomBorder bottom = new();
        switch (border)
        {
            case CellBorder.Row:
                bottom = new BottomBorder(new Color { Rgb = "FF" + Palette.Line }) { Style = BorderStyleValues.Thin };
                break;
            case CellBorder.Head:
                bottom = new BottomBorder(new Color { Rgb = "FF" + Palette.Navy }) { Style = BorderStyleValues.Medium };
                break;
            case CellBorder.Total:
                top = new TopBorder(new Color { Rgb = "FF" + Palette.Navy }) { Style = BorderStyleValues.Thin };
                bottom = new BottomBorder(new Color { Rgb = "FF" + Palette.Navy }) { Style = BorderStyleValues.Thin };
                break;
        }
        return new Border(new LeftBorder(), new RightBorder(), top, bottom, new DiagonalBorder());
    }

    private static CellFormat Format(CellStyle style, uint format, uint font, uint fill, uint border)
    {
        CellFormat element = new()
        {
            NumberFormatId = format,
            FontId = font,
            FillId = fill,
            BorderId = border,
            FormatId = 0,
            ApplyNumberFormat = format != 0 ? true : null,
            ApplyFont = true,
            ApplyFill = fill != 0 ? true : null,
            ApplyBorder = border != 0 ? true : null,
            ApplyAlignment = true,
            QuotePrefix = style.QuotePrefix ? true : null,
            ApplyProtection = style.IsUnlocked ? true : null,
        };
        Alignment alignment = new() { Vertical = style.Top ? VerticalAlignmentValues.Top : VerticalAlignmentValues.Center };
        alignment.Horizontal = style.Align switch
        {
            CellAlign.Left => HorizontalAlignmentValues.Left,
            CellAlign.Center => HorizontalAlignmentValues.Center,
            CellAlign.Right => HorizontalAlignmentValues.Right,
            CellAlign.Across => HorizontalAlignmentValues.CenterContinuous,
            _ => null,
        };
        if (style.Wrap)
        {
            alignment.WrapText = true;
        }
        if (style.Indent > 0 && style.Align is CellAlign.General or CellAlign.Left or CellAlign.Right)
        {
            alignment.Horizontal = style.Align == CellAlign.Right ? HorizontalAlignmentValues.Right : HorizontalAlignmentValues.Left;
            alignment.Indent = (uint)style.Indent;
        }
        element.Append(alignment);
        if (style.IsUnlocked)
        {
            element.Append(new Protection { Locked = false });
        }
        return element;
    }
}
