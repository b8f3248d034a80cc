using Pipeline.Models.Complaints;
using Pipeline.Models.Measures;

namespace Pipeline.Reports.Workbooks;

/// <summary>Which classes of each dimension the run broke its figures down by, in the order of the plan.</summary>
internal sealed class MemberLists
{
    private readonly Dictionary<string, List<string>> members = new(StringComparer.Ordinal);

    public MemberLists(IReadOnlyList<Figure> figures, ReportingMonth month)
    {
        string start = $"complaints/{month}/";
        foreach (Figure figure in figures)
        {
            if (!figure.Key.StartsWith(start, StringComparison.Ordinal))
            {
                continue;
            }
            if (FigureKey.Parse(figure.Key).Terms is [FilterTerm term])
            {
                if (!members.TryGetValue(term.Dimension, out List<string>? list))
                {
                    members.Add(term.Dimension, list = []);
                }
                list.Add(term.Member);
            }
        }
    }

    public IReadOnlyList<string> this[string dimension] => members.GetValueOrDefault(dimension) ?? [];
}
