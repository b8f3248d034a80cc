using System.CommandLine;
using System.Diagnostics;
using Pipeline.Jobs.Rules;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Store;
using Pipeline.Models.Classification;
using Pipeline.Models.Taxonomy;
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
        Option<string[]> unlabelled = new("--unlabelled")
        {
            Description = "CSV files of complaints without labels; with fewer than 1,000 labels they make the model more accurate / 未标注文本",
            AllowMultipleArgumentsPerToken = true,
        };
        Option<bool> labelsOnly = new("--labels-only") { Description = "Learn from labels alone, however few / 只用标注训练" };
        Option<string?> engine = ClassificationOptions.Engine();
        labels.Required = false;
        Option<int> seed = new("--seed") { Description = "Seed of folds and of the order of texts / 随机种子", DefaultValueFactory = _ => 1 };
        return new Command(
            "train",
            "Train a classifier from labelled texts / 用标注文本训练分类模型\n"
            + "Example: pipeline train --labels data-samples/cn-bank/labels.csv --heads nature,business,cause --name cn-2026-11\n"
            + "Example: pipeline train --labels first-100.csv --unlabelled october.csv --name first")
        {
            labels, textColumn, heads, taxonomy, name, output, seed, unlabelled, labelsOnly, engine, threads,
        }.Runs((parsed, session) => RunAsync(
            new TrainRequest(
                parsed.GetValue(labels) ?? [], parsed.GetValue(textColumn)!, ClassificationOptions.HeadNames(parsed.GetValue(heads)),
                parsed.GetValue(taxonomy), parsed.GetValue(name), parsed.GetValue(output), parsed.GetValue(seed),
                ClassificationOptions.AtLeastOne(parsed.GetValue(threads)), parsed.GetValue(unlabelled), parsed.GetValue(labelsOnly),
                parsed.GetValue(engine)),
            session));
    }

    internal sealed record TrainRequest(
        IReadOnlyList<string> Labels, string TextColumn, IReadOnlyList<string>? Heads, string? Taxonomy, string? Name, string? Out, int Seed, int Threads,
        IReadOnlyList<string>? Unlabelled = null, bool LabelsOnly = false, string? Engine = null);

    internal static async Task<int> RunAsync(TrainRequest request, CommandSession session)
    {
        if (request.Name == ModelChoice.Champion)
        {
            throw PipelineFault.Usage("名称 champion 已保留，请换一个名称。", "The name 'champion' is taken by the model in use; choose another.");
        }
        if (request.Labels.Count == 0)
        {
            throw PipelineFault.Usage(
                "train 需要 --labels 标注文件（CSV：文本列，加 nature、business、cause 等标签列；几十条即可开始）。还没有标注时无需训练：run 和 predict 会用随程序附带的语料训练第一个模型；先用它判定，改正一批后再训练。",
                "train needs --labels: CSV files with a text column and label columns such as nature, business, cause; a few dozen rows are a start. Without any labels there is nothing to train: 'run' and 'predict' use a first model, trained from the corpus that came with the program. Let it judge, correct a batch, then train.");
        }
        StageClock clock = new(session.Time);
        clock.Begin("read");
        Labels read = Labels.Read(request.Labels, request.TextColumn, request.Heads, null);
        (LabelledCorpus corpus, string taxonomyId) = Labels.Keyed(read.Corpus, request.Taxonomy, session.Home);
        object findings = LabelNotices.Say(read, corpus, session);
        TrainingOptions plain = new()
        {
            Identity = new ModelIdentity(request.Name ?? taxonomyId, taxonomyId, TextLanguage.Of(corpus.Texts)),
            Seed = request.Seed,
            Threads = request.Threads,
            ReviewBelow = RuleFiles.Rules(session.Home).Value.ReviewBelowProbability,
        };
        TrainingOptions options = ClassificationOptions.WithEngine(plain, request.Engine, corpus, session.Home);
        ComplaintTaxonomy taxonomy = Labels.Taxonomy(taxonomyId, session.Home);
        TrainingPlan plan = TrainingPlan.Of(
            corpus, taxonomy, request.Unlabelled ?? [], request.TextColumn, request.LabelsOnly, request.Seed, stage => clock.Begin(Name(stage)), session);
        if (request.Engine is null && plan.Engine is { } measured)
        {
            options = options with { Engine = measured };
        }
        TrainedClassifier trained = Train(plan.Trainer, corpus, options, session);
        clock.Begin("judge");
        FinishedModel finished = FinishedModel.Of(trained, corpus, taxonomy, options, session.Cancellation, plan.LittleData);
        byte[] bytes = ModelFile.Write(finished.Model);
        clock.End();

        string? state = null;
        if (request.Out is { } path)
        {
            await AtomicFile.WriteAsync(path, bytes, session.Cancellation);
        }
        else
        {
            await using Database database = await Database.OpenAsync(session);
            state = await ModelRegistry.RegisterAsync(database, finished.Model, bytes, session);
        }
        EvaluationDocument held = new(
            finished.HeldOut, row => corpus.Texts[trained.Rows[row]], row => read.RowName(trained.Rows[row]), options.ReviewBelow, EvaluationDocument.DefaultPrecision);
        Report(trained, finished.Model, held, findings, bytes, clock, request.Out, state, session);
        return ExitCodes.Done;
    }

    internal static string Name(TrainingStage stage) => stage switch
    {
        TrainingStage.Features => "features",
        TrainingStage.Fit => "fit",
        _ => "calibrate",
    };

    /// <summary>A corpus that cannot be learned from becomes a fault that says so.</summary>
    internal static TrainedClassifier Train(IClassifierTrainer trainer, LabelledCorpus corpus, TrainingOptions options, CommandSession session)
    {
        try
        {
            return trainer.Train(corpus, options, session.Cancellation);
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
        TrainedClassifier trained, LinearTextModel model, EvaluationDocument held, object findings, byte[] bytes, StageClock clock, string? path, string? state,
        CommandSession session)
    {
        ModelCard card = model.Card;
        string id = ModelFile.IdOf(bytes);
        if (trained.RareClasses.Count > 0)
        {
            session.Notice(
                $"样本不足 10 条的类别：{string.Join("、", trained.RareClasses)}；它们照常参与，但判断不可靠。",
                $"Classes with fewer than 10 texts: {string.Join(", ", trained.RareClasses)}; they take part, but do not rely on them.");
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
            clock.Seconds,
            PeakRssBytes = Process.GetCurrentProcess().PeakWorkingSet64,
            ModelBytes = bytes.Length,
            model.Features,
            NearDuplicates = trained.NearDuplicateTexts,
            trained.RareClasses,
            Findings = findings,
            LittleData = card.LittleData?.In(session.Language),
            HeldOut = held.Json(),
            Card = ModelCardPrint.Json(card),
        });
        session.Line(
            $"模型 {id}（{card.Identity.Taxonomy}，{card.Identity.Language}）：{card.Rows} 条文本，{clock.Seconds["total"]:0.0} 秒，{bytes.Length / 1024.0:0} KB，{(path is null ? $"已登记为 {state}" : $"已写入 {path}")}",
            $"Model {id} ({card.Identity.Taxonomy}, {card.Identity.Language}): {card.Rows} texts, {clock.Seconds["total"]:0.0} s, {bytes.Length / 1024.0:0} KB, {(path is null ? $"registered as {state}" : $"written to {path}")}");
        if (held.Heads.Count == 0)
        {
            session.Line("文本太少或几乎相同，没有留出评估。", "The texts are too few or too alike to hold some out: no figures of quality.");
        }
        else
        {
            session.Line(
                $"留出评估（折内文本未参与训练，近重复文本同侧，共 {trained.NearDuplicateTexts} 条近重复）：",
                $"On held-out texts (folds, near-duplicates on one side; {trained.NearDuplicateTexts} texts are near-duplicates):");
            EvaluationPrint.Print(held, session);
        }
        session.Line("", "");
        ModelCardPrint.Print(id, model, session);
    }
}
