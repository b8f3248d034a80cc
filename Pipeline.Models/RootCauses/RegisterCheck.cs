using Pipeline.Models.Taxonomy;
using Pipeline.Models.Text;

namespace Pipeline.Models.RootCauses;

/// <summary>A row of the register as it was typed, before it is understood.</summary>
/// <param name="Row">1-based row of the sheet.</param>
/// <param name="Cells">By column key: a text, a day, or absent where the cell is empty.</param>
public sealed record RegisterRow(int Row, IReadOnlyDictionary<string, RegisterCell> Cells);

/// <param name="Text">As it stands in the cell.</param>
/// <param name="Day">The day, where the cell holds one.</param>
public readonly record struct RegisterCell(string Text, DateOnly? Day);

/// <summary>Something in the register that cannot be taken.</summary>
/// <param name="Column">Key of the column, see <see cref="RegisterColumns"/>.</param>
public sealed record RegisterFault(int Row, string Column, Bilingual Text);

/// <summary>The columns of the register. The heads are used alike by the sheet and by what reads it back.</summary>
public static class RegisterColumns
{
    public const string Id = "id";
    public const string Cause = "cause";
    public const string Business = "business";
    public const string Branch = "branch";
    public const string Action = "action";
    public const string Owner = "owner";
    public const string Opened = "opened";
    public const string Due = "due";
    public const string Done = "done";
    public const string Note = "note";

    /// <value>Keys and heads, in the order of the sheet.</value>
    public static readonly IReadOnlyList<(string Key, Bilingual Head)> All =
    [
        (Id, new("编号（新行留空）", "Id (blank for a new row)")),
        (Cause, new("投诉原因", "Cause")),
        (Business, new("业务类别（空为全部）", "Business line (blank: all)")),
        (Branch, new("机构（空为全部）", "Branch (blank: all)")),
        (Action, new("整改措施", "Action")),
        (Owner, new("负责人", "Owner")),
        (Opened, new("开始日期", "Begun")),
        (Due, new("应完成日期", "Due")),
        (Done, new("完成日期", "Done")),
        (Note, new("备注", "Note")),
    ];

    public static Bilingual Head(string key) => All.First(c => c.Key == key).Head;

    /// <summary>The head in the words of a source that calls its causes, business lines or branches otherwise.</summary>
    public static Bilingual Head(string key, ComplaintTaxonomy taxonomy) =>
        Called.FirstOrDefault(c => c.Key == key) is { Dimension: { } dimension, Usual: var usual, Blank: var blank } && taxonomy.Dimension(dimension) is { } own && own.En != usual
            ? new(own.Zh + (blank ? "（空为全部）" : ""), own.En + (blank ? " (blank: all)" : ""))
            : Head(key);

    private static readonly (string Key, string Dimension, string Usual, bool Blank)[] Called =
        [(Cause, Dimensions.Cause, "Cause", false), (Business, Dimensions.Business, "Business line", true), (Branch, Dimensions.Branch, "Branch", true)];
}

/// <summary>What the words of the register may mean.</summary>
/// <param name="Branches">Reporting organisations that the ledger knows.</param>
/// <param name="OpenClasses">Classes of open dimensions that the ledger holds, by dimension.</param>
/// <param name="Today">No action is done after it.</param>
public sealed record RegisterVocabulary(ComplaintTaxonomy Taxonomy, IReadOnlySet<string> Branches, IReadOnlyDictionary<string, IReadOnlySet<string>> OpenClasses, DateOnly Today);

/// <summary>Turns typed rows into entries, or says of every fault where it stands.</summary>
public static class RegisterCheck
{
    private const int LongestText = 1000;
    private static readonly DateOnly FirstDay = new(2000, 1, 1);

