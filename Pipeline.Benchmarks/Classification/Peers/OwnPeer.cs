using System.Diagnostics;
using System.Text.Json;
using Pipeline.Jobs.Rules;
using Pipeline.Models.Classification;

namespace Pipeline.Benchmarks.Classification.Peers;

/// <summary>Our engine as a peer: reads the parts of a folder, trains cold (as the program does), predicts, writes the answers.</summary>
internal static class OwnPeer
{
    private const double PredictionSeconds = 3; // as the peers' scripts have it

    public static int Run(string engine, string folder)
    {
        List<string?[]> answers = [];
        (double train, double predict, int texts) = (0, 0, 0);
        TrainingOptions options = new()
        {
            Engine = engine == "stacked" ? ClassifierEngine.Stacked : ClassifierEngine.Linear,
            Concepts = RuleFiles.Concepts("").Value,
            Threads = Environment.ProcessorCount,
        };
        for (int part = 0; Directory.Exists(Path.Combine(folder, $"part{part}")); part++)
        {
            string own = Path.Combine(folder, $"part{part}");
            using JsonDocument first = JsonDocument.Parse(File.ReadLines(Path.Combine(own, "train.jsonl")).First());
            string[] heads = [.. Enumerable.Range(0, first.RootElement.GetProperty("labels").GetArrayLength()).Select(h => $"h{h}")];
            LabelledCorpus known = PeerCase.Read(Path.Combine(own, "train.jsonl"), heads);
            LabelledCorpus unseen = PeerCase.Read(Path.Combine(own, "test.jsonl"), heads);
            long start = Stopwatch.GetTimestamp();
            LinearTextModel model = new LinearTrainer().Train(known, options).Model;
            train += Stopwatch.GetElapsedTime(start).TotalSeconds;
            HeadPrediction[] found = [];
            double best = double.PositiveInfinity;
            long begun = Stopwatch.GetTimestamp();
            while (double.IsInfinity(best) || Stopwatch.GetElapsedTime(begun).TotalSeconds < PredictionSeconds)
            {
                start = Stopwatch.GetTimestamp();
                found = model.Predict(unseen.Texts, options.Threads);
                best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
            }
            predict += best;
            texts += unseen.Texts.Count;
            for (int row = 0; row < unseen.Texts.Count; row++)
            {
                answers.Add([.. heads.Select((_, h) => found[(row * heads.Length) + h] is { Class: >= 0 } answer ? model.Heads[h].Classes[answer.Class] : null)]);
            }
        }
        PeerResult result = new(train, texts / predict, Process.GetCurrentProcess().PeakWorkingSet64 / 1048576.0, [.. answers]);
        File.WriteAllText(Path.Combine(folder, "answers.json"), JsonSerializer.Serialize(result));
        return 0;
    }
}
