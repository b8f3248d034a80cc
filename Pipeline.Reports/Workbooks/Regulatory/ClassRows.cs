namespace Pipeline.Reports.Workbooks.Regulatory;

/// <summary>One line of a table of classes.</summary>
/// <param name="Less">Classes whose complaints are taken away: what stands at a parent itself.</param>
internal sealed record ClassRow(string Label, string Member, IReadOnlyList<string> Less, bool IsSubtotal, int Depth)
{
    /// <summary>Lines whose counts add up to the total: no subtotals.</summary>
    public bool IsPart => !IsSubtotal;
}

/// <summary>The classes of a dimension as lines, children before their subtotal; subtotals are made of counts.</summary>
internal static class ClassRows
{
    /// <param name="own">Whether a class with sub-classes has complaints of its own that must be listed.</param>
    public static IReadOnlyList<ClassRow> Of(Composer c, string dimension, Func<string, IReadOnlyList<string>, bool> own)
    {
        List<ClassRow> rows = [];
        foreach (string member in new Breakdown(c, dimension).Members)
        {
            Under(member, 0);
        }
        return rows;

        void Under(string member, int depth)
        {
            List<string> children = [.. c.Members[dimension].Where(m => c.Report.Taxonomy.Class(dimension, m)?.Parent == member)];
            string label = c.Label(dimension, member);
            if (children.Count == 0)
            {
                rows.Add(new ClassRow(label, member, [], false, depth));
                return;
            }
            foreach (string child in children)
            {
                Under(child, depth + 1);
            }
            if (own(member, children))
            {
                rows.Add(new ClassRow(c.T($"{label}（未细分）", $"{label} (not detailed)"), member, children, false, depth + 1));
            }
            rows.Add(new ClassRow(c.T($"{label}小计", $"{label}: subtotal"), member, [], true, depth));
        }
    }
}
