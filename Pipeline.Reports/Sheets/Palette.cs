namespace Pipeline.Reports.Sheets;

/// <summary>
/// Colours as RRGGBB. Series colours follow Okabe and Ito (2008), which readers with the common colour-vision deficiencies tell apart;
/// neighbours also differ in lightness, so that a grey print can be read.
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
    public static readonly IReadOnlyList<string> Lines = ["17375E", "D55E00", "009E73", "56B4E9", "B07AA1", "7F7F7F"];

    public static readonly IReadOnlyList<string> Series = ["17375E", "56B4E9", "D55E00", "F0C808", "009E73", "B07AA1", "7F7F7F"];
}
