using Pipeline.Models.Text;

namespace Pipeline.Models.Complainants;

public static partial class Identifiers
{
    private static readonly char[] PhoneSeparators = ['/', '\\', ';', ',', '、', '|', '\n', '\r', '或'];

    /// <summary>
    /// The first telephone number of a cell, digits only: a mainland mobile (11 digits; +86, 86, spaces and dashes removed), a
    /// landline with its area code (10 to 12 digits from 0; the extension removed), or a foreign number that came with + or 00.
    /// Null for anything else, such as an e-mail address, a number without area code, a service number (95xxx, 400) or a masked one.
    /// </summary>
    public static string? Phone(string? raw) => Phones(raw) is [string first, ..] ? first : null;

    /// <summary>All telephone numbers of a cell, in the order in which they stand, without repeats; see <see cref="Phone"/>.</summary>
    public static IReadOnlyList<string> Phones(string? raw)
    {
        if (string.IsNullOrWhiteSpace(raw))
        {
            return [];
        }
        List<string> found = [];
        foreach (string part in FoldAll(raw).Split(PhoneSeparators, StringSplitOptions.RemoveEmptyEntries))
        {
            if (OnePhone(part) is string phone && !found.Contains(phone))
            {
                found.Add(phone);
            }
        }
        return found;
    }

    /// <summary>A mainland mobile number: 11 digits from 13 to 19.</summary>
    internal static bool IsMobile(ReadOnlySpan<char> digits) => digits.Length == 11 && digits[0] == '1' && digits[1] is >= '3' and <= '9';

    /// <summary>An area code (010, 02x: 3 digits; others: 4) followed by a number of 7 or 8 digits that does not begin with 0 or 1.</summary>
    internal static bool IsLandline(ReadOnlySpan<char> digits)
    {
        if (digits.Length is < 10 or > 12 || digits[0] != '0' || digits[1] == '0')
        {
            return false;
        }
        int area = digits[1] is '1' or '2' ? 3 : 4;
        if (digits[1] == '1' && digits[2] != '0')
        {
            return false;
        }
        ReadOnlySpan<char> number = digits[area..];
        return number.Length is 7 or 8 && number[0] is >= '2' and <= '9';
    }

    private static string? OnePhone(string part)
    {
        Span<char> digits = stackalloc char[24];
        int length = 0;
        bool plus = false;
        for (int i = 0; i < part.Length; i++)
        {
            char c = part[i];
            if (char.IsAsciiDigit(c))
            {
                if (length == digits.Length)
                {
                    return null;
                }
                digits[length++] = c;
            }
            else if (c == '+' && length == 0)
            {
                plus = true;
            }
            else if (length > 0 && (c is '转' or '#' or '.' || char.IsAsciiLetter(c)))
            {
                if (!EndsNumber(part.AsSpan(i)))
                {
                    return null;
                }
                break;
            }
            else if (c is '*' or '@' || char.IsAsciiLetter(c))
            {
                return null;
            }
        }
        return Normal(digits[..length], plus, part);
    }

    /// <summary>What may follow a number: an extension (转 8001, ext 8001, #8001) or the .0 of a number that Excel took for a quantity.</summary>
    private static bool EndsNumber(ReadOnlySpan<char> rest)
    {
        if (rest[0] is '转' or '#')
        {
            return true;
        }
        return rest.SequenceEqual(".0") || rest.StartsWith("ext", StringComparison.OrdinalIgnoreCase) || rest.StartsWith("x", StringComparison.OrdinalIgnoreCase);
    }

    private static string? Normal(ReadOnlySpan<char> digits, bool plus, string part)
    {
        bool abroad = plus;
        if (!plus && digits.StartsWith("00"))
        {
            digits = digits[2..];
            abroad = true;
        }
        if (digits.StartsWith("86") && (abroad || IsMobile(digits[2..]) || IsLandline(digits[2..])))
        {
            digits = digits[2..];
            if (digits.Length > 0 && digits[0] != '0' && !IsMobile(digits))
            {
                string domestic = string.Concat("0", digits);
                return IsLandline(domestic) ? domestic : null;
            }
            abroad = false;
        }
        if (abroad)
        {
            return digits.Length is >= 8 and <= 15 ? digits.ToString() : null;
        }
        if (digits.Length > 0 && digits[0] == '0' && IsMobile(digits[1..]))
        {
            return digits[1..].ToString();
        }
        if (IsMobile(digits) || IsLandline(digits))
        {
            return digits.ToString();
        }
        return WithoutExtension(digits, part);
    }

    /// <summary>021-12345678-8001: an extension of 1 to 5 digits after a second or later dash.</summary>
    private static string? WithoutExtension(ReadOnlySpan<char> digits, string part)
    {
        int dash = part.LastIndexOf('-');
        if (dash < 0)
        {
            return null;
        }
        int extension = 0;
        foreach (char c in part.AsSpan(dash + 1))
        {
            extension += char.IsAsciiDigit(c) ? 1 : 0;
        }
        if (extension is < 1 or > 5 || extension >= digits.Length)
        {
            return null;
        }
        ReadOnlySpan<char> number = digits[..^extension];
        return IsLandline(number) ? number.ToString() : null;
    }

    private static string FoldAll(string raw) => string.Create(raw.Length, raw, static (buffer, source) =>
    {
        for (int i = 0; i < source.Length; i++)
        {
            char c = Widths.Fold(source[i]);
            buffer[i] = c is '–' or '—' or '‐' ? '-' : c;
        }
    });
}
