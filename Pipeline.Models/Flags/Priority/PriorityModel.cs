using Pipeline.Models.Complaints;

namespace Pipeline.Models.Flags.Priority;

/// <summary>
/// The probability that a complaint returns within 30 days, learned from the office's own months that have passed. A second regression
/// on the same features gives the probability that it returns through a channel higher on the ladder.
/// </summary>
public sealed class PriorityModel
{
    /// <value>Fewer returns than this teach nothing: below it the list goes by a stated order and gives no probability.</value>
    public const int FewestReturns = 60;

    /// <value>Months that are learned from, at most.</value>
    public const int MostMonths = 24;

    /// <value>Days between the days that are learned from: a complaint is shown as it stood on each, so that its whole course teaches.</value>
    public const int DaysBetween = 10;

    /// <value>Days after its closing for which a complaint is shown.</value>
    private const int ClosedDays = 30;

    /// <value>Shares of the log odds no farther apart than this are one: what sets them apart is rounding.</value>
    private const double SameWeight = 1e-9;

    /// <value>λ of the penalty: of 1, 3, 10, 30 the one that found most returns in the months 6 to 16 of the invented bank, before the judged ones.</value>
    public const double Penalty = 3;

    private readonly PriorityFeatures features;
    private readonly LogisticRegression returning;
    private readonly LogisticRegression? escalating;
    private readonly double[] usual;

    private PriorityModel(PriorityFeatures features, LogisticRegression returning, LogisticRegression? escalating, double[] usual, int complaints, int returns, int months)
    {
        this.features = features;
        this.returning = returning;
        this.escalating = escalating;
        this.usual = usual;
        Complaints = complaints;
        Returns = returns;
        Months = months;
    }

    /// <value>Different complaints learned from, each as it stood on several days.</value>
    public int Complaints { get; }

    public int Returns { get; }

    public int Months { get; }

    /// <summary>Learns from the months that had passed when the list for <paramref name="month"/> was made; null where they hold too few returns.</summary>
    /// <param name="withEscalation">Whether the second regression is wanted too.</param>
    public static PriorityModel? Learn(PriorityHistory history, ReportingMonth month, bool withEscalation = true)
    {
        DateOnly knownBy = history.KnownBy(month);
        IReadOnlyList<ReportingMonth> months = history.TrainingMonths(month, MostMonths);
        if (months.Count == 0)
        {
            return null;
        }
        List<bool> returned = [];
        List<bool> escalated = [];
        HashSet<long> returning = [];
        (PriorityFeatures features, FeatureRows rows) = PriorityFeatures.Of(Noted());
        if (returning.Count < FewestReturns || returned.TrueForAll(r => r))
        {
            return null;
        }
        return new PriorityModel(
            features, LogisticRegression.Fit(rows, [.. returned], Penalty),
            escalated.Count(e => e) >= FewestReturns ? LogisticRegression.Fit(rows, [.. escalated], Penalty) : null,
            rows.Means(), rows.Groups, returning.Count, months.Count);

        IEnumerable<PriorityPoint> Noted()
        {
            foreach (PriorityPoint point in history.Candidates(months[0].LastDay, months[^1].LastDay, DaysBetween, ClosedDays, knownBy))
            {
                returned.Add(history.Returned(point, knownBy));
                if (returned[^1])
                {
                    returning.Add(point.Case.Fact.ComplaintId);
                }
                if (withEscalation)
                {
                    escalated.Add(history.Escalated(point, knownBy));
                }
                yield return point;
            }
        }
    }

    /// <summary>0 to 1.</summary>
    public double Probability(PriorityPoint point) => returning.Probability(features.Row(point));

    /// <summary>0 to 1, never above <see cref="Probability"/>; null where too few escalations could be learned from.</summary>
    public double? EscalationProbability(PriorityPoint point) =>
        escalating is null ? null : Math.Min(escalating.Probability(features.Row(point)), Probability(point));

    /// <summary>
    /// What moves the complaint most from the usual one towards a return: families of features by their share of the log odds, largest
    /// first, those above 0 only.
    /// </summary>
    public IReadOnlyList<PriorityReason> Reasons(PriorityPoint point, int most)
    {
        double[] row = features.Row(point);
        Dictionary<string, (double Sum, string Member, double Largest)> families = new(StringComparer.Ordinal);
        for (int i = 0; i < row.Length; i++)
        {
            PriorityFeature feature = features.All[i];
            (double sum, string member, double largest) = families.GetValueOrDefault(feature.Family, (0, "", 0));
            double own = returning.Weights[i] * row[i];
            bool isLarger = own > 0 && own > largest + (IsRung(feature) ? SameWeight : -SameWeight);
            families[feature.Family] = (
                sum + (returning.Weights[i] * (row[i] - usual[i])), isLarger ? feature.Member : member, isLarger ? own : largest);
        }
        // Only what the complaint shows is a reason; that it lacks what others have is none.
        return [.. families.Where(f => f.Value.Sum > 0 && f.Value.Largest > 0)
            .OrderByDescending(f => f.Value.Sum).ThenBy(f => f.Key, StringComparer.Ordinal).Take(most)
            .Select(f => new PriorityReason(f.Key, f.Value.Member, Math.Round(f.Value.Sum, 4)))];
    }

    /// <summary>A channel that is alone on its rung of the ladder weighs what the rung does: it is named, not the rung.</summary>
    private static bool IsRung(PriorityFeature feature) => feature.Member.StartsWith(PriorityFeatures.Rung, StringComparison.Ordinal);

    /// <summary>The weights, for a look into the model.</summary>
    public IEnumerable<(PriorityFeature Feature, double Weight)> Weights => features.All.Zip(returning.Weights);
}
