using Pipeline.Benchmarks.Classification.Peers;
using Pipeline.Models.Classification;

namespace Pipeline.Benchmarks.Classification;

/// <summary>Whether one thread and two make the same bytes of model and the same answers. Arguments: <c>[folder of the shared data] [case …]</c>.</summary>
internal static class DeterminismBenchmark
{
    public static int Run(string[] args)
    {
        string data = args.FirstOrDefault(Directory.Exists) ?? Path.Combine("..", "shared", "data");
        string[] chosen = [.. args.Where(PeerCase.Names.Contains)];
        bool same = true;
        foreach (string name in chosen.Length > 0 ? chosen : ["writers", "families"])
        {
            if (PeerCase.Of(name, data) is not { } one)
            {
                Console.Error.WriteLine($"{name}: its data are not in {data}.");
                return 2;
            }
            (LabelledCorpus train, LabelledCorpus test) = one.Parts[0];
            LinearTextModel[] models = [.. ((int[])[1, 2]).Select(threads => new LinearTrainer().Train(train, new TrainingOptions { Threads = threads }).Model)];
            bool bytes = ModelFile.Write(models[0]).AsSpan().SequenceEqual(ModelFile.Write(models[1]));
            bool answers = models[0].Predict(test.Texts, 1).AsSpan().SequenceEqual(models[1].Predict(test.Texts, 2));
            Console.WriteLine($"{one.Description}: model of 1 thread {(bytes ? "is" : "IS NOT")} that of 2, byte for byte; answers {(answers ? "are the same" : "DIFFER")}");
            same &= bytes && answers;
        }
        return same ? 0 : 1;
    }
}
