using Pipeline.Models.Measures;
using Pipeline.Models.Taxonomy;

namespace Pipeline.Reports.Workbooks.Trend;

/// <summary>A series of monthly counts and what the test says of this month.</summary>
/// <param name="Term">Null for the total.</param>
/// <param name="Stands">It stands among all series tested together (<see cref="FalseDiscovery"/>).</param>
/// <param name="Follows">It moved no more than what it is a part of, which stands in the same direction: it tells nothing of its own.</param>
internal sealed record Signal(string Measure, FilterTerm? Term, long Count, ChanceVerdict Verdict, bool Stands = false, bool Follows = false)
{
    public IReadOnlyList<FilterTerm> Terms => Term is { } term ? [term] : [];

    public bool IsJudged => Verdict.Kind != ChanceKind.TooFew;
}

/// <summary>Every series of counts that is tested for the month.</summary>
internal static class Signals
{
    /// <summary>At most this share of the changes named may be false alarms.</summary>
    public const double FalseDiscoveryRate = 0.1;

    /// <returns>All series, those least likely by chance first.</returns>
    public static IReadOnlyList<Signal> Of(Composer c)
    {
        List<Signal> all = [];
        foreach (string measure in FigurePlan.HistoryMeasures)
        {
            all.Add(Test(c, measure, null));
            foreach (string dimension in FigurePlan.HistoryDimensions)
            {
                all.AddRange(new Breakdown(c, dimension).Members.Where(m => m != FigurePlan.NoMember).Select(m => Test(c, measure, Composer.Term(dimension, m))));
            }
        }
        List<Signal> judged = [.. all.Where(s => s.IsJudged)];
        IReadOnlyList<bool> standing = FalseDiscovery.Standing([.. judged.Select(s => s.Verdict.PValue)], FalseDiscoveryRate);
        List<Signal> decided = [.. judged.Select((s, i) => s with { Stands = standing[i] && s.Verdict.Kind is ChanceKind.Higher or ChanceKind.Lower })];
        return
        [
            .. decided
                .Select(s => s with { Follows = s.Stands && IsFollowing(c, s, decided) })
                .OrderBy(s => s.Verdict.PValue)
                .Concat(all.Where(s => !s.IsJudged).OrderByDescending(s => s.Count)),
        ];
    }

    /// <summary>
    /// Repeats of a class are a part of its complaints, and a class is a part of the total. A part whose share in a whole that stands in
    /// the same direction is within chance has only moved with it.
    /// </summary>
    private static bool IsFollowing(Composer c, Signal part, List<Signal> all)
    {
        Signal? whole = part.Measure != Complaints
            ? all.Find(s => s.Measure == Complaints && s.Term == part.Term)
            : part.Term is not null ? all.Find(s => s.Measure == Complaints && s.Term is null) : null;
        if (whole is not { Stands: true } || whole.Verdict.Kind != part.Verdict.Kind)
        {
            return false;
        }
        ChanceVerdict share = ShareChance.Binomial(
            part.Count,
            whole.Count,
            [.. c.Earlier(Judgement.Baseline).Select(m => ((long)(c.Value(part.Measure, m, part.Terms) ?? 0), (long)(c.Value(Complaints, m, whole.Terms) ?? 0)))]);
        return share.Kind != part.Verdict.Kind;
    }

    private const string Complaints = "complaints";

    private static Signal Test(Composer c, string measure, FilterTerm? term)
    {
        IReadOnlyList<FilterTerm> terms = term is { } t ? [t] : [];
        return new Signal(measure, term, c.Count(measure, terms), Judgement.OfCount(c, measure, terms));
    }

    /// <summary>What makes most of a class this month, by the dimension that it is crossed with; null where nothing stands out.</summary>
    public static (string Dimension, string Member, long Count)? Driver(Composer c, FilterTerm term)
    {
        string other = term.Dimension switch
        {
            Dimensions.Business => Dimensions.Cause,
            Dimensions.Cause or Dimensions.Nature or Dimensions.Branch or Dimensions.Channel => Dimensions.Business,
            _ => throw new ArgumentOutOfRangeException(nameof(term), term.Dimension, "no crossing is planned for this dimension"),
        };
        Breakdown breakdown = new(c, other);
        (string Dimension, string Member, long Count) most = breakdown.Members
            .Where(m => m != FigurePlan.NoMember)
            .Select(m => (other, m, c.Count(Complaints, term, breakdown.Term(m))))
            .DefaultIfEmpty((other, "", 0))
            .MaxBy(x => x.Item3);
        return most.Count >= 5 ? most : null;
    }
}
