using Pipeline.Jobs.Rules;
using Pipeline.Models.Flags.Organised;
using Pipeline.Models.Flags.Profiles;

namespace Pipeline.Jobs.Flags;

/// <summary>The rule files of patterns and profiles, with the hashes that pin them.</summary>
public sealed record FlagRuleFiles(PinnedRule<OrganisedRules> Organised, PinnedRule<VulnerableLexicon> Vulnerable)
{
    public static FlagRuleFiles Load(string home) => new(
        RuleFiles.Load(home, "signals.organised.json", OrganisedRules.Parse),
        RuleFiles.Load(home, "lexicon.vulnerable.json", VulnerableLexicon.Parse));
}
