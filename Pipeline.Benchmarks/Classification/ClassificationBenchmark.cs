using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using CsvHelper;
using CsvHelper.Configuration;
using Pipeline.Jobs.Classification;
using Pipeline.Jobs.Rules;
using Pipeline.Models.Classification;
using Pipeline.Models.Classification.LittleData;

namespace Pipeline.Benchmarks.Classification;

/// <summary>
/// How good and how fast the classifier is on the shared corpora. Arguments: <c>[linear|stacked] [what] [folder of the shared data]
/// [threads] [most features]</c>; default both engines, everything, <c>../shared/data</c> and all processors. What: <c>chinese</c> (five folds),
/// <c>writers</c> (trained on W1–W4, judged on W5, W6, W8 without business line OTH), <c>family</c> and <c>issue</c> (the CFPB split),
/// <c>known</c> (five folds of W1–W4 alone, for choices), <c>validate</c> and <c>validate-issue</c> (a fifth of the split's training part held out, for choices: the test part is not read),
/// <c>banking</c> (BANKING77), <c>validate-banking</c> (three folds of its training part, for choices). <c>starter</c> or <c>starter=0.7</c>: the Chinese corpora with the starter corpus beside them, at that weight. <c>seeds=4</c>: the five folds drawn that many times over,
/// with the means. <c>keep=FILE</c>: the last model whose speed was taken is written there.
/// </summary>
internal static class ClassificationBenchmark
{
    private static readonly string[] Everything = ["chinese", "writers", "family", "issue", "banking"];

    private static string? keep;

