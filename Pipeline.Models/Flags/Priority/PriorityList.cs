using Pipeline.Models.Complaints;

namespace Pipeline.Models.Flags.Priority;

/// <summary>Why a complaint stands high: a family of features and what of it the complaint shows.</summary>
/// <param name="Member">See <see cref="PriorityFeature.Member"/>.</param>
/// <param name="Weight">Share of the log odds, above 0.</param>
public sealed record PriorityReason(string Family, string Member, double Weight);

/// <summary>A complaint of the list.</summary>
/// <param name="Probability">That it returns within 30 days, 0 to 1; null where the list goes by the stated order.</param>
/// <param name="EscalationProbability">That it returns through a higher channel; null where too little could be learned.</param>
/// <param name="DaysOpen">Calendar days open, or to closing.</param>
public sealed record PriorityRow(
    long ComplaintId, double? Probability, double? EscalationProbability, bool IsOpen, int DaysOpen, int? DaysSinceClosing, int EarlierCases, string? Satisfaction,
    IReadOnlyList<PriorityReason> Reasons);

/// <summary>How a list of an earlier month would have done: learned from the months before it, judged by what came.</summary>
/// <param name="Returns">Candidates that came back within 30 days.</param>
/// <param name="Found">Of them in the list.</param>
/// <param name="FoundByRecentRepeats">Of them among the most recent repeats, as many as the list holds.</param>
/// <param name="FoundByThreats">Of them among the most recent threats, as many as the list holds.</param>
/// <param name="Expected">Returns that the probabilities of the list promised.</param>
public sealed record PriorityTrial(ReportingMonth Month, int Candidates, int Returns, int Found, int FoundByRecentRepeats, int FoundByThreats, double Expected);

/// <summary>The complaints of a month by the probability that they come back.</summary>
/// <param name="Day">The day that the list looks back from.</param>
/// <param name="Complaints">Different complaints learned from; 0 where nothing could be learned.</param>
/// <param name="Returns">Of them returned.</param>
/// <param name="Months">Months learned from.</param>
/// <param name="Rows">All candidates, the likeliest first.</param>
/// <param name="Trials">Earlier months, oldest first.</param>
public sealed record PriorityList(
    DateOnly Day, int Complaints, int Returns, int Months, IReadOnlyList<PriorityRow> Rows, IReadOnlyList<PriorityTrial> Trials)
{
    private const int MostReasons = 3;

    public bool IsLearned => Complaints > 0;

    /// <summary>The share of all coming returns that the first <paramref name="capacity"/> cases should hold; null where nothing was learned.</summary>
    public double? ExpectedRecall(int capacity) => IsLearned && Rows.Sum(r => r.Probability!.Value) is > 0 and double all
        ? Rows.Take(capacity).Sum(r => r.Probability!.Value) / all
        : null;

    /// <summary>
    /// Makes the list. Where too few returns are known to learn from, the order is: repeats first, then threats, then open cases, the oldest first.
    /// </summary>
    /// <param name="trials">Earlier months to judge the method on.</param>
    /// <param name="threads">At least 1; months are learned beside each other.</param>
    public static PriorityList Make(
        PriorityHistory history, ReportingMonth month, int capacity, int trials, int threads = 1, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        DateOnly knownBy = history.KnownBy(month);
        IReadOnlyList<ReportingMonth> tried = history.TrainingMonths(month, trials);
        PriorityModel? model = null;
        PriorityTrial?[] judged = new PriorityTrial?[tried.Count];
        Parallel.For(0, tried.Count + 1, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation }, i =>
        {
            if (i == 0)
            {
                model = PriorityModel.Learn(history, month);
            }
            else
            {
                judged[i - 1] = Try(history, tried[i - 1], capacity, knownBy);
            }
        });
        IEnumerable<PriorityRow> rows = history.Candidates(month)
            .Select(p => (Point: p, Probability: model?.Probability(p)))
            .OrderByDescending(p => p.Probability)
            .ThenByDescending(p => p.Point.Case.Fact.ChainNumber > 0)
            .ThenByDescending(p => p.Point.Case.Fact.HasThreat)
            .ThenByDescending(p => p.Point.Closed is null)
            .ThenBy(p => p.Point.Closed is null ? p.Point.Case.Fact.Received.DayNumber : -p.Point.Case.Fact.Received.DayNumber)
            .ThenBy(p => p.Point.Case.Fact.CaseNumber, StringComparer.Ordinal)
            .Select(p => new PriorityRow(
                p.Point.Case.Fact.ComplaintId, Rounded(p.Probability), Rounded(model?.EscalationProbability(p.Point)), p.Point.Closed is null,
                p.Point.DaysOpen, p.Point.DaysSinceClosing, p.Point.EarlierCases, p.Point.Satisfaction, model?.Reasons(p.Point, MostReasons) ?? []));
        return new PriorityList(
            history.DayOf(month), model?.Complaints ?? 0, model?.Returns ?? 0, model?.Months ?? 0, [.. rows],
            [.. judged.OfType<PriorityTrial>()]);
    }

    /// <summary>The list of a month that has passed, judged; null where nothing could be learned before it.</summary>
    /// <param name="knownBy">What later exports tell is not known.</param>
    public static PriorityTrial? Try(PriorityHistory history, ReportingMonth month, int capacity, DateOnly knownBy)
    {
        if (PriorityModel.Learn(history, month, withEscalation: false) is not { } model)
        {
            return null;
        }
        (PriorityPoint Point, double Probability, bool Returned)[] all =
            [.. history.Candidates(month).Select(p => (p, model.Probability(p), history.Returned(p, knownBy)))];
        IEnumerable<(PriorityPoint Point, double Probability, bool Returned)> latest =
            all.OrderByDescending(a => a.Point.Case.Fact.Received).ThenBy(a => a.Point.Case.Fact.CaseNumber, StringComparer.Ordinal);
        (PriorityPoint Point, double Probability, bool Returned)[] list =
            [.. latest.OrderByDescending(a => a.Probability).Take(capacity)];
        return new PriorityTrial(
            month, all.Length, all.Count(a => a.Returned), list.Count(a => a.Returned),
            latest.Where(a => a.Point.Case.Fact.ChainNumber > 0).Take(capacity).Count(a => a.Returned),
            latest.Where(a => a.Point.Case.Fact.HasThreat).Take(capacity).Count(a => a.Returned),
            Math.Round(list.Sum(a => a.Probability), 4));
    }

    private static double? Rounded(double? value) => value is { } v ? Math.Round(v, 4) : null;
}
