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
}
