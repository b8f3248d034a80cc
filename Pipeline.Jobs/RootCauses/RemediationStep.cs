using Pipeline.Models.Complaints;
using Pipeline.Models.Measures;
using Pipeline.Models.RootCauses;
using Pipeline.Models.Taxonomy;
using Pipeline.Reports;

namespace Pipeline.Jobs.RootCauses;

/// <summary>Tests each action of the register by the figures of the run: before against after.</summary>
public static class RemediationStep
{
    private const string Complaints = "complaints";

    /// <summary>The figures that the tests need: complaints of each scope by month and over the months before and after.</summary>
    public static IEnumerable<FigureKey> Keys(RemediationRegister register, ReportingMonth month, ReportingMonth history)
    {
        foreach (RemediationEntry entry in register.Entries)
        {
            for (ReportingMonth m = history; m <= month; m = m.Add(1))
            {
                yield return new FigureKey(Complaints, FigurePeriod.Of(m), Scope(entry));
            }
        }
    }

    /// <param name="report">With the figures of <see cref="Keys"/>.</param>
    public static RemediationReport Judge(RemediationRegister register, MonthReport report)
    {
        FigureSet figures = new(report.Figures);
        ReportingMonth last = report.Lineage.AsOf < report.Month.LastDay ? report.Month.Add(-1) : report.Month;
        List<RemediationOutcome> outcomes = [];
        foreach (RemediationEntry entry in register.Entries)
        {
            List<ScopeMonth> series = [];
            for (ReportingMonth m = report.History; m <= last; m = m.Add(1))
            {
                long count = Count(m, Scope(entry));
                series.Add(new ScopeMonth(m, count, Count(m) - count));
            }
            outcomes.Add(new RemediationOutcome(entry, [.. Scope(entry)], RemediationEffect.Of(entry, series)));
        }
        return new RemediationReport(register.Version, outcomes);

        long Count(ReportingMonth m, params IEnumerable<FilterTerm> terms) => (long)(figures.Of(Complaints, m, terms).Value ?? 0);
    }

    private static IEnumerable<FilterTerm> Scope(RemediationEntry entry)
    {
        yield return new FilterTerm(Dimensions.Cause, entry.Cause);
        if (entry.Business is { } business)
        {
            yield return new FilterTerm(Dimensions.Business, business);
        }
        if (entry.Branch is { } branch)
        {
            yield return new FilterTerm(Dimensions.Branch, branch);
        }
    }
}
