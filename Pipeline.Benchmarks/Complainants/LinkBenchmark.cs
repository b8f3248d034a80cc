using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Pipeline.Jobs.Complainants;
using Pipeline.Jobs.Ingest.Reading;
using Pipeline.Jobs.Shell;
using Pipeline.Models.Complainants.Matching;

namespace Pipeline.Benchmarks.Complainants;

/// <summary>Person matching against published truth, without labels: FEBRL 1, 2 and 4 with one schema, and fake_1000.</summary>
internal static class LinkBenchmark
{
    public static int Run(string[] args)
    {
        string shared = args.Length > 0 ? args[0] : "../shared/data";
        bool explain = args.Contains("--explain");
        if (args is ["million", ..])
        {
            Million(args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 1_000_000, explain);
            return 0;
        }
        if (args.Contains("--bank"))
        {
            Bank(explain);
            return 0;
        }
        Judge("FEBRL 1", ["febrl1.csv"], "febrl.json", Entity);
        Judge("FEBRL 2", ["febrl2.csv"], "febrl.json", Entity);
        Judge("FEBRL 4", ["febrl4a.csv", "febrl4b.csv"], "febrl.json", Entity);
        Judge("fake_1000", ["fake_1000.csv"], "fake-1000.json", row => row[^1]);
        Bank(explain);
        return 0;

        static string Entity(string[] row) => row[0].Split('-')[1];

        void Judge(string name, string[] files, string schemaFile, Func<string[], string> truthOf)
        {
            string[] paths = [.. files.Select(f => Path.Combine(shared, "persons", f))];
            string[][] truth = [.. paths.Select(p => TableReader.Open(p, new ReadOptions()).First().Rows().Select(r => truthOf(r.Cells)).ToArray())];
            long started = Stopwatch.GetTimestamp();
            MatchSchema schema = PersonTables.Schema(Path.Combine("data-samples/schemas", schemaFile));
            MatchTable table = PersonTables.Read(paths, schema, PersonTables.Lexicon("/nowhere").Value, _ => { }, CancellationToken.None);
            MatchOutcome outcome = PersonMatcher.Match(table, Environment.ProcessorCount, CancellationToken.None);
            double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            Report(name, outcome, truth, seconds, explain);
        }
    }

    /// <summary>The cases of the invented bank, each as its last export shows it.</summary>
    private static void Bank(bool explain)
    {
        const string Folder = "data-samples/cn-bank";
        MatchSchema schema = PersonTables.Schema("data-samples/schemas/cn-bank.json");
        Dictionary<string, string> personOf = TableReader.Open(Path.Combine(Folder, "truth.csv"), new ReadOptions()).First().Rows()
            .ToDictionary(r => r.Cells[0], r => r.Cells[1], StringComparer.Ordinal);
        Dictionary<string, string[]> cases = new(StringComparer.Ordinal);
        foreach (string path in Directory.GetFiles(Path.Combine(Folder, "exports")).Order(StringComparer.Ordinal))
        {
            ITableSource export = TableReader.Open(path, new ReadOptions()).First();
            int number = PersonTables.IndexOf(export.Shape.Columns, "工单号");
            int[] places = [.. schema.Columns.Select(c => PersonTables.IndexOf(export.Shape.Columns, c))];
            foreach (TableRow row in export.Rows())
            {
                if (row.Cells.Length > number && personOf.ContainsKey(row.Cells[number].Trim()))
                {
                    cases[row.Cells[number].Trim()] = [.. places.Select(p => p < row.Cells.Length ? row.Cells[p] : "")];
                }
            }
        }
        long started = Stopwatch.GetTimestamp();
        MatchTableBuilder builder = new(schema, PersonTables.Lexicon("/nowhere").Value, 1);
        foreach (string[] cells in cases.Values)
        {
            builder.Add(0, cells);
        }
        MatchOutcome outcome = PersonMatcher.Match(builder.Build(), Environment.ProcessorCount, CancellationToken.None);
        Report("Invented bank", outcome, [[.. cases.Keys.Select(c => personOf[c])]], Stopwatch.GetElapsedTime(started).TotalSeconds, explain);
    }

