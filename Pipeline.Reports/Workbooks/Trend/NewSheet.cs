using Pipeline.Models.Flags.Groups;
using Pipeline.Models.Flags.Organised;
using Pipeline.Models.Flags.Priority;
using Pipeline.Models.Taxonomy;
using Pipeline.Reports.Sheets;

namespace Pipeline.Reports.Workbooks.Trend;

/// <summary>What the month brought that is no change of a number: groups and organised patterns; and what the team's capacity allows.</summary>
internal static class NewSheet
{
    public const string PriorityKey = "priority";

    /// <summary>What more the list would hold is told of so many cases.</summary>
    public const int Further = 10;

    /// <summary>See <see cref="Composer.Begin"/>: four rows stand above, then the heads.</summary>
    private const int FirstRow = 6;

    private static string Name(Composer c) => c.T("群诉与线索", "Groups and patterns");

    /// <summary>Where the row of a group, a pattern or the priority list stands, before the sheet is written.</summary>
    public static string Place(Composer c, string key)
    {
        List<string> keys = [.. Keys(c)];
        int row = keys.IndexOf(key);
        // Behind the groups and patterns, where there are any, stand a free row and the heads of the priority list.
        return CellRef.Place(Name(c), FirstRow + row + (key == PriorityKey && row > 0 ? 2 : 0), 1);
    }

    private static IEnumerable<string> Keys(Composer c) => c.Report.Findings is { } findings
        ? [.. findings.Groups.Select(g => g.Key), .. findings.Patterns.Select(p => p.Key), PriorityKey]
        : [];

    public static void Add(Composer c)
    {
        if (c.Report.Findings is not { } findings)
        {
            return;
        }
        Sheet sheet = c.Page(
            Name(c), c.T("本月群诉、疑似有组织线索与优先名单", "Groups, organised patterns and the priority list"), c.T("首页所提群诉与线索的明细", "What the first page says of groups, patterns and capacity"), isOnOnePage: true);
        bool isEmpty = findings.Groups.Count + findings.Patterns.Count == 0;
        if (!isEmpty)
        {
            Found(c, sheet, findings);
            sheet.Skip();
        }
        Priority(c, sheet, findings.Priority);
        sheet.Skip();
        sheet.Paragraph(
            (isEmpty ? c.T("本月没有群诉和疑似有组织线索。", "No group and no organised pattern was found this month. ") : "")
            + c.T("组内投诉、文本与优先名单见“重复与升级投诉清单”簿。线索不是结论，不得据此拒绝受理。", "The complaints themselves stand in the workbook of cases. A pattern is evidence to be checked, never a reason to refuse a complaint."), Styles.Note, 1, 12);
    }

    private static void Found(Composer c, Sheet sheet, CaseFindingsReport findings) =>
        sheet.Table(SheetTable.Of(
            "New",
            [
                new(c.T("类型", "Kind"), 26, true), new(c.T("编号", "Key"), 18, true), new(c.T("机构", "Place"), 24, true), new(c.T("首日", "First day"), 12), new(c.T("末日", "Last day"), 12), new(c.T("人数", "Persons"), 10),
                new(c.T("现场人数", "Face to face"), 11), new(c.T("平常同期人数", "Usual persons"), 11), new(c.T("件数", "Complaints"), 11), new(c.DimensionName(Dimensions.Business), 26, true), new(c.DimensionName(Dimensions.Cause), 26, true),
                new(c.T("说明", "Note"), 52, true),
            ],
            [
                .. findings.Groups.Select(g => Group(c, g)),
                .. findings.Patterns.Select(p => Pattern(c, p)),
            ]));

    private static void Priority(Composer c, Sheet sheet, PriorityList list)
    {
        int capacity = c.Report.Rules.PriorityCapacity;
        double? Returns(int skipped, int taken) => list.IsLearned ? list.Rows.Skip(skipped).Take(taken).Sum(r => r.Probability ?? 0) : null;
        // As the first page says it; a dash where too few months were there to learn a probability from.
        Cell About(double? returns) => returns is { } r ? Cell.Of(c.T($"约 {Sentences.Usual(r)}", $"about {Sentences.Usual(r)}"), Styles.Text) : Cell.Of(Cell.UndefinedText, Styles.Text);
        sheet.Table(SheetTable.Of(
            "PriorityInBrief",
            [
                new(c.T("优先名单候选：月末未办结或当月办结", "Priority list: open at the month's end or closed in it"), 26, true), new(c.T("件数", "Cases"), 18), new(c.T($"预计 {PriorityHistory.HorizonDays} 天内再投诉", $"Expected returns within {PriorityHistory.HorizonDays} days"), 24, true),
            ],
            [
                [Cell.Of(c.T("全部", "All")), Cell.Of(list.Rows.Count), About(Returns(0, list.Rows.Count))],
                [Cell.Of(c.T($"先处理的 {capacity} 件", $"The first {capacity}")), Cell.Of(Math.Min(capacity, list.Rows.Count)), About(Returns(0, capacity))],
                .. list.Rows.Count > capacity
                    ? (IReadOnlyList<Cell>[])[[Cell.Of(c.T($"其后 {Math.Min(Further, list.Rows.Count - capacity)} 件", $"The next {Math.Min(Further, list.Rows.Count - capacity)}")), Cell.Of(Math.Min(Further, list.Rows.Count - capacity)), About(Returns(capacity, Further))]]
                    : [],
            ]));
    }

    private static IReadOnlyList<Cell> Group(Composer c, ComplaintGroup g) =>
    [
        Cell.Of(c.T("群诉", "Group")), Cell.Of(g.Key), Cell.Of(g.Place), Cell.Of(g.First), Cell.Of(g.Last), Cell.Of(g.Persons), Cell.Of(g.FaceToFacePersons), Cell.Of(Math.Round(g.UsualPersons, 1), Styles.Days), Cell.Of(g.Complaints.Count),
        Class(c, Dimensions.Business, g.Business), Class(c, Dimensions.Cause, g.Cause),
        Cell.Of(g.IsMajor(c.Report.Rules.Group) switch
        {
            true => c.T("重大消费投诉", "major complaint"),
            null => c.T("是否现场不明，须核实是否重大", "who came in person is unknown: check whether major"),
            _ => "",
        }),
    ];

    private static IReadOnlyList<Cell> Pattern(Composer c, OrganisedPattern p) =>
    [
        Cell.Of(c.T("疑似有组织（线索）", "Organised (evidence)")), Cell.Of(p.Key), Cell.Blank(Styles.Text), Cell.Of(p.First), Cell.Of(p.Last), Cell.Of(p.Persons), Cell.Blank(Styles.Count), Cell.Blank(Styles.Days), Cell.Of(p.Letters.Count),
        Class(c, Dimensions.Business, p.Business), Class(c, Dimensions.Cause, p.Cause),
        Cell.Of(c.T($"文本近乎相同 {p.NearPersons} 人；共用联系方式 {p.SharedContacts.Count} 个", $"near-identical letters of {p.NearPersons}; {p.SharedContacts.Count} shared contacts")),
    ];

    private static Cell Class(Composer c, string dimension, string? member) => member is null ? Cell.Blank(Styles.Text) : Cell.Of(c.Label(dimension, member));
}
