namespace Pipeline.Jobs.Ingest.Reading;

/// <summary>
/// Finds how a text separates and quotes by reading a sample in every likely way: the right one gives rows of the same length whose cells look like
/// values. After van den Burg, Nazábal and Sutton, "Wrangling messy CSV files by detecting row and type patterns" (2019), with another
/// pattern score, that a few ragged rows, preambles and a second table disturb less.
/// </summary>
internal static class DialectDetection
{
    /// <summary>Characters of the sample.</summary>
    public const int SampleCharacters = 128 * 1024;

    private const int MostRows = 1000;

    /// <summary>Most likely first: a later one must be better, not as good.</summary>
    private static readonly string[] Delimiters = [",", ";", "\t", "|", ", ", "; ", "||", ";;", "\t\t", "| ", "::", "^", "~", "\u0001", " ", ":"];

    /// <param name="sample">Beginning of the text.</param>
    /// <param name="whole">The sample is the whole text, so its last record is not cut off.</param>
    /// <param name="delimiter">The delimiter where the user gave it.</param>
    public static TextDialect Detect(string sample, bool whole, string? delimiter = null)
    {
        TextDialect best = new(delimiter ?? ",", '"');
        double bestScore = 0;
        foreach (string candidate in delimiter is null ? Delimiters : [delimiter])
        {
            if (!sample.Contains(candidate, StringComparison.Ordinal) && delimiter is null)
            {
                continue;
            }
            foreach (TextDialect dialect in Quotings(sample, candidate))
            {
                (double score, bool quoted, bool prose) = Score(sample, whole, dialect);
                if (score > bestScore * 1.0001)
                {
                    bestScore = score;
                    best = prose && delimiter is null ? TextDialect.OneColumn : dialect with { QuoteSeen = quoted };
                }
            }
        }
        if (bestScore == 0 && best.Quote is char quote)
        {
            (_, bool quoted, _) = Score(sample, whole, best);
            best = best with { QuoteSeen = quoted && sample.Contains(quote) };
        }
        // Quotes that no cell of the sample uses may still come later in comma separated text; elsewhere they are text.
        return best;
    }

    private static IEnumerable<TextDialect> Quotings(string sample, string delimiter)
    {
        yield return new TextDialect(delimiter, '"');
        if (sample.Contains("\\\"", StringComparison.Ordinal))
        {
            yield return new TextDialect(delimiter, '"', BackslashEscapes: true);
        }
        if (BeginsCell(sample, delimiter, '\''))
        {
            yield return new TextDialect(delimiter, '\'');
            if (sample.Contains("\\'", StringComparison.Ordinal))
            {
                yield return new TextDialect(delimiter, '\'', BackslashEscapes: true);
            }
        }
        // Comma and semicolon separated text is quoted by definition: a quote that is not closed is a fault of its row there.
        if (sample.Contains('"') && delimiter[0] is not (',' or ';'))
        {
            yield return new TextDialect(delimiter, null);
        }
    }

    private static bool BeginsCell(string sample, string delimiter, char quote) =>
        sample.StartsWith(quote) || sample.Contains("\n" + quote, StringComparison.Ordinal) || sample.Contains(delimiter + quote, StringComparison.Ordinal);

    /// <summary>
    /// Pattern score × type score. Pattern: the chance that two rows drawn from the sample have the same length, each length k weighted with (k-1)/k.
    /// Type: the mean worth of the cells. Prose: nothing is quoted, the first row has one cell, and no length is that of most rows: what looks like
    /// a delimiter is punctuation.
    /// </summary>
    private static (double Score, bool Quoted, bool Prose) Score(string sample, bool whole, TextDialect dialect)
    {
        using DelimitedParser parser = new(new CharFeed(sample), dialect);
        Dictionary<int, int> rowsOfLength = [];
        int rows = 0;
        int firstLength = 0;
        double worth = 0;
        long cells = 0;
        long typed = 0;
        int broken = 0;
        bool quoted = false;
        bool more = parser.Read();
        while (more && rows < MostRows)
        {
            if (parser.BrokenQuoteColumn > 0)
            {
                parser.Mend(0);
                broken++;
            }
            int count = parser.Count;
            double rowWorth = 0;
            int rowTyped = 0;
            for (int column = 0; column < count; column++)
            {
                rowWorth += Worth(parser.Raw(column), parser.IsQuoted(column), dialect, out bool isTyped);
                rowTyped += isTyped ? 1 : 0;
            }
            bool empty = parser.IsEmptyLine;
            bool anyQuoted = parser.AnyQuoted;
            bool cut = !(more = parser.Read()) && !whole && rows > 0;
            if (empty || cut)
            {
                continue;
            }
            rows++;
            firstLength = rows == 1 ? count : firstLength;
            quoted |= anyQuoted;
            rowsOfLength[count] = rowsOfLength.GetValueOrDefault(count) + 1;
            worth += rowWorth;
            typed += rowTyped;
            cells += count;
        }
        if (rows == 0)
        {
            return (0, false, false);
        }
        double pattern = 0;
        foreach ((int length, int number) in rowsOfLength)
        {
            double share = (double)number / rows;
            pattern += share * share * (length - 1) / length;
        }
        double doubt = 1 - (0.5 * broken / rows);
        bool prose = !quoted && firstLength == 1 && rowsOfLength.Where(pair => pair.Key > 1).Max(pair => (int?)pair.Value) * 2 < rows;
        bool values = quoted || typed * 5L >= cells * 4L;
        return (pattern * (worth / cells) * doubt * Prior(dialect, rowsOfLength, rows, values), quoted, prose);
    }

    private static double Worth(ReadOnlySpan<char> cell, bool quoted, TextDialect dialect, out bool typed)
    {
        typed = false;
        if (quoted)
        {
            return 1;
        }
        CellKind kind = CellKinds.Of(cell);
        typed = CellKinds.IsTyped(kind);
        double worth = kind switch
        {
            CellKind.Empty => 0.6,
            CellKind.Odd => 0.1,
            _ => 1,
        };
        // A leading blank is what is left of a delimiter with a blank; an unquoted cell that begins or ends with a quote is what a wrong quote leaves.
        if (cell.Length > 1 && cell[0] == ' ')
        {
            worth *= 0.8;
        }
        ReadOnlySpan<char> trimmed = cell.Trim();
        if (dialect.Delimiter == " " && trimmed is [.., ',' or ';' or ':'])
        {
            // Punctuation before the blank: the blank is of a sentence.
            worth *= 0.3;
        }
        if (trimmed.Length > 1 && (trimmed[0] is '"' || trimmed[0] is '\'' && trimmed[^1] is '\'') && dialect.Quote != trimmed[0])
        {
            worth *= 0.3;
        }
        return worth;
    }

    /// <summary>
    /// Blanks and colons stand in ordinary text, so that rows of equal length come about by chance: two columns of them are a table only
    /// where nearly all cells are numbers, dates and the like, or some are quoted.
    /// </summary>
    private static double Prior(TextDialect dialect, Dictionary<int, int> rowsOfLength, int rows, bool values)
    {
        if (dialect.Delimiter is not (" " or ":" or "::" or "~"))
        {
            return dialect.BackslashEscapes ? 0.999 : 1;
        }
        int wide = rowsOfLength.Where(pair => pair.Key >= 3).Sum(pair => pair.Value);
        return wide * 2 >= rows ? 0.7 : values ? 0.05 : 0;
    }
}
