namespace Pipeline.Models.Text;

/// <summary>Folding of the forms in which one character arrives. One character in, one character out, so that positions stay.</summary>
public static class Widths
{
    /// <summary>The half-width form of a full-width character (U+FF01 to U+FF5E, ideographic space); any other character as it is.</summary>
    public static char Fold(char c) => c switch
    {
        >= '！' and <= '～' => (char)(c - 0xFEE0),
        '\u3000' => ' ',
        _ => c,
    };

    /// <summary>A Chinese character of the unified block or its first extension.</summary>
    public static bool IsHan(char c) => c is (>= '\u4E00' and <= '\u9FFF') or (>= '\u3400' and <= '\u4DBF');

    /// <summary>Characters that are not seen: zero-width spaces and joiners, byte order marks, direction marks, soft hyphens.</summary>
    public static bool IsInvisible(char c) => c is (>= '\u200B' and <= '\u200F') or (>= '\u202A' and <= '\u202E') or '\u2060' or '\uFEFF' or '\u00AD';
}
