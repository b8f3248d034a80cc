using Pipeline.Models.Measures;
using Pipeline.Models.RootCauses;
using Pipeline.Models.Taxonomy;
using Pipeline.Models.Text;
using Pipeline.Reports.Sheets;

namespace Pipeline.Reports.Workbooks.RootCause;

/// <summary>What the lists of the register offer: labels, in order.</summary>
internal sealed record RegisterChoices(IReadOnlyList<string> Causes, IReadOnlyList<string> Businesses, IReadOnlyList<string> Branches);

/// <summary>
/// The remediation register, to be edited and read back by the next run. Cells to fill in are unlocked and tinted, everything else is
/// protected without a password, so that ids and heads stay as they are.
/// </summary>
internal static class RegisterSheet
{
    private const int BlankRows = 40;
    private const int FirstListRow = 6;
    private static readonly CellStyle Editable = Styles.TextWrapped with { Fill = Palette.EditFill, IsUnlocked = true };
    private static readonly CellStyle EditableDay = Styles.Date with { Fill = Palette.EditFill, IsUnlocked = true, Top = true };
    private static readonly double[] Widths = [12, 28, 20, 18, 46, 14, 13, 13, 13, 30];

    public static string Name(Language language) => language == Language.Zh ? "整改登记" : "Register";

    private static string ListsName(Language language) => language == Language.Zh ? "登记选项" : "Register lists";

    public static void Add(Composer c, RemediationRegister register)
    {
        Breakdown branches = new(c, Dimensions.Branch);
        RegisterChoices choices = new(
            [.. Classes(c, Dimensions.Cause)], [.. Classes(c, Dimensions.Business)], [.. branches.Members.Where(m => m != FigurePlan.NoMember).Select(branches.Label)]);
        Sheet sheet = c.Page(Name(c.Language), c.T("溯源整改登记（可编辑）", "Remediation register (to be edited)"), Answers.In(c.Language));
        Sheet lists = c.Page(ListsName(c.Language), c.T("登记选项", "Lists of the register"), c.T("整改登记各下拉列表的内容", "What the lists of the register offer"));
        Fill(sheet, lists, register, choices, c.Report.Taxonomy, c.Language);
    }

    private static readonly Bilingual Answers = new("登记整改措施；填好后用 register import 导入，下次运行检验前后变化", "Write down corrective actions; import with register import, and the next run tests before against after");

    /// <summary>A workbook of the register alone.</summary>
    public static void Fill(Sheet sheet, Sheet lists, RemediationRegister register, RegisterChoices choices, ComplaintTaxonomy taxonomy, Language language)
    {
        string T(string zh, string en) => language == Language.Zh ? zh : en;
        for (int i = 0; i < Widths.Length; i++)
        {
            sheet.Width(i + 1, Widths[i]);
        }
        string[] offered = [.. ((string[])[RegisterColumns.Cause, RegisterColumns.Business, RegisterColumns.Branch]).Select(k => RegisterColumns.Head(k, taxonomy).In(language).Split('（', '(')[0].Trim())];
        string chosen = T(string.Join("、", offered), string.Join(", ", offered.Select(o => o.ToLowerInvariant())));
        sheet.Paragraph(
            T($"浅黄色单元格可编辑：每行一项整改。{chosen}请从下拉列表选择；编号由系统给出，新行留空；日期写成 2026-10-31。保存后执行 pipeline register import 本文件（或 run --register 本文件）：有错会逐格指出且什么都不导入；登记簿按版次保存，旧版不改。删除一行即移除该项。",
                $"Tinted cells may be edited: one action a row. Choose {chosen} from the lists; ids are given by the program, blank for a new row; days as 2026-10-31. Save, then run: pipeline register import THIS-FILE (or run --register THIS-FILE). Faults are named cell by cell and nothing is imported; the register keeps its versions. To remove an action, clear its row."),
            Styles.Note, 1, Widths.Length);
        sheet.Row(2, null, [Cell.Of(RegisterVersionLabel.In(language), Styles.Label), Cell.Of(register.Version, Styles.Count with { Border = CellBorder.None, Align = CellAlign.Left })]);
        sheet.Skip();
        IReadOnlyList<IReadOnlyList<Cell>> rows =
        [
            .. register.Entries.Select(e => Row(e, taxonomy, language)),
            .. Enumerable.Range(0, BlankRows).Select(_ => Row(null, taxonomy, language)),
        ];
        TablePlace place = sheet.Table(new SheetTable(
            "Register", [.. RegisterColumns.All.Select((column, i) => new TableColumn(RegisterColumns.Head(column.Key, taxonomy).In(language), Widths[i], true))], rows.Count, rows));
        sheet.FreezeBelow(place, 2);
        sheet.IsProtected = true;
        Lists(lists, choices, taxonomy, language);
        Choose(1, ListRange(lists, 1, choices.Causes.Count), choices.Causes.Count);
        Choose(2, ListRange(lists, 2, choices.Businesses.Count), choices.Businesses.Count);
        Choose(3, ListRange(lists, 3, choices.Branches.Count), choices.Branches.Count);
        foreach (int column in (int[])[6, 7, 8])
        {
            sheet.Validations.Add(ValidationRule.Day(place.Column(column), T("日期", "Day"), T("请填写日期，例如 2026-10-31。", "Enter a day, for example 2026-10-31.")));
        }
        foreach (int column in (int[])[4, 5, 9])
        {
            sheet.Validations.Add(ValidationRule.TextUpTo(place.Column(column), 1000, T("文字太长", "Too long"), T("最多 1000 个字符。", "At most 1000 characters.")));
        }

        void Choose(int column, string list, int count)
        {
            if (count > 0)
            {
                sheet.Validations.Add(ValidationRule.List(place.Column(column), list, T("不在列表中", "Not in the list"), T("请从下拉列表选择。", "Choose from the list.")));
            }
        }
    }

