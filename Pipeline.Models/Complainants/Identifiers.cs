using Pipeline.Models.Text;

namespace Pipeline.Models.Complainants;

/// <summary>What became of an identity number. The names are those of the column <c>identity_state</c>.</summary>
public static class IdentityStates
{
    public const string Absent = "absent";
    public const string Valid = "valid";
    public const string Masked = "masked";
    public const string Invalid = "invalid";
}

/// <summary>Gender as an identity number states it.</summary>
public static class Genders
{
    public const string Female = "female";
    public const string Male = "male";
}

/// <summary>An identity number as read from an export.</summary>
/// <param name="State">See <see cref="IdentityStates"/>.</param>
/// <param name="Normalised">The number as 18 characters in upper case where it is valid; otherwise null, so that nothing else can be joined on.</param>
/// <param name="BirthYear">From a valid number, or from the visible digits of a masked one.</param>
/// <param name="Gender">See <see cref="Genders"/>; from a valid number, or from the visible digits of a masked one.</param>
public readonly record struct IdentityNumberReading(string State, string? Normalised, int? BirthYear, string? Gender);

/// <summary>
/// Normal forms of what identifies a complainant. Equal normal forms are the same identifier; null means that the value identifies
/// nobody (empty, a placeholder, masked, damaged). Nothing is repaired by guessing.
/// </summary>
public static partial class Identifiers
{
    private const int LongestIdentifier = 64;
    private const string CheckCharacters = "10X98765432";
    private static readonly int[] CheckWeights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

    private static readonly HashSet<string> NoNumber = new(StringComparer.Ordinal)
    {
        "无", "暂无", "没有", "无证件", "不详", "未知", "未提供", "不提供", "空", "NULL", "NONE", "NIL", "NA", "N/A", "UNKNOWN", "/", "\\",
    };

    private static readonly HashSet<string> NoName = new(StringComparer.Ordinal)
    {
        "匿名", "匿名客户", "匿名用户", "无", "无名", "无名氏", "不详", "未知", "未提供", "姓名不详", "客户", "先生", "女士", "小姐", "本人", "某先生", "某女士",
        "NULL", "NONE", "NA", "N/A", "UNKNOWN", "ANONYMOUS", "XXX", "XXXX",
    };

    /// <summary>
    /// Reads a resident identity number (GB 11643-1999; 18 characters with check character, or the old 15 digits). Full-width
    /// forms, spaces, dashes, trailing tabs and Excel's apostrophe are tolerated.
    /// </summary>
    /// <remarks>
    /// The region is not checked against GB/T 2260: codes change with the map, and invented persons carry 990000. A number whose
    /// sequence and check are both zero is what Excel leaves of a number that it took for a quantity, and is invalid.
    /// </remarks>
    public static IdentityNumberReading IdentityNumber(string? raw)
    {
        string text = Compact(raw);
        if (text.Length == 0 || NoNumber.Contains(text))
        {
            return new IdentityNumberReading(IdentityStates.Absent, null, null, null);
        }
        if (IsMaskedNumber(text))
        {
            return Masked(text);
        }
        string? number = text.Length switch
        {
            18 => text,
            15 when AllDigits(text) => Lengthen(text),
            _ => null,
        };
        if (number is null || !HasCheckCharacter(number) || BirthDate(number) is not DateOnly born || number.EndsWith("0000", StringComparison.Ordinal))
        {
            return new IdentityNumberReading(IdentityStates.Invalid, null, null, null);
        }
        return new IdentityNumberReading(IdentityStates.Valid, number, born.Year, GenderOf(number[16]));
    }

    /// <summary>The check character of the first 17 digits (ISO 7064 MOD 11-2), <c>0</c> to <c>9</c> or <c>X</c>.</summary>
    /// <exception cref="ArgumentException">Fewer than 17 characters, or one that is no digit.</exception>
    public static char CheckCharacter(ReadOnlySpan<char> number)
    {
        if (number.Length < 17)
        {
            throw new ArgumentException("a check character needs the first 17 digits of the number", nameof(number));
        }
        int sum = 0;
        for (int i = 0; i < 17; i++)
        {
            if (!char.IsAsciiDigit(number[i]))
            {
                throw new ArgumentException("the first 17 characters of an identity number are digits", nameof(number));
            }
            sum += (number[i] - '0') * CheckWeights[i];
        }
        return CheckCharacters[sum % 11];
    }

