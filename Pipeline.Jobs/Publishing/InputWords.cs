using Pipeline.Models.Editions;
using Pipeline.Models.Text;

namespace Pipeline.Jobs.Publishing;

/// <summary>How what differs between pinned inputs is told on the command line: one line, the causes in their order.</summary>
public static class InputWords
{
    private const int NamedFiles = 3;

    public static Bilingual Of(IReadOnlyList<ChangeCause> causes)
    {
        // That the data reach further follows from the files that came or went.
        bool hasFiles = causes.Any(c => c.Kind is ChangeCauseKind.File or ChangeCauseKind.Withdrawn);
        Bilingual[] words =
        [
            .. causes.Where(c => !hasFiles || c.Kind != ChangeCauseKind.DataDate)
                .GroupBy(c => c.Kind)
                .SelectMany(g => g.Key is ChangeCauseKind.File or ChangeCauseKind.Withdrawn && g.Count() > NamedFiles ? [Files([.. g])] : g.Select(Of)),
        ];
        return new(string.Join('；', words.Select(w => w.Zh)), string.Join("; ", words.Select(w => w.En)));
    }

    private static Bilingual Files(ChangeCause[] files) => files[0].Kind == ChangeCauseKind.File
        ? new($"新文件 {files.Length} 个（如 {files[0].Name}）", $"{files.Length} new files (such as {files[0].Name})")
        : new($"撤回文件 {files.Length} 个（如 {files[0].Name}）", $"{files.Length} files taken back (such as {files[0].Name})");

    private static Bilingual Of(ChangeCause cause) => cause.Kind switch
    {
        ChangeCauseKind.File => new($"新文件 {cause.Name}", $"new file {cause.Name}"),
        ChangeCauseKind.Withdrawn => new($"撤回 {cause.Name}", $"taken back: {cause.Name}"),
        ChangeCauseKind.FileOrder => new($"导出文件次序改变（{cause.Name}）", $"order of the exports ({cause.Name})"),
        ChangeCauseKind.Profile => new($"{cause.Name} 的模板改变", $"profile of {cause.Name}"),
        ChangeCauseKind.Analyst => new("人工判定", "analysts' decisions"),
        ChangeCauseKind.Model => new($"模型 {cause.Old ?? "–"} → {cause.New ?? "–"}", $"model {cause.Old ?? "–"} → {cause.New ?? "–"}"),
        ChangeCauseKind.Rule => cause.RuleName(),
        ChangeCauseKind.Program => new($"程序 {cause.Old} → {cause.New}", $"program {cause.Old} → {cause.New}"),
        ChangeCauseKind.DataDate => new($"数据截至日 {cause.Old} → {cause.New}", $"data date {cause.Old} → {cause.New}"),
        _ => throw new InvalidOperationException($"{cause.Kind} is no difference between inputs"),
    };
}
