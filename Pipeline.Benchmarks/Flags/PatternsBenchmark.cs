using System.Diagnostics;
using System.Globalization;
using Pipeline.Benchmarks.Classification;
using Pipeline.Models.Text;

namespace Pipeline.Benchmarks.Flags;

/// <summary>
/// How long it takes to find template families among generated texts: boilerplate, near-duplicates and edited letters, as the command
/// <c>patterns</c> does it without its files. Arguments: <c>[texts] [threads]</c>.
/// </summary>
internal static class PatternsBenchmark
{
    public static int Run(string[] args)
    {
        int count = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 1_000_000;
        int threads = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : Environment.ProcessorCount;
        (string[] texts, int[] origins) = new TextGenerator(1).Make(count, 2);
        Stopwatch watch = Stopwatch.StartNew();
        Boilerplate boilerplate = Boilerplate.Of([], texts, 0.2, 60);
        string[] stripped = new string[count];
        Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = threads }, i => stripped[i] = boilerplate.Strip(texts[i]));
        double strip = watch.Elapsed.TotalSeconds;
        TemplateFamilies families = TemplateFamilies.Find(stripped, new FamilyRules(0.7), threads);
        double seconds = watch.Elapsed.TotalSeconds;
        int planted = origins.Count(o => o >= 0);
        int found = origins.Where((o, row) => o >= 0 && families.Family[row] >= 0 && families.Family[row] == families.Family[o]).Count();
        using Process process = Process.GetCurrentProcess();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{count} texts, {threads} threads: {seconds:0.0} s (boilerplate {strip:0.0} s), planted edits {planted}, found {(double)found / planted:0.0000}, peak of the process {process.PeakWorkingSet64 >> 20} MB"));
        return 0;
    }
}
