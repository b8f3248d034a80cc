using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Pipeline.Jobs.Rules;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Store;
using Pipeline.Models.Classification;
using Pipeline.Models.Text;

namespace Pipeline.Jobs.Classification;

/// <summary><c>train</c>: one model with a head for each label column.</summary>
public static class TrainCommand
{
    public static Command Create()
    {
        Option<string[]> labels = ClassificationOptions.Labels();
        Option<string> textColumn = ClassificationOptions.TextColumn();
        Option<string?> heads = ClassificationOptions.Heads();
        Option<string?> taxonomy = ClassificationOptions.Taxonomy();
        Option<int> threads = ClassificationOptions.Threads();
        Option<string?> name = new("--name") { Description = "Name of the model (default: its taxonomy) / 模型名称" };
        Option<string?> output = new("--out")
        {
            Description = "Write the model to this file and leave the registry alone (no database is needed) / 写到文件，不登记",
        };
        Option<int> seed = new("--seed") { Description = "Seed of folds and of the order of texts / 随机种子", DefaultValueFactory = _ => 1 };
        Option<string?> engine = ClassificationOptions.Engine();
        return new Command(
            "train",
            "Train a classifier from labelled texts / 用标注文本训练分类模型\n"
            + "Example: pipeline train --labels data-samples/cn-bank/labels.csv --heads nature,business,cause --name cn-2026-11")
        {
            labels, textColumn, heads, taxonomy, name, output, seed, engine, threads,
        }.Runs((parsed, session) => RunAsync(
            new TrainRequest(
                parsed.GetValue(labels)!, parsed.GetValue(textColumn)!, ClassificationOptions.HeadNames(parsed.GetValue(heads)),
                parsed.GetValue(taxonomy), parsed.GetValue(name), parsed.GetValue(output), parsed.GetValue(seed),
                ClassificationOptions.AtLeastOne(parsed.GetValue(threads)), parsed.GetValue(engine)),
            session));
    }

    internal sealed record TrainRequest(
        IReadOnlyList<string> Labels, string TextColumn, IReadOnlyList<string>? Heads, string? Taxonomy, string? Name, string? Out, int Seed, int Threads,
        string? Engine = null);

    internal static async Task<int> RunAsync(TrainRequest request, CommandSession session)
    {
        StageClock clock = new(session.Time);
        clock.Begin("read");
        Labels read = Labels.Read(request.Labels, request.TextColumn, request.Heads, null);
        (LabelledCorpus corpus, string taxonomyId) = Labels.Keyed(read.Corpus, request.Taxonomy, session.Home);
        TrainingOptions plain = new()
        {
            Identity = new ModelIdentity(request.Name ?? taxonomyId, taxonomyId, TextLanguage.Of(corpus.Texts)),
            Seed = request.Seed,
            Threads = request.Threads,
            ReviewBelow = RuleFiles.Rules(session.Home).Value.ReviewBelowProbability,
        };
        TrainingOptions options = ClassificationOptions.WithEngine(plain, request.Engine, corpus, session.Home);
        TrainedClassifier trained = Train(corpus, options, clock, session);
        byte[] bytes = ModelFile.Write(trained.Model);
        clock.End();

        string? state = null;
        if (request.Out is { } path)
        {
            await AtomicFile.WriteAsync(path, bytes, session.Cancellation);
        }
        else
        {
            await using Database database = await Database.OpenAsync(session);
            state = await ModelRegistry.RegisterAsync(database, trained.Model, bytes, session);
        }
        Report(trained, bytes, clock, request.Out, state, corpus.Texts.Count, session);
        return ExitCodes.Done;
    }

    /// <summary>Trains; a corpus that cannot be learned from becomes a fault that says so.</summary>
    internal static TrainedClassifier Train(LabelledCorpus corpus, TrainingOptions options, StageClock clock, CommandSession session)
    {
        try
        {
            return new LinearTrainer(stage => clock.Begin(stage switch
            {
                TrainingStage.Features => "features",
                TrainingStage.Fit => "fit",
                _ => "calibrate",
            })).Train(corpus, options, session.Cancellation);
        }
        catch (TrainingException fault)
        {
            throw PipelineFault.Failed(
                $"无法训练：{fault.Message}。标注文件需要有文本、且每个标签列至少有一个标签的行。",
                $"Cannot train: {fault.Message}. The label files need rows with a text and, in each label column, at least one label.",
                fault);
        }
    }

    private static void Report(
        TrainedClassifier trained, byte[] bytes, StageClock clock, string? path, string? state, int rowsRead, CommandSession session)
    {
        ModelCard card = trained.Model.Card;
        string id = ModelFile.IdOf(bytes);
        foreach (ClassifierHead head in card.Heads.Where(h => h.Classes.Count == 1))
        {
            session.Notice(
                $"注意：{head.Name} 只有一个类别（{head.Classes[0]}），该项的回答总是它。",
                $"Note: {head.Name} has one class only ({head.Classes[0]}); that is what it will always answer.");
        }
        if (trained.RareClasses.Count > 0)
        {
            session.Notice(
                $"样本不足 10 条的类别：{string.Join("、", trained.RareClasses)}；它们照常参与，但判断不可靠。",
                $"Classes with fewer than 10 texts: {string.Join(", ", trained.RareClasses)}; they take part, but do not rely on them.");
        }
        if (trained.Rows.Count < rowsRead)
        {
            session.Notice(
                $"{rowsRead - trained.Rows.Count} 行没有文本或没有标签，未参与训练。",
                $"{rowsRead - trained.Rows.Count} rows without text or without any label were left out.");
        }
        session.Document(new
        {
            ModelId = id,
            card.Identity.Name,
            card.Identity.Taxonomy,
            card.Identity.Language,
            State = state,
            Path = path,
            card.Rows,
            Heads = card.Heads.Select(h => h.Name),
            Seconds = clock.Seconds,
            PeakRssBytes = Process.GetCurrentProcess().PeakWorkingSet64,
            ModelBytes = bytes.Length,
            trained.Model.Features,
            NearDuplicates = trained.NearDuplicateTexts,
            trained.RareClasses,
            HeldOut = EvaluateCommand.Documents(trained.HeldOut),
        });
        session.Line(
            $"模型 {id}（{card.Identity.Taxonomy}，{card.Identity.Language}）：{card.Rows} 条文本，{clock.Seconds["total"]:0.0} 秒，{bytes.Length / 1024.0:0} KB，{(path is null ? $"已登记为 {state}" : $"已写入 {path}")}",
            $"Model {id} ({card.Identity.Taxonomy}, {card.Identity.Language}): {card.Rows} texts, {clock.Seconds["total"]:0.0} s, {bytes.Length / 1024.0:0} KB, {(path is null ? $"registered as {state}" : $"written to {path}")}");
        if (trained.HeldOut.Count == 0)
        {
            session.Line("文本太少或几乎相同，没有留出评估。", "The texts are too few or too alike to hold some out: no figures of quality.");
        }
        else
        {
            session.Line(
                "留出评估（5 折，近重复文本同侧）：",
                string.Create(CultureInfo.InvariantCulture, $"On held-out texts (5 folds, near-duplicates on one side):"));
            EvaluateCommand.Summary(trained.HeldOut, session);
        }
    }
}
