using System.Diagnostics;
using System.Globalization;
using Pipeline.Models.Classification;

namespace Pipeline.Benchmarks.Classification;

/// <summary>
/// How long a model file takes to load, and what it would weigh as this program writes it. Arguments: <c>FILE [OUT]</c>, made by <c>train --out</c> or by
/// <c>classification … keep=FILE</c>. The first loading is that of a process that has not loaded a model before. With OUT the model is written there anew.
/// </summary>
internal static class LoadBenchmark
{
    private const int Times = 10;

    public static int Run(string[] args)
    {
        if (args.Length is not (1 or 2) || !File.Exists(args[0]))
        {
            Console.Error.WriteLine("Give the path of a model file, and, if it shall be written anew, where to.");
            return 2;
        }
        List<double> milliseconds = [];
        LinearTextModel? model = null;
        for (int time = 0; time < Times; time++)
        {
            long start = Stopwatch.GetTimestamp();
            model = ModelFile.Read(File.ReadAllBytes(args[0]));
            milliseconds.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
        byte[] anew = ModelFile.Write(model!);
        if (args.Length == 2)
        {
            File.WriteAllBytes(args[1], anew);
        }
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{new FileInfo(args[0]).Length / 1024} KB, {model!.Features} features in {model.WeightRows} rows; loads in {milliseconds[0]:0} ms at first, {milliseconds.Skip(1).Min():0} ms at best of {Times - 1} more; written anew {anew.Length / 1024} KB"));
        return 0;
    }
}
