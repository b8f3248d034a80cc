using System.IO.Compression;
using System.Text.Json;
using Pipeline.Models.Classification;

namespace Pipeline.Benchmarks.Classification.Peers;

/// <summary>Texts to learn and texts to judge on; several parts are folds of one corpus.</summary>
/// <param name="Name">As the user names it on the command line.</param>
/// <param name="Ideographs">Peers read characters instead of words.</param>
internal sealed record PeerCase(string Name, string Description, bool Ideographs, IReadOnlyList<(LabelledCorpus Train, LabelledCorpus Test)> Parts)
{
    public static readonly string[] Names = ["families", "issue", "banking77", "chinese", "writers"];

    private static readonly string[] ChineseHeads = ["nature", "business", "cause"];

    /// <returns>Null where its data are not there.</returns>
    public static PeerCase? Of(string name, string data)
    {
        string[] files = name switch
        {
            "families" or "issue" => [Path.Combine(data, "cfpb", "split.csv"), Path.Combine(data, "cfpb", "complaints.csv.gz")],
            "banking77" => [Path.Combine(data, "texts", "banking77", "train.csv"), Path.Combine(data, "texts", "banking77", "test.csv")],
            _ => [Path.Combine(data, "cn-bank", "labels.csv")],
        };
        if (!files.All(File.Exists))
        {
            return null;
        }
        return name switch
        {
            "families" => Families(files[0], files[1]),
            "issue" => Issue(files[0], files[1]),
            "banking77" => new PeerCase(name, "BANKING77, its own train and test parts", false, [(Banking(files[0]), Banking(files[1]))]),
            "chinese" => Chinese(files[0]),
            _ => Writers(files[0]),
        };
    }

    /// <summary>Writes the parts for other processes.</summary>
    public void Write(string folder)
    {
        for (int part = 0; part < Parts.Count; part++)
        {
            string own = Path.Combine(folder, $"part{part}");
            Directory.CreateDirectory(own);
            Write(Path.Combine(own, "train.jsonl"), Parts[part].Train);
            Write(Path.Combine(own, "test.jsonl"), Parts[part].Test);
        }
    }

    private static void Write(string path, LabelledCorpus corpus)
    {
        using StreamWriter writer = new(path);
        for (int row = 0; row < corpus.Texts.Count; row++)
        {
            writer.WriteLine(JsonSerializer.Serialize(new { text = corpus.Texts[row], labels = corpus.Columns.Select(c => c.Labels[row]) }));
        }
    }

    public static LabelledCorpus Read(string path, IReadOnlyList<string> heads)
    {
        List<string> texts = [];
        List<string?[]> labels = [];
        foreach (string line in File.ReadLines(path))
        {
            using JsonDocument row = JsonDocument.Parse(line);
            texts.Add(row.RootElement.GetProperty("text").GetString()!);
            labels.Add([.. row.RootElement.GetProperty("labels").EnumerateArray().Select(l => l.GetString())]);
        }
        return new LabelledCorpus(texts, [.. heads.Select((h, i) => new LabelColumn(h, [.. labels.Select(l => l[i])]))]);
    }

    private static PeerCase Families(string split, string complaints)
    {
        (List<string[]> known, List<string[]> unseen) = Narratives(split, complaints);
        return new PeerCase(
            "families", $"CFPB product families, {known.Count} training and {unseen.Count} test narratives of split.csv", false,
            [(Corpus("family", known.Select(r => (r[0], r[1]))), Corpus("family", unseen.Select(r => (r[0], r[1]))))]);
    }

    private static PeerCase Issue(string split, string complaints)
    {
        (List<string[]> known, List<string[]> unseen) = Narratives(split, complaints);
        HashSet<string> frequent = [.. known.Where(r => r[2].Length > 0).GroupBy(r => r[2]).Where(g => g.Count() >= 10).Select(g => g.Key)];
        known = [.. known.Where(r => frequent.Contains(r[2]))];
        unseen = [.. unseen.Where(r => frequent.Contains(r[2]))];
        return new PeerCase(
            "issue", $"CFPB issue, {frequent.Count} classes with 10 training examples or more, {known.Count} training and {unseen.Count} test narratives", false,
            [(Corpus("issue", known.Select(r => (r[0], r[2]))), Corpus("issue", unseen.Select(r => (r[0], r[2]))))]);
    }

    /// <summary>Narrative, family and issue.</summary>
    private static (List<string[]> Train, List<string[]> Test) Narratives(string split, string complaints)
    {
        Dictionary<string, string[]> parts = ClassificationBenchmark.Read(File.OpenRead(split), "complaint_id", "family", "part").ToDictionary(r => r[0]);
        (List<string[]> known, List<string[]> unseen) = ([], []);
        foreach (string[] row in ClassificationBenchmark.Read(
            new GZipStream(File.OpenRead(complaints), CompressionMode.Decompress), "Complaint ID", "Consumer complaint narrative", "Issue"))
        {
            if (parts.TryGetValue(row[0], out string[]? part))
            {
                (part[2] == "train" ? known : unseen).Add([row[1], part[1], row[2]]);
            }
        }
        return (known, unseen);
    }

    private static LabelledCorpus Banking(string path) =>
        Corpus("category", ClassificationBenchmark.Read(File.OpenRead(path), "text", "category").Select(r => (r[0], r[1])));

    private static PeerCase Chinese(string path)
    {
        LabelledCorpus corpus = Bank(path, out _);
        int[] foldOf = CrossValidation.FoldsOf(corpus, new TrainingOptions());
        return new PeerCase(
            "chinese", $"invented Chinese bank, {corpus.Texts.Count} texts, stratified 5-fold, near-duplicates on one side", true,
            [.. foldOf.Where(f => f >= 0).Distinct().Order().Select(fold => (
                corpus.Take([.. Enumerable.Range(0, foldOf.Length).Where(r => foldOf[r] >= 0 && foldOf[r] != fold)]),
                corpus.Take([.. Enumerable.Range(0, foldOf.Length).Where(r => foldOf[r] == fold)])))]);
    }

    private static PeerCase Writers(string path)
    {
        LabelledCorpus corpus = Bank(path, out string[] writers);
        int[] known = [.. Enumerable.Range(0, writers.Length).Where(r => writers[r] is "W1" or "W2" or "W3" or "W4")];
        int[] unseen = [.. Enumerable.Range(0, writers.Length).Where(r => writers[r] is "W5" or "W6" or "W8" && corpus.Columns[1].Labels[r] != "OTH")];
        return new PeerCase(
            "writers", $"invented Chinese bank, writers W1-W4 ({known.Length} texts) to W5 + W6 + W8 without business line OTH ({unseen.Length})", true,
            [(corpus.Take(known), corpus.Take(unseen))]);
    }

    private static LabelledCorpus Bank(string path, out string[] writers)
    {
        List<string[]> rows = ClassificationBenchmark.Read(File.OpenRead(path), ["text", "writer", .. ChineseHeads]);
        writers = [.. rows.Select(r => r[1])];
        return new LabelledCorpus([.. rows.Select(r => r[0])], [.. ChineseHeads.Select((h, i) => new LabelColumn(h, [.. rows.Select(r => r[i + 2])]))]);
    }

    private static LabelledCorpus Corpus(string head, IEnumerable<(string Text, string Label)> rows)
    {
        (string Text, string Label)[] all = [.. rows];
        return new LabelledCorpus([.. all.Select(r => r.Text)], [new LabelColumn(head, [.. all.Select(r => r.Label)])]);
    }
}
