using System.Diagnostics;
using System.Globalization;
using Pipeline.Models.Text;

namespace Pipeline.Benchmarks.Classification;

/// <summary>How long it takes to find near-duplicates among generated texts, and how many of the planted ones are found. Arguments: <c>[texts] [threads]</c>.</summary>
internal static class NearDuplicateBenchmark
{
    public static int Run(string[] args)
    {
        int most = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 1_000_000;
        int threads = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : Environment.ProcessorCount;
        Console.WriteLine($"seeded texts, one in ten edited, similarity {NearDuplicateIndex.DefaultSimilarity.ToString(CultureInfo.InvariantCulture)}, {threads} threads");
        Console.WriteLine($"{"texts",9} {"characters",12} {"seconds",8} {"of memory",10} {"compared",10} {"planted",8} {"found",7} {"joined besides",15}");
        TextGenerator generator = new(1);
        for (int count = Math.Min(most, 10_000); count <= most; count *= 10)
        {
            (string[] texts, int[] origins) = generator.Make(count, 2);
            GC.Collect();
            long before = GC.GetTotalMemory(forceFullCollection: true);
            long start = Stopwatch.GetTimestamp();
            using PeakMemory memory = new();
            NearDuplicateGroups groups = NearDuplicateIndex.Group(texts, threads: threads);
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            int planted = origins.Count(o => o >= 0);
            int found = origins.Where((o, row) => o >= 0 && groups.Leaders[o] == groups.Leaders[row]).Count();
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{count,9} {texts.Sum(t => (long)t.Length),12} {seconds,8:0.0} {(memory.Stop() - before) >> 20,7} MB {groups.Compared,10} {planted,8} {(double)found / planted,7:0.0000} {groups.Duplicates - planted,15}"));
        }
        Console.WriteLine($"peak of the process, texts included: {Process.GetCurrentProcess().PeakWorkingSet64 >> 20} MB");
        return 0;
    }

    /// <summary>The most managed memory seen while it runs, looked at every 20 ms.</summary>
    private sealed class PeakMemory : IDisposable
    {
        private readonly Timer timer;
        private long most;

        public PeakMemory() => timer = new Timer(_ => most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: false)), null, 0, 20);

        public long Stop()
        {
            timer.Dispose();
            return Math.Max(most, GC.GetTotalMemory(forceFullCollection: false));
        }

        public void Dispose() => timer.Dispose();
    }
}
