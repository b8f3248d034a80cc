using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using CsvHelper;
using Npgsql;
using Pipeline.Jobs.Ingest;
using Pipeline.Jobs.Ingest.Cleaning;
using Pipeline.Jobs.Ingest.Mapping;
using Pipeline.Jobs.Ingest.Profiles;
using Pipeline.Jobs.Ingest.Reading;
using Pipeline.Jobs.Rules;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Store;
using Pipeline.Models.Taxonomy;
using Pipeline.Models.Text;

namespace Pipeline.Benchmarks.Ingest;

/// <summary>
/// Rows per second of <c>ingest</c> beside <c>psql \copy</c> into a plain table of the same server: of the same columns of the export, and
/// of the columns that the ledger holds. And the peak memory of the process for files of 100 MB and 1 GB.
/// </summary>
/// <remarks>
/// Usage: <c>ingest FILE.csv.gz [--rounds N]</c> (a file in the US layout), <c>ingest memory FILE.csv.gz</c>, <c>ingest stages FILE.csv.gz</c>.
/// It works in a home folder of its own under the temporary folder.
/// </remarks>
public static class IngestBenchmark
{
    private const string Plain =
        "date_received date, product text, sub_product text, issue text, sub_issue text, narrative text, public_response text, company text, "
        + "state text, zip text, tags text, consent text, via text, sent date, response text, timely text, disputed text, id bigint";