    /// <summary>Invented persons by the million: read, match, write, as the command does it.</summary>
    private static void Million(int records, bool explain)
    {
        string folder = Directory.CreateTempSubdirectory("pipeline-link-").FullName;
        try
        {
            string input = Path.Combine(folder, "persons.csv");
            using (StreamWriter writer = new(input))
            {
                new PersonGenerator(20261122).Write(writer, records);
            }
            string[] truth = [.. File.ReadLines(input).Skip(1).Select(l => l.Split('-', 3)[1])];
            StringWriter document = new();
            CommandSession session = new(folder, Models.Text.Language.En, true, TimeProvider.System, document, Console.Error, CancellationToken.None);
            LinkCommand.LinkRequest request = new([input], "data-samples/schemas/febrl.json", Path.Combine(folder, "linked.csv"), Environment.ProcessorCount);
            TimeSpan before = Environment.CpuUsage.TotalTime;
            long started = Stopwatch.GetTimestamp();
            LinkCommand.RunAsync(request, session).GetAwaiter().GetResult();
            double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            double processor = (Environment.CpuUsage.TotalTime - before).TotalSeconds;
            if (explain)
            {
                Console.WriteLine(document);
            }
            int[] person = [.. File.ReadLines(request.Output).Skip(1).Select(l => int.Parse(l.AsSpan(l.IndexOf(',') + 1), CultureInfo.InvariantCulture))];
            long found = person.GroupBy(p => p).Sum(g => Choose(g.Count()));
            long existing = truth.GroupBy(t => t).Sum(g => Choose(g.Count()));
            long right = truth.Select((t, i) => (t, person[i])).GroupBy(x => x).Sum(g => Choose(g.Count()));
            using JsonDocument summary = JsonDocument.Parse(document.ToString());
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{records} generated records: {seconds:F1} s (of which {summary.RootElement.GetProperty("seconds")}), peak {summary.RootElement.GetProperty("peak_rss_bytes").GetInt64() >> 20} MiB, "
                + $"pairs compared {summary.RootElement.GetProperty("pairs_compared")}, processor {processor:F1} s; pair F1 {2.0 * right / (found + existing):F5}, precision {(double)right / found:F5}, recall {(double)right / existing:F5} of {existing}"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Report(string name, MatchOutcome outcome, string[][] truth, double seconds, bool explain)
    {
        MatchTable table = outcome.Table;
        string Truth(int record) => truth[table.Place(record).Input][table.Place(record).Row - 1];
        string Values(int record) => table.Describe(record);
        int[] all = [.. Enumerable.Range(0, table.Records)];
        long found = all.GroupBy(r => outcome.Person[r]).Sum(g => Choose(g.Count()));
        long existing = all.GroupBy(Truth).Sum(g => Choose(g.Count()));
        long right = all.GroupBy(r => (outcome.Person[r], Truth(r))).Sum(g => Choose(g.Count()));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name}: pair F1 {2.0 * right / (found + existing):F5}, precision {(double)right / found:F5} ({found - right} wrong), recall {(double)right / existing:F5} ({existing - right} missed); "
            + $"{outcome.Persons} persons of {table.Records} records, {seconds:F2} s, pairs compared {outcome.Rules.Sum(r => r.NewPairs)}, held apart {outcome.Held.Count}, shared {table.Shared.Count}"));
        if (!explain)
        {
            return;
        }
        foreach (RuleCost rule in outcome.Rules)
        {
            Console.WriteLine($"    {rule}");
        }
        for (int field = 0; field < table.Schema.Fields.Count; field++)
        {
            Console.WriteLine($"    {table.Schema.Fields[field].Name}: " + string.Join("  ", Enumerable.Range(1, 6).Select(l => string.Create(
                CultureInfo.InvariantCulture, $"{(Agreement)l} {outcome.Model.M(field, (Agreement)l):F3}/{outcome.Model.U(field, (Agreement)l):G2}"))));
        }
        int shown = 0;
        foreach (IGrouping<string, int> entity in all.GroupBy(Truth))
        {
            int[] members = [.. entity];
            for (int i = 0; i < members.Length; i++)
            {
                for (int j = i + 1; j < members.Length; j++)
                {
                    if (outcome.Person[members[i]] != outcome.Person[members[j]] && shown++ < 15)
                    {
                        Console.WriteLine($"    missed {entity.Key} {Values(members[i])} ~ {Values(members[j])} {table.Place(members[i])} {table.Place(members[j])}: {MatchExplanation.Of(table, outcome.Model, members[i], members[j]).Sentence.En}");
                    }
                }
            }
        }
        shown = 0;
        foreach (MatchedPair pair in outcome.Pairs)
        {
            if (Truth(pair.A) != Truth(pair.B) && shown++ < 15)
            {
                Console.WriteLine($"    wrong {Values(pair.A)} ~ {Values(pair.B)} {Truth(pair.A)} {Truth(pair.B)} {table.Place(pair.A)} {table.Place(pair.B)}: {MatchExplanation.Of(table, outcome.Model, pair.A, pair.B).Sentence.En}");
            }
        }
    }

    private static long Choose(int count) => (long)count * (count - 1) / 2;
}
