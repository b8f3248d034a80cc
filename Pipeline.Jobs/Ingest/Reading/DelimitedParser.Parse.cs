namespace Pipeline.Jobs.Ingest.Reading;

internal sealed partial class DelimitedParser
{
    /// <summary>Parses the record at <see cref="recordStart"/>; false where the buffer ends before it does.</summary>
    private bool Parse()
    {
        ReadOnlySpan<char> text = feed.Buffer.AsSpan(0, feed.End);
        ReadOnlySpan<int> places = index.Places;
        bool atEnd = feed.AtEnd;
        int at = recordStart;
        int place = cursor;
        int breaks = 0;
        Count = 0;
        BrokenQuoteColumn = 0;
        Unclosed = false;
        InnerQuote = false;
        AnyQuoted = false;
        unchecked
        {
            while (true)
            {
                int open = Opening(text, at);
                if (open < 0)
                {
                    int end = UnquotedEnd(text, places, ref place);
                    if (end < 0)
                    {
                        return false;
                    }
                    Add(at, end - at, 0);
                    at = end;
                }
                else
                {
                    int end = QuotedEnd(text, places, open, ref place, ref breaks, out int close, out bool unescape);
                    if (end < 0)
                    {
                        return false;
                    }
                    AnyQuoted = true;
                    Add(open + 1, close - open - 1, (byte)(unescape ? Quoted | Unescape : Quoted));
                    at = end;
                    if (Unclosed)
                    {
                        return Finish(at, place, breaks);
                    }
                }
                if (at >= text.Length)
                {
                    return atEnd && Finish(at, place, breaks);
                }
                bool delimited = IsDelimiter(text, at);
                if (!delimited && text[at] == '\r' && at + 1 >= text.Length && !atEnd)
                {
                    return false;
                }
                at += delimited ? DelimiterLength(text, at) : text[at] == '\r' && at + 1 < text.Length && text[at + 1] == '\n' ? 2 : 1;
                while (place < places.Length && places[place] < at)
                {
                    place++;
                }
                if (!delimited)
                {
                    return Finish(at, place, breaks + 1);
                }
                if (at >= text.Length && !atEnd)
                {
                    return false;
                }
            }
        }
    }

    /// <summary>Where the quote stands that opens a cell beginning at <paramref name="at"/>, or -1.</summary>
    private int Opening(ReadOnlySpan<char> text, int at)
    {
        if (!quotes)
        {
            return -1;
        }
        while (blankBeforeQuote && at < text.Length && text[at] == ' ')
        {
            at++;
        }
        return at < text.Length && text[at] == quote ? at : -1;
    }

    /// <summary>The place of the delimiter, line end or end of text behind an unquoted cell, or -1 where the buffer ends first.</summary>
    private int UnquotedEnd(ReadOnlySpan<char> text, ReadOnlySpan<int> places, ref int place)
    {
        for (; place < places.Length; place++)
        {
            int found = places[place];
            char character = text[found];
            if (character is '\n' or '\r')
            {
                return found;
            }
            if (character != delimiter)
            {
                InnerQuote = true;
            }
            else if (IsDelimiter(text, found))
            {
                return found;
            }
            else if (found + 1 >= text.Length && !feed.AtEnd)
            {
                return -1;
            }
        }
        return feed.AtEnd ? text.Length : -1;
    }

    /// <summary>
    /// From an opening quote to the delimiter, line end or end of text behind its closing one. A quote with anything else behind it is a fault, and
    /// taken for text.
    /// </summary>
    /// <returns>Place behind the cell, or -1 where the buffer ends first.</returns>
    private int QuotedEnd(
        ReadOnlySpan<char> text, ReadOnlySpan<int> places, int open, ref int place, ref int breaks, out int close, out bool unescape)
    {
        bool atEnd = feed.AtEnd;
        unescape = false;
        close = open;
        int doubtfulFrom = -1;
        unchecked
        {
            int next = place;
            while (next < places.Length && places[next] <= open)
            {
                next++;
            }
            for (; ; next++)
            {
                bool lost = next < places.Length
                    ? doubtfulFrom >= 0 && places[next] - doubtfulFrom > LongestDoubtfulCell
                    : atEnd || text.Length - open > LongestQuotedCell;
                if (lost)
                {
                    Unclosed = true;
                    NoteBrokenQuote();
                    close = next < places.Length ? places[next] : text.Length;
                    place = next;
                    return close;
                }
                if (next >= places.Length)
                {
                    return -1;
                }
                int found = places[next];
                char character = text[found];
                if (character == quote)
                {
                    if (dialect.BackslashEscapes && IsEscaped(text, found, open))
                    {
                        unescape = true;
                        continue;
                    }
                    if (found + 1 >= text.Length && !atEnd)
                    {
                        return -1;
                    }
                    if (found + 1 < text.Length && text[found + 1] == quote)
                    {
                        unescape = true;
                        next++;
                        continue;
                    }
                    int behind = Behind(text, found + 1);
                    if (behind == text.Length && !atEnd)
                    {
                        return -1;
                    }
                    if (behind >= 0)
                    {
                        close = found;
                        place = next + 1;
                        return behind;
                    }
                    NoteBrokenQuote();
                    if (doubtfulFrom < 0)
                    {
                        doubtfulFrom = found;
                    }
                }
                else if (character == '\n')
                {
                    breaks++;
                }
                else if (character == '\r')
                {
                    if (found + 1 >= text.Length && !atEnd)
                    {
                        return -1;
                    }
                    if (found + 1 >= text.Length || text[found + 1] != '\n')
                    {
                        breaks++;
                    }
                }
            }
        }
    }

    /// <summary>Where the delimiter, line end or end of text stands that ends a quoted cell, or -1 where something else follows the quote.</summary>
    private int Behind(ReadOnlySpan<char> text, int at)
    {
        while (blankBeforeQuote && at < text.Length && text[at] == ' ')
        {
            at++;
        }
        if (twoCharacters && at == text.Length - 1 && text[at] == delimiter && !feed.AtEnd)
        {
            return text.Length;
        }
        return at >= text.Length || text[at] is '\r' or '\n' || IsDelimiter(text, at) ? at : -1;
    }

    private bool IsDelimiter(ReadOnlySpan<char> text, int at) =>
        text[at] == delimiter && (!twoCharacters || (at + 1 < text.Length ? text[at + 1] == second || CutBlank(text[at + 1]) : feed.AtEnd && second == ' '));

    /// <summary>A delimiter of a character and a blank may have lost its blank at the end of the line.</summary>
    private bool CutBlank(char behind) => second == ' ' && behind is '\r' or '\n';

    private int DelimiterLength(ReadOnlySpan<char> text, int at) => twoCharacters && at + 1 < text.Length && text[at + 1] == second ? 2 : 1;

    private static bool IsEscaped(ReadOnlySpan<char> text, int at, int open)
    {
        int before = at - 1;
        while (before > open && text[before] == '\\')
        {
            before--;
        }
        return ((at - 1 - before) & 1) == 1;
    }

    private void NoteBrokenQuote()
    {
        if (BrokenQuoteColumn == 0)
        {
            BrokenQuoteColumn = Count + 1;
        }
    }
}
