using System.Globalization;
using Pipeline.Models.Classification;
using Pipeline.Models.Classification.Evaluation;
using Pipeline.Models.Text;

namespace Pipeline.Benchmarks.Classification.Peers;

/// <summary>
/// Our engine beside scikit-learn and fastText where they are installed (Debian: python3-sklearn, python3-fasttext), each as a process of
/// its own, one after the other, on the same parts; then ours against the most accurate peer on the same test rows.
/// Arguments: <c>[folder of the shared data] [families|issue|banking77|chinese|writers …]</c>; default all cases.
/// </summary>
internal static class PeersBenchmark
{
    public static int Run(string[] args)
    {
        string data = args.FirstOrDefault(Directory.Exists) ?? Path.Combine("..", "shared", "data");
        string[] chosen = [.. args.Where(PeerCase.Names.Contains)];
        int missing = 0;
        foreach (string name in chosen.Length > 0 ? chosen : PeerCase.Names)
        {
            if (PeerCase.Of(name, data) is not { } one)
            {
                Console.Error.WriteLine($"{name}: its data are not in {data}.");
                missing++;
                continue;
            }
            string folder = Directory.CreateTempSubdirectory("pipeline-peers-").FullName;
            try
            {
                one.Write(folder);
                Compare(one, folder);
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        }
        return missing > 0 ? 2 : 0;
    }

    private static void Compare(PeerCase one, string folder)
    {
        LabelColumn[] truth = [.. one.Parts[0].Test.Columns.Select((c, head) => new LabelColumn(
            c.Head, [.. one.Parts.SelectMany(p => p.Test.Columns[head].Labels)]))];
        string[] texts = [.. one.Parts.SelectMany(p => p.Test.Texts)];
        int[] groups = NearDuplicateIndex.Group(texts, threads: Environment.ProcessorCount).Leaders;
        string figures = string.Join("  ", truth.Select(t => $"{(truth.Length == 1 ? "" : t.Head + " ") + "acc  macro-F1",24}"));
        Console.WriteLine();
        Console.WriteLine($"{one.Description}; load average {Load()}");
        Console.WriteLine($"  {"",-36}{figures} {"train s",9} {"texts/s",9} {"peak MB",8}");
        List<(string Name, HeadEvaluation[] Heads)> judged = [];
        foreach (Peer peer in Peer.All(one.Ideographs))
        {
            if (peer.Run(folder) is not { } result)
            {
                Console.WriteLine($"  {peer.Name,-36}not found on this machine");
                continue;
            }
            HeadEvaluation[] heads = [.. truth.Select((column, head) => HeadEvaluation.Of(
                column.Head, column.Labels, [.. result.Answers.Select(a => (a[head], 0f))], 0))];
            judged.Add((peer.Name, heads));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"  {peer.Name,-36}{string.Join("  ", heads.Select(h => $"{h.Accuracy,16:0.000}{h.MacroF1,8:0.000}"))} {result.TrainSeconds,9:0.0} {result.TextsPerSecond,9:0} {result.PeakMb,8:0}"));
        }
        foreach ((int head, (string own, HeadEvaluation[] ours)) in judged.Where(j => Ours(j.Name)).SelectMany(j => Enumerable.Range(0, truth.Length).Select(h => (h, j))))
        {
            if (judged.All(j => Ours(j.Name)))
            {
                break;
            }
            (string name, HeadEvaluation[] best) = judged.Where(j => !Ours(j.Name)).MaxBy(j => j.Heads[head].Accuracy);
            PairedComparison paired = PairedComparison.Of(best[head], ours[head], groups, seed: 1, Environment.ProcessorCount);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"  {truth[head].Head}: {own} against {name}: accuracy {paired.AccuracyDifference:+0.000;-0.000;0.000} ({paired.AccuracyInterval.Low:+0.000;-0.000;0.000} … {paired.AccuracyInterval.High:+0.000;-0.000;0.000}), "
                + $"macro-F1 {paired.MacroF1Difference:+0.000;-0.000;0.000} ({paired.MacroF1Interval.Low:+0.000;-0.000;0.000} … {paired.MacroF1Interval.High:+0.000;-0.000;0.000}), McNemar p = {paired.P:0.0000}"));
        }
    }

    private static bool Ours(string name) => name.StartsWith("ours", StringComparison.Ordinal);

    private static string Load() => File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "unknown";
}
