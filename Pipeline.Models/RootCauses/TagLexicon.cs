using System.Text.Json;
using Pipeline.Models.Complaints;
using Pipeline.Models.Flags;
using Pipeline.Models.Taxonomy;

namespace Pipeline.Models.RootCauses;

/// <summary>Tags that belong together.</summary>
/// <param name="Key"><c>right</c>, <c>refusal</c>, <c>demand</c>, <c>vulnerable</c>, <c>risk</c>.</param>
public sealed record TagGroup(string Key, string Zh, string En);

/// <summary>What a tag is called.</summary>
public sealed record TagName(string Key, string Group, string Zh, string En);

/// <summary>A tag with the words and fields that give it.</summary>
/// <param name="Phrases">Count by themselves.</param>
/// <param name="Objects">Count only with an action of the lexicon beside them (理赔 with 拒绝).</param>
/// <param name="Causes">Causes that give the tag where a person coded them; never a predicted one.</param>
public sealed record TagWords(
    string Key, string Group, string Zh, string En, IReadOnlyList<string> Phrases, IReadOnlyList<string>? Objects = null, IReadOnlyList<string>? Causes = null);

/// <summary>An edition of the lexicon, as the file has it. Words are in lower case and half-width.</summary>
/// <param name="Reach">How near an action or a negation must stand, in characters.</param>
/// <param name="Turns">Words between a negation and a phrase that begin something new.</param>
/// <param name="Not">Phrases inside which a word means something else.</param>
public sealed record TagEdition(
    string Version, DateOnly EffectiveFrom, string Source, int Reach, IReadOnlyList<TagGroup> Groups, IReadOnlyList<TagWords> Tags,
    IReadOnlyList<string> Actions, IReadOnlyList<string> Negations, IReadOnlyList<string> Turns, IReadOnlyList<string> Not);

/// <summary>
/// Finds what a text says of rights, refusals and demands by the words of a dated data file: negations, actions and phrases that mean
/// something else are handled as <see cref="ThreatLexicon"/> does. Evidence to look at, never a verdict.
/// </summary>
public sealed class TagLexicon
{
    private readonly TagEdition edition;
    private readonly ThreatLexicon words;
    private readonly Dictionary<string, string[]> byCause;

    public TagLexicon(TagEdition edition)
    {
        this.edition = edition;
        HashSet<string> groups = [.. edition.Groups.Select(g => g.Key)];
        foreach (TagWords tag in edition.Tags)
        {
            if (!groups.Contains(tag.Group))
            {
                throw new InvalidDataException($"lexicon.tags.json: the tag '{tag.Key}' is of the group '{tag.Group}'; expected one of {string.Join(", ", groups)}");
            }
        }
        words = new ThreatLexicon(new LexiconEdition(
            edition.Version, edition.EffectiveFrom, edition.Source, edition.Reach,
            [.. edition.Tags.Select(t => new ThreatCue(t.Key, t.Zh, t.En, t.Phrases, t.Objects ?? []))],
            edition.Actions, edition.Negations, edition.Turns, edition.Not, []));
        byCause = edition.Tags.SelectMany(t => (t.Causes ?? []).Select(c => (Cause: c, t.Key))).GroupBy(x => x.Cause, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.Select(x => x.Key).ToArray(), StringComparer.Ordinal);
    }

    public string Version => edition.Version;

    public IReadOnlyList<TagGroup> Groups => edition.Groups;

    public IReadOnlyList<TagName> Names => [.. edition.Tags.Select(t => new TagName(t.Key, t.Group, t.Zh, t.En))];

    public static TagLexicon Parse(string json) => new(
        JsonSerializer.Deserialize<TagEdition>(json, RuleJson.Whole)
        ?? throw new InvalidDataException("lexicon.tags.json is empty; expected an object with version, groups, tags and negations"));

    /// <summary>The tags that a text gives, in the order of the file.</summary>
    public IReadOnlyList<string> InText(string text) => words.Cues(text);

    /// <summary>The tags that a coded cause gives.</summary>
    public IReadOnlyList<string> OfCause(HeadLabel cause) =>
        cause is { Class: { } coded, Basis: LabelBasis.Analyst or LabelBasis.Reported } ? byCause.GetValueOrDefault(coded) ?? [] : [];
}
