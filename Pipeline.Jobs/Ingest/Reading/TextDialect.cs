namespace Pipeline.Jobs.Ingest.Reading;

/// <summary>How a delimited text separates and quotes.</summary>
/// <param name="Delimiter">One or two characters.</param>
/// <param name="Quote">Null: quote characters are ordinary text.</param>
/// <param name="BackslashEscapes">A backslash before the quote (or before a backslash that stands before it) makes it text; doubled quotes are understood as well.</param>
/// <param name="QuoteSeen">A quoted cell occurs in the sample; <see cref="TableShape.Quote"/> shows the quote only then.</param>
internal sealed record TextDialect(string Delimiter, char? Quote, bool BackslashEscapes = false, bool QuoteSeen = false)
{
    /// <summary>A text of one column, whose values may hold whatever separates elsewhere.</summary>
    public static readonly TextDialect OneColumn = new("\u001F", '"');

    /// <summary>The delimiter, or null where there is one column only.</summary>
    public string? ShownDelimiter => Delimiter == OneColumn.Delimiter ? null : Delimiter;

    /// <summary>
    /// Blanks between a delimiter and an opening quote are passed over, as in <c>a, "b, c"</c>: so files are written by hand. Off where a blank delimits.
    /// </summary>
    public bool BlankBeforeQuote => Quote is not null && Delimiter[0] is not (' ' or '\t');

    /// <summary>
    /// In comma and semicolon separated text a quoted word inside an unquoted value is a fault of the writer (RFC 4180, section 2, rule 5). In tab, blank and
    /// other separated text it is ordinary.
    /// </summary>
    public bool InnerQuotesAreFaults => Quote is not null && Delimiter[0] is ',' or ';';
}
