using Pipeline.Models.Complaints;
using Pipeline.Models.Taxonomy;
using Pipeline.Models.Text;

namespace Pipeline.Models.Regulatory;

/// <summary>A kind of matter, or a reason for taking a case out of the count, with the spellings that exports use.</summary>
public sealed record PopulationLabel(string Key, string Zh, string En, IReadOnlyList<string> Spellings)
{
    public Bilingual Label => new(Zh, En);
}

/// <summary>What counts as a complaint for cases received from a day on.</summary>
/// <param name="CountedMatters">Keys of the kinds of matter that count.</param>
/// <param name="CountsUnstated">Whether a case whose kind is not stated, or not known, counts.</param>
/// <param name="CountsWithdrawn">Whether a case that was withdrawn counts as received.</param>
/// <param name="ExclusionReasons">Keys of the reasons (核减) for which a case does not count; others are stated and still count.</param>
public sealed record PopulationEdition(
    DateOnly EffectiveFrom, string Source, IReadOnlyList<string> CountedMatters, bool CountsUnstated, bool CountsWithdrawn, IReadOnlyList<string> ExclusionReasons);

/// <summary>
/// Which cases count as complaints: complaints, and not reports of illegality, petitions, enquiries, suggestions or praise (Order 2020 No.3
/// art. 2; DOMAIN A0.3, A2.1), less those taken out after review (核减, DOMAIN A1.6). Dated by the day of receipt.
/// </summary>
public sealed class PopulationRules
{
    public const string Withdrawn = "withdrawn";
    public const string MatterPrefix = "matter:";
    public const string ReasonPrefix = "reason:";

    private readonly Dictionary<string, string> matters;
    private readonly Dictionary<string, string> reasons;

    [System.Text.Json.Serialization.JsonConstructor]
    public PopulationRules(IReadOnlyList<PopulationLabel> matters, IReadOnlyList<PopulationLabel> reasons, IReadOnlyList<PopulationEdition> editions)
    {
        (Matters, Reasons, Editions) = (matters, reasons, editions);
        this.matters = BySpelling(matters);
        this.reasons = BySpelling(reasons);
        foreach (PopulationEdition edition in editions)
        {
            if (edition.CountedMatters.FirstOrDefault(k => matters.All(m => m.Key != k)) is { } matter)
            {
                throw new InvalidDataException($"population: the edition of {edition.EffectiveFrom:yyyy-MM-dd} counts '{matter}', which is no kind of matter");
            }
            if (edition.ExclusionReasons.FirstOrDefault(k => reasons.All(r => r.Key != k)) is { } reason)
            {
                throw new InvalidDataException($"population: the edition of {edition.EffectiveFrom:yyyy-MM-dd} excludes for '{reason}', which is no reason of the list");
            }
        }
    }

    public IReadOnlyList<PopulationLabel> Matters { get; }

    public IReadOnlyList<PopulationLabel> Reasons { get; }

    public IReadOnlyList<PopulationEdition> Editions { get; }

    /// <summary>The edition for cases received on the day, or null before the first: then everything counts.</summary>
    public PopulationEdition? InForce(DateOnly received) => Editions.Where(e => e.EffectiveFrom <= received).MaxBy(e => e.EffectiveFrom);

    /// <summary>Key of the kind of matter; null where it is not stated or not known.</summary>
    public string? Matter(string? spelling) => spelling is null ? null : matters.GetValueOrDefault(TaxonomyClass.Fold(spelling));

    /// <summary>Key of the reason for which a case was taken out; null where none is stated or it is not known.</summary>
    public string? Reason(string? spelling) => spelling is null ? null : reasons.GetValueOrDefault(TaxonomyClass.Fold(spelling));

    /// <summary>
    /// Why the case is no complaint, or null where it counts. The kind of matter decides first, then the review, then the withdrawal. A
    /// reason that is not known does not exclude: it is a finding of the pre-flight check.
    /// </summary>
    public string? Exclusion(ComplaintFact fact)
    {
        if (InForce(fact.Received) is not { } edition)
        {
            return null;
        }
        string? matter = Matter(fact.MatterType);
        if (matter is null ? !edition.CountsUnstated : !edition.CountedMatters.Contains(matter))
        {
            return MatterPrefix + (matter ?? "unstated");
        }
        if (Reason(fact.ExclusionReason) is { } reason && edition.ExclusionReasons.Contains(reason))
        {
            return ReasonPrefix + reason;
        }
        return fact.Status == "withdrawn" && !edition.CountsWithdrawn ? Withdrawn : null;
    }

    /// <summary>An exclusion in words.</summary>
    public Bilingual Words(string exclusion)
    {
        if (exclusion == Withdrawn)
        {
            return new Bilingual("撤诉", "Withdrawn");
        }
        bool isMatter = exclusion.StartsWith(MatterPrefix, StringComparison.Ordinal);
        string key = exclusion[(exclusion.IndexOf(':', StringComparison.Ordinal) + 1)..];
        PopulationLabel? label = (isMatter ? Matters : Reasons).FirstOrDefault(l => l.Key == key);
        return isMatter
            ? new Bilingual($"非投诉事项：{label?.Zh ?? "未注明"}", $"No complaint: {label?.En ?? "not stated"}")
            : new Bilingual($"核减：{label?.Zh ?? key}", $"Taken out after review: {label?.En ?? key}");
    }

    private static Dictionary<string, string> BySpelling(IReadOnlyList<PopulationLabel> labels)
    {
        Dictionary<string, string> spellings = new(StringComparer.Ordinal);
        foreach (PopulationLabel label in labels)
        {
            foreach (string spelling in (IEnumerable<string>)[label.Key, label.Zh, label.En, .. label.Spellings])
            {
                string folded = TaxonomyClass.Fold(spelling);
                if (!spellings.TryAdd(folded, label.Key) && spellings[folded] != label.Key)
                {
                    throw new InvalidDataException($"population: the spelling '{spelling}' stands for both {spellings[folded]} and {label.Key}");
                }
            }
        }
        return spellings;
    }
}
