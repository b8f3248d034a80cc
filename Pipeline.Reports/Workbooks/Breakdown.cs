using Pipeline.Models.Complaints;
using Pipeline.Models.Measures;
using Pipeline.Models.Taxonomy;
using Pipeline.Reports.Sheets;

namespace Pipeline.Reports.Workbooks;

/// <summary>
/// The classes of a dimension whose counts add up to the total: classes without parent, and a rest where an open dimension has more
/// classes than the run breaks out.
/// </summary>
internal sealed class Breakdown
{
    private const double WidestLabel = 64;

    private readonly Composer composer;

    public Breakdown(Composer composer, string dimension)
    {
        this.composer = composer;
        Dimension = dimension;
        Members = [.. composer.Members[dimension].Where(m => composer.Report.Taxonomy.Class(dimension, m)?.Parent is null)];
    }

    public string Dimension { get; }

    public IReadOnlyList<string> Members { get; }

    /// <summary>
    /// Members that count something in the month, most first; the order of the taxonomy among equals. What is not stated stands last: its
    /// row is part of the total, and it is no class that could be the largest.
    /// </summary>
    public IReadOnlyList<string> Ranked(string measure = "complaints") =>
        [.. Members.Where(m => Count(measure, m) > 0).OrderBy(m => m == FigurePlan.NoMember).ThenByDescending(m => Count(measure, m))];

    public FilterTerm Term(string member) => new(Dimension, member);

    public long Count(string measure, string member) => composer.Count(measure, Term(member));

    /// <summary>What the members leave of the total; null where figures do not reach back.</summary>
    public decimal? Rest(string measure, ReportingMonth month) => composer.Has(month)
        ? composer.Value(measure, month) - Members.Sum(m => composer.Value(measure, month, Term(m)) ?? 0)
        : null;

    /// <summary>Classes that count some complaint in the month, those with them that an open dimension does not break out.</summary>
    public int Classes => HasRest
        ? composer.Report.Cases.Select(x => FigurePlan.MemberOf(x.Fact, Dimension)).OfType<string>().Select(m => composer.Report.Taxonomy.Class(Dimension, m)?.Parent ?? m).Distinct(StringComparer.Ordinal).Count()
        : Ranked().Count(m => m != FigurePlan.NoMember);

    public bool HasRest => Rest("complaints", composer.Month) > 0;

    public string RestLabel => composer.RestLabel;

    /// <summary>Nothing in the export speaks of this dimension.</summary>
    public bool IsSilent => Members.All(m => m == FigurePlan.NoMember || Count("complaints", m) == 0);

    public string Label(string member) => composer.Label(Dimension, member);

    /// <summary>Width of a column that holds the labels of all members, in digits.</summary>
    public double LabelWidth(double least) => Members.Aggregate(least, (widest, m) => Math.Max(widest, Math.Min(WidestLabel, CellText.Width(Label(m)) + 2)));
}
