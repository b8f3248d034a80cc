using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using System.Text;

namespace Pipeline.Benchmarks.Scheduling;

/// <summary>A drop folder that three writers fill, slowly and in pieces, while two nodes watch it and die: each file is ingested once, none is lost.</summary>
[UnsupportedOSPlatform("windows")]
internal sealed class ChaosDrop(ChaosStage stage, Random random)
{
    private const int Writers = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(20);

    public async Task<int> RunAsync(int files, int kills)
    {
        await File.WriteAllTextAsync(
            Path.Combine(stage.Home, "schedule.json"),
            """{ "time_zone": "UTC", "jobs": [ { "name": "exports", "kind": "watch", "when": "every 2 seconds", "folder": "drop", "stable_seconds": 2 } ] }""");
        string drop = Path.Combine(stage.Home, "drop");
        Directory.CreateDirectory(drop);
        string[] contents = Contents(files);
        await stage.ReplenishAsync(2);
        long begun = Stopwatch.GetTimestamp();
        Task[] writers = [.. Enumerable.Range(0, Writers).Select(writer => Task.Run(() => WriteAsync(drop, contents, writer)))];
        for (int kill = 0; kill < kills; kill++)
        {
            await Task.Delay(TimeSpan.FromSeconds(2 + (random.NextDouble() * 6)));
            stage.Nodes[random.Next(stage.Nodes.Count)].Kill();
            await Task.Delay(500);
            await stage.ReplenishAsync(2);
        }
        await Task.WhenAll(writers);
        while ((Directory.GetFiles(drop).Length > 0 || long.Parse(await stage.TextAsync("select count(*) from dropped_file"), CultureInfo.InvariantCulture) < files)
            && Stopwatch.GetElapsedTime(begun) < Patience)
        {
            await Task.Delay(1_000);
        }
        string outcomes = await stage.TextAsync(
            "select concat_ws(' ', count(*) filter (where outcome = 'ingested'), 'ingested,', count(*) filter (where outcome = 'known'), 'known,', count(*) filter (where outcome = 'refused'), 'refused,', count(distinct name), 'names,', count(distinct kept_as), 'places') from dropped_file");
        string loads = await stage.TextAsync("select concat_ws(' ', count(*), count(distinct sha256), sum(read_count), sum(new_count), sum(rejected_count)) from source_file where state = 'ingested'");
        string complaints = await stage.TextAsync("select count(*) from complaint");
        int left = Directory.GetFiles(drop).Length;
        string n = files.ToString(CultureInfo.InvariantCulture);
        string[] counts = loads.Split(' ');
        // Each content is loaded once, and its row is a complaint of its own or, where the sample has a fault on purpose, in quarantine.
        bool isRight = left == 0 && loads.StartsWith($"{n} {n} {n} ", StringComparison.Ordinal) && complaints == counts[3]
            && int.Parse(counts[3], CultureInfo.InvariantCulture) + int.Parse(counts[4], CultureInfo.InvariantCulture) == files && outcomes.Contains($"{n} names,", StringComparison.Ordinal) && outcomes.Contains(" 0 refused", StringComparison.Ordinal);
        Console.WriteLine(
            $"drop: {files} files by {Writers} writers, {kills} kills: {outcomes}; loads, contents, rows, new, rejected {loads}; {complaints} complaints; {left} left; {Stopwatch.GetElapsedTime(begun).TotalSeconds:0} s; {(isRight ? "right" : "WRONG")}; load {ChaosBenchmark.Load()}");
        return isRight ? 0 : 1;
    }

    /// <summary>One complaint each, all different: the records of as many months as are needed.</summary>
    private static string[] Contents(int files)
    {
        List<string> contents = [];
        foreach (string path in Directory.GetFiles(Path.Combine(ChaosStage.Samples(), "exports"), "*.csv").Order(StringComparer.Ordinal))
        {
            if (File.ReadAllBytes(path)[0] == 0xFF)
            {
                continue; // UTF-16: its lines do not end in a byte
            }
            (string head, List<string> records) = ChaosStage.Records(path);
            contents.AddRange(records.Select(r => head + r).DistinctBy(CaseNumber));
        }
        string[] different = [.. contents.DistinctBy(CaseNumber)];
        return different.Length >= files ? different[..files] : throw new ArgumentOutOfRangeException(nameof(files), $"the sample has {different.Length} complaints");

        static string CaseNumber(string content) => content.Split('\n')[3].Split(',')[3];
    }

    private static async Task WriteAsync(string drop, string[] contents, int writer)
    {
        for (int i = writer; i < contents.Length; i += Writers)
        {
            // In two pieces, as over a slow line.
            string path = Path.Combine(drop, string.Create(CultureInfo.InvariantCulture, $"part-{i:0000}-2026-11-30.csv"));
            await using StreamWriter writing = new(path, false, Encoding.Latin1);
            await writing.WriteAsync(contents[i][..(contents[i].Length / 2)]);
            await writing.FlushAsync();
            await Task.Delay(20);
            await writing.WriteAsync(contents[i][(contents[i].Length / 2)..]);
        }
    }
}
