using Npgsql;
using Pipeline.Jobs.Store;
using Pipeline.Models.Text;

namespace Pipeline.Jobs.Audit;

/// <summary>Where the chain, or what it vouches for, is broken.</summary>
/// <param name="Sequence">Number of the event.</param>
public sealed record BrokenLink(long Sequence, Bilingual Reason);

/// <summary>What a walk along the audit chain found.</summary>
/// <param name="Head">Hash of the last event as recorded, 64 hex digits; empty where there is none.</param>
/// <param name="Published">Approved editions whose pinned hashes were compared.</param>
/// <param name="Broken">The first broken link; null where the chain is whole.</param>
public sealed record AuditCheckResult(long Events, string Head, int Published, BrokenLink? Broken);

/// <summary>
/// Walks the audit chain: each event's hash must follow from its content and from the event before, numbers have no gap, the head is the last
/// event, and what approved editions hold is what the chain recorded.
/// </summary>
public static class AuditCheck
{
    /// <summary>What stands before the first event.</summary>
    private const string Start = "00";

    public static async Task<AuditCheckResult> RunAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        // One snapshot: an event that is appended meanwhile is not half seen.
        await using NpgsqlTransaction snapshot = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellation);
        long events = 0;
        string last = Start;
        BrokenLink? broken = null;
        await using (NpgsqlCommand command = new(Sql.Get("Audit/verify_chain"), connection) { CommandTimeout = 0 })
        await using (NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation))
        {
            while (await row.ReadAsync(cancellation))
            {
                long sequence = row.GetInt64(0);
                events++;
                (string hash, string made, string previous) = (row.GetString(2), row.GetString(3), row.GetString(4));
                broken ??= sequence != events
                    ? new BrokenLink(events, new($"第 {events} 号事件缺失，其后是第 {sequence} 号", $"event {events} is missing; the next is {sequence}"))
                    : previous != last
                    ? new BrokenLink(sequence, new("与前一事件不相接：所记的前一校验值不是前一事件的", "it does not follow the event before: the hash that it names is not that event's"))
                    : hash != made
                    ? new BrokenLink(sequence, new("内容与校验值不符：事件被改动过", "its content does not give its hash: the event was altered"))
                    : null;
                last = hash;
            }
        }
        broken ??= await HeadAsync(connection, events, last, cancellation);
        (int published, BrokenLink? altered) = await PublishedAsync(connection, cancellation);
        return new AuditCheckResult(events, last == Start ? "" : last, published, broken ?? altered);
    }

    private static async Task<BrokenLink?> HeadAsync(NpgsqlConnection connection, long events, string last, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = new("select sequence, encode(hash, 'hex') from audit_head", connection);
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation);
        return !await row.ReadAsync(cancellation)
            ? new BrokenLink(events, new("链头缺失", "the head of the chain is missing"))
            : row.GetInt64(0) != events || row.GetString(1) != last
            ? new BrokenLink(events + 1, new(
                $"链头是第 {row.GetInt64(0)} 号，最后的事件是第 {events} 号：末尾的事件被删除或替换", $"the head is number {row.GetInt64(0)} and the last event number {events}: events at the end were removed or replaced"))
            : null;
    }

    /// <summary>Whether approved editions hold what the chain recorded of them.</summary>
    private static async Task<(int Published, BrokenLink? Broken)> PublishedAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        HashSet<string> runs = new(StringComparer.Ordinal);
        BrokenLink? broken = null;
        await using NpgsqlCommand command = new(Sql.Get("Audit/published"), connection) { CommandTimeout = 0 };
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            runs.Add(row.GetString(0));
            string edition = $"{row.GetFieldValue<DateOnly>(1):yyyy-MM} {row.GetString(2)} {row.GetInt32(3)}";
            string? Text(int column) => row.IsDBNull(column) ? null : row.GetString(column);
            Bilingual? reason = Text(5) != Text(6) ? new($"{edition}：所固定的链头不是该事件的校验值", $"{edition}: the pinned head is not the hash of the event")
                : Text(7) != Text(8) ? new($"{edition}：保存的报告与批准时不同", $"{edition}: the kept report is not the one that was approved")
                : Text(11) is null || Text(11) != Text(12) ? new($"{edition}：报表 {Text(10)}/{Text(9)} 与批准时不同", $"{edition}: the workbook {Text(10)}/{Text(9)} is not the one that was approved")
                : null;
            if (reason is not null)
            {
                broken ??= new BrokenLink(row.GetInt64(4), reason);
            }
        }
        return (runs.Count, broken);
    }
}
