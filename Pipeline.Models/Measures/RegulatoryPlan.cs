using Pipeline.Models.Complaints;
using Pipeline.Models.Regulatory;
using Pipeline.Models.Taxonomy;

namespace Pipeline.Models.Measures;

/// <summary>The part of the plan that regulators' tables ask for: quarters, half-years and years, and where each measure is broken down.</summary>
public static class RegulatoryPlan
{
    /// <summary>Earlier whole quarters, half-years and years that stand beside the one of the month.</summary>
    private const int EarlierQuarters = 4;
    private const int EarlierHalves = 2;
    private const int EarlierYears = 1;

    /// <summary>Measures of every period.</summary>
    public static readonly IReadOnlyList<string> PeriodMeasures =
    [
        "complaints", "complaints_merged", "after_merging", "regulator_transfers", "regulator_share", "closure_rate", "flow_closure_rate",
        "on_time_rate", "on_time_rate_strict", "on_time_rate_rolled", "first_contact_rate", "satisfaction_rate", "liable_rate", "liable_of_closed_rate",
        "repeat_rate_90", "repeat_rate_merged", "escalation_rate", "major", "per_1000_outlets", "per_10m_customers", "per_10k_customers", "per_outlet_month",
        "complaint_rate", "transfers_per_1000_outlets", "transfers_per_10m_customers",
    ];

    /// <summary>Dimensions that the complaints of every period are broken down by.</summary>
    public static readonly IReadOnlyList<string> PeriodDimensions =
        [Dimensions.BusinessChannel, Dimensions.Business, Dimensions.Cause, Dimensions.Channel, Dimensions.Branch, Dimensions.Region];

    /// <summary>Dimensions of the tables that leave the bank.</summary>
    public static readonly IReadOnlyList<string> OutwardDimensions = [Dimensions.Region, Dimensions.BusinessChannel, Dimensions.Business, Dimensions.Cause];

    /// <summary>Whether the month's figures of a measure are broken down by a dimension.</summary>
    public static bool IsBrokenDown(Measure measure, string dimension) => measure switch
    {
        { Kind: MeasureKind.PerBase } => dimension == Dimensions.Branch,
        { View: not null } or { Basis: MeasureBasis.Excluded } => false,
        { Basis: MeasureBasis.Handled } => dimension is Dimensions.Business or Dimensions.Branch,
        _ => true,
    };

    /// <summary>The quarter of the month up to it, then whole earlier quarters, newest first; whole ones as far as figures reach back.</summary>
    public static IReadOnlyList<FigurePeriod> Quarters(ReportingMonth month, ReportingMonth history) => Runs(month, history, 3, EarlierQuarters);

    public static IReadOnlyList<FigurePeriod> Halves(ReportingMonth month, ReportingMonth history) => Runs(month, history, 6, EarlierHalves);

    public static IReadOnlyList<FigurePeriod> Years(ReportingMonth month, ReportingMonth history) => Runs(month, history, 12, EarlierYears);

    /// <summary>The year up to the month, and the same months a year before; null where figures do not reach back to all of them.</summary>
    public static FigurePeriod? SameMonthsLastYear(ReportingMonth month, ReportingMonth history) =>
        AYearBefore(new FigurePeriod(new ReportingMonth(month.Year, 1), month), history);

    /// <summary>The same months a year before; null where figures do not reach back to all of them.</summary>
    public static FigurePeriod? AYearBefore(FigurePeriod period, ReportingMonth history)
    {
        FigurePeriod before = new(period.From.Add(-12), period.To.Add(-12));
        return before.From >= history ? before : null;
    }

    /// <summary>The newest whole quarter that ends no later than the month; null where figures do not reach back to all of it.</summary>
    public static FigurePeriod? LastWholeQuarter(ReportingMonth month, ReportingMonth history) =>
        Quarters(month, history).Where(p => p.Months == 3).Select(p => (FigurePeriod?)p).FirstOrDefault();

    /// <summary>Every period, without repeats.</summary>
    public static IReadOnlyList<FigurePeriod> Periods(ReportingMonth month, ReportingMonth history) =>
    [
        .. Quarters(month, history).Concat(Halves(month, history)).Concat(Years(month, history))
            .Concat(SameMonthsLastYear(month, history) is { } before ? [before] : []).Distinct(),
    ];

