using System.Globalization;
using Pipeline.Jobs.Rules;
using Pipeline.Models.Classification;
using Pipeline.Models.Classification.LittleData;

namespace Pipeline.Benchmarks.Classification;

/// <summary>
/// The learning curve: plain training beside training with keywords and unlabelled texts, at 50 to 800 labels of the invented bank's corpus.
/// Each draw takes 500 texts to judge on, then the labelled texts; what is left are the unlabelled ones. Both ways see the same draw, so that
/// the interval (Student's t of the paired differences) is of the gain alone.
/// Arguments: <c>[folder of the shared data] [engine=linear|stacked] [draws=20] [sizes=50,100,200,400,800] [first=1] [scale,share,rounds,weight …]</c>; the last,
/// which may repeat, names other settings to try.
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
        TrainingOptions options = Named(args, "engine") switch
        {
            null or "linear" => new TrainingOptions(),
            "stacked" => new TrainingOptions { Engine = ClassifierEngine.Stacked, Concepts = RuleFiles.Concepts("").Value },
            string other => throw new ArgumentException($"engine={other} is neither linear nor stacked"),
        };
        LittleDataOptions[] settings = [.. args.Where(a => a.Count(c => c == ',') == 3 && !a.Contains('=', StringComparison.Ordinal)).Select(Parse)];
        settings = settings.Length == 0 ? [new LittleDataOptions()] : settings;
        string path = Path.Combine(data, "cn-bank", "labels.csv");
        if (!File.Exists(path))
        {
            Console.Error.WriteLine($"{path} is not there: give the folder of the shared data as an argument.");
            return 2;
        }
        List<string[]> rows = ClassificationBenchmark.Read(File.OpenRead(path), ["text", .. Heads]);
        LabelledCorpus corpus = new([.. rows.Select(r => r[0])], [.. Heads.Select((h, i) => new LabelColumn(h, [.. rows.Select(r => r[i + 1])]))]);
        KeywordKnowledge knowledge = KeywordKnowledge.Of(RuleFiles.Taxonomy("", "cn-jrt0169").Value);
        Console.WriteLine($"{path}, {options.Engine} engine, {draws} draws from number {first}, judged on {Judged} texts each; accuracy (calibration error), and the gain with its 95 % interval");
        foreach (int size in sizes)
        {
            double[][,,] results = new double[draws][,,];
            Parallel.For(0, draws, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, draw =>
                results[draw] = Draw(corpus, knowledge, size, first + draw, settings, options));
            for (int way = 0; way <= settings.Length; way++)
            {
                string line = $"{size,4}  {(way == 0 ? "plain" : Name(settings[way - 1])),-24}";
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
    private static double[,,] Draw(LabelledCorpus corpus, KeywordKnowledge knowledge, int size, int seed, LittleDataOptions[] settings, TrainingOptions options)
    {
        int[] order = [.. Enumerable.Range(0, corpus.Texts.Count)];
        new Random(seed).Shuffle(order);
        LabelledCorpus test = corpus.Take(order[..Judged]);
        LabelledCorpus known = corpus.Take(order[Judged..(Judged + size)]);
        string[] unlabelled = [.. order[(Judged + size)..].Select(row => corpus.Texts[row])];
        double[,,] result = new double[settings.Length + 1, Heads.Length, 2];
        for (int way = 0; way <= settings.Length; way++)
        {
            IClassifierTrainer trainer = way == 0 ? new LinearTrainer() : new LittleDataTrainer(knowledge, unlabelled, settings[way - 1], judge: false);
            LinearTextModel model = trainer.Train(known, options).Model;
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
