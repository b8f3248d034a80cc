using Pipeline.Benchmarks.Classification;
using Pipeline.Benchmarks.Classification.Peers;
using Pipeline.Benchmarks.Ingest;

return args switch
{
    ["classification", .. string[] rest] => ClassificationBenchmark.Run(rest),
    ["curve", .. string[] rest] => CurveBenchmark.Run(rest),
    ["peers", .. string[] rest] => PeersBenchmark.Run(rest),
    ["own-peer", string folder] => OwnPeer.Run(folder),
    ["neardup", .. string[] rest] => NearDuplicateBenchmark.Run(rest),
    ["ingest", .. string[] rest] => IngestBenchmark.Run(rest),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("Usage: Pipeline.Benchmarks classification [folder of the shared data] [threads] | ingest FILE.csv.gz [--rounds N] | ingest memory FILE.csv.gz | ingest stages FILE.csv.gz");
    return 2;
}
