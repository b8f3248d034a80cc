using Pipeline.Jobs.Ingest.Profiles;
using Pipeline.Models.Complainants;
using Pipeline.Models.Taxonomy;

namespace Pipeline.Jobs.Ingest.Mapping;

/// <summary>
/// Spellings of an export → values of the ledger: the profile's own value map first, then what is common to all exports, then the
/// taxonomy. Each answer is remembered, because an export has few spellings and many rows. Not for several threads.
/// </summary>
public sealed class ValueTranslator
{
    private const int MostRemembered = 20_000;

    private static readonly Dictionary<string, bool> Booleans = new(StringComparer.Ordinal)
    {
        ["是"] = true,
        ["有"] = true,
        ["有责"] = true,
        ["y"] = true,
        ["yes"] = true,
        ["true"] = true,
        ["1"] = true,
        ["否"] = false,
        ["无"] = false,
        ["无责"] = false,
        ["n"] = false,
        ["no"] = false,
        ["false"] = false,
        ["0"] = false,
    };

    private static readonly Dictionary<string, string> CommonGenders = new(StringComparer.Ordinal)
    {
        ["男"] = Genders.Male,
        ["男性"] = Genders.Male,
        ["m"] = Genders.Male,
        ["male"] = Genders.Male,
        ["女"] = Genders.Female,
        ["女性"] = Genders.Female,
        ["f"] = Genders.Female,
        ["female"] = Genders.Female,
    };

    private readonly ComplaintTaxonomy taxonomy;
    private readonly Dictionary<string, string>?[] own = new Dictionary<string, string>?[CanonicalFields.Count];
    private readonly Dictionary<string, string?>[] remembered = new Dictionary<string, string?>[CanonicalFields.Count];

    public ValueTranslator(Profile profile, ComplaintTaxonomy taxonomy)
    {
        this.taxonomy = taxonomy;
        foreach (CanonicalField field in CanonicalFields.All)
        {
            remembered[(int)field] = new Dictionary<string, string?>(StringComparer.Ordinal);
        }
        foreach ((string name, IReadOnlyDictionary<string, string> values) in profile.Values ?? new Dictionary<string, IReadOnlyDictionary<string, string>>())
        {
            Dictionary<string, string> folded = new(StringComparer.Ordinal);
            foreach ((string spelling, string value) in values)
            {
                folded[TaxonomyClass.Fold(spelling)] = value;
            }
            own[(int)CanonicalFields.Find(name)!.Value] = folded;
        }
    }

    /// <summary>The taxonomy key, status, satisfaction or gender that <paramref name="spelling"/> stands for; null where nothing knows it.</summary>
    public string? Value(CanonicalField field, string spelling)
    {
        Dictionary<string, string?> known = remembered[(int)field];
        if (!known.TryGetValue(spelling, out string? value))
        {
            value = Find(field, spelling);
            if (known.Count < MostRemembered)
            {
                known.Add(spelling, value);
            }
        }
        return value;
    }

    /// <summary>Whether the spelling stands in a value map or is a class of the taxonomy; an open dimension, which takes any spelling, knows only its own classes.</summary>
    public bool Knows(CanonicalField field, string spelling)
    {
        string? value = Value(field, spelling);
        return value is not null && (Dimension(field) is not { } dimension || taxonomy.Class(dimension, value) is not null);
    }

    public bool? Boolean(CanonicalField field, string spelling) => Value(field, spelling) switch
    {
        "true" => true,
        "false" => false,
        _ => null,
    };

    private string? Find(CanonicalField field, string spelling)
    {
        string folded = TaxonomyClass.Fold(spelling);
        if (own[(int)field] is { } values && values.TryGetValue(folded, out string? value))
        {
            return value;
        }
        return field switch
        {
            CanonicalField.Gender => CommonGenders.GetValueOrDefault(folded),
            CanonicalField.Status => spelling is "open" or "closed" or "withdrawn" ? spelling : null,
            CanonicalField.Satisfaction => spelling is "satisfied" or "fairly_satisfied" or "dissatisfied" or "not_reached" ? spelling : null,
            _ when Dimension(field) is { } dimension => taxonomy.KeyOf(dimension, spelling),
            _ => Booleans.TryGetValue(folded, out bool answer) ? (answer ? "true" : "false") : null,
        };
    }

    private static string? Dimension(CanonicalField field) => field switch
    {
        CanonicalField.Channel => Dimensions.Channel,
        CanonicalField.BusinessChannel => Dimensions.BusinessChannel,
        CanonicalField.Business => Dimensions.Business,
        CanonicalField.Cause => Dimensions.Cause,
        CanonicalField.Severity => Dimensions.Severity,
        _ => null,
    };
}
