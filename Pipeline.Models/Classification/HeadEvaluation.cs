namespace Pipeline.Models.Classification;

/// <summary>How one class fared.</summary>
/// <param name="Precision">0 to 1; 0 where the class was never answered.</param>
/// <param name="Recall">0 to 1; 0 where the class never was the truth.</param>
/// <param name="Support">Texts whose truth is this class.</param>
public sealed record ClassEvaluation(string Class, double Precision, double Recall, double F1, int Support);

/// <summary>One cell of the confusion matrix that is not empty.</summary>
public sealed record Confusion(string Truth, string Predicted, int Texts);

/// <summary>A bin of the reliability table: texts of like probability, how sure the model was and how often right.</summary>
public sealed record ReliabilityBin(double MeanProbability, double Accuracy, int Texts);

/// <summary>How the answers of one head compare with the truth.</summary>
/// <param name="Texts">Texts that were judged and have a label.</param>
/// <param name="AccuracyLow">Lower end of the 95 % interval (Wilson) of <paramref name="Accuracy"/>.</param>
/// <param name="AccuracyHigh">Its upper end.</param>
/// <param name="MacroF1">Mean F1 of the classes that occur in truth or answers.</param>
/// <param name="Ece">Expected calibration error of the top answer, 15 bins of equal mass.</param>
/// <param name="Coverage">Share of texts whose probability reaches the review threshold.</param>
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

    /// <summary>Compares answers with the truth.</summary>
    /// <param name="truth">Class of each text, or null where it has no label: such texts are not judged.</param>
    /// <param name="answers">Class and probability of each text; a null class is an answer that is wrong.</param>
    /// <param name="reviewBelow">Probability below which an answer goes to review, 0 to 1.</param>
    public static HeadEvaluation Of(
        string head, IReadOnlyList<string?> truth, IReadOnlyList<(string? Class, float Probability)> answers, double reviewBelow)
    {
        int[] judged = [.. Enumerable.Range(0, truth.Count).Where(i => truth[i] is not null)];
        bool[] right = [.. judged.Select(i => truth[i] == answers[i].Class)];
        float[] probabilities = [.. judged.Select(i => answers[i].Probability)];
        Dictionary<(string Truth, string Predicted), int> cells = [];
        foreach (int i in judged)
        {
            (string, string) cell = (truth[i]!, answers[i].Class ?? "");
            cells[cell] = cells.GetValueOrDefault(cell) + 1;
        }
        ClassEvaluation[] classes = PerClass(cells);
        ReliabilityBin[] reliability = Reliable(right, probabilities);
        int[] sure = [.. Enumerable.Range(0, judged.Length).Where(i => probabilities[i] >= reviewBelow)];
        (double low, double high) = Interval(right.Count(r => r), judged.Length);
        return new HeadEvaluation(
            head,
            judged.Length,
            Share(right.Count(r => r), judged.Length),
            low,
            high,
            classes.Length == 0 ? 0 : classes.Average(c => c.F1),
            reliability.Sum(b => Math.Abs(b.MeanProbability - b.Accuracy) * b.Texts) / Math.Max(1, judged.Length),
            Share(sure.Length, judged.Length),
            Share(sure.Count(i => right[i]), sure.Length),
            classes,
            [.. cells.OrderBy(c => c.Key.Truth, StringComparer.Ordinal).ThenBy(c => c.Key.Predicted, StringComparer.Ordinal)
                .Select(c => new Confusion(c.Key.Truth, c.Key.Predicted, c.Value))],
            reliability);
    }

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

    private static ReliabilityBin[] Reliable(bool[] right, float[] probabilities)
    {
        int[] order = [.. Enumerable.Range(0, right.Length).OrderBy(i => probabilities[i])];
        List<ReliabilityBin> bins = [];
        for (int bin = 0; bin < Bins; bin++)
        {
            int[] members = order[(int)((long)bin * order.Length / Bins)..(int)((long)(bin + 1) * order.Length / Bins)];
            if (members.Length > 0)
            {
                bins.Add(new ReliabilityBin(
                    members.Average(i => (double)probabilities[i]), Share(members.Count(i => right[i]), members.Length), members.Length));
            }
        }
        return [.. bins];
    }

    /// <summary>Wilson's interval for a share: it needs no draws and stays within 0 and 1 for small numbers too.</summary>
    private static (double Low, double High) Interval(int hits, int texts)
    {
        if (texts == 0)
        {
            return (0, 0);
        }
        const double z = 1.959964;
        double share = (double)hits / texts;
        double centre = share + (z * z / (2 * texts));
        double reach = z * Math.Sqrt((share * (1 - share) / texts) + (z * z / (4.0 * texts * texts)));
        double scale = 1 + (z * z / texts);
        return ((centre - reach) / scale, (centre + reach) / scale);
    }
}
