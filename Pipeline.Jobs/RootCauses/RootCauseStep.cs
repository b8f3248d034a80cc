using Pipeline.Jobs.Rules;
using Pipeline.Jobs.Steps;
using Pipeline.Models.Complaints;
using Pipeline.Models.Flags.Organised;
using Pipeline.Models.RootCauses;
using Pipeline.Models.Text;
using Pipeline.Reports;

namespace Pipeline.Jobs.RootCauses;

/// <summary>Looks for what the texts of a month say of its causes.</summary>
public static class RootCauseStep
{
    private const string RulesName = "rootcause.json";
    private const int ShortestPlace = 4;
    private const string TagsName = "lexicon.tags.json";

    /// <summary>The rules of the root-cause workbook with the hash that pins them.</summary>
    public static PinnedRule<RootCauseRules> Rules(string home) => RuleFiles.Load(home, RulesName, RootCauseRules.Parse);

    /// <summary>The lexicon of tags with the hash that pins it.</summary>
    public static PinnedRule<TagLexicon> Tags(string home) => RuleFiles.Load(home, TagsName, TagLexicon.Parse);

    /// <param name="letters">Opened texts, those of the month and of months before it.</param>
    public static RootCauseReport Find(
        IReadOnlyList<OrganisedLetter> letters, FlaggedLedger ledger, ReportingMonth month, IReadOnlyList<KnownTopic> known, RunRules rules, CancellationToken cancellation)
    {
        RootCauseRules own = rules.RootCauses.Value;
        // A month that the opened letters hold only in part is left out.
        ReportingMonth firstWhole = ReportingMonth.Of(month.LastDay.AddDays(-rules.Flags.Organised.Value.LookBackCalendarDays)).Add(1);
        // Letters are opened before groups and flags are joined to the facts: the ledger's facts know repeats.
        Dictionary<long, ComplaintFact> facts = ledger.Facts.ToDictionary(f => f.Fact.ComplaintId, f => f.Fact);
        HashSet<string> places = [.. ledger.Near.SelectMany(f => (string?[])[f.BranchName, f.Branch]).OfType<string>()];
        Dictionary<string, bool> showable = new(StringComparer.Ordinal);
        CauseTextFindings texts = CauseTextSearch.Find(
            letters.Select(l => (Fact: facts[l.Fact.ComplaintId], l.Text))
                .Where(l => l.Fact.Cause.Class is not null && ReportingMonth.Of(l.Fact.Received) >= firstWhole)
                .Select(l => new CauseText(
                    l.Fact.ComplaintId, l.Fact.CaseNumber, ReportingMonth.Of(l.Fact.Received), l.Fact.Cause.Class!, l.Fact.PersonKey, l.Fact.RepeatOf is not null, l.Text)),
            month, known, own, IsShowable, Environment.ProcessorCount, cancellation);
        return new RootCauseReport(own.Version, own.TopCauses, own.Words, own.Topics, texts, own.FoundCauseHeaders, Names(rules));

        // The name of a branch says where, which the distributions say better.
        bool IsPlace(string phrase) => phrase.Length >= ShortestPlace && Widths.IsHan(phrase[0]) && places.Any(p => p.Contains(phrase, StringComparison.Ordinal));

        bool IsShowable(string phrase)
        {
            lock (showable)
            {
                return showable.TryGetValue(phrase, out bool known) ? known : showable[phrase] = Masking.FreeText(phrase) == phrase && !IsPlace(phrase);
            }
        }
    }

    private static TagReport Names(RunRules rules) => new(
        rules.Tags.Value.Version, rules.Tags.Value.Groups,
        [
            .. rules.Tags.Value.Names,
            .. rules.Flags.Vulnerable.Value.Cues.Select(c => new TagName(CaseReadings.VulnerablePrefix + c.Key, "vulnerable", c.Zh, c.En)),
            .. rules.Threats.Value.Names.Select(n => new TagName(CaseReadings.RiskPrefix + n.Key, "risk", n.Zh, n.En)),
        ]);
}
