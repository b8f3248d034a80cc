using Pipeline.Models.Complaints;
using Pipeline.Models.Measures;
using Pipeline.Models.Regulatory;

namespace Pipeline.Reports.Workbooks.Regulatory;

/// <summary>
/// Which cells of the outward tables of a year to date are suppressed. The tables of one month share their total and are judged together;
/// the months of the year are judged one after the other, as they were published, so that the difference of two publications tells no
/// small count either (see <see cref="SmallCells"/>). Earlier months are judged on the figures of this run.
/// </summary>
internal sealed class OutwardCells
{
    private const string Complaints = "complaints";

    /// <summary>No class is called so.</summary>
    private const string Rest = "";
    private readonly HashSet<(string Dimension, string Member, bool IsOwn)> hidden = [];

    private OutwardCells()
    {
    }

    public int Count => hidden.Count;

    /// <summary>The total of the year to date is itself too small.</summary>
    public bool IsTotalHidden { get; private set; }

    /// <param name="year">Judged from its January up to the month's number.</param>
    public static OutwardCells Of(Composer c, int year)
    {
        OutwardCells result = new();
        IReadOnlyList<(string Dimension, IReadOnlyList<ClassRow> Rows)> tables =
            [.. RegulatoryPlan.OutwardDimensions.Select(d => (d, ClassRows.Of(c, d, (_, _) => true)))];
        Dictionary<int, long> published = [];
        HashSet<int> now = [];
        List<(string Dimension, string Member, bool IsOwn)?> names = [];
        for (int month = 1; month <= c.Month.Month; month++)
        {
            List<ReportingMonth> months = [.. Enumerable.Range(1, month).Select(m => new ReportingMonth(year, m)).Where(c.Has)];
            long Sum(params IEnumerable<FilterTerm> terms) => months.Sum(m => (long)(c.Register.Peek(new FigureKey(Complaints, FigurePeriod.Of(m), terms)).Value ?? 0));
            List<long> values = [Sum()];
            names = [null];
            List<CellSum> sums = [];
            foreach ((string dimension, IReadOnlyList<ClassRow> rows) in tables)
            {
                Dictionary<string, int> places = new(StringComparer.Ordinal);
                List<(int Place, string Parent)> owns = [];
                foreach (ClassRow row in rows)
                {
                    long value = Sum(Composer.Term(dimension, row.Member)) - row.Less.Sum(l => Sum(Composer.Term(dimension, l)));
                    names.Add((dimension, row.Member, row.Less.Count > 0));
                    values.Add(value);
                    if (row.Less.Count > 0)
                    {
                        owns.Add((values.Count - 1, row.Member));
                    }
                    else
                    {
                        places.Add(row.Member, values.Count - 1);
                    }
                }
                foreach ((int own, string parent) in owns)
                {
                    sums.Add(new CellSum(places[parent], [own, .. rows.Where(r => r.Less.Count == 0 && c.Report.Taxonomy.Class(dimension, r.Member)?.Parent == parent).Select(r => places[r.Member])]));
                }
                List<int> top = [.. rows.Where(r => r.Depth == 0).Select(r => places[r.Member])];
                // What the listed classes of an open dimension leave is a part too.
                names.Add((dimension, Rest, false));
                values.Add(values[0] - top.Sum(p => values[p]));
                sums.Add(new CellSum(0, [.. top, values.Count - 1]));
            }
            now = [.. SmallCells.Suppress([.. values.Select((v, i) => new SmallCell(v, published.GetValueOrDefault(i), IsKept: i == 0))], sums, c.Report.Rules.SmallCellBelow)];
            // Without its total nothing of a month is disclosed.
            for (int i = 0; i < values.Count; i++)
            {
                if (!now.Contains(0) && !now.Contains(i))
                {
                    published[i] = values[i];
                }
            }
        }
        foreach (int cell in now)
        {
            if (names[cell] is { } name)
            {
                result.hidden.Add(name);
            }
        }
        result.IsTotalHidden = now.Contains(0);
        return result;
    }

    public bool IsHidden(string dimension, ClassRow row) => hidden.Contains((dimension, row.Member, row.Less.Count > 0));

    /// <summary>What the listed classes of a dimension leave.</summary>
    public bool IsRestHidden(string dimension) => hidden.Contains((dimension, Rest, false));

    public bool IsHidden(string dimension, string member) => hidden.Contains((dimension, member, false));
}
