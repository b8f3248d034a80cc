using Pipeline.Models.Classification.Evaluation;

namespace Pipeline.Models.Classification.LittleData;

/// <summary>
/// Trains the linear engine with few labels: a model of the labels and the keywords of the taxonomy, each knowing something that the other
/// does not, together guess the classes of unlabelled texts; the model is trained again on labels and guesses, and what comes of it is a
/// model like any other. (Self-training with a second view, after Blum and Mitchell 1998.)
/// </summary>
/// <remarks>
/// Held-out figures are those of training all this anew for each fold, so that no guess ever rests on a label that it is judged by.
/// Probabilities are fitted by the engine on held-out labels that guesses of the last round do rest on.
/// </remarks>
public sealed class LittleDataTrainer : IClassifierTrainer
{
    private const double LeastProbability = 1e-4;

    private readonly KeywordKnowledge knowledge;
    private readonly string[] unlabelled;
    private readonly LittleDataOptions settings;
    private readonly Lazy<Dictionary<string, KeywordScores>> scores;
    private readonly Action<TrainingStage>? onStage;
    private readonly bool judge;

    /// <param name="unlabelled">Texts without labels; should hold none of the labelled ones.</param>
    /// <param name="onStage">Told as the stages begin: keywords are counted, all rounds are trained, the model is judged.</param>
    /// <param name="judge">Whether held-out figures are wanted; they cost as many trainings as there are folds.</param>
    public LittleDataTrainer(
        KeywordKnowledge knowledge, IReadOnlyList<string> unlabelled, LittleDataOptions? settings = null, Action<TrainingStage>? onStage = null,
        bool judge = true)
    {
        this.knowledge = knowledge;
        this.settings = settings ?? new LittleDataOptions();
        this.unlabelled = [.. unlabelled];
        this.onStage = onStage;
        this.judge = judge;
        scores = new(() =>
        {
            string[] folded = [.. this.unlabelled.Select(KeywordKnowledge.Fold)];
            return knowledge.Heads.ToDictionary(head => head, head => new KeywordScores(knowledge, head, folded), StringComparer.Ordinal);
        });
    }

    /// <inheritdoc/>
    public TrainedClassifier Train(LabelledCorpus corpus, TrainingOptions options, CancellationToken cancellation = default)
    {
        onStage?.Invoke(TrainingStage.Features);
        _ = scores.Value;
        onStage?.Invoke(TrainingStage.Fit);
        TrainedClassifier whole = TrainOn(corpus, options, cancellation);
        int[] rows = [.. whole.Rows.Where(row => row < corpus.Texts.Count)];
        LabelledCorpus used = corpus.Take(rows);
        onStage?.Invoke(TrainingStage.Calibrate);
        IReadOnlyList<HeadEvaluation> heldOut = [];
        int nearDuplicates = 0;
        if (judge && rows.Length > 1)
        {
            try
            {
                CrossValidationResult judged = CrossValidation.Run(used, options, part => TrainOn(part, options, cancellation).Model, cancellation);
                (heldOut, nearDuplicates) = (judged.Heads, judged.NearDuplicateTexts);
            }
            catch (TrainingException)
            {
                heldOut = []; // a fold without any label of a head: as with one text, there is nothing to judge by
            }
        }
        return whole.OfFirst(corpus, options) with { HeldOut = heldOut, NearDuplicateTexts = nearDuplicates };
    }

    private TrainedClassifier TrainOn(LabelledCorpus corpus, TrainingOptions options, CancellationToken cancellation)
    {
        // Guessing needs probabilities of the right order, not their last digit: two folds of the fast engine do for all rounds but the last.
        TrainingOptions quick = options with { Folds = 2, Engine = ClassifierEngine.Linear };
        TrainedClassifier trained = new LinearTrainer().Train(corpus, settings.Rounds > 0 ? quick : options, cancellation);
        for (int round = 0; round < settings.Rounds; round++)
        {
            string?[][] guesses = [.. corpus.Columns.Select((column, head) => Guess(trained.Model, head, column.Head))];
            int[] guessed = [.. Enumerable.Range(0, unlabelled.Length).Where(text => guesses.Any(g => g[text] is not null))];
            LabelledCorpus joined = new(
                [.. corpus.Texts, .. guessed.Select(text => unlabelled[text])],
                [.. corpus.Columns.Select((c, head) => new LabelColumn(c.Head, [.. c.Labels, .. guessed.Select(text => guesses[head][text])]))],
                [.. corpus.Weights ?? [.. corpus.Texts.Select(_ => 1f)], .. guessed.Select(_ => settings.Weight)]);
            trained = new LinearTrainer().Train(joined, round + 1 < settings.Rounds ? quick : options, cancellation);
        }
        return trained;
    }

    /// <summary>For each unlabelled text the class that model and keywords together think likeliest; null where they are among the least sure.</summary>
    private string?[] Guess(LinearTextModel model, int head, string name)
    {
        IReadOnlyList<string> known = knowledge.Classes(name);
        string[] classes = [.. model.Heads[head].Classes.Union(known, StringComparer.Ordinal)];
        int[] place = [.. known.Select(c => Array.IndexOf(classes, c))];
        (int Class, double Probability)[] best = [.. unlabelled.Select((text, row) =>
        {
            IReadOnlyList<double> probabilities = model.Probabilities(text, head);
            if (probabilities.Count == 0)
            {
                return (-1, 0.0);
            }
            double[] logs = [.. classes.Select((_, c) => Math.Log(Math.Max(LeastProbability, c < probabilities.Count ? probabilities[c] : 0)))];
            if (scores.Value.TryGetValue(name, out KeywordScores? own))
            {
                double[] words = own.Of(row);
                for (int c = 0; c < place.Length; c++)
                {
                    logs[place[c]] += settings.KeywordScale * words[c];
                }
            }
            int top = Array.IndexOf(logs, logs.Max());
            return (top, 1 / logs.Sum(l => Math.Exp(l - logs[top])));
        })];
        string?[] guesses = new string?[unlabelled.Length];
        foreach (int text in Enumerable.Range(0, unlabelled.Length).Where(t => best[t].Class >= 0)
            .OrderByDescending(t => best[t].Probability).Take((int)Math.Ceiling(settings.Share * unlabelled.Length)))
        {
            guesses[text] = classes[best[text].Class];
        }
        return guesses;
    }
}
