using System.CommandLine;
using System.Globalization;
using Pipeline.Jobs.Rules;
using Pipeline.Jobs.Shell;
using Pipeline.Models.Classification;
using Pipeline.Models.Classification.Evaluation;
using Pipeline.Models.Classification.LittleData;
using Pipeline.Models.Text;

namespace Pipeline.Jobs.Classification;

/// <summary><c>evaluate</c>: how a model's answers compare with labels.</summary>
public static class EvaluateCommand
{
    public static Command Create()
    {
        Option<string[]> labels = ClassificationOptions.Labels();
        Option<string> textColumn = ClassificationOptions.TextColumn();
        Option<string?> heads = ClassificationOptions.Heads();
        Option<string?> model = ClassificationOptions.Model();
        Option<string?> taxonomy = ClassificationOptions.Taxonomy();
        Option<int> threads = ClassificationOptions.Threads();
        Option<string?> until = new("--until")
        {
            Description = "Split by time: judge only rows later than this day (yyyy-MM-dd); without --model, train on those up to it / 按日期划分",
        };
        Option<string?> dateColumn = new("--date-column") { Description = "Column of the date for --until / 日期列" };
        Option<int?> folds = new("--folds")
        {
            Description = "No model: train and judge in this many folds of the labels, near-duplicates on one side / 交叉验证折数",
        };
        Option<string?> engine = ClassificationOptions.Engine();
        Option<bool> labelsOnly = new("--labels-only") { Description = "With --folds and --until: train on labels alone, without the starter corpus / 只用标注训练" };
        Option<double> precision = new("--precision")
        {
            Description = "Precision, 0 to 1, that the thresholds per class are to reach / 各类别阈值要达到的精确率",
            DefaultValueFactory = _ => EvaluationDocument.DefaultPrecision,
        };
        return new Command(
            "evaluate",
            "Accuracy, macro-F1, classes, confusions, worst errors and calibration of a model on labelled texts / 在标注文本上评估模型\n"
            + "Example: pipeline evaluate --labels labels.csv --model champion --heads nature,cause\n"
            + "Example: pipeline evaluate --labels labels.csv --folds 5")
        {
            labels, textColumn, heads, model, taxonomy, until, dateColumn, folds, precision, engine, labelsOnly, threads,
        }.Runs((parsed, session) => RunAsync(
            new EvaluateRequest(
                parsed.GetValue(labels)!, parsed.GetValue(textColumn)!, ClassificationOptions.HeadNames(parsed.GetValue(heads)),
                parsed.GetValue(model), parsed.GetValue(taxonomy), parsed.GetValue(until), parsed.GetValue(dateColumn), parsed.GetValue(folds),
                ClassificationOptions.AtLeastOne(parsed.GetValue(threads)), parsed.GetValue(precision), parsed.GetValue(engine),
                parsed.GetValue(labelsOnly)),
            session));
    }

    internal sealed record EvaluateRequest(
        IReadOnlyList<string> Labels, string TextColumn, IReadOnlyList<string>? Heads, string? Model, string? Taxonomy,
        string? Until, string? DateColumn, int? Folds, int Threads,
        double Precision = EvaluationDocument.DefaultPrecision, string? Engine = null, bool LabelsOnly = false);

    internal static async Task<int> RunAsync(EvaluateRequest request, CommandSession session)
    {
        DateOnly? until = Until(request.Until);
        if (request.Folds is < 2 || (request.Folds is not null && (request.Model is not null || until is not null)))
        {
            throw PipelineFault.Usage(
                "--folds 至少为 2，且不能与 --model、--until 同用。", "--folds is at least 2 and goes with neither --model nor --until.");
        }
        if (request.Precision is not (> 0 and <= 1))
        {
            throw PipelineFault.Usage($"--precision 应在 0 与 1 之间，收到 {request.Precision}。", $"--precision lies between 0 and 1; it was {request.Precision}.");
        }
        StageClock clock = new(session.Time);
        clock.Begin("read");
        string? dateColumn = until is null ? null : request.DateColumn ?? Classification.Labels.DateColumn(request.Labels[0]);
        Labels read = Classification.Labels.Read(request.Labels, request.TextColumn, request.Heads, dateColumn);
        double reviewBelow = RuleFiles.Rules(session.Home).Value.ReviewBelowProbability;
        TrainingOptions options = ClassificationOptions.WithEngine(
            new TrainingOptions { Threads = request.Threads, ReviewBelow = reviewBelow }, request.Engine, read.Corpus, session.Home);
        object findings = LabelNotices.Say(read, read.Corpus, session);
        Judged judged = request.Folds is { } folds
            ? InFolds(read.Corpus, request, options with { Folds = folds }, clock, session)
            : until is { } last
                ? await LaterAsync(read, last, request, options, clock, session)
                : await WithModelAsync(read.Corpus, [.. Enumerable.Range(0, read.Corpus.Texts.Count)], request, reviewBelow, clock, session);
        clock.End();
        EvaluationDocument document = new(
            judged.Heads, row => read.Corpus.Texts[judged.Rows[row]], row => read.RowName(judged.Rows[row]), reviewBelow, request.Precision);
        Report(judged, document, findings, clock, session);
        return ExitCodes.Done;
    }

