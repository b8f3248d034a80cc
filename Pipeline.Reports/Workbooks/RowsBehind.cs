using Pipeline.Models.Complaints;
using Pipeline.Models.Measures;

namespace Pipeline.Reports.Workbooks;

/// <summary>A complaint behind a figure.</summary>
/// <param name="Case">See <see cref="RowsBehind.Case"/>.</param>
/// <param name="IsCounted">Counted above the line.</param>
internal readonly record struct RowBehind(int Case, bool IsCounted);

/// <summary>
/// The complaints behind the figures of the month, from the cases that are pinned with the report: the rows that <c>figures --rows</c> gives.
/// Shared by the workbooks that are written side by side.
/// </summary>
internal sealed class RowsBehind(MonthReport report)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, RowBehind[]> known = new(StringComparer.Ordinal);
    private readonly CaseRow[] ordered = [.. report.Cases.Concat(report.Excluded).OrderBy(c => c.Fact.Received).ThenBy(c => c.Fact.CaseNumber, StringComparer.Ordinal)];
    private Dictionary<long, int>? places;
    private FigureEngine? engine;

    /// <summary>A case of the month by its place: in the order of receipt, then of case numbers.</summary>
    public CaseRow Case(RowBehind row) => ordered[row.Case];

    /// <summary>The rows in the order of receipt, none of them above the line where the figure has no value; null where the figure is not of complaints that are pinned (another period).</summary>
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
                engine ??= report.Engine([.. ordered.Select(c => c.Fact)]);
                places ??= ordered.Select((c, i) => (c.Fact.ComplaintId, i)).ToDictionary(x => x.ComplaintId, x => x.i);
                rows = [.. engine.Rows(figure).Select(r => new RowBehind(places[r.Fact.ComplaintId], r.Counted)).OrderBy(r => r.Case)];
                if (rows.Length != figure.Rows)
                {
                    throw new InvalidOperationException($"{key}: {figure.Rows} rows are pinned and the pinned cases give {rows.Length}");
                }
                known.Add(key.Text, rows);
            }
            return rows;
        }
    }
}

/// <summary>Rows on the sheet of rows that some figures share.</summary>
/// <param name="Key">The first figure that leads here.</param>
/// <param name="First">First row of the sheet, 1-based.</param>
internal sealed record RowsBlock(FigureKey Key, int First, RowBehind[] Rows)
{
    public int Last => First + Rows.Length - 1;
}
