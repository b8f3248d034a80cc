namespace Pipeline.Models.Measures.Series;

/// <summary>
/// Thresholds by which monthly series are judged: a part of the dated rules (<c>rules.json</c>, <c>trend</c>). Probabilities are 0 to 1.
/// </summary>
/// <param name="Level">Below this two-sided probability a change is called real by itself.</param>
/// <param name="FalseDiscoveryRate">At most this share of the changes that the first page names may be false alarms.</param>
/// <param name="Dependence"><c>positive</c> (Benjamini and Hochberg) or <c>any</c> (Benjamini and Yekutieli).</param>
/// <param name="BaselineMonths">A month is set against so many months before it.</param>
/// <param name="LeastMonths">With fewer earlier months nothing is judged.</param>
/// <param name="LeastExpected">Below this expected count: too few to judge.</param>
/// <param name="ExactUpTo">Up to this expected count the exact conditional Poisson test is told of every series, and decides where the series varies no more than chance.</param>
/// <param name="RestlessLevel">A series of small counts is plainly restless where chance alone would make it vary so much with less than this probability.</param>
/// <param name="SeasonMonths">From so many earlier months on season and trend are allowed for.</param>
/// <param name="SeasonTrendLevel">A trend is kept only where chance would make it with less than this probability.</param>
/// <param name="OutlyingScore">A baseline month whose modified z-score is beyond this is left out (Iglewicz and Hoaglin: 3.5).</param>
/// <param name="MostLeftOut">At most this share of a baseline's months is left out.</param>
/// <param name="DriftRatio">A drift is looked for that makes a rate so many times its start; or one standard deviation of a month, where that is more.</param>
/// <param name="DriftRunLength">Months that a chart runs on average before a false signal, its start being known exactly.</param>
/// <param name="DriftMonthCap">One month adds at most this share of the decision limit, so that one or two months alone are no drift.</param>
/// <param name="SeasonLevel">A season is kept only where chance would make it with less than this probability.</param>
public sealed record SeriesRules(
    double Level,
    double FalseDiscoveryRate,
    string Dependence,
    int BaselineMonths,
    int LeastMonths,
    double LeastExpected,
    double ExactUpTo,
    double RestlessLevel,
    int SeasonMonths,
    double SeasonTrendLevel,
    double OutlyingScore,
    double MostLeftOut,
    double DriftRatio,
    double DriftRunLength,
    double DriftMonthCap,
    double SeasonLevel = 0.01)
{
    /// <value>The working definition of 2026-11, for rule files that were written before it.</value>
    public static SeriesRules Default { get; } = new(
        0.01, 0.1, "positive", 12, 6, 5, 50, 0.01, 24, 0.001, 3.5, 0.25, 1.1, 1000, 0.4);
}
