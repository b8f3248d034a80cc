using System.Globalization;
using Pipeline.Models.Editions;
using Pipeline.Models.Text;

namespace Pipeline.Reports.Workbooks.Front;

/// <summary>How the state of an edition, what moved and why is told.</summary>
internal static class EditionWords
{
    public static string Mark(Composer c) => c.Report.Approval is null ? c.T("草稿", "draft") : c.T("已发布", "approved");

    public static string State(Composer c) => c.Report.Approval is { } approval
        ? c.T(
            $"已发布：{approval.By} 于 {Time(approval.At)}（协调世界时）批准{(approval.Note is { } zh ? $"；{zh}" : "")}",
            $"Approved by {approval.By} on {Time(approval.At)} UTC{(approval.Note is { } en ? $"; {en}" : "")}")
        : c.T("草稿：尚未批准发布，可被后续版次取代", "Draft: not approved; a later edition may take its place");

    /// <summary>One line on what moved; null for a month's first edition.</summary>
    public static string? Changes(Composer c) => c.Report.Changes is not { } changes ? null : changes.Figures.Count == 0
        ? c.T($"与{Against(c, changes)}比，没有指标变动。", $"Against {Against(c, changes)} no figure moved.")
        : c.T(
            $"与{Against(c, changes)}比，{changes.Figures.Count} 个指标变动；逐项原因见 regulatory 报表“{ChangedFigures(c)}”。",
            $"Against {Against(c, changes)} {English.Count(changes.Figures.Count, "figure")} moved; each with its cause in the regulatory workbook, sheet '{ChangedFigures(c)}'.");

    public static string Against(Composer c, EditionChanges changes) => c.T(
        $"第 {changes.Against} 版（{(changes.AgainstIsPublished ? "已发布" : "草稿")}）",
        $"edition {changes.Against} ({(changes.AgainstIsPublished ? "published" : "a draft")})");

    public static string ChangedFigures(Composer c) => c.T("变动指标", "Changed figures");

    public static string Cause(Composer c, ChangeCause cause) => cause.Kind switch
    {
        ChangeCauseKind.File => c.T($"新到文件 {cause.Name}（{Short(cause.New)}）", $"new file {cause.Name} ({Short(cause.New)})"),
        ChangeCauseKind.Withdrawn => c.T($"撤回文件 {cause.Name}（{Short(cause.Old)}）", $"file taken back {cause.Name} ({Short(cause.Old)})"),
        ChangeCauseKind.Profile => c.T($"文件 {cause.Name} 改用另一模板读取（{Short(cause.Old)} → {Short(cause.New)}）", $"{cause.Name} read by another profile ({Short(cause.Old)} → {Short(cause.New)})"),
        ChangeCauseKind.Analyst when cause.New is null => c.T("人工判定撤销或改变", "analysts' decisions withdrawn or changed"),
        ChangeCauseKind.Analyst => c.T(
            $"{Who(cause.By)} 将{Head(c, cause.Name)}由 {Label(c, cause.Name, cause.Old)} 改为 {Label(c, cause.Name, cause.New)}",
            $"{Who(cause.By)} changed {Head(c, cause.Name)} from {Label(c, cause.Name, cause.Old)} to {Label(c, cause.Name, cause.New)}"),
        ChangeCauseKind.Identity => c.T(
            $"身份{Event(c, cause.Name)}：{cause.Old ?? "–"} → {cause.New}（{Who(cause.By)}）", $"persons {Event(c, cause.Name)}: {cause.Old ?? "–"} → {cause.New} ({Who(cause.By)})"),
        ChangeCauseKind.Model when cause.Name == "first_judgement" => c.T("此前未判读的正文首次由模型判读", "a text that the model had not come to before was judged"),
        ChangeCauseKind.Model => c.T($"模型 {cause.Old ?? "–"} → {cause.New ?? "–"}", $"model {cause.Old ?? "–"} → {cause.New ?? "–"}"),
        ChangeCauseKind.Rule => c.T($"{cause.RuleName().Zh}（{Short(cause.Old)} → {Short(cause.New)}）", $"{cause.RuleName().En} ({Short(cause.Old)} → {Short(cause.New)})"),
        ChangeCauseKind.Program => c.T($"程序 {cause.Old} → {cause.New}", $"program {cause.Old} → {cause.New}"),
        ChangeCauseKind.FileOrder => c.T($"导出文件次序改变（{cause.Name}）", $"order of the exports ({cause.Name})"),
        ChangeCauseKind.DataDate => c.T($"数据截至日 {cause.Old} → {cause.New}", $"data date {cause.Old} → {cause.New}"),
        _ => c.T("未找到原因，请人工核查", "no cause found: a person must look"),
    };

    public static string Causes(Composer c, EditionChanges changes, IEnumerable<int> causes, int most = 12)
    {
        List<string> texts = [.. causes.Select(i => Cause(c, changes.Causes[i]))];
        string joined = string.Join(c.T("；", "; "), texts.Take(most));
        return texts.Count <= most ? joined : joined + c.T($"；另 {texts.Count - most} 项", $"; and {texts.Count - most} more");
    }

    public static string Effect(Composer c, ChangeEffect effect) => effect switch
    {
        ChangeEffect.Entered => c.T("进入", "entered"),
        ChangeEffect.Left => c.T("离开", "left"),
        _ => c.T("改变", "changed"),
    };

    public static string Fields(Composer c, ChangedComplaint complaint) => complaint switch
    {
        { IsNew: true } => c.T("新增工单", "new complaint"),
        { IsGone: true } => c.T("工单不再存在", "complaint is gone"),
        { Fields.Count: 0 } => c.T("工单本身未变", "the complaint stands as it did"),
        _ => string.Join(c.T("；", "; "), complaint.Fields.Select(f => $"{f.Field}: {Label(c, f.Field, f.Old)} → {Label(c, f.Field, f.New)}")),
    };

    private static string Label(Composer c, string field, string? value)
    {
        string head = field.EndsWith("_reported", StringComparison.Ordinal) ? field[..^"_reported".Length]
            : field.EndsWith("_predicted", StringComparison.Ordinal) ? field[..^"_predicted".Length] : field;
        return value is null ? "–" : c.Report.Taxonomy.Class(head, value) is null ? value : c.Label(head, value);
    }

    private static string Head(Composer c, string head) => c.DimensionName(head);

    private static string Event(Composer c, string kind) => kind switch
    {
        "merge" => c.T("合并", "merged"),
        "split" => c.T("拆分", "split"),
        "confirm" => c.T("确认", "confirmed"),
        "refuse" => c.T("否定", "refused"),
        _ => kind,
    };

    private static string Who(string? by) => by is null ? "" : by.StartsWith("analyst:", StringComparison.Ordinal) ? by["analyst:".Length..] : by;

    private static string Short(string? hash) => string.IsNullOrEmpty(hash) ? "–" : hash.Length > 12 ? hash[..12] : hash;

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
}
