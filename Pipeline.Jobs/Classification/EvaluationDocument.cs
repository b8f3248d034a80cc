using Pipeline.Models.Classification;
using Pipeline.Models.Classification.Evaluation;
using Pipeline.Models.Text;

namespace Pipeline.Jobs.Classification;

/// <summary>Judged heads with the texts that they were judged on: what <c>evaluate</c> and <c>train</c> print and write as JSON.</summary>
/// <param name="TextOf">The text of <see cref="JudgedAnswer.Row"/>.</param>
/// <param name="RowName">How that row is named to a person: its data row, with the file where there are several.</param>
/// <param name="ReviewBelow">Probability below which an answer goes to a person.</param>
/// <param name="Precision">Asked of the thresholds per class.</param>
internal sealed record EvaluationDocument(
    IReadOnlyList<HeadEvaluation> Heads, Func<int, string> TextOf, Func<int, string> RowName, double ReviewBelow, double Precision)
{
    /// <value>Precision asked of the thresholds per class where the user names none.</value>
    public const double DefaultPrecision = 0.9;

    /// <value>Accuracy at which coverage is stated.</value>
    public const double CoveredAccuracy = 0.95;

    public const int ErrorsShown = 10;
    public const int ConfusionsShown = 10;
    private const int ErrorCharacters = 120;

    /// <summary>By head. Fields are added, never renamed: others measure with them.</summary>
    public Dictionary<string, object> Json() => Heads.ToDictionary(
        h => h.Head,
        object (h) => new
        {
            h.Texts,
            h.Accuracy,
            h.AccuracyLow,
            h.AccuracyHigh,
            h.MacroF1,
            MacroF1Low = h.MacroF1Interval?.Low,
            MacroF1High = h.MacroF1Interval?.High,
            h.Groups,
            h.Ece,
            h.Coverage,
            h.AccuracyAtCoverage,
            ReviewBelow,
            Abstention = h.Texts == 0 ? 0 : 1 - h.Coverage,
            CoverageAtAccuracy = h.CoverageAt(CoveredAccuracy),
            h.Classes,
            Confusion = h.Confusions,
            LargestConfusions = h.LargestConfusions(ConfusionsShown),
            WorstErrors = h.WorstErrors(ErrorsShown).Select(e => new { Row = RowName(e.Row), e.Truth, e.Answer, e.Probability, Text = Shown(e.Row) }),
            h.Reliability,
            ThresholdPrecision = Precision,
            Thresholds = h.ThresholdsAt(Precision),
        });

    /// <summary>The text as it may be shown: masked first, so that a cut never leaves half a number unrecognised, then cut.</summary>
    public string Shown(int row)
    {
        string text = TextOf(row);
        // Only the beginning is shown, so only that much (with room for a value that straddles the cut) is masked.
        string masked = Masking.FreeText(text.Length > 8 * ErrorCharacters ? text[..(8 * ErrorCharacters)] : text);
        return masked.Length <= ErrorCharacters ? masked : string.Concat(masked.AsSpan(0, char.IsHighSurrogate(masked[ErrorCharacters - 1]) ? ErrorCharacters - 1 : ErrorCharacters), "…");
    }
}
