using System.Globalization;
using Pipeline.Jobs.Classification;
using Pipeline.Jobs.Rules;
using Pipeline.Models.Classification;
using Pipeline.Models.Classification.LittleData;

namespace Pipeline.Benchmarks.Classification;

/// <summary>
/// The learning curve: plain training beside training with keywords and unlabelled texts, at 50 to 800 labels of the invented bank's corpus.
/// Each draw takes 500 texts to judge on, then the labelled texts; what is left are the unlabelled ones. Both ways see the same draw, so that
/// the interval (Student's t of the paired differences) is of the gain alone.
/// Arguments: <c>[folder of the shared data] [draws=20] [sizes=50,100,200,400,800] [first=1] [ways=plain,little,starter,…]
/// [scale,share,rounds,weight …]</c>; the last, which may repeat, names other settings of <c>little</c> to try. Ways: <c>plain</c> (labels
/// alone), <c>little</c> (keywords and unlabelled texts), <c>starter</c> (the starter corpus), <c>both</c>; <c>-stacked</c> behind a way takes
/// the stacked engine, otherwise the linear one. The first way is what gains are against.
/// </summary>
internal static class CurveBenchmark
{
    private const int Judged = 500;
    private static readonly string[] Heads = ["nature", "business", "cause"];

    public static int Run(string[] args)
    {
        string data = args.FirstOrDefault(Directory.Exists) ?? Path.Combine("..", "shared", "data");
        int draws = int.Parse(Named(args, "draws") ?? "20", CultureInfo.InvariantCulture);
        int first = int.Parse(Named(args, "first") ?? "1", CultureInfo.InvariantCulture);
        int[] sizes = [.. (Named(args, "sizes") ?? "50,100,200,400,800").Split(',').Select(s => int.Parse(s, CultureInfo.InvariantCulture))];
        LittleDataOptions[] settings = [.. args.Where(a => a.Count(c => c == ',') == 3 && !a.Contains('=', StringComparison.Ordinal)).Select(Parse)];
        settings = settings.Length == 0 ? [new LittleDataOptions()] : settings;
        string[] named = (Named(args, "ways") ?? "plain,little").Split(',');
        string path = Path.Combine(data, "cn-bank", "labels.csv");
        if (!File.Exists(path))
        {
            Console.Error.WriteLine($"{path} is not there: give the folder of the shared data as an argument.");
            return 2;
        }
        List<string[]> rows = ClassificationBenchmark.Read(File.OpenRead(path), ["text", .. Heads]);
        LabelledCorpus corpus = new([.. rows.Select(r => r[0])], [.. Heads.Select((h, i) => new LabelColumn(h, [.. rows.Select(r => r[i + 1])]))]);
        KeywordKnowledge knowledge = KeywordKnowledge.Of(RuleFiles.Taxonomy("", "cn-jrt0169").Value);
        ConceptLexicon concepts = RuleFiles.Concepts("").Value;
        StarterCorpus starter = StarterFiles.Find("cn-jrt0169", "")!.Value;
        Way[] ways = [.. named.SelectMany(name => WaysOf(name, knowledge, starter, concepts, settings))];
        Console.WriteLine($"{path}, {draws} draws from number {first}, judged on {Judged} texts each; accuracy (calibration error), and the gain with its 95 % interval");
        foreach (int size in sizes)
        {
            double[][,,] results = new double[draws][,,];
            Parallel.For(0, draws, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, draw =>
                results[draw] = Draw(corpus, size, first + draw, ways));
            for (int way = 0; way < ways.Length; way++)
            {
                string line = $"{size,4}  {ways[way].Name,-24}";
                for (int head = 0; head < Heads.Length; head++)
                {
                    double accuracy = results.Average(r => r[way, head, 0]);
                    double ece = results.Average(r => r[way, head, 1]);
                    double[] gains = [.. results.Select(r => r[way, head, 0] - r[0, head, 0])];
                    double mean = gains.Average();
                    double reach = StudentT(draws - 1) * Math.Sqrt(gains.Sum(g => (g - mean) * (g - mean)) / Math.Max(1, draws - 1) / draws);
                    line += string.Create(CultureInfo.InvariantCulture, $"  {Heads[head]} {accuracy:0.000} ({ece:0.000})")
                        + (way == 0 ? new string(' ', 23) : string.Create(CultureInfo.InvariantCulture, $" {mean:+0.000;-0.000;0.000} ({mean - reach:+0.000;-0.000;0.000}…{mean + reach:+0.000;-0.000;0.000})"));
                }
                Console.WriteLine(line);
            }
        }
        return 0;
    }

