using Pipeline.Models.Classification;
using Pipeline.Models.Complaints;
using Pipeline.Models.Taxonomy;

namespace Pipeline.Models.Measures;

/// <summary>A class with its count as it stands and as it is after correction.</summary>
/// <param name="Raw">Complaints counted in the class, whoever decided.</param>
/// <param name="Answered">Those of them that the model decided.</param>
/// <param name="Corrected">Decided by analysts and codes, and the estimate of the rest; one decimal.</param>
/// <param name="Low">Lower end of the 95 % interval of <paramref name="Corrected"/>.</param>
/// <param name="High">Its upper end.</param>
public sealed record CorrectedClass(string Class, long Raw, long Answered, double Corrected, double Low, double High)
{
    /// <summary>The count as it stands is outside of what the confusion leaves likely.</summary>
    public bool IsRawOutside => Raw < Low || Raw > High;
}

/// <summary>The classes of a head in a month, corrected for the model's confusion where the model decided.</summary>
/// <param name="Decided">Complaints whose class an analyst or the export's code decided: they stand as they are.</param>
/// <param name="Predicted">Complaints whose class the model decided.</param>
/// <param name="HeldOut">Texts that the confusion was measured on.</param>
/// <param name="Accuracy">Of the model on those, 0 to 1.</param>
public sealed record CorrectedHead(string Head, int Decided, int Predicted, int HeldOut, double Accuracy, IReadOnlyList<CorrectedClass> Classes)
{
    /// <summary>An arbitrary number that never changes: the same complaints give the same interval.</summary>
    private const int Seed = 20201125;

    private static readonly (string Head, Func<ComplaintFact, HeadLabel> Label)[] Heads =
        [(Dimensions.Nature, f => f.Nature), (Dimensions.Business, f => f.Business), (Dimensions.Cause, f => f.Cause)];

    /// <summary>The heads of a month where the model decided some complaint and its confusion is known.</summary>
    /// <param name="confusions">Of the model, by head.</param>
    public static IReadOnlyList<CorrectedHead> Of(
        IReadOnlyCollection<ComplaintFact> month, IReadOnlyDictionary<string, IReadOnlyList<Confusion>> confusions) =>
        [.. Heads.Where(h => confusions.GetValueOrDefault(h.Head) is { Count: > 0 }).Select(h => Of(h.Head, [.. month.Select(h.Label)], confusions[h.Head])).OfType<CorrectedHead>()];

    /// <returns>Null where the model decided nothing.</returns>
    private static CorrectedHead? Of(string head, HeadLabel[] labels, IReadOnlyList<Confusion> confusions)
    {
        HeadLabel[] predicted = [.. labels.Where(l => l is { Basis: LabelBasis.Predicted, Class: not null })];
        if (predicted.Length == 0)
        {
            return null;
        }
        Dictionary<string, long> raw = Counts(labels.Where(l => l.Class is not null));
        Dictionary<string, long> answered = Counts(predicted);
        // A text without an answer is no answer of any class; it is left out on both sides.
        ConfusionCounts matrix = ConfusionCounts.Of(confusions.Where(c => c.Predicted.Length > 0).Select(c => (c.Truth, c.Predicted, c.Texts)));
        Dictionary<string, CorrectedCount> corrected = ErrorCorrection.Correct(matrix, answered, Seed).ToDictionary(c => c.Class, StringComparer.Ordinal);
        return new CorrectedHead(
            head, labels.Count(l => l.Class is not null) - predicted.Length, predicted.Length, (int)matrix.Texts.Sum(r => r.Sum()), matrix.Accuracy,
            [
                .. corrected.Keys.Union(raw.Keys, StringComparer.Ordinal).Select(c =>
                {
                    CorrectedCount count = corrected.GetValueOrDefault(c);
                    long fixedCount = raw.GetValueOrDefault(c) - answered.GetValueOrDefault(c);
                    return new CorrectedClass(
                        c, raw.GetValueOrDefault(c), answered.GetValueOrDefault(c), Tenths(fixedCount + count.Corrected), Tenths(fixedCount + count.Low), Tenths(fixedCount + count.High));
                }).Where(c => c.Raw > 0 || c.High >= 0.5).OrderByDescending(c => c.Raw).ThenBy(c => c.Class, StringComparer.Ordinal),
            ]);
    }

    private static Dictionary<string, long> Counts(IEnumerable<HeadLabel> labels) =>
        labels.GroupBy(l => l.Class!, StringComparer.Ordinal).ToDictionary(g => g.Key, g => (long)g.Count(), StringComparer.Ordinal);

    /// <summary>Finer than the interval is wide, and the same on every machine.</summary>
    private static double Tenths(double count) => Math.Round(count, 1, MidpointRounding.AwayFromZero);
}
