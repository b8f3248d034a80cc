using Pipeline.Models.Complaints;
using Pipeline.Models.Measures;
using Pipeline.Models.Measures.Series;
using Pipeline.Models.Taxonomy;

namespace Pipeline.Tests.Measures.Series;

/// <summary>Months whose figures cannot be known are left out of tests and charts; they are no months of nought.</summary>
public sealed class TrendJudgementTests
{
    private static readonly ReportingMonth October = new(2026, 10);
    private static readonly ReportingMonth History = October.Add(-24);

    [Fact]
    public void A_count_that_cannot_be_known_is_not_tested_and_has_no_chart()
    {
        TrendInput input = Input(repeatsFrom: null);
        Assert.DoesNotContain(TrendJudgement.Signals(input).Signals, s => s.Measure is "repeat_90" or "repeat_rate_90");
        Assert.DoesNotContain(TrendJudgement.Drifts(input, null).Charts, d => d.Measure is "repeat_90" or "repeat_rate_90");
        Assert.Contains(TrendJudgement.Signals(input).Signals, s => s is { Measure: "complaints", IsJudged: true });
    }

    [Fact]
    public void Months_before_a_source_stated_persons_are_no_months_without_repeats()
    {
        TrendInput input = Input(repeatsFrom: October.Add(-8));
        Signal repeats = TrendJudgement.Signals(input).Signals.Single(s => s is { Measure: "repeat_90", Terms.Count: 0 });
        Assert.True(repeats.IsJudged);
        Assert.False(repeats.IsNew);
        Assert.False(repeats.IsAlarm);
        Assert.Equal(20, repeats.Verdict.Expected, 0.5);
        Assert.DoesNotContain(TrendJudgement.Drifts(input, null).Charts, d => d.Measure == "repeat_90");
    }

    [Fact]
    public void A_true_nought_is_counted()
    {
        TrendInput input = Input(History, repeats: m => m == October ? 20 : 0);
        Assert.True(TrendJudgement.Signals(input).Signals.Single(s => s is { Measure: "repeat_90", Terms.Count: 0 }).IsNew);
    }

    [Fact]
    public void Months_whose_window_reaches_before_the_ledger_are_no_part_of_a_baseline()
    {
        // Of the first three months half the repeats are missed.
        static int Repeats(ReportingMonth m) => m.LastDay.Day * (m < History.Add(3) ? 10 : 20) / 31;
        TrendInput blind = Input(History, Repeats);
        TrendInput input = blind with { IsCovered = (measure, m) => !measure.StartsWith("repeat_", StringComparison.Ordinal) || m >= History.Add(3) };
        Drift Up(TrendInput of) => TrendJudgement.Drifts(of, null).Charts.Single(d => d is { Measure: "repeat_90", Terms.Count: 0, Verdict.IsUp: true });
        Assert.Equal(20, Up(input).Verdict.Start * 31, 0.5);
        Assert.True(Up(blind).Verdict.Start * 31 < 19);
        Assert.Equal(History.Add(3 + SeriesRules.Default.BaselineMonths), Up(input).FirstWatched);
        Assert.Contains(TrendJudgement.Drifts(input, null).Charts, d => d is { Measure: "complaints" } && d.FirstWatched == History.Add(SeriesRules.Default.BaselineMonths));
    }

    [Fact]
    public void A_month_whose_window_reaches_before_the_ledger_is_not_tested()
    {
        TrendInput input = Input(History) with { IsCovered = (measure, _) => !measure.StartsWith("repeat_", StringComparison.Ordinal) };
        Assert.DoesNotContain(TrendJudgement.Signals(input).Signals, s => s.Measure is "repeat_90" or "repeat_rate_90");
        Assert.DoesNotContain(TrendJudgement.Drifts(input, null).Charts, d => d.Measure is "repeat_90" or "repeat_rate_90");
        Assert.Contains(TrendJudgement.Signals(input).Signals, s => s is { Measure: "complaints", IsJudged: true });
    }

    [Fact]
    public void Tags_are_a_family_of_their_own_with_their_own_expectation_and_leave_that_of_the_classes_as_it_is()
    {
        TrendInput classes = Input(History);
        TrendInput input = classes with
        {
            // Thirty tags of about 20 a month; in the month one of them three times as many.
            Figure = key => key is { Measure: "complaints", Terms: [{ Dimension: Dimensions.Tag }] }
                ? new Figure(key.Text, key.Period.From.LastDay.Day * (key.Period.From == October && key.Terms[0].Member == "t7" ? 60 : 20) / 31, Units.Complaints, null, null, 0)
                : classes.Figure(key),
            Members = new Dictionary<string, IReadOnlyList<string>>(classes.Members, StringComparer.Ordinal) { [Dimensions.Tag] = [.. Enumerable.Range(0, 30).Select(i => $"t{i}")] },
        };
        TrendSignals tags = TrendJudgement.Tags(input, null);
        Assert.Equal(30, tags.Signals.Count(s => s.IsJudged));
        Assert.Equal("t7", Assert.Single(tags.Signals, s => s.Stands).Terms[0].Member);
        Assert.Equal(tags.Signals.Sum(s => s.Verdict.FalseAlarm), tags.ExpectedFalseAlarms, 1e-12);
        Assert.InRange(tags.ExpectedFalseAlarms, 30 * 0.004, 30 * 0.016);
        Assert.Equal(TrendJudgement.Signals(classes).ExpectedFalseAlarms, TrendJudgement.Signals(input).ExpectedFalseAlarms);
        Assert.DoesNotContain(TrendJudgement.Signals(input).Signals, s => s.Terms.Any(t => t.Dimension == Dimensions.Tag));
    }

    /// <summary>Two hundred complaints a month, a tenth of them repeats where that is known.</summary>
    private static TrendInput Input(ReportingMonth? repeatsFrom, Func<ReportingMonth, int>? repeats = null) => new(
        October, History,
        key =>
        {
            ReportingMonth month = key.Period.From;
            bool isKnown = repeatsFrom is { } from && month >= from;
            // As many a day in each month, so that nothing differs but what is known.
            int days = month.LastDay.Day;
            decimal many = repeats?.Invoke(month) ?? HalfUp.Round(days * 20m / 31);
            return (key.Measure, key.Terms.Count) switch
            {
                ("complaints", 0) => new Figure(key.Text, HalfUp.Round(days * 200m / 31), Units.Complaints, null, null, 0),
                ("repeat_90", 0) => new Figure(key.Text, isKnown ? many : null, Units.Complaints, null, null, 0),
                ("repeat_rate_90", 0) => new Figure(key.Text, isKnown ? 0.1m : null, Units.Share, isKnown ? 20 : null, isKnown ? 200 : null, 200),
                _ => null,
            };
        },
        FigurePlan.MonthDimensions.ToDictionary(d => d, _ => (IReadOnlyList<string>)[], StringComparer.Ordinal),
        SeriesRules.Default,
        (_, _) => false);
}