    /// <summary>What was judged.</summary>
    /// <param name="ModelId">Null for cross-validation.</param>
    /// <param name="Rows">Row of the corpus of each text that the heads were judged on.</param>
    /// <param name="Seen">Of those, how many the model was trained on; null where that is not known.</param>
    /// <param name="LeftOut">Later rows that are near-duplicates of rows up to the day of <c>--until</c>; null without it.</param>
    private sealed record Judged(string? ModelId, IReadOnlyList<HeadEvaluation> Heads, IReadOnlyList<int> Rows, int Texts, int? Seen, int? LeftOut, double PredictSeconds);

    private static Judged InFolds(LabelledCorpus labels, EvaluateRequest request, TrainingOptions options, StageClock clock, CommandSession session)
    {
        clock.Begin("train_and_predict");
        (LabelledCorpus corpus, string taxonomyId) = Classification.Labels.Keyed(labels, request.Taxonomy, session.Home);
        IClassifierTrainer trainer = Trainer(corpus, taxonomyId, request, session);
        try
        {
            CrossValidationResult result = CrossValidation.Run(
                corpus, options, part => trainer.Train(part, options, session.Cancellation).Model, session.Cancellation);
            clock.End();
            return new Judged(
                null, result.Heads, [.. Enumerable.Range(0, corpus.Texts.Count)], result.Rows, null, null, clock.Seconds["train_and_predict"]);
        }
        catch (TrainingException fault)
        {
            throw PipelineFault.Failed($"无法交叉验证：{fault.Message}。", $"Cannot cross-validate: {fault.Message}.", fault);
        }
    }

    /// <summary>Labels alone, or with the starter corpus of the taxonomy as <c>train</c> takes it.</summary>
    private static IClassifierTrainer Trainer(
        LabelledCorpus corpus, string taxonomyId, EvaluateRequest request, CommandSession session, Action<TrainingStage>? onStage = null)
    {
        LinearTrainer plain = new(onStage);
        if (request.LabelsOnly)
        {
            return plain;
        }
        (IClassifierTrainer trainer, Bilingual? said) = StarterFiles.Beside(plain, corpus, taxonomyId, session.Home);
        if (said is not null)
        {
            session.Notice(said.Zh, said.En);
        }
        return trainer;
    }

    private static async Task<Judged> LaterAsync(
        Labels read, DateOnly last, EvaluateRequest request, TrainingOptions options, StageClock clock, CommandSession session)
    {
        (LabelledCorpus corpus, string taxonomyId) = Classification.Labels.Keyed(read.Corpus, request.Taxonomy, session.Home);
        int[] later = [.. Enumerable.Range(0, corpus.Texts.Count).Where(i => read.Dates![i] > last)];
        int[] earlier = [.. Enumerable.Range(0, corpus.Texts.Count).Where(i => read.Dates![i] <= last)];
        if (later.Length == 0 || (request.Model is null && earlier.Length == 0))
        {
            throw PipelineFault.Failed(
                $"{last:yyyy-MM-dd} 及之前有 {earlier.Length} 行，之后有 {later.Length} 行，日期读不出的有 {corpus.Texts.Count - earlier.Length - later.Length} 行；两边都需要有行。",
                $"{earlier.Length} rows are dated up to {last:yyyy-MM-dd}, {later.Length} later, and {corpus.Texts.Count - earlier.Length - later.Length} have no readable date; both sides need rows.");
        }
        clock.Begin("split");
        int[] leaders = NearDuplicateIndex.Group(corpus.Texts, threads: options.Threads, cancellation: session.Cancellation).Leaders;
        HashSet<int> known = [.. earlier.Select(i => leaders[i])];
        int[] fresh = [.. later.Where(i => !known.Contains(leaders[i]))];
        if (fresh.Length == 0)
        {
            throw PipelineFault.Failed(
                $"{last:yyyy-MM-dd} 之后的 {later.Length} 行都与之前的文本近重复，无从评估。",
                $"All {later.Length} rows after {last:yyyy-MM-dd} are near-duplicates of earlier texts: there is nothing to judge on.");
        }
        if (fresh.Length < later.Length)
        {
            session.Notice(
                $"{later.Length - fresh.Length} 行与 {last:yyyy-MM-dd} 及之前的文本近重复，未参与评估。",
                $"{later.Length - fresh.Length} rows are near-duplicates of texts up to {last:yyyy-MM-dd} and are not judged.");
        }
        IdentifiedModel? own = request.Model is null
            ? TrainOn(
                Trainer(corpus, taxonomyId, request, session, stage => clock.Begin(TrainCommand.Name(stage))), corpus.Take(earlier),
                options with { Identity = new ModelIdentity("until", taxonomyId, TextLanguage.Of(corpus.Texts)) }, session)
            : null;
        return await WithModelAsync(read.Corpus, fresh, request, options.ReviewBelow, clock, session, own) with { LeftOut = later.Length - fresh.Length };
    }

