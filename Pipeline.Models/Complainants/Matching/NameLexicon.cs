using System.Text.Json;
using Pipeline.Models.Text;

namespace Pipeline.Models.Complainants.Matching;

/// <summary>
/// What names need to know: the sound of Chinese characters (toneless pinyin), characters that are forms of one another, and short
/// forms of English given names. Data, read from one JSON file: <c>pinyin</c> (syllable → characters), <c>variants</c> (character →
/// its other forms), <c>nicknames</c> (lists of names of which the first is the full one).
/// </summary>
public sealed class NameLexicon
{
    private readonly Dictionary<char, string> sounds = [];
    private readonly Dictionary<char, char> variants = [];
    private readonly Dictionary<string, int[]> nicknames = new(StringComparer.Ordinal);

    private NameLexicon()
    {
    }

    public static NameLexicon Empty { get; } = new();

    /// <summary>Characters whose sound is known.</summary>
    public int Characters => sounds.Count;

    /// <exception cref="InvalidDataException">The text is not such a file.</exception>
    public static NameLexicon Parse(string json)
    {
        NameLexicon lexicon = new();
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            foreach (JsonProperty syllable in document.RootElement.GetProperty("pinyin").EnumerateObject())
            {
                foreach (char c in syllable.Value.GetString() ?? "")
                {
                    // The first syllable that lists a character is the one that it has in names.
                    lexicon.sounds.TryAdd(c, syllable.Name);
                }
            }
            foreach (JsonProperty form in document.RootElement.GetProperty("variants").EnumerateObject())
            {
                foreach (char c in form.Value.GetString() ?? "")
                {
                    lexicon.variants[c] = form.Name[0];
                }
            }
            lexicon.AddNicknames(document.RootElement.GetProperty("nicknames"));
        }
        catch (Exception fault) when (fault is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new InvalidDataException("the lexicon of names needs pinyin, variants and nicknames: " + fault.Message, fault);
        }
        return lexicon;
    }

    /// <summary>The usual form of a character.</summary>
    internal char Usual(char c) => variants.TryGetValue(c, out char usual) ? usual : c;

    /// <summary>The toneless pinyin of a character in its usual form, or null where it is not known.</summary>
    internal string? Sound(char c) => sounds.TryGetValue(Usual(c), out string? sound) ? sound : null;

    /// <summary>The full names that a name (upper case) may stand for, as ascending numbers; empty where none is known.</summary>
    internal int[] FullNames(string name) => nicknames.TryGetValue(name, out int[]? groups) ? groups : [];

    /// <summary>Chinese by its first letter.</summary>
    internal static bool IsChinese(ReadOnlySpan<char> text) => text.Length > 0 && Widths.IsHan(text[0]);

    private void AddNicknames(JsonElement lists)
    {
        Dictionary<string, SortedSet<int>> groups = new(StringComparer.Ordinal);
        int group = 0;
        foreach (JsonElement list in lists.EnumerateArray())
        {
            foreach (JsonElement name in list.EnumerateArray())
            {
                string upper = name.GetString()!.ToUpperInvariant();
                if (!groups.TryGetValue(upper, out SortedSet<int>? known))
                {
                    groups.Add(upper, known = []);
                }
                known.Add(group);
            }
            group++;
        }
        foreach ((string name, SortedSet<int> known) in groups)
        {
            nicknames.Add(name, [.. known]);
        }
    }
}
