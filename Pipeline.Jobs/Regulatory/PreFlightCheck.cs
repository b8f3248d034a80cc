using Pipeline.Models.Complaints;
using Pipeline.Models.Flags;
using Pipeline.Models.Measures;
using Pipeline.Models.Regulatory;
using Pipeline.Reports;

namespace Pipeline.Jobs.Regulatory;

/// <summary>The check before filing, of a month's report.</summary>
public static class PreFlightCheck
{
    /// <summary>The findings of every view that the report's taxonomy has; empty where it has none.</summary>
    public static IReadOnlyList<PreFlightFinding> Of(MonthReport report)
    {
        RegulatoryBook book = report.Regulatory ?? throw new ArgumentException("the report has no book of regulatory rules", nameof(report));
        List<PreFlightRules> rules = [.. book.Rules.ViewsOf(report.Taxonomy.Id).Select(v => book.Rules.PreFlight.GetValueOrDefault(v)).OfType<PreFlightRules>()];
        if (rules.Count == 0)
        {
            return [];
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
        return [.. rules.SelectMany(r => PreFlight.Check(input, r)).DistinctBy(f => (f.Code, f.Where.En, f.Found.En)).OrderBy(f => f.Severity)];
    }
}
