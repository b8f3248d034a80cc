using System.Security.Cryptography;
using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Steps;
using Pipeline.Jobs.Store;
using Pipeline.Models.Complaints;
using Pipeline.Models.Text;
using Pipeline.Reports;

namespace Pipeline.Jobs.Publishing;

/// <summary>Approves an edition: from then on its figures, its report and its workbooks stay as they are, whatever happens to the ledger.</summary>
public static class PublishedEditions
{
    private static readonly (string Name, Language Language)[] Languages = [("zh", Language.Zh), ("en", Language.En)];

    /// <summary>Approves the run in one transaction: the audit event, the approval, and its workbooks in both languages.</summary>
    /// <exception cref="PipelineFault">It is approved already: exit code 4.</exception>
    public static async Task<MonthReport> PublishAsync(
        NpgsqlConnection connection, MonthReport report, string by, string? note, DateTimeOffset at, CancellationToken cancellation)
    {
        string runId = report.Lineage.RunId;
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellation);
        (RunInputs inputs, long? place, long? identityEvent) = await HoldAsync(connection, runId, cancellation);
        if (await ApprovalAsync(connection, runId, cancellation) is { } standing)
        {
            throw PipelineFault.Nothing(
                $"{report.Month}（{report.Source}）第 {report.Lineage.Edition} 版已由 {standing.By} 于 {standing.At:yyyy-MM-dd HH:mm} 发布，无须再发布。",
                $"Edition {report.Lineage.Edition} of {report.Month} ({report.Source}) was published by {standing.By} on {standing.At:yyyy-MM-dd HH:mm} UTC; there is nothing to do.");
        }
        report = await AgainstLastPublishedAsync(connection, report, inputs, place, identityEvent, cancellation);
        byte[] document = ReportDocument.Write(report);
        await ExecuteAsync(connection, "update run set document = $2 where run_id = $1", cancellation, runId, document);

