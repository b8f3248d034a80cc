using Pipeline.Benchmarks.Classification;
using Pipeline.Benchmarks.Classification.Peers;
using Pipeline.Benchmarks.Complainants;
using Pipeline.Benchmarks.Flags;
using Pipeline.Benchmarks.Ingest;
using Pipeline.Benchmarks.Measures;
using Pipeline.Benchmarks.Publishing;
using Pipeline.Benchmarks.Reports;
using Pipeline.Benchmarks.RootCauses;
using Pipeline.Benchmarks.Scheduling;

return args switch
{
    ["classification", .. string[] rest] => ClassificationBenchmark.Run(rest),
    ["curve", .. string[] rest] => CurveBenchmark.Run(rest),
    ["peers", .. string[] rest] => PeersBenchmark.Run(rest),
    ["own-peer", string engine, string folder] => OwnPeer.Run(engine, folder),
    ["growth", .. string[] rest] => GrowthBenchmark.Run(rest),
    ["determinism", .. string[] rest] => DeterminismBenchmark.Run(rest),
    ["neardup", .. string[] rest] => NearDuplicateBenchmark.Run(rest),
    ["load", .. string[] rest] => LoadBenchmark.Run(rest),
    ["link", .. string[] rest] => LinkBenchmark.Run(rest),
    ["months", .. string[] rest] => MonthsBenchmark.Run(rest),
    ["ingest", .. string[] rest] => IngestBenchmark.Run(rest),
    ["priority", .. string[] rest] => PriorityBenchmark.Run(rest),
    ["patterns", .. string[] rest] => PatternsBenchmark.Run(rest),
    ["falsealarms", .. string[] rest] => FalseAlarmBenchmark.Run(rest),
    ["seasons", .. string[] rest] => SeasonPowerBenchmark.Run(rest),
    ["editions", .. string[] rest] => EditionsBenchmark.Run(rest),
    ["titles", .. string[] rest] => TitlesBenchmark.Run(rest),
    ["workbooks", .. string[] rest] => WorkbooksBenchmark.Run(rest),
    ["validity", .. string[] rest] => ValidityBenchmark.Run(rest),
    ["shards", .. string[] rest] => OperatingSystem.IsWindows() ? Usage() : ShardsBenchmark.Run(rest),
    ["chaos", .. string[] rest] => OperatingSystem.IsWindows() ? Usage() : ChaosBenchmark.Run(rest),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine(
        """
        Usage: Pipeline.Benchmarks VERB
          classification [folder of the shared data] [threads]
          peers [folder of the shared data] [families|issue|banking77|chinese|writers ...]
          curve [folder of the shared data] [draws=20] [sizes=50,100,200,400,800] [first=1] [scale,share,rounds,weight ...]
          growth [most texts]
          determinism [folder of the shared data] [families|issue|banking77|chinese|writers ...]
          neardup [texts] [threads]
          load FILE [OUT]
          link ...
          months HOME EXPORTS | months link HOME EXPORTS | months parts HOME EXPORTS | months stages HOME YYYY-MM [REPORT.json]
          months generate OUT FOLDER_OF_CN_BANK_EXPORTS [complaints=5000] [months=24] [seed=1]
          patterns [texts] [threads]
          chaos kill|stop|sessions|crash|outage|shards [rounds] [nodes] [seed] | chaos drop [files] [kills] [seed]
          shards [complaints=200000]
          priority HOME [capacity]
          falsealarms [folder of cn-bank] [years] [months of history] [seed] [level of the season]
          seasons [series=1000] [seed]
          editions HOME FOLDER_OF_EXPORTS
          titles HOME [source] [months]
          validity HOME [OUT]
          workbooks [complaints=500] | workbooks sheet [rows=100000] [columns=20]
          ingest FILE.csv.gz [--rounds N] | ingest memory FILE.csv.gz | ingest stages FILE.csv.gz
        """);
    return 2;
}