    public static int Run(string[] args)
    {
        ClassifierEngine[] engines = args.FirstOrDefault() switch
        {
            "linear" => [ClassifierEngine.Linear],
            "stacked" => [ClassifierEngine.Stacked],
            _ => [ClassifierEngine.Linear, ClassifierEngine.Stacked],
        };
        string? starterWeight = args.FirstOrDefault(a => a.StartsWith("starter", StringComparison.Ordinal))?.Split('=').ElementAtOrDefault(1);
        bool withStarter = args.Any(a => a.StartsWith("starter", StringComparison.Ordinal));
        int seeds = int.Parse(args.FirstOrDefault(a => a.StartsWith("seeds=", StringComparison.Ordinal))?["seeds=".Length..] ?? "1", CultureInfo.InvariantCulture);
        keep = args.FirstOrDefault(a => a.StartsWith("keep=", StringComparison.Ordinal))?["keep=".Length..];
        string[] rest =
        [
            .. args.Where(a => a is not ("linear" or "stacked")
                && !((string[])["starter", "seeds=", "keep="]).Any(option => a.StartsWith(option, StringComparison.Ordinal))),
        ];
        string[] what = rest.Length > 0 && rest[0] != "all" ? rest[0].Split(',') : Everything;
        string data = rest.Length > 1 ? rest[1] : Path.Combine("..", "shared", "data");
        int threads = rest.Length > 2 ? int.Parse(rest[2], CultureInfo.InvariantCulture) : Environment.ProcessorCount;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessorCount} processors, {threads} threads"));
        if (!Directory.Exists(data))
        {
            Console.Error.WriteLine($"There is no folder {data}: give the folder of the shared data as the third argument.");
            return 2;
        }
        ConceptLexicon concepts = RuleFiles.Concepts(data).Value;
        StarterCorpus? starter = withStarter ? StarterFiles.Find("cn-jrt0169", data)!.Value : null;
        float weight = starterWeight is null ? StarterCorpus.Weight : float.Parse(starterWeight, CultureInfo.InvariantCulture);
        IClassifierTrainer chinese = starter is null ? new LinearTrainer() : new StarterTrainer(new LinearTrainer(), starter, weight);
        foreach (ClassifierEngine engine in engines)
        {
            TrainingOptions options = new() { Engine = engine, Threads = threads, Concepts = concepts };
            options = rest.Length > 3 ? options with { MaximumFeatures = int.Parse(rest[3], CultureInfo.InvariantCulture) } : options;
            foreach (string one in what)
            {
                switch (one)
                {
                    case "chinese":
                        Chinese(data, options, chinese, seeds);
                        break;
                    case "known":
                        Chinese(data, options, chinese, seeds, knownWritersOnly: true);
                        break;
                    case "writers":
                        Writers(data, options, chinese);
                        break;
                    case "banking" or "validate-banking":
                        Banking(data, options, validate: one == "validate-banking");
                        break;
                    case "family" or "validate":
                        Complaints(data, options, issue: false, validate: one == "validate");
                        break;
                    case "issue" or "validate-issue":
                        Complaints(data, options, issue: true, validate: one == "validate-issue");
                        break;
                    default:
                        Console.Error.WriteLine($"'{one}' is none of chinese, known, writers, family, issue, validate, validate-issue, validate-banking, banking.");
                        return 2;
                }
            }
        }
        return 0;
    }

    private static void Chinese(string data, TrainingOptions options, IClassifierTrainer trainer, int seeds, bool knownWritersOnly = false)
    {
        List<string[]> rows = Read(File.OpenRead(Path.Combine(data, "cn-bank", "labels.csv")), "text", "nature", "business", "cause", "writer");
        if (knownWritersOnly)
        {
            rows.RemoveAll(r => r[4] is not ("W1" or "W2" or "W3" or "W4"));
        }
        string[] texts = [.. rows.Select(r => r[0])];
        LabelledCorpus corpus = new(texts, [Column("nature", rows, 1), Column("business", rows, 2), Column("cause", rows, 3)]);
        Console.WriteLine($"{options.Engine}: cn-bank/labels.csv, {rows.Count} texts, stratified 5-fold");
        HeadEvaluation[][] seeded = [.. Enumerable.Range(0, seeds).Select(seed =>
        {
            TrainingOptions own = options with { Seed = options.Seed + seed };
            return CrossValidation.Run(corpus, own, part => trainer.Train(part, own).Model).Heads.ToArray();
        })];
        foreach (HeadEvaluation head in seeded[0])
        {
            Print(head);
        }
        for (int head = 0; seeds > 1 && head < seeded[0].Length; head++)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"  {seeded[0][head].Head,-9} mean of {seeds} splits: accuracy {seeded.Average(s => s[head].Accuracy):0.0000} ({seeded.Min(s => s[head].Accuracy):0.000}-{seeded.Max(s => s[head].Accuracy):0.000})  macro-F1 {seeded.Average(s => s[head].MacroF1):0.0000}  ece {seeded.Average(s => s[head].Ece):0.000}"));
        }
        if (trainer is LinearTrainer)
        {
            Speed(corpus, options, [.. Enumerable.Repeat(texts, 40).SelectMany(t => t)]);
        }
    }

    private static void Writers(string data, TrainingOptions options, IClassifierTrainer trainer)
    {
        List<string[]> rows = Read(File.OpenRead(Path.Combine(data, "cn-bank", "labels.csv")), "text", "nature", "business", "cause", "writer");
        List<string[]> known = [.. rows.Where(r => r[4] is "W1" or "W2" or "W3" or "W4")];
        List<string[]> unseen = [.. rows.Where(r => r[4] is "W5" or "W6" or "W8" && r[2] != "OTH")];
        Console.WriteLine($"{options.Engine}: cn-bank/labels.csv, trained on W1-W4 ({known.Count}), judged on W5, W6, W8 without OTH ({unseen.Count})");
        LabelledCorpus corpus = new([.. known.Select(r => r[0])], [Column("nature", known, 1), Column("business", known, 2), Column("cause", known, 3)]);
        Judge(trainer.Train(corpus, options).Model, unseen, options);
    }

    private static void Banking(string data, TrainingOptions options, bool validate)
    {
        string folder = Path.Combine(data, "texts", "banking77");
        List<string[]> known = Read(File.OpenRead(Path.Combine(folder, "train.csv")), "text", "category");
        if (validate)
        {
            Console.WriteLine($"{options.Engine}: BANKING77, {known.Count} training questions, stratified 3-fold");
            LabelledCorpus training = new([.. known.Select(r => r[0])], [Column("category", known, 1)]);
            Print(CrossValidation.Run(training, options with { Folds = 3 }, part => new LinearTrainer().Train(part, options).Model).Heads[0]);
            return;
        }
        List<string[]> unseen = Read(File.OpenRead(Path.Combine(folder, "test.csv")), "text", "category");
        Console.WriteLine($"{options.Engine}: BANKING77, {known.Count} training and {unseen.Count} test questions");
        LabelledCorpus corpus = new([.. known.Select(r => r[0])], [Column("category", known, 1)]);
        Judge(Speed(corpus, options, [.. Enumerable.Repeat(unseen.Select(r => r[0]), 10).SelectMany(t => t)]), unseen, options);
    }

    private static void Complaints(string data, TrainingOptions options, bool issue, bool validate)
    {
        Dictionary<string, string[]> parts = Read(File.OpenRead(Path.Combine(data, "cfpb", "split.csv")), "complaint_id", "family", "part", "group")
            .ToDictionary(r => r[0]);
        List<string[]> known = [];
        List<string[]> unseen = [];
        using GZipStream stream = new(File.OpenRead(Path.Combine(data, "cfpb", "complaints.csv.gz")), CompressionMode.Decompress);
        foreach (string[] row in Read(stream, "Complaint ID", "Consumer complaint narrative", "Issue"))
        {
            if (parts.TryGetValue(row[0], out string[]? part))
            {
                bool training = part[2] == "train";
                if (!training && validate)
                {
                    continue;
                }
                bool held = validate ? long.Parse(part[3], CultureInfo.InvariantCulture) % 5 == 0 : !training;
                (held ? unseen : known).Add([row[1], issue ? row[2] : part[1]]);
            }
        }
        if (issue)
        {
            HashSet<string> common = [.. known.GroupBy(r => r[1]).Where(g => g.Count() >= 10).Select(g => g.Key)];
            known.RemoveAll(r => !common.Contains(r[1]));
            unseen.RemoveAll(r => !common.Contains(r[1]));
        }
        Console.WriteLine(
            $"{options.Engine}: cfpb/split.csv{(validate ? ", training part only" : "")}, {(issue ? "issue" : "family")}, {known.Count} training and {unseen.Count} unseen narratives");
        LabelledCorpus corpus = new([.. known.Select(r => r[0])], [Column(issue ? "issue" : "family", known, 1)]);
        Judge(Speed(corpus, options, [.. Enumerable.Repeat(unseen.Select(r => r[0]), issue ? 1 : 5).SelectMany(t => t)]), unseen, options);
    }

    private static void Judge(LinearTextModel model, List<string[]> unseen, TrainingOptions options)
    {
        HeadPrediction[] answers = model.Predict([.. unseen.Select(r => r[0])], options.Threads);
        for (int head = 0; head < model.Heads.Count; head++)
        {
            IReadOnlyList<string> classes = model.Heads[head].Classes;
            Print(HeadEvaluation.Of(
                model.Heads[head].Name,
                [.. unseen.Select(r => r[head + 1])],
                [.. unseen.Select((_, i) => answers[(i * model.Heads.Count) + head]).Select(a => (Class(a, classes), a.Probability))],
                0.6));
        }
    }

    private static string? Class(HeadPrediction answer, IReadOnlyList<string> classes) =>
        answer.Class == HeadPrediction.None ? null : classes[answer.Class];

    /// <summary>Training once warm (the second of two) for the linear engine, once for the stacked; prediction the best of three.</summary>
    private static LinearTextModel Speed(LabelledCorpus corpus, TrainingOptions options, string[] texts)
    {
        if (options.Engine == ClassifierEngine.Linear)
        {
            new LinearTrainer().Train(corpus, options);
        }
        Dictionary<TrainingStage, long> stages = [];
        TimeSpan before = Process.GetCurrentProcess().TotalProcessorTime;
        long start = Stopwatch.GetTimestamp();
        LinearTextModel model = new LinearTrainer(stage => stages[stage] = Stopwatch.GetTimestamp()).Train(corpus, options).Model;
        TimeSpan training = Stopwatch.GetElapsedTime(start);
        TimeSpan processor = Process.GetCurrentProcess().TotalProcessorTime - before;
        TimeSpan best = TimeSpan.MaxValue;
        TimeSpan leastProcessor = TimeSpan.MaxValue;
        for (int repeat = 0; repeat < 3; repeat++)
        {
            before = Process.GetCurrentProcess().TotalProcessorTime;
            start = Stopwatch.GetTimestamp();
            model.Predict(texts, options.Threads);
            TimeSpan work = Process.GetCurrentProcess().TotalProcessorTime - before;
            leastProcessor = work < leastProcessor ? work : leastProcessor;
            TimeSpan took = Stopwatch.GetElapsedTime(start);
            best = took < best ? took : best;
        }
        byte[] file = ModelFile.Write(model);
        if (keep is not null)
        {
            File.WriteAllBytes(keep, file);
        }
        start = Stopwatch.GetTimestamp();
        ModelFile.Read(file);
        TimeSpan loading = Stopwatch.GetElapsedTime(start);
        double features = Stopwatch.GetElapsedTime(stages[TrainingStage.Features], stages[TrainingStage.Fit]).TotalSeconds;
        double fit = Stopwatch.GetElapsedTime(stages[TrainingStage.Fit], stages[TrainingStage.Calibrate]).TotalSeconds;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"  training {training.TotalSeconds:0.00} s (features {features:0.00}, machines {fit:0.00}; {processor.TotalSeconds:0.00} s of processor), "
            + $"prediction {texts.Length / best.TotalSeconds:0} texts/s ({texts.Length / leastProcessor.TotalSeconds:0} a processor second), "
            + $"model {file.Length / 1024} KB loads in {loading.TotalMilliseconds:0} ms, {model.Features} features, peak {Process.GetCurrentProcess().PeakWorkingSet64 / (1 << 20)} MB"));
        return model;
    }

    private static void Print(HeadEvaluation head) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"  {head.Head,-9} accuracy {head.Accuracy:0.0000} ({head.AccuracyLow:0.000}-{head.AccuracyHigh:0.000})  macro-F1 {head.MacroF1:0.0000}  ece {head.Ece:0.000}  coverage at 0.6 {head.Coverage:0.000} with accuracy {head.AccuracyAtCoverage:0.000}"));

    private static LabelColumn Column(string head, List<string[]> rows, int index) => new(head, [.. rows.Select(r => r[index])]);

    /// <summary>The named columns of a CSV.</summary>
    internal static List<string[]> Read(Stream stream, params string[] columns)
    {
        using StreamReader reader = new(stream);
        using CsvReader csv = new(reader, new CsvConfiguration(CultureInfo.InvariantCulture));
        csv.Read();
        csv.ReadHeader();
        List<string[]> rows = [];
        while (csv.Read())
        {
            rows.Add([.. columns.Select(c => csv.GetField(c) ?? "")]);
        }
        return rows;
    }
}
