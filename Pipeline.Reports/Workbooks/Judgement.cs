using Pipeline.Models.Complaints;
using Pipeline.Models.Measures;

namespace Pipeline.Reports.Workbooks;

/// <summary>Whether the month's figures differ from the months before by more than chance: the one call into the tests.</summary>
internal static class Judgement
{
    /// <summary>The month is compared with so many months before it, at most.</summary>
    public const int Baseline = 12;

    /// <summary>A month that is not over, or a measure that still matures, is not judged.</summary>
    private static readonly ChanceVerdict None = new(ChanceKind.TooFew, 1, 0);

    public static ChanceVerdict OfCount(Composer c, string measure, params IReadOnlyList<FilterTerm> terms) =>
        c.IsIncomplete(c.Month)
            ? None
            : Chance.Poisson(c.Count(measure, terms), [.. c.Earlier(Baseline).Select(m => (long)(c.Value(measure, m, terms) ?? 0))]);

    public static ChanceVerdict OfShare(Composer c, string measure)
    {
        if (c.IsIncomplete(c.Month) || Maturity.IsMaturing(measure, c.Month, c.Report.Lineage.AsOf, c.Report.Rules.TimeLimitCalendarDays))
        {
            return None;
        }
        Figure now = c.Register.Peek(new FigureKey(measure, FigurePeriod.Of(c.Month)));
        return ShareChance.Binomial(
            (long)(now.Numerator ?? 0), (long)(now.Denominator ?? 0),
            [.. c.Earlier(Baseline).Select(m => c.Register.Peek(new FigureKey(measure, FigurePeriod.Of(m)))).Select(f => ((long)(f.Numerator ?? 0), (long)(f.Denominator ?? 0)))]);
    }

    public static string Words(Composer c, ChanceKind kind) => kind switch
    {
        ChanceKind.Higher => c.T("高于往常", "higher than usual"),
        ChanceKind.Lower => c.T("低于往常", "lower than usual"),
        ChanceKind.WithinChance => c.T("随机波动范围内", "within chance"),
        _ => c.T("样本太少，不作判断", "too few to judge"),
    };
}
