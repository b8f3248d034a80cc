using Pipeline.Models.Classification.Evaluation;

namespace Pipeline.Models.Classification;

/// <summary>How one class fared.</summary>
/// <param name="Precision">0 to 1; 0 where the class was never answered.</param>
/// <param name="Recall">0 to 1; 0 where the class never was the truth.</param>
/// <param name="Support">Texts whose truth is this class.</param>
public sealed record ClassEvaluation(string Class, double Precision, double Recall, double F1, int Support);

/// <summary>One cell of the confusion matrix that is not empty.</summary>
/// <param name="Predicted">Empty where the text got no answer.</param>
public sealed record Confusion(string Truth, string Predicted, int Texts);

/// <summary>A bin of the reliability table: texts of like probability, how sure the model was and how often right.</summary>
public sealed record ReliabilityBin(double MeanProbability, double Accuracy, int Texts);

/// <summary>How the answers of one head compare with the truth.</summary>
/// <param name="Texts">Texts that were judged and have a label.</param>
/// <param name="AccuracyLow">Lower end of the 95 % interval of <paramref name="Accuracy"/>: Wilson's, or the bootstrap's after <see cref="WithIntervals"/>.</param>
/// <param name="AccuracyHigh">Its upper end.</param>
/// <param name="MacroF1">Mean F1 of the classes that occur in truth or answers.</param>
/// <param name="Ece">Expected calibration error of the top answer, 15 bins of equal mass.</param>
/// <param name="Coverage">Share of texts whose probability reaches the review threshold; the others are left to a person.</param>
/// <param name="AccuracyAtCoverage">Accuracy among those; 0 where there are none.</param>
public sealed record HeadEvaluation(
    string Head,
    int Texts,
    double Accuracy,
    double AccuracyLow,
    double AccuracyHigh,
    double MacroF1,
    double Ece,
    double Coverage,
    double AccuracyAtCoverage,
    IReadOnlyList<ClassEvaluation> Classes,
    IReadOnlyList<Confusion> Confusions,
    IReadOnlyList<ReliabilityBin> Reliability)
{
    private const int Bins = 15;

    /// <value>Every judged text in the order in which it was handed over.</value>
    public IReadOnlyList<JudgedAnswer> Answers { get; init; } = [];

    /// <value>95 % interval of <see cref="MacroF1"/>; null before <see cref="WithIntervals"/>.</value>
    public Interval? MacroF1Interval { get; init; }

    /// <value>Groups of near-duplicates that the bootstrap drew; null before <see cref="WithIntervals"/>.</value>
    public int? Groups { get; init; }

    /// <summary>Compares answers with the truth.</summary>
    /// <param name="truth">Class of each text, or null where it has no label: such texts are not judged.</param>
    /// <param name="answers">Class and probability of each text; a null class is an answer that is wrong.</param>
    /// <param name="reviewBelow">Probability below which an answer goes to review, 0 to 1.</param>
    public static HeadEvaluation Of(
        string head, IReadOnlyList<string?> truth, IReadOnlyList<(string? Class, float Probability)> answers, double reviewBelow) =>
        Of(
            head,
            [.. Enumerable.Range(0, truth.Count).Where(i => truth[i] is not null)
                .Select(i => new JudgedAnswer(i, truth[i]!, answers[i].Class, answers[i].Probability))],
            reviewBelow);

    public static HeadEvaluation Of(string head, IReadOnlyList<JudgedAnswer> judged, double reviewBelow)
    {
        Dictionary<(string Truth, string Predicted), int> cells = [];
        foreach (JudgedAnswer one in judged)
        {
            (string, string) cell = (one.Truth, one.Answer ?? "");
            cells[cell] = cells.GetValueOrDefault(cell) + 1;
        }
        ClassEvaluation[] classes = PerClass(cells);
        ReliabilityBin[] reliability = Reliable(judged);
        JudgedAnswer[] sure = [.. judged.Where(j => j.Probability >= reviewBelow)];
        int right = judged.Count(j => j.Right);
        Interval interval = Interval.Wilson(right, judged.Count);
        return new HeadEvaluation(
            head,
            judged.Count,
            Share(right, judged.Count),
            interval.Low,
            interval.High,
            classes.Length == 0 ? 0 : classes.Average(c => c.F1),
            reliability.Sum(b => Math.Abs(b.MeanProbability - b.Accuracy) * b.Texts) / Math.Max(1, judged.Count),
            Share(sure.Length, judged.Count),
            Share(sure.Count(j => j.Right), sure.Length),
            classes,
            [.. cells.OrderBy(c => c.Key.Truth, StringComparer.Ordinal).ThenBy(c => c.Key.Predicted, StringComparer.Ordinal)
                .Select(c => new Confusion(c.Key.Truth, c.Key.Predicted, c.Value))],
            reliability)
        { Answers = judged };
    }

    /// <summary>The same with bootstrap intervals: 1,000 draws of whole groups, percentiles. The same for any number of threads.</summary>
    /// <param name="groups">For each text that was handed over (<see cref="JudgedAnswer.Row"/>) a number that names its group of near-duplicates; null: each text by itself.</param>
    /// <param name="threads">At least 1.</param>
    public HeadEvaluation WithIntervals(IReadOnlyList<int>? groups, int seed, int threads)
    {
        if (Answers.Count == 0)
        {
            return this;
        }
        ResampledTexts texts = new(Answers.Count, groups is null ? null : [.. Answers.Select(a => groups[a.Row])], seed);
        AnswerTally tally = new(Answers, AnswerTally.NamesOf(Answers));
        double[] accuracies = new double[ResampledTexts.Draws];
        double[] macros = new double[ResampledTexts.Draws];
        Parallel.For(0, ResampledTexts.Draws, new ParallelOptions { MaxDegreeOfParallelism = threads }, () => new int[Answers.Count], (draw, _, times) =>
        {
            texts.Draw(draw, times);
            (accuracies[draw], macros[draw]) = tally.Score(times);
            return times;
        }, _ => { });
        Interval accuracy = Interval.Percentile(accuracies);
        return this with
        {
            AccuracyLow = accuracy.Low,
            AccuracyHigh = accuracy.High,
            MacroF1Interval = Interval.Percentile(macros),
            Groups = texts.Groups,
        };
    }

    /// <summary>The wrong answers that the model was surest of, surest first.</summary>
    public IReadOnlyList<JudgedAnswer> WorstErrors(int count) =>
        [.. Answers.Where(a => !a.Right).OrderByDescending(a => a.Probability).ThenBy(a => a.Row).Take(count)];

    /// <summary>The confusions of different classes, most texts first.</summary>
    public IReadOnlyList<Confusion> LargestConfusions(int count) =>
        [.. Confusions.Where(c => c.Truth != c.Predicted).OrderByDescending(c => c.Texts).Take(count)];

    /// <summary>For each class the probability from which its answers are at least <paramref name="precision"/> precise.</summary>
    public IReadOnlyList<ClassThreshold> ThresholdsAt(double precision) => Thresholds.PerClass(Answers, Classes, precision);

    /// <summary>How many texts can be answered at <paramref name="accuracy"/>.</summary>
    public CoverageAtAccuracy CoverageAt(double accuracy) => Thresholds.Coverage(Answers, accuracy);

    private static double Share(int part, int whole) => whole == 0 ? 0 : (double)part / whole;

    private static ClassEvaluation[] PerClass(Dictionary<(string Truth, string Predicted), int> cells)
    {
        Dictionary<string, int> supports = [];
        Dictionary<string, int> answered = [];
        foreach (((string truth, string predicted), int texts) in cells)
        {
            supports[truth] = supports.GetValueOrDefault(truth) + texts;
            if (predicted.Length > 0)
            {
                answered[predicted] = answered.GetValueOrDefault(predicted) + texts;
            }
        }
        return [.. supports.Keys.Union(answered.Keys).Order(StringComparer.Ordinal).Select(name =>
        {
            int hits = cells.GetValueOrDefault((name, name));
            double precision = Share(hits, answered.GetValueOrDefault(name));
            double recall = Share(hits, supports.GetValueOrDefault(name));
            return new ClassEvaluation(
                name, precision, recall, hits == 0 ? 0 : 2 * precision * recall / (precision + recall), supports.GetValueOrDefault(name));
        })];
    }

    private static ReliabilityBin[] Reliable(IReadOnlyList<JudgedAnswer> judged)
    {
        JudgedAnswer[] order = [.. judged.OrderBy(j => j.Probability)];
        List<ReliabilityBin> bins = [];
        for (int bin = 0; bin < Bins; bin++)
        {
            ReadOnlySpan<JudgedAnswer> members = order.AsSpan()[(int)((long)bin * order.Length / Bins)..(int)((long)(bin + 1) * order.Length / Bins)];
            double sum = 0;
            int right = 0;
            foreach (JudgedAnswer member in members)
            {
                sum += member.Probability;
                right += member.Right ? 1 : 0;
            }
            if (members.Length > 0)
            {
                bins.Add(new ReliabilityBin(sum / members.Length, Share(right, members.Length), members.Length));
            }
        }
        return [.. bins];
    }
}