        // The audit event names the hashes of what is locked; the workbooks print the event, so they are hashed by a second one.
        (long sequence, string hash) = await AuditAsync(
            connection, at, by, "publish",
            new
            {
                run_id = runId,
                month = report.Month.ToString(),
                source = report.Source,
                edition = report.Lineage.Edition,
                note,
                document_sha256 = Convert.ToHexStringLower(SHA256.HashData(document)),
                against = report.Changes is { } c ? new { edition = c.Against, run_id = c.AgainstRunId, figures = c.Figures.Count } : null,
            },
            cancellation);
        EditionApproval approval = new(by, Microseconds(at), note, sequence, hash);
        MonthReport approved = report with { Approval = approval };
        List<(string Lang, WorkbookFile File)> workbooks =
            [.. Languages.SelectMany(l => WorkbookWriter.Write(approved, WorkbookKinds.Known, l.Language).Select(f => (l.Name, f)))];
        await ExecuteAsync(
            connection,
            """
            insert into published_edition (run_id, month, source, edition, published_by, published_at, note, audit_sequence, audit_hash)
            values ($1, $2, $3, $4, $5, $6, $7, $8, decode($9, 'hex'))
            """,
            cancellation, runId, report.Month.FirstDay, report.Source, report.Lineage.Edition, by, approval.At, (object?)note ?? DBNull.Value, sequence, hash);
        foreach ((string lang, WorkbookFile file) in workbooks)
        {
            await ExecuteAsync(
                connection, "insert into published_workbook (run_id, kind, lang, name, sha256, bytes) values ($1, $2, $3, $4, $5, $6)", cancellation,
                runId, file.Kind, lang, file.FileName, file.Sha256, file.Bytes);
        }
        await AuditAsync(
            connection, at, by, "publish.workbooks",
            new { run_id = runId, approval = sequence, workbooks = workbooks.ToDictionary(w => $"{w.Lang}/{w.File.Kind}", w => w.File.Sha256) }, cancellation);
        await transaction.CommitAsync(cancellation);
        return approved;
    }

    /// <summary>The approval of a run; null for a draft.</summary>
    public static async Task<EditionApproval?> ApprovalAsync(NpgsqlConnection connection, string runId, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = new(Sql.Get("Publishing/approval"), connection) { Parameters = { new() { Value = runId } } };
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation);
        return await row.ReadAsync(cancellation)
            ? new EditionApproval(
                row.GetString(0), new DateTimeOffset(row.GetDateTime(1), TimeSpan.Zero), row.IsDBNull(2) ? null : row.GetString(2), row.GetInt64(3), row.GetString(4))
            : null;
    }

    /// <summary>The workbooks of an edition: as they were approved, also after the program has changed; those of a draft are written anew.</summary>
    /// <param name="kinds">In this order.</param>
    public static async Task<IReadOnlyList<WorkbookFile>> FilesAsync(
        NpgsqlConnection connection, MonthReport report, IReadOnlyList<string> kinds, Language language, CancellationToken cancellation)
    {
        if (report.Approval is null)
        {
            return WorkbookWriter.Write(report, kinds, language);
        }
        IReadOnlyList<WorkbookFile> approved = await WorkbooksAsync(connection, report.Lineage.RunId, kinds, language, cancellation);
        // Editions that were approved before the disclosure was a file of its own: it is made of the report that was approved.
        string[] lacking = [.. kinds.Where(k => k == WorkbookKinds.Disclosure).Except(approved.Select(f => f.Kind), StringComparer.Ordinal)];
        return lacking.Length == 0 ? approved : [.. approved, .. WorkbookWriter.Write(report, lacking, language)];
    }

    /// <summary>The workbooks of an approved edition as they were approved; without the disclosure where none was kept.</summary>
    /// <param name="kinds">In this order.</param>
    public static async Task<IReadOnlyList<WorkbookFile>> WorkbooksAsync(
        NpgsqlConnection connection, string runId, IReadOnlyList<string> kinds, Language language, CancellationToken cancellation)
    {
        Dictionary<string, WorkbookFile> files = new(StringComparer.Ordinal);
        await using NpgsqlCommand command = new(Sql.Get("Publishing/approved_workbooks"), connection)
        {
            Parameters = { new() { Value = runId }, new() { Value = Languages.Single(l => l.Language == language).Name } },
        };
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            byte[] bytes = row.GetFieldValue<byte[]>(3);
            if (Convert.ToHexStringLower(SHA256.HashData(bytes)) != row.GetString(2))
            {
                throw PipelineFault.Failed(
                    $"已发布的报表 {row.GetString(1)} 与发布时的校验值不符，未写出。运行 pipeline audit verify，并从备份恢复。",
                    $"The published workbook {row.GetString(1)} does not have the hash that it was published with, and was not written. Run 'pipeline audit verify' and restore a backup.");
            }
            files.Add(row.GetString(0), new WorkbookFile(row.GetString(0), row.GetString(1), bytes, row.GetString(2)));
        }
        return [.. kinds.Where(k => k != WorkbookKinds.Disclosure || files.ContainsKey(k)).Select(k => files[k])];
    }

    /// <summary>
    /// The edition's comparison was made when it was run. Where another edition was published since, it stands against that one: nothing moves
    /// between two published editions without being listed.
    /// </summary>
    private static async Task<MonthReport> AgainstLastPublishedAsync(
        NpgsqlConnection connection, MonthReport report, RunInputs inputs, long? place, long? identityEvent, CancellationToken cancellation)
    {
        BaseEdition? against = await EditionChangeFinder.BaseAsync(
            connection, report.Month, report.Source, report.Lineage.RunId, report.Lineage.Edition, cancellation);
        return against is null ? report with { Changes = null }
            : report.Changes is { } known && known.AgainstRunId == against.RunId && known.AgainstIsPublished == against.IsPublished ? report
            : report with { Changes = await EditionChangeFinder.FindAsync(connection, against, report, inputs, place, identityEvent, cancellation) };
    }

    private static async Task<(RunInputs Inputs, long? Place, long? IdentityEvent)> HoldAsync(NpgsqlConnection connection, string runId, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = new("select inputs::text, place, identity_event_id from run where run_id = $1 and state = 'complete' for update", connection)
        {
            Parameters = { new() { Value = runId } },
        };
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation);
        return await row.ReadAsync(cancellation)
            ? (RunInputs.Read(row.GetString(0)), row.IsDBNull(1) ? null : row.GetInt64(1), row.IsDBNull(2) ? null : row.GetInt64(2))
            : throw new InvalidOperationException($"the run {runId} is gone");
    }

    private static async Task<(long Sequence, string Hash)> AuditAsync(
        NpgsqlConnection connection, DateTimeOffset at, string actor, string action, object detail, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = new(
            "with appended as (select audit_append($1, $2, $3, $4) as sequence) select sequence from appended", connection)
        {
            Parameters =
            {
                new() { Value = at.ToUniversalTime() }, new() { Value = actor }, new() { Value = action },
                new() { Value = JsonSerializer.Serialize(detail), NpgsqlDbType = NpgsqlDbType.Jsonb },
            },
        };
        long sequence = (long)(await command.ExecuteScalarAsync(cancellation))!;
        await using NpgsqlCommand head = new("select encode(hash, 'hex') from audit_event where sequence = $1", connection) { Parameters = { new() { Value = sequence } } };
        return (sequence, (string)(await head.ExecuteScalarAsync(cancellation))!);
    }

    /// <summary>The precision that the database keeps: what is printed now must be what is read later.</summary>
    private static DateTimeOffset Microseconds(DateTimeOffset at) => new(at.UtcTicks - (at.UtcTicks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation, params object[] values)
    {
        await using NpgsqlCommand command = new(sql, connection);
        foreach (object value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
