using System.Globalization;
using System.Runtime.Versioning;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;
using Npgsql;
using Pipeline.Jobs.Scheduling;

namespace Pipeline.Benchmarks.Scheduling;

/// <summary>
/// Many complaints classified and prepared for linking in parts, by 1, 2 and 4 node processes: how long from the first claim to the last end, and whether
/// the labels and what was prepared are the same. Once with nodes of one core each, which shows what a further process adds, and once with nodes that use
/// all cores. The complaints are invented: rows of the invented bank under new numbers, each text of halves of two of its texts.
/// </summary>
[UnsupportedOSPlatform("windows")]
internal sealed class ShardsBenchmark(ChaosStage stage)
{
    private const int CaseNumber = 3;
    private const int OldCaseNumber = 4;
    private const int Narrative = 22;

    public static int Run(string[] arguments)
    {
        if (OperatingSystem.IsWindows())
        {
            return 2;
        }
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        return RunAsync(arguments.Length > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : 200_000).GetAwaiter().GetResult();
    }

    private static async Task<int> RunAsync(int complaints)
    {
        await using ChaosStage stage = await ChaosStage.OpenAsync();
        await File.WriteAllTextAsync(Path.Combine(stage.Home, "schedule.json"), """{ "jobs": [] }""");
        return await new ShardsBenchmark(stage).CompareAsync(complaints);
    }

