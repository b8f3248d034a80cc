using System.Text;

namespace Pipeline.Reports.Sheets;

/// <summary>What Excel can hold as the text of a cell, and how wide it is.</summary>
internal static class CellText
{
    /// <summary>Excel's limit of characters in a cell.</summary>
    public const int MaxLength = 32767;

    /// <summary>Text without characters that XML forbids, at most <see cref="MaxLength"/> long, never ending in half a surrogate pair.</summary>
    public static string Clean(string text)
    {
        int i = 0;
        while (i < text.Length && IsPlain(text[i]))
        {
            i++;
        }
        if (i == text.Length && text.Length <= MaxLength)
        {
            return text;
        }
        StringBuilder kept = new(text, 0, Math.Min(i, MaxLength), Math.Min(text.Length, MaxLength));
        for (; i < text.Length && kept.Length < MaxLength; i++)
        {
            char c = text[i];
            if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                if (kept.Length + 2 > MaxLength)
                {
                    break;
                }
                kept.Append(c).Append(text[++i]);
            }
            else if (c == '\r')
            {
                // A line feed alone is Excel's line break; a carriage return would be shown as _x000D_.
                if (i + 1 >= text.Length || text[i + 1] != '\n')
                {
                    kept.Append('\n');
                }
            }
            else if (IsPlain(c))
            {
                kept.Append(c);
            }
        }
        return kept.ToString();
    }

    /// <summary>A text that a program could take for a formula (OWASP: CSV injection; ASVS 5.0, 1.2.10).</summary>
    public static bool LooksLikeFormula(string text) => text.Length > 0 && text[0] is '=' or '+' or '-' or '@' or '\t' or '\r' or '＝' or '＋' or '－' or '＠';

    /// <summary>Width of the widest line in units of a digit: 2 for each East Asian wide character.</summary>
    public static double Width(string text)
    {
        double widest = 0;
        double line = 0;
        foreach (char c in text)
        {
            line = c == '\n' ? 0 : line + Width(c);
            widest = Math.Max(widest, line);
        }
        return widest;
    }

    /// <summary>The text, or its beginning and an ellipsis where it is wider.</summary>
    /// <param name="width">In digits.</param>
    public static string Shortened(string text, double width)
    {
        if (Width(text) <= width)
        {
            return text;
        }
        double used = Width('…');
        int kept = 0;
        while (used + Width(text[kept]) <= width)
        {
            used += Width(text[kept++]);
        }
        return (char.IsHighSurrogate(text[kept - 1]) ? text[..(kept - 1)] : text[..kept]).TrimEnd() + "…";
    }

    /// <summary>Width of the longest run that cannot be broken over lines; East Asian text breaks anywhere.</summary>
    public static double LongestWord(string text)
    {
        double longest = 0;
        double word = 0;
        foreach (char c in text)
        {
            word = c is ' ' or '\n' or '-' || Width(c) == Wide ? 0 : word + Width(c);
            longest = Math.Max(longest, word);
        }
        return longest;
    }

    /// <summary>Lines that a text takes where it wraps at this width, as Excel breaks it: after spaces and hyphens, beside East Asian characters, and inside a word only where it is wider than the line.</summary>
    /// <param name="width">In digits of the text's own size.</param>
    public static int Lines(string text, double width)
    {
        int lines = 1;
        double line = 0; // what stands on the line and stays there
        double word = 0; // what has begun behind it and moves to the next line as a whole
        foreach (char c in text)
        {
            double w = Width(c);
            if (c == '\n')
            {
                lines++;
                (line, word) = (0, 0);
            }
            else if (c == ' ')
            {
                // Spaces at the end of a line hang over its edge.
                (line, word) = (line + word + w, 0);
            }
            else if (w == Wide)
            {
                (line, word) = (line + word, 0);
                if (line + w > width && line > 0)
                {
                    lines++;
                    line = 0;
                }
                line += w;
            }
            else
            {
                word += w;
                if (line + word > width && line > 0)
                {
                    lines++;
                    line = 0;
                }
                if (word > width)
                {
                    lines++;
                    word = w;
                }
                if (c == '-')
                {
                    (line, word) = (line + word, 0);
                }
            }
        }
        return lines;
    }

    /// <summary>Height of a line of the text in sizes of its font: East Asian faces stand higher than Latin ones.</summary>
    public static double LineHeight(string text)
    {
        foreach (char c in text)
        {
            if (c > LastNarrow && Width(c) == Wide)
            {
                return 1.45;
            }
        }
        return 1.3;
    }

    /// <summary>An East Asian wide character, beside which lines break.</summary>
    public static bool IsWide(char c) => Width(c) == Wide;

    private const char LastNarrow = '\u2E7F';

    private const double Wide = 2;

    private static double Width(char c) => c switch
    {
        >= '\u1100' and <= '\u115F' or >= '\u2E80' and <= '\uA4CF' or >= '\uAC00' and <= '\uD7A3' or >= '\uF900' and <= '\uFAFF'
            or >= '\uFE30' and <= '\uFE6F' or >= '\uFF00' and <= '\uFF60' or >= '\uFFE0' and <= '\uFFE6' or '—' or '…' => Wide,
        '“' or '”' => 1.2,
        >= '\uD800' and <= '\uDFFF' => 1,
        'W' or 'M' or 'm' or '%' or '@' => 1.5,
        'w' => 1.35,
        >= 'A' and <= 'Z' => 1.25,
        'i' or 'l' or 'j' or '|' or '\'' => 0.45,
        ' ' or ',' or '.' or ':' or ';' => 0.5,
        't' or 'f' or 'r' or '(' or ')' => 0.6,
        's' or 'c' or 'k' or 'v' or 'x' or 'y' or 'z' => 0.92,
        _ => 1,
    };

    private static bool IsPlain(char c) => c is '\t' or '\n' or (>= ' ' and < '\uD800') or (> '\uDFFF' and < '\uFFFE');
}
