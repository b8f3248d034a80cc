using Pipeline.Models.Text;

namespace Pipeline.Jobs.Ingest.Cleaning;

/// <summary>What was repaired in a cell, because the repair is safe.</summary>
public enum Repair
{
    /// <summary>Spaces, tabs, no-break and ideographic spaces at either end.</summary>
    OuterSpace,

    /// <summary>Byte order marks and zero-width characters.</summary>
    Invisible,

    /// <summary>Full-width digits, letters and punctuation in a code, number or telephone.</summary>
    FullWidth,

    /// <summary>Excel's apostrophe in front, or the wrapper <c>="…"</c>.</summary>
    ExcelWrapper,

    /// <summary>Line ends of several kinds in a text.</summary>
    LineEnd,
}

/// <summary>Repairs cells where that is safe, and counts what it repaired. Not for several threads.</summary>
public sealed class CellCleaner
{
    private readonly long[] counts = new long[Enum.GetValues<Repair>().Length];

    /// <value>Cells repaired, by kind of repair; a cell with two repairs counts in both.</value>
    public IReadOnlyDictionary<Repair, long> Counts => Enum.GetValues<Repair>().ToDictionary(r => r, r => counts[(int)r]);

    /// <value>Sum of <see cref="Counts"/>.</value>
    public long Total => counts.Sum();

    /// <summary>Words: outer space and invisible characters removed, line ends made one kind; everything else as it came.</summary>
    public string Text(string cell)
    {
        if (cell.Length == 0)
        {
            return cell;
        }
        string text = Trim(cell);
        if (text.AsSpan().IndexOfAny('\r', '\u2028') >= 0)
        {
            counts[(int)Repair.LineEnd]++;
            text = text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n').Replace('\u2028', '\n');
        }
        return text;
    }

    /// <summary>A code, number, date or telephone: as <see cref="Text"/>, and Excel's wrappers removed and full-width forms folded.</summary>
    public string Code(string cell)
    {
        if (cell.Length == 0 || IsPlain(cell))
        {
            return cell;
        }
        string text = Unwrap(Trim(cell));
        for (int i = 0; i < text.Length; i++)
        {
            if (Widths.Fold(text[i]) != text[i])
            {
                counts[(int)Repair.FullWidth]++;
                text = string.Create(text.Length, text, static (buffer, source) =>
                {
                    for (int k = 0; k < source.Length; k++)
                    {
                        buffer[k] = Widths.Fold(source[k]);
                    }
                });
                return Trim(text);
            }
        }
        return text;
    }

    private static bool IsPlain(string cell)
    {
        foreach (char c in cell)
        {
            if (c is <= ' ' or > '~' or '\'' or '=')
            {
                return false;
            }
        }
        return true;
    }

    private string Unwrap(string text)
    {
        if (text.Length >= 3 && text.StartsWith("=\"", StringComparison.Ordinal) && text[^1] == '"')
        {
            counts[(int)Repair.ExcelWrapper]++;
            return Trim(text[2..^1]);
        }
        if (text.Length >= 2 && text[0] == '\'')
        {
            counts[(int)Repair.ExcelWrapper]++;
            return Trim(text[1..]);
        }
        return text;
    }

    private string Trim(string text)
    {
        int start = 0;
        int end = text.Length;
        bool invisible = false;
        while (start < end && IsOuter(text[start]))
        {
            invisible |= Widths.IsInvisible(text[start]);
            start++;
        }
        while (end > start && IsOuter(text[end - 1]))
        {
            invisible |= Widths.IsInvisible(text[end - 1]);
            end--;
        }
        if (start == 0 && end == text.Length)
        {
            return text;
        }
        counts[(int)(invisible ? Repair.Invisible : Repair.OuterSpace)]++;
        return text[start..end];
    }

    private static bool IsOuter(char c) => char.IsWhiteSpace(c) || c == '\0' || Widths.IsInvisible(c);
}
