using System.Globalization;
using Npgsql;
using Pipeline.Jobs.Ingest.Quarantine;
using Pipeline.Jobs.Rules;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Store;

namespace Pipeline.Jobs.Scheduling;

/// <summary>
/// The nightly work: old history goes, raw exports that were kept beyond the retention of the rules go from <c>taken/</c>, and so do the cells of
/// quarantined rows that were dismissed so long ago; statistics are brought up, and a backup is written and read back to its end. Complaints
/// themselves are not touched: docs/scheduling.md says why.
/// </summary>
internal sealed class Maintenance(Database database)
{
    public async Task DoAsync(TaskClaim claim, CommandSession session)
    {
        CancellationToken cancellation = session.Cancellation;
        int days = claim.Spec.KeepHistoryDays;
        long removed;
        await using (NpgsqlCommand command = database.Source.CreateCommand(
            """
            with t as (delete from task where finished_at < clock_timestamp() - make_interval(days => $1) returning 1),
                w as (delete from task where state = 'withdrawn' and requested_at < clock_timestamp() - make_interval(days => $1) returning 1),
                o as (
                    delete from outbox where created_at < clock_timestamp() - make_interval(days => $1)
                        and not exists (select from outbox_delivery d where d.outbox_id = outbox.outbox_id and d.state = 'waiting')
                    returning 1
                ),
                n as (delete from node where coalesce(stopped_at, seen_at) < clock_timestamp() - interval '30 days' returning 1)
            select (select count(*) from t) + (select count(*) from w) + (select count(*) from o) + (select count(*) from n)
            """))
        {
            command.Parameters.Add(new() { Value = days });
            removed = (long)(await command.ExecuteScalarAsync(cancellation))!;
        }
        DateTimeOffset kept = session.Time.GetUtcNow().AddYears(-RuleFiles.Rules(session.Home).Value.RetentionYears);
        int raw = await RemoveRawExportsAsync(kept.UtcDateTime, session);
        int dismissed = await DismissedRows.EraseAsync(database, kept, $"job:{claim.Job}", session);
        await using (NpgsqlCommand vacuum = database.Source.CreateCommand("vacuum (analyze)"))
        {
            await vacuum.ExecuteNonQueryAsync(cancellation);
        }
        (string? name, long bytes) = OperatingSystem.IsWindows() ? (null, 0) : await BackupAsync(claim, session);
        await using NpgsqlConnection connection = await database.Source.OpenConnectionAsync(cancellation);
        await TaskLedger.FinishAsync(
            connection, claim, "done", null, null, new { Removed = removed, RawExports = raw, DismissedRows = dismissed, Backup = name, BackupBytes = bytes, Verified = name is not null },
            null, null, cancellation);
    }

    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    private static async Task<(string Name, long Bytes)> BackupAsync(TaskClaim claim, CommandSession session)
    {
        string folder = Path.Combine(session.Home, "backups");
        Directory.CreateDirectory(folder);
        File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        string name = string.Create(CultureInfo.InvariantCulture, $"pipeline-{claim.DueAt.UtcDateTime:yyyyMMdd'T'HHmm'Z'}.backup");
        long bytes = await DatabaseBackup.WriteAsync(session, Path.Combine(folder, name), isForced: true);
        await DatabaseBackup.VerifyAsync(session, Path.Combine(folder, name));
        foreach (string old in Directory.GetFiles(folder, "pipeline-*.backup").OrderDescending(StringComparer.Ordinal).Skip(claim.Spec.KeepBackups))
        {
            File.Delete(old);
        }
        return (name, bytes);
    }

    /// <summary>Raw exports hold personal data: they go when the retention of the rules is over, or were it shorter never earlier.</summary>
    private async Task<int> RemoveRawExportsAsync(DateTime before, CommandSession session)
    {
        int removed = 0;
        await using NpgsqlConnection connection = await database.Source.OpenConnectionAsync(session.Cancellation);
        foreach (AppliedJob job in (await RecurringJobs.ListAsync(connection, session.Cancellation)).Where(j => j.Spec.Kind == JobKind.Watch))
        {
            string root = Path.GetFullPath(Path.Combine(session.Home, job.Spec.Folder!));
            foreach (string kept in (string[])[DropFolder.Taken, DropFolder.Refused])
            {
                string folder = Path.Combine(root, kept);
                foreach (DirectoryInfo one in Directory.Exists(folder) ? new DirectoryInfo(folder).GetDirectories() : [])
                {
                    if (one.CreationTimeUtc < before && one.LastWriteTimeUtc < before)
                    {
                        one.Delete(recursive: true);
                        removed++;
                    }
                }
            }
        }
        return removed;
    }
}
