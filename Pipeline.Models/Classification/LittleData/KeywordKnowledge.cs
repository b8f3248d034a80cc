using Pipeline.Models.Taxonomy;
using Pipeline.Models.Text;

namespace Pipeline.Models.Classification.LittleData;

/// <summary>
/// What a taxonomy says about the words of its classes: its labels, synonyms and keywords. Weak knowledge: a text that holds many words
/// of a class is likely to be of that class, and no more.
/// </summary>
public sealed class KeywordKnowledge
{
    private readonly Dictionary<string, (string Class, string[] Words)[]> heads;

    private KeywordKnowledge(Dictionary<string, (string, string[])[]> heads) => this.heads = heads;

    /// <summary>The closed dimensions whose classes have keywords.</summary>
    public static KeywordKnowledge Of(ComplaintTaxonomy taxonomy) => new(taxonomy.Dimensions
        .Where(d => d.Classes.Any(c => c.Keywords is { Count: > 0 }))
        .ToDictionary(
            d => d.Name,
            d => d.Classes.Select(c => (c.Key, WordsOf(c))).ToArray(),
            StringComparer.Ordinal));

    /// <value>Heads that something is known about.</value>
    public IReadOnlyCollection<string> Heads => heads.Keys;

    /// <summary>Classes of a head in the taxonomy's order; empty where nothing is known.</summary>
    public IReadOnlyList<string> Classes(string head) => heads.TryGetValue(head, out var own) ? [.. own.Select(c => c.Class)] : [];

    /// <summary>The words of a class, folded.</summary>
    public IReadOnlyList<string> Words(string head, string @class) =>
        heads.TryGetValue(head, out var own) ? own.FirstOrDefault(c => c.Class == @class).Words ?? [] : [];

    /// <summary>Width and case folded, so that words can be looked for.</summary>
    public static string Fold(string text) => string.Create(text.Length, text, static (span, source) =>
    {
        for (int i = 0; i < span.Length; i++)
        {
            span[i] = char.ToLowerInvariant(Widths.Fold(source[i]));
        }
    });

    private static string[] WordsOf(TaxonomyClass item) =>
        [.. ((IEnumerable<string>)[item.Zh, item.En, .. item.Synonyms ?? [], .. item.Keywords ?? []]).Select(Fold).Where(w => w.Length > 1).Distinct(StringComparer.Ordinal)];
}
