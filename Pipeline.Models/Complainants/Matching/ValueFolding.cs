using Pipeline.Models.Text;

namespace Pipeline.Models.Complainants.Matching;

/// <summary>The forms that values are held in: folded (as written, in one form of width, case and spaces) and compact (letters and digits only).</summary>
internal static class ValueFolding
{
    private const string Marked = "ÀÁÂÃÄÅÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜÝŸŠŽ";
    private const string Plain = "AAAAAACEEEEIIIINOOOOOOUUUUYYSZ";

    private static readonly HashSet<string> Nothing = new(StringComparer.Ordinal)
    {
        "-", "--", "/", "\\", ".", "?", "*", "N/A", "NA", "N.A.", "NULL", "NONE", "NIL", "NAN", "UNKNOWN", "无", "暂无", "不详", "未知", "未提供", "空",
    };

    /// <summary>Full-width forms folded, invisible characters and a leading apostrophe removed, upper case, single spaces. Empty for placeholders.</summary>
    internal static string Fold(ReadOnlySpan<char> raw)
    {
        Span<char> buffer = raw.Length <= 256 ? stackalloc char[raw.Length] : new char[raw.Length];
        int length = 0;
        bool space = false;
        foreach (char original in raw)
        {
            char c = Widths.Fold(original);
            if (char.IsWhiteSpace(c))
            {
                space = length > 0;
                continue;
            }
            if (char.IsControl(c) || Widths.IsInvisible(c) || (c is '\'' or '`' && length == 0))
            {
                continue;
            }
            if (space)
            {
                buffer[length++] = ' ';
                space = false;
            }
            buffer[length++] = char.ToUpperInvariant(c);
        }
        return buffer[..length].ToString() is { Length: > 0 } text && !Nothing.Contains(text) ? text : "";
    }

    /// <summary>Letters and digits of a folded text, characters in their usual form, marks of Latin letters removed.</summary>
    internal static string Compact(string folded, NameLexicon lexicon)
    {
        Span<char> buffer = folded.Length <= 256 ? stackalloc char[folded.Length] : new char[folded.Length];
        int length = 0;
        foreach (char c in folded)
        {
            if (char.IsLetterOrDigit(c) || char.IsSurrogate(c))
            {
                int marked = c < '\u0080' ? -1 : Marked.IndexOf(c, StringComparison.Ordinal);
                buffer[length++] = marked >= 0 ? Plain[marked] : lexicon.Usual(c);
            }
        }
        return length == folded.Length && buffer[..length].SequenceEqual(folded) ? folded : buffer[..length].ToString();
    }

    /// <summary>The words of a folded text in ordinal order, each once, with one space between; the text itself where it is one word.</summary>
    internal static string Words(string folded)
    {
        if (!folded.Contains(' ', StringComparison.Ordinal))
        {
            return folded;
        }
        string[] words = folded.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Array.Sort(words, StringComparer.Ordinal);
        return string.Join(' ', words.Distinct());
    }

    /// <summary>Its characters in order.</summary>
    internal static string Letters(string compact)
    {
        char[] letters = compact.ToCharArray();
        Array.Sort(letters);
        return new string(letters);
    }

    /// <summary>Toneless pinyin where every character's is known, else the Soundex code (Russell and Odell 1918) of the Latin letters; empty where there is neither.</summary>
    internal static string Sound(string compact, NameLexicon lexicon)
    {
        if (!NameLexicon.IsChinese(compact))
        {
            return Soundex(compact);
        }
        List<string> syllables = new(compact.Length);
        foreach (char c in compact)
        {
            syllables.Add(lexicon.Sound(c) ?? c.ToString());
        }
        return string.Join(' ', syllables);
    }

    /// <summary>A date as eight digits yyyyMMdd; the digits as they stand where it cannot be read as one; empty under four digits.</summary>
    internal static string Date(string folded)
    {
        Span<char> digits = stackalloc char[16];
        Span<int> groups = stackalloc int[4];
        (int length, int count) = (0, 0);
        bool inside = false;
        foreach (char c in folded)
        {
            if (!char.IsAsciiDigit(c))
            {
                // A time of day behind the date is left out.
                if (inside && count == 3 && length >= 6)
                {
                    break;
                }
                inside = false;
                continue;
            }
            if (length == digits.Length || (!inside && count == 3))
            {
                break;
            }
            count += inside ? 0 : 1;
            groups[count - 1]++;
            inside = true;
            digits[length++] = c;
        }
        if (length < 4)
        {
            return "";
        }
        if (count == 3 && groups[0] == 4 && groups[1] <= 2 && groups[2] <= 2)
        {
            return $"{digits[..4]}{Two(digits.Slice(4, groups[1]))}{Two(digits.Slice(4 + groups[1], groups[2]))}";
        }
        if (count == 3 && groups[2] == 4 && groups[0] <= 2 && groups[1] <= 2)
        {
            int year = groups[0] + groups[1];
            return $"{digits.Slice(year, 4)}{Two(digits.Slice(groups[0], groups[1]))}{Two(digits[..groups[0]])}";
        }
        return digits[..length].ToString();
    }

    private static string Two(ReadOnlySpan<char> digits) => digits.Length == 1 ? $"0{digits}" : digits.ToString();

    private static string Soundex(string compact)
    {
        Span<char> code = stackalloc char[4];
        int length = 0;
        char last = '0';
        foreach (char c in compact)
        {
            if (c is < 'A' or > 'Z')
            {
                continue;
            }
            char digit = "01230120022455012623010202"[c - 'A'];
            if (length == 0)
            {
                code[length++] = c;
            }
            else if (digit != '0' && digit != last)
            {
                code[length++] = digit;
                if (length == 4)
                {
                    break;
                }
            }
            last = c is 'H' or 'W' ? last : digit;
        }
        if (length == 0)
        {
            return "";
        }
        code[length..].Fill('0');
        return code.ToString();
    }
}
