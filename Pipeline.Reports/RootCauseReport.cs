using Pipeline.Models.RootCauses;

namespace Pipeline.Reports;

/// <summary>What the root-cause workbook prints beside figures.</summary>
/// <param name="RulesVersion">Of the rule file.</param>
/// <param name="TopCauses">Causes shown one by one.</param>
public sealed record RootCauseReport(string RulesVersion, int TopCauses, WordRules Words, TopicRules Topics, CauseTextFindings Texts);