    public static IEnumerable<FigureKey> For(ReportingMonth month, ReportingMonth history, IReadOnlyDictionary<string, IReadOnlyList<string>> members, IReadOnlyList<string> views)
    {
        foreach (FigureKey key in views.Contains(RegulatoryViews.UnitedStates) ? UnitedStates(month, history, members) : [])
        {
            yield return key;
        }
        foreach (FigureKey key in views.Contains(RegulatoryViews.UnitedKingdom) ? UnitedKingdom(Halves(month, history)[0], members) : [])
        {
            yield return key;
        }
        foreach (FigureKey key in views.Contains(RegulatoryViews.China) ? ByOrganisation(month, members) : [])
        {
            yield return key;
        }
        for (ReportingMonth m = history; m <= month; m = m.Add(1))
        {
            foreach (string member in members[Dimensions.Exclusion])
            {
                yield return new FigureKey("excluded", FigurePeriod.Of(m), new FilterTerm(Dimensions.Exclusion, member));
            }
            // The months of this year and the last one, of which outward tables print years to date.
            foreach (string dimension in m.Year >= month.Year - 1 ? OutwardDimensions : [])
            {
                foreach (string member in members[dimension])
                {
                    yield return new FigureKey("complaints", FigurePeriod.Of(m), new FilterTerm(dimension, member));
                }
            }
        }
        foreach (FigurePeriod period in Periods(month, history))
        {
            foreach (string measure in PeriodMeasures)
            {
                yield return new FigureKey(measure, period);
            }
            foreach (string dimension in PeriodDimensions)
            {
                foreach (string member in members[dimension])
                {
                    yield return new FigureKey("complaints", period, new FilterTerm(dimension, member));
                }
            }
            foreach (string branch in members[Dimensions.Branch])
            {
                yield return new FigureKey("per_1000_outlets", period, new FilterTerm(Dimensions.Branch, branch));
                yield return new FigureKey("per_10m_customers", period, new FilterTerm(Dimensions.Branch, branch));
            }
            if (!members[Dimensions.Channel].Contains(Industry.BulletinChannel))
            {
                continue;
            }
            foreach (string business in members[Dimensions.Business])
            {
                yield return new FigureKey(
                    "complaints", period, new FilterTerm(Dimensions.Business, business), new FilterTerm(Dimensions.Channel, Industry.BulletinChannel));
            }
        }
    }

    /// <summary>The three dimensions of JR/T 0169 by branch and by region: the month, and the quarter, half-year and year up to it.</summary>
    private static IEnumerable<FigureKey> ByOrganisation(ReportingMonth month, IReadOnlyDictionary<string, IReadOnlyList<string>> members) =>
        from period in FigurePlan.PeriodsToDate(month).Prepend(FigurePeriod.Of(month)).Distinct()
        from organisation in (string[])[Dimensions.Branch, Dimensions.Region]
        from dimension in (string[])[Dimensions.BusinessChannel, Dimensions.Business, Dimensions.Cause]
        from place in members[organisation]
        from member in members[dimension]
        select new FigureKey("complaints", period, new FilterTerm(organisation, place), new FilterTerm(dimension, member));

    /// <summary>Responses by month, and how timely products and companies were.</summary>
    private static IEnumerable<FigureKey> UnitedStates(ReportingMonth month, ReportingMonth history, IReadOnlyDictionary<string, IReadOnlyList<string>> members)
    {
        for (ReportingMonth m = history; m <= month; m = m.Add(1))
        {
            foreach (string response in members[Dimensions.Response])
            {
                yield return new FigureKey("complaints", FigurePeriod.Of(m), new FilterTerm(Dimensions.Response, response));
            }
            foreach (string product in members[Dimensions.Business])
            {
                yield return new FigureKey("timely_response_rate", FigurePeriod.Of(m), new FilterTerm(Dimensions.Business, product));
            }
            foreach (string company in month.MonthsSince(m) <= 2 ? members[Dimensions.Branch] : [])
            {
                yield return new FigureKey("timely_response_rate", FigurePeriod.Of(m), new FilterTerm(Dimensions.Branch, company));
            }
        }
    }

    /// <summary>The half-year's return by business line, and its causes.</summary>
    private static IEnumerable<FigureKey> UnitedKingdom(FigurePeriod half, IReadOnlyDictionary<string, IReadOnlyList<string>> members)
    {
        foreach (string measure in UnitedKingdomMeasures)
        {
            yield return new FigureKey(measure, half);
            foreach (string business in members[Dimensions.Business])
            {
                yield return new FigureKey(measure, half, new FilterTerm(Dimensions.Business, business));
            }
        }
        foreach (string cause in members[Dimensions.Cause])
        {
            foreach (string business in members[Dimensions.Business])
            {
                yield return new FigureKey("complaints", half, new FilterTerm(Dimensions.Business, business), new FilterTerm(Dimensions.Cause, cause));
            }
        }
    }

    private static readonly string[] UnitedKingdomMeasures =
    [
        "complaints", "opening_open", "closed_in_period", "withdrawn_in_period", "ended_day_unknown", "uk_closed_3_days", "uk_closed_8_weeks", "uk_closed_over_8_weeks", "uk_upheld", "uk_redress",
        "uk_vulnerable", "uk_vulnerable_found", "uk_vulnerability_failure",
    ];

    private static List<FigurePeriod> Runs(ReportingMonth month, ReportingMonth history, int months, int earlier)
    {
        ReportingMonth first = new(month.Year, ((month.Month - 1) / months * months) + 1);
        List<FigurePeriod> runs = [new FigurePeriod(first, month)];
        for (int i = 1; i <= earlier && first.Add(-i * months) >= history; i++)
        {
            runs.Add(new FigurePeriod(first.Add(-i * months), first.Add(((1 - i) * months) - 1)));
        }
        return runs;
    }
}
