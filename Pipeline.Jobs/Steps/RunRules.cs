using Pipeline.Jobs.Complainants;
using Pipeline.Jobs.Flags;
using Pipeline.Jobs.Regulatory;
using Pipeline.Jobs.RootCauses;
using Pipeline.Jobs.Rules;
using Pipeline.Models.Flags;
using Pipeline.Models.RootCauses;
using Pipeline.Models.Taxonomy;

namespace Pipeline.Jobs.Steps;

/// <summary>The rule files of a run, with the hashes that pin them.</summary>
public sealed record RunRules(PinnedRule<RuleBook> Rules, PinnedRule<ComplaintTaxonomy> Taxonomy, PinnedRule<ThreatLexicon> Threats, LinkRules Matching, FlagRuleFiles Flags, RegulatoryRuleFiles Regulatory,
    PinnedRule<RootCauseRules> RootCauses, PinnedRule<TagLexicon> Tags)
{
    public IReadOnlyDictionary<string, string> Hashes => Regulatory.Idr is { } idr ? new Dictionary<string, string>(Always) { ["idr_codes"] = idr.Sha256 } : Always;

    private Dictionary<string, string> Always => new()
    {
        ["rules"] = Rules.Sha256,
        ["taxonomy"] = Taxonomy.Sha256,
        ["threats"] = Threats.Sha256,
        ["matching"] = Matching.Schema.Sha256,
        ["names"] = Matching.Names.Sha256,
        ["organised"] = Flags.Organised.Sha256,
        ["vulnerable"] = Flags.Vulnerable.Sha256,
        ["rootcause"] = RootCauses.Sha256,
        ["tags"] = Tags.Sha256,
        ["regulatory"] = Regulatory.Rules.Sha256,
        ["calendar"] = Regulatory.Calendar.Sha256,
        ["bulletins"] = Regulatory.Bulletins.Sha256,
        ["codes"] = Regulatory.Codes.Sha256 ?? "",
        ["denominators"] = Regulatory.Denominators.Sha256 ?? "",
    };

    /// <param name="source">Whose denominators are read; null for none.</param>
    public static RunRules Load(string home, string taxonomyId, string? source = null) => new(
        RuleFiles.Rules(home), RuleFiles.Taxonomy(home, taxonomyId), FlagStep.Lexicon(home), LinkRules.Load(home), FlagRuleFiles.Load(home),
        RegulatoryRuleFiles.Load(home, taxonomyId, source), RootCauseStep.Rules(home), RootCauseStep.Tags(home));

    /// <summary>Those that complaints are read with for tags and the found cause.</summary>
    public ReadingRules Reading => new(Tags, Flags.Vulnerable, RootCauses, Taxonomy);
}
