using System.Text;
using Pipeline.Jobs.Shell;

namespace Pipeline.Jobs.Ingest.Reading;

/// <summary>An encoding that exports come in, under the name that is shown and recorded.</summary>
/// <param name="Name">As in <see cref="TableShape.Encoding"/>.</param>
/// <param name="MarkLength">Bytes of the byte order mark at the beginning of the file; 0 where there is none.</param>
internal sealed record TextEncoding(string Name, int CodePage, int MarkLength)
{
    /// <summary>
    /// Stands for bytes that are not of the encoding until the row that holds them is marked. A noncharacter: no text may hold it, whereas
    /// U+FFFD occurs in files that another program has already damaged.
    /// </summary>
    public const char Broken = '\uFFFF';

    static TextEncoding() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    private static readonly (string Name, int CodePage, string[] Aliases)[] Known =
    [
        ("utf-8", 65001, ["utf8", "utf-8-sig", "utf-8-bom"]),
        ("gb18030", 54936, ["gbk", "gb2312", "cp936", "936", "ansi-zh"]),
        ("big5", 950, ["cp950", "950", "big-5"]),
        ("utf-16le", 1200, ["utf-16", "utf16", "utf-16-le", "unicode"]),
        ("utf-16be", 1201, ["utf-16-be"]),
        ("windows-1252", 1252, ["cp1252", "1252", "latin1", "latin-1", "iso-8859-1"]),
    ];

    /// <summary>What Chinese Windows writes where it does not say: a superset of GBK and GB2312.</summary>
    public static Encoding ChineseWindows => Encoding.GetEncoding(54936);

    public static TextEncoding Utf8 => new("utf-8", 65001, 0);

    /// <summary>The encoding that the user named; a byte order mark of it at the beginning of <paramref name="head"/> is passed over.</summary>
    /// <exception cref="PipelineFault">An unknown name.</exception>
    public static TextEncoding Named(string name, ReadOnlySpan<byte> head)
    {
        foreach ((string known, int codePage, string[] aliases) in Known)
        {
            if (known.Equals(name, StringComparison.OrdinalIgnoreCase) || aliases.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                TextEncoding? marked = Marked(head);
                bool generic = name.Equals("utf-16", StringComparison.OrdinalIgnoreCase) && marked?.CodePage is 1200 or 1201;
                return generic || marked?.CodePage == codePage ? marked! : new TextEncoding(known, codePage, 0);
            }
        }
        string names = string.Join(", ", Known.Select(known => known.Name));
        throw PipelineFault.Usage(
            $"不认识编码 '{name}'。可用：{names}（gbk、gb2312 按 gb18030 读取）。",
            $"Unknown encoding '{name}'. Known: {names} (gbk and gb2312 are read as gb18030).");
    }

    /// <summary>The encoding that a byte order mark states, or null.</summary>
    public static TextEncoding? Marked(ReadOnlySpan<byte> head) => head switch
    {
        [0xEF, 0xBB, 0xBF, ..] => new TextEncoding("utf-8-bom", 65001, 3),
        [0xFF, 0xFE, ..] => new TextEncoding("utf-16le", 1200, 2),
        [0xFE, 0xFF, ..] => new TextEncoding("utf-16be", 1201, 2),
        [0x84, 0x31, 0x95, 0x33, ..] => new TextEncoding("gb18030", 54936, 4),
        _ => null,
    };

    /// <summary>A decoder that writes <see cref="Broken"/> for what is not of this encoding.</summary>
    public Decoder Decoder() => Encoding.GetEncoding(
        CodePage, EncoderFallback.ExceptionFallback, new DecoderReplacementFallback(Broken.ToString())).GetDecoder();

    /// <summary>Decodes a prefix of a file; a character cut off at its end is left out.</summary>
    public string Prefix(ReadOnlySpan<byte> bytes)
    {
        Decoder decoder = Decoder();
        char[] chars = new char[Encoding.GetEncoding(CodePage).GetMaxCharCount(bytes.Length)];
        int count = decoder.GetChars(bytes[Math.Min(MarkLength, bytes.Length)..], chars, flush: false);
        return new string(chars, 0, count);
    }
}
