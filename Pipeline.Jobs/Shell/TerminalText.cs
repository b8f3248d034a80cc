using System.Globalization;
using System.Text;

namespace Pipeline.Jobs.Shell;

/// <summary>Text in columns of a terminal, where an ideograph is two wide.</summary>
internal static class TerminalText
{
    /// <summary>Columns that a text takes.</summary>
    public static int Width(string text) => text.EnumerateRunes().Sum(Width);

    /// <summary>Fills with spaces on the right.</summary>
    public static string PadRight(string text, int width) => text + new string(' ', Math.Max(0, width - Width(text)));

    /// <summary>Fills with spaces on the left.</summary>
    public static string PadLeft(string text, int width) => new string(' ', Math.Max(0, width - Width(text))) + text;

    /// <summary>At most <paramref name="width"/> columns, with an ellipsis where something was cut; line breaks and control characters become spaces.</summary>
    public static string Cut(string text, int width)
    {
        StringBuilder line = new();
        int used = 0;
        int fits = 0; // characters that leave room for the ellipsis
        foreach (Rune raw in text.EnumerateRunes())
        {
            Rune rune = Rune.IsControl(raw) || Rune.GetUnicodeCategory(raw) is UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
                ? new Rune(' ') : raw;
            used += Width(rune);
            if (used > width)
            {
                return line.ToString(0, fits) + "…";
            }
            line.Append(rune.ToString());
            fits = used < width ? line.Length : fits;
        }
        return line.ToString();
    }

    private static int Width(Rune rune)
    {
        if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format)
        {
            return 0;
        }
        // East Asian wide and full-width blocks (Unicode Standard Annex 11), and the emoji planes.
        return rune.Value is (>= 0x1100 and <= 0x115F) or (>= 0x2E80 and <= 0x303E) or (>= 0x3041 and <= 0xA4CF) or (>= 0xAC00 and <= 0xD7A3)
            or (>= 0xF900 and <= 0xFAFF) or (>= 0xFE30 and <= 0xFE4F) or (>= 0xFF00 and <= 0xFF60) or (>= 0xFFE0 and <= 0xFFE6)
            or (>= 0x1F300 and <= 0x1FAFF) or (>= 0x20000 and <= 0x3FFFD) ? 2 : 1;
    }
}
