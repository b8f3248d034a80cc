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

    /// <summary>What the case states, or a dash where it states nothing. Blank is left to what cannot apply to a case.</summary>
    public static Cell Stated(string? text, CellStyle? style = null) => string.IsNullOrEmpty(text) ? Cell.Undefined(style ?? Styles.Text) : Cell.Of(text, style);

    /// <inheritdoc cref="Stated(string?, CellStyle?)"/>
    public static Cell Stated(decimal? number, CellStyle style) => Cell.OrUndefined(number, style);

    /// <inheritdoc cref="Stated(string?, CellStyle?)"/>
    public static Cell Stated(DateOnly? day) => day is { } known ? Cell.Of(known) : Cell.Undefined(Styles.Date);

    /// <summary>What only an ended case can have: blank while it is open, a dash where it ended and the source does not say.</summary>
    private static Cell OfEnded(ComplaintFact fact, Cell stated) => fact.Status == "open" && stated.Text == Cell.UndefinedText ? Cell.Blank(stated.Style) : stated;

    public static Cell Closed(ComplaintFact fact) => OfEnded(fact, Stated(fact.Closed));

    public static Cell HandlingDays(ComplaintFact fact) => OfEnded(fact, Stated(fact.HandlingDays, Styles.Count));

    public static Cell Satisfaction(Composer c, ComplaintFact fact) => OfEnded(fact, Stated(Words.Satisfaction(c, fact.Satisfaction)));

    public static Cell Liable(Composer c, ComplaintFact fact) =>
        OfEnded(fact, Stated(fact.IsLiable switch { true => c.T("有责", "yes"), false => c.T("无责", "no"), null => null }, Centered));

    public static Cell Amount(ComplaintFact fact) => Stated(fact.Amount, Styles.Money);

    /// <summary>The rung of the channel that the case came in by.</summary>
    public static Cell Rung(ComplaintFact fact) => Stated(fact.Channel is null ? null : fact.Level, Styles.Count);

    public static Cell Person(CaseRow row) => Stated(string.Join(' ', ((string?[])[row.PersonToken, row.NameMasked]).Where(t => !string.IsNullOrEmpty(t))));

    /// <summary>Token and masked name, leading to the profile where there is one.</summary>
    public static Cell Person(CaseRow row, CaseLinks links) => Person(row) is var cell && cell.Text == Cell.UndefinedText ? cell : links.Person(row.Fact.PersonKey, cell.Text);

    public static Cell Class(Composer c, string dimension, string? member) => Stated(member is null ? null : c.Label(dimension, member));

    public static Cell Business(Composer c, CaseRow row) => Business(c, row.Fact);

    public static Cell Business(Composer c, ComplaintFact fact) => Class(c, Dimensions.Business, fact.Business.Class);

    public static Cell Cause(Composer c, CaseRow row) => Cause(c, row.Fact);

    public static Cell Cause(Composer c, ComplaintFact fact) => Class(c, Dimensions.Cause, fact.Cause.Class);

    public static Cell Channel(Composer c, CaseRow row) => Channel(c, row.Fact);

    public static Cell Channel(Composer c, ComplaintFact fact) => Class(c, Dimensions.Channel, fact.Channel);

    public static Cell Branch(CaseRow row) => Branch(row.Fact);

    public static Cell Branch(ComplaintFact fact) => Stated(fact.BranchName ?? fact.Branch);

    /// <summary>Calendar days from receipt to closing, or to the data date while open; a dash where the day of closing is not known.</summary>
    public static Cell DaysTaken(Composer c, ComplaintFact fact) =>
        (fact.Closed ?? (fact.Status == "open" ? c.Report.Lineage.AsOf : null)) is { } end ? Cell.Of(end.DayNumber - fact.Received.DayNumber) : Cell.Undefined(Styles.Count);

    /// <summary>The how-manieth of its matter; a dash where nobody is known.</summary>
    public static Cell ComplaintNumber(ComplaintFact fact) =>
        fact.PersonKey is null && fact.RepeatOf is null ? Cell.Undefined(Styles.Count) : Cell.Of(fact.ChainNumber + 1);

    public static Cell Text(CaseRow row) => Stated(row.TextMasked.ReplaceLineEndings(" "), Clipped);

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

    public static TableColumn BranchColumn(Composer c) => new(c.Complained, Wide(c, 18, 24), true);

    /// <summary>What is in dispute, in the currency of the source.</summary>
    public static TableColumn AmountColumn(Composer c)
    {
        string currency = c.UnitName(Units.Yuan);
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
