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

    /// <summary>The rules of the root-cause workbook with the hash that pins them.</summary>
    public static PinnedRule<RootCauseRules> Rules(string home) => RuleFiles.Load(home, RulesName, RootCauseRules.Parse);

    /// <param name="letters">Opened texts, those of the month and of months before it.</param>
    /// <param name="letterDays">Days before the month's end that <paramref name="letters"/> reach back: a month that they hold only in part is left out.</param>
    public static RootCauseReport Find(
        IReadOnlyList<OrganisedLetter> letters, int letterDays, FlaggedLedger ledger, ReportingMonth month, IReadOnlyList<KnownTopic> known, RootCauseRules rules, CancellationToken cancellation)
    {
        ReportingMonth firstWhole = ReportingMonth.Of(month.LastDay.AddDays(-letterDays)).Add(1);
        // Letters are opened before groups and flags are joined to the facts: the ledger's facts know repeats.
        Dictionary<long, ComplaintFact> facts = ledger.Facts.ToDictionary(f => f.Fact.ComplaintId, f => f.Fact);
        Dictionary<string, bool> showable = new(StringComparer.Ordinal);
        CauseTextFindings texts = CauseTextSearch.Find(
            letters.Select(l => (Fact: facts[l.Fact.ComplaintId], l.Text))
                .Where(l => l.Fact.Cause.Class is not null && ReportingMonth.Of(l.Fact.Received) >= firstWhole)
                .Select(l => new CauseText(
                    l.Fact.ComplaintId, l.Fact.CaseNumber, ReportingMonth.Of(l.Fact.Received), l.Fact.Cause.Class!, l.Fact.PersonKey, l.Fact.RepeatOf is not null, l.Text)),
            month, known, rules, IsShowable, Environment.ProcessorCount, cancellation);
        return new RootCauseReport(rules.Version, rules.TopCauses, rules.Words, rules.Topics, texts);

        bool IsShowable(string phrase)
        {
            lock (showable)
            {
                return showable.TryGetValue(phrase, out bool known) ? known : showable[phrase] = Masking.FreeText(phrase) == phrase;
            }
        }
    }
}
