using Pipeline.Models.Complainants;

namespace Pipeline.Models.Text;

/// <content>Runs of digits: identity numbers, telephones, cards, accounts.</content>
internal static partial class FreeTextScan
{
    private const int LongestNumber = 32;

    /// <summary>
    /// A run of digits, with single spaces or dashes between groups: first read whole, then with fewer groups, then the first group
    /// alone.
    /// </summary>
    private static int Number(string text, int start, List<Span> spans)
    {
        Span<char> digits = stackalloc char[LongestNumber];
        Span<int> ends = stackalloc int[LongestNumber];
        Span<int> counts = stackalloc int[LongestNumber];
        int groups = 0;
        int length = 0;
        int at = start;
        bool afterLetter = start > 0 && (char.IsAsciiLetter(text[start - 1]) || text[start - 1] == '_');
        while (at < text.Length && length < LongestNumber)
        {
            while (at < text.Length && length < LongestNumber && char.IsAsciiDigit(text[at]))
            {
                digits[length++] = text[at++];
            }
            if (length == 17 && at < text.Length && text[at] is 'X' or 'x')
            {
                digits[length++] = 'X';
                at++;
            }
            ends[groups] = at;
            counts[groups++] = length;
            if (!(at + 1 < text.Length && text[at] is ' ' or '-' or ')' && at + 1 < text.Length && char.IsAsciiDigit(text[at + 1])))
            {
                break;
            }
            at++;
        }
        if (length == LongestNumber)
        {
            while (at < text.Length && char.IsAsciiDigit(text[at]))
            {
                at++;
            }
            spans.Add(new Span(start, at, "****"));
            return at;
        }
        for (int group = groups - 1; group >= 0; group--)
        {
            string? shown = Shown(digits[..counts[group]], group + 1, counts[0], afterLetter, text, start);
            if (shown is not null)
            {
                spans.Add(new Span(start, ends[group], shown));
                return ends[group];
            }
        }
        return ends[0];
    }

    /// <summary>How a number is shown, or null where it is none of a person's.</summary>
    private static string? Shown(ReadOnlySpan<char> number, int groups, int firstGroup, bool afterLetter, string text, int start)
    {
        if (number.Length == 18 && (groups == 1 || HasValidIdentity(number)))
        {
            return string.Concat(number[..1], new string('*', 16), number[17..]);
        }
        ReadOnlySpan<char> domestic = number.Length > 11 && number.StartsWith("86") ? number[2..] : number;
        if (Identifiers.IsMobile(domestic))
        {
            return string.Concat(domestic[..3], "****", domestic[7..]);
        }
        bool areaCodeApart = groups == 1 || firstGroup is 3 or 4;
        if (areaCodeApart && !afterLetter && Identifiers.IsLandline(number))
        {
            return string.Concat("****", number[^4..]);
        }
        if (groups == 1 && number.Length == 15 && HasValidIdentity(number))
        {
            return string.Concat(number[..1], new string('*', 13), number[14..]);
        }
        bool card = groups == 1
            ? number.Length >= 16 || (number.Length >= 13 && !afterLetter && HasLuhnCheck(number)) || (number.Length >= 9 && AfterAccountWord(text, start))
            : number.Length is >= 15 and <= 19 && ((groups is >= 3 and <= 5 && firstGroup == 4) || (groups == 2 && firstGroup == 6));
        return card ? string.Concat("****", number[^4..]) : null;
    }

    private static bool HasValidIdentity(ReadOnlySpan<char> number) => Identifiers.IdentityNumber(number.ToString()).State == IdentityStates.Valid;

    private static bool HasLuhnCheck(ReadOnlySpan<char> number)
    {
        int sum = 0;
        for (int i = 0; i < number.Length; i++)
        {
            int digit = number[number.Length - 1 - i] - '0';
            if (digit is < 0 or > 9)
            {
                return false;
            }
            int weighted = i % 2 == 0 ? digit : digit * 2;
            sum += weighted > 9 ? weighted - 9 : weighted;
        }
        return sum % 10 == 0;
    }

    private static bool AfterAccountWord(string text, int start)
    {
        ReadOnlySpan<char> before = text.AsSpan(Math.Max(0, start - 6), Math.Min(6, start));
        return before.Contains("账号", StringComparison.Ordinal) || before.Contains("帐号", StringComparison.Ordinal)
            || before.Contains("卡号", StringComparison.Ordinal) || before.Contains("账户", StringComparison.Ordinal)
            || before.Contains("折号", StringComparison.Ordinal) || before.Contains("证号", StringComparison.Ordinal)
            || before.Contains("身份证", StringComparison.Ordinal);
    }
}
