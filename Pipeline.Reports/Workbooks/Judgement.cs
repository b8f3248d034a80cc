using Pipeline.Models.Complaints;
using Pipeline.Models.Measures;
using Pipeline.Models.Measures.Series;
using Pipeline.Models.Text;

namespace Pipeline.Reports.Workbooks;

/// <summary>
/// Whether the month's figures differ from the months before by more than chance: the one call into the tests. All series are judged
/// together, once for each workbook, so that every sheet says the same of a series.
/// </summary>
internal sealed class Judgement
{
    private readonly Composer composer;
    private readonly FigureSet figures;
    private readonly Lazy<TrendSignals> signals;
    private readonly Lazy<TrendDrifts> drifts;
    private readonly Lazy<Dictionary<string, Signal>> byName;

    public Judgement(Composer composer, FigureSet figures)
    {
        this.composer = composer;
        this.figures = figures;
        signals = new(() => IsJudged ? TrendJudgement.Signals(Input) : new TrendSignals([], 0, null));
        drifts = new(() => IsJudged ? TrendJudgement.Drifts(Input, signals.Value.Dispersion) : new TrendDrifts([], 0));
        byName = new(() => signals.Value.Signals.ToDictionary(s => Name(s.Measure, s.Terms), StringComparer.Ordinal));
    }

    /// <value>The month is set against so many months before it, at most.</value>
    public int Baseline => composer.Report.Rules.Trend.BaselineMonths;

    /// <value>A month that is not over is not judged.</value>
    public bool IsJudged => !composer.IsIncomplete(composer.Month);

    public TrendSignals Signals => signals.Value;

    public TrendDrifts Drifts => drifts.Value;

    private TrendInput Input => new(
        composer.Month, composer.Report.History, key => figures.Find(key.Text),
        FigurePlan.MonthDimensions.ToDictionary(d => d, d => new Breakdown(composer, d).Members, StringComparer.Ordinal),
        composer.Report.Rules.Trend,
        (measure, month) => composer.IsMaturing(measure, FigurePeriod.Of(month)))
    {
        IsCovered = (measure, month) => composer.IsCovered(measure, FigurePeriod.Of(month)),
    };

    /// <summary>The verdict on a count of the month.</summary>
    public static ChanceVerdict OfCount(Composer c, string measure, params IReadOnlyList<FilterTerm> terms) => Brief(c.Judged.Count(c.Month, measure, terms));

    /// <summary>The verdict on a share of the month; none where it still matures or looks back beyond the ledger.</summary>
    public static ChanceVerdict OfShare(Composer c, string measure) => Brief(c.Judged.Share(c.Month, measure));

    /// <summary>The full verdict on a count of any month that figures reach back to, as it would be judged today.</summary>
    public SeriesVerdict Count(ReportingMonth month, string measure, params IReadOnlyList<FilterTerm> terms)
    {
        if (month == composer.Month && byName.Value.TryGetValue(Name(measure, terms), out Signal? signal) && !signal.IsShare)
        {
            return signal.Verdict;
        }
        MonthCount Of(ReportingMonth m) => new((long)(composer.Value(measure, m, terms) ?? 0), TrendJudgement.Days(m));
        bool IsKnown(ReportingMonth m) => composer.Covered(measure, m, terms) is not null;
        return composer.IsIncomplete(month) || !IsKnown(month)
            ? None(Of(month).Count)
            : SeriesTest.OfCount(Of(month), [.. Before(month).Where(IsKnown).Select(Of)], composer.Report.Rules.Trend, signals.Value.Dispersion);
    }

    /// <summary>The full verdict on a share of any month that figures reach back to.</summary>
    public SeriesVerdict Share(ReportingMonth month, string measure)
    {
        MonthShare Of(ReportingMonth m) => composer.Register.Peek(new FigureKey(measure, FigurePeriod.Of(m))) is var f ? new((long)(f.Numerator ?? 0), (long)(f.Denominator ?? 0)) : default;
        return composer.IsIncomplete(month) || !composer.IsCompared(measure, FigurePeriod.Of(month))
            ? None(0)
            : SeriesTest.OfShare(Of(month), [.. Before(month).Where(m => composer.IsCovered(measure, FigurePeriod.Of(m))).Select(Of)], composer.Report.Rules.Trend, signals.Value.ShareDispersion);
    }

    /// <summary>The signal of a series of the month; null where it is not among those judged together.</summary>
    public Signal? Find(string measure, params IReadOnlyList<FilterTerm> terms) => byName.Value.GetValueOrDefault(Name(measure, terms));

    public static string Words(Composer c, ChanceKind kind) => kind switch
    {
        ChanceKind.Higher => c.T("高于往常", "higher than usual"),
        ChanceKind.Lower => c.T("低于往常", "lower than usual"),
        ChanceKind.WithinChance => c.T("正常波动范围内", "within usual range"),
        _ => c.T("样本太少，不作判断", "too few to judge"),
    };

    /// <summary>Heads a column of verdicts on counts of complaints, with the number of months that they are set against.</summary>
    public static string Head(Composer c) => c.Earlier(c.Judged.Baseline).Count is > 0 and var months
        ? c.T($"与此前 {months} 个月相比", $"Against {English.Count(months, "month")} before")
        : c.T("与往常相比", "Against the usual");

    /// <summary>Heads a column of means of the months that the verdicts are set against.</summary>
    public static string MeanHead(Composer c) => c.Earlier(c.Judged.Baseline).Count is > 0 and var months
        ? c.T($"前 {months} 个月平均", $"Mean of {English.Count(months, "month")} before")
        : c.T("往月平均", "Mean before");

    private IEnumerable<ReportingMonth> Before(ReportingMonth month) =>
        Enumerable.Range(0, Math.Max(0, month.MonthsSince(composer.Report.History))).Select(composer.Report.History.Add);

    private static SeriesVerdict None(double observed) => new(
        ChanceKind.TooFew, SeriesMethod.TooFew, observed, 0, double.NaN, double.NaN, 1, 0, double.NaN, double.NaN, 1, false, false, []);

    private static ChanceVerdict Brief(SeriesVerdict verdict) => new(verdict.Kind, verdict.PValue, verdict.Expected);

    private static string Name(string measure, IReadOnlyList<FilterTerm> terms) => new FigureKey(measure, default, terms).Text;
}
