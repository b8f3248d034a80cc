using System.Text.Json;
using System.Text.Json.Serialization;
using Pipeline.Models.Text;

namespace Pipeline.Models.Taxonomy;

/// <summary>The dimensions that a complaint is classified and counted by. The names are used alike in SQL, JSON and figure keys.</summary>
public static class Dimensions
{
    /// <summary>Product, service or process.</summary>
    public const string Nature = "nature";

    /// <summary>Business line (JR/T 0169 dimension B; product family in the US taxonomy).</summary>
    public const string Business = "business";

    /// <summary>Cause (JR/T 0169 dimension C; issue in the US taxonomy).</summary>
    public const string Cause = "cause";

    /// <summary>The channel through which the business was done (JR/T 0169 dimension A).</summary>
    public const string BusinessChannel = "business_channel";

    /// <summary>The channel through which the complaint came in; each stands on a rung of the escalation ladder.</summary>
    public const string Channel = "channel";

    /// <summary>The superior (reporting) organisation of the branch complained of; the company in the US export.</summary>
    public const string Branch = "branch";

    /// <summary>Province or state of the branch complained of.</summary>
    public const string Region = "region";

    /// <summary>Ordinary, complex or major, as the bank graded it.</summary>
    public const string Severity = "severity";

    /// <summary>Why a case is no complaint by the rules of the population; of excluded cases only.</summary>
    public const string Exclusion = "exclusion";

    /// <summary>What the company answered, in the export's own words (US export).</summary>
    public const string Response = "response";

    /// <summary>What a complaint touches, asks for and risks, by dated word lists. A complaint may have several tags: counts by tag do not add up.</summary>
    public const string Tag = "tag";

    /// <summary>The heads of the classifier, in the order in which they are reported.</summary>
    public static readonly IReadOnlyList<string> Heads = [Nature, Business, Cause];
}

/// <summary>One class of a dimension.</summary>
/// <param name="Key">Stable internal key, for example <c>CREDIT</c>; never an official code (those differ between editions of the standard).</param>
/// <param name="Zh">Chinese label as printed in statistics.</param>
/// <param name="En">English label.</param>
/// <param name="Synonyms">Other spellings that exports use; compared after <see cref="TaxonomyClass.Fold"/>.</param>
/// <param name="Parent">Key of the class that this one is added up into, or null.</param>
/// <param name="Nature">For causes: the nature that the office assigns by default, or null where the text must decide.</param>
/// <param name="Level">For channels: the rung of the escalation ladder, 0 (branch, hotline) to 6 (court); otherwise null.</param>
/// <param name="Group">For channels: who sent it (<c>own</c>, <c>platform</c>, <c>regulator</c>, <c>petition</c>, <c>court</c>); otherwise null.</param>
/// <param name="Keywords">Words that speak for the class in a complaint's text: weak knowledge for training with few labels. Not used to read exports.</param>
public sealed record TaxonomyClass(
    string Key,
    string Zh,
    string En,
    IReadOnlyList<string>? Synonyms = null,
    string? Parent = null,
    string? Nature = null,
    int? Level = null,
    string? Group = null,
    IReadOnlyList<string>? Keywords = null)
{
    public Bilingual Label => new(Zh, En);

    /// <summary>Removes what differs between spellings of one label: spaces, brackets, punctuation, full-width forms and case.</summary>
    public static string Fold(string label)
    {
        Span<char> buffer = label.Length <= 256 ? stackalloc char[label.Length] : new char[label.Length];
        int length = 0;
        foreach (char raw in label)
        {
            char c = raw is >= '！' and <= '～' ? (char)(raw - 0xFEE0) : raw;
            if (char.IsLetterOrDigit(c))
            {
                buffer[length++] = char.ToLowerInvariant(c);
            }
        }
        return new string(buffer[..length]);
    }
}

/// <summary>What a class of an open dimension is called in Chinese. It is no class of its own: nothing is counted or listed because of it.</summary>
/// <param name="Key">As exports write it; compared after <see cref="TaxonomyClass.Fold"/>.</param>
public sealed record TaxonomyName(string Key, string Zh);

/// <summary>A dimension with its classes in the order in which statistics print them.</summary>
/// <param name="Open">Classes that the file does not list are taken as they come (issues of the US taxonomy).</param>
/// <param name="Names">Chinese names of classes that are taken as they come in another language; null for none.</param>
public sealed record TaxonomyDimension(
    string Name, string Zh, string En, bool Open, IReadOnlyList<TaxonomyClass> Classes, IReadOnlyList<TaxonomyName>? Names = null);

