using System.Diagnostics;
using System.Globalization;
using Pipeline.Models.Complaints;
using Pipeline.Models.Measures;
using Pipeline.Models.Measures.Series;
using Pipeline.Models.Taxonomy;

namespace Pipeline.Benchmarks.Measures;

/// <summary>
/// How many false alarms the judgement of series gives in years in which nothing happens, beside how many it says are to be expected.
/// Complaints are drawn from those of the invented bank's first year that belong to no event; month totals follow its season, trend and
/// over-dispersion as measured. Arguments: <c>[folder of cn-bank] [years] [months of history] [seed] [level at which a season is kept]</c>.
/// </summary>
internal static class FalseAlarmBenchmark
{
    public static int Run(string[] args)
    {
        string folder = args.Length > 0 ? args[0] : "data-samples/cn-bank";
        int years = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 200;
        int history = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 24;
        int seed = args.Length > 3 ? int.Parse(args[3], CultureInfo.InvariantCulture) : 1;
        QuietBank bank = QuietBank.Measure(folder);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{bank.Pool} complaints to draw from; month {bank.Mean:0}, trend {bank.YearlyGrowth:+0.0%;-0.0%} a year, season {bank.Seasons.Min():0.00} to {bank.Seasons.Max():0.00}, dispersion of totals {bank.Dispersion:0.00}"));
        Random chance = new(seed);
        SeriesRules rules = args.Length > 4 ? SeriesRules.Default with { SeasonLevel = double.Parse(args[4], CultureInfo.InvariantCulture) } : SeriesRules.Default;
        Dictionary<string, (double Said, int Alarms, int Tests)> by = new(StringComparer.Ordinal);
        (double said, int alarms, int standing, int monthsWithStanding, double drifts, int signals, int charts, int driftsStanding) sum = default;
        (int Tests, int Alarms, int ByExact, double Said) beside = default;
        Stopwatch watch = Stopwatch.StartNew();
        for (int year = 0; year < years; year++)
        {
            QuietYears quiet = bank.Draw(chance, history + 12);
            for (int m = history; m < history + 12; m++)
            {
                TrendInput input = new(QuietYears.Month(m), QuietYears.Month(m - history), quiet.Figure, bank.Members, rules, (_, _) => false);
                TrendSignals found = TrendJudgement.Signals(input);
                int standing = found.Signals.Count(s => s.Stands);
                sum.said += found.ExpectedFalseAlarms;
                sum.alarms += found.Signals.Count(s => s.IsAlarm);
                sum.standing += standing;
                sum.monthsWithStanding += standing > 0 ? 1 : 0;
                foreach (Signal signal in found.Signals.Where(s => s.IsJudged))
                {
                    if (signal.Verdict is { Exact: { } exact, Method: SeriesMethod.QuasiPoisson })
                    {
                        beside = (beside.Tests + 1, beside.Alarms + (signal.IsAlarm ? 1 : 0), beside.ByExact + (exact.PValue < rules.Level ? 1 : 0), beside.Said + signal.Verdict.FalseAlarm);
                    }
                    foreach (string name in (string[])[signal.Verdict.Method.ToString(), $"{signal.Measure}{(signal.Terms.Count == 2 ? " crossed" : "")}"])
                    {
                        (double Said, int Alarms, int Tests) at = by.GetValueOrDefault(name);
                        by[name] = (at.Said + signal.Verdict.FalseAlarm, at.Alarms + (signal.IsAlarm ? 1 : 0), at.Tests + 1);
                    }
                }
                if (m == history + 11)
                {
                    TrendDrifts drifts = TrendJudgement.Drifts(input, found.Dispersion);
                    sum.drifts += drifts.ExpectedFalseSignals;
                    sum.signals += drifts.Charts.Count(d => d.Verdict.IsSignal);
                    sum.charts += drifts.Charts.Count;
                    sum.driftsStanding += drifts.Charts.Count(d => d.Stands);
                }
            }
        }
        double months = years * 12.0;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{years} event-free years, {history} months before each month: expected false alarms {sum.said / months:0.000} a month, observed {sum.alarms / months:0.000}, ratio {sum.alarms / sum.said:0.000}; standing after control in {sum.monthsWithStanding / months:0.0%} of the months ({sum.standing} series); {watch.Elapsed.TotalSeconds:0} s"));
        foreach ((string name, (double Said, int Alarms, int Tests) at) in by.OrderBy(b => b.Key, StringComparer.Ordinal))
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {name}: {at.Tests} tests, expected {at.Said:0.0}, observed {at.Alarms}, ratio {at.Alarms / at.Said:0.00}"));
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"  over-dispersed of few to fifty expected: {beside.Tests} tests, expected {beside.Said:0.0}, observed {beside.Alarms}; had the exact test decided, observed {beside.ByExact}"));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"drift, last month of each year: {sum.charts / years} charts, expected in signal {sum.drifts / years:0.000}, observed {(double)sum.signals / years:0.000}, ratio {sum.signals / sum.drifts:0.000}; standing {sum.driftsStanding}"));
        return Math.Abs((sum.alarms / sum.said) - 1) <= 0.2 ? 0 : 1;
    }
}
