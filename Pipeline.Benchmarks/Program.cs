using Pipeline.Benchmarks.Classification;
using Pipeline.Benchmarks.Flags;
using Pipeline.Benchmarks.Ingest;

return args switch
{
    ["classification", .. string[] rest] => ClassificationBenchmark.Run(rest),
    ["ingest", .. string[] rest] => IngestBenchmark.Run(rest),
    ["priority", .. string[] rest] => PriorityBenchmark.Run(rest),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("Usage: Pipeline.Benchmarks classification [folder of the shared data] [threads] | ingest FILE.csv.gz [--rounds N] | ingest memory FILE.csv.gz | ingest stages FILE.csv.gz");
    return 2;
}
