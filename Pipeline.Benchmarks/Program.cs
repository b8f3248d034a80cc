using Pipeline.Benchmarks.Classification;
using Pipeline.Benchmarks.Complainants;
using Pipeline.Benchmarks.Flags;
using Pipeline.Benchmarks.Ingest;

return args switch
{
    ["classification", .. string[] rest] => ClassificationBenchmark.Run(rest),
    ["curve", .. string[] rest] => CurveBenchmark.Run(rest),
    ["neardup", .. string[] rest] => NearDuplicateBenchmark.Run(rest),
    ["link", .. string[] rest] => LinkBenchmark.Run(rest),
    ["ingest", .. string[] rest] => IngestBenchmark.Run(rest),
    ["priority", .. string[] rest] => PriorityBenchmark.Run(rest),
    ["patterns", .. string[] rest] => PatternsBenchmark.Run(rest),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("Usage: Pipeline.Benchmarks classification [folder of the shared data] [threads] | ingest FILE.csv.gz [--rounds N] | ingest memory FILE.csv.gz | ingest stages FILE.csv.gz | priority [folder of exports] | patterns [texts] [threads]");
    return 2;
}