    /// <summary>Words before the version; what reads the register back looks for them.</summary>
    internal static readonly Bilingual RegisterVersionLabel = new("登记簿版次", "Register version");

    private static IReadOnlyList<Cell> Row(RemediationEntry? entry, ComplaintTaxonomy taxonomy, Language language) =>
    [
        Cell.Of(entry?.Id, Styles.Code),
        Cell.Of(entry is null ? null : taxonomy.Label(Dimensions.Cause, entry.Cause, language), Editable),
        Cell.Of(entry?.Business is { } business ? taxonomy.Label(Dimensions.Business, business, language) : null, Editable),
        Cell.Of(entry?.Branch, Editable), Cell.Of(entry?.Action, Editable), Cell.Of(entry?.Owner, Editable),
        Cell.Of(entry?.Opened, EditableDay), Cell.Of(entry?.Due, EditableDay), Cell.Of(entry?.Done, EditableDay), Cell.Of(entry?.Note, Editable),
    ];

    private static void Lists(Sheet lists, RegisterChoices choices, ComplaintTaxonomy taxonomy, Language language)
    {
        lists.NextRowAt(FirstListRow - 1);
        lists.Row([Cell.Of(RegisterColumns.Head(RegisterColumns.Cause, taxonomy).In(language), Styles.HeadLeft), Cell.Of(RegisterColumns.Head(RegisterColumns.Business, taxonomy).In(language), Styles.HeadLeft), Cell.Of(RegisterColumns.Head(RegisterColumns.Branch, taxonomy).In(language), Styles.HeadLeft)]);
        for (int column = 1; column <= 3; column++)
        {
            lists.Width(column, 36);
        }
        IReadOnlyList<string>[] columns = [choices.Causes, choices.Businesses, choices.Branches];
        for (int i = 0; i < columns.Max(l => l.Count); i++)
        {
            lists.Row([.. columns.Select(l => i < l.Count ? Cell.Of(l[i]) : Cell.Blank(Styles.Text))]);
        }
    }

    private static string ListRange(Sheet lists, int column, int count) => CellRef.Fixed(lists.Name, FirstListRow, column, FirstListRow + Math.Max(1, count) - 1, column);

    private static IEnumerable<string> Classes(Composer c, string dimension) => c.Report.Taxonomy.Dimension(dimension) is { Open: false } closed
        ? closed.Classes.Select(x => x.Label.In(c.Language))
        : c.Members[dimension].Where(m => m != FigurePlan.NoMember).Select(m => c.Label(dimension, m));
}
