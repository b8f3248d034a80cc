using System.CommandLine;
using System.Globalization;
using Pipeline.Jobs.Rules;
using Pipeline.Jobs.Shell;
using Pipeline.Models.Classification;
using Pipeline.Models.Taxonomy;
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
        return new Command(
            "evaluate",
            "Accuracy, macro-F1, calibration and confusion of a model on labelled texts / 在标注文本上评估模型\n"
            + "Example: pipeline evaluate --labels labels.csv --model champion --heads nature,cause\n"
            + "Example: pipeline evaluate --labels labels.csv --folds 5")
        {
            labels, textColumn, heads, model, taxonomy, until, dateColumn, folds, engine, threads,
        }.Runs((parsed, session) => RunAsync(
            new EvaluateRequest(
                parsed.GetValue(labels)!, parsed.GetValue(textColumn)!, ClassificationOptions.HeadNames(parsed.GetValue(heads)),
                parsed.GetValue(model), parsed.GetValue(taxonomy), parsed.GetValue(until), parsed.GetValue(dateColumn), parsed.GetValue(folds),
                ClassificationOptions.AtLeastOne(parsed.GetValue(threads)), parsed.GetValue(engine)),
            session));
    }

    internal sealed record EvaluateRequest(
        IReadOnlyList<string> Labels, string TextColumn, IReadOnlyList<string>? Heads, string? Model, string? Taxonomy,
        string? Until, string? DateColumn, int? Folds, int Threads, string? Engine = null);

    internal static async Task<int> RunAsync(EvaluateRequest request, CommandSession session)
    {
        DateOnly? until = Until(request.Until);
        if (request.Folds is < 2 || (request.Folds is not null && (request.Model is not null || until is not null)))
        {
            throw PipelineFault.Usage(
                "--folds 至少为 2，且不能与 --model、--until 同用。", "--folds is at least 2 and goes with neither --model nor --until.");
        }
        StageClock clock = new(session.Time);
        clock.Begin("read");
        string? dateColumn = until is null ? null : request.DateColumn ?? Classification.Labels.DateColumn(request.Labels[0]);
        Labels read = Classification.Labels.Read(request.Labels, request.TextColumn, request.Heads, dateColumn);
        double reviewBelow = RuleFiles.Rules(session.Home).Value.ReviewBelowProbability;
        TrainingOptions options = ClassificationOptions.WithEngine(
            new TrainingOptions { Threads = request.Threads, ReviewBelow = reviewBelow }, request.Engine, read.Corpus, session.Home);
        if (request.Folds is { } folds)
        {
            clock.Begin("train_and_predict");
            CrossValidationResult result = CrossValidation.Run(read.Corpus, options with { Folds = folds }, session.Cancellation);
            clock.End();
            Report(null, result.Rows, result.Heads, clock, clock.Seconds["train_and_predict"], session);
            return ExitCodes.Done;
        }
        LabelledCorpus corpus = read.Corpus;
        IdentifiedModel model;
        if (until is { } last)
        {
            int[] later = [.. Enumerable.Range(0, corpus.Texts.Count).Where(i => read.Dates![i] > last)];
            int[] earlier = [.. Enumerable.Range(0, corpus.Texts.Count).Where(i => read.Dates![i] <= last)];
            if (later.Length == 0 || (request.Model is null && earlier.Length == 0))
            {
                throw PipelineFault.Failed(
                    $"{last:yyyy-MM-dd} 及之前有 {earlier.Length} 行，之后有 {later.Length} 行，日期读不出的有 {corpus.Texts.Count - earlier.Length - later.Length} 行；两边都需要有行。",
                    $"{earlier.Length} rows are dated up to {last:yyyy-MM-dd}, {later.Length} later, and {corpus.Texts.Count - earlier.Length - later.Length} have no readable date; both sides need rows.");
            }
            model = request.Model is null
                ? TrainOn(corpus.Take(earlier), options, clock, session)
                : await ModelChoice.LoadAsync(request.Model, request.Taxonomy, corpus.Texts, session);
            corpus = corpus.Take(later);
        }
        else
        {
            model = await ModelChoice.LoadAsync(request.Model, request.Taxonomy, corpus.Texts, session);
        }
        ComplaintTaxonomy taxonomy = Classification.Labels.Taxonomy(model.Model.Card.Identity.Taxonomy, session.Home);
        corpus = Classification.Labels.InKeys(corpus, taxonomy);
        clock.Begin("predict");
        HeadPrediction[] answers = model.Model.Predict(corpus.Texts, request.Threads, session.Cancellation);
        clock.Begin("judge");
        HeadEvaluation[] heads = [.. corpus.Columns.Select(column => Judge(model.Model, column, answers, reviewBelow))];
        clock.End();
        Report(model.Id, corpus.Texts.Count, heads, clock, clock.Seconds["predict"], session);
        return ExitCodes.Done;
    }

    /// <summary>What <c>evaluate</c> and <c>train</c> say about heads as JSON.</summary>
    internal static Dictionary<string, object> Documents(IEnumerable<HeadEvaluation> heads) => heads.ToDictionary(
        h => h.Head,
        object (h) => new
        {
            h.Texts,
            h.Accuracy,
            h.AccuracyLow,
            h.AccuracyHigh,
            h.MacroF1,
            h.Ece,
            h.Coverage,
            h.AccuracyAtCoverage,
            h.Classes,
            Confusion = h.Confusions,
            h.Reliability,
        });

    /// <summary>A line for each head on standard output.</summary>
    internal static void Summary(IEnumerable<HeadEvaluation> heads, CommandSession session)
    {
        foreach (HeadEvaluation h in heads)
        {
            session.Line(
                $"  {h.Head}：准确率 {h.Accuracy:0.000}（95% 区间 {h.AccuracyLow:0.000}–{h.AccuracyHigh:0.000}），宏 F1 {h.MacroF1:0.000}，校准误差 {h.Ece:0.000}，达到复核阈值的占 {h.Coverage:0.0%}、其中准确率 {h.AccuracyAtCoverage:0.000}，{h.Texts} 条",
                $"  {h.Head}: accuracy {h.Accuracy:0.000} (95% interval {h.AccuracyLow:0.000}-{h.AccuracyHigh:0.000}), macro-F1 {h.MacroF1:0.000}, calibration error {h.Ece:0.000}, {h.Coverage:0.0%} above the review threshold with accuracy {h.AccuracyAtCoverage:0.000}, {h.Texts} texts");
        }
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

    private static IdentifiedModel TrainOn(LabelledCorpus corpus, TrainingOptions options, StageClock clock, CommandSession session)
    {
        TrainingOptions named = options with { Identity = new ModelIdentity("until", "generic", TextLanguage.Of(corpus.Texts)) };
        LinearTextModel model = TrainCommand.Train(corpus, named, clock, session).Model;
        return new IdentifiedModel(ModelFile.IdOf(ModelFile.Write(model)), model);
    }

    private static HeadEvaluation Judge(LinearTextModel model, LabelColumn column, HeadPrediction[] answers, double reviewBelow)
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

    private static void Report(
        string? modelId, int rows, IReadOnlyList<HeadEvaluation> heads, StageClock clock, double predictSeconds, CommandSession session)
    {
        double perSecond = predictSeconds > 0 ? Math.Round(rows / predictSeconds) : 0;
        session.Document(new { ModelId = modelId, Rows = rows, Heads = Documents(heads), clock.Seconds, RowsPerSecond = perSecond });
        session.Line(
            modelId is null ? $"交叉验证，{rows} 条文本" : $"模型 {modelId}，{rows} 条文本，每秒 {perSecond:0} 条",
            modelId is null ? $"Cross-validation on {rows} texts" : $"Model {modelId}, {rows} texts, {perSecond:0} a second");
        Summary(heads, session);
        foreach (HeadEvaluation head in heads)
        {
            session.Line($"{head.Head}：类别 / 精确率 / 召回率 / F1 / 条数", $"{head.Head}: class / precision / recall / F1 / texts");
            foreach (ClassEvaluation c in head.Classes)
            {
                session.Line(
                    $"  {c.Class}  {c.Precision:0.000}  {c.Recall:0.000}  {c.F1:0.000}  {c.Support}",
                    $"  {c.Class}  {c.Precision:0.000}  {c.Recall:0.000}  {c.F1:0.000}  {c.Support}");
            }
            session.Line("  最常见的混淆（实际 → 判为）：", "  most frequent confusions (truth -> answer):");
            foreach (Confusion cell in head.Confusions.Where(c => c.Truth != c.Predicted).OrderByDescending(c => c.Texts).Take(5))
            {
                session.Line($"    {cell.Truth} → {cell.Predicted}  {cell.Texts}", $"    {cell.Truth} -> {cell.Predicted}  {cell.Texts}");
            }
        }
    }
}
