using System.Globalization;
using Pipeline.Models.Measures.Series;

namespace Pipeline.Benchmarks.Measures;

/// <summary>
/// How often the gate of <see cref="Baseline.OfCount"/> allows for a season that is there, and for one that is not: simulated months with a yearly wave, without
/// trend, as Poisson counts and with a common swing as the invented bank's totals have it. Arguments: <c>[series] [seed]</c>.
/// </summary>
internal static class SeasonPowerBenchmark
{
    /// <summary>Relative variance of the common swing: a dispersion of 3.5 at 500 complaints a month.</summary>
    private const double Swing = 0.005;

    private static readonly double[] Levels = [0.001, 0.01, 0.05];
    private static readonly double[] Means = [50, 200, 1000];
    private static readonly int[] Lengths = [24, 36, 48];
    private static readonly double[] Amplitudes = [0, 0.1, 0.2, 0.4];

    public static int Run(string[] args)
    {
        int series = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 1000;
        int seed = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 1;
        Console.WriteLine($"{series} series a cell; season allowed for, at the gate {string.Join(" / ", Levels.Select(l => l.ToString(CultureInfo.InvariantCulture)))}");
        foreach (double swing in (double[])[0, Swing])
        {
            foreach (double mean in Means)
            {
                foreach (int months in Lengths)
                {
                    string[] cells = [.. Amplitudes.Select(a => Cell(series, seed, swing, mean, months, a))];
                    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{(swing == 0 ? "Poisson" : "swing"),-8} {mean,5} a month, {months} months: {string.Join("   ", Amplitudes.Zip(cells, (a, c) => $"±{100 * a:0} %: {c}"))}"));
                }
            }
        }
        return 0;
    }

    private static string Cell(int series, int seed, double swing, double mean, int months, double amplitude)
    {
        Random chance = new(seed);
        int[] kept = new int[Levels.Length];
        for (int s = 0; s < series; s++)
        {
            double phase = chance.NextDouble() * 12;
            MonthCount[] earlier = [.. Enumerable.Range(0, months).Select(t =>
                new MonthCount(Poisson(chance, mean * (1 + (amplitude * Math.Sin(2 * Math.PI * (t + phase) / 12))) * Common(chance, swing)), 30))];
            for (int l = 0; l < Levels.Length; l++)
            {
                kept[l] += Baseline.OfCount(30, earlier, SeriesRules.Default with { SeasonLevel = Levels[l] }).HasSeason ? 1 : 0;
            }
        }
        return string.Join(" / ", kept.Select(k => (k / (double)series).ToString("0.0%", CultureInfo.InvariantCulture)));
    }

    /// <summary>A factor of mean 1 and relative variance <paramref name="swing"/>: log-normal.</summary>
    private static double Common(Random chance, double swing)
    {
        double variance = Math.Log(1 + swing);
        return swing == 0 ? 1 : Math.Exp((Normal(chance) * Math.Sqrt(variance)) - (variance / 2));
    }

    private static double Normal(Random chance) => Math.Sqrt(-2 * Math.Log(1 - chance.NextDouble())) * Math.Cos(2 * Math.PI * chance.NextDouble());

    /// <summary>By the waiting times of a process of rate 1: exact, and fast enough for a thousand.</summary>
    private static long Poisson(Random chance, double mean)
    {
        long count = 0;
        for (double time = -Math.Log(1 - chance.NextDouble()); time < mean; time -= Math.Log(1 - chance.NextDouble()))
        {
            count++;
        }
        return count;
    }
}
