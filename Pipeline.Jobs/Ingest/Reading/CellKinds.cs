using System.Buffers;

namespace Pipeline.Jobs.Ingest.Reading;

/// <summary>What a value looks like.</summary>
internal enum CellKind
{
    Empty,
    Number,

    /// <summary>A date, a time of day, or both.</summary>
    Date,

    /// <summary>A web or e-mail address.</summary>
    Address,

    /// <summary>Letters and digits without blanks: case numbers, article numbers.</summary>
    Code,
    Text,

    /// <summary>Holds characters that look like separators left over: a wrong dialect leaves such cells.</summary>
    Odd,
}

/// <summary>Tells the kinds of values apart; the detection of dialects and of headers rests on it.</summary>
internal static class CellKinds
{
    private const string Currencies = "$€£¥￥₩₹";
    private static readonly SearchValues<char> LeftOver = SearchValues.Create(";|\t^~\u0001\"");

    public static CellKind Of(ReadOnlySpan<char> cell)
    {
        ReadOnlySpan<char> text = cell.Trim();
        if (text.IsEmpty)
        {
            return CellKind.Empty;
        }
        if (text.Length <= 40)
        {
            if (IsNumber(text))
            {
                return CellKind.Number;
            }
            if (IsDate(text))
            {
                return CellKind.Date;
            }
        }
        if (!text.Contains(' ') && (text.Contains("://", StringComparison.Ordinal) || text.StartsWith("www.", StringComparison.OrdinalIgnoreCase) || IsMail(text)))
        {
            return CellKind.Address;
        }
        if (text.ContainsAny(LeftOver) || HasBareComma(text))
        {
            return CellKind.Odd;
        }
        return text.Length <= 40 && IsCode(text) ? CellKind.Code : CellKind.Text;
    }

    /// <summary>Number, date, address or code: kinds that a header's cell hardly has.</summary>
    public static bool IsTyped(CellKind kind) => kind is CellKind.Number or CellKind.Date or CellKind.Address or CellKind.Code;

    private static bool IsNumber(ReadOnlySpan<char> text)
    {
        if (text[0] == '(' && text[^1] == ')')
        {
            text = text[1..^1].Trim();
        }
        text = text.TrimStart("+-").Trim().Trim(Currencies).Trim().TrimStart("+-").TrimEnd('%').TrimEnd();
        int digits = 0;
        int exponent = 0;
        for (int i = 0; i < text.Length; i++)
        {
            char character = text[i];
            if (char.IsDigit(character))
            {
                digits++;
            }
            else if (character is 'e' or 'E' && digits > 0 && exponent == 0 && i + 1 < text.Length)
            {
                exponent = 1;
            }
            else if (character is '+' or '-')
            {
                if (text[i - 1 < 0 ? 0 : i - 1] is not ('e' or 'E'))
                {
                    return false;
                }
            }
            else if (character is not ('.' or ',' or '\'' or ' ' or '\u00A0') || i == text.Length - 1 || text[i] == ' ' && digits == 0)
            {
                return false;
            }
        }
        return digits > 0 && DotsAtMost(text, 1);
    }

    private static bool DotsAtMost(ReadOnlySpan<char> text, int most) => text.Count('.') <= most || text.Count(',') <= most && text.Count('.') > 1 && GroupsOfThree(text);

    private static bool GroupsOfThree(ReadOnlySpan<char> text)
    {
        int comma = text.IndexOf(',');
        ReadOnlySpan<char> whole = comma < 0 ? text : text[..comma];
        foreach (Range part in whole[(whole.IndexOf('.') + 1)..].Split('.'))
        {
            if (whole[(whole.IndexOf('.') + 1)..][part].Length != 3)
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>Groups of digits between date or time marks: 2024-11-01, 1/2/24 08:00, 2024年11月1日, 08:00:00.5, 2024-11-01T08:00Z, 01-Nov-2024.</summary>
    private static bool IsDate(ReadOnlySpan<char> text)
    {
        int groups = 0;
        int marks = 0;
        int letters = 0;
        bool inDigits = false;
        foreach (char character in text)
        {
            if (char.IsDigit(character))
            {
                groups += inDigits ? 0 : 1;
                inDigits = true;
                continue;
            }
            inDigits = false;
            if (character is '-' or '/' or ':' or '.' or '年' or '月' or '日' or '时' or '時' or '分' or '秒')
            {
                marks++;
            }
            else if (char.IsAsciiLetter(character))
            {
                letters++;
            }
            else if (character is not (' ' or ',' or '+'))
            {
                return false;
            }
        }
        if (letters > 0 && !HasMonthOrMeridiem(text, letters))
        {
            return false;
        }
        bool leadsWithDigit = char.IsDigit(text[0]) || letters >= 3;
        return leadsWithDigit && groups is >= 2 and <= 8 && (marks >= groups - 1 - (groups > 3 ? 1 : 0) || letters >= 3) && marks + letters > 0
            && (groups > 2 || text.ContainsAny(":/年月") || letters >= 3 || text.Length is 6 or 7 && text.Contains('-'));
    }

    private static bool HasMonthOrMeridiem(ReadOnlySpan<char> text, int letters)
    {
        foreach (string word in (string[])["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"])
        {
            if (letters <= 12 && text.Contains(word, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }
        return letters <= 2 && (text.EndsWith("am", StringComparison.OrdinalIgnoreCase) || text.EndsWith("pm", StringComparison.OrdinalIgnoreCase)
            || text.Contains('T') || text.EndsWith("Z", StringComparison.Ordinal));
    }

    private static bool IsMail(ReadOnlySpan<char> text)
    {
        int at = text.IndexOf('@');
        return at > 0 && text[at..].Contains('.');
    }

    private static bool IsCode(ReadOnlySpan<char> text)
    {
        bool digit = false;
        foreach (char character in text)
        {
            if (char.IsAsciiDigit(character) || character == '*')
            {
                digit = true;
            }
            else if (!char.IsAsciiLetter(character) && character is not ('-' or '_' or '/' or '#' or '.' or ':' or '(' or ')' or '+'))
            {
                return false;
            }
        }
        return digit;
    }

    /// <summary>A comma between two characters that are not digits, with no blank behind it: prose does not write so, a wrong delimiter leaves it.</summary>
    private static bool HasBareComma(ReadOnlySpan<char> text)
    {
        for (int i = text.IndexOf(','); i >= 0 && i + 1 < text.Length;)
        {
            if (text[i + 1] is not (' ' or '\r' or '\n'))
            {
                return true;
            }
            int next = text[(i + 1)..].IndexOf(',');
            i = next < 0 ? -1 : i + 1 + next;
        }
        return false;
    }
}
