using Pipeline.Models.Complaints;
using Pipeline.Models.Measures;
using Pipeline.Models.Measures.Series;
using Pipeline.Models.Taxonomy;

namespace Pipeline.Reports.Workbooks.Trend;

/// <summary>What the summary names of the month: the most specific series that account for what stands.</summary>
/// <param name="Signal">The series that stands, or the cell of business line and cause that makes most of one that stands.</param>
/// <param name="IsMeasured">The series itself was tested; otherwise fewer than five were expected and what it is a part of stands.</param>
internal sealed record Rise(Signal Signal, bool IsMeasured)
{
    public double Expected => Signal.Verdict.Expected;
}

/// <summary>
/// Chooses among series that stand. A spike of one cause on one business line makes the line, the cause, its nature and perhaps the total
/// stand: one sentence tells all of it. Rules: (1) what moved with its whole is not named; (2) cells of business line and cause are named
/// before lines and causes; (3) of a line or cause that stands without such a cell, the cell that makes at least half of its excess is
/// named; (4) a series that is within its limits once the excess of what is named is taken away is not named again; (5) a cell that is
/// within its limits without the complaints of a group or pattern of the month is told by that group or pattern.
/// </summary>
internal static class Rises
{
    private const string Complaints = "complaints";

    public static IReadOnlyList<Rise> Worse(Composer c)
    {
        List<Signal> standing = [.. Told(c, ChanceKind.Higher)];
        List<Rise> cells = [.. standing.Where(s => s.Terms.Count == 2).Select(s => new Rise(s, true))];
        foreach (Signal signal in standing.Where(s => s is { Measure: Complaints, Terms.Count: 1 }))
        {
            if (Driver(c, signal) is { } driver && !cells.Exists(r => Same(r.Signal, driver)))
            {
                cells.Add(new Rise(driver, driver.IsJudged));
            }
        }
        IReadOnlyList<long> told = [.. (c.Report.Findings?.Groups.SelectMany(g => g.Complaints) ?? []).Concat(c.Report.Findings?.Patterns.SelectMany(p => p.Letters.Select(l => l.ComplaintId)) ?? [])];
        HashSet<long> ofFindings = [.. told];
        List<Rise> named = [.. cells
            .Where(r => !IsWithin(c, r.Signal, Facts(c, r.Signal.Terms).Count(f => ofFindings.Contains(f.ComplaintId))))
            .OrderByDescending(r => r.Signal.Count - r.Expected)];
        foreach (Signal signal in standing.Where(s => s.Terms.Count < 2))
        {
            double excess = signal.Measure == Complaints
                ? cells.Sum(r => Shared(c, r.Signal, signal) * (r.Signal.Count - r.Expected) / Math.Max(1, r.Signal.Count))
                : 0;
            double inFindings = signal.Measure == Complaints ? Facts(c, signal.Terms).Count(f => ofFindings.Contains(f.ComplaintId)) : 0;
            if (!IsWithin(c, signal, Math.Max(excess, inFindings)) && !named.Exists(r => signal.Measure != Complaints && Same(r.Signal with { Measure = signal.Measure }, signal)))
            {
                named.Add(new Rise(signal, true));
            }
        }
        return [.. named.OrderBy(r => r.Signal is { Measure: Complaints, Terms.Count: 0 } ? 0 : 1)];
    }

    public static IReadOnlyList<Signal> Better(Composer c) =>
        [.. Told(c, ChanceKind.Lower)];

    /// <summary>Totals besides those of the history stand among the key numbers and in no sentence.</summary>
    private static IEnumerable<Signal> Told(Composer c, ChanceKind kind) =>
        c.Judged.Signals.Signals.Where(s => s is { Stands: true, Follows: false, IsShare: false } && s.Verdict.Kind == kind && !TrendJudgement.Totals.Contains(s.Measure));

    /// <summary>The branch that has more of these complaints than its part of all others explains, and how many; null where they are spread.</summary>
    public static (string Branch, int Count)? Concentrated(Composer c, IReadOnlyList<FilterTerm> terms)
    {
        List<ComplaintFact> inside = Facts(c, terms);
        int all = c.Report.Cases.Count - inside.Count;
        List<(string Branch, int Count)> branches = [.. inside.Where(f => f.Branch is not null).GroupBy(f => f.Branch!, StringComparer.Ordinal).Select(g => (g.Key, g.Count())).OrderByDescending(b => b.Item2).ThenBy(b => b.Key, StringComparer.Ordinal)];
        if (branches.Count == 0 || all < 50)
        {
            return null;
        }
        (string branch, int count) = branches[0];
        int outside = c.Report.Cases.Count(x => x.Fact.Branch == branch) - count;
        double share = (outside + 1.0) / (all + 1.0);
        // Bonferroni over the branches that might have been the largest.
        return share < 1 && Chance.BinomialTail(count, inside.Count, share) < c.Report.Rules.Trend.Level / branches.Count ? (branch, count) : null;
    }

    /// <summary>Branches that these complaints came from.</summary>
    public static int Branches(Composer c, IReadOnlyList<FilterTerm> terms) => Facts(c, terms).Select(f => f.Branch).OfType<string>().Distinct(StringComparer.Ordinal).Count();

    public static List<ComplaintFact> Facts(Composer c, IReadOnlyList<FilterTerm> terms) =>
        [.. c.Report.Cases.Select(x => x.Fact).Where(f => terms.All(t => Has(c, f, t)))];

    /// <summary>Without so many it is within its limits; where it was too small to be tested, no more than too few are left beyond what is expected.</summary>
    private static bool IsWithin(Composer c, Signal signal, double without) =>
        signal.Count - without <= (signal.IsJudged ? signal.Verdict.HighLimit : signal.Verdict.Expected + c.Report.Rules.Trend.LeastExpected);

    private static int Shared(Composer c, Signal cell, Signal other) => Facts(c, [.. cell.Terms, .. other.Terms]).Count;

    private static bool Same(Signal a, Signal b) => a.Measure == b.Measure && a.Terms.Count == b.Terms.Count && a.Terms.All(b.Terms.Contains);

    /// <summary>The cell of business line and cause that makes at least half of what a line or a cause has more than expected.</summary>
    private static Signal? Driver(Composer c, Signal signal)
    {
        FilterTerm term = signal.Terms[0];
        if (term.Dimension is not (Dimensions.Business or Dimensions.Cause))
        {
            return null;
        }
        Signal? most = c.Judged.Signals.Signals
            .Where(s => s.Terms.Count == 2 && s.Terms.Contains(term))
            .OrderByDescending(s => s.Count - s.Verdict.Expected)
            .FirstOrDefault();
        return most is not null && most.Count - most.Verdict.Expected >= (signal.Count - signal.Verdict.Expected) / 2 ? most : null;
    }

    private static bool Has(Composer c, ComplaintFact fact, FilterTerm term)
    {
        for (string? member = FigurePlan.MemberOf(fact, term.Dimension); member is not null; member = c.Report.Taxonomy.Class(term.Dimension, member)?.Parent)
        {
            if (member == term.Member)
            {
                return true;
            }
        }
        return false;
    }
}