    public static int Run(string[] args)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        string home = Path.Combine(Path.GetTempPath(), "pipeline-ingest-benchmark");
        Directory.CreateDirectory(home);
        CommandSession session = new(home, Language.En, false, TimeProvider.System, Console.Out, Console.Error, CancellationToken.None);
        return args switch
        {
            ["stages", string file] => Stages(session, file),
            ["memory", string file] => Memory(session, file).GetAwaiter().GetResult(),
            [string file] => Speed(session, file, 3).GetAwaiter().GetResult(),
            [string file, "--rounds", string rounds] => Speed(session, file, int.Parse(rounds, CultureInfo.InvariantCulture)).GetAwaiter().GetResult(),
            _ => Usage(),
        };
    }

    private static int Usage()
    {
        Console.Error.WriteLine("ingest FILE.csv.gz [--rounds N] | ingest memory FILE.csv.gz | ingest stages FILE.csv.gz");
        return 2;
    }

    private static async Task<int> Speed(CommandSession session, string file, int rounds)
    {
        await using Database database = await Database.OpenAsync(session);
        string unpacked = Unpack(session, file);
        List<double> plain = [];
        List<double> ingest = [];
        List<double> ledger = [];
        long rows = 0;
        for (int round = 0; round < rounds; round++)
        {
            await EmptyAsync(database);
            await CreateAsync(database, $"create table plain_copy ({Plain})");
            plain.Add(await PsqlAsync(session, database, $"\\copy {Connections.Schema}.plain_copy from '{unpacked}' csv header"));
            await EmptyAsync(database);
            TimeSpan used = Environment.CpuUsage.TotalTime;
            Stopwatch watch = Stopwatch.StartNew();
            IngestResult result = await IngestFiles.RunAsync(session, database, new IngestOptions([file]));
            ingest.Add(watch.Elapsed.TotalSeconds);
            rows = result.Files[0].Counts.New;
            string columns = Path.Combine(session.Home, "ledger.csv");
            await PsqlAsync(session, database, $"\\copy {Connections.Schema}.complaint to '{columns}' csv header");
            await CreateAsync(database, "create table plain_copy (like complaint)");
            ledger.Add(await PsqlAsync(session, database, $"\\copy {Connections.Schema}.plain_copy from '{columns}' csv header"));
            Console.WriteLine($"round {round + 1}: \\copy {plain[^1]:0.00} s, \\copy of the ledger's columns {ledger[^1]:0.00} s, ingest {ingest[^1]:0.00} s ({(Environment.CpuUsage.TotalTime - used).TotalSeconds:0.00} s of this process)");
        }
        double best = plain.Min() / ingest.Min();
        Console.WriteLine($"{rows:N0} rows; best of {rounds}: psql \\copy {rows / plain.Min():N0} rows/s, ingest {rows / ingest.Min():N0} rows/s, ratio {best:0.00} (target 0.50)");
        Console.WriteLine($"psql \\copy of the ledger's columns {rows / ledger.Min():N0} rows/s, ratio {ledger.Min() / ingest.Min():0.00}");
        return best >= 0.5 ? 0 : 1;
    }

    /// <summary>How long each stage takes alone: what the overlap is made of.</summary>
    private static int Stages(CommandSession session, string file)
    {
        Jobs.Privacy.KeyRing keys = Jobs.Privacy.KeyRing.Open(session.Home);
        for (int round = 0; round < 5; round++)
        {
            Stopwatch watch = Stopwatch.StartNew();
            TimeSpan used = Environment.CpuUsage.TotalTime;
            List<TableRow> rows;
            ColumnMap map;
            using (OfferedTables tables = OfferedTables.Open(file, new ReadOptions(), ProfileFiles.Load(session.Home), null)[0])
            {
                tables.Recognise();
                rows = [.. tables.Tables().SelectMany(t => t.Source.Rows())];
                map = tables.Map!;
            }
            double parse = watch.Elapsed.TotalSeconds;
            double parseCpu = (Environment.CpuUsage.TotalTime - used).TotalSeconds;
            ComplaintTaxonomy taxonomy = RuleFiles.Taxonomy(session.Home, map.Profile.Value.Taxonomy).Value;
            ComplaintMapper mapper = new(map, new MappingFrame("x", new DateOnly(2030, 1, 1), 1), null, taxonomy, keys, new CellCleaner());
            MappedBatch batch = new();
            watch.Restart();
            long allocated = GC.GetTotalAllocatedBytes();
            TimeSpan paused = GC.GetTotalPauseDuration();
            used = Environment.CpuUsage.TotalTime;
            for (int i = 0; i < rows.Count; i++)
            {
                mapper.Map(rows[i], batch);
                if (i % 4000 == 3999)
                {
                    batch.Clear();
                }
            }
            Console.WriteLine($"{rows.Count:N0} rows: parse {parse:0.00} s ({parseCpu:0.00} s of processor), map {watch.Elapsed.TotalSeconds:0.00} s ({(Environment.CpuUsage.TotalTime - used).TotalSeconds:0.00} s; {(GC.GetTotalAllocatedBytes() - allocated) / rows.Count:N0} bytes a row, {(GC.GetTotalPauseDuration() - paused).TotalSeconds:0.00} s of collection)");
        }
        return 0;
    }

    private static async Task<int> Memory(CommandSession session, string file)
    {
        await using Database database = await Database.OpenAsync(session);
        foreach (long megabytes in (long[])[10, 100, 1000])
        {
            string big = Path.Combine(session.Home, $"memory-{megabytes}.csv");
            long rows = Repeat(Unpack(session, file), big, megabytes * 1_000_000);
            await EmptyAsync(database);
            ProcessStartInfo start = new(Environment.ProcessPath!)
            {
                RedirectStandardOutput = true,
            };
            foreach (string argument in (string[])[typeof(IngestCommand).Assembly.Location, "ingest", big, "--json", "--home", session.Home])
            {
                start.ArgumentList.Add(argument);
            }
            Stopwatch watch = Stopwatch.StartNew();
            using Process process = Process.Start(start)!;
            Task<string> output = process.StandardOutput.ReadToEndAsync();
            long peak = 0;
            while (!process.HasExited)
            {
                peak = Math.Max(peak, PeakOf(process.Id));
                await Task.Delay(50);
            }
            await output;
            Console.WriteLine($"{new FileInfo(big).Length / 1e6:N0} MB, {rows:N0} rows: exit {process.ExitCode}, {watch.Elapsed.TotalSeconds:0.0} s, peak {peak / 1e6:N0} MB");
            File.Delete(big);
        }
        await EmptyAsync(database);
        return 0;
    }

    /// <summary>The highest resident size so far, bytes; 0 where the process is gone.</summary>
    private static long PeakOf(int process)
    {
        try
        {
            string line = File.ReadLines($"/proc/{process}/status").FirstOrDefault(l => l.StartsWith("VmHWM:", StringComparison.Ordinal)) ?? "VmHWM: 0 kB";
            return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2].Trim('\t'), CultureInfo.InvariantCulture) * 1024;
        }
        catch (Exception gone) when (gone is IOException or FormatException or IndexOutOfRangeException)
        {
            return 0;
        }
    }

    /// <summary>The rows again and again with new numbers in the last column, until the file is as large as asked.</summary>
    private static long Repeat(string source, string target, long bytes)
    {
        using StreamWriter writer = new(target, append: false, new UTF8Encoding(false), 1 << 20);
        using CsvWriter csv = new(writer, CultureInfo.InvariantCulture);
        long rows = 0;
        for (int pass = 0; ; pass++)
        {
            using StreamReader text = new(source);
            using CsvParser parser = new(text, CultureInfo.InvariantCulture);
            parser.Read();
            if (pass == 0)
            {
                Write(csv, parser.Record!);
            }
            while (parser.Read())
            {
                string[] record = parser.Record!;
                record[^1] = $"{pass}{record[^1]:0000000000}";
                Write(csv, record);
                rows++;
                if (rows % 1000 == 0 && writer.BaseStream.Position >= bytes)
                {
                    return rows;
                }
            }
        }
    }

    private static void Write(CsvWriter csv, string[] record)
    {
        foreach (string cell in record)
        {
            csv.WriteField(cell);
        }
        csv.NextRecord();
    }

    private static string Unpack(CommandSession session, string file)
    {
        string target = Path.Combine(session.Home, "unpacked.csv");
        using FileStream packed = File.OpenRead(file);
        using GZipStream inflated = new(packed, CompressionMode.Decompress);
        using FileStream copy = File.Create(target);
        inflated.CopyTo(copy);
        return target;
    }

    private static async Task EmptyAsync(Database database)
    {
        await using NpgsqlCommand empty = database.Source.CreateCommand("truncate source_file, complaint, complaint_revision restart identity cascade");
        await empty.ExecuteNonQueryAsync();
        await using NpgsqlCommand checkpoint = database.Source.CreateCommand("checkpoint");
        await checkpoint.ExecuteNonQueryAsync();
    }

    private static async Task CreateAsync(Database database, string statement)
    {
        await using NpgsqlCommand create = database.Source.CreateCommand($"drop table if exists plain_copy; {statement}");
        await create.ExecuteNonQueryAsync();
    }

    /// <summary>Seconds that a psql command takes, its start included.</summary>
    private static async Task<double> PsqlAsync(CommandSession session, Database database, string command)
    {
        NpgsqlConnectionStringBuilder where = new(database.Source.ConnectionString);
        ProcessStartInfo start = new("psql")
        {
            ArgumentList = { "-h", where.Host!, "-p", $"{where.Port}", "-U", where.Username!, "-d", where.Database!, "-q", "-c", command },
        };
        start.Environment["PGPASSWORD"] = (await File.ReadAllTextAsync(Path.Combine(session.Home, "cluster", "password"))).Trim();
        Stopwatch watch = Stopwatch.StartNew();
        using Process psql = Process.Start(start)!;
        await psql.WaitForExitAsync();
        return psql.ExitCode == 0 ? watch.Elapsed.TotalSeconds : throw new InvalidOperationException($"psql ended with {psql.ExitCode}");
    }
}
