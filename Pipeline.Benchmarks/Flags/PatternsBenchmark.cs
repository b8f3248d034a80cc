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
    private const int Portion = 50_000;
    private static long peak;

    public static int Run(string[] args)
    {
        int count = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 1_000_000;
        int threads = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : Environment.ProcessorCount;
        (PackedTexts texts, int[] origins, long plain) = Generated(count);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        long before = GC.GetTotalMemory(true);
        using Timer timer = new(_ => peak = Math.Max(peak, GC.GetTotalMemory(false)), null, 0, 20);
        Stopwatch watch = Stopwatch.StartNew();
        Boilerplate boilerplate = Boilerplate.Of([], texts, 0.2, 60);
        double strip = watch.Elapsed.TotalSeconds;
        TemplateFamilies families = TemplateFamilies.Find(new MadeTexts(count, i => boilerplate.Strip(texts[i])), new FamilyRules(0.7), threads);
        double seconds = watch.Elapsed.TotalSeconds;
        int planted = origins.Count(o => o >= 0);
        int found = origins.Where((o, row) => o >= 0 && families.Family[row] >= 0 && families.Family[row] == families.Family[o]).Count();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{count} texts, {threads} threads: {seconds:0.0} s (boilerplate {strip:0.0} s), planted edits {planted}, found {(double)found / planted:0.0000}, texts as strings {plain >> 20} MiB, packed {texts.Bytes >> 20} MiB; managed memory before {before >> 20} MiB, most while searching {peak >> 20} MiB"));
        return 0;
    }

    /// <summary>The texts in portions, so that the generator's own memory is not taken for theirs; origins within a portion.</summary>
    private static (PackedTexts Texts, int[] Origins, long Plain) Generated(int count)
    {
        PackedTexts texts = new();
        int[] origins = new int[count];
        long plain = 0;
        TextGenerator generator = new(1);
        for (int from = 0, portion = 0; from < count; from += Portion, portion++)
        {
            (string[] some, int[] of) = generator.Make(Math.Min(Portion, count - from), 2 + portion);
            for (int i = 0; i < some.Length; i++)
            {
                texts.Add(some[i]);
                plain += (2L * some[i].Length) + 22;
                origins[from + i] = of[i] < 0 ? -1 : from + of[i];
            }
        }
        return (texts.Seal(), origins, plain);
    }
}
