using Pipeline.Models.Complaints;
using Pipeline.Models.Flags;
using Pipeline.Models.Measures;
using Pipeline.Models.Taxonomy;
using Pipeline.Models.Text;
using Pipeline.Reports.Sheets;
using Pipeline.Reports.Workbooks.Front;

namespace Pipeline.Reports.Workbooks.Cases;

/// <summary>Cells that several lists of cases share.</summary>
internal static class CaseCells
{
    /// <summary>A narrative or what speaks for a finding: small, and of long ones the first dozen lines, so that a list stays one.</summary>
    public static readonly CellStyle Clipped = Styles.Text with { Size = 8, Wrap = true, Top = true, MostLines = 12 };

    public static readonly CellStyle Centered = Styles.Text with { Align = CellAlign.Center, Indent = 0 };

    public static Cell CaseNumber(CaseRow row) => Cell.Of(row.Fact.CaseNumber);

    public static Cell Person(CaseRow row) => Cell.Of(string.Join(' ', ((string?[])[row.PersonToken, row.NameMasked]).Where(t => !string.IsNullOrEmpty(t))));

    /// <summary>Token and masked name, leading to the profile where there is one.</summary>
    public static Cell Person(CaseRow row, CaseLinks links) => links.Person(row.Fact.PersonKey, Person(row).Text);

    public static Cell Class(Composer c, string dimension, string? member) => Cell.Of(member is null ? "" : c.Label(dimension, member));

    public static Cell Business(Composer c, CaseRow row) => Business(c, row.Fact);

    public static Cell Business(Composer c, ComplaintFact fact) => Class(c, Dimensions.Business, fact.Business.Class);

    public static Cell Cause(Composer c, CaseRow row) => Cause(c, row.Fact);

    public static Cell Cause(Composer c, ComplaintFact fact) => Class(c, Dimensions.Cause, fact.Cause.Class);

    public static Cell Channel(Composer c, CaseRow row) => Channel(c, row.Fact);

    public static Cell Channel(Composer c, ComplaintFact fact) => Class(c, Dimensions.Channel, fact.Channel);

    public static Cell Branch(CaseRow row) => Cell.Of(row.Fact.BranchName ?? row.Fact.Branch);

    /// <summary>Calendar days from receipt to closing, or to the data date while open; a dash where the day of closing is not known.</summary>
    public static Cell DaysTaken(Composer c, ComplaintFact fact) =>
        (fact.Closed ?? (fact.Status == "open" ? c.Report.Lineage.AsOf : null)) is { } end ? Cell.Of(end.DayNumber - fact.Received.DayNumber) : Cell.Undefined(Styles.Count);

    /// <summary>The how-manieth of its matter; a dash where nobody is known.</summary>
    public static Cell ComplaintNumber(ComplaintFact fact) =>
        fact.PersonKey is null && fact.RepeatOf is null ? Cell.Undefined(Styles.Count) : Cell.Of(fact.ChainNumber + 1);

    public static Cell Text(CaseRow row) => Cell.Of(row.TextMasked.ReplaceLineEndings(" "), Clipped);

    public static FlagEvidence? Flag(CaseRow row, string kind) => row.Flags.FirstOrDefault(f => f.Kind == kind);

    public static string Marks(Composer c, ComplaintFact fact) => string.Join(c.T("、", ", "), ((string?[])
    [
        fact.RepeatOf is not null ? c.T("重复", "repeat") : null,
        fact.IsEscalation ? c.T("升级", "escalated") : null,
        // Where nobody is known, no first contact is.
        fact.IsBypass && c.Value("bypass", c.Month) is not null ? c.T("越级", "bypass") : null,
        fact.HasThreat ? c.T("威胁", "threat") : null,
    ]).OfType<string>());

    public static string Marks(Composer c, CaseRow row) => string.Join(c.T("、", ", "), ((string?[])
    [
        Marks(c, row.Fact) is { Length: > 0 } own ? own : null,
        Flag(row, FlagKinds.Group) is not null ? c.T("群诉", "group") : null,
        Flag(row, FlagKinds.Organised) is not null ? c.T("疑似有组织", "organised") : null,
    ]).OfType<string>());

    public static TableColumn CaseNumberColumn(Composer c) => new(c.T("工单号", "Case number"), 19, true);

    public static TableColumn TextColumn(Composer c) => new(c.T("投诉内容（脱敏）", "Text (masked)"), 56, true);

    public static TableColumn PersonColumn(Composer c) => new(c.T("投诉人", "Complainant"), 15, true);

    public static TableColumn BusinessColumn(Composer c) => new(c.DimensionName(Dimensions.Business), Wide(c, 14, 24), true);

    public static TableColumn CauseColumn(Composer c) => new(c.DimensionName(Dimensions.Cause), Wide(c, 22, 28), true);

    public static TableColumn ChannelColumn(Composer c) => new(c.DimensionName(Dimensions.Channel), Wide(c, 16, 26), true);

    public static TableColumn BranchColumn(Composer c) => new(c.T("被投诉机构", "Branch complained of"), Wide(c, 18, 24), true);

    /// <summary>What is in dispute, in the currency of the source.</summary>
    public static TableColumn AmountColumn(Composer c)
    {
        string currency = FiguresSheet.Units(c, Units.Yuan);
        return new(c.T($"金额（{currency}）", $"Amount ({currency})"), 13);
    }

    /// <summary>English names are longer than Chinese ones.</summary>
    public static double Wide(Composer c, double chinese, double english) => c.Language == Language.Zh ? chinese : english;

    /// <summary>A list, or the sentence that there is nothing to list.</summary>
    public static void List(Composer c, Sheet sheet, string name, IReadOnlyList<TableColumn> columns, IReadOnlyList<CaseRow> rows, Func<CaseRow, IReadOnlyList<Cell>> cells, string nothing, double? rowHeight = null)
    {
        if (rows.Count == 0)
        {
            sheet.Width(1, 100);
            sheet.Row(Cell.Of(nothing, Styles.Finding));
            return;
        }
        sheet.Row(Cell.Of(c.T($"共 {rows.Count} 件", English.Count(rows.Count, "case")), Styles.Section));
        TablePlace place = sheet.Table(new SheetTable(name, columns, rows.Count, rows.Select(cells), RowHeight: rowHeight));
        sheet.FreezeBelow(place);
    }
}
