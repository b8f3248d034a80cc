using Pipeline.Models.Complaints;
using Pipeline.Models.Flags;
using Pipeline.Models.Measures;
using Pipeline.Models.Regulatory;
using Pipeline.Reports;

namespace Pipeline.Jobs.Regulatory;

/// <summary>The check before filing, of a month's report.</summary>
public static class PreFlightCheck
{
    /// <summary>What the checks of every view that the report's taxonomy has found, and what they found in order; empty where it has none.</summary>
    public static PreFlightOutcome Of(MonthReport report)
    {
        RegulatoryBook book = report.Regulatory ?? throw new ArgumentException("the report has no book of regulatory rules", nameof(report));
        Dictionary<string, PreFlightRules> rules = book.Rules.ViewsOf(report.Taxonomy.Id).Where(book.Rules.PreFlight.ContainsKey).ToDictionary(v => v, v => book.Rules.PreFlight[v], StringComparer.Ordinal);
        if (rules.Count == 0)
        {
            return new PreFlightOutcome([], []);
        }
        List<ComplaintFact> counted = [.. report.Cases.Select(c => c.Fact)];
        string ofMonth = $"complaints/{report.Month}/";
        ILookup<string, string> broken = report.Figures.Where(f => f.Key.StartsWith(ofMonth, StringComparison.Ordinal)).Select(f => FigureKey.Parse(f.Key))
            .Where(k => k.Terms.Count == 1).ToLookup(k => k.Terms[0].Dimension, k => k.Terms[0].Member, StringComparer.Ordinal);
        IReadOnlyDictionary<string, IReadOnlyList<string>> members = FigurePlan.MonthDimensions.ToDictionary(d => d, d => (IReadOnlyList<string>)[.. broken[d]]);
        PreFlightInput input = new(
            report.Month, report.History, report.Lineage.AsOf, counted, [.. report.Excluded.Select(c => c.Fact)], new FigureSet(report.Figures), members,
            report.Taxonomy, report.Rules, book, report.Quality.Quarantine.Count(q => q.State == "open"), report.Quality.Quarantine.Count(q => q is { State: "open", CameAgain: true }),
            report.Cases.Count(c => c.Flags.Any(f => f.Kind == FlagKinds.Repeat)), report.Cases.Count(c => c.Fact.IsEscalation))
        {
            Ledger = report.LedgerBegins is { } begins ? new LedgerStart(begins, report.BeforeLedger) : null,
        };
        return PreFlight.Check(input, rules);
    }

    /// <summary>The report with what the checks found.</summary>
    public static MonthReport AddTo(MonthReport report) => Of(report) is var outcome ? report with { PreFlight = outcome.Findings, PreFlightPassed = outcome.Passed } : report;
}
