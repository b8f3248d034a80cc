using Pipeline.Models.Measures;
using Pipeline.Models.RootCauses;

namespace Pipeline.Reports;

/// <summary>What the root-cause workbook prints beside figures.</summary>
/// <param name="RulesVersion">Of the rule file.</param>
/// <param name="TopCauses">Causes shown one by one.</param>
/// <param name="FoundCauseHeaders">Headers that were looked for to find the cause that investigation found.</param>
public sealed record RootCauseReport(
    string RulesVersion, int TopCauses, WordRules Words, TopicRules Topics, CauseTextFindings Texts, IReadOnlyList<string> FoundCauseHeaders, TagReport Tags)
{
    /// <summary>The register of corrective actions and what they did.</summary>
    public RemediationReport Remediation { get; init; } = new(0, []);
}

/// <summary>What tags are called.</summary>
/// <param name="Version">Of the lexicon.</param>
public sealed record TagReport(string Version, IReadOnlyList<TagGroup> Groups, IReadOnlyList<TagName> Names);

/// <param name="Version">Of the register; 0 where nothing was written down.</param>
public sealed record RemediationReport(int Version, IReadOnlyList<RemediationOutcome> Outcomes);

/// <summary>A corrective action with its test.</summary>
/// <param name="Scope">What is counted.</param>
public sealed record RemediationOutcome(RemediationEntry Entry, IReadOnlyList<FilterTerm> Scope, RemediationEffect Effect);
