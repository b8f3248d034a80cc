using Pipeline.Models.Measures;
using Pipeline.Models.Taxonomy;
using Pipeline.Reports.Sheets;

namespace Pipeline.Reports.Workbooks.Regulatory;

/// <summary>
/// Dimension A of JR/T 0169 in its published layout (DOMAIN A1.2): a row for each branch, the channels with their subtotals across.
/// Total = front office + middle and back office + not stated, from counts of complaints.
/// </summary>
internal static class BusinessChannelSheet
{
    private const string Complaints = "complaints";

    /// <param name="Member">Class whose complaints (its own and those below it) are counted.</param>
    /// <param name="Less">Classes whose complaints are taken away: what stands at a parent itself.</param>
    private sealed record Column(string Head, string? Group, string Member, IReadOnlyList<string> Less, bool IsSubtotal);

    public static void Add(Composer c)
    {
        Breakdown top = new(c, Dimensions.BusinessChannel);
        string name = c.DimensionName(Dimensions.BusinessChannel);
        Sheet sheet = c.Page(
            name, c.T($"{name} × {c.DimensionName(Dimensions.Branch)}", $"{name} by {c.Noun(Dimensions.Branch)}"),
            c.T($"各{c.Noun(Dimensions.Branch)}投诉涉及的{name}，含小计", $"Which {c.Noun(Dimensions.BusinessChannel)} the complaints of each {c.Noun(Dimensions.Branch)} concern, with subtotals"));
        if (top.IsSilent)
        {
            sheet.Paragraph(c.T("导出文件未注明业务办理渠道。", "The exports do not state the channel of business."), Styles.Note, 1, 8);
            return;
        }
        List<Column> columns = [.. top.Members.SelectMany(m => Under(c, m, null))];
        Breakdown branches = new(c, Dimensions.Branch);
        List<IReadOnlyList<Cell>> rows = [.. branches.Members
            .Where(b => branches.Count(Complaints, b) > 0)
            .Select(b => (IReadOnlyList<Cell>)[Cell.Of(branches.Label(b)), c.Cell(Complaints, c.Month, branches.Term(b)), .. columns.Select(k => Number(c, k, branches.Term(b)))])];
        if (branches.HasRest)
        {
            rows.Add(
            [
                Cell.Of(branches.RestLabel), Composer.Derived(branches.Rest(Complaints, c.Month)),
                .. columns.Select(k => Composer.Derived(Value(c, k) - branches.Members.Sum(b => Value(c, k, branches.Term(b))))),
            ]);
        }
        List<HeadGroup> groups = [new("", 2)];
        foreach (Column column in columns)
        {
            // A heading goes over neighbours only.
            bool isSame = groups.Count > 1 && groups[^1].Text == (column.Group ?? "");
            if (isSame)
            {
                groups[^1] = groups[^1] with { Columns = groups[^1].Columns + 1 };
            }
            else
            {
                groups.Add(new HeadGroup(column.Group ?? "", 1));
            }
        }
        TablePlace place = sheet.Table(SheetTable.Of(
            "BusinessChannel",
            [new(c.DimensionName(Dimensions.Branch), 0, true), new(c.T("合计", "Total"), 9), .. columns.Select(k => new TableColumn(k.Head, k.IsSubtotal ? 10 : 9.5))],
            rows,
            [Cell.Of(c.T("合计", "Total")), c.Cell(Complaints, c.Month), .. columns.Select(k => Number(c, k))],
            groups));
        sheet.FreezeBelow(place, 2);
        sheet.Skip();
        sheet.Paragraph(
            c.T("合计 = 各一级渠道小计之和 + 未注明；小计由件数相加，不由占比相加。", "Total = subtotals of the first level + not stated; subtotals are made of counts.")
                + (c.IsUnderChineseRules ? c.T("版式参照 JR/T 0169—2018 维度 A。", " Layout after JR/T 0169-2018, dimension A.") : ""),
            Styles.Note, 1, Math.Min(12, columns.Count + 2));
    }

    /// <summary>The columns of a class: its children, what stands at itself, and its subtotal; or the class alone.</summary>
    private static IEnumerable<Column> Under(Composer c, string member, string? group)
    {
        List<string> children = [.. c.Members[Dimensions.BusinessChannel].Where(m => c.Report.Taxonomy.Class(Dimensions.BusinessChannel, m)?.Parent == member)];
        string label = c.Label(Dimensions.BusinessChannel, member);
        if (children.Count == 0)
        {
            yield return new Column(label, group, member, [], false);
            yield break;
        }
        string inside = group ?? label;
        foreach (Column column in children.SelectMany(child => Under(c, child, inside)))
        {
            yield return column;
        }
        Column own = new(c.T($"{label}（未细分）", $"{label} (not detailed)"), inside, member, children, false);
        if (Value(c, own) > 0)
        {
            yield return own;
        }
        yield return new Column(c.T($"{Short(label)}小计", $"{label}: subtotal"), inside, member, [], true);
    }

    private static string Short(string label) => label.Replace("业务渠道", "", StringComparison.Ordinal);

    private static decimal Value(Composer c, Column column, params IEnumerable<FilterTerm> terms) =>
        (c.Value(Complaints, c.Month, [Composer.Term(Dimensions.BusinessChannel, column.Member), .. terms]) ?? 0)
        - column.Less.Sum(l => c.Value(Complaints, c.Month, [Composer.Term(Dimensions.BusinessChannel, l), .. terms]) ?? 0);

    private static Cell Number(Composer c, Column column, params IEnumerable<FilterTerm> terms)
    {
        Cell cell = column.Less.Count > 0
            ? Composer.Derived(Value(c, column, terms))
            : c.Cell(Complaints, c.Month, [Composer.Term(Dimensions.BusinessChannel, column.Member), .. terms]);
        return column.IsSubtotal ? cell with { Style = Subtotal } : cell;
    }

    private static readonly CellStyle Subtotal = Styles.Count with { Bold = true, Fill = Palette.Paper };
}
