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
        lock (gate)
        {
            if (!known.TryGetValue(key.Text, out RowBehind[]? rows))
            {
                rows = Placed(Engine().Rows(figure));
                if (rows.Length != figure.Rows)
                {
                    throw new InvalidOperationException($"{key}: {figure.Rows} rows are pinned and the pinned cases give {rows.Length}");
                }
                known.Add(key.Text, rows);
            }
            return rows;
        }
    }

    /// <summary>The same measure and class over all pinned months; null where the key's complaints are not among them, or they are more than can be listed.</summary>
    public FigureKey? WholeSeries(FigureKey key) => report.PinnedFrom is { } from && ordered.Count <= MostOfSeries && report.IsPinned(key)
        ? new FigureKey(key.Measure, new FigurePeriod(from, report.Month), key.Terms)
        : null;

    /// <summary>The rows of a key that <see cref="WholeSeries"/> gave, in the order of receipt.</summary>
    public RowBehind[] Of(FigureKey series)
    {
        lock (gate)
        {
            if (!known.TryGetValue(series.Text, out RowBehind[]? rows))
            {
                known.Add(series.Text, rows = Placed(Engine().Rows(series)));
            }
            return rows;
        }
    }

    /// <summary>A large bank's single month is more than a list by class should repeat.</summary>
    private const int MostOfSeries = 2 * EarlierCases.Most;

    private FigureEngine Engine() => engine ??= report.Engine([.. ordered.Select(c => c.Fact)]);

    private RowBehind[] Placed(IReadOnlyList<(ComplaintFact Fact, bool Counted)> rows)
    {
        places ??= ordered.Select((c, i) => (c.Fact.ComplaintId, i)).ToDictionary(x => x.ComplaintId, x => x.i);
        return [.. rows.Select(r => new RowBehind(places[r.Fact.ComplaintId], r.Counted)).OrderBy(r => r.Case)];
    }
}
