using Npgsql;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Store;

namespace Pipeline.Jobs.Ingest.Ledger;

/// <summary>What a rollback did.</summary>
/// <param name="Removed">Complaints that no other file reports.</param>
/// <param name="Restored">Complaints whose earlier state stands again, or whose history lost a state.</param>
/// <param name="Reopened">Quarantined rows of other files that this correction had released.</param>
public readonly record struct RollbackCounts(long Removed, long Restored, long Reopened);

/// <summary>Takes a file back: afterwards the ledger is as if it had never come. Refused where later files built upon it.</summary>
public static class FileRollback
{
    /// <exception cref="PipelineFault">No such file, already taken back, or later files changed its rows; nothing was done.</exception>
    public static async Task<RollbackCounts> RunAsync(CommandSession session, Database database, long fileId)
    {
        CancellationToken cancellation = session.Cancellation;
        await using NpgsqlConnection connection = await database.Source.OpenConnectionAsync(cancellation);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellation);
        LedgerFile file = await LedgerFiles.FindAsync(connection, fileId, cancellation)
            ?? throw PipelineFault.Failed(
                $"没有编号为 {fileId} 的文件。运行 pipeline files 查看编号。", $"There is no file {fileId}. Run 'pipeline files' to see the numbers.");
        await LedgerLoad.LockSourceAsync(connection, file.Source, cancellation);
        if ((await LedgerFiles.FindAsync(connection, fileId, cancellation))!.State == "rolled_back")
        {
            throw PipelineFault.Failed($"文件 {fileId}（{file.Name}）已被撤回。", $"File {fileId} ({file.Name}) was taken back already.");
        }
        await RefuseIfBuiltUponAsync(connection, file, cancellation);

        await LedgerLoad.ExecuteAsync(connection, "create temp table rebuild_case (complaint_id bigint primary key) on commit drop", cancellation);
        await LedgerLoad.ExecuteAsync(connection, Sql.Get("Ingest/cases_of_file"), cancellation, fileId);
        await LedgerLoad.ExecuteAsync(connection, "update source_file set state = 'rolled_back' where file_id = $1", cancellation, fileId);
        await LedgerLoad.ExecuteAsync(connection, "delete from complaint_sighting where file_id = $1", cancellation, fileId);
        long affected = await CountAsync(connection, "select count(*) from rebuild_case", cancellation);
        long removed = await LedgerLoad.ExecuteAsync(connection, Sql.Get("Ingest/remove_unreported"), cancellation);
        await CaseHistory.RebuildAsync(connection, cancellation);
        int reopened = await LedgerLoad.ExecuteAsync(connection, Sql.Get("Ingest/reopen_released"), cancellation, fileId);
        await LedgerLoad.ExecuteAsync(connection, "delete from quarantined_row where file_id = $1", cancellation, fileId);
        await LedgerLoad.ExecuteAsync(connection, "delete from source_table where file_id = $1", cancellation, fileId);
        await LedgerLoad.AuditAsync(
            connection, session.Time.GetUtcNow(), Environment.UserName, "rollback",
            new { file_id = fileId, sha256 = file.Sha256, name = file.Name, removed, restored = affected - removed, reopened }, cancellation);
        await transaction.CommitAsync(cancellation);
        return new RollbackCounts(removed, affected - removed, reopened);
    }

    private static async Task RefuseIfBuiltUponAsync(NpgsqlConnection connection, LedgerFile file, CancellationToken cancellation)
    {
        List<string> zh = [];
        List<string> en = [];
        await using (NpgsqlCommand command = new(Sql.Get("Ingest/built_upon"), connection))
        {
            command.Parameters.Add(new NpgsqlParameter { Value = file.FileId });
            await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellation);
            while (await reader.ReadAsync(cancellation))
            {
                (long later, string name, long cases, bool released) = (reader.GetInt64(0), reader.GetString(1), reader.GetInt64(2), reader.GetBoolean(3));
                zh.Add(released ? $"文件 {later}（{name}）更正了其中 {cases} 行隔离数据" : $"文件 {later}（{name}）更新了其中 {cases} 件投诉");
                en.Add(released ? $"file {later} ({name}) corrected {cases} of its quarantined rows" : $"file {later} ({name}) changed {cases} of its complaints");
            }
        }
        if (en.Count > 0)
        {
            throw PipelineFault.Failed(
                $"不能撤回文件 {file.FileId}（{file.Name}）：{string.Join("；", zh)}。请先按相反的顺序撤回这些文件。未做任何改动。",
                $"File {file.FileId} ({file.Name}) cannot be taken back: {string.Join("; ", en)}. Take those files back first, the latest first. Nothing was changed.");
        }
    }

    private static async Task<long> CountAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = new(sql, connection);
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }
}
