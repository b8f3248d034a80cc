using System.Text.RegularExpressions;

namespace Pipeline.Reports.Sheets;

/// <summary>The texts of a workbook, each once, numbered in the order of first use.</summary>
internal sealed partial class SharedStrings
{
    private readonly Dictionary<string, int> numbers = new(StringComparer.Ordinal);
    private readonly List<string> texts = [];
    private long uses;

    public int Number(string text)
    {
        uses++;
        if (!numbers.TryGetValue(text, out int number))
        {
            number = texts.Count;
            texts.Add(text);
            numbers.Add(text, number);
        }
        return number;
    }

    public void Write(Stream target)
    {
        XmlBytes xml = new(target);
        xml.Raw("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<sst xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" count=\""u8)
            .Number(uses).Raw("\" uniqueCount=\""u8).Number(texts.Count).Raw("\">"u8);
        foreach (string text in texts)
        {
            bool keepsSpace = text.Length > 0 && (char.IsWhiteSpace(text[0]) || char.IsWhiteSpace(text[^1]) || text.Contains('\n', StringComparison.Ordinal));
            xml.Raw(keepsSpace ? "<si><t xml:space=\"preserve\">"u8 : "<si><t>"u8).Text(Escaped(text)).Raw("</t></si>"u8);
        }
        xml.Raw("</sst>"u8).Flush();
    }

    /// <summary>Excel reads <c>_x0041_</c> in a text as the character of that number; its own underscore is written as <c>_x005F_</c>.</summary>
    private static string Escaped(string text) =>
        text.Contains("_x", StringComparison.Ordinal) ? CharacterCode().Replace(text, "_x005F_x$1_") : text;

    [GeneratedRegex("_x([0-9A-Fa-f]{4})_")]
    private static partial Regex CharacterCode();
}
