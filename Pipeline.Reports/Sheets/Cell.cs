using System.Collections.Concurrent;
using Pipeline.Models.Complaints;

namespace Pipeline.Reports.Sheets;

internal enum CellKind : byte
{
    Blank,
    Text,
    Number,
}

/// <summary>One cell. Text is never a formula: there is no kind for formulas.</summary>
/// <param name="Link">Place in this workbook that a click leads to, for example <c>'Cover'!A1</c>; null for none.</param>
/// <param name="Tip">Shown when the pointer rests on the link.</param>
internal readonly record struct Cell(CellKind Kind, CellStyle Style, string? Text, decimal Number, string? Link = null, string? Tip = null)
{
    public const string UndefinedText = "–";

    private static readonly ConcurrentDictionary<CellStyle, CellStyle> UndefinedStyles = new();

    public static Cell Blank(CellStyle? style = null) => new(CellKind.Blank, style ?? Styles.Plain, null, 0);

    public static Cell Of(string? text, CellStyle? style = null) =>
        string.IsNullOrEmpty(text) ? Blank(style ?? Styles.Text) : new(CellKind.Text, style ?? Styles.Text, text, 0);

    public static Cell Of(long number, CellStyle? style = null) => new(CellKind.Number, style ?? Styles.Count, null, number);

    public static Cell Of(decimal number, CellStyle style) => new(CellKind.Number, style, null, number);

    public static Cell Of(double number, CellStyle style) => new(CellKind.Number, style, null, (decimal)number);

    /// <summary>A day as Excel's serial number in the 1900 system; blank where there is none.</summary>
    public static Cell Of(DateOnly? day, CellStyle? style = null) =>
        day is { } d ? new(CellKind.Number, style ?? Styles.Date, null, d.DayNumber - 693593) : Blank(style ?? Styles.Date);

    public static Cell Of(ReportingMonth month, CellStyle? style = null) => Of(month.ToString(), style ?? Styles.Text with { Align = CellAlign.Center });

    /// <summary>A number, or a dash where it is not defined.</summary>
    public static Cell OrUndefined(decimal? number, CellStyle style) => number is { } value ? Of(value, style) : Undefined(style);

    /// <summary>A number that is not defined (nothing in the denominator, no earlier month), as distinct from nought and from blank.</summary>
    /// <param name="style">Of what would stand here: a dash among numbers stands right, among texts as they do.</param>
    public static Cell Undefined(CellStyle style) => new(CellKind.Text, UndefinedStyles.GetOrAdd(style, AsUndefined), UndefinedText, 0);

    private static CellStyle AsUndefined(CellStyle style) => style with { Format = "General", Align = style.Format == Styles.Plain.Format ? style.Align : CellAlign.Right, Color = Palette.Muted };

    public Cell To(string? link, string? tip = null) => this with { Link = link, Tip = tip };
}
