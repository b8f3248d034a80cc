using Pipeline.Jobs.Rules;
using Pipeline.Models.Regulatory;

namespace Pipeline.Jobs.Regulatory;

/// <summary>The files that regulatory figures are made with, with the hashes that pin them.</summary>
public sealed record RegulatoryRuleFiles(
    PinnedRule<RegulatoryRules> Rules, PinnedRule<WorkCalendar> Calendar, Denominators Denominators, PinnedRule<BulletinBook> Bulletins, OfficialCodes Codes, IdrCodes? Idr)
{
    /// <value>What is pinned with the report; codes of the IDR data file where the taxonomy has that view.</value>
    public RegulatoryBook Book => new(Rules.Value, Calendar.Value, Denominators, Bulletins.Value, Codes) { Idr = Idr };

    /// <param name="taxonomyId">Whose official codes are read.</param>
    /// <param name="source">Whose denominators are read; null for none.</param>
    public static RegulatoryRuleFiles Load(string home, string taxonomyId, string? source)
    {
        PinnedRule<RegulatoryRules> rules = RuleFiles.Load(home, "regulatory.json", RegulatoryRules.Parse);
        return new RegulatoryRuleFiles(
            rules,
            RuleFiles.Load(home, $"calendar.{rules.Value.Calendar}.json", WorkCalendar.Parse),
            source is null ? Denominators.None : DenominatorFiles.Load(home, source),
            RuleFiles.Load(home, "bulletins.cn-banking.json", BulletinBook.Parse),
            OfficialCodeFiles.Load(home, taxonomyId),
            rules.Value.ViewsOf(taxonomyId).Contains(RegulatoryViews.Australia) ? IdrCodeFiles.Load(home) : null);
    }
}
