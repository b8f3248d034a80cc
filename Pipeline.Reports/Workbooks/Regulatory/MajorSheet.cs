using Pipeline.Models.Taxonomy;
using Pipeline.Reports.Sheets;

namespace Pipeline.Reports.Workbooks.Regulatory;

/// <summary>Major complaints (重大消费投诉, Order 2020 No.3 art. 29; DOMAIN A2.17): how many in each month, and which in this one.</summary>
internal static class MajorSheet
{
    public static void Add(Composer c)
    {
        int persons = c.Report.Rules.Group.MajorPersons;
        Sheet sheet = c.Page(c.T("重大投诉", "Major complaints"), c.T("重大消费投诉", "Major complaints"), c.T($"本行定级重大的，和现场满 {persons} 人的群体投诉", $"Those graded major, and groups of {persons} and more face to face"));
        sheet.Row(Cell.Of(c.T("按受理月", "By month of receipt"), Styles.Section));
        TablePlace place = sheet.Table(SheetTable.Of(
            "MajorByMonth",
            [new(c.T("受理月", "Month"), 22, true), new(c.MeasureName("major"), 12), new(c.MeasureName("major_group"), 12)],
            [.. c.Months(13).Reverse().Select(m => (IReadOnlyList<Cell>)[Cell.Of(c.Head(m)), c.Cell("major", m), c.Cell("major_group", m)])]));
        sheet.FreezeBelow(place);
        sheet.Skip();
        List<CaseRow> rows =
        [
            .. c.Report.Cases.Where(r => r.Fact.IsMajorGroup || r.Fact.Severity == "major")
                .OrderBy(r => r.Fact.Received).ThenBy(r => r.Fact.CaseNumber, StringComparer.Ordinal),
        ];
        sheet.Row(Cell.Of(c.T($"本月（{rows.Count} 件）", $"This month ({rows.Count})"), Styles.Section));
        if (rows.Count > 0)
        {
            sheet.Table(SheetTable.Of(
                "MajorCases",
                [
                    new(c.T("工单号", "Case"), 22, true), new(c.T("受理日期", "Received"), 12), new(c.T("依据", "Reason"), 24, true), new(c.T("状态", "Status"), 10, true),
                    new(c.DimensionName(Dimensions.Branch), 0, true), new(c.DimensionName(Dimensions.Business), 0, true), new(c.DimensionName(Dimensions.Cause), 0, true), new(c.T("人数", "Persons"), 9),
                ],
                [.. rows.Select(r => (IReadOnlyList<Cell>)
                [
                    Cell.Of(r.Fact.CaseNumber), Cell.Of(r.Fact.Received),
                    Cell.Of(string.Join(c.T("；", "; "), (string[])[.. r.Fact.Severity == "major" ? (string[])[c.T("本行定级", "graded by the bank")] : [], .. r.Fact.IsMajorGroup ? (string[])[FaceToFace(c, r.Fact.ComplaintId, persons)] : []])),
                    Cell.Of(Words.Status(c, r.Fact.Status)), Cell.Of(r.Fact.Branch),
                    Cell.Of(r.Fact.Business.Class is { } b ? c.Label(Dimensions.Business, b) : ""), Cell.Of(r.Fact.Cause.Class is { } k ? c.Label(Dimensions.Cause, k) : ""), Cell.Of(r.Fact.Persons),
                ])]));
            sheet.Skip();
        }
        sheet.Paragraph(
            c.T($"令2020年第3号第29条：自然灾害、安全事故、公共卫生事件等引发的投诉，及监管认定的其他投诉，以本行定级“重大”体现；{persons} 名以上投诉人现场提出共同请求的，由群诉识别（人数、渠道依规则）。现场与否不明的不计入。",
                $"Order 2020 No.3 art. 29: complaints caused by disasters, accidents and public-health events, and others so determined, are those that the bank graded major; {persons} and more complainants face to face with a common request are found by the rules for groups. Persons of whom it is unknown whether they came in person do not count."),
            Styles.Note, 1, 8);
    }

    /// <summary>How many came in person, beside how many make a group major; the number alone of the rule where the groups are not kept with the report.</summary>
    private static string FaceToFace(Composer c, long complaint, int from) =>
        c.Report.Findings?.Groups.Where(g => g.Complaints.Contains(complaint)).Select(g => g.FaceToFacePersons).DefaultIfEmpty(0).Max() is > 0 and var came
            ? Words.FaceToFace(c, came, from)
            : c.T($"现场满 {from} 人", $"{from} or more face to face");
}
