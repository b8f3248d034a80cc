using System.CommandLine;
using Pipeline.Jobs.Ingest.Ledger;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Store;

namespace Pipeline.Jobs.Ingest;

/// <summary><c>files</c> and <c>files rollback ID</c>: what was ingested, and taking it back.</summary>
public static class FilesCommand
{
    private static readonly Argument<long> IdArgument = new("ID") { Description = "Number of the file / 文件编号" };

    public static Command Create()
    {
        Command files = new Command("files", """
            The files that were ingested, with their counts / 已导入的文件
            Example: pipeline files --json
            """).Runs(ListAsync);
        files.Add(new Command("rollback", """
            Takes a file back; refused where later files changed its rows / 撤回一个文件
            Example: pipeline files rollback 12
            """) { IdArgument }.Runs(RollbackAsync));
        return files;
    }

    private static async Task<int> ListAsync(ParseResult parsed, CommandSession session)
    {
        await using Database database = await Database.OpenAsync(session);
        IReadOnlyList<LedgerFile> files = await LedgerFiles.ListAsync(database.Source, session.Cancellation);
        session.Document(new
        {
            files = files.Select(f => new Dictionary<string, object?>(
            [
                new("id", f.FileId),
                new("name", f.Name),
                new("sha256", f.Sha256),
                new("source", f.Source),
                new("profile", f.Profile),
                new("encoding", f.Encoding),
                new("as_of", f.AsOf),
                new("state", f.State),
                new("ingested_at", f.IngestedAt),
                new("bytes", f.Bytes),
                .. IngestReport.CountsDocument(f.Counts),
                new("cleaned", f.Cleaned),
                new("corrects_file_id", f.CorrectsFileId),
            ])),
        });
        foreach (LedgerFile file in files)
        {
            LoadCounts c = file.Counts;
            session.Line(
                $"{file.FileId,4}  {file.AsOf:yyyy-MM-dd}  {file.Name}  {file.Profile}  读取 {c.Read} = 新增 {c.New} + 更新 {c.Updated} + 未变 {c.Unchanged} + 重复 {c.Duplicate} + 隔离 {c.Rejected}"
                + (file.State == "rolled_back" ? "  已撤回" : ""),
                $"{file.FileId,4}  {file.AsOf:yyyy-MM-dd}  {file.Name}  {file.Profile}  read {c.Read} = new {c.New} + updated {c.Updated} + unchanged {c.Unchanged} + duplicate {c.Duplicate} + rejected {c.Rejected}"
                + (file.State == "rolled_back" ? "  rolled back" : ""));
        }
        session.Line($"共 {files.Count} 个文件。", $"{files.Count} files.");
        return files.Count == 0 ? ExitCodes.NothingToDo : ExitCodes.Done;
    }

    private static async Task<int> RollbackAsync(ParseResult parsed, CommandSession session)
    {
        long id = parsed.GetValue(IdArgument);
        await using Database database = await Database.OpenAsync(session);
        RollbackCounts counts = await FileRollback.RunAsync(session, database, id);
        session.Document(new { id, state = "rolled_back", removed = counts.Removed, restored = counts.Restored, reopened = counts.Reopened });
        session.Line(
            $"文件 {id} 已撤回：移除 {counts.Removed} 件投诉，{counts.Restored} 件恢复到没有该文件时的状态，{counts.Reopened} 行回到隔离区。该文件可以再次导入。",
            $"File {id} was taken back: {counts.Removed} complaints removed, {counts.Restored} are again as they were without it, {counts.Reopened} rows are back in quarantine. It may be ingested again.");
        return ExitCodes.Done;
    }
}
