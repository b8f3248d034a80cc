using System.Diagnostics;
using System.Globalization;
using Pipeline.Models.Classification;

namespace Pipeline.Benchmarks.Classification;

/// <summary>
/// Training and prediction on ten thousand to one million generated texts with nine classes, each size in a process of its own, so that
/// its peak of memory is its own. Arguments: <c>[most texts]</c>, or <c>one TEXTS</c> for a single size in this process.
/// </summary>
internal static class GrowthBenchmark
{
    public static int Run(string[] args)
    {
        if (args is ["one", string texts])
        {
            return One(int.Parse(texts, CultureInfo.InvariantCulture));
        }
        int most = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 1_000_000;
        Console.WriteLine($"{"texts",9} {"train s",9} {"µs/text",8} {"predict/s",10} {"peak MB",8} {"of it texts",12} {"accuracy",9}");
        for (int count = Math.Min(most, 10_000); count <= most; count *= 10)
        {
            string program = Environment.ProcessPath!;
            string[] own = Path.GetFileNameWithoutExtension(program) == "dotnet" ? [Environment.GetCommandLineArgs()[0]] : [];
            using Process process = Process.Start(program, [.. own, "growth", "one", count.ToString(CultureInfo.InvariantCulture)]);
            process.WaitForExit();
            if (process.ExitCode != 0)
            {
                Console.WriteLine($"{count,9} ended with code {process.ExitCode}");
                return 1;
            }
        }
        return 0;
    }

    private static int One(int count)
    {
        TextGenerator generator = new(1);
        (string[] texts, string[] classes) = generator.Labelled(count, classes: 9, seed: 2);
        (string[] unseen, string[] truth) = generator.Labelled(20_000, classes: 9, seed: 3);
        long held = GC.GetTotalMemory(forceFullCollection: true);
        TrainingOptions options = new() { Threads = Environment.ProcessorCount };
        long start = Stopwatch.GetTimestamp();
        LinearTextModel model = new LinearTrainer().Train(new LabelledCorpus(texts, [new LabelColumn("class", classes)]), options).Model;
        double train = Stopwatch.GetElapsedTime(start).TotalSeconds;
        start = Stopwatch.GetTimestamp();
        HeadPrediction[] answers = model.Predict(unseen, options.Threads);
        double predict = Stopwatch.GetElapsedTime(start).TotalSeconds;
        double right = answers.Select((a, i) => model.Heads[0].Classes[a.Class] == truth[i]).Average(r => r ? 1.0 : 0);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{count,9} {train,9:0.0} {1e6 * train / count,8:0} {unseen.Length / predict,10:0} {Process.GetCurrentProcess().PeakWorkingSet64 >> 20,8} {held >> 20,12} {right,9:0.000}"));
        return 0;
    }
}