    private static async Task<Judged> WithModelAsync(
        LabelledCorpus whole, int[] rows, EvaluateRequest request, double reviewBelow, StageClock clock, CommandSession session, IdentifiedModel? given = null)
    {
        LabelledCorpus corpus = whole.Take(rows);
        IdentifiedModel model = given ?? await ModelChoice.LoadAsync(request.Model, request.Taxonomy, corpus.Texts, session);
        corpus = Classification.Labels.InKeys(corpus, Classification.Labels.Taxonomy(model.Model.Card.Identity.Taxonomy, session.Home));
        clock.Begin("predict");
        HeadPrediction[] answers = model.Model.Predict(corpus.Texts, request.Threads, session.Cancellation);
        clock.Begin("judge");
        int[] groups = NearDuplicateIndex.Group(corpus.Texts, threads: request.Threads, cancellation: session.Cancellation).Leaders;
        HeadEvaluation[] heads =
        [
            .. corpus.Columns.Select(column => Judge(model.Model, column, answers, reviewBelow)
                .WithIntervals(groups, seed: 1, request.Threads)),
        ];
        int? seen = model.Model.Card.SeenTexts is { } packed ? SeenTexts.Parse(packed).Contains(corpus.Texts).Count(s => s) : null;
        if (seen > 0)
        {
            session.Notice(
                $"注意：{rows.Length} 行中有 {seen} 行是该模型训练过的文本，指标会偏高。",
                $"Note: the model was trained on {seen} of the {rows.Length} texts; the figures flatter it.");
        }
        return new Judged(model.Id, heads, rows, rows.Length, seen, null, clock.Seconds["predict"]);
    }

    /// <summary>How a model's answers under one head compare with a column of labels.</summary>
    internal static HeadEvaluation Judge(LinearTextModel model, LabelColumn column, HeadPrediction[] answers, double reviewBelow)
    {
        int head = model.Heads.Select(h => h.Name).ToList().IndexOf(column.Head);
        if (head < 0)
        {
            throw PipelineFault.Usage(
                $"该模型没有 {column.Head} 这一项；它有：{string.Join("、", model.Heads.Select(h => h.Name))}。请用 --heads 选择。",
                $"The model has no head {column.Head}; it has: {string.Join(", ", model.Heads.Select(h => h.Name))}. Choose with --heads.");
        }
        IReadOnlyList<string> classes = model.Heads[head].Classes;
        (string?, float)[] own = [.. column.Labels.Select((_, text) =>
        {
            HeadPrediction answer = answers[(text * model.Heads.Count) + head];
            return (answer.Class == HeadPrediction.None ? null : classes[answer.Class], answer.Probability);
        })];
        return HeadEvaluation.Of(column.Head, column.Labels, own, reviewBelow);
    }

    private static DateOnly? Until(string? option)
    {
        if (option is null)
        {
            return null;
        }
        return DateOnly.TryParseExact(option, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day)
            ? day
            : throw PipelineFault.Usage($"--until 应为 yyyy-MM-dd，收到“{option}”。", $"--until takes yyyy-MM-dd; it was '{option}'.");
    }

    private static IdentifiedModel TrainOn(IClassifierTrainer trainer, LabelledCorpus corpus, TrainingOptions options, CommandSession session)
    {
        TrainedClassifier trained = TrainCommand.Train(trainer, corpus, options, session);
        LinearTextModel model = trained.Model.WithCard(trained.Model.Card with { SeenTexts = SeenTexts.Of(trained.Rows.Select(r => corpus.Texts[r])).Pack() });
        return new IdentifiedModel(ModelFile.IdOf(ModelFile.Write(model)), model);
    }

    private static void Report(Judged judged, EvaluationDocument document, object findings, StageClock clock, CommandSession session)
    {
        double perSecond = judged.PredictSeconds > 0 ? Math.Round(judged.Texts / judged.PredictSeconds) : 0;
        session.Document(new
        {
            judged.ModelId,
            Rows = judged.Texts,
            RowsSeenInTraining = judged.Seen,
            RowsLeftOutAsNearDuplicates = judged.LeftOut,
            Heads = document.Json(),
            Findings = findings,
            clock.Seconds,
            RowsPerSecond = perSecond,
        });
        session.Line(
            judged.ModelId is null ? $"交叉验证，{judged.Texts} 条文本" : $"模型 {judged.ModelId}，{judged.Texts} 条文本，每秒 {perSecond:0} 条",
            judged.ModelId is null ? $"Cross-validation on {judged.Texts} texts" : $"Model {judged.ModelId}, {judged.Texts} texts, {perSecond:0} a second");
        if (judged is { ModelId: not null, Seen: null })
        {
            session.Line("该模型没有记录训练过哪些文本，无法得知其中有无训练文本。", "The model does not say which texts it was trained on: some of these may be among them.");
        }
        EvaluationPrint.Print(document, session);
    }
}