    private async Task<int> CompareAsync(int complaints)
    {
        string export = Path.Combine(stage.Root, "2026-11-30.csv");
        Write(export, complaints);
        await stage.ToolAsync("ingest", export);
        string held = await stage.TextAsync("select count(*) from complaint");
        string taxonomy = "cn-jrt0169";
        int parts = (int)Math.Ceiling(complaints / (double)MonthShards.UsualComplaints);
        Console.WriteLine($"{held} complaints in {parts} parts; {Environment.ProcessorCount} cores, load {ChaosBenchmark.Load()}");

        // The first part trains the model; it is not counted.
        await stage.StartNodeAsync();
        await JudgeAsync(taxonomy, parts, first: true);
        string? labels = null, prepared = null;
        bool areEqual = true;
        foreach (int? cores in (int?[])[1, null])
        {
            double alone = 0;
            foreach (int nodes in (int[])[1, 2, 4])
            {
                await stage.KillNodesAsync();
                foreach (string sql in (string[])["truncate label, judged_text, match_prepared", "delete from task", "delete from node", "vacuum (analyze) complaint"])
                {
                    await stage.ExecuteAsync(sql);
                }
                stage.CoresOfNode = cores;
                await stage.ReplenishAsync(nodes);
                double before = ProcessorSeconds();
                double seconds = await JudgeAsync(taxonomy, parts, first: false);
                double processor = ProcessorSeconds() - before;
                alone = nodes == 1 ? seconds : alone;
                string by = await stage.TextAsync("select string_agg(n::text, '+' order by n desc) from (select count(*) as n from task group by node) per_node");
                string hash = await stage.TextAsync(
                    "select md5(string_agg(concat_ws('|', complaint_id, head, class, probability, needs_review), E'\\n' order by complaint_id, head)) || ' of ' || count(*) || ' labels' from label");
                string keys = await stage.TextAsync(
                    "select md5(string_agg(concat_ws('|', complaint_id, digest, name_sound, own_keys, rule_keys), E'\\n' order by complaint_id)) || ' of ' || count(*) || ' prepared' from match_prepared");
                areEqual &= hash == (labels ??= hash) && keys == (prepared ??= keys);
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"{nodes} node{(nodes == 1 ? " " : "s")} of {(cores is { } c ? $"{c} core " : "all cores")}: {seconds,6:0.0} s, {complaints / seconds,7:0} a second, speed-up {alone / seconds:0.00}; {processor:0.0} s of processor in the nodes; parts by node {by}; labels {hash}, {keys}{(hash == labels && keys == prepared ? "" : " DIFFER")}; load {ChaosBenchmark.Load()}"));
            }
        }
        return areEqual ? 0 : 1;
    }

    /// <summary>Of all nodes together: on a busy machine what tells whether cutting costs anything.</summary>
    private double ProcessorSeconds() => stage.Nodes.Sum(n =>
    {
        n.Refresh();
        return n.TotalProcessorTime.TotalSeconds;
    });

    /// <summary>Puts the parts to the nodes and waits for them.</summary>
    /// <returns>Seconds from the first claim to the last end.</returns>
    private async Task<double> JudgeAsync(string taxonomy, int parts, bool first)
    {
        await using (NpgsqlConnection connection = await stage.Source.OpenConnectionAsync())
        {
            for (int part = 0; part < (first ? 1 : parts); part++)
            {
                JobSpec spec = new(MonthShards.Job, JobKind.Run, "", "UTC") { Folder = string.Create(CultureInfo.InvariantCulture, $"{part}/{parts}/{taxonomy}"), Source = "cn-bank" };
                string slot = string.Create(CultureInfo.InvariantCulture, $"0 {part:0000}");
                await TaskLedger.AddAsync(
                    connection, new NewTask(MonthShards.Job, TaskKinds.Shard, slot, "cn-bank", null, spec, null, 6, DateTimeOffset.UnixEpoch, null), default);
            }
        }
        await stage.UntilAsync("select not exists (select from task where state in ('waiting', 'running', 'retrying'))");
        string failed = await stage.TextAsync("select string_agg(distinct error_en, '; ') from task where state <> 'done'");
        return failed.Length == 0
            ? double.Parse(await stage.TextAsync("select extract(epoch from max(finished_at) - min(started_at)) from task"), CultureInfo.InvariantCulture)
            : throw new InvalidOperationException(failed);
    }

    internal static void Write(string path, int complaints)
    {
        Random random = new(20261130);
        (string head, List<string[]> rows) = Rows();
        using StreamWriter writer = new(path, false, new UTF8Encoding(true));
        writer.Write(head);
        using CsvWriter csv = new(writer, CultureInfo.InvariantCulture);
        for (int i = 0; i < complaints; i++)
        {
            string[] row = (string[])rows[random.Next(rows.Count)].Clone();
            string other = rows[random.Next(rows.Count)][Narrative];
            row[CaseNumber] = string.Create(CultureInfo.InvariantCulture, $"TS20241101{i:0000000}");
            row[OldCaseNumber] = "";
            row[Narrative] = row[Narrative][..(row[Narrative].Length / 2)] + other[(other.Length / 2)..];
            foreach (string cell in row)
            {
                csv.WriteField(cell);
            }
            csv.NextRecord();
        }
    }

    private static (string Head, List<string[]> Rows) Rows()
    {
        List<string[]> rows = [];
        string head = "";
        foreach (string path in Directory.GetFiles(Path.Combine(ChaosStage.Samples(), "exports"), "*.csv").Order(StringComparer.Ordinal))
        {
            byte[] bytes = File.ReadAllBytes(path);
            if (bytes[0] != 0xEF)
            {
                continue; // those in UTF-8 are enough
            }
            string text = Encoding.UTF8.GetString(bytes, 3, bytes.Length - 3);
            string[] lines = text.Split('\n');
            head = string.Join('\n', lines[..3]) + "\n";
            using CsvParser parser = new(new StringReader(text[head.Length..]), new CsvConfiguration(CultureInfo.InvariantCulture) { HasHeaderRecord = false, BadDataFound = null });
            int width = lines[2].Count(c => c == ',') + 1;
            while (parser.Read())
            {
                if (parser.Record is { } row && row.Length == width && row[Narrative].Length > 20 && row[8].StartsWith("20", StringComparison.Ordinal))
                {
                    rows.Add(row);
                }
            }
        }
        return (head, rows);
    }
}
