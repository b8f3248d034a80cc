using System.Globalization;
using Npgsql;
using Pipeline.Jobs.Rules;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Store;
using Pipeline.Models.Complaints;

namespace Pipeline.Jobs.Scheduling;

/// <summary>The weekly look: files with too many rows in quarantine that nobody decided, and months that are missing or stale.</summary>
internal sealed class QualityCheck(Database database, SchedulingLog log)
{
    private const int MonthsBack = 13;

    public async Task CheckAsync(TaskClaim claim, CommandSession session)
    {
        CancellationToken cancellation = session.Cancellation;
        double allowed = RuleFiles.Rules(session.Home).Value.AllowedRejectedShare;
        await using NpgsqlConnection connection = await database.Source.OpenConnectionAsync(cancellation);
        List<string> files = [];
        await using (NpgsqlCommand command = new(
            """
            select f.name, count(*) filter (where q.state = 'open') as open, f.read_count
            from source_file f
            join quarantined_row q using (file_id)
            where f.state = 'ingested'
            group by f.file_id
            having count(*) filter (where q.state = 'open') > $1 * greatest(f.read_count, 1)
            order by f.file_id desc
            """, connection)
        { Parameters = { new() { Value = allowed } } })
        await using (NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation))
        {
            while (await row.ReadAsync(cancellation))
            {
                files.Add(string.Create(CultureInfo.InvariantCulture, $"{row.GetString(0)}: {row.GetInt64(1)}/{row.GetInt64(2)}"));
            }
        }
        ReportingMonth now = ReportingMonth.Of(DateOnly.FromDateTime(session.Time.GetUtcNow().UtcDateTime));
        IReadOnlyList<BackfillMonth> months = await BackfillPlan.MakeAsync(connection, now.Add(-MonthsBack), now.Add(-1), null, session);
        string[] open = [.. months.Where(m => m.State != BackfillState.Current).Select(m => $"{m.Month} {m.Source}: {m.Why.En}")];
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellation);
        if (files.Count + open.Length > 0)
        {
            AlertEvent told = new(
                $"{EventKinds.QualityCheck}/{claim.Job}/{claim.Slot}", EventKinds.QualityCheck, IsUrgent: files.Count > 0,
                new($"质量检查：{files.Count} 个文件隔离行过多，{open.Length} 个月需重新运行", $"Quality check: {files.Count} files with too many open rows in quarantine, {open.Length} months to be run"),
                new($"{string.Join('\n', files)}\n{string.Join('\n', open)}\n运行：pipeline backfill --from … --to …", $"{string.Join('\n', files)}\n{string.Join('\n', open)}\nRun: pipeline backfill --from ... --to ..."),
                new { Files = files, Months = open });
            await Outbox.AddAsync(connection, told, cancellation);
            log.Raised(told.Key);
        }
        await TaskLedger.FinishAsync(connection, claim, "done", null, null, new { QuarantineFiles = files.Count, MonthsToRun = open.Length }, null, null, cancellation);
        await transaction.CommitAsync(cancellation);
    }
}
