using System.Globalization;
using System.Text;
using Pipeline.Models.Complainants;

namespace Pipeline.Models.Text;

/// <summary>
/// How personal data is shown in reports: the outward policy of the working defaults (no official rule is published, conventions
/// differ). A value that cannot be recognised is hidden whole.
/// </summary>
public static class Masking
{
    /// <summary>First character, then one star for each further one: <c>张三</c> becomes <c>张*</c>.</summary>
    public static string Name(string name)
    {
        string trimmed = name.Trim();
        if (trimmed.Length == 0)
        {
            return "";
        }
        int first = StringInfo.GetNextTextElementLength(trimmed);
        if (first == trimmed.Length)
        {
            return "*";
        }
        int rest = 0;
        foreach (Rune _ in trimmed.AsSpan(first).EnumerateRunes())
        {
            rest++;
        }
        return string.Concat(trimmed.AsSpan(0, first), new string('*', rest));
    }

    /// <summary>A mobile keeps 3 + 4 digits (<c>138****5678</c>), every other number its last 4; an e-mail address in a phone column is masked as such.</summary>
    public static string Phone(string phone)
    {
        if (phone.Contains('@', StringComparison.Ordinal) || phone.Contains('＠', StringComparison.Ordinal))
        {
            return Email(phone);
        }
        string digits = Identifiers.Phone(phone) ?? DigitsOf(phone);
        if (Identifiers.IsMobile(digits))
        {
            return string.Concat(digits.AsSpan(0, 3), "****", digits.AsSpan(7));
        }
        return digits.Length >= 7 ? "****" + digits[^4..] : Hidden(phone);
    }

    /// <summary>First and last character of the number: <c>9****************3</c>. Anything that is no identity number is hidden whole.</summary>
    public static string IdentityNumber(string number)
    {
        string text = number.Trim();
        IdentityNumberReading reading = Identifiers.IdentityNumber(text);
        if (reading.Normalised is string normal)
        {
            return string.Concat(normal.AsSpan(0, 1), new string('*', 16), normal.AsSpan(17));
        }
        return reading.State == IdentityStates.Masked && text.Length is 15 or 18
            ? string.Concat(text.AsSpan(0, 1), new string('*', text.Length - 2), text.AsSpan(text.Length - 1))
            : Hidden(text);
    }

    /// <summary>First character, four stars, domain: <c>w****@example.com</c>.</summary>
    public static string Email(string email)
    {
        string text = email.Trim().Replace('＠', '@');
        int at = text.IndexOf('@', StringComparison.Ordinal);
        if (at < 1 || at == text.Length - 1)
        {
            return Hidden(text);
        }
        return string.Concat(text.AsSpan(0, 1), "****", text.AsSpan(at));
    }

    /// <summary>The last 4 digits of a card or account: <c>****0005</c>.</summary>
    public static string Account(string account)
    {
        string digits = DigitsOf(account);
        return digits.Length >= 9 ? "****" + digits[^4..] : Hidden(account);
    }

    /// <summary>An address down to its district; hidden whole where none is named.</summary>
    public static string Address(string address)
    {
        string text = address.Trim();
        int end = 0;
        foreach (string unit in (string[])["区", "县", "旗"])
        {
            int at = text.IndexOf(unit, StringComparison.Ordinal);
            if (at >= 2 && (end == 0 || at < end) && !text.AsSpan(at).StartsWith("区块", StringComparison.Ordinal))
            {
                end = at + 1;
            }
        }
        if (end == 0)
        {
            int city = text.IndexOf('市', StringComparison.Ordinal);
            end = city >= 1 ? city + 1 : 0;
        }
        if (end == 0)
        {
            return Hidden(text);
        }
        return end == text.Length ? text : string.Concat(text.AsSpan(0, end), "****");
    }

    /// <summary>
    /// A narrative with the personal data that it shows masked: identity numbers, telephones, cards and accounts, e-mail addresses,
    /// WeChat and QQ numbers, titled names (<c>张三先生</c> becomes <c>张**</c>).
    /// </summary>
    public static string FreeText(string text) => FreeText(text, []);

    /// <param name="text">The narrative.</param>
    /// <param name="knownValues">Values that are known to be personal, for example the complainant's own name and account; each is masked wherever it occurs.</param>
    /// <returns><paramref name="text"/> itself where there is nothing to mask.</returns>
    public static string FreeText(string text, IEnumerable<string> knownValues) => FreeTextScan.Mask(text, knownValues);

    private static string DigitsOf(string raw)
    {
        StringBuilder digits = new(raw.Length);
        foreach (char c in raw)
        {
            char folded = Widths.Fold(c);
            if (char.IsAsciiDigit(folded))
            {
                digits.Append(folded);
            }
        }
        return digits.ToString();
    }

    private static string Hidden(string value) => new('*', Math.Clamp(value.Trim().Length, 0, 18));
}
