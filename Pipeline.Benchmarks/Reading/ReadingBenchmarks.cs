using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;
using Pipeline.Jobs.Ingest.Reading;

namespace Pipeline.Benchmarks.Reading;

/// <summary>
/// Speed and memory of reading a delimited file, beside CsvHelper on the same bytes. Arguments: files (.csv or .csv.gz, which is inflated to memory
/// first); none: the real complaints of <c>../shared/data/cfpb</c> and a generated file of short values.
/// </summary>
public static class ReadingBenchmarks
{
    private const int Rounds = 5;

    public static int Run(string[] args)
    {
        Console.WriteLine($"{Environment.ProcessorCount} cores, .NET {Environment.Version}; best of {Rounds}, one thread, file in the page cache");
        List<string> files = [.. args];
        if (files.Count == 0 && Find("shared/data/cfpb/complaints.csv.gz") is string complaints)
        {
            files.Add(complaints);
        }
        string folder = Directory.CreateTempSubdirectory("pipeline-benchmark-").FullName;
        try
        {
            if (args.Length == 0)
            {
                files.Add(Generate(Path.Combine(folder, "short values.csv"), 600_000));
            }
            foreach (string file in files)
            {
                Measure(file.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? Inflate(file, folder) : file);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
        return 0;
    }

    private static void Measure(string path)
    {
        long bytes = new FileInfo(path).Length;
        Console.WriteLine($"{Path.GetFileName(path)}: {bytes / 1e6:0.0} MB");
        Report("TableReader, every cell a string", bytes, () => Ours(path));
        Report("CsvHelper CsvParser, every cell a string", bytes, () => Theirs(path));
        Report("StreamReader.ReadLine (no parsing)", bytes, () => Lines(path));
    }

    private static void Report(string name, long bytes, Func<(long Rows, long Characters)> read)
    {
        double best = double.MaxValue;
        long allocated = 0;
        (long Rows, long Characters) result = default;
        for (int round = 0; round < Rounds; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            long start = Stopwatch.GetTimestamp();
            result = read();
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }
        Console.WriteLine(
            $"  {name,-42} {bytes / best / 1e6,7:0} MB/s {result.Rows / best,12:0} rows/s  {allocated / 1e6,8:0} MB allocated  ({result.Rows} rows, {result.Characters} characters)");
    }

    private static (long Rows, long Characters) Ours(string path)
    {
        long rows = 0;
        long characters = 0;
        foreach (ITableSource table in TableReader.Open(path, new ReadOptions()))
        {
            using (table)
            {
                foreach (TableRow row in table.Rows())
                {
                    rows++;
                    foreach (string cell in row.Cells)
                    {
                        characters += cell.Length;
                    }
                }
            }
        }
        return (rows, characters);
    }

    private static (long Rows, long Characters) Theirs(string path)
    {
        using CsvParser parser = new(new StreamReader(path), new CsvConfiguration(CultureInfo.InvariantCulture) { BufferSize = 64 * 1024 });
        long rows = -1;
        long characters = 0;
        while (parser.Read())
        {
            rows++;
            foreach (string cell in parser.Record!)
            {
                characters += rows > 0 ? cell.Length : 0;
            }
        }
        return (rows, characters);
    }

    private static (long Rows, long Characters) Lines(string path)
    {
        using StreamReader reader = new(path);
        long rows = 0;
        long characters = 0;
        while (reader.ReadLine() is string line)
        {
            rows++;
            characters += line.Length;
        }
        return (rows, characters);
    }

    private static string Generate(string path, int rows)
    {
        Random random = new(1);
        using StreamWriter writer = new(path, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        writer.WriteLine("case,received,closed,branch,channel,status,amount,person,phone,remark");
        for (int i = 0; i < rows; i++)
        {
            writer.WriteLine(
                $"TS{20261001000000 + i},2026-10-{random.Next(1, 29):00},2026-11-{random.Next(1, 5):00},\"Branch {random.Next(80)}\",hotline,closed,{random.Next(1, 99999)}.{random.Next(0, 100):00},Test Person {random.Next(5000)},139{random.Next(10000000, 99999999)},");
        }
        return path;
    }

    private static string Inflate(string path, string folder)
    {
        string target = Path.Combine(folder, Path.GetFileNameWithoutExtension(path));
        using GZipStream source = new(File.OpenRead(path), CompressionMode.Decompress);
        using FileStream output = File.Create(target);
        source.CopyTo(output);
        return target;
    }

    private static string? Find(string relative)
    {
        for (DirectoryInfo? folder = new(Environment.CurrentDirectory); folder is not null; folder = folder.Parent)
        {
            string candidate = Path.Combine(folder.FullName, relative);
            if (File.Exists(candidate))
            {
                return candidate;
            }
        }
        return null;
    }
}
