namespace Pipeline.Models.Classification.LittleData;

/// <summary>
/// How weak knowledge is used. The defaults were chosen on the invented bank's corpus (2026-11-22, 100 labels, other draws than those that
/// are published): keyword scales of 0.5 to 1, shares of 0.7 to 1 and one to three rounds differ by about a point.
/// </summary>
public sealed record LittleDataOptions
{
    /// <value>From this many labelled texts on, labels alone are used: the gain is then within chance.</value>
    public const int FewLabels = 1000;

    /// <value>With fewer unlabelled texts there is nothing to learn from them.</value>
    public const int LeastUnlabelled = 50;

    /// <value>More unlabelled texts than this are not used: a few labels would drown in guesses.</value>
    public const int MostUnlabelled = 2000;

    /// <value>What an error on a guessed text counts against one on a labelled text; above 0, below 1.</value>
    public float Weight { get; init; } = 0.3f;

    /// <value>How much a unit of keyword score counts against a unit of log-probability; 0 for self-training alone.</value>
    public double KeywordScale { get; init; } = 0.7;

    /// <value>Share of the unlabelled texts, the surest, that a head learns from; above 0, at most 1.</value>
    public double Share { get; init; } = 0.7;

    /// <value>Rounds of guessing and training, at least 1.</value>
    public int Rounds { get; init; } = 1;
}
