using Pipeline.Jobs.Shell;

namespace Pipeline.Jobs.Ingest.Reading;

/// <summary>A delimited text: its encoding and dialect, and the tables that stand in it one below the other.</summary>
internal sealed class TextFile
{
    private readonly InputContent content;

    private TextFile(InputContent content, TextEncoding encoding, TextDialect dialect)
    {
        this.content = content;
        Encoding = encoding;
        Dialect = dialect;
    }

    public TextEncoding Encoding { get; }

    public TextDialect Dialect { get; }

    /// <exception cref="PipelineFault">An unknown encoding or an impossible delimiter in <paramref name="options"/>.</exception>
    public static TextFile Understand(InputContent content, ReadOptions options)
    {
        byte[] head = content.Head(EncodingDetection.PrefixBytes);
        TextEncoding encoding = options.Encoding is string name
            ? TextEncoding.Named(name, head)
            : EncodingDetection.Detect(content.Open, content.SearchBytes);
        string text = encoding.Prefix(head).Replace("\0", "", StringComparison.Ordinal);
        bool whole = head.Length < EncodingDetection.PrefixBytes && text.Length <= DialectDetection.SampleCharacters;
        string sample = text.Length > DialectDetection.SampleCharacters ? text[..DialectDetection.SampleCharacters] : text;
        return new TextFile(content, encoding, DialectDetection.Detect(sample, whole, Delimiter(options.Delimiter)));
    }

    public IEnumerable<ITableSource> Tables() => new RowSource(
        (line, width) => new TextRows(content, Encoding, Dialect, line, width),
        layout => new TableShape(
            content.Path, content.Member, Sheet: null, Encoding.Name, Dialect.ShownDelimiter, Dialect.QuoteSeen ? Dialect.Quote : null,
            checked((int)layout.SkippedLines), layout.HeaderRows, layout.Header, layout.Columns),
        Padded: false).Tables();

    private static string? Delimiter(string? given)
    {
        string? delimiter = given switch
        {
            null => null,
            "\\t" or "tab" => "\t",
            "\\t\\t" => "\t\t",
            "space" => " ",
            _ => given,
        };
        bool possible = delimiter is null || (delimiter.Length is 1 or 2 && !delimiter.AsSpan().ContainsAny("\"'\r\n") && !char.IsLetterOrDigit(delimiter[0]));
        return possible
            ? delimiter
            : throw PipelineFault.Usage(
                $"分隔符 '{given}' 不可用。需要一个或两个字符，例如 ','、';'、'\\t'、'|'、'||'；不能是引号、字母、数字或换行。",
                $"'{given}' cannot be a delimiter. Expected one or two characters, such as ',', ';', '\\t', '|', '||'; no quote, letter, digit or line end.");
    }
}
