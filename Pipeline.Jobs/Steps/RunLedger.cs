using Npgsql;
using NpgsqlTypes;
using Pipeline.Jobs.Flags;
using Pipeline.Jobs.Publishing;
using Pipeline.Jobs.RootCauses;
using Pipeline.Models.Complaints;
using Pipeline.Models.Editions;
using Pipeline.Models.Measures;
using Pipeline.Reports;

namespace Pipeline.Jobs.Steps;

/// <summary>One step of a run with what it did.</summary>
/// <param name="Rows">Complaints (or files, figures, workbooks) that the step handled.</param>
public sealed record StepRecord(string Name, long Rows, double Seconds);

/// <summary>The book of runs: what was run for which month, from which inputs, with which figures and flags.</summary>
public static class RunLedger
{
    /// <summary>Holds the month of a source for this run until <see cref="ReleaseAsync"/>; false where another run holds it.</summary>
    public static async Task<bool> HoldAsync(NpgsqlConnection connection, string source, ReportingMonth month, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = new("select pg_try_advisory_lock(hashtextextended('run|' || $1 || '|' || $2, 0))", connection)
        {
            Parameters = { new() { Value = source }, new() { Value = month.ToString() } },
        };
        return (bool)(await command.ExecuteScalarAsync(cancellation))!;
    }

    /// <summary>
    /// Waits for a load or a rollback of the source that is under way, and holds further ones back until <see cref="ReleaseAsync"/>: the
    /// files that are pinned, the rows that were labelled and linked, and the rows that are counted must be the same.
    /// </summary>
    public static async Task KeepOutFilesAsync(NpgsqlConnection connection, string source, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = new("select pg_advisory_lock_shared(hashtextextended('ingest ' || $1, 0))", connection)
        {
            Parameters = { new() { Value = source } },
        };
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Lets go of what the run held. A pooled connection keeps its session, and with it the locks, beyond its closing.</summary>
    public static async Task ReleaseAsync(NpgsqlConnection connection)
    {
        if (connection.FullState != System.Data.ConnectionState.Open)
        {
            return; // the server is gone, and the locks with the session
        }
        await using NpgsqlCommand command = new("select pg_advisory_unlock_all()", connection);
        await command.ExecuteNonQueryAsync(CancellationToken.None);
    }

    /// <summary>The edition that a run with these inputs has: its own where it ran before, else the next one of the month.</summary>
    public static async Task<int> EditionAsync(NpgsqlConnection connection, RunInputs inputs, ReportingMonth month, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = new(
            """
            select coalesce(
                (select edition from run where run_id = $1),
                (select max(edition) + 1 from run where month = $2 and source = $3 and state = 'complete'),
                1)
            """, connection)
        {
            Parameters = { new() { Value = inputs.RunId }, new() { Value = month.FirstDay }, new() { Value = inputs.Source } },
        };
        return (int)(await command.ExecuteScalarAsync(cancellation))!;
    }

    /// <summary>
    /// Writes the whole outcome of a run in one transaction: the run, its steps, flags, figures and report, and what it counted complaint by
    /// complaint, by which it is compared with the edition before.
    /// </summary>
    /// <param name="ledger">What figures were made of.</param>
    /// <param name="beforeCommit">Done in the transaction, last.</param>
    /// <returns>The report with what moved.</returns>
    public static async Task<MonthReport> SaveAsync(
        NpgsqlConnection connection, RunInputs inputs, ReportingMonth month, MonthReport report, FlaggedLedger ledger,
        IReadOnlyList<StepRecord> steps, DateTimeOffset startedAt, DateTimeOffset completedAt, CancellationToken cancellation,
        Func<Task>? beforeCommit = null)
    {
        int edition = report.Lineage.Edition;
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellation);
        long place = await CountedStates.RecordAsync(connection, inputs.Source, ledger, cancellation);
        if (await EditionChangeFinder.BaseAsync(connection, month, inputs.Source, inputs.RunId, edition, cancellation) is { } before)
        {
            report = report with { Changes = await EditionChangeFinder.FindAsync(connection, before, report, inputs, place, null, cancellation) };
        }
        // In place of an equal or unfinished one; its steps, flags and figures go with the old row.
        await using (NpgsqlCommand command = new(
            "delete from run where run_id = $1 or (month = $2 and source = $3 and edition = $4 and state <> 'complete')", connection, transaction)
        {
            Parameters =
            {
                new() { Value = inputs.RunId }, new() { Value = month.FirstDay }, new() { Value = inputs.Source }, new() { Value = edition },
            },
        })
        {
            await command.ExecuteNonQueryAsync(cancellation);
        }
        await using (NpgsqlCommand command = new(
            """
            insert into run (run_id, month, source, edition, state, as_of_date, inputs, started_at, completed_at, document, place)
            values ($1, $2, $3, $4, 'complete', $5, $6, $7, $8, $9, $10)
            """, connection, transaction)
        {
            Parameters =
            {
                new() { Value = inputs.RunId },
                new() { Value = month.FirstDay },
                new() { Value = inputs.Source },
                new() { Value = edition },
                new() { Value = inputs.AsOf },
                new() { Value = inputs.Json, NpgsqlDbType = NpgsqlDbType.Jsonb },
                new() { Value = startedAt.UtcDateTime },
                new() { Value = completedAt.UtcDateTime },
                new() { Value = ReportDocument.Write(report) },
                new() { Value = place },
            },
        })
        {
            await command.ExecuteNonQueryAsync(cancellation);
        }
        await WriteStepsAsync(connection, inputs.RunId, steps, cancellation);
        await using (NpgsqlBinaryImporter copy = await connection.BeginBinaryImportAsync(
            "copy figure (run_id, key, value, numerator, denominator, unit, rows_count) from stdin (format binary)", cancellation))
        {
            foreach (Figure figure in report.Figures)
            {
                await copy.StartRowAsync(cancellation);
                await copy.WriteAsync(inputs.RunId, NpgsqlDbType.Text, cancellation);
                await copy.WriteAsync(figure.Key, NpgsqlDbType.Text, cancellation);
                await WriteNumberAsync(copy, figure.Value, cancellation);
                await WriteNumberAsync(copy, figure.Numerator, cancellation);
                await WriteNumberAsync(copy, figure.Denominator, cancellation);
                await copy.WriteAsync(figure.Unit, NpgsqlDbType.Text, cancellation);
                await copy.WriteAsync((long)figure.Rows, NpgsqlDbType.Bigint, cancellation);
            }
            await copy.CompleteAsync(cancellation);
        }
        await FlagStep.WriteAsync(connection, inputs.RunId, report.Cases.Select(c => (c.Fact.ComplaintId, c.Flags)), cancellation);
        await TopicLedger.WriteAsync(connection, inputs.Source, month, inputs.RunId, report.RootCauses?.Texts.Topics ?? [], cancellation);
        await (beforeCommit?.Invoke() ?? Task.CompletedTask);
        await transaction.CommitAsync(cancellation);
        return report;
    }

