namespace Pipeline.Models.Text;

/// <summary>The languages that messages, sheets and definitions come in.</summary>
public enum Language
{
    Zh,
    En,
}

/// <summary>One text in both languages. The two say the same; neither is the original.</summary>
public sealed record Bilingual(string Zh, string En)
{
    public string In(Language language) => language == Language.Zh ? Zh : En;

    /// <summary>Of a line that says the same in both, such as <c>民法典第200–204条 / Civil Code arts. 200–204</c>; a line in one language stands for both.</summary>
    public static Bilingual OfLine(string line)
    {
        string[] parts = line.Split(" / ", 2);
        return parts.Length == 2 && IsChinese(parts[0]) && !IsChinese(parts[1]) ? new(parts[0], parts[1])
            : parts.Length == 2 && IsChinese(parts[1]) && !IsChinese(parts[0]) ? new(parts[1], parts[0])
            : new(line, line);
    }

    private static bool IsChinese(string text) => text.Any(Widths.IsHan);
}
