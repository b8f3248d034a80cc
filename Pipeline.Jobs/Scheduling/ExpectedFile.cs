using Npgsql;
using Pipeline.Jobs.Store;
using Pipeline.Models.Complaints;

namespace Pipeline.Jobs.Scheduling;

/// <summary>Whether the export of a month has come: a file of the source that was made after the month's last day.</summary>
internal sealed class ExpectedFile(Database database, SchedulingLog log)
{
    public async Task CheckAsync(TaskClaim claim, CancellationToken cancellation)
    {
        ReportingMonth month = claim.Month!.Value;
        await using NpgsqlConnection connection = await database.Source.OpenConnectionAsync(cancellation);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellation);
        long files;
        await using (NpgsqlCommand command = new(
            "select count(*) from source_file where state = 'ingested' and as_of_date > $1 and ($2::text is null or source = $2)", connection))
        {
            command.Parameters.Add(new() { Value = month.LastDay });
            command.Parameters.Add(TaskLedger.Text(claim.Source));
            files = (long)(await command.ExecuteScalarAsync(cancellation))!;
        }
        if (files == 0)
        {
            string of = claim.Source is null ? "" : $" ({claim.Source})";
            AlertEvent told = new(
                $"{EventKinds.FileMissing}/{claim.Job}/{month}", EventKinds.FileMissing, IsUrgent: true,
                new($"{month}{of} 的导出文件尚未到达", $"The export of {month}{of} has not arrived"),
                new(
                    $"截至 {claim.Slot} 台账中没有 {month.LastDay:yyyy-MM-dd} 之后导出的文件。请向数据来源索取并放入投递目录。",
                    $"At {claim.Slot} the ledger held no file that was exported after {month.LastDay:yyyy-MM-dd}. Ask the source for it and put it into the drop folder."),
                new { Month = month.ToString(), claim.Source, claim.Job });
            if (await Outbox.AddAsync(connection, told, cancellation))
            {
                log.Raised(told.Key);
            }
        }
        await TaskLedger.FinishAsync(connection, claim, "done", null, null, new { Files = files }, null, null, cancellation);
        await transaction.CommitAsync(cancellation);
    }
}