    /// <summary>Notes the workbooks that were published and the steps that published them.</summary>
    public static async Task PublishedAsync(
        NpgsqlConnection connection, string runId, string language, IReadOnlyList<WorkbookFile> files, IReadOnlyList<StepRecord> steps,
        CancellationToken cancellation, Func<Task>? beforeCommit = null)
    {
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellation);
        foreach (WorkbookFile file in files)
        {
            await using NpgsqlCommand command = new(
                """
                insert into workbook (run_id, kind, lang, name, sha256) values ($1, $2, $3, $4, $5)
                on conflict (run_id, kind, lang) do update set name = excluded.name, sha256 = excluded.sha256
                """, connection, transaction)
            {
                Parameters =
                {
                    new() { Value = runId }, new() { Value = file.Kind }, new() { Value = language },
                    new() { Value = file.FileName }, new() { Value = file.Sha256 },
                },
            };
            await command.ExecuteNonQueryAsync(cancellation);
        }
        await WriteStepsAsync(connection, runId, steps, cancellation);
        await (beforeCommit?.Invoke() ?? Task.CompletedTask);
        await transaction.CommitAsync(cancellation);
    }

    /// <summary>The kept report of a complete run, or null where no run had these inputs.</summary>
    public static async Task<MonthReport?> FindAsync(NpgsqlConnection connection, string runId, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = new("select document from run where run_id = $1 and state = 'complete'", connection)
        {
            Parameters = { new() { Value = runId } },
        };
        return await command.ExecuteScalarAsync(cancellation) is byte[] document
            ? ReportDocument.Read(document) with { Approval = await PublishedEditions.ApprovalAsync(connection, runId, cancellation) }
            : null;
    }


    private static async Task WriteStepsAsync(NpgsqlConnection connection, string runId, IReadOnlyList<StepRecord> steps, CancellationToken cancellation)
    {
        for (int i = 0; i < steps.Count; i++)
        {
            await using NpgsqlCommand command = new(
                """
                insert into run_step (run_id, ordinal, name, rows, seconds) values ($1, $2, $3, $4, $5)
                on conflict (run_id, ordinal) do update set name = excluded.name, rows = excluded.rows, seconds = excluded.seconds
                """, connection)
            {
                Parameters =
                {
                    new() { Value = runId }, new() { Value = i + 1 }, new() { Value = steps[i].Name },
                    new() { Value = steps[i].Rows }, new() { Value = steps[i].Seconds },
                },
            };
            await command.ExecuteNonQueryAsync(cancellation);
        }
    }

    private static Task WriteNumberAsync(NpgsqlBinaryImporter copy, decimal? value, CancellationToken cancellation) =>
        value is { } number ? copy.WriteAsync(number, NpgsqlDbType.Numeric, cancellation) : copy.WriteNullAsync(cancellation);
}