    /// <param name="known">The register that the rows were made from; its ids are the only ones that a row may have.</param>
    /// <param name="firstFreeNumber">Number of the next id, 1 or more: numbers are never used again.</param>
    /// <returns>The entries in the order of the rows; meaningful only where there is no fault.</returns>
    public static (IReadOnlyList<RemediationEntry> Entries, IReadOnlyList<RegisterFault> Faults) Read(
        IReadOnlyList<RegisterRow> rows, IReadOnlyList<RemediationEntry> known, int firstFreeNumber, RegisterVocabulary words)
    {
        List<RemediationEntry> entries = [];
        List<RegisterFault> faults = [];
        Dictionary<string, int> ids = new(StringComparer.Ordinal);
        Dictionary<(string, string?, string?, string, DateOnly), int> same = [];
        HashSet<string> knownIds = [.. known.Select(k => k.Id)];
        int next = firstFreeNumber;
        foreach (RegisterRow row in rows.Where(r => r.Cells.Values.Any(c => c.Text.Length > 0)))
        {
            void Fault(string column, string zh, string en) => faults.Add(new RegisterFault(row.Row, column, new Bilingual(zh, en)));
            string id = Text(row, RegisterColumns.Id);
            if (id.Length > 0 && !knownIds.Contains(id))
            {
                Fault(RegisterColumns.Id, $"编号 '{id}' 不在登记簿中；编号由系统给出，不要改写，新行请留空", $"the register has no entry '{id}'; ids are given by the program, leave them as they were, and blank for a new row");
            }
            else if (id.Length > 0 && !ids.TryAdd(id, row.Row))
            {
                Fault(RegisterColumns.Id, $"编号 '{id}' 已在第 {ids[id]} 行出现，只保留一行", $"the id '{id}' stands in row {ids[id]} too; keep one of them");
            }
            string? cause = Class(words, Dimensions.Cause, Text(row, RegisterColumns.Cause));
            if (cause is null)
            {
                Fault(RegisterColumns.Cause, Missing(row, RegisterColumns.Cause, "没有这个投诉原因"), MissingEn(row, RegisterColumns.Cause, "there is no such cause"));
            }
            string typedBusiness = Text(row, RegisterColumns.Business);
            string? business = typedBusiness.Length == 0 ? null : Class(words, Dimensions.Business, typedBusiness);
            if (typedBusiness.Length > 0 && business is null)
            {
                Fault(RegisterColumns.Business, Missing(row, RegisterColumns.Business, "没有这个业务类别"), MissingEn(row, RegisterColumns.Business, "there is no such business line"));
            }
            string? branch = Text(row, RegisterColumns.Branch) is { Length: > 0 } typed ? typed : null;
            if (branch is not null && !words.Branches.Contains(branch))
            {
                Fault(RegisterColumns.Branch, Missing(row, RegisterColumns.Branch, "台账中没有这个机构"), MissingEn(row, RegisterColumns.Branch, "the ledger knows no such branch"));
            }
            string action = Written(RegisterColumns.Action, isRequired: true);
            string owner = Written(RegisterColumns.Owner, isRequired: true);
            string note = Written(RegisterColumns.Note, isRequired: false);
            DateOnly? opened = Day(RegisterColumns.Opened);
            DateOnly? due = Day(RegisterColumns.Due);
            DateOnly? done = Day(RegisterColumns.Done);
            if (opened is null && Text(row, RegisterColumns.Opened).Length == 0)
            {
                Fault(RegisterColumns.Opened, "为空；请填写开始日期", "is empty; fill in the day the work began");
            }
            if (opened is { } begun && due < begun)
            {
                Fault(RegisterColumns.Due, $"{due:yyyy-MM-dd} 早于开始日期 {begun:yyyy-MM-dd}", $"{due:yyyy-MM-dd} is before the work began on {begun:yyyy-MM-dd}");
            }
            if (opened is { } start && done < start)
            {
                Fault(RegisterColumns.Done, $"{done:yyyy-MM-dd} 早于开始日期 {start:yyyy-MM-dd}", $"{done:yyyy-MM-dd} is before the work began on {start:yyyy-MM-dd}");
            }
            if (done > words.Today)
            {
                Fault(RegisterColumns.Done, $"{done:yyyy-MM-dd} 在今天（{words.Today:yyyy-MM-dd}）之后；完成后再填写", $"{done:yyyy-MM-dd} is after today ({words.Today:yyyy-MM-dd}); fill it in when it is done");
            }
            if (cause is not null && opened is { } since)
            {
                if (!same.TryAdd((cause, business, branch, action, since), row.Row))
                {
                    Fault(RegisterColumns.Action, $"与第 {same[(cause, business, branch, action, since)]} 行相同（原因、范围、措施、开始日期），只保留一行", $"is the same as row {same[(cause, business, branch, action, since)]} (cause, scope, action, begun); keep one of them");
                }
                entries.Add(new RemediationEntry(
                    id.Length > 0 ? id : $"R-{next++:0000}", cause, business, branch, action, owner, since, due, done, note.Length > 0 ? note : null));
            }

            string Written(string column, bool isRequired)
            {
                string text = Text(row, column);
                if (text.Length == 0 && isRequired)
                {
                    Fault(column, "为空；请填写", "is empty; fill it in");
                }
                if (text.Length > LongestText)
                {
                    Fault(column, $"有 {text.Length} 个字符，最多 {LongestText} 个", $"has {text.Length} characters; at most {LongestText} are kept");
                }
                return text;
            }

            DateOnly? Day(string column)
            {
                if (!row.Cells.TryGetValue(column, out RegisterCell cell) || cell.Text.Length == 0)
                {
                    return null;
                }
                if (cell.Day is not { } day || day < FirstDay || day.Year > 2100)
                {
                    Fault(column, $"'{Short(cell.Text)}' 不是日期；请写成 2026-10-31 的样子", $"'{Short(cell.Text)}' is no day; write it like 2026-10-31");
                    return null;
                }
                return day;
            }
        }
        return (entries, faults);
    }

    private static string Text(RegisterRow row, string column) => row.Cells.TryGetValue(column, out RegisterCell cell) ? cell.Text.Trim() : "";

    private static string? Class(RegisterVocabulary words, string dimension, string spelling)
    {
        string? key = words.Taxonomy.KeyOf(dimension, spelling);
        return key is null || words.Taxonomy.Class(dimension, key) is not null || words.OpenClasses.GetValueOrDefault(dimension)?.Contains(key) == true ? key : null;
    }

    private static string Missing(RegisterRow row, string column, string what) =>
        Text(row, column) is { Length: > 0 } text ? $"'{Short(text)}'：{what}；请从下拉列表选择" : "为空；请从下拉列表选择";

    private static string MissingEn(RegisterRow row, string column, string what) =>
        Text(row, column) is { Length: > 0 } text ? $"'{Short(text)}': {what}; choose from the list" : "is empty; choose from the list";

    private static string Short(string text) => text.Length <= 40 ? text : text[..40] + "…";
}