    /// <summary>An e-mail address in lower case, or null.</summary>
    public static string? Email(string? raw)
    {
        string text = Compact(raw).ToLowerInvariant();
        int at = text.IndexOf('@', StringComparison.Ordinal);
        if (at is < 1 or > LongestIdentifier || at != text.LastIndexOf('@') || text.Length > 254)
        {
            return null;
        }
        ReadOnlySpan<char> domain = text.AsSpan(at + 1);
        int dot = domain.LastIndexOf('.');
        if (dot < 1 || domain.Length - dot < 3 || domain[0] == '.' || domain.Contains("..", StringComparison.Ordinal))
        {
            return null;
        }
        foreach (char c in text)
        {
            if (!(char.IsAsciiLetterOrDigit(c) || c is '@' or '.' or '_' or '-' or '+' or '%' or '\''))
            {
                return null;
            }
        }
        return text;
    }

    /// <summary>
    /// A person's or company's name: spaces removed, full-width forms folded, upper case. Null for placeholders, for masked names
    /// (<c>张*</c>) and for values without a letter.
    /// </summary>
    public static string? Name(string? raw)
    {
        string text = Compact(raw, keepDashes: true).Replace('•', '·').Replace('・', '·').Replace('‧', '·');
        bool letter = false;
        foreach (char c in text)
        {
            if (c is '*' or '?' or '@')
            {
                return null;
            }
            letter |= char.IsLetter(c) || char.IsSurrogate(c);
        }
        return letter && !NoName.Contains(text) ? text : null;
    }

    /// <summary>A bank card or account number, 9 to 30 digits; null when masked, in scientific notation or with letters.</summary>
    public static string? Account(string? raw)
    {
        string text = Compact(raw);
        return text.Length is >= 9 and <= 30 && AllDigits(text) && !AllSame(text) ? text : null;
    }

    private static bool HasCheckCharacter(string number)
    {
        for (int i = 0; i < 17; i++)
        {
            if (!char.IsAsciiDigit(number[i]))
            {
                return false;
            }
        }
        return CheckCharacter(number) == number[17];
    }

    /// <summary>The old number has two digits of the year and no check character; its bearers were born in the 1900s.</summary>
    private static string Lengthen(string old)
    {
        string body = string.Concat(old.AsSpan(0, 6), "19", old.AsSpan(6));
        return body + CheckCharacter(body);
    }

    private static DateOnly? BirthDate(string number)
    {
        int year = Digits(number, 6, 4);
        int month = Digits(number, 10, 2);
        int day = Digits(number, 12, 2);
        return year is >= 1850 and <= 2099 && month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month)
            ? new DateOnly(year, month, day)
            : null;
    }

    private static int Digits(string number, int start, int count)
    {
        int value = 0;
        for (int i = start; i < start + count; i++)
        {
            value = (value * 10) + number[i] - '0';
        }
        return value;
    }

    private static string GenderOf(char sequenceEnd) => (sequenceEnd - '0') % 2 == 1 ? Genders.Male : Genders.Female;

    /// <summary>Stars, or the letter X used as a star in a place where no number has it.</summary>
    private static bool IsMaskedNumber(string text)
    {
        bool digit = false;
        bool hidden = false;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (char.IsAsciiDigit(c))
            {
                digit = true;
            }
            else if (IsStar(c) || (c == 'X' && i < text.Length - 1))
            {
                hidden = true;
            }
            else if (c != 'X')
            {
                return false;
            }
        }
        return hidden && digit;
    }

    private static bool IsStar(char c) => c is '*' or '#' or '×' or '●' or '•' or '█';

    private static IdentityNumberReading Masked(string text)
    {
        bool hasYear = text.Length == 18 && AllDigits(text.AsSpan(6, 4));
        bool hasGender = text.Length == 18 && char.IsAsciiDigit(text[16]);
        int? year = hasYear ? Digits(text, 6, 4) : null;
        return new IdentityNumberReading(
            IdentityStates.Masked, null, year is >= 1850 and <= 2099 ? year : null, hasGender ? GenderOf(text[16]) : null);
    }

    private static bool AllDigits(ReadOnlySpan<char> text) => !text.ContainsAnyExceptInRange('0', '9');

    private static bool AllSame(string text) => text.AsSpan().IndexOfAnyExcept(text[0]) < 0;

    /// <summary>Upper case without spaces, invisible characters, apostrophes that Excel puts in front, and (unless kept) dashes.</summary>
    private static string Compact(string? raw, bool keepDashes = false)
    {
        if (string.IsNullOrEmpty(raw))
        {
            return "";
        }
        Span<char> buffer = raw.Length <= 256 ? stackalloc char[raw.Length] : new char[raw.Length];
        int length = 0;
        foreach (char original in raw)
        {
            char c = Widths.Fold(original);
            bool dash = c is '-' or '—' or '–' or '‐' or '－';
            bool quote = c is '\'' or '‘' or '’' or '`' or '"';
            if (char.IsWhiteSpace(c) || char.IsControl(c) || Widths.IsInvisible(c) || (dash && !keepDashes) || (quote && (length == 0 || !keepDashes)))
            {
                continue;
            }
            buffer[length++] = char.ToUpperInvariant(c);
        }
        return new string(buffer[..length]);
    }
}
