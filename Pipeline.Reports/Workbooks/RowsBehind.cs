using Pipeline.Models.Complaints;
using Pipeline.Models.Measures;

namespace Pipeline.Reports.Workbooks;

/// <summary>A complaint behind a figure.</summary>
/// <param name="Case">See <see cref="RowsBehind.Case"/>.</param>
/// <param name="IsCounted">Counted above the line.</param>
internal readonly record struct RowBehind(int Case, bool IsCounted);

/// <summary>
/// The complaints behind the figures, from the cases that are pinned with the report: the rows that <c>figures --rows</c> gives.
/// Shared by the workbooks that are written side by side.
/// </summary>
internal sealed class RowsBehind(MonthReport report)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, RowBehind[]> known = new(StringComparer.Ordinal);
    private readonly IReadOnlyList<CaseRow> ordered = report.PinnedCases();
    private Dictionary<long, int>? places;
    private FigureEngine? engine;

    /// <summary>A pinned case by its place: in the order of receipt, then of case numbers.</summary>
    public CaseRow Case(RowBehind row) => ordered[row.Case];

    /// <summary>The rows in the order of receipt, none of them above the line where the figure has no value; null where the figure is not of complaints that are pinned, see <see cref="MonthReport.IsPinned"/>.</summary>
    /// <exception cref="InvalidOperationException">The pinned cases do not give the pinned number: the report contradicts itself.</exception>
    public RowBehind[]? Of(FigureKey key, Figure figure)
    {
        if (!report.IsPinned(key))
        {
            return null;
        }
        RowBehind[] rows = Known(key, engine => engine.Rows(figure));
        return rows.Length == figure.Rows
            ? rows
            : throw new InvalidOperationException($"{key}: {figure.Rows} rows are pinned and the pinned cases give {rows.Length}");
    }

    /// <summary>The same measure and class over all pinned months; null where the key's complaints are not among them, or they are more than can be listed.</summary>
    public FigureKey? WholeSeries(FigureKey key) => report.PinnedFrom is { } from && ordered.Count <= MostOfSeries && report.IsPinned(key)
        ? new FigureKey(key.Measure, new FigurePeriod(from, report.Month), key.Terms)
        : null;

    /// <summary>The rows of a key that <see cref="WholeSeries"/> gave, in the order of receipt.</summary>
    public RowBehind[] Of(FigureKey series) => Known(series, engine => engine.Rows(series));

    /// <summary>A large bank's single month is more than a list by class should repeat.</summary>
    private const int MostOfSeries = 2 * EarlierCases.Most;

    private RowBehind[] Known(FigureKey key, Func<FigureEngine, IReadOnlyList<(ComplaintFact Fact, bool Counted)>> rowsOf)
    {
        lock (gate)
        {
            if (!known.TryGetValue(key.Text, out RowBehind[]? rows))
            {
                engine ??= report.Engine([.. ordered.Select(c => c.Fact)]);
                places ??= ordered.Select((c, i) => (c.Fact.ComplaintId, i)).ToDictionary(x => x.ComplaintId, x => x.i);
                known.Add(key.Text, rows = [.. rowsOf(engine).Select(r => new RowBehind(places[r.Fact.ComplaintId], r.Counted)).OrderBy(r => r.Case)]);
            }
            return rows;
        }
    }
}
