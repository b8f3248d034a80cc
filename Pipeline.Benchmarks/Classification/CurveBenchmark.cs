using System.Globalization;
using Pipeline.Jobs.Rules;
using Pipeline.Models.Classification;
using Pipeline.Models.Classification.LittleData;

namespace Pipeline.Benchmarks.Classification;

internal static class CurveBenchmark
{
    public static int Run(string[] args)
    {
        string data = Path.Combine("..", "shared", "data");
        int draws = 20;
        int[] sizes = [50, 100, 200, 400, 800];
        List<(string Name, WeakOptions Options)> variants = [];
        foreach (string arg in args)
        {
            string[] p = arg.Split('=');
            switch (p[0])
            {
                case "data": data = p[1]; break;
                case "draws": draws = int.Parse(p[1], CultureInfo.InvariantCulture); break;
                case "sizes": sizes = [.. p[1].Split(',').Select(s => int.Parse(s, CultureInfo.InvariantCulture))]; break;
                default:
                    float[] v = [.. p[1].Split(',').Select(s => float.Parse(s, CultureInfo.InvariantCulture))];
                    variants.Add((arg, new WeakOptions { Weight = v[0], KeywordScale = v[1], Share = v[2], Rounds = (int)v[3], Definitions = v[4] > 0, DefinitionWeight = v[4] > 0 ? v[4] : 0.3f, UseKeywords = v[1] > 0, UseUnlabelled = v[0] > 0 }));
                    break;
            }
        }
        List<string[]> rows = ClassificationBenchmark.Read(File.OpenRead(Path.Combine(data, "cn-bank", "labels.csv")), "text", "nature", "business", "cause");
        LabelledCorpus corpus = new(
            [.. rows.Select(r => r[0])],
            [.. new[] { "nature", "business", "cause" }.Select((h, i) => new LabelColumn(h, [.. rows.Select(r => r[i + 1])]))]);
        KeywordKnowledge knowledge = KeywordKnowledge.Of(RuleFiles.Taxonomy("/nonexistent", "cn-jrt0169").Value);
        foreach (int size in sizes)
        {
            double[,,] sum = new double[variants.Count + 1, draws, 3];
            Parallel.For(0, draws, new ParallelOptions { MaxDegreeOfParallelism = 2 }, draw =>
            {
                int[] order = [.. Enumerable.Range(0, rows.Count)];
                new Random(1000 + draw).Shuffle(order);
                LabelledCorpus test = corpus.Take(order[..500]);
                LabelledCorpus known = corpus.Take(order[500..(500 + size)]);
                string[] pool = [.. order[(500 + size)..].Select(i => corpus.Texts[i])];
                for (int v = 0; v <= variants.Count; v++)
                {
                    LinearTextModel model = v == 0
                        ? new LinearTrainer().Train(known, new TrainingOptions()).Model
                        : WeakTrainer.Train(known, pool, knowledge, new TrainingOptions(), variants[v - 1].Options).Model;
                    HeadPrediction[] answers = model.Predict(test.Texts, 1);
                    for (int h = 0; h < 3; h++)
                    {
                        sum[v, draw, h] = Enumerable.Range(0, 500).Count(i => model.Heads[h].Classes[answers[(i * 3) + h].Class] == test.Columns[h].Labels[i]) / 500.0;
                    }
                }
            });
            for (int v = 0; v <= variants.Count; v++)
            {
                string line = $"{size,4}  {(v == 0 ? "plain" : variants[v - 1].Name),-34}";
                for (int h = 0; h < 3; h++)
                {
                    double[] d = [.. Enumerable.Range(0, draws).Select(i => sum[v, i, h] - sum[0, i, h])];
                    double mean = d.Average();
                    double sd = Math.Sqrt(d.Sum(x => (x - mean) * (x - mean)) / Math.Max(1, draws - 1));
                    line += string.Create(CultureInfo.InvariantCulture, $"  {Enumerable.Range(0, draws).Average(i => sum[v, i, h]):0.000} ({mean:+0.000;-0.000} ±{2.093 * sd / Math.Sqrt(draws):0.000})");
                }
                Console.WriteLine(line);
            }
        }
        return 0;
    }
}