    /// <returns>Way (0 is plain), head, accuracy and calibration error.</returns>
    private static double[,,] Draw(LabelledCorpus corpus, int size, int seed, Way[] ways)
    {
        int[] order = [.. Enumerable.Range(0, corpus.Texts.Count)];
        new Random(seed).Shuffle(order);
        LabelledCorpus test = corpus.Take(order[..Judged]);
        LabelledCorpus known = corpus.Take(order[Judged..(Judged + size)]);
        string[] unlabelled = [.. order[(Judged + size)..].Select(row => corpus.Texts[row])];
        double[,,] result = new double[ways.Length, Heads.Length, 2];
        for (int way = 0; way < ways.Length; way++)
        {
            LinearTextModel model = ways[way].Trainer(unlabelled).Train(known, ways[way].Options).Model;
            HeadPrediction[] answers = model.Predict(test.Texts, 1);
            for (int head = 0; head < Heads.Length; head++)
            {
                HeadEvaluation judged = HeadEvaluation.Of(
                    Heads[head], test.Columns[head].Labels,
                    [.. Enumerable.Range(0, Judged).Select(i => (
                        answers[(i * Heads.Length) + head].Class < 0 ? null : model.Heads[head].Classes[answers[(i * Heads.Length) + head].Class],
                        answers[(i * Heads.Length) + head].Probability))],
                    0.6);
                (result[way, head, 0], result[way, head, 1]) = (judged.Accuracy, judged.Ece);
            }
        }
        return result;
    }

    /// <summary>A way to train. The trainer is made from the unlabelled texts.</summary>
    private sealed record Way(string Name, Func<string[], IClassifierTrainer> Trainer, TrainingOptions Options);

    private static IEnumerable<Way> WaysOf(string name, KeywordKnowledge knowledge, StarterCorpus starter, ConceptLexicon concepts, LittleDataOptions[] settings)
    {
        TrainingOptions options = name.EndsWith("-stacked", StringComparison.Ordinal)
            ? new TrainingOptions { Engine = ClassifierEngine.Stacked, Concepts = concepts }
            : new TrainingOptions();
        Func<string[], LittleDataOptions, IClassifierTrainer> little = (unlabelled, own) => new LittleDataTrainer(knowledge, unlabelled, own, judge: false);
        return name.Split('-')[0] switch
        {
            "plain" => [new Way(name, _ => new LinearTrainer(), options)],
            "little" => settings.Select(own => new Way($"{name} {Name(own)}", unlabelled => little(unlabelled, own), options)),
            "starter" => [new Way(name, _ => new StarterTrainer(new LinearTrainer(), starter), options)],
            "both" => settings.Select(own => new Way($"{name} {Name(own)}", unlabelled => new StarterTrainer(little(unlabelled, own), starter), options)),
            _ => throw new ArgumentException($"'{name}' is none of plain, little, starter, both"),
        };
    }

    private static string? Named(string[] args, string name) =>
        args.FirstOrDefault(a => a.StartsWith(name + "=", StringComparison.Ordinal))?[(name.Length + 1)..];

    private static LittleDataOptions Parse(string text)
    {
        double[] v = [.. text.Split(',').Select(s => double.Parse(s, CultureInfo.InvariantCulture))];
        return new LittleDataOptions { KeywordScale = v[0], Share = v[1], Rounds = (int)v[2], Weight = (float)v[3] };
    }

    private static string Name(LittleDataOptions o) =>
        string.Create(CultureInfo.InvariantCulture, $"{o.KeywordScale},{o.Share},{o.Rounds},{o.Weight}");

    /// <summary>97.5th percentile of Student's distribution, by Cornish and Fisher's expansion around the normal one (within 0.01 from 5 degrees on).</summary>
    private static double StudentT(int degrees)
    {
        const double z = 1.959964;
        double n = Math.Max(1, degrees);
        return z + ((Math.Pow(z, 3) + z) / (4 * n)) + (((5 * Math.Pow(z, 5)) + (16 * Math.Pow(z, 3)) + (3 * z)) / (96 * n * n));
    }
}
