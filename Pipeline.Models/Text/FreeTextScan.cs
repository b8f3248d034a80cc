using System.Text;
using Pipeline.Models.Complainants;

namespace Pipeline.Models.Text;

/// <summary>
/// Finds personal data in a narrative in one pass: each character is looked at a bounded number of times, so that the cost grows
/// with the length of the text and no text can make it hang.
/// </summary>
internal static partial class FreeTextScan
{
    private const int LongestLocalPart = 64;

    /// <summary>Half-open: <paramref name="Start"/> belongs to the span, <paramref name="End"/> does not.</summary>
    internal readonly record struct Span(int Start, int End, string Shown);

    internal static string Mask(string text, IEnumerable<string> knownValues)
    {
        string folded = Fold(text);
        List<Span> spans = [];
        for (int i = 0; i < folded.Length;)
        {
            char c = folded[i];
            int next = i + 1;
            if (char.IsAsciiDigit(c))
            {
                next = Number(folded, i, spans);
            }
            else if (c == '@')
            {
                next = Email(folded, i, spans);
            }
            else if (c is 'Q' or 'q' or '微' or 'V' or 'v' or 'W' or 'w' or '扣')
            {
                next = Account(folded, i, spans);
            }
            else if (ChineseDigit(c) is not null)
            {
                next = SpelledNumber(folded, i, spans);
            }
            if (next == i + 1)
            {
                next = TitledNames.Find(folded, i, spans);
            }
            i = next;
        }
        Known(folded, knownValues, spans);
        return spans.Count == 0 ? text : Render(text, spans);
    }

    private static string Fold(string text) => string.Create(text.Length, text, static (buffer, source) =>
    {
        for (int i = 0; i < source.Length; i++)
        {
            buffer[i] = Widths.Fold(source[i]);
        }
    });

    private static int Email(string text, int at, List<Span> spans)
    {
        int start = at;
        while (start > 0 && at - start < LongestLocalPart && IsLocalPart(text[start - 1]))
        {
            start--;
        }
        int end = at + 1;
        while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] is '-' or '.'))
        {
            end++;
        }
        while (end > at + 1 && text[end - 1] is '.' or '-')
        {
            end--;
        }
        int dot = text.LastIndexOf('.', end - 1, end - at);
        if (start == at || dot <= at + 1 || dot >= end - 1 || !char.IsAsciiLetter(text[dot + 1]) || !char.IsAsciiLetter(text[end - 1]))
        {
            return at + 1;
        }
        while (spans.Count > 0 && spans[^1].End > start)
        {
            spans.RemoveAt(spans.Count - 1);
        }
        spans.Add(new Span(start, end, string.Concat(text.AsSpan(start, 1), "****", text.AsSpan(at, end - at))));
        return end;
    }

    private static bool IsLocalPart(char c) => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or '+' or '%';

    /// <summary>A WeChat or QQ number that is named as one: 微信号abc_123, 微信：abc123, QQ 12345678.</summary>
    private static int Account(string text, int at, List<Span> spans)
    {
        ReadOnlySpan<char> rest = text.AsSpan(at);
        int word = rest switch
        {
            _ when rest.StartsWith("微信") => 2,
            _ when rest.StartsWith("扣扣") => 2,
            _ when rest.StartsWith("QQ", StringComparison.OrdinalIgnoreCase) => 2,
            _ when rest.StartsWith("VX", StringComparison.OrdinalIgnoreCase) => 2,
            _ when rest.StartsWith("WeChat", StringComparison.OrdinalIgnoreCase) => 6,
            _ => 0,
        };
        if (word == 0 || (at > 0 && char.IsAsciiLetter(text[at]) && char.IsAsciiLetterOrDigit(text[at - 1])))
        {
            return at + 1;
        }
        int start = at + word;
        int limit = Math.Min(text.Length, start + 6);
        while (start < limit && text[start] is '号' or '码' or ':' or ' ' or '是' or '为' or '账' or '帐' or '同' or '=')
        {
            start++;
        }
        int end = start;
        while (end < text.Length && end - start < 40 && (char.IsAsciiLetterOrDigit(text[end]) || text[end] is '_' or '-'))
        {
            end++;
        }
        if (end - start is < 5 or > 20 || (end < text.Length && text[end] is '@' or '元' or '.' or '万'))
        {
            return at + 1;
        }
        spans.Add(new Span(start, end, "****"));
        return end;
    }

    /// <summary>A telephone, card or identity number written in Chinese numerals: eleven or more without a unit between.</summary>
    private static int SpelledNumber(string text, int start, List<Span> spans)
    {
        int end = start;
        while (end < text.Length && ChineseDigit(text[end]) is not null)
        {
            end++;
        }
        if (end - start >= 11)
        {
            spans.Add(new Span(start, end, "****"));
            return end;
        }
        return start + 1;
    }

    private static int? ChineseDigit(char c) => c switch
    {
        '〇' or '零' => 0,
        '一' or '幺' => 1,
        '二' or '两' => 2,
        '三' => 3,
        '四' => 4,
        '五' => 5,
        '六' => 6,
        '七' => 7,
        '八' => 8,
        '九' => 9,
        _ => null,
    };

    private static void Known(string folded, IEnumerable<string> knownValues, List<Span> spans)
    {
        bool added = false;
        foreach (string value in knownValues)
        {
            string needle = Fold(value).Trim();
            if (needle.Length < 2)
            {
                continue;
            }
            for (int at = folded.IndexOf(needle, StringComparison.OrdinalIgnoreCase); at >= 0;
                at = folded.IndexOf(needle, at + needle.Length, StringComparison.OrdinalIgnoreCase))
            {
                spans.Add(new Span(at, at + needle.Length, KnownShown(needle)));
                added = true;
            }
        }
        if (added)
        {
            spans.Sort(static (a, b) => a.Start != b.Start ? a.Start.CompareTo(b.Start) : b.End.CompareTo(a.End));
        }
    }

    private static string KnownShown(string value)
    {
        if (value.Contains('@', StringComparison.Ordinal))
        {
            return Masking.Email(value);
        }
        if (Identifiers.IdentityNumber(value).State == IdentityStates.Valid)
        {
            return Masking.IdentityNumber(value);
        }
        if (Identifiers.Phone(value) is not null)
        {
            return Masking.Phone(value);
        }
        return char.IsAsciiDigit(value[0]) ? Masking.Account(value) : Masking.Name(value);
    }

    /// <summary>Spans in the order of their start; of two that overlap the earlier counts and the rest of the later is hidden.</summary>
    private static string Render(string text, List<Span> spans)
    {
        StringBuilder shown = new(text.Length);
        int done = 0;
        foreach (Span span in spans)
        {
            if (span.End <= done)
            {
                continue;
            }
            if (span.Start < done)
            {
                shown.Append('*', span.End - done);
            }
            else
            {
                shown.Append(text, done, span.Start - done).Append(span.Shown);
            }
            done = span.End;
        }
        return shown.Append(text, done, text.Length - done).ToString();
    }
}
