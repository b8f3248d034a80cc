namespace Pipeline.Reports.Sheets;

/// <summary>
/// Colours as RRGGBB. The hues of series follow Okabe and Ito (2008), which readers with the common colour-vision deficiencies tell apart;
/// their lightness (CIE L*) is spread so that no two look alike in a grey print, and neighbours in a stack differ most. <c>PaletteTests</c> measures both.
/// </summary>
internal static class Palette
{
    public const string Ink = "262626";
    public const string Muted = "6B6B6B";
    public const string Line = "D9D9D9";
    public const string Paper = "F2F5F9";
    public const string Stripe = "F7F9FB";
    public const string Navy = "17375E";
    public const string Steel = "41668F";
    public const string Spark = "B9CBE0";
    public const string Blue = "0563C1";
    public const string Alert = "B23A00";
    public const string Good = "00664B";
    public const string AlertFill = "FBE3D6";
    public const string GoodFill = "DDF1EA";
    public const string HeatLow = "FFFFFF";
    public const string HeatHigh = "E08214";

    /// <summary>Cells to be filled in.</summary>
    public const string EditFill = "FFF8E1";

    /// <summary>What is left after the named classes.</summary>
    public const string Rest = "BFBFBF";

    /// <summary>For lines: without the yellow, which is lost on white.</summary>
    public static readonly IReadOnlyList<string> Lines = ["17375E", "D55E00", "005A43", "56B4E9", "7E5689", "949494"];

    /// <summary>For bars and areas, in the order in which they are stacked.</summary>
    public static readonly IReadOnlyList<string> Series = ["17375E", "56A9DD", "B64C00", "F5D63D", "00563F", "D3B0CF", "848484"];
}