/// <summary>
/// A dated edition of the classification that complaints are counted by. A data file, never code: the classes and their
/// assignment to product, service and process are a working default that the compliance owner confirms.
/// </summary>
public sealed class ComplaintTaxonomy
{
    private readonly Dictionary<string, TaxonomyDimension> dimensions;
    private readonly Dictionary<(string Dimension, string Folded), TaxonomyClass> bySpelling = [];
    private readonly Dictionary<(string Dimension, string Key), TaxonomyClass> byKey = [];
    private readonly Dictionary<(string Dimension, string Folded), string> names = [];

    [JsonConstructor]
    public ComplaintTaxonomy(string id, string version, DateOnly effectiveFrom, string source, IReadOnlyList<TaxonomyDimension> dimensions)
    {
        Id = id;
        Version = version;
        EffectiveFrom = effectiveFrom;
        Source = source;
        Dimensions = dimensions;
        this.dimensions = dimensions.ToDictionary(d => d.Name, StringComparer.Ordinal);
        foreach (TaxonomyDimension dimension in dimensions)
        {
            foreach (TaxonomyName name in dimension.Names ?? [])
            {
                if (!names.TryAdd((dimension.Name, TaxonomyClass.Fold(name.Key)), name.Zh))
                {
                    throw new InvalidDataException($"taxonomy {id}: names of dimension {dimension.Name} has '{name.Key}' twice; remove one of them");
                }
            }
            foreach (TaxonomyClass item in dimension.Classes)
            {
                byKey.Add((dimension.Name, item.Key), item);
                foreach (string spelling in (IEnumerable<string>)[item.Key, item.Zh, item.En, .. item.Synonyms ?? []])
                {
                    string folded = TaxonomyClass.Fold(spelling);
                    if (!bySpelling.TryAdd((dimension.Name, folded), item) && bySpelling[(dimension.Name, folded)] != item)
                    {
                        throw new InvalidDataException(
                            $"taxonomy {id}: the spelling '{spelling}' of dimension {dimension.Name} stands for both "
                            + $"{bySpelling[(dimension.Name, folded)].Key} and {item.Key}; remove it from one of them");
                    }
                }
            }
        }
    }

    public string Id { get; }

    public string Version { get; }

    public DateOnly EffectiveFrom { get; }

    /// <value>The standard or decision that the edition follows, with how sure each part is.</value>
    public string Source { get; }

    public IReadOnlyList<TaxonomyDimension> Dimensions { get; }

    public static ComplaintTaxonomy Parse(string json) =>
        JsonSerializer.Deserialize<ComplaintTaxonomy>(json, RuleJson.Whole)
        ?? throw new InvalidDataException("the taxonomy file is empty; expected an object with id, version, effective_from, source and dimensions");

    public TaxonomyDimension? Dimension(string name) => dimensions.GetValueOrDefault(name);

    /// <summary>The class that a spelling in an export stands for, or null. An open dimension answers with the spelling itself.</summary>
    public string? KeyOf(string dimension, string? spelling)
    {
        if (string.IsNullOrWhiteSpace(spelling))
        {
            return null;
        }
        if (bySpelling.TryGetValue((dimension, TaxonomyClass.Fold(spelling)), out TaxonomyClass? found))
        {
            return found.Key;
        }
        return Dimension(dimension) is { Open: true } ? spelling.Trim() : null;
    }

    public TaxonomyClass? Class(string dimension, string key) => byKey.GetValueOrDefault((dimension, key));

    /// <summary>The printed label of a class; of one that an open dimension takes as it comes its Chinese name where there is one, else the key itself.</summary>
    public string Label(string dimension, string key, Language language) =>
        Class(dimension, key)?.Label.In(language)
        ?? (language == Language.Zh && names.TryGetValue((dimension, TaxonomyClass.Fold(key)), out string? name) ? name : key);
}

/// <summary>How rule files (taxonomies, lexicons, thresholds) are read: snake_case names, unknown members refused.</summary>
public static class RuleJson
{
    public static JsonSerializerOptions Options { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        RespectRequiredConstructorParameters = false,
    };

    /// <value>For files that a person writes: a member that the record has no default for must be there, because a threshold of 0 is no rule.</value>
    public static JsonSerializerOptions Whole { get; } = new(Options) { RespectRequiredConstructorParameters = true };
}
